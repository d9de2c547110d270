/** The demonstration's inventories: what each fictional organisation runs, brought in by a file as anywhere else, and who agreed to sums. */
import { apply } from '../modules/assets/import/apply.ts'
import { readAssets } from '../modules/assets/import/read.ts'
import { takeIn } from '../modules/assets/import/store.ts'
import { share } from '../modules/assets/sharing.ts'
import { publishSums } from '../modules/assets/sums.ts'
import type { Actor } from '../platform/access.ts'
import { readContent } from '../platform/content.ts'
import type { Context } from '../platform/context.ts'
import { csvFile } from '../platform/csv.ts'
import { asEngine } from '../platform/database.ts'
import { translator } from '../platform/i18n.ts'
import { actorOf, daysBefore } from './actors.ts'

interface DemoItem {
  kind: string
  vendor: string
  product: string
  version: string
  runsOn?: string
  pieces: number
  department: string
  zone: string
  segmented: string
  patients: boolean
  /** Kinds of organisations that have it. */
  of: string[]
  /** One of how many of them. */
  every: number
}

interface DemoInventories {
  /** Who agreed that their organisation counts in the sums of the sector. */
  agreed: string[]
  items: DemoItem[]
}

const demoInventories = (): DemoInventories => readContent('demo/inventories.json') as DemoInventories // versioned with the release

/** How long ago the files came. */
const ageDays = 40

const head = [
  'kind',
  'vendor',
  'product',
  'version',
  'os',
  'count',
  'department',
  'zone',
  'segmented',
  'patient safety',
]

/** The file of one organisation: larger ones have more of each, and not all have everything. */
function fileOf({ id, kind }: { id: number; kind: string }, items: DemoItem[]): string {
  const share = kind === 'university_hospital' ? 3 : kind === 'hospital' ? 1 : 0.3
  const own = items.filter((item, at) => item.of.includes(kind) && (id + at) % item.every === 0)
  return csvFile(
    head,
    own.map((item) => [
      ...[item.kind, item.vendor, item.product, item.version, item.runsOn ?? ''],
      Math.max(1, Math.round(item.pieces * share * (1 + (id % 5) / 10))),
      ...[item.department, item.zone, item.segmented, item.patients ? 'ano' : ''],
    ]),
  )
}

/** Fills what is empty; doing it twice changes nothing. */
export async function createInventories(context: Context, now: number): Promise<void> {
  const { db, settings } = context
  const { agreed, items } = demoInventories()
  const at = daysBefore(now, ageDays)
  const { rows } = await db.engine.query<{ id: number; name: string; kind: string }>(
    `select id, name, kind from organisations o where not exists (select 1 from asset_imports i where i.org_id = o.id) order by id`,
  )
  for (const one of rows) await bring(context, one, fileOf(one, items), at)
  const shares = await db.engine.query('select 1 from asset_shares limit 1')
  if (shares.rowCount) return
  for (const email of agreed) {
    const by = await actorOf(db, email, now)
    for (const { org } of by.engagements)
      if (org !== null) await asEngine(db, (tx) => share(tx, org, true, by, at))
  }
  await publishSums(db, settings.zone, now, true)
}

async function bring(
  context: Context,
  { id, name }: { id: number; name: string },
  text: string,
  now: number,
): Promise<void> {
  const by: Actor = {
    ...{ person: 0, name: 'demonstration', email: 'demonstration', language: 'cs' },
    engagements: [{ org: id, orgName: name, role: 'admin' }],
  }
  const bytes = Buffer.from(text)
  const { read } = await readAssets(bytes, 'inventar.csv', 'medical', translator('cs'))
  if (read === null) return
  await asEngine(context.db, async (tx) => {
    const sheet = await takeIn(tx, { org: id, bytes, fileName: 'inventar.csv', read }, by, now)
    await apply(tx, { org: id, sheet }, by, now)
  })
}
