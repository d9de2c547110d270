/** Where everything of the provider lies. The open path and the one behind keys are laid out alike. */
import type { CsafLabel } from './labels.ts'

export const metadataPath = '/.well-known/csaf/provider-metadata.json'

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

export const lists = ['index.txt', 'changes.csv', 'service.json', 'category.json'] as const
export type ListName = (typeof lists)[number]

/** A file of a folder as its path names it; null for what cannot be one. */
export function fileOf(year: string, file: string): { path: string; proof: Proof | null } | null {
  const [, document, ending] = /^([a-z0-9+\-_]{1,100}\.json)(\.sha256|\.sha512|\.asc)?$/.exec(file) ?? []
  if (!/^\d{4}$/.test(year) || document === undefined) return null
  return { path: `${year}/${document}`, proof: proofs.find((one) => one === ending) ?? null }
}
