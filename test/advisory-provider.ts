/** A CSAF provider on loopback, with documents of the test's own, their hashes and signatures, and ways of going wrong. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMessage, generateKey, type PrivateKey, sign } from 'openpgp'
import { tuesday } from './harness.ts'

export const namespace = 'https://pumpy.example'

export interface Wanted {
  id?: string
  version?: string
  title?: string
  tlp?: string | null
  revisedAt?: number
  cve?: string
  base?: number
  versions?: string
  fixed?: boolean
  namespace?: string
  threats?: { category: string; details: string }[]
  notes?: object[]
}

const vectors: Record<string, string> = {
  '9.8': 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  '6.5': 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H',
}

const words: Record<string, string> = { '9.8': 'CRITICAL', '6.5': 'MEDIUM' }

/** A CSAF 2.0 advisory that keeps all rules, about a fictional pump. */
export function advisory(wanted: Wanted = {}): Record<string, unknown> {
  const { id = 'PUMPY-2026-001', version = '1', base = 9.8, versions = '<2.3', tlp = 'WHITE' } = wanted
  const at = new Date(wanted.revisedAt ?? tuesday - 86_400_000).toISOString()
  const first = new Date(tuesday - 40 * 86_400_000).toISOString()
  const history = Array.from({ length: Number(version) }, (_, i) => ({
    date: i + 1 === Number(version) ? at : new Date(Date.parse(first) + i).toISOString(),
    number: String(i + 1),
    summary: i === 0 ? 'First version' : 'Changed',
  }))
  return {
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      ...(tlp === null ? {} : { distribution: { tlp: { label: tlp } } }),
      lang: 'en',
      notes: wanted.notes ?? [
        { category: 'summary', title: 'Summary', text: 'The pump takes commands from anybody.' },
        { category: 'other', title: 'Critical infrastructure sectors', text: 'Healthcare and Public Health' },
      ],
      publisher: { category: 'vendor', name: 'Pumpy', namespace: wanted.namespace ?? namespace },
      references: [{ category: 'self', summary: 'This document', url: `${namespace}/${id}` }],
      title: wanted.title ?? 'Pumpy Infusion 3: commands without authentication',
      tracking: {
        current_release_date: at,
        id,
        initial_release_date: version === '1' ? at : first,
        revision_history: history,
        status: 'final',
        version,
      },
    },
    product_tree: {
      branches: [
        {
          category: 'vendor',
          name: 'Pumpy',
          branches: [
            {
              category: 'product_name',
              name: 'Infusion 3',
              branches: [
                {
                  category: 'product_version_range',
                  name: versions,
                  product: { name: `Pumpy Infusion 3 ${versions}`, product_id: 'P1' },
                },
                {
                  category: 'product_version',
                  name: '2.4',
                  product: { name: 'Pumpy Infusion 3 2.4', product_id: 'P2' },
                },
              ],
            },
          ],
        },
      ],
    },
    vulnerabilities: [
      {
        cve: wanted.cve ?? 'CVE-2026-10001',
        notes: [{ category: 'description', text: 'Anybody in the same network can set the rate.' }],
        product_status: { known_affected: ['P1'], ...(wanted.fixed === false ? {} : { fixed: ['P2'] }) },
        remediations: [
          { category: 'vendor_fix', details: 'Install 2.4.', product_ids: ['P1'], url: `${namespace}/2.4` },
        ],
        scores: [
          {
            products: ['P1'],
            cvss_v3: {
              version: '3.1',
              baseScore: base,
              baseSeverity: words[String(base)],
              vectorString: vectors[String(base)],
            },
          },
        ],
        ...(wanted.threats ? { threats: wanted.threats } : {}),
      },
    ],
  }
}

export const bytesOf = (document: unknown): Buffer => Buffer.from(JSON.stringify(document))

export interface Key {
  secret: PrivateKey
  armored: string
  fingerprint: string
}

export async function makeKey(): Promise<Key> {
  const { privateKey, publicKey } = await generateKey({
    userIDs: [{ name: 'Pumpy', email: 'psirt@pumpy.example' }],
    format: 'object',
    date: new Date(tuesday - 86_400_000),
  })
  return {
    secret: privateKey,
    armored: publicKey.armor(),
    fingerprint: publicKey.getFingerprint().toUpperCase(),
  }
}

export async function signed(document: Buffer, key: Key): Promise<string> {
  const message = await createMessage({ binary: new Uint8Array(document) })
  const armored = await sign({
    message,
    signingKeys: key.secret,
    detached: true,
    date: new Date(tuesday - 1000),
  })
  return String(armored)
}

export type Answering = (request: IncomingMessage, response: ServerResponse) => void

export interface Provider {
  host: string
  base: string
  /** Path -> what is answered: bytes, a text, or whatever the test does with the request. */
  files: Map<string, Buffer | string | Answering>
  /** Paths in the order in which they were asked for. */
  asked: string[]
  /** A document with what lies beside it. */
  publish(path: string, document: Buffer, key?: Key): Promise<void>
  /** Lists all published documents in a ROLIE feed and writes provider-metadata.json. */
  list(key?: Key, role?: string): void
  close(): Promise<void>
}

/** Answers 304 to whoever names the ETag it gave. */
export async function openProvider(): Promise<Provider> {
  const files: Provider['files'] = new Map()
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const file = files.get(path)
    if (typeof file === 'function') return file(request, response)
    if (file === undefined) return response.writeHead(404).end()
    const etag = `"${createHash('sha256').update(file).digest('hex').slice(0, 16)}"`
    if (request.headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end()
    return response.writeHead(200, { etag }).end(file)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const base = `http://${host}`
  const documents = new Map<string, string>()
  return {
    host,
    base,
    files,
    asked,
    publish: async (path, document, key) => {
      const said = JSON.parse(document.toString()) as {
        document: { tracking: { current_release_date: string } }
      }
      documents.set(path, said.document.tracking.current_release_date)
      files.set(path, document)
      files.set(`${path}.sha512`, `${createHash('sha512').update(document).digest('hex')}  ${path}\n`)
      if (key) files.set(`${path}.asc`, await signed(document, key))
    },
    list: (key, role = 'csaf_trusted_provider') => {
      const entry = [...documents].map(([path, updated]) => ({
        id: path,
        title: path,
        updated,
        link: [{ rel: 'self', href: `${base}${path}` }],
        content: { src: `${base}${path}`, type: 'application/json' },
      }))
      files.set('/feed.json', JSON.stringify({ feed: { id: 'x', title: 'x', entry } }))
      if (key) files.set('/key.asc', key.armored)
      files.set(
        '/provider-metadata.json',
        JSON.stringify({
          canonical_url: `${base}/provider-metadata.json`,
          metadata_version: '2.0',
          role,
          publisher: { category: 'vendor', name: 'Pumpy', namespace },
          distributions: [{ rolie: { feeds: [{ tlp_label: 'WHITE', url: `${base}/feed.json` }] } }],
          public_openpgp_keys: key ? [{ fingerprint: key.fingerprint, url: `${base}/key.asc` }] : [],
        }),
      )
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}
