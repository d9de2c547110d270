/** The sensors as the terminal shows and names them, and their deeds with the line in the trail. */
import { asActor } from '../platform/access.ts'
import { record } from '../platform/audit.ts'
import { asEngine, type Tx } from '../platform/database.ts'
import { NotFound } from '../platform/errors.ts'
import { COORDINATORS } from '../values/scopes.ts'
import type { Call } from './command.ts'
import { nearestWord } from './nearest.ts'
import type { Installation } from './terminal.ts'

export interface SensorLine {
  id: number
  name: string
  member: string | null
  rights: string[]
  scope: string
  secret: boolean
  cert_cn: string | null
  hostname: string | null
  inside: string[]
  zone: string
  verdict: string
  lenient: boolean
  inline: boolean
  batch: boolean
  disabled: boolean
  last_seen_at: Date | null
  newest_event_at: Date | null
}

export async function lines(open: Installation, now: number): Promise<SensorLine[]> {
  return asActor(open.db, open.operator, now, async (tx) => {
    const { rows } = await tx.query<SensorLine>(
      `select s.id, s.name, o.name as member, array_remove(array[case when can_write then 'write' end, case when can_read then 'read' end,
         case when can_test then 'test' end, case when can_exercise then 'exercise' end], null) as rights, scope,
         secret_hash is not null as secret, cert_cn, hostname,
         array(select n.text from sensor_networks n where n.sensor_id = s.id order by n.text) as inside, zone,
         (array['unknown', 'dropped', 'passed', 'partial'])[(default_verdict & 3) + 1] as verdict, lenient, inline, batch,
         disabled_at is not null as disabled, last_seen_at, newest_event_at
       from sensors s left join organisations o on o.id = s.org_id
       order by s.name`,
    )
    return rows
  })
}

/** The sensor of that name; names in the sentence what was probably meant. */
export async function knownSensor(open: Installation, name: string, call: Call): Promise<SensorLine> {
  const all = await lines(open, call.terminal.now())
  const found = all.find((one) => one.name === name.toLowerCase())
  if (found) return found
  const near = nearestWord(
    name,
    all.map((one) => one.name),
  )
  throw new NotFound(
    call.t('cli.no_sensor', { name }) + (near ? ` ${call.t('cli.did_you_mean', { near })}` : ''),
  )
}

/** The deed and its line in the trail, in one transaction. */
export const asDeed = <R>(
  open: Installation,
  now: number,
  verb: string,
  name: string,
  work: (tx: Tx) => Promise<R>,
  detail: object = {},
): Promise<R> =>
  asEngine(open.db, async (tx) => {
    const done = await work(tx)
    await record(tx, {
      at: now,
      actor: open.operator,
      verb: `events.${verb}`,
      object: `sensor ${name}`,
      detail,
      readers: [COORDINATORS],
    })
    return done
  })
