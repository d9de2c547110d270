import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { condense } from '../../src/modules/events/condense.ts'
import { disable } from '../../src/modules/events/sensors.ts'
import { eventsOf, type Machines, openMachinesHere } from './machines.ts'
import type { Sender } from './sender.ts'

interface Page {
  lastid: number
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the events freely
  events: any[]
}

let here: Machines
let reader: Sender

const read = async (reader: Sender, args: Record<string, unknown> = {}): Promise<Page> => {
  const answer = await reader.raw('getEvents', args)
  expect(answer.status, answer.body).toBe(200)
  return JSON.parse(answer.body)
}
const ids = (page: Page) => page.events.map((e) => e.ID)

beforeAll(async () => {
  here = await openMachinesHere()
  reader = here.sender('cz.hsoc.reader_all', {
    secret: await here.addSensor('cz.hsoc.reader_all', { rights: ['read'], scope: 'all', member: null }),
  })
  // Place 0 means "only what comes next"; with an event in the log the readers below begin behind it.
  const first = here.sender('cz.hsoc.first', { secret: await here.addSensor('cz.hsoc.first') })
  await first.sendEvents(eventsOf('cz.hsoc.first', 'first', 1))
  await here.condense()
})
afterAll(() => here.close())

describe('events that were sent in other formats', () => {
  it('are read as IDEA, also after their sensor is gone', async () => {
    const name = 'cz.hsoc.nem_0.csv1'
    const key = await here.addSensor(name)
    const before = (await read(reader, { id: 0 })).lastid
    const csv =
      'time;src;dst;dport;what\n2026-03-03T07:00:00Z;198.51.100.7;192.0.2.3;22;login\n2026-03-03T07:01:00Z;198.51.100.8;192.0.2.3;23;login\n'
    const post = async (format: string, body: string) => {
      const { request } = await import('node:https')
      return new Promise<number>((resolve, reject) => {
        const call = request(
          {
            host: '127.0.0.1',
            port: here.port,
            path: `/api/v1/events?format=${format}`,
            method: 'POST',
            rejectUnauthorized: false,
            agent: false,
            headers: { authorization: `Bearer ${key}`, 'content-encoding': 'gzip' },
          },
          (response) => resolve(response.resume().statusCode ?? 0),
        )
        call.on('error', reject).end(gzipSync(body))
      })
    }
    expect(await post('csv', csv)).toBe(200)
    expect(
      await post(
        'idea',
        `{"DetectTime":"2026-03-03T07:02:00Z","Category":["Recon.Scanning"],"Source":[{"IP4":["198.51.100.9"]}]}`,
      ),
    ).toBe(200)
    await disable(here.db.engine, name, here.now.ms)
    await here.condense()
    const { events } = await read(reader, { id: before })
    expect(events.map((e) => [e.Format, e.Node[0].Name, e.Source[0].IP4])).toEqual([
      ['IDEA0', name, ['198.51.100.7']],
      ['IDEA0', name, ['198.51.100.8']],
      ['IDEA0', name, ['198.51.100.9']],
    ])
  })
})

describe('eight writers and a reader that polls', () => {
  it('lose nothing, repeat nothing, skip no serial', async () => {
    const before = (await read(reader, { id: 0 })).lastid
    const writers = await Promise.all(
      Array.from({ length: 8 }, async (_, w) => {
        const name = `cz.hsoc.many.w${w}`
        return here.sender(name, { secret: await here.addSensor(name) })
      }),
    )
    let writing = true
    const condensing = (async () => {
      while (writing) await condense(here.db, 'Europe/Prague', here.now.ms, 50)
      await here.condense()
    })()
    const work = Promise.all(
      writers.map(async (writer, w) => {
        for (let b = 0; b < 12; b++)
          expect(
            (await writer.sendEvents(eventsOf(`cz.hsoc.many.w${w}`, `w${w}-b${b}`, 1 + (b % 7)))).errors,
          ).toEqual([])
      }),
    ).finally(() => {
      writing = false
    })
    const found: string[] = []
    let id = before
    const poll = async (): Promise<void> => {
      const page = await read(reader, { id: Math.max(id, 1), count: 17 })
      expect(page.lastid).toBeGreaterThanOrEqual(id)
      // Every serial is an event of ours here, so a page that skips one would show it.
      if (page.events.length > 0) expect(page.lastid - Math.max(id, 1)).toBe(page.events.length)
      id = page.lastid
      found.push(...ids(page))
    }
    while (writing) await poll()
    await Promise.all([work, condensing])
    for (let n = -1; n !== found.length; ) {
      n = found.length
      await poll()
    }
    const sent = 8 * Array.from({ length: 12 }, (_, b) => 1 + (b % 7)).reduce((a, b) => a + b)
    expect([found.length, new Set(found).size]).toEqual([sent, sent])
  })
})
