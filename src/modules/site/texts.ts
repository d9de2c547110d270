/** Texts of the public web: every save is a version whose words never change. `publishing.ts` says which of them is read. */
import { type Actor, asActor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import type { Lang } from '../../platform/i18n.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { fits } from './markdown.ts'
import { isSlug, isTaken, type Kind, otherLang, slugOf } from './places.ts'

export interface Words {
  title: string
  summary: string
  /** Markdown. */
  body: string
}

export const longest = { title: 160, summary: 400 }

export interface Save extends Words {
  lang: Lang
  /** Number of the version that the writer began from: a newer one means that somebody else saved meanwhile. */
  base: number
  /** The writer says that the newest version of the other language says the same. */
  matches: boolean
}

export interface NewText extends Omit<Save, 'base' | 'matches'> {
  kind: Kind
  /** Empty ones are made from the title. */
  slugs: Record<Lang, string>
}

export type Menu = 'top' | 'foot' | 'none'
export const menus = ['top', 'foot', 'none'] as const satisfies Menu[]

export function requireCoordinator(actor: Actor): void {
  if (!isCoordinator(actor)) throw new Forbidden('Only coordinators edit the public web')
}

/** Characters that XML cannot hold (its 2.2) would break feeds, and PostgreSQL keeps no NUL. */
export const isWritable = (text: string): boolean =>
  text.isWellFormed() && !/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/u.test(text)

/** Field -> key of the sentence under `site.error`. */
export function faultsOf(words: Words): Record<string, string> {
  const faults: Record<string, string> = {}
  if (words.title.trim() === '') faults.title = 'title'
  else if (words.title.length > longest.title) faults.title = 'title-long'
  if (words.summary.length > longest.summary) faults.summary = 'summary-long'
  if (!fits(words.body)) faults.body = 'body-long'
  for (const field of ['title', 'summary', 'body'] as const)
    if (!isWritable(words[field])) faults[field] = 'characters'
  return faults
}

function requireWords(words: Words): void {
  const faults = faultsOf(words)
  if (Object.keys(faults).length > 0) throw new Invalid('The text cannot be saved so', faults)
}

function slugsOf(wanted: NewText): Record<Lang, string> {
  const faults: Record<string, string> = {}
  const made = { cs: '', en: '' }
  for (const lang of ['cs', 'en'] as const) {
    const slug = wanted.slugs[lang].trim() || slugOf(wanted.title)
    if (!isSlug(slug)) faults[`slug_${lang}`] = 'slug'
    else if (isTaken(wanted.kind, slug)) faults[`slug_${lang}`] = 'slug-taken'
    made[lang] = slug
  }
  if (Object.keys(faults).length > 0) throw new Invalid('The address cannot be used', faults)
  return made
}

export const note = (tx: Tx, actor: Actor, verb: string, object: string, detail: object, now: number) =>
  record(tx, { at: now, actor, verb: `site.${verb}`, object, detail, readers: [COORDINATORS] })

/**
 * A new text with its first version, a draft. `after` writes what belongs to it in the same transaction. Answers its id.
 * `Invalid` names the fields; an address that another text has is refused too.
 */
export async function create(
  db: Database,
  actor: Actor,
  wanted: NewText,
  now: number,
  after: (tx: Tx, page: number) => Promise<void> = async () => {},
): Promise<number> {
  requireCoordinator(actor)
  requireWords(wanted)
  const slugs = slugsOf(wanted)
  return asActor(db, actor, now, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `insert into site_pages (kind, slug_cs, slug_en, created_at, created_by)
       values ($1, $2, $3, to_timestamp($4 / 1000.0), $5) on conflict do nothing returning id`,
      [wanted.kind, slugs.cs, slugs.en, now, actor.person],
    )
    const id = rows[0]?.id
    if (id === undefined)
      throw new Invalid('The address is taken', { slug_cs: 'slug-taken', slug_en: 'slug-taken' })
    await insertVersion(tx, { page: id, lang: wanted.lang, no: 1, words: wanted, by: actor.person, now })
    await note(tx, actor, 'create', `text ${id}`, { kind: wanted.kind, slugs }, now)
    await after(tx, id)
    return id
  })
}

interface NewVersion {
  page: number
  lang: Lang
  no: number
  words: Words
  by: number | null
  now: number
  matches?: number | null
  restored?: number
  /** A draft without it. */
  publishAt?: number
}

export async function insertVersion(tx: Tx, version: NewVersion): Promise<number> {
  const { page, lang, no, words, by, now } = version
  const { rows } = await tx.query<{ id: number }>(
    `insert into site_versions (page_id, lang, no, title, summary, body, matches_id, restored_no, saved_at, saved_by, publish_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9 / 1000.0), $10, to_timestamp($11::float8 / 1000.0)) returning id`,
    [
      page,
      lang,
      no,
      words.title.trim(),
      words.summary.trim(),
      // Forms send line ends as browsers do; one kind of them keeps comparisons true.
      words.body.replace(/\r\n?/g, '\n'),
      version.matches ?? null,
      version.restored ?? null,
      now,
      by,
      version.publishAt ?? null,
    ],
  )
  return rows[0]?.id ?? 0
}

/** Holds the text until the end of the transaction; answers the newest version's number and id by language. */
export async function lock(tx: Tx, page: number): Promise<Record<Lang, { no: number; id: number | null }>> {
  const { rowCount } = await tx.query('select id from site_pages where id = $1 for update', [page])
  if (!rowCount) throw new NotFound('There is no such text')
  const { rows } = await tx.query<{ lang: Lang; no: number; id: number }>(
    'select distinct on (lang) lang, no, id from site_versions where page_id = $1 order by lang, no desc',
    [page],
  )
  const newest = (lang: Lang) => rows.find((row) => row.lang === lang) ?? { no: 0, id: null }
  return { cs: newest('cs'), en: newest('en') }
}

/** Saves a new version, a draft, and answers its id. `WrongState` when somebody else saved since `base`. */
export async function save(
  db: Database,
  actor: Actor,
  page: number,
  wanted: Save,
  now: number,
): Promise<number> {
  requireCoordinator(actor)
  requireWords(wanted)
  return asActor(db, actor, now, async (tx) => {
    const newest = await lock(tx, page)
    const { lang } = wanted
    const { no } = newest[lang]
    if (no !== wanted.base) throw new WrongState('Somebody else saved a newer version meanwhile')
    const matches = wanted.matches ? newest[otherLang(lang)].id : null
    const id = await insertVersion(tx, {
      page,
      lang,
      no: no + 1,
      words: wanted,
      by: actor.person,
      now,
      matches,
    })
    await note(tx, actor, 'save', `text ${page}`, { lang, no: no + 1 }, now)
    return id
  })
}

interface Found extends Words {
  page: number
  lang: Lang
  no: number
  publishAt: number | null
  /** Null while it is in force, planned or a draft. */
  until: number | null
}

export async function versionOf(tx: Tx, id: number): Promise<Found> {
  const { rows } = await tx.query<Found & Record<string, unknown>>(
    `select page_id as page, lang, no, title, summary, body, extract(epoch from publish_at)::float8 * 1000 as "publishAt",
       extract(epoch from until_at)::float8 * 1000 as until from site_versions where id = $1`,
    [id],
  )
  if (!rows[0]) throw new NotFound('There is no such version')
  return rows[0]
}

/** Takes an older version's words into a new draft; answers its id. */
export async function restore(db: Database, actor: Actor, version: number, now: number): Promise<number> {
  requireCoordinator(actor)
  return asActor(db, actor, now, async (tx) => {
    const old = await versionOf(tx, version)
    const { no } = (await lock(tx, old.page))[old.lang]
    if (old.no === no) throw new WrongState('This is the newest version already')
    const id = await insertVersion(tx, {
      page: old.page,
      lang: old.lang,
      no: no + 1,
      words: old,
      by: actor.person,
      now,
      restored: old.no,
    })
    const detail = { lang: old.lang, no: no + 1, from: old.no }
    await note(tx, actor, 'restore', `text ${old.page}`, detail, now)
    return id
  })
}

/** Where a page stands in the public menus. */
export async function place(
  db: Database,
  actor: Actor,
  page: number,
  wanted: { menu: Menu; position: number },
  now: number,
): Promise<void> {
  requireCoordinator(actor)
  await asActor(db, actor, now, async (tx) => {
    const { rowCount } = await tx.query('update site_pages set menu = $2, position = $3 where id = $1', [
      page,
      wanted.menu,
      wanted.position,
    ])
    if (!rowCount) throw new NotFound('There is no such text')
    await note(tx, actor, 'place', `text ${page}`, wanted, now)
  })
}
