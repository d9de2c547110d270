/** Texts as coordinators edit them: every version with its state. */
import type { Queryable } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Lang } from '../../platform/i18n.ts'
import type { Addressed, Kind } from './places.ts'
import type { Menu, Words } from './texts.ts'
import { type Translation, translationOf } from './texts-read.ts'

/** `past`: it was public and another took its place, or it was withdrawn. */
export type VersionState = 'draft' | 'planned' | 'public' | 'past'

export interface VersionLine {
  id: number
  page: number
  lang: Lang
  no: number
  title: string
  matches: number | null
  restored: number | null
  savedAt: number
  savedBy: string | null
  publishAt: number | null
  until: number | null
  state: VersionState
}

export interface Version extends VersionLine, Words {}

export interface EditedText extends Addressed {
  id: number
  menu: Menu
  position: number
  /** The newest first. */
  versions: VersionLine[]
}

interface TextRow extends Record<string, unknown> {
  id: number
  key: string | null
  kind: Kind
  cs: string
  en: string
  menu: Menu
  position: number
}

const ms = (column: string): string => `extract(epoch from ${column})::float8 * 1000`
const lineColumns = `v.id, v.page_id as page, v.lang, v.no, v.title, v.matches_id as matches, v.restored_no as restored,
  ${ms('v.saved_at')} as "savedAt", p.name as "savedBy", ${ms('v.publish_at')} as "publishAt", ${ms('v.until_at')} as until`
const fromVersions = 'from site_versions v left join people p on p.id = v.saved_by'

type LineRow = Omit<VersionLine, 'state'> & Record<string, unknown>

export function stateOf(row: Pick<VersionLine, 'publishAt' | 'until'>, now: number): VersionState {
  if (row.publishAt === null) return 'draft'
  if (row.publishAt > now) return 'planned'
  return row.until !== null && row.until <= now ? 'past' : 'public'
}

/** All texts, or one. Run as a coordinator. */
export async function editedTexts(
  tx: Queryable,
  now: number,
  only: number | null = null,
): Promise<EditedText[]> {
  const { rows } = await tx.query<TextRow>(
    `select id, key, kind, slug_cs as cs, slug_en as en, menu, position from site_pages
     where $1::int is null or id = $1 order by kind = 'page' desc, position, id desc`,
    [only],
  )
  const { rows: lines } = await tx.query<LineRow>(
    `select ${lineColumns} ${fromVersions} where $1::int is null or v.page_id = $1 order by v.page_id, v.lang, v.no desc`,
    [only],
  )
  const byPage = Map.groupBy(
    lines.map((line): VersionLine => ({ ...line, state: stateOf(line, now) })),
    (line) => line.page,
  )
  return rows.map(({ cs, en, ...row }) => ({
    ...row,
    slugs: { cs, en },
    versions: byPage.get(row.id) ?? [],
  }))
}

export async function editedText(tx: Queryable, id: number, now: number): Promise<EditedText> {
  const [text] = await editedTexts(tx, now, id)
  if (!text) throw new NotFound('There is no such text')
  return text
}

/** One version with its words. Run as a coordinator. */
export async function version(tx: Queryable, id: number, now: number): Promise<Version> {
  const { rows } = await tx.query<LineRow & Words>(
    `select ${lineColumns}, v.summary, v.body ${fromVersions} where v.id = $1`,
    [id],
  )
  const row = rows[0]
  if (!row) throw new NotFound('There is no such version')
  return { ...row, state: stateOf(row, now) }
}

export const newestOf = (text: EditedText, lang: Lang): VersionLine | undefined =>
  text.versions.find((line) => line.lang === lang)

export const publicOf = (text: EditedText, lang: Lang): VersionLine | undefined =>
  text.versions.find((line) => line.lang === lang && line.state === 'public')

/** How the newest versions of the two languages stand to each other. */
export function translationState(text: EditedText, lang: Lang): Translation {
  const compared = (of: Lang) => {
    const line = newestOf(text, of)
    return line && { version: line.id, matches: line.matches, savedAt: line.savedAt }
  }
  return translationOf({ cs: compared('cs'), en: compared('en') }, lang)
}
