/** Webhooks at whose other end nobody is: switched off, and those who keep them told once. */
import { record } from '../../../platform/audit.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { keepers } from './webhooks.ts'

/** Tries in a row, over at least this time: a chat that is being repaired is no dead end. */
export const mostFailures = 20
export const leastMs = 6 * 3_600_000

export async function worked({ db }: Context, id: number): Promise<void> {
  await db.engine.query(
    'update webhooks set failures = 0, failing_since = null where id = $1 and failures > 0',
    [id],
  )
}

/** `said` begins with the status that came back, where one did: 410 means that there is no more to try. */
export async function failed({ db }: Context, id: number, said: string, now: number): Promise<void> {
  await asEngine(db, async (tx) => {
    const gone = said.startsWith('410')
    const { rows } = await tx.query<Off & Record<string, unknown>>(
      `update webhooks w set failures = w.failures + 1, failing_since = coalesce(w.failing_since, to_timestamp($2 / 1000.0)),
         disabled_at = case when $3 or (w.failures + 1 >= $4 and w.failing_since <= to_timestamp($5 / 1000.0)) then to_timestamp($2 / 1000.0) end,
         disabled_why = case when $3 then 'gone' when w.failures + 1 >= $4 and w.failing_since <= to_timestamp($5 / 1000.0) then 'failing' end
       from organisations o where w.id = $1 and o.id = w.org_id and w.disabled_at is null
       returning w.id, w.org_id as org, o.name as organisation, w.name, w.host, w.disabled_why as why`,
      [id, now, gone, mostFailures, now - leastMs],
    )
    if (rows[0]?.why) await tellKeepers(tx, rows[0], said, now)
  })
}

interface Off {
  id: number
  org: number
  organisation: string
  name: string
  host: string
  why: 'gone' | 'failing' | null
}

async function tellKeepers(tx: Tx, off: Off, said: string, now: number): Promise<void> {
  const { id, org, organisation, name, host, why } = off
  await tx.query(
    `insert into deliveries (kind, topic, person_id, org_id, address, detail, decided_at, due_at, readers)
     select distinct 'account', $1, p.id, $2::int, p.email, $3::jsonb, to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0), array[2, -p.id]
     from people p join engagements e on e.person_id = p.id and e.org_id = $2 and e.role = any ($5)
       and e.valid_from <= to_timestamp($4 / 1000.0) and e.valid_to > to_timestamp($4 / 1000.0)
     where p.disabled_at is null on conflict (topic, address) do nothing`,
    [
      `webhook ${id} off ${now}`,
      org,
      {
        as: 'member',
        template: 'webhook-off',
        webhook: id,
        org,
        organisation,
        name,
        host,
        why,
        said: said.slice(0, 200),
      },
      now,
      [...keepers],
    ],
  )
  await record(tx, {
    at: now,
    actor: null,
    verb: 'channels.switch-webhook-off',
    object: `webhook ${id}`,
    org,
    detail: { why, said: said.slice(0, 200) },
    readers: [COORDINATORS, readersOfOrg(org)],
  })
}
