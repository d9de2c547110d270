/** CSAF providers: what their provider-metadata.json points to, as one list of documents. */
import { parse as parseCsv } from 'csv-parse/sync'
import { z } from 'zod'
import { jsonOf, Refused } from '../csaf/read.ts'
import { line } from '../plain.ts'
import { type Asker, limits } from './ask.ts'
import { FetchFailed } from './failed.ts'
import { fingerprintsOf } from './integrity.ts'

/** A document as its source lists it. */
export interface Listed {
  url: string
  /** The time that the list gives; empty where it gives none. */
  at: string
  /** Where its hash and signature lie; beside it where the list does not say. */
  hashes: string[]
  signature: string | null
}

export interface Listing {
  documents: Listed[]
  /** Armoured public keys of the provider, and their fingerprints. */
  keys: string[]
  fingerprints: string[]
  /** Of its documents' publisher; null where others' documents are passed on too, or nothing is said. */
  namespace: string | null
  /** A trusted provider: each document has a hash and a signature. */
  isTrusted: boolean
}

const mostDocuments = 100_000
const mostFeeds = 30
const listBytes = limits.bytes * 3

const url = z.string().max(2_000)
const metadata = z.looseObject({
  canonical_url: url.optional(),
  role: z.string().max(60).default('csaf_provider'),
  publisher: z.looseObject({ category: z.string().optional(), namespace: z.string().max(1_000) }),
  distributions: z
    .array(
      z.looseObject({
        directory_url: url.optional(),
        rolie: z
          .looseObject({ feeds: z.array(z.looseObject({ url, tlp_label: z.string().optional() })).max(200) })
          .optional(),
      }),
    )
    .max(50)
    .default([]),
  public_openpgp_keys: z
    .array(z.looseObject({ url, fingerprint: z.string().max(100).optional() }))
    .max(20)
    .default([]),
})

const link = z.looseObject({ rel: z.string().max(100).optional(), href: url })
const rolie = z.looseObject({
  feed: z.looseObject({
    entry: z
      .array(
        z.looseObject({
          updated: z.string().max(100).default(''),
          link: z.array(link).max(50).default([]),
          content: z.looseObject({ src: url }).optional(),
        }),
      )
      .max(mostDocuments)
      .default([]),
  }),
})

async function jsonFrom(asker: Asker, from: string, most: number): Promise<unknown> {
  const { bytes } = await asker.ask(from, { most })
  try {
    return jsonOf(bytes ?? Buffer.alloc(0))
  } catch (error) {
    if (error instanceof Refused) throw new FetchFailed('list', `${from} ${error.reason}`)
    throw error
  }
}

/** Everything that a provider offers and that is open to us. Throws FetchFailed. */
export async function listProvider(asker: Asker, from: string): Promise<Listing> {
  const read = metadata.safeParse(await jsonFrom(asker, from, 5_000_000))
  if (!read.success) throw new FetchFailed('metadata', line(read.error.issues[0]?.path.join('.'), 200))
  const { distributions, publisher, role, public_openpgp_keys: keyPlaces } = read.data
  const { keys, fingerprints } = await keysOf(asker, from, keyPlaces)
  const feeds = distributions.flatMap((one) => one.rolie?.feeds ?? []).slice(0, mostFeeds)
  const directories = distributions.flatMap((one) => one.directory_url ?? [])
  const lists: Listed[][] = []
  // What a directory lists stands in the feeds too; a provider needs one of the two.
  for (const { url: feed, tlp_label: label } of feeds)
    lists.push(await orNothing(() => listRolie(asker, new URL(feed, from).href), isOpen(label)))
  if (feeds.length === 0)
    for (const directory of directories.slice(0, mostFeeds))
      lists.push(await listDirectory(asker, new URL(directory, from).href))
  if (lists.length === 0) throw new FetchFailed('metadata', 'distributions')
  const documents = [...new Map(lists.flat().map((one) => [one.url, one])).values()]
  return {
    documents: documents.slice(0, mostDocuments),
    keys,
    fingerprints,
    namespace: publisher.namespace,
    isTrusted: role === 'csaf_trusted_provider',
  }
}

const isOpen = (label: string | undefined): boolean =>
  label === undefined || ['WHITE', 'CLEAR', 'UNLABELED'].includes(label.toUpperCase())

/** Feeds that need a login that we do not have are left out; the open ones have to be there. */
async function orNothing(list: () => Promise<Listed[]>, mustBeThere: boolean): Promise<Listed[]> {
  try {
    return await list()
  } catch (error) {
    if (error instanceof FetchFailed && [401, 403].includes(error.status ?? 0) && !mustBeThere) return []
    throw error
  }
}

/** Each key as it is fetched has to be the one whose fingerprint the metadata names. */
async function keysOf(
  asker: Asker,
  from: string,
  places: { url: string; fingerprint?: string | undefined }[],
): Promise<{ keys: string[]; fingerprints: string[] }> {
  const found = { keys: [] as string[], fingerprints: [] as string[] }
  for (const { url: place, fingerprint } of places) {
    const { bytes } = await asker.ask(new URL(place, from).href, { most: 200_000 })
    const armored = bytes?.toString('utf8') ?? ''
    const prints = await fingerprintsOf(armored).catch((): string[] => [])
    const said = fingerprint?.replace(/\s+/g, '').toUpperCase()
    if (prints.length === 0 || (said && !prints.includes(said))) throw new FetchFailed('key', said ?? place)
    found.keys.push(armored)
    found.fingerprints.push(...prints)
  }
  return found
}

/** A ROLIE feed (RFC 8322) as CSAF 2.0, 7.1.15 describes it. */
export async function listRolie(asker: Asker, from: string): Promise<Listed[]> {
  const read = rolie.safeParse(await jsonFrom(asker, from, listBytes))
  if (!read.success) throw new FetchFailed('list', line(read.error.issues[0]?.path.join('.'), 200))
  const full = (href: string): string => (URL.canParse(href, from) ? new URL(href, from).href : href)
  return read.data.feed.entry.flatMap(({ updated, link: links, content }) => {
    const by = (rel: string): string[] => links.filter((one) => one.rel === rel).map(({ href }) => full(href))
    const place = content?.src ?? by('self')[0]
    return place
      ? [{ url: full(place), at: updated, hashes: by('hash'), signature: by('signature')[0] ?? null }]
      : []
  })
}

/** A path of a list, below the directory; null for one that leads elsewhere or is no document. */
function below(directory: string, path: string): string | null {
  const place = URL.canParse(path, directory) ? new URL(path, directory).href : ''
  return place.startsWith(directory) && place.endsWith('.json') ? place : null
}

/** A folder with changes.csv or index.txt (CSAF 2.0, 7.1.12 and 7.1.13). Throws FetchFailed. */
export async function listDirectory(asker: Asker, from: string): Promise<Listed[]> {
  const directory = from.replace(/(index\.txt|changes\.csv)$/, '').replace(/\/?$/, '/')
  const lines = await linesOf(asker, directory)
  return lines.slice(0, mostDocuments).flatMap(({ path, at }) => {
    const place = below(directory, path)
    return place ? [{ url: place, at, hashes: [], signature: null }] : []
  })
}

async function linesOf(asker: Asker, directory: string): Promise<{ path: string; at: string }[]> {
  const changes = await asker.ask(`${directory}changes.csv`, { most: listBytes }).catch((error: unknown) => {
    if (error instanceof FetchFailed && error.status === 404) return null
    throw error
  })
  if (changes?.bytes) return changesIn(changes.bytes)
  const index = await asker.ask(`${directory}index.txt`, { most: listBytes })
  return (index.bytes?.toString('utf8') ?? '')
    .split(/\r?\n/)
    .map((path) => ({ path: path.trim(), at: '' }))
    .filter(({ path }) => path !== '')
}

function changesIn(bytes: Buffer): { path: string; at: string }[] {
  try {
    const rows = parseCsv(bytes, {
      relaxColumnCount: true,
      skipEmptyLines: true,
      bom: true,
      trim: true,
    }) as string[][]
    return rows.map(([path = '', at = '']) => ({ path, at: at.slice(0, 100) }))
  } catch (error) {
    throw new FetchFailed('list', line((error as Error).message, 200))
  }
}
