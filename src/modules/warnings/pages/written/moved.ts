/** What somebody saw and what stands now, as differences; ids by the names that the reader may read. */
import { type Queryable, together } from '../../../../platform/database.ts'
import { exact } from '../../../../platform/dates.ts'
import type { T } from '../../../../platform/i18n.ts'
import { type Fields, type Moved, movedSince } from '../../../../platform/revision.ts'
import { regionName } from '../../../members/index.ts'
import { type Changed, paragraphsBetween } from '../../written/compare.ts'
import { text } from '../access.ts'
import type { WhatChanged } from './changed.tsx'
import { orgKind } from './words.tsx'

/** What to say of a form that came back too late; `now` is what stands there, at least all that the form showed. */
export async function whatChanged(
  tx: Queryable,
  t: T,
  { body, fields, now }: { body: unknown; fields: string[]; now: Fields },
): Promise<WhatChanged> {
  const moved = movedSince({ seen: text(body, 'seen'), saw: text(body, 'saw') }, now)
  return { fields, differences: differencesOf(t, moved, await namesIn(tx, moved)) }
}

/** Organisations, groups and named people by their ids. */
interface Names {
  orgs: Map<number, string>
  group: Map<number, string>
  named: Map<number, string>
}

/** Of those that stand in the differences; read as the actor. */
async function namesIn(tx: Queryable, moved: Moved[]): Promise<Names> {
  const idsOf = (field: keyof Names): number[] =>
    moved
      .filter((one) => one.field === field)
      .flatMap(({ before, after }) => [before, after].flat())
      .filter((id): id is number => Number.isInteger(id) && Math.abs(Number(id)) < 2 ** 31)
  const read = async (sql: string, field: keyof Names): Promise<Map<number, string>> => {
    const ids = idsOf(field)
    if (ids.length === 0) return new Map()
    const { rows } = await tx.query<{ id: number; name: string }>(sql, [ids])
    return new Map(rows.map(({ id, name }) => [id, name]))
  }
  return together({
    orgs: read('select id, name from organisations where id = any ($1)', 'orgs'),
    group: read('select id, name from groups where id = any ($1)', 'group'),
    named: read('select id, email as name from people where id = any ($1)', 'named'),
  })
}

/** In the order of the form: texts by their paragraphs, of lists what went and what came. */
const differencesOf = (t: T, moved: Moved[], names: Names): Changed[] =>
  moved.flatMap(({ field, before, after }): Changed[] => {
    const said = (value: unknown): string => wordOf(t, field, value, names)
    if (Array.isArray(before) && Array.isArray(after) && field !== 'reason') {
      const [were, are] = [before.map(said), after.map(said)]
      return [
        {
          field,
          before: were.filter((one) => !are.includes(one)).join(', '),
          after: are.filter((one) => !were.includes(one)).join(', '),
        },
      ]
    }
    if (typeof before === 'string' && typeof after === 'string' && field.startsWith('texts.'))
      return paragraphsBetween(before, after).map((one) => ({ field, ...one }))
    return [{ field, before: said(before), after: said(after) }]
  })

/** One value of a field, or one of a list of it; whatever else came in a forged form is said as it is. */
function wordOf(t: T, field: string, value: unknown, names: Names): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean')
    return field === 'substantive'
      ? t(`written.change.${value ? 'substantive' : 'editorial'}`)
      : t(value ? 'written.yes' : 'written.no')
  if ((field === 'orgs' || field === 'group' || field === 'named') && typeof value === 'number')
    return names[field].get(value) ?? String(value)
  if (field === 'validUntil' && typeof value === 'number') return exact(value, t)
  // Who asked, and why: [person, reason].
  if (field === 'reason' && Array.isArray(value)) return String(value[1])
  if (field === 'indicators' && Array.isArray(value)) return String(value[1])
  if (field === 'advisory' && typeof value === 'object' && 'seq' in value)
    return t('written.versionNo', { n: String(value.seq) })
  if (field === 'rules.kinds') return orgKind(String(value), t)
  if (field === 'rules.regions') return regionName(String(value), t.lang) ?? String(value)
  return String(value)
}
