/** What comes in by a bearer key: every format and layout, what is refused and why, and who is let in. */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { disable } from '../../src/modules/events/sensors.ts'
import { Unavailable } from '../../src/platform/errors.ts'
import { tuesday } from '../harness.ts'
import { eventOf, eventsOf, type Machines, openMachinesHere, storedCount } from './machines.ts'
import { inPieces, ndjson, type Posting, post } from './poster.ts'

const name = 'cz.hsoc.nem_a.api1'
let here: Machines
let key: string
const send = (body: Parameters<typeof post>[1], more: Posting = {}) => post(here.port, body, { key, ...more })
const summary = (lines: number, more: object = {}) => ({
  lines,
  stored: lines,
  duplicate: 0,
  quarantined: 0,
  skipped: 0,
  blank: 0,
  conflicts: 0,
  errors: [],
  ...more,
})

beforeAll(async () => {
  here = await openMachinesHere()
  key = await here.addSensor(name, { rights: ['write'] })
})
afterAll(() => here.close())
beforeEach(async () => {
  here.now.ms = tuesday
  await here.db.engine.query(
    'delete from event_keys; delete from batches; delete from events; delete from matches; delete from requests; delete from rejects; delete from loss',
  )
})

describe('IDEA by a bearer key', () => {
  const three = eventsOf(name, 'i', 3)
  it.each<[string, string | Buffer, Posting]>([
    ['an array', JSON.stringify(three), { type: 'application/json' }],
    ['an array printed over lines', JSON.stringify(three, null, 2), {}],
    ['an array with one event a line', `[${three.map((e) => JSON.stringify(e)).join(',\n')}\n]\n`, {}],
    ['NDJSON', ndjson(three), { type: 'application/x-ndjson' }],
    ['NDJSON behind a mark of its encoding', `\uFEFF${ndjson(three)}`, { type: 'text/plain' }],
    ['NDJSON packed', ndjson(three), { gzip: true }],
    ['an array packed', JSON.stringify(three), { gzip: true, type: 'application/json; charset=utf-8' }],
    ['what curl says of any body', ndjson(three), { type: 'application/x-www-form-urlencoded' }],
    ['the format said in the query', ndjson(three), { type: 'image/png', query: '?format=idea' }],
  ])('comes as %s', async (_, body, more) => {
    expect(await send(body, more)).toMatchObject({ status: 200, body: summary(3) })
    expect(await storedCount(here.db)).toBe(3)
  })

  it.each([1, 7, 1_000])('comes in chunks of %i bytes, also in the middle of a character', async (size) => {
    const events = eventsOf(name, 'č', 5).map((e, i) => ({ ...e, ID: `s-${i}`, Note: 'Žďár nad Sázavou' }))
    expect((await send(inPieces(Buffer.from(ndjson(events)), size))).body).toEqual(summary(5))
    const packed = gzipSync(JSON.stringify(events))
    const again = await send(inPieces(packed, size), { headers: { 'content-encoding': 'gzip' } })
    expect(again.body).toEqual(summary(5, { stored: 0, duplicate: 5 }))
    // A packed file handed over as it lies there, without a word about it.
    expect((await send(inPieces(packed, size))).body).toEqual(again.body)
  })

  it('of more events than one batch is stored whole', async () => {
    const { status, body } = await send(ndjson(eventsOf(name, 'many', 1_234)), { gzip: true })
    expect([status, body]).toEqual([200, summary(1_234)])
    const { rows } = await here.db.engine.query<{ n: number }>('select n from batches order by id')
    expect(rows.map(({ n }) => n)).toEqual([500, 500, 234])
  })

  it('of another node gets the sensor put first and keeps its detector', async () => {
    await send(ndjson([eventOf('cz.elsewhere.honeypot', 'relayed')]))
    const { rows } = await here.db.engine.query(
      'select d.name from events e join detectors d on d.id = e.detector_id',
    )
    expect(rows).toEqual([{ name: 'cz.elsewhere.honeypot' }])
  })

  it('of other readers may lack Format and ID; a repetition is the same event', async () => {
    const { Format: _f, ID: _i, ...bare } = eventOf(name, 'x')
    expect((await send(ndjson([bare]))).body).toEqual(summary(1))
    expect((await send(ndjson([bare]))).body).toEqual(summary(1, { stored: 0, duplicate: 1 }))
  })

  it('of nothing is no error', async () => {
    for (const body of ['', '[]', '\n\n']) expect((await send(body)).status).toBe(200)
    expect(await storedCount(here.db)).toBe(0)
  })
})

describe('other formats', () => {
  const alert = {
    timestamp: '2026-03-03T08:50:11.482113+0100',
    event_type: 'alert',
    src_ip: '198.51.100.7',
    src_port: 51770,
    dest_ip: '192.0.2.10',
    dest_port: 3389,
    proto: 'TCP',
    alert: { action: 'blocked', gid: 1, signature_id: 9000123, rev: 4, signature: 'X', category: '' },
  }
  const flow = { timestamp: alert.timestamp, event_type: 'flow', src_ip: '198.51.100.7' }
  const table = 'src,dst,dpt,what,n\n198.51.100.7,192.0.2.10,22,login,14\n198.51.100.8,,,scan,\n'
  const simple = { src: '198.51.100.7', dst: '192.0.2.10', dpt: 22, what: 'login', n: 14, blocked: true }

  it.each<[string, string, Posting, object]>([
    ['EVE', ndjson([alert, flow]), { query: '?format=eve' }, summary(2, { stored: 1, skipped: 1 })],
    [
      'EVE',
      ndjson([alert, flow]),
      { type: 'application/vnd.suricata.eve+json' },
      summary(2, { stored: 1, skipped: 1 }),
    ],
    ['CSV', table, { type: 'text/csv; charset=utf-8' }, summary(2)],
    ['CSV', table, { query: '?format=csv', gzip: true }, summary(2)],
    ['generic NDJSON', ndjson([simple]), { query: '?format=simple' }, summary(1)],
    ['generic NDJSON', ndjson([simple]), { type: 'application/x-ndjson; profile=simple' }, summary(1)],
    ['a generic array', JSON.stringify([simple]), { query: '?format=SIMPLE' }, summary(1)],
  ])('%s is told by content type or query', async (_, body, more, told) => {
    const answer = await send(body, more)
    expect([answer.status, answer.body]).toEqual([200, told])
    const again = await send(body, more)
    expect(again.body).toMatchObject({ stored: 0, duplicate: (told as { stored: number }).stored })
  })

  it('a table keeps its good rows and names the bad one by its line', async () => {
    const { status, body } = await send(`${table}not an address,,,scan,\n`, { type: 'text/csv' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ stored: 2, quarantined: 1 })
    expect(body.errors).toEqual([{ index: 2, line: 4, id: null, reason: expect.stringMatching(/\w{3}/) }])
  })
})

describe('what is refused', () => {
  it('is named by index, id and reason, and what is good is kept', async () => {
    const body = JSON.stringify([
      eventOf(name, 'good-1'),
      eventOf(name, 'bad port', {}),
      eventOf(name, 'e-3', { Target: [{ Port: ['22'] }] }),
      7,
      eventOf(name, 'good-2'),
      { ...eventOf(name, 'e-6'), DetectTime: '2026-13-01T00:00:00Z' },
    ])
    const answer = await send(body)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ lines: 6, stored: 2, quarantined: 4 })
    expect(answer.body.errors).toEqual([
      { index: 1, line: 1, id: 'bad port', reason: expect.stringContaining('ID: ') },
      { index: 2, line: 1, id: 'e-3', reason: expect.stringContaining('Target/0/Port') },
      { index: 3, line: 1, id: null, reason: expect.stringContaining('JSON object') },
      { index: 5, line: 1, id: 'e-6', reason: expect.stringContaining('DetectTime') },
    ])
    expect(await storedCount(here.db)).toBe(2)
    const { rows } = await here.db.engine.query('select received, stored, refused from requests')
    expect(rows).toEqual([{ received: 6, stored: 2, refused: 4 }])
  })

  it('is named for each event of a batch, not for the first few', async () => {
    const events = eventsOf(name, 'n', 200).map((e, i) => (i % 2 ? { ...e, Category: ['a b'] } : e))
    const { body } = await send(ndjson(events))
    expect(body.errors.map((e: { index: number }) => e.index)).toEqual(
      Array.from({ length: 100 }, (_, i) => 2 * i + 1),
    )
    expect(body.errors[3]).toMatchObject({
      line: 8,
      id: 'n-7',
      reason: expect.stringContaining('Category/0'),
    })
  })

  it('in lines: the broken ones, whatever they hold', async () => {
    const latin = Buffer.from(
      JSON.stringify(eventOf(name, 'l', { Note: '?' })).replace('?', '\xe9'),
      'latin1',
    )
    const body = Buffer.concat([
      Buffer.from(ndjson([eventOf(name, 'a')])),
      Buffer.from('{"Format":"IDEA0","ID":\n'),
      latin,
      Buffer.from(`\n${JSON.stringify(eventOf(name, 'n', { Note: 'nul' })).replace('nul', '\0')}\n`),
      Buffer.from(ndjson([eventOf(name, 'b')])),
    ])
    const { status, body: told } = await send(body)
    expect(status).toBe(200)
    expect(told).toMatchObject({ stored: 2, quarantined: 3 })
    expect(told.errors.map((e: { line: number }) => e.line)).toEqual([2, 3, 4])
    for (const { reason } of told.errors) expect(reason).toMatch(/\w{3}/)
  })

  it('whole, when nothing of it can be read, is 400 with the reasons', async () => {
    const { status, body } = await send('certainly no event\n')
    expect([status, body.error, body.quarantined]).toEqual([400, 'nothing-readable', 1])
    expect(body.errors[0]).toMatchObject({ index: 0, line: 1, id: null })
  })
})

describe('who is let in', () => {
  const body = ndjson([eventOf(name, 'door')])
  it('nobody without a key, with a wrong one, or with the key in another place', async () => {
    const wrong: Posting[] = [
      {},
      { key: 'wrong' },
      { headers: { authorization: `Basic ${key}` } },
      { query: `?secret=${key}` },
    ]
    for (const more of wrong) expect((await post(here.port, body, more)).status).toBe(401)
    expect(await storedCount(here.db)).toBe(0)
  })

  it('no sensor that was disabled, and no key that was replaced', async () => {
    const gone = await here.addSensor('cz.hsoc.nem_a.gone', { rights: ['write'] })
    expect((await post(here.port, '', { key: gone })).status).toBe(200)
    await disable(here.db.engine, 'cz.hsoc.nem_a.gone', tuesday)
    await here.doors.known.refresh()
    expect((await post(here.port, body, { key: gone })).status).toBe(401)
  })

  it('no sensor that may only read', async () => {
    const reader = await here.addSensor('cz.hsoc.nem_a.reader', { rights: ['read'] })
    const { status, body: told } = await post(here.port, body, { key: reader })
    expect([status, told.error]).toEqual([403, 'forbidden'])
    expect(await storedCount(here.db)).toBe(0)
  })

  it('a sensor in its trial with tests only', async () => {
    const trial = await here.addSensor('cz.hsoc.nem_a.trial2', { rights: ['test'] })
    const both = ndjson([eventOf(name, 't-1'), eventOf(name, 't-2', { Category: ['Attempt.Login', 'Test'] })])
    const { status, body: told } = await post(here.port, both, { key: trial })
    expect([status, told.stored, told.quarantined]).toEqual([200, 1, 1])
    expect(told.errors).toEqual([{ index: 0, line: 1, id: 't-1', reason: expect.stringContaining('Test') }])
    const { rows } = await here.db.engine.query('select lane from events')
    expect(rows).toEqual([{ lane: 1 }])
  })

  it('no format and no packing that nobody knows', async () => {
    for (const more of [{ query: '?format=cef' }, { type: 'application/pdf' }]) {
      const { status, body: told } = await send(body, more)
      expect([status, told.error]).toEqual([415, 'format'])
      expect(told.message).toContain('idea')
    }
    const { status, body: told } = await send(body, { headers: { 'content-encoding': 'br' } })
    expect([status, told.error]).toEqual([415, 'encoding'])
  })

  it('no body that is packed wrongly or ends early, though what came before is kept', async () => {
    const wrong = await send('no gzip at all', { headers: { 'content-encoding': 'gzip' } })
    expect([wrong.status, wrong.body.error]).toEqual([400, 'gzip'])
    const packed = gzipSync(ndjson(eventsOf(name, 'cut', 2_000).map((e) => ({ ...e, Note: String(e.ID) }))))
    const half = await send(packed.subarray(0, -20), { headers: { 'content-encoding': 'gzip' } })
    expect([half.status, half.body.error]).toEqual([400, 'gzip'])
    expect(half.body.stored).toBe(await storedCount(here.db))
  })

  it('no body that unpacks from next to nothing, and none beyond the bound', async () => {
    async function* repeated(part: Buffer, times: number): AsyncGenerator<Buffer> {
      for (let n = 0; n < times; n++) yield part
    }
    const member = gzipSync(Buffer.alloc(32 * 1024 * 1024, ' '))
    const bomb = await send(repeated(member, 17), { headers: { 'content-encoding': 'gzip' } })
    expect([bomb.status, bomb.body.error]).toEqual([413, 'gzip-bomb'])
    const large = await send(repeated(Buffer.alloc(1024 * 1024, ' '), 520))
    expect([large.status, large.body.error]).toEqual([413, 'too-large'])
    expect(large.body.message).toContain('512 MiB')
  }, 120_000)

  it('nobody for a while, when too many come at once or nothing can be stored: 503, and never 429', async () => {
    let taken = 0
    while (here.doors.streams.take()) taken++
    const busy = await send(body)
    for (; taken > 0; taken--) here.doors.streams.give()
    expect([busy.status, busy.headers['retry-after'], busy.body.error]).toEqual([503, '10', 'unavailable'])
    const { intake } = here.doors
    let calls = 0
    here.doors.intake = {
      store: (received) => {
        if (++calls > 2) throw new Unavailable('away')
        return intake.store(received)
      },
    }
    const stopped = await send(ndjson(eventsOf(name, 'stop', 1_400)))
    here.doors.intake = intake
    expect([stopped.status, stopped.body.stored]).toEqual([503, 1_000])
    expect(await storedCount(here.db)).toBe(1_000)
    expect((await send(ndjson(eventsOf(name, 'stop', 1_400)))).body).toEqual(
      summary(1_400, { stored: 400, duplicate: 1_000 }),
    )
  })
})
