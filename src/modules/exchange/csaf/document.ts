/** A CSAF 2.0 document of a written warning. Pure: the same warning, products and address give the same document. */
import { type T, translator } from '../../../platform/i18n.ts'
import type { KnownProduct } from '../../advisories/index.ts'
import { severityName, type Text } from '../../warnings/index.ts'
import { goneText } from '../gone.ts'
import { goneMark, type Released } from '../released.ts'
import { distributionOf } from './labels.ts'
import { documentPath, doors } from './places.ts'
import { cvesIn, treeOf, type Vulnerable } from './products.ts'

export interface Making {
  baseUrl: string
  /** Where people reach the coordinators. */
  contacts: readonly string[]
}

const iso = (at: number): string => new Date(at).toISOString()

/** The document for whoever may fetch `one`; of what was taken back it says no more than that. */
export function documentOf(one: Released, known: readonly KnownProduct[], making: Making): object {
  const t = translator('cs')
  const tree = treeOf(one.standing === 'out' ? known : [])
  const isAbout = tree.vulnerable.length > 0
  return {
    document: {
      category: isAbout ? 'csaf_security_advisory' : 'csaf_informational_advisory',
      csaf_version: '2.0',
      aggregate_severity: { text: t(`ui.severity.${severityName(one.severity)}`) },
      distribution: distributed(one),
      lang: 'cs',
      notes: one.texts ? notesOf(one, one.texts.cs, t) : goneNotes(one, t),
      publisher: publisherOf(making),
      references: referencesOf(one, making, t),
      title: one.standing === 'out' ? one.title.cs : `${goneMark} ${one.title.cs}`,
      tracking: trackingOf(one, t),
    },
    ...(isAbout
      ? {
          product_tree: {
            full_product_names: tree.products.map(({ id, name, cpe }) => ({
              name,
              product_id: id,
              ...(cpe ? { product_identification_helper: { cpe } } : {}),
            })),
          },
          vulnerabilities: tree.vulnerable.map((each) => vulnerabilityOf(each, one, t)),
        }
      : {}),
  }
}

/** Who publishes, alike in the documents and in provider-metadata.json. */
export const publisherOf = ({ baseUrl, contacts }: Making) => ({
  category: 'coordinator',
  name: 'hSOC',
  namespace: new URL(baseUrl).origin,
  ...(contacts.length > 0 ? { contact_details: contacts.join(', ') } : {}),
})

function distributed(one: Released): object {
  const { label, text } = distributionOf(one)
  return { ...(text ? { text } : {}), tlp: { label, url: 'https://www.first.org/tlp/' } }
}

/** Categories of notes that an informational advisory may begin with (CSAF 2.0, 4.3 and test 6.1.27.1). */
const parts = { happened: 'summary', concerns: 'details', todo: 'general' } as const

function notesOf(one: Released, cs: Text, t: T): object[] {
  const english = translator('en')
  const of = (text: Text, words: T, mark: string): object[] =>
    (['happened', 'concerns', 'todo'] as const)
      .filter((part) => text[part].trim() !== '')
      .map((part) => ({
        category: parts[part],
        title: `${words(`written.part.${part}`)}${mark}`,
        text: text[part],
      }))
  return [
    ...of(cs, t, ''),
    ...(one.actionBy
      ? [{ category: 'general', title: t('feeds.deadline'), text: t('feeds.actBy', { day: one.actionBy }) }]
      : []),
    ...(one.texts && one.translation !== 'missing'
      ? of(
          one.texts.en,
          english,
          ` (English${one.translation === 'outdated' ? `, ${english('feeds.earlier')}` : ''})`,
        )
      : []),
    ...(one.refs ? [{ category: 'other', title: t('written.refs'), text: one.refs }] : []),
  ]
}

const goneNotes = (one: Released, t: T): object[] => [
  { category: 'summary', title: t('written.mail.mark'), text: goneText(one, t) },
]

const mostLinks = 30
const longestLink = 1_000

function referencesOf(one: Released, { baseUrl }: Making, t: T): object[] {
  const door = one.isPublic ? doors.open : doors.protected
  const links = (one.refs ?? '').match(/https?:\/\/[^\s<>"'\\^`{|}]+/g) ?? []
  const external = (summary: string, url: string) => ({ category: 'external', summary, url })
  return [
    { category: 'self', summary: t('feeds.self'), url: `${baseUrl}${door.base}/${documentPath(one)}` },
    one.standing === 'out'
      ? external(t('feeds.page'), `${baseUrl}/warnings/written/${one.warning}`)
      : external(t('feeds.about'), `${baseUrl}/feeds`),
    ...[...new Set(links.map((link) => link.replace(/[.,;:)\]]+$/, '')))]
      .filter((link) => URL.canParse(link) && link.length <= longestLink && !/%(?![0-9a-f]{2})/i.test(link))
      .slice(0, mostLinks)
      .map((link) => external(t('written.refs'), new URL(link).href)),
    ...cvesIn(one).map((cve) => external(cve, `https://www.cve.org/CVERecord?id=${cve}`)),
  ]
}

function trackingOf(one: Released, t: T): object {
  const summaryOf = ({ kind, note, step }: Released['history'][number]): string => {
    if (kind === 'withdrawn') return t('feeds.step.withdrawn')
    if (kind === 'revoked') return t('feeds.step.revoked', { reason: one.reason ?? '–' })
    return step === 1 ? t('feeds.step.first') : note.trim() || t('feeds.step.next')
  }
  return {
    current_release_date: iso(one.at),
    generator: { engine: { name: 'hSOC' } },
    id: one.number,
    initial_release_date: iso(one.firstAt),
    revision_history: one.history.map((each) => ({
      date: iso(each.at),
      number: String(each.step),
      summary: summaryOf(each),
    })),
    status: 'final',
    version: String(one.step),
  }
}

function vulnerabilityOf({ cve, from, status }: Vulnerable, one: Released, t: T): object {
  const affected = status.get('known_affected')
  return {
    cve,
    notes: [{ category: 'general', text: t('feeds.statusBy', { advisories: from.join('; ') }) }],
    product_status: Object.fromEntries(status),
    references: [{ category: 'external', summary: cve, url: `https://www.cve.org/CVERecord?id=${cve}` }],
    ...(affected && one.texts
      ? { remediations: [{ category: 'mitigation', details: one.texts.cs.todo, product_ids: affected }] }
      : {}),
  }
}
