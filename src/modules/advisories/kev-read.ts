/** The catalogue of known exploited vulnerabilities (CISA), and one entry of it as an advisory of its own. */
import { z } from 'zod'
import type { Content } from './content.ts'
import { Refused } from './csaf/read.ts'
import { line, plain, webAddress } from './plain.ts'

export interface KevEntry {
  cve: string
  vendor: string
  product: string
  name: string
  text: string
  action: string
  /** `2025-08-25` */
  addedOn: string
  dueOn: string | null
  ransomware: boolean
  links: string[]
}

export interface Catalogue {
  version: string
  entries: KevEntry[]
  /** Entries that could not be understood. */
  left: number
}

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/)
  .refine((text) => {
    const at = Date.parse(`${text.slice(0, 10)}T00:00:00Z`)
    return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.slice(0, 10))
  })
  .transform((text) => text.slice(0, 10))

const entry = z.looseObject({
  cveID: z.string().regex(/^CVE-\d{4}-\d{4,19}$/),
  vendorProject: z.string(),
  product: z.string(),
  vulnerabilityName: z.string().default(''),
  dateAdded: day,
  dueDate: day.nullish().catch(null),
  shortDescription: z.string().default(''),
  requiredAction: z.string().default(''),
  knownRansomwareCampaignUse: z.string().default(''),
  notes: z.string().nullish(),
})

const catalogue = z.looseObject({
  catalogVersion: z.string().max(100),
  vulnerabilities: z.array(z.unknown()).min(1).max(100_000),
})

function entryOf(value: unknown): KevEntry | null {
  const read = entry.safeParse(value)
  if (!read.success) return null
  const one = read.data
  return {
    cve: one.cveID,
    vendor: line(one.vendorProject, 300),
    product: line(one.product, 300),
    name: line(one.vulnerabilityName, 500),
    text: plain(one.shortDescription, 5_000),
    action: plain(one.requiredAction, 5_000),
    addedOn: one.dateAdded,
    dueOn: one.dueDate ?? null,
    ransomware: one.knownRansomwareCampaignUse === 'Known',
    links: (one.notes ?? '')
      .split(/[\s;]+/)
      .flatMap((text) => webAddress(text) ?? [])
      .slice(0, 20),
  }
}

/** Throws Refused (`not-kev`): also for an empty catalogue, which would say that nothing is exploited any more. */
export function readKev(value: unknown): Catalogue {
  const read = catalogue.safeParse(value)
  if (!read.success) throw new Refused('not-kev')
  const entries = read.data.vulnerabilities.map(entryOf).filter((one) => one !== null)
  if (entries.length === 0) throw new Refused('not-kev')
  const once = new Map(entries.map((one) => [one.cve, one]))
  return {
    version: line(read.data.catalogVersion, 100),
    entries: [...once.values()],
    left: read.data.vulnerabilities.length - entries.length,
  }
}

export const kevNamespace = 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog'

const noon = (day: string): string => `${day}T12:00:00.000Z`

/** An entry as an advisory. Its version is made of what it says, so that a change is a new version. */
export function kevContent(one: KevEntry, version: string): Content {
  return {
    kind: 'kev',
    namespace: kevNamespace,
    id: one.cve,
    publisher: 'CISA',
    version,
    state: 'final',
    category: 'kev',
    title: one.name || `${one.vendor} ${one.product} ${one.cve}`,
    lang: 'en',
    tlp: null,
    releasedAt: noon(one.addedOn),
    revisedAt: noon(one.addedOn),
    notes: [{ category: 'summary', title: '', text: one.text }],
    references: one.links.map((url) => ({ text: '', url })),
    revisions: [],
    products: [
      {
        ref: '1',
        name: `${one.vendor} ${one.product}`,
        vendor: one.vendor,
        product: one.product,
        versions: '',
        cpe: null,
        purl: null,
      },
    ],
    vulnerabilities: [
      {
        cve: one.cve,
        title: one.name,
        text: one.text,
        cwe: null,
        scores: [],
        exploited: true,
        threats: one.ransomware ? [{ category: 'exploit_status', text: 'ransomware' }] : [],
        remedies: one.action ? [{ category: 'mitigation', text: one.action, url: null, refs: [] }] : [],
        products: { known_affected: ['1'] },
      },
    ],
    severity: null,
    patientSafety: false,
  }
}
