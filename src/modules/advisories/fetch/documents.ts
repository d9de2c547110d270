/** Fetching the documents of a source that are new or changed, with what lies beside them, and handing each over as it comes. */
import type { Queryable } from '../../../platform/database.ts'
import type { Answer, Asker } from './ask.ts'
import { FetchFailed } from './failed.ts'
import type { Proofs } from './integrity.ts'
import type { Listed } from './provider.ts'

export interface Fetched {
  url: string
  document: Buffer
  proofs: Proofs
}

/** What became of one run over a source's list. */
export interface Run {
  /** Documents that could be had, or had not changed. */
  answered: number
  /** Why documents could not be fetched, each reason once. */
  failed: FetchFailed[]
  /** More to fetch than one run takes. */
  more: boolean
}

interface KnownDocument {
  url: string
  listed: string
  etag: string | null
  modified: string | null
}

/** In one run; the rest comes with the next, a minute later. */
const mostInRun = 200

const proofBytes = 100_000

/** A file beside the document; null where there is none. */
async function beside(asker: Asker, place: string): Promise<string | null> {
  try {
    const { bytes } = await asker.ask(place, { most: proofBytes })
    return bytes?.toString('utf8') ?? null
  } catch (error) {
    if (error instanceof FetchFailed && [404, 410].includes(error.status ?? 0)) return null
    throw error
  }
}

/** Hash and signature: where the list says, else beside the document (CSAF 2.0, 7.1.18 and 7.1.19). */
async function proofsOf(asker: Asker, one: Listed): Promise<Proofs> {
  const at = (ending: string): string =>
    one.hashes.find((href) => href.endsWith(ending)) ?? `${one.url}${ending}`
  const sha512 = await beside(asker, at('.sha512'))
  return {
    sha512,
    sha256: sha512 === null ? await beside(asker, at('.sha256')) : null,
    signature: await beside(asker, one.signature ?? `${one.url}.asc`),
  }
}

async function knownOf(db: Queryable, source: number): Promise<Map<string, KnownDocument>> {
  const { rows } = await db.query<KnownDocument & Record<string, unknown>>(
    'select url, listed, etag, modified from advisory_documents where source_id = $1 order by at',
    [source],
  )
  return new Map(rows.map((row) => [row.url, row]))
}

/** Those that the list says have changed, newest first; where it says no times, those longest not asked. */
function due(listed: Listed[], known: Map<string, KnownDocument>): Listed[] {
  const order = [...known.keys()]
  const place = new Map(order.map((url, i) => [url, i]))
  return listed
    .filter(({ url, at }) => at === '' || known.get(url)?.listed !== at)
    .sort((a, b) => b.at.localeCompare(a.at) || (place.get(a.url) ?? -1) - (place.get(b.url) ?? -1))
}

const remember = (db: Queryable, source: number, one: Listed, answer: Answer | null, now: number) =>
  db.query(
    `insert into advisory_documents (source_id, url, listed, etag, modified, at) values ($1, $2, $3, $4, $5, $6)
     on conflict (source_id, url) do update set listed = excluded.listed, etag = coalesce(excluded.etag, advisory_documents.etag),
       modified = coalesce(excluded.modified, advisory_documents.modified), at = excluded.at`,
    [source, one.url, one.at, answer?.etag, answer?.modified, new Date(now).toISOString()],
  )

interface Work {
  db: Queryable
  asker: Asker
  source: number
  listed: Listed[]
  /** Takes it, or sets it aside; only then is the document known. */
  take(fetched: Fetched): Promise<void>
  /** A document that will not come however often it is asked for. */
  refuse(url: string, reason: 'too-large', said: string): Promise<void>
  isOver(): boolean
  now: number
}

/** What cannot be fetched does not keep the others from coming. */
export async function fetchDocuments(work: Work): Promise<Run> {
  const { db, asker, source } = work
  const known = await knownOf(db, source)
  const all = due(work.listed, known)
  const run: Run = { answered: 0, failed: [], more: all.length > mostInRun }
  for (const one of all.slice(0, mostInRun)) {
    if (work.isOver()) return { ...run, more: true }
    try {
      const before = known.get(one.url)
      const answer = await asker.ask(one.url, {
        etag: before?.etag ?? null,
        modified: before?.modified ?? null,
      })
      if (answer.bytes !== null)
        await work.take({ url: one.url, document: answer.bytes, proofs: await proofsOf(asker, one) })
      run.answered++
      await remember(db, source, one, answer, work.now)
    } catch (error) {
      if (!(error instanceof FetchFailed)) throw error
      if (error.reason === 'too-large') {
        await work.refuse(one.url, 'too-large', error.message)
        run.answered++
        await remember(db, source, one, null, work.now)
      } else if (!run.failed.some(({ reason }) => reason === error.reason)) run.failed.push(error)
    }
  }
  return run
}
