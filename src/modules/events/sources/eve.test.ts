import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validate } from '../idea.ts'
import { eveToIdea } from './eve.ts'
import { classTexts } from './eve-classes.ts'
import { type Outcome, readRecords, type SensorFacts, toIdea } from './index.ts'

const receivedMs = Date.UTC(2026, 2, 3, 8, 0, 0)
const listening: SensorFacts = { name: 'cz.hsoc.nem_a.suri1', inline: false, receivedMs }
const inline: SensorFacts = { ...listening, inline: true }

const ideaOf = (outcome: Outcome) => {
  if (!('idea' in outcome)) throw new Error(JSON.stringify(outcome))
  expect(validate(outcome.idea)).toEqual([])
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the event freely
  return outcome.idea as any
}

const answer = {
  timestamp: '2026-03-03T08:50:11.482113+0100',
  flow_id: 71,
  event_type: 'alert',
  src_ip: '192.0.2.10',
  src_port: 3389,
  dest_ip: '198.51.100.7',
  dest_port: 51770,
  proto: 'TCP',
  direction: 'to_client',
  alert: {
    action: 'blocked',
    gid: 1,
    signature_id: 9000123,
    rev: 4,
    signature: 'HSOC RDP brute force answer',
    category: 'An attempted login using a suspicious username was detected',
    severity: 2,
  },
  app_proto: 'rdp',
  flow: {
    pkts_toserver: 9,
    pkts_toclient: 7,
    bytes_toserver: 1210,
    bytes_toclient: 990,
    start: '2026-03-03T08:50:09.000000+0100',
    src_ip: '198.51.100.7',
    src_port: 51770,
    dest_ip: '192.0.2.10',
    dest_port: 3389,
  },
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

describe('malware talking to its master', () => {
  const trojan = { category: 'A Network Trojan was detected', signature: 'HSOC beacon' }
  const out = {
    src_ip: '10.1.2.3',
    src_port: 50000,
    dest_ip: '198.51.100.7',
    dest_port: 443,
    app_proto: 'tls',
  }
  const back = {
    src_ip: '198.51.100.7',
    src_port: 443,
    dest_ip: '10.1.2.3',
    dest_port: 50000,
    app_proto: 'tls',
  }

  it.each([
    ['out', out],
    [
      'back, told by the flow',
      { ...back, flow: { src_ip: '10.1.2.3', src_port: 50000, dest_ip: '198.51.100.7', dest_port: 443 } },
    ],
    ['back, told by the inside address', { ...back, flow: {} }],
  ])('going %s: both ends are sources', (_, more) => {
    const idea = ideaOf(eveToIdea(alertOf(more, trojan), listening))
    expect(idea.Category).toEqual(['Malware.Trojan'])
    expect(idea.Source).toEqual([
      { IP4: ['10.1.2.3'], Port: [50000], Proto: ['tcp', 'tls'], Type: ['Malware'] },
      { IP4: ['198.51.100.7'], Port: [443], Proto: ['tcp', 'tls'], Type: ['CC'] },
    ])
    expect(idea).not.toHaveProperty('Target')
  })

  it('is found behind public addresses by the networks of the sensor', () => {
    const record = alertOf({ ...back, dest_ip: '192.0.2.44', flow: {} }, trojan)
    const idea = ideaOf(
      eveToIdea(record, { ...listening, inside: (address) => address.startsWith('192.0.2.') }),
    )
    expect(idea.Source[0].IP4).toEqual(['192.0.2.44'])
  })

  it('asking for a name accuses the name, not the resolver', () => {
    const dns = {
      app_proto: 'dns',
      dest_port: 53,
      dest_ip: '10.1.0.53',
      dns: { query: [{ rrname: 'Cc.Bad.example' }] },
    }
    const idea = ideaOf(
      eveToIdea(
        alertOf({ ...out, ...dns }, { ...trojan, category: 'Domain Observed Used for C2 Detected' }),
        listening,
      ),
    )
    expect(idea.Source[1]).toEqual({ Hostname: ['cc.bad.example'], Type: ['CC'] })
    expect(idea.Target).toEqual([{ IP4: ['10.1.0.53'], Port: [53], Proto: ['tcp', 'dns'] }])
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

describe('drops beside alerts', () => {
  const drop = { ...answer, event_type: 'drop', alert: undefined, drop: { reason: 'rules' } }
  const ids = async (records: object[]) => {
    async function* body() {
      yield Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    }
    const found: string[] = []
    let echoes = 0
    for await (const item of readRecords(body(), { format: 'eve' })) {
      const outcome = toIdea('eve', item, listening)
      if ('idea' in outcome) found.push(String(outcome.idea.ID))
      else if ('skip' in outcome && outcome.skip === 'drop-of-alert') echoes += 1
    }
    return { found: found.sort(), echoes }
  }
  const other = (n: number) => ({ ...answer, flow_id: 1000 + n, src_port: 20000 + n, event_type: 'flow' })
  const filler = (count: number) => Array.from({ length: count }, (_, n) => other(n))

  it('a drop before or after its alert is no second event', async () => {
    expect(await ids([answer, drop])).toMatchObject({ echoes: 1, found: [expect.any(String)] })
    expect(await ids([drop, answer])).toEqual(await ids([answer, drop]))
    expect(await ids([drop, ...filler(900), answer])).toEqual(await ids([answer, drop]))
    expect(await ids([answer, ...filler(900), drop])).toEqual(await ids([answer, drop]))
  })

  it('a drop is known by its ends where the flow has no number, or the packet goes the other way', async () => {
    const { flow_id: _, ...numberless } = drop
    const { src_ip, src_port, dest_ip, dest_port } = answer
    const turned = {
      ...numberless,
      src_ip: dest_ip,
      src_port: dest_port,
      dest_ip: src_ip,
      dest_port: src_port,
    }
    expect((await ids([turned, answer])).echoes).toBe(1)
  })

  it('another second, another flow or no alert: the drop stands', async () => {
    expect(
      (await ids([answer, { ...drop, timestamp: '2026-03-03T08:50:12.000000+0100' }])).found,
    ).toHaveLength(2)
    expect((await ids([answer, { ...drop, flow_id: 72, src_port: 1 }])).found).toHaveLength(2)
    expect((await ids([drop])).found).toHaveLength(1)
  })

  it('any order gives the same events', async () => {
    const records = [answer, drop, question, { ...drop, flow_id: 9, dest_port: 9 }, other(1)]
    const wanted = await ids(records)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(records, { minLength: records.length }), async (shuffled) => {
        expect(await ids(shuffled)).toEqual(wanted)
      }),
      { numRuns: 200 },
    )
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
