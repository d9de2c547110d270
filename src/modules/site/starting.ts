/** The texts that come with the release: loaded once, when there are none yet; afterwards they belong to the coordinators. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot, readContent } from '../../platform/content.ts'
import { type Database, transaction } from '../../platform/database.ts'
import type { Lang } from '../../platform/i18n.ts'
import { insertVersion, type Menu, type Words } from './texts.ts'

export interface StartingPage {
  key: string
  slugs: Record<Lang, string>
  menu: Menu
  position: number
}

const lockNumber = 726001

export const startingPages = (): StartingPage[] => readContent('site/pages.json') as StartingPage[]

/** `content/site/<key>.<lang>.md`: the title as its heading, the summary as a quotation, then the text. */
export function startingWords(key: string, lang: Lang): Words {
  const text = readFileSync(join(projectRoot, 'content', 'site', `${key}.${lang}.md`), 'utf8')
  const [, title, summary, body] = /^# (.+)\n\n> (.+)\n\n([\s\S]+)$/.exec(text) ?? []
  if (!title || !summary || !body)
    throw new Error(`content/site/${key}.${lang}.md has no title, summary and text`)
  return { title, summary, body }
}

/** Answers how many pages were loaded: none when there is a text already. Nodes that start together take turns. */
export function loadStarting(db: Database, now: number): Promise<number> {
  return transaction(db.engine, async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(${lockNumber})`)
    const { rowCount } = await tx.query('select 1 from site_pages limit 1')
    if (rowCount) return 0
    const pages = startingPages()
    for (const page of pages) {
      const { rows } = await tx.query<{ id: number }>(
        `insert into site_pages (key, kind, slug_cs, slug_en, menu, position, first_published_at, created_at)
         values ($1, 'page', $2, $3, $4, $5, to_timestamp($6 / 1000.0), to_timestamp($6 / 1000.0)) returning id`,
        [page.key, page.slugs.cs, page.slugs.en, page.menu, page.position, now],
      )
      const first = { page: rows[0]?.id ?? 0, no: 1, by: null, now, publishAt: now }
      const words = (lang: Lang) => ({ lang, words: startingWords(page.key, lang) })
      const czech = await insertVersion(tx, { ...first, ...words('cs') })
      await insertVersion(tx, { ...first, ...words('en'), matches: czech })
    }
    return pages.length
  })
}
