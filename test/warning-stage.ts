/** A small sector with a sensor, whose events go through the intake and condensing to warnings, at a clock that tests move. */
import { condenseAll } from '../src/modules/events/condense.ts'
import type { Idea } from '../src/modules/events/event.ts'
import { type Intake, openIntake } from '../src/modules/events/intake.ts'
import { add, enabled, type Sensor } from '../src/modules/events/sensors.ts'
import { loadRegister } from '../src/modules/members/index.ts'
import { type Proposed, propose } from '../src/modules/warnings/propose.ts'
import {
  addExercise,
  addHospital,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'

export interface Happening {
  at?: number
  source: string
  target?: string
  category?: string
  verdict?: 'dropped' | 'passed' | 'unknown'
  port?: number
  detector?: string
  exercise?: string
  more?: object
}

export interface Stage {
  db: TestDatabase
  hospitals: Hospital[]
  sensor: Sensor
  /** Stores, condenses and proposes at `now` (the last happening's time when left out). */
  happen(events: Happening[], now?: number): Promise<Proposed>
  /** Condenses (closing what is over) and proposes. */
  wait(now: number): Promise<Proposed>
}

let serial = 0

function idea({
  at = tuesday,
  source,
  target,
  category = 'Attempt.Login',
  verdict = 'dropped',
  port = 22,
  detector = 'cz.hsoc.wall',
  exercise,
  more,
}: Happening): Idea {
  const own = {
    ...(verdict === 'unknown' ? {} : { Verdict: verdict }),
    ...(exercise ? { Exercise: exercise } : {}),
  }
  return {
    Format: 'IDEA0',
    ID: `event-${++serial}`,
    DetectTime: new Date(at).toISOString(),
    Category: [category],
    Source: [{ IP4: [source] }],
    ...(target ? { Target: [{ IP4: [target], Port: [port], Proto: ['tcp'] }] } : {}),
    Node: [{ Name: detector, Type: ['Flow'] }],
    _HSOC: own,
    ...more,
  }
}

async function store(intake: Intake, sensor: Sensor, events: Happening[], receivedMs: number): Promise<void> {
  const ideas = events.map(idea)
  const parts = ideas.map((one) => Buffer.from(JSON.stringify(one)))
  let off = 0
  const items = ideas.map((one, i) => {
    const len = parts[i]?.length ?? 0
    off += len
    return { idea: one, off: off - len, len }
  })
  await intake.store({
    sensor,
    format: 'idea',
    receivedMs,
    bytes: Buffer.concat(parts),
    items,
    account: { refused: 0, reasons: {} },
  })
}

/** Hospital n (from 0) owns 192.0.2.(16 n)/28 and a written address of each is `hostOf(n)`. */
export const hostOf = (n: number, k = 1): string => `192.0.2.${16 * n + k}`

export async function openStage(count = 6): Promise<Stage> {
  const db = await createDatabase()
  const hospitals: Hospital[] = []
  for (let n = 0; n < count; n++)
    hospitals.push(await addHospital(db, `Nemocnice Zkušební ${n + 1}`, [`192.0.2.${16 * n}/28`]))
  await add(
    db.engine,
    { name: 'cz.hsoc.wall', member: null, rights: ['write'], secret: true, certCn: null, exercise: true },
    'k',
    tuesday,
  )
  await addExercise(db, 'podzim')
  const sensor = (await enabled(db.engine))[0] as Sensor
  let register = await loadRegister(db.engine)
  const intake = openIntake(db, () => register)
  const wait = async (now: number): Promise<Proposed> => {
    await condenseAll(db, 'Europe/Prague', now)
    return propose(db, now)
  }
  return {
    db,
    hospitals,
    sensor,
    wait,
    happen: async (events, now = Math.max(...events.map((e) => e.at ?? tuesday))) => {
      register = await loadRegister(db.engine)
      await store(intake, sensor, events, now)
      return wait(now)
    },
  }
}
