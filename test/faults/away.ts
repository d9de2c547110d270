/** PostgreSQL away and back: what sensors and people are told meanwhile, and that nobody has to restart anything. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { startPostgres } from '../../src/platform/postgres.ts'
import { ask, type Reply } from './asking.ts'
import { isAlive, kill9, openProgram, type Program, until } from './program.ts'
import { chance, eventOf, type Sector, settle } from './sector.ts'

/** One moment for all, so that the same identifiers always come with the same content. */
const began = Date.now()

const batch = (sensor: string, prefix: string, n = 5): object[] => {
  const random = chance(n)
  return Array.from({ length: n }, (_, i) => eventOf(sensor, `${prefix}-${i}`, random, began))
}

/** One batch through the JSON door. */
export const send = (program: Program, { sensors }: Sector, prefix: string, n?: number): Promise<Reply> =>
  ask({
    port: program.sensorPort,
    path: '/api/v1/events?format=idea',
    headers: { authorization: `Bearer ${sensors[0].secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(batch(sensors[0].name, prefix, n)),
  })

/** One batch through the Warden door. */
export const sendWarden = (program: Program, { sensors }: Sector, prefix: string): Promise<Reply> =>
  ask({
    port: program.sensorPort,
    path: `/warden3/sendEvents?secret=${sensors[2].secret}`,
    body: JSON.stringify(batch(sensors[2].name, prefix)),
  })

const page = (program: Program, url: string): Promise<Reply> =>
  ask({ port: program.port, path: url, headers: { accept: 'text/html', cookie: 'hsoc_session=any' } })

/** Everything that is asked for says that it is our trouble and that it will pass. */
async function refusesKindly(program: Program, sector: Sector): Promise<void> {
  const api = await send(program, sector, 'away')
  assert.equal(api.status, 503, `the JSON door answered ${api.status} ${api.text}`)
  assert.ok(Number(api.headers['retry-after']) > 0, 'the JSON door names no time to come again')
  assert.equal(JSON.parse(api.text).error, 'unavailable')
  const warden = await sendWarden(program, sector, 'away')
  assert.equal(warden.status, 503, `the Warden door answered ${warden.status} ${warden.text}`)
  assert.ok(Number(warden.headers['retry-after']) > 0, 'the Warden door names no time to come again')
  const [error] = JSON.parse(warden.text).errors
  assert.equal(error.error, 503)
  assert.deepEqual(error.events, [0, 1, 2, 3, 4])
  const shown = await page(program, '/')
  assert.equal(shown.status, 503, `the first page answered ${shown.status}`)
  assert.match(shown.text, /<h1/)
  assert.doesNotMatch(shown.text, /ECONNREFUSED|terminat|at async/)
  const ready = await ask({ port: program.port, path: '/health/ready' })
  assert.deepEqual([ready.status, ready.text], [503, '{"ready":false}'])
  assert.equal((await ask({ port: program.port, path: '/health/live' })).status, 200)
}

export async function databaseAway(say: (sentence: string) => void): Promise<void> {
  const folder = await openProgram()
  const options = { dataDir: path.join(folder.dir, 'elsewhere'), log: () => {}, supervise: false }
  let server = await startPostgres(options)
  const program = await openProgram({ HSOC_DATABASE_URL: server.url })
  try {
    await program.start()
    const sector = await settle(program)
    assert.equal((await send(program, sector, 'before')).status, 200)
    const family = program.family()
    const before = server.port
    await server.stop()
    say('PostgreSQL is stopped')
    await refusesKindly(program, sector)
    server = await startPostgres({ ...options, port: before })
    say('PostgreSQL is back')
    await until(
      'the pages are ready again',
      async () => (await ask({ port: program.port, path: '/health/ready' })).status === 200,
    )
    await until('events are taken again', async () => (await send(program, sector, 'away')).status === 200)
    assert.equal((await sendWarden(program, sector, 'away')).status, 200)
    const shown = await page(program, '/sign-in')
    assert.equal(shown.status, 200)
    assert.deepEqual(program.family(), family, 'a process ended while the database was away')
    await condensed(program, 15)
    assert.ok(Object.values(family).every(isAlive))
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${program.said().slice(-2_000)}`, { cause: error })
  } finally {
    await program.remove()
    await server.stop()
    rmSync(options.dataDir, { recursive: true, force: true })
    await folder.remove()
  }
}

/** Somebody else takes PostgreSQL's port while it is down: it comes back on another one, and all processes find it. */
export async function databaseMoved(say: (sentence: string) => void): Promise<void> {
  const program = await openProgram()
  const squatter = net.createServer((socket) => socket.destroy())
  try {
    await program.start()
    const sector = await settle(program)
    assert.equal((await send(program, sector, 'before')).status, 200)
    const port = Number(readFileSync(path.join(program.dir, 'data', 'postgres', 'port'), 'utf8'))
    kill9([program.postmaster() as number])
    await until(
      'the port is free',
      () =>
        new Promise<boolean>((done) => {
          squatter.once('error', () => done(false))
          squatter.listen(port, '127.0.0.1', () => done(true))
        }),
    )
    say(`port ${port} is taken by another program`)
    // While the processes start anew nobody listens for a moment.
    const is200 = (asked: Promise<Reply>): Promise<boolean> =>
      asked.then(
        ({ status }) => status === 200,
        () => false,
      )
    await until('events are taken again', () => is200(send(program, sector, 'after')))
    await until('pages are shown again', () => is200(page(program, '/sign-in')))
    await condensed(program, 10)
    assert.notEqual(Number(readFileSync(path.join(program.dir, 'data', 'postgres', 'port'), 'utf8')), port)
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${program.said().slice(-2_000)}`, { cause: error })
  } finally {
    await new Promise((done) => squatter.close(done))
    await program.remove()
  }
}

/** Waits until everything is condensed, and holds the log against the sums; `events`, where known, is what the log must hold. */
export async function condensed(program: Program, events: number | null): Promise<void> {
  await until('everything stored is condensed', async () => {
    const { status, out, err } = await program.hsoc(['verify', '--json'])
    if (out === '') throw new Error(`hsoc verify failed (${status}): ${err}`)
    const { waiting, outcomes, ok, checks } = JSON.parse(out)
    if (waiting > 0) return false
    assert.ok(ok, `the sums differ from the log: ${JSON.stringify(checks)}`)
    const sum = Object.values(outcomes as Record<string, number>).reduce((all, n) => all + n, 0)
    if (events !== null) assert.equal(sum, events, 'events in the log')
    return true
  })
}
