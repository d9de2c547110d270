/** Advisories that coordinators write: for what nobody publishes in a form that machines read. */
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Actor, isCoordinator } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { type Content, cvesOf, type Product } from './content.ts'
import { type AdvisoryTlp, advisoryTlps } from './labels.ts'
import { line, plain, webAddress } from './plain.ts'
import type { HandForm } from './schema.ts'
import { waitingOf } from './second.ts'
import { take } from './take.ts'

export const handNamespace = 'hsoc:hand'

/** The one source of what is written here; made with the first. */
async function handSource(tx: Tx, by: Actor, now: number): Promise<{ id: number; tlp: AdvisoryTlp }> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('names of advisory sources'), 0)`)
  const { rows } = await tx.query<{ id: number; tlp: AdvisoryTlp }>(
    `select id, tlp from advisory_sources where kind = 'hand'`,
  )
  if (rows[0]) return rows[0]
  const { rows: made } = await tx.query<{ id: number; tlp: AdvisoryTlp }>(
    `insert into advisory_sources (kind, label, tlp, every_minutes, created_at, changed_at, due_at)
     values ('hand', $1, 'CLEAR', 10080, $2, $2, $2) returning id, tlp`,
    [by.language === 'cs' ? 'Napsali koordinátoři' : 'Written by coordinators', new Date(now).toISOString()],
  )
  return made[0] as { id: number; tlp: AdvisoryTlp }
}

const mostProducts = 200

/** A line for each: `vendor; product; versions`. */
export function productsIn(text: string): Product[] | null {
  const lines = text
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean)
  const found = lines.map((one, i): Product | null => {
    const [vendor = '', product = '', ...versions] = one.split(';').map((part) => line(part, 300))
    return vendor && product
      ? {
          ...{ ref: String(i + 1), vendor, product, versions: versions.filter(Boolean).join('; ') },
          ...{ name: [vendor, product, ...versions].filter(Boolean).join(' '), cpe: null, purl: null },
        }
      : null
  })
  return found.length > mostProducts || found.some((one) => one === null)
    ? null
    : found.filter((one) => one !== null)
}

/** The form's text of a product, as it is read again. */
export const productLine = ({ vendor, product, versions }: Product): string =>
  [vendor, product, versions].filter(Boolean).join('; ')

const cvesIn = (text: string): string[] | null => {
  const words = text
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter(Boolean)
  return words.every((word) => /^CVE-\d{4}-\d{4,19}$/.test(word)) ? [...new Set(words)] : null
}

interface Understood {
  title: string
  text: string
  action: string
  link: string | null
  cves: string[]
  products: Product[]
  severity: number | null
  tlp: AdvisoryTlp
  exploited: boolean
  safety: boolean
}

function understand(form: HandForm): Understood {
  const faults: Record<string, string> = {}
  const title = line(form.title, 1_000)
  if (title.length < 3 || title.length > 300) faults.title = 'title'
  const text = plain(form.text, 60_000)
  if (text === '' || text.length > 20_000) faults.text = 'text'
  const action = plain(form.action, 60_000)
  if (action.length > 20_000) faults.action = 'long'
  const link = webAddress(form.link)
  if (form.link.trim() !== '' && link === null) faults.link = 'link'
  const cves = cvesIn(form.cves)
  if (cves === null || cves.length > 100) faults.cves = 'cves'
  const products = productsIn(form.products)
  if (products === null) faults.products = 'products'
  const severity = form.severity === '' ? null : Number(form.severity)
  if (severity !== null && ![0, 1, 2, 3, 4].includes(severity)) faults.severity = 'severity'
  const tlp = advisoryTlps.find((one) => one === form.tlp)
  if (!tlp) faults.tlp = 'tlp'
  if (!tlp || Object.keys(faults).length > 0) throw new Invalid('Some fields are not right.', faults)
  return {
    ...{ title, text, action, link, cves: cves ?? [], products: products ?? [], severity, tlp },
    ...{ exploited: form.exploited !== undefined, safety: form.safety !== undefined },
  }
}

interface Written {
  id: string
  version: number
  first: number
}

function contentOf(said: Understood, { id, version, first }: Written, by: Actor, now: number): Content {
  const refs = said.products.map(({ ref }) => ref)
  const remedies = said.action ? [{ category: 'mitigation', text: said.action, url: null, refs: [] }] : []
  const names = said.cves.length > 0 ? said.cves : [null]
  return {
    ...{
      kind: 'hand',
      namespace: handNamespace,
      id,
      publisher: 'hSOC',
      version: String(version),
      state: 'final',
    },
    ...{ category: 'hand', title: said.title, lang: by.language, tlp: said.tlp },
    releasedAt: new Date(first).toISOString(),
    revisedAt: new Date(now).toISOString(),
    notes: [{ category: 'summary', title: '', text: said.text }],
    references: said.link ? [{ text: '', url: said.link }] : [],
    revisions: [],
    products: said.products,
    vulnerabilities: names.map((cve, i) => ({
      ...{ cve, title: '', text: '', cwe: null, scores: [], exploited: said.exploited, threats: [] },
      remedies: i === 0 ? remedies : [],
      products: refs.length > 0 ? { known_affected: refs } : {},
    })),
    severity: said.severity,
    patientSafety: said.safety,
  }
}

const mayWrite = (by: Actor): void => {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators write advisories')
}

async function keep(tx: Tx, content: Content, needsSecond: boolean, by: Actor, now: number): Promise<number> {
  const source = await handSource(tx, by, now)
  const given = {
    source,
    url: '',
    document: null,
    signature: 'none' as const,
    hashChecked: false,
    flags: [],
    needsSecond,
    by,
  }
  const { id } = await take(tx, { content, flags: [] }, given, now)
  return id as number
}

/** Members see it when another coordinator has confirmed it. Throws Forbidden, Invalid. */
export async function writeAdvisory(tx: Tx, form: HandForm, by: Actor, now: number): Promise<number> {
  mayWrite(by)
  const said = understand(form)
  return keep(tx, contentOf(said, { id: randomUUID(), version: 1, first: now }, by, now), true, by, now)
}

interface Present {
  kind: string
  trackingId: string
  content: Content
  releasedAt: number
}

/** What is only taken away, made narrower or less severe waits for nobody: it calms, and should be quick. */
export function grows(before: Content, after: Content): boolean {
  const said = ({ title, notes, references, vulnerabilities }: Content): unknown => [
    title,
    notes,
    references,
    vulnerabilities[0]?.remedies,
  ]
  const tlps: readonly (string | null)[] = advisoryTlps
  const width = ({ tlp }: Content): number => tlps.indexOf(tlp)
  const isExploited = ({ vulnerabilities }: Content): boolean => vulnerabilities.some((one) => one.exploited)
  const lines = new Set(before.products.map(productLine))
  const cves = new Set(cvesOf(before))
  return (
    !isDeepStrictEqual(said(before), said(after)) ||
    after.products.some((one) => !lines.has(productLine(one))) ||
    cvesOf(after).some((cve) => !cves.has(cve)) ||
    (after.severity ?? medium) > (before.severity ?? medium) ||
    (isExploited(after) && !isExploited(before)) ||
    (after.patientSafety && !before.patientSafety) ||
    width(after) > width(before)
  )
}

/** As which it counts where nothing says. */
const medium = 2

/** The next version, which waits where it says more; what waits already is written anew. Throws Forbidden, NotFound, Invalid, WrongState (somebody wrote one meanwhile, or it is not written here). */
export async function rewriteAdvisory(
  tx: Tx,
  id: number,
  form: HandForm,
  by: Actor,
  now: number,
): Promise<void> {
  mayWrite(by)
  const { rows } = await tx.query<Present & Record<string, unknown>>(
    `select a.kind, a.tracking_id as "trackingId", v.content, (extract(epoch from a.released_at) * 1000)::float8 as "releasedAt"
     from advisories a join advisory_versions v on v.advisory_id = a.id and v.seq = a.seq where a.id = $1 for update of a`,
    [id],
  )
  const was = rows[0]
  if (!was) throw new NotFound('There is no such advisory')
  if (was.kind !== 'hand') throw new WrongState('Only what was written here can be changed here')
  const waiting = await waitingOf(tx, id)
  const last = waiting?.version ?? was.content.version
  if (form.base !== last) throw new WrongState('Somebody changed it meanwhile')
  const written = { id: was.trackingId, version: Number(last) + 1, first: was.releasedAt }
  const content = contentOf(understand(form), written, by, now)
  await keep(tx, content, waiting !== null || grows(was.content, content), by, now)
}

/** What the form of an existing one begins with. */
export const formOf = (content: Content): HandForm => ({
  title: content.title,
  text: content.notes[0]?.text ?? '',
  action: content.vulnerabilities[0]?.remedies[0]?.text ?? '',
  link: content.references[0]?.url ?? '',
  cves: content.vulnerabilities.flatMap(({ cve }) => cve ?? []).join(', '),
  products: content.products.map(productLine).join('\n'),
  severity: content.severity === null ? '' : String(content.severity),
  tlp: content.tlp ?? 'AMBER',
  ...(content.vulnerabilities.some(({ exploited }) => exploited) ? { exploited: '1' as const } : {}),
  ...(content.patientSafety ? { safety: '1' as const } : {}),
  base: content.version,
})
