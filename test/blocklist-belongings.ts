/** What the walk tries of blocklists: a firewall that fetched, an exception, an attacker on a list that waits, a forbidden address. */
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'

export async function seedBlocklists(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
): Promise<Record<string, Record<string, string>>> {
  const at = new Date(tuesday)
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String((await db.engine.query<{ id: string }>(`${sql} returning id`, values)).rows[0]?.id)
  const value = mark === 'ours' ? '203.0.113.211' : '203.0.113.212'
  const firewall = await one(
    `insert into blocklist_devices (org_id, label, key_hash, expires_at, made_at) values ($1, $2, sha256($2::text::bytea), '2026-12-01', $3)`,
    [hospital.id, `${mark}-canary-firewall`, at],
  )
  const item = await one(
    `insert into blocklist_items (kind, value, net, state, first_at, seen_at, ends_at, hits, hit_at)
     values ('ip', $1::text, $1::inet, 'listed', $2, $2, '2026-12-01', '[{"list":"critical","what":"x","firm":false}]', $2)`,
    [value, at],
  )
  await db.engine.query(
    `insert into blocklist_sources (item_id, source, ref, observers, readers, added_at, seen_at, ends_at) values ($1, 'coordinator', 0, 1, '{2}', $2, $2, '2026-12-01')`,
    [item, at],
  )
  await db.engine.query(
    `insert into blocklist_lists (org_id, list, version, revision, entries, changed_at, refreshed_at, held, held_at) values ($1, 'ip', 1, 1, 1, $2, $2, 9, $2)`,
    [hospital.id, at],
  )
  await db.engine.query(
    `insert into blocklist_entries (org_id, list, item_id, kind, value, confidence, seen_at, ends_at, since_at, since_version)
     values ($1, 'ip', $2, 'ip', $3, 1, $4, $4, $4, 1)`,
    [hospital.id, item, value, at],
  )
  await db.engine.query(
    `insert into blocklist_fetches (device_id, org_id, list, version, entries, complete, first_at, last_at) values ($1, $2, 'ip', 1, 1, true, $3, $3)`,
    [firewall, hospital.id, at],
  )
  const exception = await one(
    `insert into blocklist_exceptions (org_id, kind, value, host, broke, reason, made_at) values ($1, 'domain', $2, $2, true, $3, $4)`,
    [hospital.id, `${mark}-canary-exception.example`, `${mark}-canary-reason`, at],
  )
  const forbidden = (word: string): Promise<string> =>
    one(`insert into blocklist_never (value, host, reason, added_at) values ($1, $1, 'x', $2)`, [
      `${mark}-canary-${word}.example`,
      at,
    ])
  // One for people to take off, and one for programs.
  const [never, entry] = [await forbidden('never'), await forbidden('forbidden')]
  return {
    blocklist_device: { firewall },
    blocklist_exception: { exception },
    blocklist_item: { item },
    blocklist_list: { list: 'ip' },
    blocklist_never: { never, entry },
  }
}
