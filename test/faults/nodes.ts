/** Two nodes on one database: what one accepted the other one shows, what one learned the other one knows. */
import assert from 'node:assert/strict'
import https from 'node:https'
import path from 'node:path'
import { startPostgres } from '../../src/platform/postgres.ts'
import { ask, type Reply } from './asking.ts'
import { condensed, send, sendWarden } from './away.ts'
import { openProgram, type Program, until } from './program.ts'
import { known, type Sector, settle } from './sector.ts'

function signIn({ port }: Program, email: string, password: string): Promise<Reply> {
  return ask({
    port,
    path: '/sign-in',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    body: new URLSearchParams({ email, password }).toString(),
  })
}

/** Live news of a page that is open at a node. */
function listen({ port }: Program, cookie: string): { heard(): string; close(): void } {
  let heard = ''
  const request = https.get(
    { host: '127.0.0.1', port, path: '/live', agent: false, rejectUnauthorized: false, headers: { cookie } },
    (response) => {
      heard += `status ${response.statusCode}\n`
      response.on('data', (piece: Buffer) => {
        heard += piece.toString()
      })
      response.on('error', () => {})
    },
  )
  request.on('error', () => {})
  return { heard: () => heard, close: () => request.destroy() }
}

async function liveNews(a: Program, b: Program, sector: Sector): Promise<void> {
  const answer = await signIn(a, sector.email, sector.password)
  assert.equal(answer.status, 303, `signing in answered ${answer.status}`)
  const cookie = String(answer.headers['set-cookie']?.[0]).split(';')[0] as string
  const live = listen(a, cookie)
  try {
    await until('the page listens', () => live.heard().includes('retry: 3000'))
    await condensed(a, 0)
    const before = live.heard().length
    assert.equal((await send(b, sector, 'live')).status, 200)
    await until('A tells of what B accepted', () => live.heard().slice(before).includes('"derived"'))
    const day = await ask({ port: a.port, path: '/', headers: { cookie, accept: 'text/html' } })
    assert.equal(day.status, 200, 'a session begun at A is good there')
    const there = await ask({ port: b.port, path: '/', headers: { cookie, accept: 'text/html' } })
    assert.equal(there.status, 200, 'a session begun at A is good at B')
  } finally {
    live.close()
  }
}

/** The same batches at the same moment to both, through both doors: each event is stored once. */
async function sameBatch(a: Program, b: Program, sector: Sector): Promise<void> {
  for (let round = 0; round < 10; round++) {
    const replies = await Promise.all([
      send(a, sector, `same-${round}`, 50),
      send(b, sector, `same-${round}`, 50),
    ])
    const sums = replies.map((reply) => JSON.parse(reply.text) as { stored: number; duplicate: number })
    assert.deepEqual(
      [sums.map((one) => one.stored + one.duplicate), sums.reduce((sum, one) => sum + one.stored, 0)],
      [[50, 50], 50],
      JSON.stringify(sums),
    )
    const warden = await Promise.all([
      sendWarden(a, sector, `both-${round}`),
      sendWarden(b, sector, `both-${round}`),
    ])
    assert.deepEqual(
      warden.map((reply) => JSON.parse(reply.text).saved),
      [5, 5],
    )
  }
}

/** Wrong passwords at B slow down A, also for the right one. */
async function sharedSlowDown(a: Program, b: Program, { email, password }: Sector): Promise<void> {
  let refused: Reply | null = null
  for (let i = 0; i < 12 && refused?.status !== 429; i++) refused = await signIn(b, email, `guess ${i}`)
  assert.equal(refused?.status, 429, 'B never slowed guessing down')
  assert.equal((await signIn(a, email, password)).status, 429, 'A let in whom B had slowed down')
}

export async function twoNodes(say: (sentence: string) => void): Promise<void> {
  const folder = await openProgram()
  const server = await startPostgres({ dataDir: path.join(folder.dir, 'elsewhere'), log: () => {} })
  const shared = { HSOC_DATABASE_URL: server.url, HSOC_SECRET: 'one-secret-for-both-nodes-0123456789abcd' }
  const [a, b] = [await openProgram(shared), await openProgram(shared)]
  try {
    await Promise.all([a.start(), b.start()])
    say('Both nodes run, started at the same moment on an empty database')
    const sector = await settle(a)
    await known(b, sector)
    await liveNews(a, b, sector)
    await sameBatch(a, b, sector)
    await sharedSlowDown(a, b, sector)
    await condensed(b, 5 + 10 * 55)
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${(a.said() + b.said()).slice(-2_000)}`, { cause: error })
  } finally {
    await Promise.all([a.remove(), b.remove()])
    await server.stop()
    await folder.remove()
  }
}
