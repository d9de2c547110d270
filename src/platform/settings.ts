/** Small values of the installation itself, by name. */
import type { Queryable } from './database.ts'

export async function read(db: Queryable, name: string): Promise<unknown> {
  const { rows } = await db.query<{ value: unknown }>('select value from settings where name = $1', [name])
  return rows[0]?.value
}

export async function write(db: Queryable, name: string, value: unknown, now: number): Promise<void> {
  await db.query(
    `insert into settings (name, value, changed_at) values ($1, $2::jsonb, to_timestamp($3 / 1000.0))
     on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at`,
    [name, JSON.stringify(value), now],
  )
}

/** Keeps the greater of the stored number and `value`. */
export async function raise(db: Queryable, name: string, value: number, now: number): Promise<void> {
  const before = await read(db, name)
  if (typeof before !== 'number' || before < value) await write(db, name, value, now)
}
