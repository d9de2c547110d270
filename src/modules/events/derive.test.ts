import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeriveContext, derive } from './derive.ts'
import { type Derived, type Idea, severities, verdicts } from './event.ts'

const receivedMs = Date.UTC(2026, 2, 3, 8, 0, 0)
const ctx: DeriveContext = { receivedMs, sensorName: 'cz.hsoc.nem_a.fw1' }
const smallest: Idea = {
  Format: 'IDEA0',
  ID: 'n1',
  DetectTime: '2026-03-03T07:50:11Z',
  Category: ['Other'],
  Node: [{ Name: 'cz.hsoc.nem_a.fw1' }],
}
const understood = (more: Idea, context: Partial<DeriveContext> = {}) =>
  derive({ ...smallest, ...more }, { ...ctx, ...context })
const keysOf = (sources: unknown) =>
  understood({ Source: sources }).keys.map(
    ({ text, kind, counted }) => `${text} ${kind}${counted ? ' counted' : ''}`,
  )
const time = (ms: number) => new Date(ms).toISOString()

describe('the worked examples of the format', () => {
  it('understands the smallest event', () => {
    expect(understood({})).toEqual({
      id: 'n1',
      detectedMs: Date.UTC(2026, 2, 3, 7, 50, 11),
      occurredMs: Date.UTC(2026, 2, 3, 7, 50, 11),
      endedMs: Date.UTC(2026, 2, 3, 7, 50, 11),
      hour: Date.UTC(2026, 2, 3, 7) / 3_600_000,
      lane: 'real',
      exercise: null,
      archive: false,
      future: false,
      quality: [],
      detector: 'cz.hsoc.nem_a.fw1',
      tags: [],
      categories: ['Other'],
      targetClass: 'other',
      sourceClass: 'other',
      targetSeverity: 0,
      sourceSeverity: 0,
      weight: 1,
      verdict: 0,
      shareMicro: 0,
      verdictCarrier: null,
      keys: [{ text: 'none', kind: 'none', counted: false }],
      sources: [],
      targets: [],
      ports: [],
      protos: [],
      confidence: null,
      tlp: 'AMBER',
    } satisfies Derived)
  })

  it('understands a flow alert of the perimeter, three quarters dropped', () => {
    const flow = understood({
      DetectTime: '2026-03-03T08:51:03+01:00',
      WinStartTime: '2026-03-03T08:50:00+01:00',
      WinEndTime: '2026-03-03T08:51:00+01:00',
      Category: ['Anomaly.Traffic'],
      FlowCount: 4000,
      FlowCountDropped: 3000,
      Source: [{ IP4: ['198.51.100.7'], Proto: ['tcp'], PortCount: 64, Type: ['Incomplete'] }],
      Target: [{ IP4: ['192.0.2.10', '192.0.2.11'], IP4Count: 64, Port: [5900], Proto: ['tcp'] }],
      Node: [
        { Name: 'cz.hsoc.perimeter.relay', Type: ['Relay'] },
        { Name: 'cz.hsoc.gc7', Tags: ['Flow'] },
      ],
    })
    expect(flow).toMatchObject({
      verdict: 3,
      shareMicro: 750_000,
      weight: 2000,
      detector: 'cz.hsoc.gc7',
      tags: ['Relay', 'Flow'],
      targetClass: 'anomaly-traffic',
      ports: [5900],
      protos: ['tcp'],
      keys: [{ text: '198.51.100.7', kind: 'address', counted: true }],
    })
    expect(flow.targets[0]?.nets.map((net) => net.text)).toEqual(['192.0.2.10', '192.0.2.11'])
    expect([time(flow.occurredMs), time(flow.endedMs)]).toEqual([
      '2026-03-03T07:50:00.000Z',
      '2026-03-03T07:51:00.000Z',
    ])
  })

  it('understands an own infected host beside its control server', () => {
    const bot = understood({
      Category: ['Intrusion.Botnet'],
      Source: [
        { IP4: ['203.0.113.80'], Type: ['Botnet', 'CC'] },
        { IP4: ['192.0.2.44'], Port: [51_119], Type: ['Botnet'] },
      ],
    })
    expect(severities[bot.sourceSeverity]).toBe('high')
    expect(bot.keys.map((key) => key.text)).toEqual(['203.0.113.80', '192.0.2.44'])
    expect(bot.sources.map((end) => end.types)).toEqual([['Botnet', 'CC'], ['Botnet']])
  })
})

describe('times', () => {
  it.each<[string, Idea, string, string[]]>([
    ['a real time', {}, '2026-03-03T07:50:11.000Z', []],
    ['our clock for a record without', { _HSOC: { NoTime: true } }, '2026-03-03T07:50:11.000Z', ['no-time']],
    ['the zone of the sensor', { _HSOC: { NoZone: true } }, '2026-03-03T07:50:11.000Z', ['no-zone']],
    ['no such mark', { _HSOC: { NoZone: 'no', NoTime: 0 } }, '2026-03-03T07:50:11.000Z', []],
    ['no zone is UTC', { DetectTime: '2026-03-03T07:50:11' }, '2026-03-03T07:50:11.000Z', ['no-zone']],
    ['a clock never set', { DetectTime: '1970-01-01T00:00:05Z' }, '2026-03-03T08:00:00.000Z', ['no-time']],
    [
      'ten minutes ahead is tolerated',
      { DetectTime: '2026-03-03T08:10:00Z' },
      '2026-03-03T08:10:00.000Z',
      [],
    ],
    [
      'further ahead is not',
      { DetectTime: '2026-03-03T08:10:00.001Z' },
      '2026-03-03T08:00:00.000Z',
      ['future'],
    ],
    [
      'another time that is none',
      { EventTime: '2026-13-40T99:99:99Z' },
      '2026-03-03T07:50:11.000Z',
      ['bad-time'],
    ],
  ])('%s', (_, more, detected, quality) => {
    const derived = understood(more)
    expect([time(derived.detectedMs), derived.quality]).toEqual([detected, quality])
    expect(derived.hour).toBe(Math.floor(derived.detectedMs / 3_600_000))
    expect(derived.future).toBe(quality.includes('future'))
    expect(derived.occurredMs).toBe(derived.detectedMs)
  })

  it('archives what is older than 30 days', () => {
    expect(understood({ DetectTime: '2026-02-01T08:00:00Z' }).archive).toBe(false)
    expect(understood({ DetectTime: '2026-02-01T07:59:59Z' }).archive).toBe(true)
    expect(understood({ DetectTime: '1970-01-01T00:00:00Z' }).archive).toBe(false)
  })

  it('prefers the times of the event to those of the window, and never ends before it began', () => {
    const both = understood({
      EventTime: '2026-03-03T07:00:00Z',
      WinStartTime: '2026-03-03T06:00:00Z',
      CeaseTime: '2026-03-03T07:10:00Z',
      WinEndTime: '2026-03-03T07:20:00Z',
    })
    expect([time(both.occurredMs), time(both.endedMs)]).toEqual([
      '2026-03-03T07:00:00.000Z',
      '2026-03-03T07:10:00.000Z',
    ])
    const reversed = understood({ EventTime: '2026-03-03T07:00:00Z', CeaseTime: '2026-03-03T06:00:00Z' })
    expect(reversed.endedMs).toBe(reversed.occurredMs)
  })
})

describe('keys of the source', () => {
  it.each<[string, unknown, string[]]>([
    [
      'one address in many shapes is one key',
      [{ IP4: ['198.51.100.7', '198.51.100.7/32'], IP6: ['::ffff:198.51.100.7'], IP: ['198.51.100.7'] }],
      ['198.51.100.7 address counted'],
    ],
    ['IPv6 by RFC 5952', [{ IP6: ['2001:DB8:0:0::5'] }], ['2001:db8::5 address counted']],
    [
      'a range is one key and no source',
      [{ IP4: ['192.0.2.9-192.0.2.4', '192.0.2.1/24'] }],
      ['192.0.2.4-192.0.2.9 range', '192.0.2.0/24 range'],
    ],
    ['a private address counts', [{ IP4: ['10.0.0.2'] }], ['10.0.0.2 address counted']],
    [
      'special ones do not',
      [{ IP4: ['0.0.0.0', '127.0.0.1', '169.254.1.1', '224.0.0.1'], IP6: ['fe80::1'] }],
      ['0.0.0.0 address', '127.0.0.1 address', '169.254.1.1 address', '224.0.0.1 address', 'fe80::1 address'],
    ],
    ['240/4 counts', [{ IP4: ['240.0.0.1'] }], ['240.0.0.1 address counted']],
    ['a forged one does not count', [{ IP4: ['198.51.100.7'], Spoofed: true }], ['198.51.100.7 address']],
    [
      'unless seen for real beside',
      [{ IP4: ['198.51.100.7'], Spoofed: true }, { IP4: ['198.51.100.7'] }],
      ['198.51.100.7 address counted'],
    ],
    ['a host name', [{ Hostname: ['A.Example.'] }], ['a.example host']],
    ['host names before URLs', [{ Hostname: ['a.example'], URL: ['http://b.example/'] }], ['a.example host']],
    [
      'the host of a URL',
      [{ URL: ['https://user@B.example:8443/x?y=http://c.example'] }],
      ['b.example host'],
    ],
    ['a URL without scheme', [{ URL: ['d.example/lrva/'] }], ['d.example host']],
    [
      'an address in a URL',
      [{ URL: ['http://198.51.100.9:8080/', 'http://[2001:db8::7]/'] }],
      ['198.51.100.9 address counted', '2001:db8::7 address counted'],
    ],
    ['a URL of nothing', [{ URL: ['emulate://', 'urn:x:y', 'data:text/plain,hi'] }], ['none none']],
    [
      'an address beside names',
      [{ IP4: ['198.51.100.7'], Hostname: ['a.example'] }],
      ['198.51.100.7 address counted'],
    ],
    ['a mail address', [{ Email: ['Billing@Mail.example'] }], ['billing@mail.example host']],
    ['only a count', [{ Note: 'approximate', Count: 18 }], ['none none']],
    ['no source', [], ['none none']],
    ['one end known, one not', [{}, { IP4: ['198.51.100.7'] }], ['198.51.100.7 address counted']],
    ['NUL in a name', [{ Hostname: ['a\0b.example'] }], ['a\ufffdb.example host']],
  ])('%s', (_, sources, expected) => {
    expect(keysOf(sources)).toEqual(expected)
  })

  it('gathers all names for matching', () => {
    const { targets } = understood({
      Target: [
        {
          Hostname: ['PACS.nemocnice.example'],
          URL: ['http://www.nemocnice.example/a'],
          Email: ['info@nemocnice.example'],
          Anonymised: true,
          Type: ['backscatter'],
        },
      ],
    })
    expect(targets[0]).toMatchObject({
      hosts: ['pacs.nemocnice.example', 'www.nemocnice.example', 'nemocnice.example'],
      imprecise: true,
      backscatter: true,
      spoofed: false,
    })
  })

  it('does not choke on very many names', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `h${i}.example`)
    expect(
      understood({ Source: [{ Hostname: names, URL: names, Email: names, Proto: names }] }).keys,
    ).toHaveLength(500)
  })
})

describe('class, severity, weight, lane', () => {
  it('chooses the class of each side by its own column', () => {
    const both = understood({
      Category: ['Recon.Scanning', 'Attempt.Login', 'Test'],
      Target: [{ Port: [22] }],
    })
    expect(both).toMatchObject({
      targetClass: 'attempt-login-ssh',
      sourceClass: 'recon-scanning-ssh',
      targetSeverity: 1,
      sourceSeverity: 3,
    })
  })

  it.each<[string, Idea, number[]]>([
    ['the table', {}, [1, 3]],
    ['CESNET', { _CESNET: { EventSeverity: 'low' } }, [1, 1]],
    [
      'Mentat, with one for the target',
      { _Mentat: { EventSeverity: 'low', TargetSeverity: 'medium' } },
      [2, 1],
    ],
    ['Mentat, only for the target', { _Mentat: { TargetSeverity: 'Critical' } }, [4, 3]],
    ['ours', { _HSOC: { Severity: 'medium' }, _CESNET: { EventSeverity: 'low' } }, [2, 2]],
    ['an unknown word', { _CESNET: { EventSeverity: 'terrible' } }, [1, 3]],
  ])('takes the start severity from %s', (_, more, levels) => {
    const { targetSeverity, sourceSeverity } = understood({ Category: ['Attempt.Login'], ...more })
    expect([targetSeverity, sourceSeverity]).toEqual(levels)
  })

  it.each<[Idea, number, string[]]>([
    [{ ConnCount: 20, FlowCount: 7 }, 20, []],
    [{ FlowCount: 7 }, 4, []],
    [{ ConnCount: 0 }, 1, []],
    [{ ConnCount: -5, FlowCount: 9 }, 5, ['bad-count']],
    [{ ConnCount: 9e15 }, 1e12, []],
    [{ PacketCount: 50 }, 1, []],
  ])('%j weighs %d', (more, weight, quality) => {
    expect([understood(more).weight, understood(more).quality]).toEqual([weight, quality])
  })

  it.each<[string, Idea, Partial<DeriveContext>, unknown[]]>([
    ['real', {}, {}, ['real', null, []]],
    ['Test beside a real category', { Category: ['Attempt.Login', 'Test'] }, {}, ['test', null, []]],
    [
      'an exercise of a sensor that may',
      { _HSOC: { Exercise: 'jaro-26' } },
      { mayExercise: true },
      ['exercise', 'jaro-26', []],
    ],
    [
      'an exercise of one that may not',
      { _HSOC: { Exercise: 'jaro-26' } },
      {},
      ['real', null, ['exercise-refused']],
    ],
    [
      'a test in an exercise',
      { _HSOC: { Exercise: 'jaro-26' }, Category: ['Test'] },
      { mayExercise: true },
      ['test', null, []],
    ],
  ])('lane: %s', (_, more, context, expected) => {
    const { lane, exercise, quality } = understood(more, context)
    expect([lane, exercise, quality]).toEqual(expected)
  })

  it('marks what it could not use', () => {
    expect(understood({ Category: [] })).toMatchObject({ quality: ['no-category'], targetClass: 'other' })
    expect(understood({ Category: ['Suspicious.Miner'] }).quality).toEqual(['unknown-category'])
    expect(understood({ Target: [{ Port: [70_000, 22, 22, 5] }] })).toMatchObject({
      quality: ['bad-port'],
      ports: [5, 22],
    })
    expect(understood({ Target: [{ Port: Array.from({ length: 500 }, (_, i) => 500 - i) }] }).ports).toEqual(
      Array.from({ length: 64 }, (_, i) => i + 1),
    )
  })

  it('takes the verdict of the sensor only when the event tells none', () => {
    expect(verdicts[understood({}, { defaultVerdict: 1 }).verdict]).toBe('dropped')
    expect(understood({ _HSOC: { Verdict: 'passed' } }, { defaultVerdict: 1 }).verdictCarrier).toBe(
      '_HSOC.Verdict',
    )
  })
})

describe('detector and label', () => {
  it.each<[string, unknown, string]>([
    ['the last node', [{ Name: 'cz.x.filer' }, { Name: 'cz.x.Tarpit' }], 'cz.x.tarpit'],
    ['a name without realm', [{ Name: 'cz.hsoc.nem_a.fw1' }, { Name: 'cowboy' }], 'cz.hsoc.nem_a.fw1.cowboy'],
    ['no node', undefined, 'cz.hsoc.nem_a.fw1'],
    ['a last node without name', [{ Name: 'cz.x.filer' }, { SW: ['x'] }], 'cz.hsoc.nem_a.fw1'],
  ])('%s', (_, nodes, detector) => {
    expect(understood({ Node: nodes }).detector).toBe(detector)
  })

  it('adds the types of all nodes and of the event', () => {
    const { tags } = understood({
      Node: [
        { Name: 'a.b', Type: ['Relay'] },
        { Name: 'a.c', Type: ['Flow'], Tags: ['Honeypot', 5, '<b>'] },
      ],
      Type: ['Flow', 'Statistical'],
    })
    expect(tags).toEqual(['Relay', 'Flow', 'Honeypot', 'Statistical'])
  })

  it.each<[Idea, Derived['tlp']]>([
    [{}, 'AMBER'],
    [{ TLP: 'Green' }, 'GREEN'],
    [{ tlp: 'tlp:white' }, 'CLEAR'],
    [{ Tlp: 'purple' }, 'AMBER'],
    [{ TLP: 7 }, 'AMBER'],
    [{ TLP: 'Green', _HSOC: { Tlp: 'RED' } }, 'RED'],
    [{ TLP: 'AMBER+STRICT', _HSOC: { Tlp: 'CLEAR' } }, 'AMBER+STRICT'],
  ])('%j is TLP %s', (more, tlp) => {
    expect(understood(more).tlp).toBe(tlp)
  })
})

describe('any JSON object', () => {
  it('is understood without throwing, and alike twice', () => {
    const keys = fc.constantFrom(
      'ID',
      'DetectTime',
      'Category',
      'Source',
      'Target',
      'Node',
      'Attach',
      'IP4',
      'IP6',
      'Port',
      'Type',
      'URL',
      'Hostname',
      'Email',
      'TLP',
      '_HSOC',
      'Exercise',
      'FlowCountDropped',
      'Name',
      'Content',
    )
    const { object } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(
          'Test',
          '192.0.2.1',
          '::1',
          'http://a.example',
          '2026-03-03T07:50:11Z',
          22,
          -1,
          0.5,
          null,
          true,
        ),
        fc.string({ unit: 'binary' }),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('tree'), { maxLength: 3 }),
      object: fc.dictionary(keys, tie('tree'), { maxKeys: 8 }),
    }))
    fc.assert(
      fc.property(object, (value) => {
        const idea = value as Idea
        const derived = derive(idea, { ...ctx, mayExercise: true })
        expect(derive(idea, { ...ctx, mayExercise: true })).toEqual(derived)
        expect(derived.keys.length).toBeGreaterThan(0)
        expect(derived.keys.every(({ text }) => text.isWellFormed() && !text.includes('\0'))).toBe(true)
        expect(derived.weight).toBeGreaterThanOrEqual(1)
        expect(derived.detectedMs).toBeLessThanOrEqual(receivedMs + 600_000)
        expect(Number.isInteger(derived.hour)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })
})

const folder = join(process.env.HSOC_TEST_DATA ?? '../shared/data', 'idea')
const absent = !existsSync(folder)
const title = absent
  ? `recordings skipped: ${folder} is not there (set HSOC_TEST_DATA)`
  : 'recordings of real senders'

if (absent) console.error(title)

describe.skipIf(absent)(title, () => {
  const at2016 = { receivedMs: Date.UTC(2016, 10, 12), sensorName: 'cz.cesnet.filer' }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const single = (name: string) => derive(JSON.parse(read(`single/${name}.idea.json`)), at2016)

  it('counts the tarpit hour: 750 events, 191 sources, 610 targets, 191 pairs with a category', () => {
    const now = { ...at2016, receivedMs: Date.UTC(2016, 8, 1, 1) }
    const events = read('labrea-2016-09-01-first750.ndjson')
      .trim()
      .split('\n')
      .map((line) => derive(JSON.parse(line), now))
    const sources = events.flatMap((each) => each.keys.filter((key) => key.counted).map((key) => key.text))
    const targets = events.flatMap((each) => each.targets.flatMap((end) => end.nets.map((net) => net.text)))
    const pairs = events.flatMap((each) => each.keys.map((key) => `${key.text} ${each.categories[0]}`))
    expect([events.length, new Set(sources).size, new Set(targets).size, new Set(pairs).size]).toEqual([
      750, 191, 610, 191,
    ])
    expect(new Set(events.map((each) => each.hour)).size).toBe(1)
    expect(new Set(events.map((each) => each.detector))).toEqual(
      new Set(['cesnet.au1', 'cz.cesnet.filer.vinovago']),
    )
    expect(
      Math.max(...events.map((each) => each.detectedMs)) - Math.min(...events.map((each) => each.detectedMs)),
    ).toBe(61_000)
    expect(events.every((each) => each.lane === 'real' && each.verdict === 0)).toBe(true)
  })

  it('understands single messages of many kinds', () => {
    expect(single('vulnerable')).toMatchObject({
      targetClass: 'vulnerable-config-qotd',
      detector: 'cesnet.au1',
    })
    expect(single('ddos3').keys).toEqual([{ text: 'none', kind: 'none', counted: false }])
    expect(single('botnet2')).toMatchObject({ lane: 'test', categories: ['Intrusion.Botnet', 'Test'] })
    expect(single('ddos1')).toMatchObject({ tags: ['Flow', 'Statistical'], weight: 208 })
    expect(single('ddos1').sources[0]?.backscatter).toBe(true)
    expect(single('login1')).toMatchObject({ targetClass: 'attempt-login-ssh', weight: 19 })
    expect(single('login1').targets[0]).toMatchObject({
      imprecise: true,
      nets: [{ text: '195.113.165.128/25' }],
    })
    expect(single('exploit')).toMatchObject({
      targetClass: 'attempt-exploit-smb',
      sourceClass: 'attempt-exploit-smb',
    })
  })

  it('takes ranges and the sender’s severities from Mentat', () => {
    const [phishing] = JSON.parse(read('mentat-test-messages.json')).map((idea: Idea) => derive(idea, at2016))
    expect(phishing).toMatchObject({
      lane: 'test',
      tlp: 'GREEN',
      targetSeverity: 2,
      sourceSeverity: 1,
      confidence: 1,
    })
    expect(phishing.keys.map((key: { text: string }) => key.text)).toEqual([
      '192.168.0.2-192.168.0.5',
      '192.168.0.0/25',
      '192.168.1.1',
      '192.168.1.2',
      '192.168.1.4',
      '2001:db8::ff00:42:0/112',
      '2001:db8::ff00:42:50',
    ])
  })

  it('finds host-only sources and unknown categories of the flow detectors', () => {
    const messages = readdirSync(join(folder, 'nemea')).flatMap((file) =>
      read(`nemea/${file}`).trim().split('\n'),
    )
    const events = messages.map((line) =>
      derive(JSON.parse(line), { ...at2016, receivedMs: Date.UTC(2020, 10, 25) }),
    )
    expect(events.flatMap((each) => each.keys).some((key) => key.kind === 'host')).toBe(true)
    expect(
      events
        .filter((each) => each.quality.includes('unknown-category'))
        .every((each) => each.targetClass === 'other'),
    ).toBe(true)
    expect(new Set(events.map((each) => each.targetClass))).toContain('attempt-login-sip')
  })
})
