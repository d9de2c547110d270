/** Bodies that no sensor should send, at the doors of a running program: named errors, bounded memory, and work goes on. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import { ask, type Question, type Reply } from './asking.ts'
import { condensed, send, sendWarden } from './away.ts'
import { openProgram, type Program, peakOf } from './program.ts'
import { chance, eventOf, type Sector, settle } from './sector.ts'

const MB = 1024 * 1024

function* repeated(piece: Buffer | string, bytes: number): Generator<Buffer> {
  const block = Buffer.alloc(MB, piece)
  for (let sent = 0; sent < bytes; sent += block.length) yield block.subarray(0, bytes - sent)
}

function* framed(head: string, parts: Iterable<Buffer>, tail: string): Generator<Buffer> {
  yield Buffer.from(head)
  yield* parts
  yield Buffer.from(tail)
}

async function* dripping(text: string, everyMs: number): AsyncGenerator<Buffer> {
  for (const letter of Buffer.from(text)) {
    yield Buffer.of(letter)
    await pause(everyMs)
  }
}

const packed = (parts: Iterable<Buffer>): Readable => Readable.from(parts).pipe(createGzip({ level: 9 }))

interface Doors {
  api(body: Question['body'], headers?: Record<string, string>, more?: Partial<Question>): Promise<Reply>
  warden(body: Question['body'], more?: Partial<Question>): Promise<Reply>
  event(id: string, more?: object): object
}

function doorsOf(program: Program, { sensors }: Sector): Doors {
  const [api, , warden] = sensors
  const timeoutMs = 180_000
  return {
    api: (body, headers = {}, more = {}) =>
      ask({
        port: program.sensorPort,
        path: '/api/v1/events?format=idea',
        headers: { authorization: `Bearer ${api.secret}`, ...headers },
        body,
        timeoutMs,
        ...more,
      }),
    warden: (body, more = {}) =>
      ask({
        port: program.sensorPort,
        path: `/warden3/sendEvents?secret=${warden.secret}`,
        body,
        timeoutMs,
        ...more,
      }),
    event: (id, more = {}) => ({ ...eventOf(api.name, id, chance(1), Date.now()), ...more }),
  }
}

/** What must come of it: the status, and words of the answer. */
interface Trial {
  name: string
  ask(doors: Doors): Promise<Reply>
  status: number[]
  says: RegExp
  /** Takes minutes; left out of the short run. */
  long?: true
}

const json = 'application/json'
const deep = '['.repeat(100_000) + ']'.repeat(100_000)
const utf16 = (value: unknown): Buffer => Buffer.from(`\ufeff${JSON.stringify(value)}`, 'utf16le')

const trials: Trial[] = [
  {
    name: 'an array that is cut off',
    ask: (d) => d.api(JSON.stringify([d.event('cut-1')]).slice(0, -30), { 'content-type': json }),
    status: [400],
    says: /quarantined|unreadable|end|cut/i,
  },
  {
    name: 'a Warden array that is cut off',
    ask: (d) => d.warden(JSON.stringify([d.event('cut-2')]).slice(0, -30)),
    status: [400],
    says: /"error":400/,
  },
  {
    name: 'a gzip stream that is cut off',
    ask: async (d) => {
      const whole = Buffer.concat(await packed([Buffer.from(JSON.stringify(d.event('cut-3')))]).toArray())
      return d.api(whole.subarray(0, whole.length - 12), { 'content-encoding': 'gzip' })
    },
    status: [400],
    says: /"gzip"|"cut-off"|gzip/,
  },
  {
    name: 'a body of 1 GB without any sense',
    ask: (d) => d.api(Readable.from(repeated('x', 1024 * MB)), { 'content-type': 'application/x-ndjson' }),
    status: [400, 413],
    says: /too-large|nothing-readable/,
    long: true,
  },
  {
    name: 'a Warden body of 1 GB',
    ask: (d) => d.warden(Readable.from(framed('["', repeated('x', 1024 * MB), '"]'))),
    status: [413, 507],
    says: /Too much/,
    long: true,
  },
  {
    name: 'a body of 100 MB in one record',
    ask: (d) => d.api(Readable.from(framed('{"ID":"', repeated('y', 100 * MB), '"}'))),
    status: [400, 413],
    says: /too-large|nothing-readable|larger|long/,
  },
  {
    name: 'a gzip bomb of 2 GB',
    ask: (d) => d.api(packed(repeated('\n', 2048 * MB)), { 'content-encoding': 'gzip' }),
    status: [413],
    says: /"gzip-bomb"/,
  },
  {
    name: 'a gzip bomb of one string',
    ask: (d) =>
      d.api(packed(framed('{"ID":"', repeated(' ', 600 * MB), '"}')), { 'content-encoding': 'gzip' }),
    status: [400, 413],
    says: /"gzip-bomb"|"too-large"|nothing-readable/,
  },
  {
    name: 'an array of a million elements',
    ask: (d) => d.api(Readable.from(framed('[1', repeated(',1', 2_000_000), ']')), { 'content-type': json }),
    status: [400],
    says: /nothing-readable/,
  },
  {
    name: 'a Warden array of a million elements',
    ask: (d) => d.warden(Readable.from(framed('[1', repeated(',1', 2_000_000), ']'))),
    status: [400, 413, 460, 500, 507],
    says: /"errors":\[/,
  },
  {
    name: 'JSON of a hundred thousand levels',
    ask: (d) => d.api(`[${deep}]`, { 'content-type': json }),
    status: [400],
    says: /nothing-readable/,
  },
  {
    name: 'a Warden event of a hundred thousand levels',
    ask: (d) => d.warden(`[{"Format":"IDEA0","ID":"deep","Note":${deep}}]`),
    status: [400, 460],
    says: /"errors":\[/,
  },
  {
    name: 'UTF-16',
    ask: (d) => d.api(utf16([d.event('wide')]), { 'content-type': json }),
    status: [400],
    says: /nothing-readable/,
  },
  {
    name: 'UTF-16 at the Warden door',
    ask: (d) => d.warden(utf16([d.event('wide')])),
    status: [400],
    says: /"error":400/,
  },
  {
    name: 'broken UTF-8 and Latin 1 in names of keys',
    ask: (d) => d.api(Buffer.from('{"ID":"\xe9\xff","N\xe1zev":1}\n', 'latin1')),
    status: [400],
    says: /nothing-readable/,
  },
  {
    name: 'bytes of no meaning',
    ask: (d) => d.api(Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))),
    status: [400],
    says: /nothing-readable/,
  },
  {
    name: 'an encoding that is not known',
    ask: (d) => d.api('x', { 'content-encoding': 'br' }),
    status: [415],
    says: /"encoding"/,
  },
  {
    name: 'no gzip at all',
    ask: (d) => d.api('plain words', { 'content-encoding': 'gzip' }),
    status: [400],
    says: /"gzip"/,
  },
]

/** What is odd and yet taken; `refused` are lines of it that are not. */
const taken: { name: string; refused: number; lines(doors: Doors): Buffer }[] = [
  {
    name: 'clocks years off',
    refused: 0,
    lines: (d) =>
      Buffer.from(
        ['1970-01-01T00:00:00Z', '1999-12-31T23:59:59Z', '2038-01-19T03:14:08Z', '2199-01-01T00:00:00Z']
          .map((at, i) => `${JSON.stringify(d.event(`clock-${i}`, { DetectTime: at }))}\n`)
          .join(''),
      ),
  },
  {
    name: 'NUL inside a text, and beside it a line that is no UTF-8',
    refused: 1,
    lines: (d) => {
      const [nul, broken] = [d.event('nul', { Note: 'a\u0000b' }), d.event('broken', { Note: 'caf#' })]
      const bytes = Buffer.from(`${JSON.stringify(nul)}\n${JSON.stringify(broken)}\n`)
      bytes[bytes.lastIndexOf('#')] = 0xe9
      return bytes
    },
  },
]

/** Half a body and then silence, in several connections, does not keep others from being served. */
async function slowWriters(program: Program, doors: Doors, sector: Sector): Promise<void> {
  const slow = new AbortController()
  const line = `${JSON.stringify(doors.event('slow'))}\n`.repeat(20)
  const writers = Array.from({ length: 12 }, () =>
    doors.api(Readable.from(dripping(line, 100), { signal: slow.signal })).catch(() => null),
  )
  await pause(500)
  assert.equal((await send(program, sector, 'beside-slow')).status, 200, 'a good request beside slow writers')
  assert.equal((await sendWarden(program, sector, 'beside-slow')).status, 200)
  slow.abort()
  await pause(100)
  void writers
}

/** More than these kilobytes no process of ours may ever have held; a body of 1 GB kept in memory shows. */
const most = { intake: 800 * 1024, pages: 400 * 1024 }

export const badInput = (long: boolean) =>
  async function badInput(say: (sentence: string) => void): Promise<string> {
    const program = await openProgram()
    try {
      await program.start()
      const sector = await settle(program)
      const doors = doorsOf(program, sector)
      const family = program.family()
      let good = 0
      for (const trial of trials.filter((one) => long || !one.long)) {
        const reply = await trial.ask(doors).catch((error: Error) => {
          throw new Error(`${trial.name}: ${error.message}`)
        })
        const answer = `${reply.status} ${reply.text.slice(0, 300)}`
        say(`${trial.name}: ${answer.slice(0, 110)}`)
        assert.ok(trial.status.includes(reply.status), `${trial.name}: ${answer}`)
        assert.match(reply.text, trial.says, `${trial.name}: ${answer}`)
        assert.equal((await send(program, sector, `good-${good++}`)).status, 200, `after ${trial.name}`)
      }
      for (const { name, refused, lines } of taken) {
        const body = lines(doors)
        const { status, text } = await doors.api(body)
        assert.equal(status, 200, `${name}: ${text}`)
        const { stored, lines: read } = JSON.parse(text)
        assert.equal(stored, read - refused, `${name}: ${text}`)
      }
      await slowWriters(program, doors, sector)
      assert.deepEqual(program.family(), family, 'a process ended')
      const peaks = { intake: peakOf(family.intake ?? 0), pages: peakOf(family.pages ?? 0) }
      for (const kind of ['intake', 'pages'] as const)
        assert.ok(peaks[kind] < most[kind], `${kind} held ${peaks[kind] >> 10} MB`)
      await condensed(program, null)
      return `${trials.length + taken.length} kinds of bodies; the intake held at most ${peaks.intake >> 10} MB, the pages ${peaks.pages >> 10} MB`
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${program.said().slice(-2_000)}`, { cause: error })
    } finally {
      await program.remove()
    }
  }
