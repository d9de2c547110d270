/**
 * Recordings of real sensors go in through the public door and by the command line; what the daily view, the log and
 * the accounts then say was counted beforehand on exactly these files.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { categoryOfClass } from '../../src/modules/events/classes.ts'
import type { DayFigures } from '../../src/modules/events/queries/index.ts'
import { addHospital } from '../harness.ts'
import type { Machines } from './machines.ts'
import { post } from './poster.ts'
import { recording } from './recordings.ts'
import { bothWays, daysOf, expectSound, labelled, one, stage } from './recordings-stage.ts'

const labrea = recording('idea/labrea-2016-09-01-first750.ndjson')
const halfA = recording('eve/ctu-background-half-a.ndjson')
const torture = recording('eve/suricata-7.0.10-parser-torture.ndjson')
const lists = recording('warninglists/lists')
const ipsum = recording('ipsum/level-3.txt')

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
