/** Recordings of real sensors, which stay outside the project; the figures were counted on exactly these files. */
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Idea } from '../event.ts'
import { validate } from '../idea.ts'
import { readRecords, type SensorFacts, toIdea } from './index.ts'

const folder = process.env.HSOC_TEST_DATA ?? '../shared/data'
const sensor: SensorFacts = { name: 'cz.hsoc.test.probe', inline: false, receivedMs: Date.UTC(2026, 0, 1) }

interface Understood {
  ideas: Idea[]
  /** The raw record of each event. */
  raws: Record<string, unknown>[]
  counts: { lines: number; blank: number; skipped: number; quarantined: number }
  errorLines: number[]
}

function recording(name: string): { path: string; missing: boolean } {
  const path = join(folder, name)
  const missing = !existsSync(path)
  if (missing)
    process.stderr.write(
      `Skipped: the recording ${path} is not here; set HSOC_TEST_DATA to the folder of recordings.\n`,
    )
  return { path, missing }
}

async function understand(path: string, format: string): Promise<Understood> {
  const file = createReadStream(path, { highWaterMark: 10_007 })
  const body = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  const out: Understood = {
    ideas: [],
    raws: [],
    counts: { lines: 0, blank: 0, skipped: 0, quarantined: 0 },
    errorLines: [],
  }
  for await (const item of readRecords(body, { format })) {
    out.counts.lines += 1
    const outcome = item.error === undefined && !item.blank ? toIdea(format, item, sensor) : null
    if (item.blank) out.counts.blank += 1
    else if (outcome && 'idea' in outcome) {
      out.ideas.push(outcome.idea)
      out.raws.push(item.value as Record<string, unknown>) // an event is made of objects only
    } else if (outcome && 'skip' in outcome) out.counts.skipped += 1
    else {
      out.counts.quarantined += 1
      out.errorLines.push(item.line)
    }
  }
  return out
}

const distinct = (values: unknown[]) => new Set(values.map((value) => JSON.stringify(value))).size
// biome-ignore lint/suspicious/noExplicitAny: a test looks into the event freely
const ends = (idea: any, side: 'Source' | 'Target') =>
  (idea[side] ?? []).map(({ IP4, IP6 }: Record<string, string[]>) => (IP4 ?? IP6)?.[0])
const faults = (ideas: Idea[]) => ideas.flatMap((idea) => validate(idea))

const halfA = recording('eve/ctu-background-half-a.ndjson')
describe.skipIf(halfA.missing)('a day of Suricata at one exposed host', () => {
  let day: Understood
  beforeAll(async () => {
    day = await understand(halfA.path, 'eve')
  })

  it('gives 745 events of 347 sources on one target, nothing quarantined', () => {
    expect(day.counts).toEqual({ lines: 2500, blank: 0, skipped: 1755, quarantined: 0 })
    expect(day.ideas).toHaveLength(745)
    expect(distinct(day.ideas.map(({ ID }) => ID))).toBe(745)
    expect(distinct(day.ideas.flatMap((idea) => ends(idea, 'Source')))).toBe(347)
    expect(distinct(day.ideas.flatMap((idea) => ends(idea, 'Target')))).toBe(1)
  })

  it('has 122 signatures, 370 pairs of source and class text, 645 with the hour', () => {
    expect(distinct(day.ideas.map(({ Description }) => Description))).toBe(122)
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into the record freely
    const pairs = day.ideas.map((idea, n) => [ends(idea, 'Source')[0], (day.raws[n] as any).alert.category])
    expect(distinct(pairs)).toBe(370)
    expect(
      distinct(day.ideas.map((idea, n) => [...(pairs[n] ?? []), String(idea.DetectTime).slice(0, 13)])),
    ).toBe(645)
  })

  it('leaves out the ten starts that lie after their alerts, and claims no verdict', () => {
    expect(day.ideas.filter((idea) => idea.EventTime === undefined)).toHaveLength(10)
    expect(distinct(day.ideas.map(({ _HSOC }) => (_HSOC as { Verdict: string }).Verdict))).toBe(1)
    expect(faults(day.ideas)).toEqual([])
  })

  it('has the same identifiers in any order and on a second reading', () => {
    const again = day.raws.toReversed().map((value) => toIdea('eve', { value }, sensor))
    expect(again.map((one) => 'idea' in one && one.idea.ID).toReversed()).toEqual(
      day.ideas.map(({ ID }) => ID),
    )
  })
})

const torture = recording('eve/suricata-7.0.10-parser-torture.ndjson')
describe.skipIf(torture.missing)('the odd corners of Suricata', () => {
  let odd: Understood
  beforeAll(async () => {
    odd = await understand(torture.path, 'eve')
  })

  it('gives 371 alerts of 93 signatures without a fault', () => {
    expect(odd.counts).toEqual({ lines: 1954, blank: 0, skipped: 1583, quarantined: 0 })
    expect(odd.ideas).toHaveLength(371)
    expect(distinct(odd.raws.map(({ src_ip }) => src_ip))).toBe(108)
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into the record freely
    expect(distinct(odd.raws.map((raw: any) => raw.alert.signature_id))).toBe(93)
    expect(faults(odd.ideas)).toEqual([])
    // six lines of the file repeat others exactly, and a repeated record is the same event
    expect(distinct(odd.ideas.map(({ ID }) => ID))).toBe(distinct(odd.raws))
  })

  it('has the initiator as source in the 130 alerts on answers', () => {
    const answers = odd.raws
      .map((raw, n) => ({ raw, idea: odd.ideas[n] }))
      .filter(({ raw }) => raw.direction === 'to_client')
    expect(answers).toHaveLength(130)
    for (const { raw, idea } of answers) {
      const initiator = toIdea(
        'simple',
        { value: { src: (raw.flow as { src_ip: string }).src_ip, what: 'other' } },
        sensor,
      )
      expect(ends(idea, 'Source')[0]).toBe('idea' in initiator && ends(initiator.idea, 'Source')[0])
      expect(raw.dest_ip).toBe((raw.flow as { src_ip: string }).src_ip)
    }
  })
})

const heralding = recording('honeypots/heralding-20000.json.gz')
describe.skipIf(heralding.missing)('a honeypot for passwords', () => {
  let trap: Understood
  beforeAll(async () => {
    trap = await understand(heralding.path, 'heralding')
  })

  it('gives 20,000 events of 593 sources, 755 with login attempts', () => {
    expect(trap.counts).toEqual({ lines: 20_000, blank: 0, skipped: 0, quarantined: 0 })
    expect(distinct(trap.ideas.map(({ ID }) => ID))).toBe(20_000)
    expect(distinct(trap.ideas.flatMap((idea) => ends(idea, 'Source')))).toBe(593)
    expect(trap.ideas.filter(({ Category }) => (Category as string[])[0] === 'Attempt.Login')).toHaveLength(
      755,
    )
    expect(faults(trap.ideas)).toEqual([])
  })

  it('has 695 pairs of source and protocol, 3,998 with the hour', () => {
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into the event freely
    const pairs = trap.ideas.map((idea: any) => [ends(idea, 'Source')[0], idea.Source[0].Proto[0]])
    expect(distinct(pairs)).toBe(695)
    expect(
      distinct(trap.ideas.map((idea, n) => [...(pairs[n] ?? []), String(idea.DetectTime).slice(0, 13)])),
    ).toBe(3998)
  })

  it('copies no user name and no password', () => {
    const guesses = trap.raws.flatMap((raw) => (Array.isArray(raw.auth_attempts) ? raw.auth_attempts : []))
    const words = new Set(
      guesses.flatMap((guess: Record<string, unknown>) => [guess.username, guess.password]),
    )
    const telling = [...words].filter(
      (word) => typeof word === 'string' && word.length > 8 && !/^[\d.]+$/.test(word),
    )
    expect(telling.length).toBeGreaterThan(0)
    const text = JSON.stringify(trap.ideas)
    expect(telling.filter((word) => text.includes(JSON.stringify(word).slice(1, -1)))).toEqual([])
  })
})

const cisco = recording('honeypots/cisco-asa-extract-with-broken-lines.json.txt')
describe.skipIf(cisco.missing)('a honeypot that writes broken lines', () => {
  it('gives 441 events and 17 lines for the quarantine', async () => {
    const trap = await understand(cisco.path, 'cisco-asa-honeypot')
    expect(trap.counts).toEqual({ lines: 458, blank: 0, skipped: 0, quarantined: 17 })
    expect(distinct(trap.ideas.map(({ ID }) => ID))).toBe(441)
    expect(trap.errorLines).toEqual([
      263, 264, 289, 290, 315, 316, 341, 342, 365, 366, 368, 369, 394, 395, 420, 445, 446,
    ])
    expect(faults(trap.ideas)).toEqual([])
  })
})
