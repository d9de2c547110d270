/** Where sealed values stand, what they are sealed under, and sealing them anew when the installation's secret has changed. */

import { COORDINATORS, OPERATORS } from '../values/scopes.ts'
import type { Actor } from './access.ts'
import { record } from './audit.ts'
import { asEngine, type Database } from './database.ts'
import { keyIdIn, keyIdOf, type Secrets, seal, unseal } from './seal.ts'

interface SealedPlace {
  table: string
  column: string
  /** The key of the row; a number unless said otherwise. */
  key: string
  keyType?: 'bytea'
  /** The value within a column of JSON. */
  within?: string
}

/** Every column that holds sealed values; test/sealed.test.ts finds those that are missing here by the columns' comments and names. */
export const sealedPlaces: readonly SealedPlace[] = [
  { table: 'totp', column: 'sealed', key: 'person_id' },
  { table: 'totp', column: 'pending_sealed', key: 'person_id' },
  { table: 'push_keys', column: 'sealed_key', key: 'id' },
  { table: 'webhooks', column: 'sealed_url', key: 'id' },
  { table: 'webhooks', column: 'sealed_secret', key: 'id' },
  { table: 'webhooks', column: 'sealed_earlier', key: 'id' },
  { table: 'sensor_authority', column: 'sealed_key', key: 'id' },
  { table: 'signing_keys', column: 'sealed_key', key: 'id' },
  { table: 'provider_sessions', column: 'id_token', key: 'token_hash', keyType: 'bytea' },
  { table: 'deliveries', column: 'detail', key: 'id', within: 'sealed' },
]

/** Hashes under the secret cannot be made anew: these rows need the earlier one until they are shown again, or replaced. */
const keyedPlaces = {
  recovery_codes: 'select key_id, count(*) as n from recovery_codes where used_at is null group by 1',
  sensors:
    'select secret_key_id as key_id, count(*) as n from sensors where secret_hash is not null and disabled_at is null group by 1',
}
type Keyed = keyof typeof keyedPlaces

export interface Survey {
  /** The names of the secrets that are configured, the present one first. */
  secrets: string[]
  places: {
    place: string
    /** How many values under which secret; null: from before secrets had names. */
    under: { key: string | null; n: number }[]
    /** How many none of the configured secrets opens, and the keys of the first ones. */
    unopened: number
    rows: string[]
  }[]
  /** Hashes by the secret under which they were made. */
  keyed: { place: Keyed; key: string | null; n: number }[]
  /** Values that open, but under an earlier secret: `rotate` has them to do. */
  left: number
  unopened: number
  /** Hashes that need an earlier secret. */
  waiting: number
}

const atOnce = 200
const mostRows = 5

interface Value {
  key: string
  value: string
}

const nameOf = ({ table, column, within }: SealedPlace): string =>
  `${table}.${column}${within ? `.${within}` : ''}`
const typeOf = ({ keyType }: SealedPlace): string => keyType ?? 'bigint'
const valueIn = ({ column, within }: SealedPlace): string => (within ? `${column}->>'${within}'` : column)

/** The next values behind `after`, in the order of their keys; with `but`, those that are not sealed under it. */
async function some(db: Database, place: SealedPlace, after: string, but: string | null): Promise<Value[]> {
  const value = valueIn(place)
  const { rows } = await db.engine.query<Value & Record<string, unknown>>(
    `select ${place.key}::text as key, ${value} as value from ${place.table}
     where ${value} is not null and ${place.key} > $1::${typeOf(place)} and ($2::text is null or not starts_with(${value}, $2 || '.'))
     order by ${place.table}.${place.key} limit ${atOnce}`,
    [after, but],
  )
  return rows
}

async function* every(db: Database, place: SealedPlace, but: string | null): AsyncGenerator<Value[]> {
  for (
    let after = place.keyType ? '\\x' : '-1', values = await some(db, place, after, but);
    values.length > 0;
  ) {
    yield values
    after = values.at(-1)?.key ?? after
    values = await some(db, place, after, but)
  }
}

/** What stands under which secret, and what cannot be opened. Changes nothing. */
export async function survey(db: Database, secrets: Secrets): Promise<Survey> {
  const present = keyIdOf(secrets.secret)
  const places: Survey['places'] = []
  let left = 0
  for (const place of sealedPlaces) {
    const under = new Map<string | null, number>()
    const closed: string[] = []
    for await (const values of every(db, place, null))
      for (const { key, value } of values) {
        const id = keyIdIn(value)
        under.set(id, (under.get(id) ?? 0) + 1)
        if (unseal(secrets, value) === null) closed.push(key)
        else if (id !== present) left++
      }
    places.push({
      place: nameOf(place),
      under: [...under].map(([key, n]) => ({ key, n })),
      unopened: closed.length,
      rows: closed.slice(0, mostRows),
    })
  }
  const keyed = await keyedUnder(db)
  return {
    secrets: [present, ...(secrets.earlierSecrets ?? []).map(keyIdOf)],
    places,
    keyed,
    left,
    unopened: places.reduce((sum, { unopened }) => sum + unopened, 0),
    waiting: keyed.filter(({ key }) => key !== present).reduce((sum, { n }) => sum + n, 0),
  }
}

async function keyedUnder(db: Database): Promise<Survey['keyed']> {
  const found: Survey['keyed'] = []
  for (const [place, sql] of Object.entries(keyedPlaces) as [Keyed, string][]) {
    const { rows } = await db.engine.query<{ key_id: string | null; n: number }>(sql)
    found.push(...rows.map(({ key_id, n }) => ({ place, key: key_id, n })))
  }
  return found
}

/**
 * Seals everything that opens anew under the present secret, in portions: a run that was cut off is taken up by the next
 * one, and a run with nothing to do changes nothing. A value that somebody changes meanwhile is left to them. Answers how many.
 */
export async function rotate(
  db: Database,
  secrets: Secrets,
  by: Actor,
  now: number,
  progress: (done: number) => void = () => {},
): Promise<number> {
  const present = keyIdOf(secrets.secret)
  let done = 0
  for (const place of sealedPlaces)
    for await (const values of every(db, place, present)) {
      done += await sealAnew(db, place, values, secrets)
      progress(done)
    }
  if (done > 0)
    await asEngine(db, (tx) =>
      record(tx, {
        at: now,
        actor: by,
        verb: 'platform.seal-anew',
        object: 'secrets',
        detail: { sealed: done, under: present },
        readers: [COORDINATORS, OPERATORS],
      }),
    )
  return done
}

/** One portion, in one transaction; only what still is as it was read. */
async function sealAnew(
  db: Database,
  place: SealedPlace,
  values: Value[],
  secrets: Secrets,
): Promise<number> {
  const fresh = values.flatMap(({ key, value }) => {
    const text = unseal(secrets, value)
    return text === null ? [] : [{ key, value, anew: seal(secrets.secret, text) }]
  })
  const { table, column, key, within } = place
  const set = within ? `jsonb_set(${column}, '{${within}}', to_jsonb(v.anew))` : 'v.anew'
  const { rowCount } = await db.engine.query(
    `update ${table} set ${column} = ${set}
     from unnest($1::text[], $2::text[], $3::text[]) as v (id, value, anew)
     where ${table}.${key} = v.id::${typeOf(place)} and ${valueIn({ ...place, column: `${table}.${column}` })} = v.value`,
    [fresh.map((one) => one.key), fresh.map((one) => one.value), fresh.map((one) => one.anew)],
  )
  return rowCount ?? 0
}
