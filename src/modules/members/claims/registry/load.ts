/** A registry file takes the place of the one before, whole or not at all. */
import { createHash } from 'node:crypto'
import type { Actor } from '../../../../platform/access.ts'
import { record } from '../../../../platform/audit.ts'
import type { Tx } from '../../../../platform/database.ts'
import { Invalid } from '../../../../platform/errors.ts'
import { bounds } from '../../../../values/inet.ts'
import { COORDINATORS } from '../../../../values/scopes.ts'
import { at, inTurn } from '../claim.ts'
import type { RegistryRow } from './read.ts'

const atOnce = 5_000

export interface Loaded {
  ranges: number
  contacts: number
  numbers: number
}

/** Loads rows read from `bytes`. Throws `Invalid` when there is none: an empty file would take every way of proof away. */
export async function loadRegistry(
  tx: Tx,
  file: { name: string; bytes: Uint8Array; rows: readonly RegistryRow[] },
  by: Actor,
  now: number,
): Promise<Loaded> {
  if (file.rows.length === 0) throw new Invalid('The registry file holds no range.')
  await inTurn(tx)
  await tx.query('delete from registry_loads')
  const { rows } = await tx.query<{ id: number }>(
    'insert into registry_loads (file_name, sha256, rows, loaded_at) values ($1, $2, $3, $4) returning id',
    [
      file.name.slice(0, 200),
      createHash('sha256').update(file.bytes).digest('hex'),
      file.rows.length,
      at(now),
    ],
  )
  for (let first = 0; first < file.rows.length; first += atOnce)
    await insert(tx, rows[0]?.id as number, file.rows.slice(first, first + atOnce))
  const loaded = {
    ranges: file.rows.length,
    contacts: file.rows.filter(({ contact }) => contact !== null).length,
    numbers: new Set(file.rows.flatMap(({ asn }) => asn ?? [])).size,
  }
  await record(tx, {
    at: now,
    actor: by,
    verb: 'members.load-registry',
    object: 'registry',
    detail: { file: file.name, ...loaded },
    readers: [COORDINATORS],
  })
  return loaded
}

const insert = (tx: Tx, load: number, rows: readonly RegistryRow[]): Promise<unknown> =>
  tx.query(
    `insert into registry_entries (load_id, line, net_from, net_to, text, holder, contact, asn)
     select $1, * from unnest($2::int[], $3::inet[], $4::inet[], $5::text[], $6::text[], $7::text[], $8::bigint[])`,
    [
      load,
      rows.map(({ line }) => line),
      rows.map(({ net }) => bounds(net)[0]),
      rows.map(({ net }) => bounds(net)[1]),
      rows.map(({ net }) => net.text),
      rows.map(({ holder }) => holder),
      rows.map(({ contact }) => contact),
      rows.map(({ asn }) => asn),
    ],
  )
