/** Files of events from the terminal, the figures they make, and what proves that the log and the figures agree. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

/** Yesterday: neither late nor from the future, whenever this runs. */
const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
const received = ['--received', `${day}T09:00:00Z`]

let db: TestDatabase
let place: Place
beforeAll(async () => {
  db = await createDatabase()
  await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/24'])
  await addHospital(db, 'Nemocnice Javorová', ['198.51.100.0/24'])
  place = openPlace(db.url)
  const add = [
    'sensor',
    'add',
    'cz.lipova.fw',
    '--member',
    'Nemocnice Lipová',
    '--rights',
    'write',
    '--secret',
  ]
  expect((await place.hsoc(add)).code).toBe(0)
  expect((await place.hsoc(['sensor', 'add', 'cz.reader', '--rights', 'read', '--secret'])).code).toBe(0)
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

const ingest = (format: string, what: string, ...more: string[]): string[] => [
  'ingest',
  ...['--sensor', 'cz.lipova.fw', '--format', format],
  ...received,
  ...more,
  what,
]
const kept = (name: string, content: string | Buffer): string => {
  const file = path.join(place.folder, name)
  writeFileSync(file, content)
  return file
}
const json = async (words: string[]) => JSON.parse((await place.hsoc([...words, '--json'])).out)

const csv = `time;src;dst;dpt;what;action
${day}T07:50:11Z;203.0.113.7;192.0.2.10;5900;scan;deny
${day}T07:50:12Z;203.0.113.8;192.0.2.10;22;login;permit
`
const idea = (id: string, source: string) => ({
  Format: 'IDEA0',
  ID: id,
  DetectTime: `${day}T08:10:00Z`,
  Category: ['Recon.Scanning'],
  Source: [{ IP4: [source] }],
  Target: [{ IP4: ['192.0.2.11'], Port: [23] }],
  Node: [{ Name: 'cz.lipova.fw', Type: ['Honeypot'] }],
})
const eve = {
  timestamp: `${day}T08:20:00.000001+0000`,
  event_type: 'alert',
  flow_id: 1,
  src_ip: '203.0.113.9',
  src_port: 40111,
  dest_ip: '192.0.2.12',
  dest_port: 443,
  proto: 'TCP',
  alert: {
    action: 'blocked',
    signature_id: 2010935,
    rev: 1,
    signature: 'SCAN',
    category: 'Attempted Information Leak',
    severity: 2,
  },
}

describe('a file of events', () => {
  it('knows a file of another format before anything of it is stored or counted, and says which', async () => {
    const count = async () =>
      (await db.engine.query('select (select count(*) from batches) + (select count(*) from audit) as n'))
        .rows
    const before = await count()
    const said = await place.hsoc(ingest('idea', kept('other.json', `${JSON.stringify(eve)}\n`)))
    expect(said).toMatchObject({ code: 1, out: '', err: expect.stringContaining('use --format eve') })
    expect(await count()).toEqual(before)
  })

  it('is taken as CSV from a file, and a second time changes nothing', async () => {
    const file = kept('events.csv', csv)
    const first = await json(ingest('csv', file))
    expect(first).toMatchObject({ lines: 2, stored: 2, duplicate: 0, quarantined: 0 })
    expect(await json(ingest('csv', file))).toMatchObject({ stored: 0, duplicate: 2 })
  })

  it('is taken as IDEA from standard input, packed or not', async () => {
    const lines = ['a-1', 'a-2'].map((id, at) => JSON.stringify(idea(id, `203.0.113.${20 + at}`))).join('\n')
    const said = await place.hsoc(ingest('idea', '-'), lines)
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/2 stored/) })
    const packed = kept('events.json.gz', gzipSync(lines))
    expect(await json(ingest('idea', packed))).toMatchObject({ stored: 0, duplicate: 2 })
  })

  it('is told in the words of the terminal, one line in the singular', async () => {
    const one = kept('one.json', JSON.stringify(idea('a-1', '203.0.113.20')))
    expect((await place.hsoc(ingest('idea', one))).out).toMatch(/^1 line: 0 stored, 1 known already\.$/m)
    const czech = openPlace(db.url, { LANG: 'cs_CZ.UTF-8' })
    expect((await czech.hsoc(ingest('idea', one))).out).toMatch(/^1 řádek: uloženo 0, již známo 1\.$/m)
    const two = path.join(place.folder, 'events.csv')
    expect((await czech.hsoc(ingest('csv', two))).out).toMatch(/^2 řádky: uloženo 0, již známo 2\.$/m)
    czech.remove()
  })

  it('older than 30 days says that it only counts, unless it is read as of its time', async () => {
    const at = (days: number) => new Date(Date.parse(`${day}T08:10:00Z`) - days * 86_400_000).toISOString()
    const old = (id: string, days: number) => ({ ...idea(id, '203.0.113.50'), DetectTime: at(days) })
    const mixed = JSON.stringify([old('o-1', 40), old('o-2', 41), old('o-3', 2)])
    const some = await place.hsoc(ingest('idea', '-'), mixed)
    expect(some.out).toMatch(/^2 stored events are more than 30 days old.* --received TIME$/m)
    expect((await place.hsoc(ingest('idea', '-'), mixed)).out).not.toMatch(/30 days/)
    const all = await place.hsoc(ingest('idea', '-'), JSON.stringify([old('o-4', 42)]))
    expect(all.out).toMatch(/^The 1 stored event is more than 30 days old/m)
    const words = ['ingest', '--sensor', 'cz.lipova.fw', '--json', '-']
    const said = async (id: string, ...more: string[]) =>
      JSON.parse((await place.hsoc([...words, ...more], JSON.stringify([old(id, 40)]))).out)
    expect(await said('o-5')).toMatchObject({ stored: 1, archived: 1 })
    expect(await said('o-6', '--received', at(40))).toMatchObject({ stored: 1, archived: 0 })
  })

  it('is taken as EVE, context left out', async () => {
    const lines = [eve, { ...eve, event_type: 'flow' }].map((one) => JSON.stringify(one)).join('\n')
    expect(await json(ingest('eve', kept('eve.json', lines)))).toMatchObject({ stored: 1, skipped: 1 })
  })

  it('with refused records ends with code 1 and names them, unless that is allowed', async () => {
    const broken = kept('broken.csv', `${csv}${day}T07:50:13Z;nowhere at all;192.0.2.10;22;login;permit\n`)
    const said = await place.hsoc(ingest('csv', broken))
    expect(said).toMatchObject({ code: 1, out: expect.stringMatching(/1 refused/) })
    expect(said.err).toMatch(/line 4.*source is missing/)
    expect((await place.hsoc(ingest('csv', broken, '--allow-rejects'))).code).toBe(0)
    const { rows } = await db.engine.query('select count(*)::int as n from rejects')
    expect(rows[0]?.n).toBeGreaterThan(0)
  })

  it.each([
    [['ingest', '--sensor', 'cz.lipova.fw', '/nowhere.json'], /There is no file \/nowhere\.json/],
    [['ingest', '--sensor', 'cz.lipova.fv', '-'], /Did you mean cz\.lipova\.fw/],
    [['ingest', '--sensor', 'cz.reader', '-'], /neither the right write nor test/],
    [['ingest', '--sensor', 'cz.lipova.fw', '--format', 'csv', '/'], /folder/],
  ])('%j says why it cannot', async (words, sentence) => {
    expect(await place.hsoc(words)).toMatchObject({ code: 1, err: expect.stringMatching(sentence) })
  })

  it('that is cut off keeps what came whole', async () => {
    const whole = gzipSync(
      `${JSON.stringify(idea('b-1', '203.0.113.40'))}\n`.repeat(1) +
        JSON.stringify(idea('b-2', '203.0.113.41')),
    )
    const cut = kept('cut.json.gz', whole.subarray(0, whole.length - 6))
    const said = await place.hsoc(ingest('idea', cut))
    expect(said.code).toBe(1)
    expect(said.err).toMatch(/Reading stopped/)
    expect(await json(ingest('idea', kept('again.json.gz', whole)))).toMatchObject({ quarantined: 0 })
  })
})

describe('a day', () => {
  it('has exactly the figures that scripts rely on', async () => {
    const figures = await json(['day', day])
    expect(Object.keys(figures)).toEqual([
      'events',
      'detections',
      'sources',
      'dropped_share',
      'dropped_known_share',
      'by_class',
      'by_hour',
    ])
    expect(figures).toMatchObject({ events: 7, sources: 7, dropped_share: 2 / 3 })
    // Days on which the clocks change have an hour less or more.
    expect([23, 24, 25]).toContain(figures.by_hour.length)
  })

  it('is asked for a member by name, and without events its share is null', async () => {
    expect(await json(['day', day, '--member', 'nemocnice lipová'])).toMatchObject({ events: 7 })
    expect(await json(['day', day, '--member', 'Nemocnice Javorová'])).toMatchObject({
      events: 0,
      dropped_share: null,
    })
    const wrong = await place.hsoc(['day', day, '--member', 'Nemocnice Lipova'])
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/Did you mean Nemocnice Lipová/) })
    expect((await place.hsoc(['day', day])).out).toMatch(/7 events/)
  })
})

describe('warnings', () => {
  it('come without a server and are listed for programs', async () => {
    const got = {
      ...idea('w-1', '192.0.2.66'),
      Category: ['Intrusion.Botnet'],
      Target: [{ IP4: ['203.0.113.99'] }],
    }
    const events = [got, { ...got, ID: 'w-2', Node: [{ Name: 'cz.lipova.second', Type: ['Flow'] }] }]
    expect((await place.hsoc(ingest('idea', '-'), JSON.stringify(events))).code).toBe(0)
    const list = await json(['warnings'])
    for (const one of list) {
      expect(one).toMatchObject({ title: { words: one.rule }, organisation: one.member })
      expect(one.link).toBe(`https://localhost:8443/warnings/${one.id}`)
      expect(one).toHaveProperty('source')
    }
    expect(list).toContainEqual(
      expect.objectContaining({
        rule: 'W1',
        member: 'Nemocnice Lipová',
        severity: expect.stringMatching(/high|critical/),
        titleText: expect.stringMatching(/\w+ \w+/),
        source: '192.0.2.66',
      }),
    )
    expect(await json(['warnings', '--member', 'Nemocnice Javorová'])).toEqual([])
    expect((await place.hsoc(['warnings', '--open'])).out).toMatch(/W1/)
    const czech = openPlace(db.url, { LANG: 'cs_CZ.UTF-8' })
    const [said] = JSON.parse((await czech.hsoc(['warnings', '--json'])).out)
    expect(said.titleText).not.toBe(list[0].titleText)
    czech.remove()
  })
})

describe('the log', () => {
  it('agrees with everything made from it, also when made anew', async () => {
    expect(await place.hsoc(['verify'])).toMatchObject({ code: 0, out: expect.stringMatching(/agree/) })
    expect(await place.hsoc(['rebuild', '--check'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/nothing changes/),
    })
  })

  it('a planted difference is found with code 1, and a rebuild puts it right', async () => {
    await db.engine.query(
      'update totals set events = events + 1 where ctid = (select ctid from totals limit 1)',
    )
    const found = await place.hsoc(['verify'])
    expect(found).toMatchObject({ code: 1, out: expect.stringMatching(/DIFFERS/) })
    expect((await place.hsoc(['verify', '--json', '--sums'])).code).toBe(1)
    expect((await place.hsoc(['rebuild', '--check'])).code).toBe(1)
    expect((await place.hsoc(['rebuild'])).code).toBe(0)
    expect((await place.hsoc(['verify'])).code).toBe(0)
    expect((await place.hsoc(['rebuild', '--from', '2026-03-04', '--to', '2026-03-03'])).code).toBe(2)
  })
})

describe('a made-up day', () => {
  it('goes into a file and from there through the same command', async () => {
    const out = path.join(place.folder, 'day.ndjson')
    const truth = path.join(place.folder, 'truth.ndjson')
    const words = ['simulate', '--day', day, '--events', '2000', '--out', out, '--truth', truth]
    expect((await place.hsoc(words)).code).toBe(0)
    const lines = readFileSync(out, 'utf8').trim().split('\n')
    expect(lines.length).toBe(2000)
    expect((await place.hsoc(['simulate', '--events', '2000'])).code).toBe(2)
  })
})
