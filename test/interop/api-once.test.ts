/** Exactly once, whatever the sender does, and the received bytes for whoever may have them. */
import { request } from 'node:https'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rebuild } from '../../src/modules/events/rebuild.ts'
import type { App } from '../../src/platform/http.ts'
import { addHospital, addPerson, type Hospital, tuesday } from '../harness.ts'
import { openEventPages, type Reader, readerOf, zone } from '../sector.ts'
import { eventOf, eventsOf, type Machines, openMachinesHere, storedCount } from './machines.ts'
import { ndjson, type Posting, post } from './poster.ts'

const name = 'cz.hsoc.nem_a.once1'
const day = 86_400_000
let here: Machines
let there: Machines
let horni: Hospital
let dolni: Hospital
let key: string
const send = (body: string | Buffer, more: Posting = {}) => post(here.port, body, { key, ...more })

beforeAll(async () => {
  here = await openMachinesHere()
  horni = await addHospital(here.db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
  dolni = await addHospital(here.db, 'Nemocnice Dolní Výmysl', ['192.0.2.128/25'])
  there = await openMachinesHere(here.db)
  key = await here.addSensor(name, { rights: ['write'], member: horni.name })
  await there.doors.known.refresh()
})
afterAll(async () => {
  await there.close()
  await here.close()
})
beforeEach(async () => {
  here.now.ms = tuesday
  there.now.ms = tuesday
  await here.db.engine.query(
    `delete from event_keys; delete from batches; delete from events; delete from matches; delete from requests; delete from rejects;
     delete from loss; delete from detections; delete from totals; delete from episodes; delete from days`,
  )
})

const account = async (): Promise<unknown> => {
  await here.condense()
  const { rows } = await here.db.engine.query(
    `select sum(received)::int as received, sum(stored)::int as stored, sum(duplicate)::int as duplicate, sum(refused)::int as refused,
       sum(conflict)::int as conflict from loss`,
  )
  return rows[0]
}
const perimeter = async (): Promise<number> =>
  Number(
    (
      await here.db.engine.query(
        'select coalesce(sum(events), 0) as n from totals where org_id = 0 and dim = 0',
      )
    ).rows[0]?.n,
  )

describe('exactly once', () => {
  it('the same batch twice, in another order, cut otherwise, spaced otherwise', async () => {
    const events = eventsOf(name, 'twice', 30)
    expect((await send(ndjson(events))).body.stored).toBe(30)
    for (const body of [
      ndjson(events),
      ndjson(events.toReversed()),
      JSON.stringify(events.slice(3, 20), null, 1),
      ndjson([...events.slice(5), ...events.slice(0, 9)]),
      ndjson(events.map((one) => Object.fromEntries(Object.entries(one).reverse()))),
    ]) {
      const { body: told } = await send(body)
      expect([told.stored, told.conflicts, told.duplicate]).toEqual([0, 0, told.lines])
    }
    expect(await storedCount(here.db)).toBe(30)
    expect(await account()).toMatchObject({ received: 171, stored: 30, duplicate: 141, refused: 0 })
    expect(await perimeter()).toBe(30)
  })

  it('an event that a batch holds twice is stored once', async () => {
    const { body } = await send(ndjson([eventOf(name, 'same'), eventOf(name, 'same')]))
    expect([body.stored, body.duplicate, await storedCount(here.db)]).toEqual([1, 1, 1])
    const other = { ...eventOf(name, 'pair'), Note: 'another' }
    const { body: two } = await send(ndjson([eventOf(name, 'pair'), other]))
    expect([two.stored, two.conflicts, two.duplicate]).toEqual([2, 1, 0])
  })

  it('the same id with another content is kept and marked; its repetition is a duplicate', async () => {
    await send(ndjson([eventOf(name, 'c')]))
    const other = ndjson([eventOf(name, 'c', { Source: [{ IP4: ['198.51.100.99'] }] })])
    expect((await send(other)).body).toMatchObject({ stored: 1, conflicts: 1, duplicate: 0 })
    for (const again of [other, ndjson([eventOf(name, 'c')])])
      expect((await send(again)).body).toMatchObject({ stored: 0, conflicts: 0, duplicate: 1 })
    const { rows } = await here.db.engine.query(
      'select (flags & 2) as conflict from events order by batch_id',
    )
    expect(rows).toEqual([{ conflict: 0 }, { conflict: 2 }])
    expect(await account()).toEqual({ received: 4, stored: 2, duplicate: 2, refused: 0, conflict: 1 })
  })

  it('the same id of another sensor is another event', async () => {
    const second = await here.addSensor('cz.hsoc.nem_a.once2', { rights: ['write'] })
    await send(ndjson([eventOf(name, 'ours')]))
    const { body } = await post(here.port, ndjson([eventOf(name, 'ours')]), { key: second })
    expect([body.stored, body.conflicts]).toEqual([1, 0])
  })

  it('over midnight and for thirty days, also after what is old was forgotten', async () => {
    const batch = ndjson(eventsOf(name, 'night', 5))
    here.now.ms = Date.UTC(2026, 2, 3, 22, 59, 59)
    expect((await send(batch)).body.stored).toBe(5)
    for (const ms of [here.now.ms + 2_000, here.now.ms + 3_700_000, here.now.ms + 30 * day - 60_000]) {
      here.now.ms = ms
      const { purge } = await import('../../src/modules/events/retention.ts')
      await here.condense()
      await purge(here.db, 1, 'Europe/Prague', ms)
      expect((await send(batch)).body).toMatchObject({ stored: 0, duplicate: 5 })
    }
    expect(await storedCount(here.db)).toBe(5)
    expect(await perimeter()).toBe(5)
  })

  it('a batch whose answer never came, or whose end was never sent, is sent again whole', async () => {
    const events = eventsOf(name, 'half', 1_200)
    const body = ndjson(events)
    await new Promise<void>((resolve) => {
      const call = request({
        host: '127.0.0.1',
        port: here.port,
        path: '/api/v1/events',
        method: 'POST',
        agent: false,
        rejectUnauthorized: false,
        headers: { authorization: `Bearer ${key}`, 'transfer-encoding': 'chunked' },
      })
      call.on('error', () => {}).on('close', () => resolve())
      call.write(ndjson(events.slice(0, 700)))
      const wait = setInterval(async () => {
        if ((await storedCount(here.db)) < 500) return
        clearInterval(wait)
        call.destroy()
      }, 20)
    })
    const { status, body: told } = await send(body)
    expect([status, told.stored + told.duplicate]).toEqual([200, 1_200])
    expect(told.duplicate).toBeGreaterThanOrEqual(500)
    expect(await storedCount(here.db)).toBe(1_200)
    await here.condense()
    expect(await perimeter()).toBe(1_200)
  })

  it('two nodes that take the same batches at once', async () => {
    const bodies = [0, 1, 2, 3].map((n) => ndjson(eventsOf(name, `two-${n}`, 300)))
    const mixed = ndjson([0, 1, 2, 3].flatMap((n) => eventsOf(name, `two-${n}`, 300)).toReversed())
    const answers = await Promise.all(
      [...bodies, mixed].flatMap((body) => [
        post(here.port, body, { key }),
        post(there.port, body, { key }),
        post(there.port, body, { key, gzip: true }),
      ]),
    )
    for (const { status, body } of answers) {
      expect([status, body.conflicts]).toEqual([200, 0])
      expect(body.stored + body.duplicate).toBe(body.lines)
    }
    expect(answers.reduce((sum, { body }) => sum + body.stored, 0)).toBe(1_200)
    expect(await storedCount(here.db)).toBe(1_200)
    await Promise.all([here.condense(), there.condense()])
    await here.condense()
    expect(await perimeter()).toBe(1_200)
    expect(await account()).toMatchObject({ received: 7_200, stored: 1_200, duplicate: 6_000 })
  })
})

describe('the received bytes', () => {
  let app: App
  let readers: Record<'coordinator' | 'owner' | 'concerned' | 'stranger' | 'nobody', Reader>
  beforeAll(async () => {
    const { context } = here
    app = await openEventPages(context)
    const strangers = await addHospital(here.db, 'Nemocnice Cizí Výmysl', ['203.0.113.0/24'])
    const as = async (who: string, org: Hospital | null) =>
      readerOf(app, context, await addPerson(here.db, who, [[org ? 'admin' : 'coordinator', org]]))
    readers = {
      coordinator: await as('Petra Koordinátorová', null),
      owner: await as('Jan Majitel', horni),
      concerned: await as('Eva Dotčená', dolni),
      stranger: await as('Karel Cizí', strangers),
      nobody: await readerOf(app, context, null),
    }
  })
  afterAll(() => app.close())

  const files = async (): Promise<string[]> => {
    const { rows } = await here.db.engine.query<{ url: string }>(
      `select format('/events/%s/%s.json', batch_id, idx) as url from events order by batch_id, idx`,
    )
    return rows.map(({ url }) => url)
  }
  const gotten = async (reader: Reader, url: string): Promise<string | number> => {
    const { status, body } = await reader.get(url)
    return status === 200 ? body : status
  }

  it('are given back exactly: unknown keys, escapes, odd times, odd spaces, repeated keys', async () => {
    const dull = JSON.stringify(eventOf(name, 'dull'))
    const texts = [
      dull.replace('{', '{ "_Odd":{"k\\u0000":["\\u0000","\\ud800"],"n":1.50e+03},\t'),
      dull
        .replace('"dull"', '"odd-time"')
        .replace(/"DetectTime":"[^"]*"/, '"DetectTime":"2026-03-03 07:50:11"'),
      dull
        .replace('"dull"', '"nano"')
        .replace(/"DetectTime":"[^"]*"/, '"DetectTime" : "2026-03-03t08:50:11.123456789+01:00"'),
      dull.replace('"dull"', '"old"').replace(/"DetectTime":"[^"]*"/, '"DetectTime":"1970-01-01T00:00:00Z"'),
      dull.replace('"dull"', '"twice"').replace('"Source":', '"source":[],"Note":"a","Note":"b","Source":'),
      dull.replace('"dull"', '"big"').replace('{', '{"ByteCount":123456789012345678901234567890,'),
      dull.replace('"dull"', '"text"').replace('{', '{"Note":"příliš žluťoučký \\u202e\\n","x":"</script>",'),
    ]
    const { body } = await send(`\n${texts.join('  \r\n')}\r\n`)
    expect(body).toMatchObject({ stored: texts.length, quarantined: 0 })
    const urls = await files()
    const got = await Promise.all(urls.map((url) => gotten(readers.coordinator, url)))
    expect(got).toEqual(texts)
  })

  it('of a second content under one id are given back too, and rows of tables and records of profiles', async () => {
    await send(ndjson([eventOf(name, 'c')]))
    const other = JSON.stringify(eventOf(name, 'c', { Note: 'other' }))
    await send(other)
    await send('src;what\r\n"198.51.100.7";scan\r\n198.51.100.8;login\r\n', { type: 'text/csv' })
    const record = '{ "src":"198.51.100.9" ,"what":"scan","mine":"\\u0000"}'
    await send(`[\n${record}\n]`, { query: '?format=simple' })
    const got = await Promise.all((await files()).map((url) => gotten(readers.coordinator, url)))
    expect(got.slice(1)).toEqual([other, '"198.51.100.7";scan', '198.51.100.8;login', record])
  })

  it('of a table whose first rows came before are read anew by its header', async () => {
    await send('src;what\n198.51.100.7;scan\n', { type: 'text/csv' })
    await send('src;what\n198.51.100.7;scan\n198.51.100.8;login\n', { type: 'text/csv' })
    expect(await account()).toMatchObject({ stored: 2, duplicate: 1 })
    const done = await rebuild(here.db, { zone, check: true }, here.now.ms)
    expect([done.unreadable, done.examples]).toEqual([0, []])
  })

  it('go to the concerned, to the sensor’s owner and to coordinators alone', async () => {
    const own = eventOf(name, 'o', { Target: [{ IP4: ['192.0.2.10'] }] })
    const theirs = eventOf(name, 't', { Target: [{ IP4: ['192.0.2.200'] }] })
    await send(ndjson([own, theirs]))
    const urls = await files()
    const seen = async (reader: Reader) => Promise.all(urls.map((url) => gotten(reader, url)))
    const both = [JSON.stringify(own), JSON.stringify(theirs)]
    expect(await seen(readers.coordinator)).toEqual(both)
    expect(await seen(readers.owner)).toEqual(both)
    expect(await seen(readers.concerned)).toEqual([404, both[1]])
    expect(await seen(readers.stranger)).toEqual([404, 404])
    expect((await seen(readers.nobody)).every((status) => status === 401 || status === 303)).toBe(true)
  })
})
