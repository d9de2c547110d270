/** Taking what was understood: a new advisory, the next version of a known one, or nothing; and what is refused, with the reason. */
import { createHash } from 'node:crypto'
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { type Content, cvesOf, type Flag, isExploited, severityOf, topScore } from './content.ts'
import { coverEntries } from './kev-cover.ts'
import { type AdvisoryTlp, narrower, readersFor } from './labels.ts'
import { setAside } from './quarantine.ts'
import { confirmedOtherwise, keepWaiting, type Waiting, waitingOf } from './second.ts'
import { compareVersions } from './versions.ts'
import { writeProducts } from './write-products.ts'

/** How it came. */
export interface Given {
  source: { id: number; tlp: AdvisoryTlp }
  url: string
  /** Null where it was one entry of a list, or written here. */
  document: Buffer | null
  signature: 'good' | 'none' | 'unchecked'
  hashChecked: boolean
  flags: Flag[]
  /** A coordinator decided that it is taken although something speaks against it. */
  anyway?: { tlp: AdvisoryTlp | null }
  /** It waits for another coordinator: until then no member sees it. */
  needsSecond?: boolean
  /** Who decided that it is taken, where that is not whose deed this is. */
  decidedBy?: number | null
  by: Actor | null
}

export type Outcome = 'new' | 'next' | 'same' | 'older' | 'refused'

export interface Taken {
  outcome: Outcome
  id: number | null
  /** A word of `advisories.refused`. */
  reason?: string
}

interface Known {
  id: number
  seq: number
  version: string
  content_hash: string
  revised_at: Date
  source_id: number
  held: boolean
  cves: string[]
}

/** A catalogue's entry is the same whatever edition it stands in. */
export const hashOf = (content: Content): string =>
  createHash('sha256')
    .update(JSON.stringify(content.kind === 'kev' ? { ...content, version: '' } : content))
    .digest('hex')

const wordsLength = 60_000

/** What the search looks through. */
const searched = (content: Content): string =>
  [
    content.title,
    content.id,
    content.publisher,
    ...cvesOf(content),
    ...new Set(content.products.flatMap(({ vendor, product, name }) => [vendor, product, name])),
    ...content.notes.filter(({ category }) => category === 'summary').map(({ text }) => text),
  ]
    .join('\n')
    .toLowerCase()
    .slice(0, wordsLength)
    .toWellFormed()

async function known(tx: Tx, content: Content): Promise<Known | undefined> {
  await tx.query('select pg_advisory_xact_lock(hashtext($1), hashtext($2))', [content.namespace, content.id])
  const { rows } = await tx.query<Known & Record<string, unknown>>(
    `select a.id, a.seq, a.version, a.content_hash, a.revised_at, a.source_id, s.enabled as held, a.cves
     from advisories a join advisory_sources s on s.id = a.source_id where a.namespace = $1 and a.tracking_id = $2`,
    [content.namespace, content.id],
  )
  return rows[0]
}

/** Why it may not be taken as the next version, `older` or `same` when there is nothing to take, or null. */
function objection(was: Known, content: Content, hash: string, given: Given): Outcome | string | null {
  if (was.content_hash === hash) return 'same'
  if (given.anyway || content.kind !== 'csaf') {
    return content.kind !== 'csaf' && compareVersions(content.version, was.version) < 0 ? 'older' : null
  }
  if (was.source_id !== given.source.id && was.held) return 'other-source'
  const order = compareVersions(content.version, was.version)
  if (order === 0) return 'other-content'
  if (order > 0) return null
  return Date.parse(content.revisedAt) > was.revised_at.getTime() ? 'version-back' : 'older'
}

/** The label it bears here, or why it cannot bear one (sharing.md 3: missing or unknown waits for a coordinator). */
function labelOf(content: Content, given: Given): AdvisoryTlp | 'tlp-red' | 'tlp-missing' {
  if (content.tlp === 'RED') return 'tlp-red'
  const said = content.tlp ?? given.anyway?.tlp ?? (content.kind === 'csaf' ? null : given.source.tlp)
  return said === null ? 'tlp-missing' : narrower(said, given.source.tlp)
}

/** As the program, or as a coordinator. What is refused is set aside with its reason. */
export async function take(
  tx: Tx,
  { content, flags }: { content: Content; flags: Flag[] },
  given: Given,
  now: number,
): Promise<Taken> {
  const refuse = async (reason: string, id: number | null = null): Promise<Taken> => {
    // Nothing of what is for named persons only is kept.
    const document = reason === 'tlp-red' ? null : given.document
    await setAside(tx, { ...given, document, reason, said: `${content.id} ${content.version}` }, now)
    return { outcome: 'refused', id, reason }
  }
  const tlp = labelOf(content, given)
  if (tlp === 'tlp-red' || tlp === 'tlp-missing') return refuse(tlp)
  const was = await known(tx, content)
  const hash = hashOf(content)
  const waiting = was ? await waitingOf(tx, was.id) : null
  const against = waiting?.hash === hash ? 'same' : was ? objection(was, content, hash, given) : null
  if (was && (against === 'same' || against === 'older')) return { outcome: against, id: was.id }
  if (was && against) {
    if (against === 'other-content')
      await tx.query(
        `update advisories set flags = array_append(flags, 'other-content') where id = $1 and not flags @> array['other-content']`,
        [was.id],
      )
    return refuse(against, was.id)
  }
  const minded = [
    ...new Set([...flags, ...given.flags, ...(given.anyway ? (['taken-anyway'] as const) : [])]),
  ]
  const seq = waiting?.seq ?? (was?.seq ?? 0) + 1
  const id = await write(tx, was, waiting, { content, hash, tlp, flags: minded, given, seq }, now)
  return { outcome: was ? 'next' : 'new', id }
}

/** A version as it is shown. */
export interface Version {
  content: Content
  hash: string
  tlp: AdvisoryTlp
  flags: Flag[]
  seq: number
  source: number
}

interface Kept extends Omit<Version, 'source'> {
  given: Given
}

const columns = [
  ...[
    'source_id',
    'kind',
    'namespace',
    'tracking_id',
    'publisher',
    'seq',
    'version',
    'state',
    'title',
    'lang',
  ],
  ...['tlp', 'readers', 'level', 'score', 'says_exploited', 'patient_safety', 'cves', 'words', 'flags'],
  ...['content_hash', 'released_at', 'revised_at', 'taken_at', 'changed_at'],
]

function valuesOf(
  { content, hash, tlp, flags, seq, source }: Version,
  readers: number[],
  at: string,
): unknown[] {
  return [
    ...[source, content.kind, content.namespace, content.id, content.publisher, seq, content.version],
    ...[content.state, content.title, content.lang, tlp, readers, severityOf(content, false)],
    ...[topScore(content)?.base ?? null, isExploited(content), content.patientSafety, cvesOf(content)],
    ...[searched(content), flags, hash, content.releasedAt, content.revisedAt, at, at],
  ]
}

/** What waits, and was shown before, is kept beside the present version; what is new and waits is for coordinators alone. */
async function write(
  tx: Tx,
  was: Known | undefined,
  waiting: Waiting | null,
  kept: Kept,
  now: number,
): Promise<number> {
  const at = new Date(now).toISOString()
  const { content, given, seq } = kept
  const waits = given.needsSecond === true
  const beside = waits && was !== undefined && waiting?.seq !== was.seq
  const readers = waits ? [COORDINATORS] : readersFor(kept.tlp)
  const values = valuesOf({ ...kept, source: given.source.id }, readers, at)
  const id = beside ? was.id : was ? await renew(tx, was.id, values) : await insert(tx, values)
  if (waiting)
    await tx.query('delete from advisory_versions where advisory_id = $1 and seq = $2', [id, waiting.seq])
  await tx.query(
    `insert into advisory_versions (advisory_id, seq, version, tlp, content, content_hash, document, url, signature, hash_checked, flags,
       revised_at, taken_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[id, seq, content.version, kept.tlp, JSON.stringify(content), kept.hash, given.document, given.url],
      ...[given.signature, given.hashChecked, kept.flags, content.revisedAt, at],
    ],
  )
  if (waits)
    await keepWaiting(
      tx,
      { id, seq, isNew: waiting === null },
      given.decidedBy ?? given.by?.person ?? null,
      at,
    )
  else if (waiting) await confirmedOtherwise(tx, id)
  if (!beside) await spread(tx, id, content, was?.cves ?? null)
  // An edition of a catalogue has one line for all its entries, and a feed one for all of its.
  if (content.kind === 'csaf' || content.kind === 'hand')
    await record(tx, {
      at: now,
      actor: given.by,
      verb: 'advisories.take',
      object: `advisory ${id}`,
      detail: { advisory: content.id, version: content.version, flags: kept.flags },
      readers: [COORDINATORS],
    })
  return id
}

/** What is searched and matched follows the present version. `before`: its weaknesses until now, null for a new one. */
async function spread(tx: Tx, id: number, content: Content, before: string[] | null): Promise<void> {
  await writeProducts(tx, id, content, before !== null)
  // An edition of the catalogue does this once for all its entries.
  if (content.kind !== 'kev') await coverEntries(tx, [...new Set([...cvesOf(content), ...(before ?? [])])])
}

/** Makes a version that waited the present one, for all whom its label lets read it. */
export async function show(
  tx: Tx,
  id: number,
  version: Version,
  before: string[],
  now: number,
): Promise<void> {
  await renew(tx, id, valuesOf(version, readersFor(version.tlp), new Date(now).toISOString()))
  await spread(tx, id, version.content, before)
}

async function insert(tx: Tx, values: unknown[]): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into advisories (${columns.join(', ')}) values (${columns.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
    values,
  )
  return rows[0]?.id as number
}

/** The first time it was taken stays; what the catalogue of exploited vulnerabilities says of it is asked anew. */
async function renew(tx: Tx, id: number, values: unknown[]): Promise<number> {
  const set = columns.filter((column) => column !== 'taken_at')
  await tx.query(
    `update advisories set ${set.map((column, i) => `${column} = $${i + 2}`).join(', ')}, kev = false, due_on = null where id = $1`,
    [id, ...values.filter((_, i) => columns[i] !== 'taken_at')],
  )
  return id
}
