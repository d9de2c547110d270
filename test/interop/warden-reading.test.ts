import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, type Hospital } from '../harness.ts'
import { eventOf, eventsOf, type Machines, openMachinesHere } from './machines.ts'
import type { Sender } from './sender.ts'

interface Page {
  lastid: number
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the events freely
  events: any[]
}

let here: Machines
const hospitals: Hospital[] = []
const wall = 'cz.hsoc.wall'
let sending: Sender
let readers: Record<'own' | 'sector' | 'all', Sender>

const read = async (reader: Sender, args: Record<string, unknown> = {}): Promise<Page> => {
  const answer = await reader.raw('getEvents', args)
  expect(answer.status, answer.body).toBe(200)
  return JSON.parse(answer.body)
}
const ids = (page: Page) => page.events.map((e) => e.ID)
const store = async (events: object[]): Promise<void> => {
  const { status, body } = await sending.raw('sendEvents', {}, JSON.stringify(events))
  expect(status, body).toBe(200)
  await here.condense()
}

beforeAll(async () => {
  here = await openMachinesHere()
  for (let i = 0; i < 6; i++)
    hospitals.push(await addHospital(here.db, `Nemocnice ${i} Výmysl`, [`192.0.2.${16 * i}/28`]))
  sending = here.sender(wall, { secret: await here.addSensor(wall, { rights: ['write'] }) })
  const reader = async (scope: 'own' | 'sector' | 'all', member: string | null) =>
    here.sender(`cz.hsoc.reader_${scope}`, {
      secret: await here.addSensor(`cz.hsoc.reader_${scope}`, { rights: ['read'], scope, member }),
    })
  readers = {
    own: await reader('own', 'Nemocnice 0 Výmysl'),
    sector: await reader('sector', 'Nemocnice 0 Výmysl'),
    all: await reader('all', null),
  }
})
afterAll(() => here.close())

describe('the corners of the cursor', () => {
  it('an empty log has the newest serial 0 and hides nothing that comes first', async () => {
    expect(await read(readers.all)).toEqual({ lastid: 0, events: [] })
    await store([eventOf(wall, 'first')])
    expect(ids(await read(readers.all))).toEqual(['first'])
  })

  it('a first call remembers the newest, the next goes on from there', async () => {
    expect((await read(readers.own)).events).toEqual([])
    await store(eventsOf(wall, 'on', 3, { Target: [{ IP4: ['192.0.2.1'] }] }))
    expect(ids(await read(readers.own))).toEqual(['on-0', 'on-1', 'on-2'])
    expect((await read(readers.own)).events).toEqual([])
  })

  it('negative ids count from the end, zero is only what comes next', async () => {
    const { lastid } = await read(readers.all, { id: 0 })
    expect(ids(await read(readers.all, { id: -2 }))).toEqual(['on-1', 'on-2'])
    expect(await read(readers.all, { id: 0 })).toEqual({ lastid, events: [] })
    expect(ids(await read(readers.all, { id: -1000 }))).toHaveLength(lastid)
    expect(ids(await read(readers.all, { id: '+2', count: 1 }))).toHaveLength(1)
  })

  it('count 0 moves nothing, a negative one is none, an id above the newest falls back to it', async () => {
    const { lastid } = await read(readers.all, { id: 1, count: 1 })
    expect(lastid).toBe(2)
    expect(await read(readers.all, { count: 0 })).toEqual({ lastid: 2, events: [] })
    expect((await read(readers.all, { count: -1 })).events.length).toBe(2)
    const newest = (await read(readers.all, { id: 0 })).lastid
    for (const id of [newest + 1, '9'.repeat(30)])
      expect(await read(readers.all, { id })).toEqual({ lastid: newest, events: [] })
    for (const id of ['abc', '1.5', '']) expect((await read(readers.all, { id })).lastid).toBe(newest)
  })

  it('lastid is the highest serial given, or the newest of all when nothing passed', async () => {
    await store([eventOf(wall, 'scan', { Category: ['Recon.Scanning'] }), ...eventsOf(wall, 'later', 3)])
    const newest = (await read(readers.all, { id: 0 })).lastid
    const scan = await read(readers.all, { id: 1, cat: 'Recon' })
    expect([ids(scan), scan.lastid]).toEqual([['scan'], newest - 3])
    expect(await read(readers.all, { id: newest - 3, cat: 'Recon' })).toEqual({ lastid: newest, events: [] })
  })

  it('keeps the place before the last answer, as that may be lost on the way', async () => {
    await read(readers.all, { id: 1, count: 2 })
    await read(readers.all, { count: 1 })
    const { rows } = await here.db.engine.query(
      `select serial, previous_serial from reader_cursors c join sensors s on s.id = c.sensor_id where s.name = 'cz.hsoc.reader_all'`,
    )
    expect(rows).toEqual([{ serial: 4, previous_serial: 3 }])
  })

  it('tells how many were purged before the reader came', async () => {
    await here.db.engine.query(
      'create temp table if not exists gone as select id from batches where first_serial <= 2',
    )
    const { rows } = await here.db.engine.query<{ id: number }>(
      'select id from batches where first_serial <= 2',
    )
    for (const table of ['events where batch_id', 'batches where id'])
      await here.db.engine.query(`delete from ${table} = any ($1)`, [rows.map((r) => r.id)])
    const answer = await readers.all.raw('getEvents', { id: 1 })
    expect(answer.headers['hsoc-gap']).toBe('3')
    expect(JSON.parse(answer.body).events.length).toBeGreaterThan(3)
    expect((await readers.all.raw('getEvents', { id: 4 })).headers['hsoc-gap']).toBeUndefined()
  })

  it('gives events line by line when asked, and waits for the next when asked', async () => {
    const lines = await readers.all.raw('getEvents', { id: -2, format: 'ndjson' })
    expect(
      lines.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).ID),
    ).toEqual(['later-1', 'later-2'])
    expect(lines.headers['hsoc-lastid']).toBe(String((await read(readers.all, { id: 0 })).lastid))
    const waiting = read(readers.all, { id: 0, wait: 30 })
    await new Promise((done) => setTimeout(done, 300))
    await store([eventOf(wall, 'awaited')])
    expect(ids(await waiting)).toEqual(['awaited'])
  })
})

describe('filters', () => {
  beforeAll(() =>
    store([
      eventOf(wall, 'f-login', { Category: ['Attempt.Login'] }),
      eventOf(wall, 'f-scan', { Category: ['Recon.Scanning', 'Attempt.Exploit'] }),
      eventOf(wall, 'f-odd', { Category: ['Recon.Odd', 'Test'] }),
      eventOf(wall, 'f-relay', {
        Node: [
          { Name: wall, Type: ['Relay'] },
          { Name: 'x', Type: ['Honeypot', 'Strange'] },
        ],
      }),
    ]),
  )
  const filtered = async (args: Record<string, unknown>) => ids(await read(readers.all, { id: -4, ...args }))

  it.each([
    [{}, ['f-login', 'f-scan', 'f-odd', 'f-relay']],
    [{ cat: 'Recon' }, ['f-scan', 'f-odd']],
    [{ cat: 'Recon.Scanning' }, ['f-scan']],
    [{ cat: ['Recon.Scanning', 'Test'] }, ['f-scan', 'f-odd']],
    [{ cat: 'Other' }, ['f-odd']],
    [{ nocat: 'Attempt' }, ['f-odd']],
    [{ tag: 'Honeypot' }, ['f-relay']],
    [{ tag: 'Other' }, ['f-relay']],
    [{ notag: 'Flow' }, ['f-relay']],
    [{ cat: 'Attempt.Login', notag: 'Honeypot' }, ['f-login']],
    [{ group: 'cz.hsoc' }, ['f-login', 'f-scan', 'f-odd', 'f-relay']],
    [{ group: 'cz.hso' }, []],
    [{ group: 'CZ.HSOC.wall' }, ['f-login', 'f-scan', 'f-odd', 'f-relay']],
    [{ nogroup: 'cz' }, []],
  ])('%j gives %j', async (args, expected) => {
    expect(await filtered(args)).toEqual(expected)
  })

  it('that contradict each other or name what is unknown are refused with what was asked', async () => {
    const refused = async (args: object) =>
      JSON.parse((await readers.all.raw('getEvents', { ...args })).body).errors
    expect(await refused({ cat: 'Recon', nocat: 'Test' })).toEqual([
      {
        error: 422,
        message: 'Unrealizable conditions. Choose cat or nocat option.',
        cat: ['Recon'],
        nocat: ['Test'],
      },
    ])
    expect(await refused({ cat: 'Recon.Foo' })).toEqual([
      { error: 422, message: 'Wrong tag or category used in query.', key: 'Recon.Foo' },
    ])
    expect(await refused({ notag: ['Flow', 'Nonsense'] })).toMatchObject([{ error: 422, key: 'Nonsense' }])
  })
})

describe('whose events a reader gets', () => {
  const green = { TLP: 'GREEN' }
  const at = (id: string, org: number, source: string, more: object = {}) =>
    eventOf(wall, id, {
      Source: [{ IP4: [source] }],
      Target: [{ IP4: [`192.0.2.${16 * org + 1}`], Port: [22] }],
      Note: 'kept from others',
      ...more,
    })
  const seenBy = async (...texts: string[]) => {
    await here.db.engine.query(
      `insert into sector_seen (key_id, family_id, hour, band, changed_at)
       select k.id, c.id, $2, '5-9', now() from source_keys k cross join (select id from classes limit 1) c where k.text = any ($1)`,
      [texts, Math.floor(here.now.ms / 3_600_000)],
    )
  }
  let start = 0
  beforeAll(async () => {
    start = (await read(readers.all, { id: 0 })).lastid
    await store([
      at('own', 0, '198.51.100.50'),
      at('wide', 1, '198.51.100.51', green),
      at('rare', 2, '198.51.100.52', green),
      at('amber', 3, '198.51.100.51'),
      at('red', 3, '198.51.100.51', { ...green, _HSOC: { Tlp: 'TLP:RED' } }),
      at('member', 4, '192.0.2.17', green),
      at('test', 1, '198.51.100.51', { ...green, Category: ['Test'] }),
      eventOf(wall, 'two', {
        ...green,
        Source: [
          {
            IP4: ['198.51.100.51', '198.51.100.99'],
            Hostname: ['pc7.nem-1.example'],
            MAC: ['00:11:22:33:44:55'],
          },
        ],
        Target: [{ IP4: ['192.0.2.33'] }],
        ConnCount: 3,
      }),
    ])
    await seenBy('198.51.100.51', '192.0.2.17')
  })

  it('own: only what concerns its organisation, for every filter and every id', async () => {
    const filters = [
      {},
      { cat: 'Attempt' },
      { nocat: 'Test' },
      { tag: 'Flow' },
      { notag: 'Honeypot' },
      { group: 'cz' },
      { nogroup: 'cz.other' },
      { cat: 'Attempt', tag: 'Flow', group: 'cz.hsoc' },
      { nocat: 'Recon', notag: 'Relay', nogroup: 'x' },
      { cat: 'Test' },
    ]
    for (const filter of filters)
      for (const id of [1, start, -1, -8, -1000, 0])
        for (const event of (await read(readers.own, { id, ...filter })).events)
          expect(event.Target?.[0].IP4[0], JSON.stringify([filter, id, event.ID])).toMatch(
            /^192\.0\.2\.(?:[0-9]|1[0-5])$/,
          )
    expect(ids(await read(readers.own, { id: start }))).toEqual(['own'])
  })

  it('all: everything', async () => {
    expect(ids(await read(readers.all, { id: start }))).toEqual([
      'own',
      'wide',
      'rare',
      'amber',
      'red',
      'member',
      'test',
      'two',
    ])
  })

  it('sector: of others only sources that five members met, without target, node and text', async () => {
    const { events } = await read(readers.sector, { id: start })
    expect(ids({ lastid: 0, events })).toEqual([
      'own',
      `hsoc-sector-${start + 2}`,
      `hsoc-sector-${start + 8}`,
    ])
    expect(events[0]).toMatchObject({ Note: 'kept from others', Target: [{ IP4: ['192.0.2.1'] }] })
    expect(events[1]).toEqual({
      Format: 'IDEA0',
      ID: `hsoc-sector-${start + 2}`,
      DetectTime: expect.any(String),
      Category: ['Attempt.Login'],
      Source: [{ IP4: ['198.51.100.51'] }],
    })
    expect(events[2].Source).toEqual([{ IP4: ['198.51.100.51'] }])
    expect(events[2].ConnCount).toBe(3)
    expect(ids(await read(readers.sector, { id: start, cat: 'Attempt' }))).toHaveLength(3)
  })

  it('sector: filters that would tell the node give own events only', async () => {
    for (const filter of [{ tag: 'Flow' }, { notag: 'Honeypot' }, { group: 'cz' }, { nogroup: 'x' }])
      expect(ids(await read(readers.sector, { id: start, ...filter }))).toEqual(['own'])
  })

  it('a reader of no organisation with scope own gets nothing', async () => {
    const key = await here.addSensor('cz.hsoc.nobodys', { rights: ['read'] })
    expect((await read(here.sender('x', { secret: key }), { id: 1 })).events).toEqual([])
  })

  it('gets what its own sensor sent, whomever it concerns', async () => {
    const mine = 'cz.hsoc.nem_0.probe'
    const probe = here.sender(mine, { secret: await here.addSensor(mine, { member: 'Nemocnice 0 Výmysl' }) })
    const before = (await read(readers.all, { id: 0 })).lastid
    await probe.sendEvents([eventOf(mine, 'by-mine', { Target: [{ IP4: ['203.0.113.5'] }] })])
    await here.condense()
    expect(ids(await read(readers.own, { id: before }))).toEqual(['by-mine'])
  })
})
