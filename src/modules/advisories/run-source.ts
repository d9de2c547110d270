/** One run over one source: ask it, examine what it has, take it or set it aside. */
import { asEngine, type Database } from '../../platform/database.ts'
import { jsonOf, Refused } from './csaf/read.ts'
import type { Reader } from './csaf/reader.ts'
import { readFeed } from './feed-read.ts'
import { type Asker, type Limits, openAsker } from './fetch/ask.ts'
import { type Fetched, fetchDocuments } from './fetch/documents.ts'
import { FetchFailed } from './fetch/failed.ts'
import { type Listing, listDirectory, listProvider } from './fetch/provider.ts'
import { takeKev } from './kev.ts'
import { readKev } from './kev-read.ts'
import type { AdvisoryTlp } from './labels.ts'
import { setAside } from './quarantine.ts'
import { type Given, take } from './take.ts'

/** A source as a node claimed it. */
export interface Claimed {
  id: number
  kind: 'csaf-provider' | 'csaf-directory' | 'csaf-file' | 'kev' | 'feed'
  label: string
  url: string
  tlp: AdvisoryTlp
  privateHosts: string[]
  key: string | null
  etag: string | null
  modified: string | null
}

export interface Surroundings {
  db: Database
  reader: Reader
  limits: Limits
  /** Milliseconds since 1970. */
  now: number
  /** True when the node stops, or the run has taken as long as its claim holds. */
  isOver(): boolean
}

export interface Finished {
  /** More waits than one run takes. */
  more: boolean
  /** What could not be had, though the rest could. */
  failed: FetchFailed | null
  fingerprints: string[] | null
}

/** Throws FetchFailed when nothing could be had of it. */
export async function runSource(source: Claimed, around: Surroundings): Promise<Finished> {
  const asker = openAsker(source.privateHosts, around.limits)
  try {
    switch (source.kind) {
      case 'kev':
      case 'feed':
        return await runList(source, asker, around)
      default:
        return await runCsaf(source, asker, around)
    }
  } finally {
    asker.close()
  }
}

const bare = { keys: [], fingerprints: [], namespace: null, isTrusted: false }

function listingOf(source: Claimed, asker: Asker): Promise<Listing> {
  if (source.kind === 'csaf-provider') return listProvider(asker, source.url)
  if (source.kind === 'csaf-directory')
    return listDirectory(asker, source.url).then((documents) => ({ ...bare, documents }))
  const one = { url: source.url, at: '', hashes: [], signature: null }
  return Promise.resolve({ ...bare, documents: [one] })
}

async function runCsaf(source: Claimed, asker: Asker, around: Surroundings): Promise<Finished> {
  const listing = await listingOf(source, asker)
  const keys = source.key ? [...listing.keys, source.key] : listing.keys
  const run = await fetchDocuments({
    db: around.db.engine,
    asker,
    source: source.id,
    listed: listing.documents,
    take: (fetched) => takeDocument(source, { ...listing, keys }, fetched, around),
    refuse: (url, reason, said) =>
      asEngine(around.db, (tx) => setAside(tx, { source, url, reason, said, document: null }, around.now)),
    isOver: around.isOver,
    now: around.now,
  })
  const failed = run.failed[0] ?? null
  if (failed && run.answered === 0) throw failed
  return { more: run.more, failed, fingerprints: listing.fingerprints }
}

/** Why a document that is right in itself is not what this source may give out; null when it may. */
function misplaced(
  url: string,
  namespace: string,
  id: string,
  listing: Pick<Listing, 'namespace'>,
): string | null {
  if (listing.namespace !== null && listing.namespace !== namespace) return 'foreign-namespace'
  // CSAF 2.0, 5.1: the file is called after the id, so that one document cannot pass for another.
  const called = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '')
  return called.toLowerCase() === `${id.toLowerCase().replace(/[^+\-a-z0-9]+/g, '_')}.json`
    ? null
    : 'other-name'
}

async function takeDocument(
  source: Claimed,
  listing: Listing,
  { url, document, proofs }: Fetched,
  { db, reader, now }: Surroundings,
): Promise<void> {
  const examined = await reader.read({ document, proofs, keys: listing.keys, anyway: false, now })
  const aside = (reason: string, said: string) =>
    asEngine(db, (tx) => setAside(tx, { source, url, reason, said, document }, now))
  if (examined.kind === 'refused') return aside(examined.reason, examined.said)
  const { content, signature, hashChecked } = examined
  const wrong =
    source.kind === 'csaf-provider' ? misplaced(url, content.namespace, content.id, listing) : null
  if (wrong) return aside(wrong, `${content.namespace} ${content.id}`)
  const given: Given = {
    ...{ source, url, document, signature, hashChecked, by: null },
    flags: [
      ...(listing.isTrusted && signature === 'none' ? (['unsigned'] as const) : []),
      ...(listing.isTrusted && !hashChecked ? (['unhashed'] as const) : []),
      ...(signature === 'unchecked' ? (['signature-unchecked'] as const) : []),
    ],
  }
  await asEngine(db, (tx) => take(tx, { content, flags: examined.flags }, given, now))
}

/** The catalogue of exploited vulnerabilities, or a feed: one file with everything in it. */
async function runList(source: Claimed, asker: Asker, around: Surroundings): Promise<Finished> {
  const { db } = around
  const answer = await asker.ask(source.url, { etag: source.etag, modified: source.modified })
  if (answer.bytes !== null) {
    try {
      await takeList(source, answer.bytes, around)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      throw new FetchFailed('content', `${error.reason} ${error.message}`.trim())
    }
    await db.engine.query('update advisory_sources set etag = $2, modified = $3 where id = $1', [
      source.id,
      answer.etag,
      answer.modified,
    ])
  }
  return { more: false, failed: null, fingerprints: null }
}

async function takeList(source: Claimed, bytes: Buffer, { db, now }: Surroundings): Promise<void> {
  if (source.kind === 'kev') {
    const catalogue = readKev(jsonOf(bytes))
    await asEngine(db, (tx) => takeKev(tx, catalogue, source, now))
    return
  }
  const entries = readFeed(bytes, { namespace: source.url, label: source.label }, now)
  await asEngine(db, async (tx) => {
    for (const content of entries)
      await take(
        tx,
        { content, flags: [] },
        {
          source,
          url: content.references[0]?.url ?? '',
          document: null,
          signature: 'none',
          hashChecked: false,
          flags: [],
          by: null,
        },
        now,
      )
  })
}
