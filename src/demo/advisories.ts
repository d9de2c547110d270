/** The demonstration's advisories, from `content/demo/advisories.json`: taken as any other, in the order in which they came. */

import { understand } from '../modules/advisories/csaf/read.ts'
import { fileSource } from '../modules/advisories/import-files.ts'
import { take } from '../modules/advisories/take.ts'
import { readContent } from '../platform/content.ts'
import type { Context } from '../platform/context.ts'
import { asEngine } from '../platform/database.ts'
import { daysBefore } from './actors.ts'

interface DemoAdvisories {
  source: string
  documents: { document: { tracking: { current_release_date: string } } }[]
}

/** The documents as they would have come, with their dates counted from `now`. */
export function demoDocuments(now: number): unknown[] {
  const { documents } = readContent('demo/advisories.json') as DemoAdvisories // versioned with the release
  return documents.map((one) => JSON.parse(JSON.stringify(one), (_key, value) => dated(value, now)))
}

function dated(value: unknown, now: number): unknown {
  const days = typeof value === 'string' ? /^@-(\d+)$/.exec(value)?.[1] : undefined
  return days === undefined ? value : new Date(daysBefore(now, Number(days))).toISOString()
}

/** Fills what holds nothing yet; doing it twice changes nothing. */
export async function createAdvisories({ db }: Context, now: number): Promise<void> {
  const { source: label } = readContent('demo/advisories.json') as DemoAdvisories // versioned with the release
  const source = await fileSource(db, label, 'CLEAR', 'csaf-file', now)
  const { rowCount } = await db.engine.query('select 1 from advisories where source_id = $1 limit 1', [
    source.id,
  ])
  if (rowCount) return
  await asEngine(db, async (tx) => {
    for (const document of demoDocuments(now)) {
      const bytes = Buffer.from(JSON.stringify(document))
      const understood = understand(document, now)
      const given = {
        ...{
          source,
          url: '',
          document: bytes,
          signature: 'none' as const,
          hashChecked: false,
          flags: [],
          by: null,
        },
      }
      await take(tx, understood, given, Date.parse(understood.content.revisedAt))
    }
  })
}
