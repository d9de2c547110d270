/** The demonstration's blocklists, from `content/demo/blocklists.json`: some attackers, and one firewall that has fetched them. */
import { advance, markListed } from '../modules/exchange/blocklists/advance.ts'
import { enter } from '../modules/exchange/blocklists/decide.ts'
import { addDevice } from '../modules/exchange/blocklists/devices.ts'
import { noteFetch } from '../modules/exchange/blocklists/fetches.ts'
import { makeLists } from '../modules/exchange/blocklists/make.ts'
import { loadNever } from '../modules/exchange/blocklists/never.ts'
import { listStands } from '../modules/exchange/blocklists/read-own.ts'
import { readContent } from '../platform/content.ts'
import type { Context } from '../platform/context.ts'
import { asEngine } from '../platform/database.ts'
import { actorOf, daysBefore } from './actors.ts'

interface DemoBlocklists {
  keeper: string
  organisation: string
  firewall: string
  items: { value: string; reason: string }[]
}

const coordinator = 'koordinator@csirt.hsoc.example'

/** Fills what holds nothing yet; doing it twice changes nothing. */
export async function createBlocklists({ db }: Context, now: number): Promise<void> {
  const demo = readContent('demo/blocklists.json') as DemoBlocklists // versioned with the release
  const { rowCount } = await db.engine.query('select 1 from blocklist_items limit 1')
  if (rowCount) return
  const [by, keeper] = [await actorOf(db, coordinator, now), await actorOf(db, demo.keeper, now)]
  const org = keeper.engagements.find((one) => one.orgName === demo.organisation)?.org
  if (!org) return
  const at = daysBefore(now, 1)
  const never = await loadNever(db.engine, { publicLists: () => [], production: false }, at)
  const device = await asEngine(db, async (tx) => {
    for (const item of demo.items) await enter(tx, { ...item, days: null }, by, at)
    await advance(tx, never, null, at)
    return addDevice(tx, { org, label: demo.firewall, days: 365 }, keeper, at)
  })
  await makeLists(db, org, null, at)
  await asEngine(db, (tx) => markListed(tx, null))
  for (const { list, version, entries } of await listStands(db.engine, org))
    await noteFetch(
      db,
      { device: device.id, org, list, version, entries, complete: true },
      daysBefore(now, 0.5),
    )
}
