/** A blocklist of ten thousand entries as a firewall fetches it, against the same bytes as a static file of the same server; and how soon a decision is in it. */
import { rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { hashToken, newToken } from '../src/platform/sessions.ts'
import { spread } from './reader.ts'
import type { Figure, Options } from './report.ts'
import { type Server, startServer } from './server.ts'
import { openStage, type Stage } from './stage.ts'
import { median, quantile, rounded, since } from './statistics.ts'

const entries = 10_000
const rounds = 500
const warming = 50
const decisions = 20
const perMinute = 600
/** Served as a style would be; the program looks for its files when it starts. */
const fileName = `bench-${process.pid}.txt`
const filePath = path.join(import.meta.dirname, '../dist/assets', fileName)

/** Of nobody in the stage, and of no range that is never listed. */
const addressOf = (n: number): string => `11.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`

export async function measureBlocklist(_options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0, prefixes: 0 })
  try {
    const key = `hse_${newToken()}`
    await addFirewall(stage, key)
    await addItems(stage, entries)
    const listed = Array.from({ length: entries }, (_, n) => `${addressOf(n)}\n`).sort()
    writeFileSync(filePath, listed.join(''))
    const server = await startServer(stage)
    try {
      await until(server, key, (text) => text.length === listed.join('').length)
      const [lists, files]: [number[], number[]] = [[], []]
      // By turns, so that what else the machine does falls on both alike.
      for (let round = 0; round < warming + rounds; round++) {
        if (round % (perMinute / 2) === 0)
          await stage.owner.query('update blocklist_devices set minute_n = 0')
        const list = await get(server, `/edl/${key}/ip.txt`)
        const file = await get(server, `/assets/${fileName}`)
        if (list.text !== file.text) throw new Error('the list is not what was listed')
        if (round < warming) continue
        lists.push(list.ms)
        files.push(file.ms)
      }
      say(`${rounds} of each, ${listed.join('').length} bytes`)
      const changes = await decide(stage, server, key)
      return figuresOf(lists, files, changes)
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(filePath, { force: true })
    await stage.close()
  }
}

async function addFirewall(stage: Stage, key: string): Promise<void> {
  await stage.owner.query(
    `insert into blocklist_devices (org_id, label, key_hash, expires_at, made_at, per_minute) values ($1, 'bench', $2, now() + interval '1 day', now(), $3)`,
    [stage.ids.values().next().value, hashToken(key), perMinute],
  )
}

/** What a coordinator would have entered, from the `from`th on. */
async function addItems(stage: Stage, n: number, from = 0): Promise<void> {
  const values = Array.from({ length: n }, (_, i) => addressOf(from + i))
  await stage.owner.query(
    `insert into blocklist_sources (item_id, source, ref, observers, readers, added_at, seen_at, ends_at)
     select blocklist_put('ip', v, now()), 'coordinator', 0, 1, '{2,4,5,6}', now(), now(), now() + interval '7 days' from unnest($1::text[]) as v`,
    [values],
  )
  await stage.owner.query(
    `update blocklist_items set ends_at = now() + interval '7 days' where value = any ($1)`,
    [values],
  )
  await stage.owner.query(
    `select announce('blocklists', case when $1 then '' else 'item ' || id end) from blocklist_items where value = $2`,
    [n > 1, addressOf(from)],
  )
}

/** Milliseconds from the commit of an entry until a fetch holds it. */
async function decide(stage: Stage, server: Server, key: string): Promise<number[]> {
  const taken: number[] = []
  for (let n = 0; n < decisions; n++) {
    await addItems(stage, 1, entries + n)
    const from = performance.now()
    await stage.owner.query('update blocklist_devices set minute_n = 0')
    await until(server, key, (text) => text.includes(`${addressOf(entries + n)}\n`))
    taken.push(since(from))
  }
  return taken
}

async function until(server: Server, key: string, holds: (text: string) => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { text } = await get(server, `/edl/${key}/ip.txt`).catch(() => ({ text: '' }))
    if (holds(text)) return
    await new Promise((done) => setTimeout(done, 25))
  }
  throw new Error('the list never came to hold what was decided')
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

function get({ httpPort }: Server, url: string): Promise<{ ms: number; text: string }> {
  const from = performance.now()
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port: httpPort, path: url, agent, timeout: 60_000 })
    request.on('timeout', () => request.destroy(new Error('no answer in a minute')))
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      response.on('end', () =>
        response.statusCode === 200
          ? resolve({ ms: since(from), text })
          : reject(new Error(`${url.replace(/hse_[^/]+/, 'KEY')} answered ${response.statusCode}`)),
      )
    })
  })
}

function figuresOf(lists: number[], files: number[], changes: number[]): Figure[] {
  const detail = { list_ms: spread(lists), file_ms: spread(files), entries }
  return [
    {
      name: 'blocklist',
      what: 'a blocklist of ten thousand entries until its last byte, against the same bytes as a static file of the same server; medians',
      value: rounded(median(lists) / median(files)),
      unit: '×',
      must: 5,
      aim: 2,
      smaller: true,
      detail,
    },
    {
      name: 'blocklist p95',
      what: 'the same in milliseconds, p95',
      value: rounded(quantile(lists, 0.95)),
      unit: 'ms',
      must: null,
      aim: 50,
      smaller: true,
      detail,
    },
    {
      name: 'blocklist change',
      what: 'a decision until a fetch holds it, in milliseconds, the slowest',
      value: rounded(Math.max(...changes)),
      unit: 'ms',
      must: null,
      aim: 1_000,
      smaller: true,
      detail: { change_ms: spread(changes) },
    },
  ]
}
