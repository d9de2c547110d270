/** What an organisation runs, as it is kept: one row for each product, version and department. */

export const kinds = ['service', 'system', 'software', 'network', 'medical'] as const
export type Kind = (typeof kinds)[number]

/** By which way it came in. */
export const sources = ['hand', 'api', 'table', 'cyclonedx', 'nmap'] as const
export type Source = (typeof sources)[number]

/** What its people say of it. */
export interface AssetValues {
  kind: Kind
  /** As written; empty where it is not known. */
  vendor: string
  product: string
  version: string | null
  /** CPE 2.3 formatted string. */
  cpe: string | null
  /** Package URL. */
  purl: string | null
  /** Operating system or platform under it. */
  runsOn: string
  quantity: number
  serials: string[]
  department: string
  zone: string
  /** Null: nobody knows. */
  segmented: boolean | null
  owner: string
  patientSafety: boolean
  /** `YYYY-MM-DD`, the organisation's own date. */
  supportEndsOn: string | null
  note: string
}

export interface Asset extends AssetValues {
  id: number
  org: number
  source: Source
  /** Milliseconds since 1970. */
  createdAt: number
  changedAt: number
  removedAt: number | null
}

/** Each field with its column, in the order of forms, tables and files. */
export const columns = {
  kind: 'kind',
  vendor: 'vendor',
  product: 'product',
  version: 'version',
  runsOn: 'runs_on',
  quantity: 'quantity',
  serials: 'serials',
  department: 'department',
  zone: 'zone',
  segmented: 'segmented',
  owner: 'owner',
  patientSafety: 'patient_safety',
  supportEndsOn: 'support_ends_on',
  cpe: 'cpe',
  purl: 'purl',
  note: 'note',
} as const satisfies Record<keyof AssetValues, string>
export type AssetField = keyof typeof columns

export const fields = Object.keys(columns) as AssetField[] // keys of the table above

/** An asset of which nothing is known yet. */
export const blank: AssetValues = {
  kind: 'system',
  vendor: '',
  product: '',
  version: null,
  cpe: null,
  purl: null,
  runsOn: '',
  quantity: 1,
  serials: [],
  department: '',
  zone: '',
  segmented: null,
  owner: '',
  patientSafety: false,
  supportEndsOn: null,
  note: '',
}

const plain = (value: unknown): string => JSON.stringify(value ?? null)

/** The fields in which two differ. */
export const differing = (a: AssetValues, b: AssetValues): AssetField[] =>
  fields.filter((field) => plain(a[field]) !== plain(b[field]))

/** Some fields of an asset. */
export type Part = Partial<AssetValues>

export const pick = (values: AssetValues, of: readonly AssetField[]): Part =>
  Object.fromEntries(of.map((field) => [field, values[field]]))
