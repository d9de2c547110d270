import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { derive } from '../derive.ts'
import type { Derived, Idea } from '../event.ts'
import { validate } from '../idea.ts'
import { type Organisation, sensorsOf } from './sector.ts'
import type { DayOptions } from './setup.ts'
import { generateBatches, generateDay, type SimulatedEvent, truthOf, writeDay } from './simulate.ts'

const sectorFile = new URL('../../../../content/demo-sector.json', import.meta.url)
const { organisations } = JSON.parse(readFileSync(sectorFile, 'utf8')) as { organisations: Organisation[] }
const small: DayOptions = { seed: 'zkouška', day: '2026-03-03', organisations, events: 20_000 }

const understand = ({ event, sensor, atMs }: SimulatedEvent): Derived =>
  derive(event, { receivedMs: atMs + 60_000, sensorName: sensor, mayExercise: () => true })

const smallDay = [...generateDay(small)]
const understood = smallDay.map(understand)

/** Counts rows and sources from the messages alone. */
function countPlainly(options: DayOptions) {
  const rows = new Set<string>()
  const sources = new Set<string>()
  let [events, bytes] = [0, 0]
  for (const { atMs, event } of generateDay(options)) {
    events++
    bytes += JSON.stringify(event).length
    for (const end of event.Source as { IP4?: string[]; IP6?: string[]; Spoofed?: boolean }[]) {
      const address = end.IP4?.[0] ?? end.IP6?.[0] ?? ''
      rows.add(`${Math.floor(atMs / 3_600_000)} ${event.Category} ${address}`)
      if (!end.Spoofed) sources.add(address)
    }
  }
  return { events, detections: rows.size, sources: sources.size, meanBytes: bytes / events }
}

/** What the daily view would show, counted apart from it. */
function count(days: readonly Derived[]) {
  const rows = new Set<string>()
  const sources = new Set<string>()
  const pairs = new Set<string>()
  const verdicts = [0, 0, 0, 0]
  let droppedMicro = 0
  for (const derived of days) {
    verdicts[derived.verdict] = (verdicts[derived.verdict] ?? 0) + 1
    droppedMicro += derived.shareMicro
    for (const key of derived.keys) {
      rows.add(`${derived.hour} ${derived.targetClass} ${key.text}`)
      pairs.add(`${derived.categories[0]} ${key.text}`)
      if (key.counted) sources.add(key.text)
    }
  }
  const known = days.length - (verdicts[0] ?? 0)
  return {
    events: days.length,
    detections: rows.size,
    sources: sources.size,
    pairs: pairs.size,
    known: known / days.length,
    dropped: droppedMicro / 1e6 / known,
    passed: verdicts[2] ?? 0,
  }
}

describe('the figures of a day', () => {
  test('with the usual sources there are exactly 5,343 of them and 82 thousand detections', () => {
    const figures = countPlainly({ ...small, events: 240_000, sources: 5343 })
    expect(figures).toMatchObject({ events: 240_000, sources: 5343 })
    expect(Math.abs(figures.detections / 82_000 - 1)).toBeLessThan(0.02)
    expect(figures.meanBytes).toBeGreaterThan(1100)
    expect(figures.meanBytes).toBeLessThan(1300)
  })

  test('a hundredth of the events keeps the proportions', () => {
    const figures = count(understood)
    expect(figures.events).toBe(20_000)
    expect(figures.sources).toBe(536)
    expect(Math.abs(figures.detections / 8226 - 1)).toBeLessThan(0.02)
    expect(figures.known).toBeCloseTo(0.97, 2)
    expect(Math.abs(figures.dropped - 0.95)).toBeLessThan(0.01)
    expect(figures.pairs).toBeLessThan(1300)
    expect(figures.passed).toBeGreaterThan(200)
  })

  test('small messages are about half as long', () => {
    const { meanBytes } = countPlainly({ ...small, events: 5000, size: 'small' })
    expect(meanBytes).toBeGreaterThan(550)
    expect(meanBytes).toBeLessThan(800)
  })
})

describe('the events', () => {
  const events = smallDay

  test('are valid, in order, of the day in Prague, and from known sensors', () => {
    const names = new Set(sensorsOf(organisations).map((s) => s.name))
    const wrong = events.filter((e) => validate(e.event).length > 0)
    expect(wrong.map((e) => validate(e.event))).toEqual([])
    expect(events.every((e, i) => i === 0 || e.atMs >= (events[i - 1]?.atMs ?? 0))).toBe(true)
    expect(events[0]?.atMs).toBeGreaterThanOrEqual(Date.parse('2026-03-02T23:00:00Z'))
    expect(events.at(-1)?.atMs).toBeLessThan(Date.parse('2026-03-03T23:00:00Z'))
    expect(events.every((e) => names.has(e.sensor) && firstNode(e.event) === e.sensor)).toBe(true)
  })

  test('have distinct identifiers, also over two days', () => {
    const next = [...generateDay({ ...small, day: '2026-03-04' })]
    expect(new Set([...events, ...next].map((e) => e.event.ID)).size).toBe(40_000)
  })

  test('are the same for the same seed and others for another', () => {
    expect([...generateDay(small)]).toEqual(events)
    const other = [...generateDay({ ...small, seed: 'jiné' })]
    expect(other.map((e) => e.event.ID)).not.toEqual(events.map((e) => e.event.ID))
  })

  test('have one set of keys, whether they belong to an incident or not', () => {
    const sources = new Set(truthOf(small).flatMap((i) => [...i.sources, ...i.hosts]))
    const keysOf = (list: SimulatedEvent[]) => new Set(list.flatMap((e) => Object.keys(e.event)))
    const belongs = (i: number) => understood[i]?.keys.some((k) => sources.has(k.text)) === true
    const staged = events.filter((_, i) => belongs(i))
    const noise = events.filter((_, i) => !belongs(i))
    expect(staged.length).toBeGreaterThan(200)
    expect([...keysOf(staged)].filter((k) => !keysOf(noise).has(k))).toEqual([])
  })

  test('a day with 23 hours has 23 hours', () => {
    const hours = new Set<number>()
    for (const e of generateDay({ ...small, day: '2026-03-29' })) hours.add(Math.floor(e.atMs / 3_600_000))
    expect(hours.size).toBe(23)
  })
})

describe('the truth', () => {
  const truth = truthOf(small)

  test('holds every kind, at known organisations, within the day', () => {
    const slugs = new Set(organisations.map((o) => o.slug))
    expect(new Set(truth.map((i) => i.kind)).size).toBe(6)
    expect(truth.flatMap((i) => i.organisations).every((slug) => slugs.has(slug))).toBe(true)
    expect(truth.every((i) => i.fromMs < i.toMs)).toBe(true)
    expect(new Set(truth.map((i) => i.id)).size).toBe(truth.length)
  })

  test('each incident is in the events', () => {
    const seen = truth.filter((i) => i.kind !== 'sensor-silent')
    expect(seen.length).toBeGreaterThan(3)
    for (const incident of seen) {
      const addresses = new Set([...incident.sources, ...incident.hosts])
      const own = understood.filter((d) => d.keys.some((k) => addresses.has(k.text)))
      expect(own.length, `${incident.kind} ${incident.variant}`).toBeGreaterThanOrEqual(incident.events)
    }
  })

  test('a silent sensor sends nothing, and before and after it does', () => {
    const day = { ...small, events: 40_000 }
    const silence = truthOf(day).find((i) => i.kind === 'sensor-silent')
    const { fromMs = 0, toMs = 0 } = silence ?? {}
    const times = [...generateDay(day)].filter((e) => e.sensor === silence?.sensor).map((e) => e.atMs)
    expect(times.filter((t) => t >= fromMs && t < toMs)).toEqual([])
    expect(times.length).toBeGreaterThan(20)
  })

  test('nothing of Attempt, Malware or Information passes at a member but the incidents', () => {
    const known = new Set(truth.flatMap((i) => [...i.sources, ...i.hosts]))
    const through = understood.filter((d) => d.verdict >= 2)
    const grave = through.filter((d) =>
      /^(Attempt|Malware|Information|Intrusion)/.test(d.categories[0] ?? ''),
    )
    expect(grave.length).toBeGreaterThan(5)
    expect(grave.filter((d) => !d.keys.some((k) => known.has(k.text)))).toEqual([])
    expect(through.length).toBeGreaterThan(grave.length * 3)
  })
})

describe('forms of delivery', () => {
  test('batches hold the same events, of one sensor each, at most the wanted number', () => {
    const batches = [...generateBatches(small, { size: 100 })]
    const parsed = batches.map((b) => JSON.parse(b.text) as Idea[])
    const ids = parsed.flatMap((events) => events.map((e) => e.ID))
    expect(batches.every((b) => b.count <= 100 && b.fromMs <= b.toMs)).toBe(true)
    expect(new Set(ids)).toEqual(new Set(smallDay.map((e) => e.event.ID)))
    expect(parsed.every((events, i) => events.every((e) => firstNode(e) === batches[i]?.sensor))).toBe(true)
  })

  test('batches close by age too', () => {
    const batches = [...generateBatches(small, { maxAgeMs: 60_000 })]
    expect(batches.length).toBeGreaterThan(10)
    expect(batches.filter((b) => b.toMs - b.fromMs > 60_000)).toEqual([])
  })

  test('writeDay writes lines of events and lines of truth', async () => {
    const [out, truthOut] = [new PassThrough(), new PassThrough()]
    const [text, truthText] = [gather(out), gather(truthOut)]
    const written = await writeDay({ ...small, events: 2000 }, out, truthOut)
    out.end()
    truthOut.end()
    expect((await text).trimEnd().split('\n')).toHaveLength(2000)
    expect((await truthText).trimEnd().split('\n')).toHaveLength(written.incidents)
  })

  test('an exercise adds marked messages on top', () => {
    const day = [...generateDay({ ...small, events: 5000, exercise: { id: 'cviceni-jaro', events: 10 } })]
    const marked = day.map(understand).filter((d) => d.lane === 'exercise')
    expect([day.length, marked.length, marked[0]?.exercise]).toEqual([5010, 10, 'cviceni-jaro'])
  })
})

describe('impossible days are refused', () => {
  test.each([
    ['a day that is none', { day: '2026-02-30' }],
    ['too few events', { events: 10 }],
    ['more sources than events allow', { sources: 15_000 }],
    ['too few organisations', { organisations: organisations.slice(0, 5) }],
  ])('%s', (_, wrong) => {
    expect(() => truthOf({ ...small, ...wrong })).toThrow()
  })
})

function firstNode(event: Idea): string | undefined {
  return (event.Node as { Name: string }[])[0]?.Name
}

async function gather(stream: PassThrough): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}
