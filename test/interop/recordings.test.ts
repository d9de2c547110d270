/**
 * Recordings of real sensors go in through the public door and by the command line; what the daily view, the log and
 * the accounts then say was counted beforehand on exactly these files.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { categoryOfClass } from '../../src/modules/events/classes.ts'
import { openLabeller } from '../../src/modules/events/labels.ts'
import { type DayFigures, dayFigures } from '../../src/modules/events/queries/index.ts'
import { rebuild } from '../../src/modules/events/rebuild.ts'
import { verify } from '../../src/modules/events/verify.ts'
import { asActor } from '../../src/platform/access.ts'
import type { Day } from '../../src/platform/dates.ts'
import { addHospital, addPerson } from '../harness.ts'
import { type Machines, openMachinesHere } from './machines.ts'
import { inPieces, type Posted, post } from './poster.ts'
import { ingest, recording } from './recordings.ts'

const zone = 'Europe/Prague'
const labrea = recording('idea/labrea-2016-09-01-first750.ndjson')
const halfA = recording('eve/ctu-background-half-a.ndjson')
const torture = recording('eve/suricata-7.0.10-parser-torture.ndjson')
const heralding = recording('honeypots/heralding-20000.json.gz')
const cisco = recording('honeypots/cisco-asa-extract-with-broken-lines.json.txt')
const lists = recording('warninglists/lists')
const ipsum = recording('ipsum/level-3.txt')
const ideas = recording('idea/SOURCE.md')

/** The figures of every day that the log speaks of, by the day, as a coordinator sees them. */
async function daysOf(here: Machines): Promise<Map<string, DayFigures>> {
  const { rows } = await here.db.engine.query<{ day: Day }>('select day from days order by day')
  const actor = coordinators.get(here)
  if (!actor) throw new Error('a coordinator comes with each stage')
  const figures = new Map<string, DayFigures>()
  for (const { day } of rows)
    figures.set(
      day,
      await asActor(here.db, actor, here.now.ms, (tx) =>
        dayFigures(tx, { day, zone, org: null, now: here.now.ms }),
      ),
    )
  return figures
}
const coordinators = new Map<Machines, Awaited<ReturnType<typeof addPerson>>>()

async function stage(now: string): Promise<Machines> {
  const here = await openMachinesHere()
  here.now.ms = Date.parse(now)
  coordinators.set(here, await addPerson(here.db, 'Petra Koordinátorová', [['coordinator', null]]))
  return here
}

const one = async (here: Machines, sql: string): Promise<Record<string, unknown>> =>
  (await here.db.engine.query(sql)).rows[0] ?? {}

/** Both doors in turn: what the second brings is known already, and nothing changes. */
async function bothWays(
  here: Machines,
  { file, format, sensor }: { file: string; format: string; sensor: string },
): Promise<{ answer: Posted; byHand: Awaited<ReturnType<typeof ingest>> }> {
  const key = await here.addSensor(sensor, { rights: ['write'] })
  const body = readFileSync(file)
  const answer = await post(here.port, inPieces(body, 65_536), {
    key,
    query: `?format=${format}`,
    headers: file.endsWith('.gz') ? { 'content-encoding': 'gzip' } : {},
  })
  await here.condense()
  const byHand = await ingest(here.context, ['--sensor', sensor, '--format', format, file])
  return { answer, byHand }
}

/** Log and sums agree, and counting anew gives the same. */
async function expectSound(here: Machines): Promise<void> {
  const found = await verify(here.db, { zone })
  expect(found.checks.filter((check) => check.differing > 0)).toEqual([])
  expect([found.ok, found.waiting]).toEqual([true, 0])
  const again = await rebuild(here.db, { zone, check: true }, here.now.ms)
  expect(again.differing).toEqual({ events: 0, detections: 0, totals: 0, episodes: 0 })
  expect(again.unreadable).toBe(0)
}

describe.skipIf(labrea.missing)('a minute of a tarpit', () => {
  let here: Machines
  let ways: Awaited<ReturnType<typeof bothWays>>
  beforeAll(async () => {
    here = await stage('2016-09-01T00:02:00Z')
    await addHospital(here.db, 'Nemocnice Horní Výmysl', ['192.0.2.0/24'])
    ways = await bothWays(here, { file: labrea.file, format: 'idea', sensor: 'cz.hsoc.relay' })
  })
  afterAll(() => here?.close())

  it('is accepted whole by both doors, the second time as known', () => {
    expect([ways.answer.status, ways.answer.body]).toMatchObject([
      200,
      { lines: 750, stored: 750, duplicate: 0, quarantined: 0 },
    ])
    expect([ways.byHand.code, ways.byHand.summary]).toMatchObject([
      0,
      { lines: 750, stored: 0, duplicate: 750, quarantined: 0 },
    ])
  })

  it('gives a day of 750 events, 191 sources, one with 464, as many pairs of source and kind', async () => {
    const days = await daysOf(here)
    expect([...days.keys()]).toEqual(['2016-09-01'])
    const day = days.get('2016-09-01') as DayFigures
    expect([day.events, day.sources]).toEqual([750, 191])
    const { rows } = await here.db.engine.query<{ key: string; cls: string }>(
      'select k.text as key, c.name as cls from events e join source_keys k on k.id = e.key_id join classes c on c.id = e.class_id',
    )
    const pairs = (of: (cls: string) => string) =>
      new Set(rows.map(({ key, cls }) => `${key} ${of(cls)}`)).size
    expect(pairs((cls) => categoryOfClass(cls).category)).toBe(191)
    // Three sources tried two services, and a kind names its service.
    expect([day.detections, pairs((cls) => cls)]).toEqual([194, 194])
    expect(day.by_class.reduce((sum, kind) => sum + kind.detections, 0)).toBe(194)
    expect(day.by_class.reduce((sum, kind) => sum + kind.events, 0)).toBe(750)
    expect(day.top_sources[0]?.events).toBe(464)
    expect([day.dropped_share, day.dropped_known_share, day.organisations]).toEqual([null, 0, 0])
  })

  it('hits 610 targets in 61 seconds, of nobody', async () => {
    expect(
      await one(
        here,
        `select count(distinct target)::int as targets, extract(epoch from max(detected_at) - min(detected_at))::int as seconds,
           bool_or(matched) as matched from events`,
      ),
    ).toEqual({ targets: 610, seconds: 61, matched: false })
  })

  it('goes through Warden under the names of its own first nodes, and 749 of it there', async () => {
    const there = await stage('2016-09-01T00:02:00Z')
    const name = 'cz.cesnet.au1.warden_filer'
    const secret = await there.addSensor(name, { rights: ['write', 'read'] })
    const events = readFileSync(labrea.file, 'utf8').trim().split('\n')
    const { saved, errors } = await there
      .sender(name, { secret })
      .sendEvents(events.map((line) => JSON.parse(line)))
    expect([
      saved,
      errors.map((e: { error: number; events?: number[] }) => [e.error, e.events?.length]),
    ]).toEqual([null, [[422, 1]]])
    await there.condense()
    const day = (await daysOf(there)).get('2016-09-01')
    expect(day?.events).toBe(749)
    await there.close()
  })

  it('is sound', () => expectSound(here))
})

describe.skipIf(halfA.missing)('a day of Suricata', () => {
  let here: Machines
  let ways: Awaited<ReturnType<typeof bothWays>>
  let listsDir: string
  beforeAll(async () => {
    here = await stage('2021-06-07T23:00:00Z')
    ways = await bothWays(here, { file: halfA.file, format: 'eve', sensor: 'cz.hsoc.suri' })
    listsDir = mkdtempSync(path.join(tmpdir(), 'hsoc-lists-'))
  })
  afterAll(async () => {
    rmSync(listsDir, { recursive: true, force: true })
    await here?.close()
  })

  it('gives 745 events of 2,500 lines by both doors', () => {
    expect(ways.answer.body).toMatchObject({ lines: 2_500, stored: 745, skipped: 1_755, quarantined: 0 })
    expect([ways.byHand.code, ways.byHand.summary]).toMatchObject([
      0,
      { stored: 0, duplicate: 745, skipped: 1_755 },
    ])
  })

  it('of 347 sources and one target', async () => {
    expect(
      await one(
        here,
        `select count(*)::int as events, count(distinct key_id)::int as sources, count(distinct target)::int as targets from events`,
      ),
    ).toEqual({ events: 745, sources: 347, targets: 1 })
    const days = [...(await daysOf(here)).values()]
    expect(days.reduce((sum, day) => sum + day.events, 0)).toBe(745)
    expect(Math.max(...days.map((day) => day.sources))).toBeLessThanOrEqual(347)
    for (const day of days) expect([day.dropped_share, day.dropped_known_share]).toEqual([null, 0])
  })

  it.skipIf(lists.missing || ipsum.missing)(
    'of which 10 are on warning lists and 15 on a block list',
    async () => {
      cpSync(lists.file, listsDir, { recursive: true })
      cpSync(ipsum.file, path.join(listsDir, 'level-3.txt'))
      here.context.settings.listsDir = listsDir
      expect(await labelled(here)).toEqual({ listed: 10, shodan: 8, clouds: 2, blocked: 15 })
    },
  )

  it('whatever the order and the cut, gives the same figures', async () => {
    const there = await stage('2021-06-07T23:00:00Z')
    const key = await there.addSensor('cz.hsoc.suri', { rights: ['write'] })
    const lines = readFileSync(halfA.file, 'utf8').trim().split('\n')
    const turned = lines.map((_, i) => lines[(i * 1_237) % lines.length] as string)
    for (let from = 0; from < turned.length; from += 333) {
      await post(there.port, turned.slice(from, from + 333).join('\n'), { key, query: '?format=eve' })
      if (from % 2) await there.condense()
    }
    await there.condense()
    const plain = (days: Map<string, DayFigures>) =>
      [...days.values()].map(({ queries: _q, revision: _r, changed_at: _c, silent: _s, ...day }) => ({
        ...day,
        by_class: day.by_class.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
        by_port: day.by_port.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
        top_sources: day.top_sources.map(({ events }) => events),
      }))
    expect(plain(await daysOf(there))).toEqual(plain(await daysOf(here)))
    await there.close()
  })

  it('is sound', () => expectSound(here))
})

/** Distinct sources that are on lists of others than block lists, on single ones, on a block list. */
async function labelled(here: Machines): Promise<unknown> {
  const labeller = openLabeller(here.context)
  while ((await labeller.work(here.now.ms)) > 0);
  return one(
    here,
    `select (count(distinct key_id) filter (where grp <> 'block-list'))::int as listed,
       (count(distinct key_id) filter (where list ilike '%shodan%'))::int as shodan,
       (select count(*)::int from (select key_id from key_labels where list ~* 'azure' intersect
         select key_id from key_labels where list ~* 'github') c) as clouds,
       (count(distinct key_id) filter (where grp = 'block-list'))::int as blocked
     from key_labels where key_id in (select key_id from events)`,
  )
}

describe.skipIf(torture.missing)('the odd corners of Suricata', () => {
  it('give 371 alerts, six lines of which repeat others, of 93 signatures, and days of half a century', async () => {
    const here = await stage('2026-03-03T08:00:00Z')
    const { answer, byHand } = await bothWays(here, {
      file: torture.file,
      format: 'eve',
      sensor: 'cz.hsoc.odd',
    })
    expect(answer.body).toMatchObject({ lines: 1_954, skipped: 1_583, quarantined: 0, conflicts: 0 })
    expect(answer.body.stored + answer.body.duplicate).toBe(371)
    expect(byHand.summary).toMatchObject({ stored: 0, duplicate: 371 })
    const days = [...(await daysOf(here)).values()]
    expect(days.reduce((sum, day) => sum + day.events, 0)).toBe(answer.body.stored)
    expect(await one(here, 'select count(*)::int as n from warnings')).toEqual({ n: 0 })
    await expectSound(here)
    await here.close()
  }, 300_000)
})

describe.skipIf(heralding.missing)('a honeypot for passwords', () => {
  let here: Machines
  let ways: Awaited<ReturnType<typeof bothWays>>
  beforeAll(async () => {
    here = await stage('2025-04-09T00:00:00Z')
    ways = await bothWays(here, { file: heralding.file, format: 'heralding', sensor: 'cz.hsoc.pot' })
  })
  afterAll(() => here?.close())

  it('gives 20,000 events, and nothing more the second time', async () => {
    expect(ways.answer.body).toMatchObject({ lines: 20_000, stored: 20_000, quarantined: 0 })
    expect([ways.byHand.code, ways.byHand.summary]).toMatchObject([0, { stored: 0, duplicate: 20_000 }])
    const days = [...(await daysOf(here)).values()]
    expect(days.reduce((sum, day) => sum + day.events, 0)).toBe(20_000)
    expect(days.reduce((sum, day) => sum + day.detections, 0)).toBeGreaterThan(3_000)
  })

  it('of 593 sources, 755 with logins tried', async () => {
    expect(
      await one(
        here,
        `select count(distinct key_id)::int as sources, (count(*) filter (where c.name like 'attempt-login%'))::int as logins,
           (count(*) filter (where flags & 8 > 0))::int as zoneless
         from events e join classes c on c.id = e.class_id`,
      ),
    ).toEqual({ sources: 593, logins: 755, zoneless: 20_000 })
  })

  it.skipIf(lists.missing || ipsum.missing)(
    'of which 133 are on warning lists and 164 on a block list; the tenants of clouds stay attackers',
    async () => {
      const listsDir = mkdtempSync(path.join(tmpdir(), 'hsoc-lists-'))
      cpSync(lists.file, listsDir, { recursive: true })
      cpSync(ipsum.file, path.join(listsDir, 'level-3.txt'))
      here.context.settings.listsDir = listsDir
      expect(await labelled(here)).toEqual({ listed: 133, shodan: 16, clouds: 39, blocked: 164 })
      const { rows } = await here.db.engine.query(
        `select distinct effect from key_labels where list ~* 'azure|github'`,
      )
      expect(rows).toEqual([{ effect: 'label' }])
      expect(
        await one(
          here,
          `select count(distinct d.key_id)::int as n from detections d join key_labels l on l.key_id = d.key_id and l.list ~* 'azure'
           where d.org_id = 0`,
        ),
      ).toEqual({ n: 39 })
      rmSync(listsDir, { recursive: true, force: true })
    },
  )

  it('is sound', () => expectSound(here))
})

describe.skipIf(cisco.missing)('a honeypot that writes broken lines', () => {
  it('gives 441 events and 17 refusals with number, reason and sample; the command says so by its code', async () => {
    const here = await stage('2025-04-09T00:00:00Z')
    const { answer, byHand } = await bothWays(here, {
      file: cisco.file,
      format: 'cisco-asa-honeypot',
      sensor: 'cz.hsoc.asa',
    })
    expect([answer.status, answer.body]).toMatchObject([200, { lines: 458, stored: 441, quarantined: 17 }])
    expect(answer.body.errors).toHaveLength(17)
    expect(byHand.code).toBe(1)
    expect(byHand.summary).toMatchObject({ stored: 0, duplicate: 441, quarantined: 17 })
    const allowed = ['--sensor', 'cz.hsoc.asa', '--format', 'cisco-asa-honeypot', '--allow-rejects']
    expect((await ingest(here.context, [...allowed, cisco.file])).code).toBe(0)
    await here.condense()
    expect(await one(here, 'select received, stored, duplicate, refused from loss')).toEqual({
      received: 3 * 458,
      stored: 441,
      duplicate: 2 * 441,
      refused: 3 * 17,
    })
    const { rows } = await here.db.engine.query<{ line: number; n: number }>(
      'select line, count(*)::int as n from rejects where length(reason) > 5 and length(sample) > 20 group by 1 order by 1',
    )
    expect(rows.map(({ line }) => line)).toEqual(answer.body.errors.map((e: { line: number }) => e.line))
    expect(rows.every(({ n }) => n === 3)).toBe(true)
    expect((await daysOf(here)).size).toBeGreaterThan(0)
    await expectSound(here)
    await here.close()
  })
})

describe.skipIf(ideas.missing)('messages of many detectors', () => {
  let here: Machines
  let key: string
  const folder = path.dirname(ideas.file)
  const sendFile = (file: string, more = {}) =>
    post(here.port, readFileSync(path.join(folder, file)), { key, ...more })
  beforeAll(async () => {
    here = await stage('2026-03-03T08:00:00Z')
    key = await here.addSensor('cz.hsoc.many', { rights: ['write'] })
  })
  afterAll(() => here?.close())

  it('pass, every one', async () => {
    const files = [
      ...readdirSync(path.join(folder, 'single')).map((name) => `single/${name}`),
      ...readdirSync(path.join(folder, 'nemea')).map((name) => `nemea/${name}`),
      'mentat-test-messages.json',
      'converter/converter-examples.ndjson',
    ]
    const counts: Record<string, number> = {}
    for (const file of files) {
      const { body } = await sendFile(file)
      expect([file, body.errors, body.quarantined]).toEqual([file, [], 0])
      const kind = file.split(/[/-]/)[0] ?? ''
      counts[kind] = (counts[kind] ?? 0) + body.stored + body.duplicate
    }
    expect(counts).toEqual({ single: 13, nemea: 50, mentat: 2, converter: 6 })
  })

  it('but for those that are against the format', async () => {
    for (const file of ['converter/converter-long.json', 'converter/converter-long-several.json']) {
      const { status, body } = await sendFile(file)
      expect([file, status, body.stored]).toEqual([file, 400, 0])
      expect(body.errors[0].reason).toMatch(/URI|ContentType|Ref|Hash|Netname/)
    }
  })

  it('and another reader’s output strictly not, leniently yes, which is counted', async () => {
    const pair = JSON.parse(readFileSync(path.join(folder, 'intelmq-event-to-idea-pair.json'), 'utf8'))
    const message = Object.values(pair).find((value) => (value as { Format?: string }).Format === 'IDEA0')
    const strict = await post(here.port, JSON.stringify(message), { key })
    expect([strict.status, strict.body.stored]).toEqual([400, 0])
    const lenient = await here.addSensor('cz.hsoc.lenient', { rights: ['write'], lenient: true })
    const { status, body } = await post(here.port, JSON.stringify(message), { key: lenient })
    expect([status, body.stored]).toEqual([200, 1])
    await here.condense()
    expect(await one(here, 'select sum(repaired)::int as n from loss')).toEqual({ n: 1 })
  })

  it('are sound', () => expectSound(here))
})
