/** What an author may choose from: what stands in the texts of a draft, what was pasted, and what is kept already. */
import type { Queryable } from '../../../../platform/database.ts'
import { WrongState } from '../../../../platform/errors.ts'
import { getWritten, versionOf } from '../read.ts'
import { parts, type Version } from '../types.ts'
import { type Finding, type Found, findIn, keyOf } from './find.ts'
import { indicatorsOf, type Kept } from './keep.ts'

/** The draft, and what is kept of it. Throws WrongState. */
export async function draftIn(tx: Queryable, id: number) {
  const warning = await getWritten(tx, id)
  const version = await versionOf(tx, id, 'working')
  if (version?.state !== 'draft') throw new WrongState('Indicators are chosen in a draft alone')
  return { warning, version, kept: await indicatorsOf(tx, id, version.no) }
}

/** Of the texts of a version, and of what was pasted; those taken already stay, also when the text has lost them. */
export function allOf(version: Version, pasted: string, taken: Pick<Kept, 'kind' | 'value'>[]): Finding {
  const finding = findIn([...textsOf(version), { where: 'pasted', text: pasted }])
  const known = new Map(finding.found.map((one) => [keyOf(one), one]))
  for (const { kind, value } of taken) {
    const one: Found = { kind, value, places: [], fault: null }
    if (!known.has(keyOf(one))) known.set(keyOf(one), one)
  }
  return { ...finding, found: [...known.values()] }
}

/** What an author has written, by the names of the fields. */
export const textsOf = (version: Pick<Version, 'texts' | 'refs'>): { where: string; text: string }[] => [
  ...(['cs', 'en'] as const).flatMap((lang) =>
    parts.map((part) => ({ where: `${lang}.${part}`, text: version.texts[lang][part] })),
  ),
  { where: 'refs', text: version.refs },
]
