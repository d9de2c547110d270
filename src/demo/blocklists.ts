/** The demonstration's blocklists, from `content/demo/blocklists.json`: some attackers, and firewalls, most of which have fetched them. */
import { advance, markListed } from '../modules/exchange/blocklists/advance.ts'
import { enter } from '../modules/exchange/blocklists/decide.ts'
import { addDevice } from '../modules/exchange/blocklists/devices.ts'
import { noteFetch } from '../modules/exchange/blocklists/fetches.ts'
import { loadNever } from '../modules/exchange/blocklists/load-never.ts'
import { makeLists } from '../modules/exchange/blocklists/make.ts'
import { listStands } from '../modules/exchange/blocklists/read-own.ts'
import { readContent } from '../platform/content.ts'
import type { Context } from '../platform/context.ts'
import { asEngine, type Database } from '../platform/database.ts'
import { hashToken } from '../platform/sessions.ts'
import { actorOf, daysBefore } from './actors.ts'

interface DemoBlocklists {
  /** Of the first organisation of who keeps it. */
  firewalls: { keeper: string; label: string; hoursAgo: number | null }[]
  items: { value: string; reason: string }[]
}

const coordinator = 'koordinator@csirt.hsoc.example'

/** Fills what holds nothing yet; doing it twice changes nothing. */
export async function createBlocklists({ db }: Context, now: number): Promise<void> {
  const demo = readContent('demo/blocklists.json') as DemoBlocklists // versioned with the release
  const { rowCount } = await db.engine.query('select 1 from blocklist_items limit 1')
  if (rowCount) return
  const by = await actorOf(db, coordinator, now)
  const at = daysBefore(now, 1)
  const never = await loadNever(db.engine, { publicLists: () => [], production: false }, at)
  await asEngine(db, async (tx) => {
    for (const item of demo.items) await enter(tx, { ...item, days: null }, by, at)
    await advance(tx, never, null, at)
  })
  for (const firewall of demo.firewalls) await connect(db, firewall, at, now)
}

/** A firewall of its keeper's organisation, which took all of its lists. */
async function connect(
  db: Database,
  { keeper, label, hoursAgo }: DemoBlocklists['firewalls'][number],
  at: number,
  now: number,
): Promise<void> {
  const by = await actorOf(db, keeper, now)
  const org = by.engagements.find((one) => one.org !== null)?.org ?? 0
  const device = await asEngine(db, (tx) => addDevice(tx, { org, label, days: 365 }, by, at))
  await makeLists(db, org, null, at)
  await asEngine(db, (tx) => markListed(tx, null))
  if (hoursAgo === null) return
  const usedAt = daysBefore(now, hoursAgo / 24)
  for (const { list, version, entries } of await listStands(db.engine, org))
    await noteFetch(db, { device: device.id, org, list, version, entries, complete: true }, usedAt)
  // As its door does: the firewall comes with its key.
  await db.app.query('select 1 from use_blocklist_key($1, $2, to_timestamp($3 / 1000.0))', [
    hashToken(device.key),
    'ip',
    usedAt,
  ])
}
