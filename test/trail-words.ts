/** Every key that any test of the run has written into the trail with a verb of the program has its words in both languages. */
import { type Detailed, wordless } from '../src/modules/trail/pages/detail.ts'
import type { Database } from '../src/platform/database.ts'
import { langs, readCatalogue } from '../src/platform/i18n.ts'

/** Lines that tests write by hand to look at the trail itself are about nothing that the program does. */
const handmade = /^(secret|n|x|canary|padding)$/

/** What has no words, as `verb: key`; asked when a test's database goes, so that the whole run is looked at. */
export async function wordlessLines(db: Database): Promise<string[]> {
  const { rows } = await db.engine.query<Detailed & Record<string, unknown>>(
    `select verb, object, detail from audit where jsonb_typeof(detail) = 'object' order by id desc limit 3000`,
  )
  const missing = new Set<string>()
  for (const lang of langs) {
    const words = readCatalogue(lang)
    for (const line of rows) {
      // A verb that no code writes is a test's own; those that code writes are held to their words by the trail's tests.
      if (!(`trail.verb.${line.verb}` in words)) continue
      for (const key of wordless(line, words, lang))
        if (!handmade.test(key)) missing.add(`${line.verb}: ${key} (detail.key)`)
    }
  }
  return [...missing].sort()
}
