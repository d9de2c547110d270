/** Documents from files: CSAF with what lies beside it, or the catalogue of exploited vulnerabilities. For the operator at the terminal. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { asEngine, type Database, type Tx } from '../../platform/database.ts'
import { Invalid, NotFound } from '../../platform/errors.ts'
import { record } from './csaf/product-tree.ts'
import { jsonOf, Refused } from './csaf/read.ts'
import type { Reader } from './csaf/reader.ts'
import { limits } from './fetch/ask.ts'
import { takeKev } from './kev.ts'
import { readKev } from './kev-read.ts'
import type { AdvisoryTlp } from './labels.ts'
import { setAside } from './quarantine.ts'
import { waitingOf } from './second.ts'
import { sourceWaits } from './sources-second.ts'
import { take } from './take.ts'

export interface Told {
  file: string
  outcome: 'new' | 'next' | 'same' | 'older' | 'refused' | 'catalogue'
  /** A word of `advisories.refused`. */
  reason?: string
  said?: string
  /** Members see it when a coordinator has confirmed it. */
  waits?: true
}

/** A source for files: one without an address. */
export interface FileSource {
  id: number
  tlp: AdvisoryTlp
  key: string | null
}

/** The file, or every .json of the folder and of the folders in it, in order. Throws NotFound. */
export function filesAt(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new NotFound(`There is no ${path}`)
  if (!found.isDirectory()) return [path]
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name))
}

/** Made by its first use. Throws Invalid for the name of a source that is fetched from an address. */
export async function fileSource(
  db: Database,
  label: string,
  tlp: AdvisoryTlp,
  kind: 'csaf-file' | 'kev',
  now: number,
): Promise<FileSource> {
  const find = async (): Promise<(FileSource & { url: string | null; kind: string }) | undefined> => {
    const { rows } = await db.engine.query<FileSource & { url: string | null; kind: string }>(
      'select id, tlp, openpgp_key as key, url, kind from advisory_sources where lower(label) = lower($1)',
      [label],
    )
    return rows[0]
  }
  if (label.trim().length < 2 || label.length > 100)
    throw new Invalid('A name of a source has 2 to 100 letters.', { label: 'label' })
  const known = await find()
  if (known) {
    if (known.kind !== kind) throw new Invalid(`The source ${label} is of another kind: ${known.kind}`)
    return known
  }
  await db.engine.query(
    `insert into advisory_sources (kind, label, url, tlp, every_minutes, enabled, created_at, changed_at, due_at)
     values ($1, $2, $3, $4, 1440, $5, $6, $6, $6) on conflict do nothing`,
    // A catalogue has an address; from a file it is not asked for there until somebody switches it on.
    [kind, label, kind === 'kev' ? kevAddress : null, tlp, kind !== 'kev', new Date(now).toISOString()],
  )
  return (await find()) as FileSource
}

/** Where CISA publishes it. */
export const kevAddress =
  'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json'

const beside = (file: string, ending: string): string | null => {
  const found = statSync(`${file}${ending}`, { throwIfNoEntry: false })
  return found?.isFile() && found.size < 100_000 ? readFileSync(`${file}${ending}`, 'utf8') : null
}

/** True for the catalogue of exploited vulnerabilities. */
export function isCatalogue(file: string): boolean {
  try {
    return record(jsonOf(readFileSync(file))).catalogVersion !== undefined
  } catch {
    return false
  }
}

export async function importCatalogue(
  db: Database,
  file: string,
  source: FileSource,
  now: number,
): Promise<Told> {
  try {
    const catalogue = readKev(jsonOf(readFileSync(file)))
    const { isNewer } = await asEngine(db, (tx) => takeKev(tx, catalogue, source, now))
    return { file, outcome: isNewer ? 'catalogue' : 'older' }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { file, outcome: 'refused', reason: error.reason, said: error.message }
  }
}

/** One whose documents a source brings that is asked at its address. */
async function isKnownPublisher(tx: Tx, namespace: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from advisories a join advisory_sources s on s.id = a.source_id
     where a.namespace = $1 and s.url is not null and s.enabled
       and not exists (select 1 from advisory_source_confirmations c where c.source_id = s.id and c.confirmed_at is null) limit 1`,
    [namespace],
  )
  return rowCount === 1
}

const isWaiting = (db: Database, id: number): Promise<boolean> =>
  asEngine(db, async (tx) => (await waitingOf(tx, id)) !== null)

/** Without a signature by a key of the source, of a publisher that no source brings, it waits for a coordinator. Examined as if it had been fetched: with hash and signature where they lie beside it. What is refused is set aside. */
export async function importFile(
  db: Database,
  reader: Reader,
  file: string,
  source: FileSource,
  now: number,
): Promise<Told> {
  const url = `file:${file}`
  const aside = async (reason: string, said: string, document: Buffer | null): Promise<Told> => {
    await asEngine(db, (tx) => setAside(tx, { source, url, reason, said, document }, now))
    return { file, outcome: 'refused', reason, said }
  }
  const { size } = statSync(file)
  if (size > limits.bytes) return aside('too-large', String(size), null)
  const document = readFileSync(file)
  const proofs = {
    sha256: beside(file, '.sha256'),
    sha512: beside(file, '.sha512'),
    signature: beside(file, '.asc'),
  }
  const keys = source.key ? [source.key] : []
  const examined = await reader.read({ document, proofs, keys, anyway: false, now })
  if (examined.kind === 'refused') return aside(examined.reason, examined.said, document)
  const { content, flags, signature, hashChecked } = examined
  const unchecked = signature === 'unchecked' ? (['signature-unchecked'] as const) : []
  const taken = await asEngine(db, async (tx) => {
    // A key that one coordinator alone put there proves nothing yet.
    const isProven = signature === 'good' && !(await sourceWaits(tx, source.id))
    const needsSecond = !isProven && !(await isKnownPublisher(tx, content.namespace))
    const given = { source, url, document, signature, hashChecked, needsSecond, by: null }
    return take(tx, { content, flags }, { ...given, flags: [...unchecked] }, now)
  })
  const waits = taken.id !== null && (await isWaiting(db, taken.id))
  return {
    ...{ file, outcome: taken.outcome, ...(taken.reason ? { reason: taken.reason } : {}) },
    ...(waits ? { waits: true as const } : {}),
  }
}
