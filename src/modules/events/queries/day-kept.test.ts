import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
} from '../../../../test/harness.ts'
import { requestOf, zone } from '../../../../test/sector.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { loadRegister } from '../../members/index.ts'
import { condenseAll } from '../condense.ts'
import type { Idea } from '../event.ts'
import { type Intake, openIntake } from '../intake.ts'
import { add, enabled, type Sensor } from '../sensors.ts'
import { keepDays } from './day-kept.ts'

const now = Date.parse('2026-03-04T09:00:00Z')
const day = '2026-03-03'

describe('figures of a day that is over', () => {
  let db: TestDatabase
  let [one, other]: Hospital[] = []
  let sensor: Sensor
  let intake: Intake
  const figuresOf = keepDays()
  const ask = (actor: Actor, org: Hospital, at = now, wanted = day) =>
    asActor(db, actor, at, (tx) => figuresOf(tx, { day: wanted, zone, org: [org.id], now: at }, actor))
  const come = async (id: string, target: string): Promise<void> => {
    const event = {
      Format: 'IDEA0',
      ID: id,
      DetectTime: `${day}T10:00:00Z`,
      Category: ['Attempt.Login'],
      Source: [{ IP4: ['198.51.100.7'] }],
      Target: [{ IP4: [target] }],
      Node: [{ Name: 'cz.example.wall' }],
    } as Idea
    await intake.store(requestOf(sensor, [event], now))
    await condenseAll(db, zone, now)
  }
  beforeAll(async () => {
    db = await createDatabase()
    one = await addHospital(db, 'Nemocnice Jedna', ['192.0.2.0/25'])
    other = await addHospital(db, 'Nemocnice Druhá', ['192.0.2.128/25'])
    const made = { member: null, rights: ['write'], secret: true, certCn: null }
    await add(db.engine, { name: 'cz.example.wall', ...made }, 'k', now)
    sensor = (await enabled(db.engine))[0] as Sensor
    const register = await loadRegister(db.engine)
    intake = openIntake(db, () => register)
    await come('first', '192.0.2.10')
  })
  afterAll(() => db?.drop())

  it('are counted once for readers of the same rights, and anew when an event comes late or a minute has passed', async () => {
    const admin = await addPerson(db, 'Jana', [['admin', one as Hospital]])
    const duty = await addPerson(db, 'Petr', [['duty', one as Hospital]])
    const figures = await ask(admin, one as Hospital)
    expect(figures.events).toBe(1)
    expect(await ask(duty, one as Hospital)).toBe(figures)
    await come('second', '192.0.2.11')
    const later = await ask(duty, one as Hospital)
    expect(later.events).toBe(2)
    expect(await ask(admin, one as Hospital, now + 61_000)).not.toBe(later)
  })

  it('never reach a reader of other rights', async () => {
    const foreign = await addPerson(db, 'Cyril', [['admin', other as Hospital]])
    expect((await ask(foreign, one as Hospital)).events).toBe(0)
    expect((await ask(foreign, other as Hospital)).events).toBe(0)
  })

  it('are counted anew each time while the day runs', async () => {
    const admin = await addPerson(db, 'Eva', [['admin', one as Hospital]])
    const early = Date.parse(`${day}T12:00:00Z`)
    expect(await ask(admin, one as Hospital, early)).not.toBe(await ask(admin, one as Hospital, early))
  })
})
