/** Texts as the reader of the transaction may see them: visitors what is public now, coordinators every version. */
import type { Queryable } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Lang } from '../../platform/i18n.ts'
import { type Addressed, isSlug, type Kind, otherLang } from './places.ts'
import type { Menu, Words } from './texts.ts'

/** One language of a text as it is public. */
export interface Shown extends Words {
  version: number
  matches: number | null
  savedAt: number
  publishedAt: number
}

export interface PublicText extends Addressed {
  id: number
  menu: Menu
  /** Order in its menu. */
  position: number
  firstPublishedAt: number
  words: Partial<Record<Lang, Shown>>
}

/** Of a language: there, there but older than the other language's, or missing. */
export type Translation = 'own' | 'older' | 'missing'

const ms = (column: string): string => `extract(epoch from ${column})::float8 * 1000`

interface Row extends Shown, Record<string, unknown> {
  id: number
  key: string | null
  kind: Kind
  cs: string
  en: string
  menu: Menu
  position: number
  firstPublishedAt: number
  lang: Lang
}

/** Read as a visitor, the policy leaves of each text and language the version that is public now. */
const select = `select p.id, p.key, p.kind, p.slug_cs as cs, p.slug_en as en, p.menu, p.position, ${ms('p.first_published_at')} as "firstPublishedAt",
   v.lang, v.id as version, v.matches_id as matches, v.title, v.summary, v.body, ${ms('v.saved_at')} as "savedAt", ${ms('v.publish_at')} as "publishedAt"
 from site_pages p join site_versions v on v.page_id = p.id`

function textsOf(rows: Row[]): PublicText[] {
  const texts = new Map<number, PublicText>()
  for (const row of rows) {
    const { id, key, kind, menu, position, firstPublishedAt, cs, en, lang, ...shown } = row
    const text = texts.get(id) ?? {
      id,
      key,
      kind,
      menu,
      position,
      firstPublishedAt,
      slugs: { cs, en },
      words: {},
    }
    text.words[lang] = shown
    texts.set(id, text)
  }
  return [...texts.values()]
}

/** What is public at an address of this language; `NotFound` otherwise. Run as a visitor. */
export async function publicText(tx: Queryable, kind: Kind, lang: Lang, slug: string): Promise<PublicText> {
  if (!isSlug(slug)) throw new NotFound('There is no such page')
  const column = lang === 'cs' ? 'slug_cs' : 'slug_en'
  const { rows } = await tx.query<Row>(`${select} where p.kind = $1 and p.${column} = $2`, [kind, slug])
  const [text] = textsOf(rows)
  if (!text || text.key === 'home') throw new NotFound('There is no such page')
  return text
}

export async function homeText(tx: Queryable): Promise<PublicText | null> {
  const { rows } = await tx.query<Row>(`${select} where p.key = 'home'`)
  return textsOf(rows)[0] ?? null
}

/** All public pages in the order of the menus. Run as a visitor. */
export async function publicPages(tx: Queryable): Promise<PublicText[]> {
  const { rows } = await tx.query<Row>(`${select} where p.kind = 'page' order by p.position, p.id`)
  return textsOf(rows)
}

/** A place in the list of news: what comes after it is older. */
export interface Before {
  at: number
  id: number
}

/** Public news, the newest first. Run as a visitor. */
export async function publicNews(
  tx: Queryable,
  limit: number,
  before: Before | null = null,
): Promise<PublicText[]> {
  const { rows } = await tx.query<Row>(
    `${select} where p.id in (
       select id from site_pages where kind = 'news' and ($2::float8 is null or (first_published_at, id) < (to_timestamp($2::float8 / 1000.0), $3::int))
       order by first_published_at desc, id desc limit $1)
     order by p.first_published_at desc, p.id desc`,
    [limit, before?.at ?? null, before?.id ?? 0],
  )
  return textsOf(rows)
}

/** Public texts of occasions by id. Run as a visitor. */
export async function publicOccasionTexts(tx: Queryable): Promise<Map<number, PublicText>> {
  const { rows } = await tx.query<Row>(`${select} where p.kind = 'occasion'`)
  return new Map(textsOf(rows).map((text) => [text.id, text]))
}

interface Compared {
  version: number
  matches: number | null
  savedAt: number
}

/** How a language stands to the other: in step when either says that it matches the other, else the one saved later is ahead. */
export function translationOf(words: Partial<Record<Lang, Compared>>, lang: Lang): Translation {
  const own = words[lang]
  const other = words[otherLang(lang)]
  if (!own) return 'missing'
  if (!other || own.matches === other.version || other.matches === own.version) return 'own'
  return own.savedAt < other.savedAt ? 'older' : 'own'
}

/** The words for a reader of this language: the other language's where his own are missing. */
export function wordsFor(text: PublicText, lang: Lang): { lang: Lang; words: Shown; state: Translation } {
  const own = text.words[lang]
  const state = translationOf(text.words, lang)
  if (own) return { lang, words: own, state }
  const other = text.words[otherLang(lang)]
  if (!other) throw new NotFound('There is no such page')
  return { lang: otherLang(lang), words: other, state }
}
