import { describe, expect, it } from 'vitest'
import { accountOf, eventOf, eventsOf, storedCount } from './machines.ts'
import { batch, errorsOf, openDoor } from './warden-door.ts'

const name = 'cz.hsoc.nem_a.suri1'
const door = openDoor(name)
const { post } = door

describe('the stock client over mutual TLS 1.3', () => {
  it('asks for the limits and sends 1, 500, 501 and 1,700 events', async () => {
    await door.here.addSensor('cz.hsoc.nem_a.cert1', { secret: false, rights: ['read', 'write'] })
    const cert = await door.here.certificate('cz.hsoc.nem_a.cert1')
    const calls: number[] = []
    const client = door.here.sender('cz.hsoc.nem_a.cert1', { cert, onRequest: (_, n) => void calls.push(n) })
    expect(await client.getInfo()).toEqual({
      version: '3.0-hsoc',
      send_events_limit: 500,
      get_events_limit: 1000,
      description: 'hSOC event hub',
    })
    for (const n of [1, 500, 501, 1700])
      expect(await client.sendEvents(eventsOf('cz.hsoc.nem_a.cert1', `n${n}`, n))).toEqual({
        saved: n,
        errors: [],
      })
    expect(calls).toEqual([0, 1, 500, 500, 1, 500, 500, 500, 200])
    expect(await storedCount(door.here.db)).toBe(2702)
  })
})

describe('a batch', () => {
  it('is stored, and its retry changes nothing', async () => {
    const two = [eventOf(name, 'e-1'), eventOf(name, 'e-2')]
    const first = await post(two, { run: 'k3', seq: 17 })
    expect([first.status, first.body, first.headers['hsoc-batch']]).toEqual([
      200,
      '{"saved":2}',
      batch(2, 2, 0, 0, 0),
    ])
    const again = await post(two, { run: 'k3', seq: 17 })
    expect([again.status, again.body, again.headers['hsoc-batch']]).toEqual([
      200,
      '{"saved":2}',
      batch(2, 0, 2, 0, 0),
    ])
    expect(await storedCount(door.here.db)).toBe(2)
  })

  it('keeps its good event when another has a number as text for a port', async () => {
    const bad = eventOf(name, 'e-3', { Target: [{ IP4: ['192.0.2.10'], Port: ['22'] }] })
    const answer = await post([bad, eventOf(name, 'e-4')])
    expect(answer.status).toBe(460)
    const [error, ...others] = errorsOf(answer)
    expect(others).toEqual([])
    expect(error).toMatchObject({ error: 460, events: [0], events_id: ['e-3'] })
    expect(error.message).toContain('Target/0/Port')
    expect(error.expected).toBeTruthy()
    expect(answer.headers['hsoc-batch']).toBe(batch(2, 1, 0, 1, 0))
    expect(await storedCount(door.here.db)).toBe(1)
    const { rows } = await door.here.db.engine.query('select event_id, code, line from rejects')
    expect(rows).toEqual([{ event_id: 'e-3', code: 460, line: 0 }])
  })

  it('names every violation of one event by its one index', async () => {
    const answer = await post([eventOf(name, 'e-x', { Confidence: 7, Category: ['no good'] })])
    expect(errorsOf(answer).map((e: { events: number[] }) => e.events)).toEqual([[0], [0]])
    expect(answer.headers['hsoc-batch']).toBe(batch(1, 0, 0, 1, 0))
  })

  it('of a foreign node is refused, of a relay is stored with the last node as detector', async () => {
    const foreign = await post([eventOf('cz.hsoc.nem_b.other', 'e-5')])
    expect(errorsOf(foreign)).toEqual([
      { error: 422, message: 'Node does not correspond with saving client', events: [0], events_id: ['e-5'] },
    ])
    for (const Node of [[], undefined, [{ Type: ['Flow'] }]]) {
      const [error] = errorsOf(await post([eventOf(name, 'e-n', { Node })]))
      expect(error).toMatchObject({
        error: 422,
        message: 'Event does not bear valid Node attribute',
        events: [0],
      })
    }
    const Node = [
      { Name: name.toUpperCase(), Type: ['Relay'] },
      { Name: 'cz.nem_a.honeypot3', Type: ['Honeypot'] },
    ]
    expect((await post([eventOf(name, 'e-7', { Node })])).status).toBe(200)
    const { rows } = await door.here.db.engine.query(
      'select d.name from events e join detectors d on d.id = e.detector_id',
    )
    expect(rows).toEqual([{ name: 'cz.nem_a.honeypot3' }])
  })

  it('of a test client must say Test', async () => {
    const key = await door.here.addSensor('cz.hsoc.nem_a.trial', { rights: ['test'] })
    const trial = door.here.sender('cz.hsoc.nem_a.trial', { secret: key })
    const plain = eventOf('cz.hsoc.nem_a.trial', 'e-6')
    const answer = await trial.raw(
      'sendEvents',
      {},
      JSON.stringify([plain, { ...plain, ID: 'e-6t', Category: ['Test'] }]),
    )
    expect(errorsOf(answer)).toEqual([
      {
        error: 422,
        message: 'You\'re allowed to send only messages, containing "Test" among categories.',
        categories: ['Attempt.Login'],
        events: [0],
        events_id: ['e-6'],
      },
    ])
    expect(await storedCount(door.here.db)).toBe(1)
  })

  it('above the limit gives its tail back with what else is wrong, and the client sends only the tail again', async () => {
    const events: Record<string, unknown>[] = eventsOf(name, 'big', 503)
    delete (events[1] as Record<string, unknown>).ID
    const answer = await post(events)
    expect(answer.status).toBe(500)
    const errors = errorsOf(answer)
    const tail = errors.find((e: { error: number }) => e.error === 507)
    expect(tail).toMatchObject({
      send_events_limit: 500,
      events: [500, 501, 502],
      events_id: ['big-500', 'big-501', 'big-502'],
    })
    const bad = errors.find((e: { error: number }) => e.error === 460)
    expect(bad).toMatchObject({ events: [1], events_id: [null] })
    expect(answer.headers['hsoc-batch']).toBe(batch(503, 499, 0, 1, 3))
    const calls: number[] = []
    const greedy = door.here.sender(name, {
      secret: door.secret,
      sendEventsLimit: 5000,
      onRequest: (_, n) => void calls.push(n),
    })
    const outcome = await greedy.sendEvents(events)
    expect(outcome.errors.map((e) => e.events)).toEqual([[1]])
    expect(calls).toEqual([503, 3])
    expect(greedy.limit()).toBe(500)
    expect(await storedCount(door.here.db)).toBe(502)
  })

  it('never has an index in a final and a passing error', async () => {
    const events = eventsOf(name, 'mix', 1200).map((e, i) => (i % 3 === 0 ? { ...e, Category: 'Test' } : e))
    const seen = new Map<number, Set<number>>()
    for (const { error, events: at } of errorsOf(await post(events)))
      for (const i of at) seen.set(i, (seen.get(i) ?? new Set()).add(Math.floor(error / 100)))
    expect(seen.size).toBe(167 + 700)
    for (const [, kinds] of seen) expect(kinds.has(4) && kinds.has(5)).toBe(false)
  })

  it('of elements that are no events refuses each, as the client must not come again with them', async () => {
    const answer = await post([1, 'a', null, [], eventOf(name, 'good')])
    expect(answer.status).toBe(460)
    expect(
      errorsOf(answer).map((e: { events: number[]; events_id: unknown[] }) => [e.events, e.events_id]),
    ).toEqual([
      [[0], [null]],
      [[1], [null]],
      [[2], [null]],
      [[3], [null]],
    ])
    expect(answer.headers['hsoc-batch']).toBe(batch(5, 1, 0, 4, 0))
  })

  it('has a request number of 32 bits and the method as asked', async () => {
    const { method, req_id } = JSON.parse((await post('{')).body)
    expect(method).toBe('sendEvents')
    expect(Number.isInteger(req_id) && req_id >= 0 && req_id < 2 ** 32).toBe(true)
  })

  it('keeps the bytes that came: unknown keys, NUL, odd spaces', async () => {
    const text = JSON.stringify(eventOf(name, 'bytes', { _Odd: { 'k\u0000': ['\u0000'] } })).replaceAll(
      '":',
      '" :  ',
    )
    expect((await post(`[ ${text} ]`)).status).toBe(200)
    const { rows } = await door.here.db.engine.query<{ raw_len: number }>('select raw_len from events')
    expect(rows).toEqual([{ raw_len: Buffer.byteLength(text) }])
  })

  it('is counted, each sum balanced, also with names of keys that no database holds', async () => {
    let deep: unknown = 1
    for (let i = 0; i < 40; i++) deep = { '\u0000\ud800': deep }
    await post([eventOf(name, 'ok'), eventOf(name, 'deep', { _Odd: deep })], {
      run: 'r\u0000',
      seq: 3,
      lost: '99999999999999',
    })
    await post(eventsOf(name, 'tail', 501))
    const { rows } = await door.here.db.engine.query<
      Record<'received' | 'stored' | 'duplicate' | 'refused' | 'deferred', number>
    >('select received, stored, duplicate, refused, deferred, run, seq, lost from requests order by id')
    for (const r of rows) expect(r.received).toBe(r.stored + r.duplicate + r.refused + r.deferred)
    expect(rows[0]).toMatchObject({ received: 2, stored: 1, refused: 1, run: 'r_', seq: 3, lost: 1_000_000 })
    expect(rows[1]).toMatchObject({ received: 501, stored: 500, deferred: 1 })
  })
})

describe('the account of a sender that numbers its batches', () => {
  it('tells what never came, what came twice and what it lost itself', async () => {
    const client = door.here.sender('cz.hsoc.nem_a.counts', {
      secret: await door.here.addSensor('cz.hsoc.nem_a.counts'),
    })
    const send = (seq: number, id: string, lost = 0) =>
      client.raw(
        'sendEvents',
        { run: 'k3', seq, lost },
        JSON.stringify([eventOf('cz.hsoc.nem_a.counts', id)]),
      )
    for (const seq of [1, 2, 5, 2, 6]) await send(seq, `s${seq}`, seq === 5 ? 37 : 0)
    await client.raw('sendEvents', {}, '[{"ID":"bad"}]')
    await door.here.condense()
    const from = new Date(door.here.now.ms - 3_600_000).toISOString()
    const to = new Date(door.here.now.ms + 3_600_000).toISOString()
    const loss = JSON.parse((await client.raw('getLoss', { from, to })).body)
    expect(loss).toEqual({
      client: 'cz.hsoc.nem_a.counts',
      batches: { announced: 6, received: 4, retries: 1, missing: [[3, 4]] },
      events: { received: 6, saved: 4, duplicate: 1, rejected: 1, deferred: 0, lost_at_sender: 37 },
      rejected: { '460': 1 },
      silent: [],
      id_conflicts: 0,
    })
    expect(accountOf(batch(6, 4, 1, 1, 0)).received).toBe(6)
  })
})
