import { describe, expect, it } from 'vitest'
import { type DeriveContext, derive } from './derive.ts'
import { type Derived, type Idea, severities } from './event.ts'

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
