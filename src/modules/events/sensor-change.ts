/** Changes a sensor's record; the doors and the next reading go by the new one, what is stored stays as it was understood. */
import type { Queryable, Tx } from '../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { parseNet } from '../../values/address.ts'
import { bounds } from '../../values/inet.ts'
import type { VerdictCode } from './event.ts'
import { checkRights, orgByName, type Sensor } from './sensors.ts'

/** What is left out stays as it is; null and an empty list take away. */
export interface SensorChange {
  rights?: string[]
  member?: string | null
  certCn?: string | null
  scope?: Sensor['scope']
  /** All ranges behind the sensor, in place of those before. */
  inside?: string[]
  hostname?: string | null
  zone?: string
  defaultVerdict?: VerdictCode
  lenient?: boolean
  inline?: boolean
  batch?: boolean
  exercise?: boolean
}

/**
 * Whether anything that came from the sensor was counted. From then on its member stays, who reads the received bytes,
 * and its zone, by which events without an id of their own are known.
 */
export async function hasSent(db: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from sensors s where name = lower($1)
       and (exists (select 1 from loss l where l.sensor_id = s.id and l.received > 0) or exists (select 1 from requests r where r.sensor_id = s.id and r.received > 0))`,
    [name],
  )
  return rowCount === 1
}

/**
 * `NotFound` for a sensor that is not there or disabled, and for an unknown member; `WrongState` for a certificate's name
 * that another sensor has, and for member or zone once it has sent; `Invalid` for what `add` refuses.
 */
export async function change(tx: Tx, name: string, wanted: SensorChange): Promise<void> {
  if (wanted.rights) checkRights(wanted.rights)
  if ((wanted.member !== undefined || wanted.zone !== undefined) && (await hasSent(tx, name)))
    throw new WrongState(`The sensor "${name}" has sent already: its member and zone stay.`)
  const { id, org } = await write(tx, name, wanted)
  if (wanted.inside || wanted.member !== undefined) await replaceInside(tx, id, org, wanted.inside)
  await tx.query(`select announce('sensors', $1)`, [String(id)])
}

/** Null means "stays": what is taken away goes in as an empty text. */
async function write(
  tx: Tx,
  name: string,
  { rights, member, certCn, hostname, ...rest }: SensorChange,
): Promise<{ id: number; org: number | null }> {
  const org = member ? await orgByName(tx, member) : member
  try {
    const { rows } = await tx.query<{ id: number; org: number | null }>(
      `update sensors set can_read = coalesce($2, can_read), can_write = coalesce($3, can_write), can_test = coalesce($4, can_test),
         org_id = nullif(coalesce($5, org_id::text), '')::int, cert_cn = nullif(coalesce($6, cert_cn), ''),
         hostname = nullif(coalesce($7, hostname), ''), scope = coalesce($8, scope), zone = coalesce($9, zone),
         default_verdict = coalesce($10, default_verdict), lenient = coalesce($11, lenient), inline = coalesce($12, inline),
         batch = coalesce($13, batch), can_exercise = coalesce($14, can_exercise)
       where name = lower($1) and disabled_at is null returning id, org_id as org`,
      [
        name,
        ...(['read', 'write', 'test'] as const).map((right) => rights?.includes(right) ?? null),
        asText(org),
        asText(certCn?.toLowerCase() ?? certCn),
        asText(hostname),
        rest.scope ?? null,
        rest.zone ?? null,
        rest.defaultVerdict ?? null,
        rest.lenient ?? null,
        rest.inline ?? null,
        rest.batch ?? null,
        rest.exercise ?? null,
      ],
    )
    if (!rows[0]) throw new NotFound(`There is no enabled sensor named "${name}".`)
    return rows[0]
  } catch (error) {
    if ((error as { code?: string }).code === '23505')
      throw new WrongState(`A sensor with the certificate name "${certCn}" exists already.`)
    throw error
  }
}

const asText = (value: string | number | null | undefined): string | null =>
  value === undefined ? null : String(value ?? '')

/** The ranges belong to the sensor's member; without `given` those that are there go over to it. */
async function replaceInside(tx: Tx, id: number, org: number | null, given?: string[]): Promise<void> {
  const { rows } = await tx.query<{ text: string }>(
    'delete from sensor_networks where sensor_id = $1 returning text',
    [id],
  )
  for (const text of new Set(given ?? rows.map((row) => row.text))) {
    const net = parseNet(text)
    if (!net) throw new Invalid(`"${text}" is no address range.`)
    if (org === null) throw new Invalid('Inside networks need a member: say --member NAME too.')
    await tx.query(
      `insert into sensor_networks (sensor_id, org_id, net_from, net_to, text) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      [id, org, ...bounds(net), net.text],
    )
  }
}
