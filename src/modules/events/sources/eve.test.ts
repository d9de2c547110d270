import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validate } from '../idea.ts'
import { eveToIdea } from './eve.ts'
import { classTexts } from './eve-classes.ts'
import answer from './fixtures/eve-answer.json' with { type: 'json' }
import type { Outcome, SensorFacts } from './index.ts'

const receivedMs = Date.UTC(2026, 2, 3, 8, 0, 0)
const listening: SensorFacts = { name: 'cz.hsoc.nem_a.suri1', inline: false, receivedMs }
const inline: SensorFacts = { ...listening, inline: true }

const ideaOf = (outcome: Outcome) => {
  if (!('idea' in outcome)) throw new Error(JSON.stringify(outcome))
  expect(validate(outcome.idea)).toEqual([])
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the event freely
  return outcome.idea as any
}

const question = {
  ...answer,
  flow: undefined,
  direction: undefined,
  alert: { ...answer.alert, action: 'allowed' },
}
const alertOf = (more: object, alert: object = {}) => ({
  ...question,
  ...more,
  alert: { ...question.alert, ...alert },
})

describe('an alert', () => {
  it('becomes an event with the initiator as source', () => {
    const idea = ideaOf(eveToIdea(answer, listening))
    expect(idea).toEqual({
      Format: 'IDEA0',
      ID: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      DetectTime: '2026-03-03T07:50:11.482113Z',
      EventTime: '2026-03-03T07:50:09Z',
      Category: ['Attempt.Login'],
      Description: 'HSOC RDP brute force answer',
      Ref: ['urn:suricata:1:9000123:4'],
      PacketCount: 16,
      ByteCount: 2200,
      Source: [{ IP4: ['198.51.100.7'], Port: [51770], Proto: ['tcp', 'rdp'] }],
      Target: [{ IP4: ['192.0.2.10'], Port: [3389], Proto: ['tcp', 'rdp'] }],
      Node: [{ Name: 'cz.hsoc.nem_a.suri1', Type: ['Content', 'Signature'], SW: ['Suricata'] }],
      _HSOC: { Verdict: 'dropped', Rule: '1:9000123', Severity: 'medium' },
    })
  })

  it.each([
    ['to the client', { direction: 'to_client' }, '198.51.100.7'],
    ['to the server', { direction: 'to_server', src_port: 40000, dest_port: 80 }, '192.0.2.10'],
    ['from a low port to a high one, without a flow', { src_port: 22 }, '198.51.100.7'],
    ['from a low port, but the flow is there', { src_port: 22, flow: { pkts_toserver: 1 } }, '192.0.2.10'],
    ['without ports', { src_port: undefined, dest_port: undefined, proto: 'ICMP' }, '192.0.2.10'],
    [
      'told by the flow though its other end is missing',
      { flow: { src_ip: '198.51.100.7' } },
      '198.51.100.7',
    ],
  ])('going %s has the right source', (_, more, source) => {
    const idea = ideaOf(eveToIdea(alertOf(more), listening))
    expect(idea.Source[0].IP4).toEqual([source])
    expect(idea.Target[0].IP4).not.toEqual([source])
  })

  it.each([1, 2, 3, 4])('of severity %i has its start severity', (severity) => {
    const idea = ideaOf(eveToIdea(alertOf({}, { severity }), listening))
    expect(idea._HSOC.Severity).toBe(['high', 'medium', 'low', 'info'][severity - 1])
  })

  it('keeps vulnerabilities, hashes, names on the server side, and the host as a remark', () => {
    const record = alertOf(
      {
        src_ip: '2001:DB8:0:0:0:0:0:7',
        dest_ip: '2001:0db8:0000:0000:0000:0000:0000:0010',
        src_port: 40000,
        dest_port: 8080,
        host: 'probe-3',
        community_id: '1:abc=',
        in_iface: 'eth1',
        vlan: [12],
        tls: { sni: 'PORTAL.nem-a.example' },
        http: {
          hostname: 'portal.nem-a.example',
          http_port: 8080,
          url: '/a b"?user=eva&x=1&Password=tajne%21#<é>',
        },
        files: [{ sha256: 'A'.repeat(64), md5: 'b'.repeat(32) }, { sha256: 'short' }],
      },
      { signature: 'HSOC CVE 2014-6271 and cve-2021-44228', metadata: { cve: ['CVE_2021_44228'] } },
    )
    const idea = ideaOf(eveToIdea(record, listening))
    expect(idea.Source).toEqual([{ IP6: ['2001:db8::7'], Port: [40000], Proto: ['tcp', 'rdp'] }])
    expect(idea.Target).toEqual([
      {
        IP6: ['2001:db8::10'],
        Port: [8080],
        Proto: ['tcp', 'rdp'],
        Hostname: ['portal.nem-a.example'],
        URL: ['http://portal.nem-a.example:8080/a%20b%22?user=***&x=1&Password=***#%3C%C3%A9%3E'],
      },
    ])
    expect(idea.Ref).toEqual(['urn:suricata:1:9000123:4', 'cve:CVE-2021-44228', 'cve:CVE-2014-6271'])
    expect(idea.Attach).toEqual([{ Hash: [`sha256:${'a'.repeat(64)}`, `md5:${'b'.repeat(32)}`] }])
    expect(idea.Node[0].Note).toBe('host probe-3')
    expect(idea._Suricata).toEqual({ CommunityId: '1:abc=', Interface: 'eth1', Vlan: [12] })
  })

  it.each([
    ['255', 'failed', undefined],
    ['IPv6-ICMP', 'unknown', ['ipv6-icmp']],
    ['SCTP', 'ftp-data', ['sctp', 'ftp-data']],
  ])('with protocol %s and %s is named as IDEA allows', (proto, app_proto, names) => {
    const idea = ideaOf(eveToIdea(alertOf({ proto, app_proto }), listening))
    expect(idea.Source[0].Proto).toEqual(names)
  })

  it('leaves out a start later than the alert', () => {
    const late = { ...answer, flow: { ...answer.flow, start: '2026-03-03T09:31:00.000000+0100' } }
    expect(ideaOf(eveToIdea(late, listening))).not.toHaveProperty('EventTime')
  })

  it.each([undefined, null, 'yesterday', '2026-13-03T08:50:11Z', 17, '0001-01-01T00:00:00Z'])(
    'with the time %j is dated by its receipt and keeps its identifier',
    (timestamp) => {
      const record = { ...answer, timestamp: timestamp === 17 ? {} : timestamp }
      const idea = ideaOf(eveToIdea(record, listening))
      expect(idea.DetectTime).toBe('2026-03-03T08:00:00Z')
      expect(idea._HSOC.NoTime).toBe(true)
      expect(ideaOf(eveToIdea(record, { ...listening, receivedMs: receivedMs + 5000 })).ID).toBe(idea.ID)
    },
  )

  it('without a zone is read in the zone of the sensor', () => {
    const record = { ...answer, timestamp: '2026-07-03 08:50:11.5' }
    expect(ideaOf(eveToIdea(record, listening))).toMatchObject({
      DetectTime: '2026-07-03T08:50:11.5Z',
      _HSOC: { NoZone: true },
    })
    const prague = ideaOf(eveToIdea(record, { ...listening, zone: 'Europe/Prague' }))
    expect(prague.DetectTime).toBe('2026-07-03T06:50:11.5Z')
  })
})

describe('the table of classes', () => {
  const categoryOf = (category: unknown, signature = 'HSOC x') =>
    ideaOf(eveToIdea(alertOf({}, { category, signature }), listening)).Category[0]

  it('has the 43 classes of Suricata 7.0.10, each with a category', () => {
    expect(classTexts()).toHaveLength(43)
    for (const { text } of classTexts()) expect(categoryOf(text)).toMatch(/^[A-Z]/)
  })

  it.each([
    ['Detection of a Network Scan', 'HSOC x', 'Recon.Scanning'],
    ['Information Leak', 'HSOC x', 'Information.UnauthorizedAccess'],
    ['Successful Administrator Privilege Gain', 'HSOC x', 'Intrusion.AdminCompromise'],
    ['web application attack', 'HSOC x', 'Attempt.Exploit'],
    ['Misc Attack', 'ET CINS Active Threat Intelligence group 1', 'Recon.Scanning'],
    ['Misc Attack', 'ET 3CORESec Poor Reputation', 'Recon.Scanning'],
    ['Misc Attack', 'ET TORRENT something', 'Attempt.Exploit'],
    ['Potentially Bad Traffic', 'ET SCAN Suspicious inbound', 'Recon.Scanning'],
    ['Potentially Bad Traffic', 'ET POLICY x', 'Anomaly.Traffic'],
    ['Generic ICMP event', 'HSOC x', 'Anomaly.Protocol'],
    ['A TCP connection was detected', 'HSOC x', 'Anomaly.Connection'],
    ['Misc activity', 'HSOC x', 'Other'],
    ['', 'HSOC x', 'Other'],
    [undefined, 'HSOC x', 'Other'],
  ])('%s, %s is %s', (text, signature, category) => {
    expect(categoryOf(text, signature)).toBe(category)
  })

  it('lists a text it does not have', () => {
    const idea = ideaOf(eveToIdea(alertOf({}, { category: 'House rule' }), listening))
    expect(idea).toMatchObject({ Category: ['Other'], _HSOC: { UnknownClass: 'House rule' } })
  })
})

describe('the verdict', () => {
  it.each([
    [{ verdict: { action: 'drop' } }, 'allowed', 'dropped'],
    [{ verdict: { action: 'alert', reject: ['tcp-reset'] } }, 'allowed', 'dropped'],
    [{ verdict: { action: 'pass' } }, 'blocked', 'passed'],
    [{ verdict: { action: 'accept' } }, 'allowed', 'passed'],
    [{ verdict: { action: 'alert' } }, 'allowed', 'passed'],
    [{ verdict: { action: 'odd' } }, 'blocked', 'unknown'],
    [{ verdict: {} }, 'blocked', 'dropped'],
    [{}, 'blocked', 'dropped'],
    [{ flow: { action: 'drop' } }, 'allowed', 'dropped'],
    [{}, 'allowed', 'unknown'],
  ])('of %j with action %s is %s', (more, action, verdict) => {
    expect(ideaOf(eveToIdea(alertOf(more, { action }), listening))._HSOC.Verdict).toBe(verdict)
  })

  it('of an allowed alert is passed only where the sensor stands in the path', () => {
    expect(ideaOf(eveToIdea(question, inline))._HSOC.Verdict).toBe('passed')
  })
})

describe('other records', () => {
  it('context is no event, unknown types are counted, what is no EVE is an error', () => {
    expect(eveToIdea({ ...answer, event_type: 'dns' }, listening)).toEqual({ skip: 'context' })
    expect(eveToIdea({ event_type: 'stats' }, listening)).toEqual({ skip: 'context' })
    expect(eveToIdea({ ...answer, event_type: 'novelty' }, listening)).toEqual({ skip: 'unknown-type' })
    expect(eveToIdea({ ...answer, src_ip: undefined }, listening)).toEqual({ skip: 'no-address' })
    expect(eveToIdea({ ...answer, src_ip: '192.0.2.300' }, listening)).toHaveProperty('error')
    expect(eveToIdea({ ...answer, alert: undefined }, listening)).toHaveProperty('error')
    expect(eveToIdea({ src: '192.0.2.1' }, listening)).toHaveProperty('error')
    for (const value of [null, 1, 'x', [answer]]) expect(eveToIdea(value, listening)).toHaveProperty('error')
  })

  it('an anomaly is an event where the sensor asks for it', () => {
    const anomaly = { ...question, event_type: 'anomaly', anomaly: { type: 'applayer', event: 'APPLAYER_X' } }
    expect(eveToIdea(anomaly, listening)).toEqual({ skip: 'anomaly' })
    const idea = ideaOf(eveToIdea(anomaly, { ...listening, anomalies: true }))
    expect(idea).toMatchObject({
      Category: ['Anomaly.Protocol'],
      Description: 'APPLAYER_X',
      _HSOC: { Rule: 'anomaly:APPLAYER_X' },
    })
  })

  it('a drop without an alert is an event', () => {
    const { alert: _, ...packet } = question
    const idea = ideaOf(eveToIdea({ ...packet, event_type: 'drop', drop: { reason: 'rules' } }, listening))
    expect(idea).toMatchObject({ Category: ['Other'], _HSOC: { Verdict: 'dropped', Rule: 'drop:rules' } })
  })
})

describe('properties', () => {
  const field = fc.constantFrom(
    ...Object.keys(answer),
    'verdict',
    'drop',
    'anomaly',
    'http',
    'dns',
    'tls',
    'files',
    'host',
    'vlan',
  )
  const inner = fc.constantFrom(
    ...Object.keys(answer.flow),
    ...Object.keys(answer.alert),
    'hostname',
    'url',
    'sni',
    'rrname',
    'query',
    'cve',
  )
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: 'binary' }),
    fc.dictionary(
      inner,
      fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.ipV4(), fc.ipV6(), fc.string({ unit: 'binary' })),
    ),
    fc.constantFrom(
      'alert',
      'drop',
      'anomaly',
      '::ffff:192.0.2.1',
      'fe80::1%eth0',
      -1,
      1e300,
      '2026-02-30T00:00:00Z',
    ),
  )

  it('whatever a record holds, it is an event without a fault, a skip or an error', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(field, odd), { maxLength: 6 }), (changes) => {
        const record = { ...answer, ...Object.fromEntries(changes) }
        const outcome = eveToIdea(JSON.parse(JSON.stringify(record)), { ...inline, anomalies: true })
        if ('idea' in outcome) ideaOf(outcome)
      }),
      { numRuns: 10_000 },
    )
  }, 120_000)
})
