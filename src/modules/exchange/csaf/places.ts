/** Where everything of the provider lies. The open path and the one behind keys are laid out alike. */
import { type CsafLabel, csafLabels } from './labels.ts'

export const metadataPath = '/.well-known/csaf/provider-metadata.json'
export const keyFolder = '/csaf/openpgp'

/** The open one holds WHITE alone, the protected one the rest. */
export const doors = {
  open: { base: '/csaf/white', labels: ['WHITE'] },
  protected: { base: '/csaf/protected', labels: ['GREEN', 'AMBER'] },
} as const satisfies Record<string, { base: string; labels: CsafLabel[] }>
export type Door = (typeof doors)[keyof typeof doors]

/** CSAF 2.0, 5.1: small letters, runs of anything else than `+`, `-`, letters and digits become one `_`. */
export const fileName = (trackingId: string): string =>
  `${trackingId.toLowerCase().replace(/[^+\-a-z0-9]+/g, '_')}.json`

/** The folder is the year of the first release and stays (7.1.11); UTC, as the dates in the documents. */
export const yearOf = (firstAt: number): string => String(new Date(firstAt).getUTCFullYear())

export const documentPath = (one: { number: string; firstAt: number }): string =>
  `${yearOf(one.firstAt)}/${fileName(one.number)}`

export const feedName = (label: CsafLabel): string => `csaf-feed-tlp-${label.toLowerCase()}.json`

/** What lies beside a document. */
export const proofs = ['.sha256', '.sha512', '.asc'] as const
export type Proof = (typeof proofs)[number]

export type Place =
  | { kind: 'folder'; year: string | null }
  | { kind: 'list'; name: 'index.txt' | 'changes.csv' | 'service.json' | 'category.json' }
  | { kind: 'feed'; label: CsafLabel }
  | { kind: 'document'; path: string; proof: Proof | null }

const lists = ['index.txt', 'changes.csv', 'service.json', 'category.json'] as const
const longest = 120

/** What a path below a door names; null for nothing of ours. */
export function placeOf(path: string): Place | null {
  if (path.length > longest) return null
  if (path === '') return { kind: 'folder', year: null }
  const list = lists.find((name) => name === path)
  if (list) return { kind: 'list', name: list }
  const label = csafLabels.find((one) => feedName(one) === path)
  if (label) return { kind: 'feed', label }
  const [, year, rest = '', document, ending] =
    /^(\d{4})(?:\/|$)(([a-z0-9+\-_]+\.json)(\.sha256|\.sha512|\.asc)?)?$/.exec(path) ?? []
  if (year === undefined) return null
  if (rest === '' || document === undefined) return { kind: 'folder', year }
  return {
    kind: 'document',
    path: `${year}/${document}`,
    proof: proofs.find((one) => one === ending) ?? null,
  }
}
