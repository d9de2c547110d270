import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validate } from '../idea.ts'
import { formatOf, formats, type Outcome, profileToIdea, relay, type SensorFacts, toIdea } from './index.ts'
import { profiles } from './profile-table.ts'

const receivedMs = Date.UTC(2026, 2, 3, 8, 0, 0)
const sensor: SensorFacts = { name: 'cz.hsoc.nem_a.fw1', inline: false, receivedMs }

const ideaOf = (outcome: Outcome) => {
  if (!('idea' in outcome)) throw new Error(JSON.stringify(outcome))
  expect(validate(outcome.idea)).toEqual([])
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the event freely
  return outcome.idea as any
}

describe('the one-line sender', () => {
  it('reads its full line', () => {
    const line = { src: '198.51.100.7', dst: '192.0.2.10', dpt: 22, what: 'login', n: 14, blocked: true }
    expect(ideaOf(profileToIdea('simple', line, sensor))).toEqual({
      Format: 'IDEA0',
      ID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      DetectTime: '2026-03-03T08:00:00Z',
      Category: ['Attempt.Login'],
      ConnCount: 14,
      Source: [{ IP4: ['198.51.100.7'] }],
      Target: [{ IP4: ['192.0.2.10'], Port: [22] }],
      Node: [{ Name: 'cz.hsoc.nem_a.fw1', Type: ['Log'] }],
      _HSOC: { Verdict: 'dropped', NoTime: true },
    })
  })

  it.each([
    ['scan', 'Recon.Scanning'],
    ['login', 'Attempt.Login'],
    ['exploit', 'Attempt.Exploit'],
    ['malware', 'Malware'],
    ['botnet', 'Intrusion.Botnet'],
    ['dos', 'Availability.DoS'],
    ['spam', 'Abusive.Spam'],
    ['phishing', 'Fraud.Phishing'],
    ['OTHER ', 'Other'],
  ])('understands %s', (what, category) => {
    expect(ideaOf(profileToIdea('simple', { src: '2001:db8::7', what }, sensor)).Category).toEqual([category])
  })

  it.each([
    [{ what: 'scan' }, /source/],
    [{ src: 'no address!', what: 'scan' }, /source/],
    [{ src: '198.51.100.7' }, /what must be one of/],
    [{ src: '198.51.100.7', what: 'noise' }, /what must be one of/],
    [{ src: '198.51.100.7', what: 'scan', n: -3 }, /count/],
    [{ src: '198.51.100.7', what: 'scan', n: 'many' }, /count/],
  ])('refuses %j', (line, error) => {
    expect(profileToIdea('simple', line, sensor)).toEqual({ error: expect.stringMatching(error) })
  })

  it.each([
    ['198.51.100.0/24', { IP4: ['198.51.100.0/24'] }],
    ['198.51.100.7/32', { IP4: ['198.51.100.7'] }],
    ['198.51.100.1-198.51.100.9', { IP4: ['198.51.100.1-198.51.100.9'] }],
    ['::ffff:198.51.100.7', { IP4: ['198.51.100.7'] }],
    ['2001:DB8:0000::0007/128', { IP6: ['2001:db8::7'] }],
    ['Host-1.example.', { Hostname: ['host-1.example'] }],
  ])('takes the source %s', (src, end) => {
    expect(ideaOf(profileToIdea('simple', { src, what: 'scan' }, sensor)).Source).toEqual([end])
  })

  it.each([
    [{ action: 'deny' }, 'dropped'],
    [{ action: 'Permit' }, 'passed'],
    [{ action: 'mirror' }, 'unknown'],
    [{ blocked: false }, 'passed'],
    [{}, 'unknown'],
  ])('%j is %s', (more, verdict) => {
    expect(
      ideaOf(profileToIdea('simple', { src: '198.51.100.7', what: 'scan', ...more }, sensor))._HSOC.Verdict,
    ).toBe(verdict)
  })

  it('keeps an identifier of the sender, cleaned without making two alike', () => {
    const id = (value: unknown) =>
      ideaOf(profileToIdea('simple', { src: '198.51.100.7', what: 'scan', id: value }, sensor)).ID
    expect(id('a-1')).toBe('fw1-a-1')
    expect(id(17)).toBe('fw1-17')
    expect(id('a 1')).not.toBe(id('a:1'))
    expect(id('x'.repeat(900))).not.toBe(id('x'.repeat(901)))
  })
})

describe('CSV rows', () => {
  it('are read by the names of the columns', () => {
    const row = {
      time: '3.3.2026 8:50:11',
      src: '198.51.100.7',
      src_port: '40111',
      dst: '192.0.2.10',
      dst_port: '5900',
      proto: 'TCP/vnc',
      what: 'scan',
      count: '12',
      action: 'Denied',
      rule: 'inbound 7',
      id: 'N/A',
      note: '-',
    }
    expect(ideaOf(toIdea('csv', { value: row }, { ...sensor, zone: 'Europe/Prague' }))).toMatchObject({
      DetectTime: '2026-03-03T07:50:11Z',
      Category: ['Recon.Scanning'],
      Description: 'inbound 7',
      ConnCount: 12,
      Source: [{ IP4: ['198.51.100.7'], Port: [40111], Proto: ['tcp', 'vnc'] }],
      Target: [{ IP4: ['192.0.2.10'], Port: [5900] }],
      _HSOC: { Verdict: 'dropped', Rule: 'inbound 7', NoZone: true },
    })
  })

  it('may name an IDEA category instead', () => {
    const row = { src: '198.51.100.7', category: 'Availability.DDoS' }
    expect(ideaOf(toIdea('csv', { value: row }, sensor)).Category).toEqual(['Availability.DDoS'])
    expect(toIdea('csv', { value: { ...row, category: 'very bad thing' } }, sensor)).toHaveProperty('error')
    expect(toIdea('csv', { value: { ...row, category: '-' } }, sensor)).toHaveProperty('error')
  })
})

describe('honeypots and log watchers', () => {
  const secrets = { username: 'eva.novotna', password: 'tajne-heslo' }
  const cases: [string, object, object][] = [
    [
      'heralding',
      {
        timestamp: '2026-03-03 07:50:11.141628',
        session_id: '2e7bb393-d515-4ded-8327-92d043725f3d',
        source_ip: '198.51.100.7',
        source_port: 34248,
        destination_ip: '192.0.2.10',
        destination_port: 5900,
        protocol: 'vnc',
        num_auth_attempts: 1,
        auth_attempts: [secrets],
        duration: 0,
      },
      {
        ID: 'fw1-2e7bb393-d515-4ded-8327-92d043725f3d',
        DetectTime: '2026-03-03T07:50:11.141628Z',
        Category: ['Attempt.Login'],
        ConnCount: 1,
        Source: [{ IP4: ['198.51.100.7'], Port: [34248], Proto: ['vnc'] }],
        Node: [{ Name: 'cz.hsoc.nem_a.fw1', Type: ['Connection', 'Honeypot'], SW: ['Heralding'] }],
        _HSOC: { Verdict: 'unknown', NoZone: true },
      },
    ],
    [
      'heralding',
      { source_ip: '198.51.100.7', num_auth_attempts: 0, username: null },
      { Category: ['Recon.Scanning'] },
    ],
    [
      'cowrie',
      {
        eventid: 'cowrie.login.failed',
        ...secrets,
        message: 'login attempt [eva.novotna/tajne-heslo] failed',
        timestamp: '2026-03-03T07:50:11.1Z',
        src_ip: '198.51.100.7',
        session: 'b1',
        sensor: 'trap-1',
      },
      {
        Category: ['Attempt.Login'],
        Description: 'Honeypot: cowrie.login.failed',
        Node: [{ Note: 'host trap-1' }],
      },
    ],
    [
      'cowrie',
      { eventid: 'cowrie.command.input', input: 'echo tajne-heslo | passwd', src_ip: '198.51.100.7' },
      { Category: ['Attempt.Exploit'] },
    ],
    [
      'dionaea',
      {
        connection: { type: 'accept', protocol: 'smbd', transport: 'tcp' },
        credentials: [secrets],
        src_ip: '::ffff:198.51.100.7',
        dst_ip: '192.0.2.10',
        dst_port: 445,
        timestamp: '2026-03-03T07:50:11.000001',
      },
      { Category: ['Attempt.Login'], Source: [{ IP4: ['198.51.100.7'], Proto: ['tcp', 'smb'] }] },
    ],
    [
      'cisco-asa-honeypot',
      {
        timestamp: '2026-03-03T07:50:11.5',
        src_ip: '198.51.100.7',
        payload_printable:
          '"POST /+webvpn+/index.html?username=eva.novotna&password=tajne-heslo HTTP/1.1" 200 -',
      },
      { Category: ['Attempt.Login'], Source: [{ IP4: ['198.51.100.7'], Proto: ['tcp', 'https'] }] },
    ],
    [
      'zeek-notice',
      {
        ts: 1772524211.482113,
        'id.orig_h': '198.51.100.7',
        'id.resp_h': '192.0.2.10',
        'id.resp_p': 22,
        proto: 'tcp',
        note: 'SSH::Password_Guessing',
        msg: 'eva.novotna',
        actions: ['Notice::ACTION_LOG', 'Notice::ACTION_DROP'],
        n: 30,
      },
      {
        DetectTime: '2026-03-03T07:50:11.482113Z',
        Category: ['Attempt.Login'],
        ConnCount: 30,
        Target: [{ IP4: ['192.0.2.10'], Port: [22] }],
        _HSOC: { Verdict: 'dropped', Rule: 'SSH::Password_Guessing' },
      },
    ],
    [
      'fail2ban',
      {
        time: 1772524211,
        ip: '198.51.100.7',
        jail: 'sshd',
        failures: '5',
        port: 'ssh',
        protocol: 'tcp',
        user: 'eva.novotna',
      },
      { Category: ['Attempt.Login'], ConnCount: 5, _HSOC: { Verdict: 'dropped', Rule: 'sshd' } },
    ],
    [
      'crowdsec',
      {
        uuid: '5f0c',
        scenario: 'crowdsecurity/ssh-bf',
        start_at: '2026-03-03T07:50:01Z',
        stop_at: '2026-03-03 07:50:11.5 +0000 UTC',
        events_count: 6,
        source: { ip: '198.51.100.7', scope: 'Ip' },
        decisions: [{ type: 'ban' }],
        events: [{ meta: [{ key: 'target_user', value: 'eva.novotna' }] }],
      },
      {
        ID: 'fw1-5f0c',
        DetectTime: '2026-03-03T07:50:11.5Z',
        EventTime: '2026-03-03T07:50:01Z',
        Category: ['Attempt.Login'],
        ConnCount: 6,
        _HSOC: { Verdict: 'dropped' },
      },
    ],
  ]

  it.each(cases)('%s %#: understood, and no account or password is copied', (name, record, expected) => {
    const idea = ideaOf(profileToIdea(name, record, sensor))
    expect(idea).toMatchObject(expected)
    expect(JSON.stringify(idea)).not.toMatch(/novotna|heslo/)
  })

  it('context is skipped, what is of another program is an error', () => {
    expect(
      profileToIdea('cowrie', { eventid: 'cowrie.session.closed', src_ip: '198.51.100.7' }, sensor),
    ).toEqual({ skip: 'context' })
    expect(profileToIdea('cowrie', { src_ip: '198.51.100.7' }, sensor)).toHaveProperty('error')
    expect(profileToIdea('fail2ban', { ip: '198.51.100.7', action: 'unban' }, sensor)).toEqual({
      skip: 'context',
    })
    expect(profileToIdea('dionaea', { connection: { type: 'listen' }, src_ip: '' }, sensor)).toEqual({
      skip: 'context',
    })
    expect(profileToIdea('zeek-notice', {}, sensor)).toEqual({ error: 'note is missing' })
    expect(profileToIdea('nothing', {}, sensor)).toEqual({ error: 'no profile nothing' })
  })

  it('the same record has one identifier, another record another', () => {
    const record = { src: '198.51.100.7', what: 'scan', time: 1772524211 }
    const id = (value: object, name = sensor.name) =>
      ideaOf(profileToIdea('simple', value, { ...sensor, name })).ID
    expect(id({ ...record })).toBe(id(record))
    expect(id({ ...record, extra: 1 })).not.toBe(id(record))
    expect(id(record, 'cz.hsoc.nem_b.fw1')).not.toBe(id(record))
  })
})

describe('formats', () => {
  it('are those of the generic door', () => {
    expect(formats()).toEqual(
      expect.arrayContaining([
        'idea',
        'eve',
        'csv',
        'simple',
        'heralding',
        'cowrie',
        'dionaea',
        'cisco-asa-honeypot',
        'zeek-notice',
        'fail2ban',
        'crowdsec',
      ]),
    )
    expect(profiles().byName.get('simple')?.title.cs).toBeTruthy()
  })

  it.each([
    [undefined, undefined, 'idea'],
    ['application/json; charset=utf-8', undefined, 'idea'],
    ['application/x-ndjson', 'eve', 'eve'],
    ['application/x-www-form-urlencoded', 'Simple', 'simple'],
    ['application/vnd.suricata.eve+json', undefined, 'eve'],
    ['application/x-ndjson; format=heralding', undefined, 'heralding'],
    ['text/csv; charset=utf-8; header=present', undefined, 'csv'],
    ['image/png', undefined, undefined],
    ['application/json', 'nonsense', undefined],
    ['constructor', undefined, undefined],
  ])('%s with %s is %s', (type, query, format) => {
    expect(formatOf(type, query)).toBe(format)
  })
})

describe('IDEA by the generic door', () => {
  const node = { Name: 'cz.x.tarpit', Type: ['Tarpit'] }

  it('gets the sensor as the first node', () => {
    const idea = {
      Format: 'IDEA0',
      ID: 'n1',
      DetectTime: '2026-03-03T07:50:11Z',
      Category: ['Other'],
      Node: [node],
    }
    expect(ideaOf(toIdea('idea', { value: idea }, sensor))).toEqual({
      ...idea,
      Node: [{ Name: sensor.name, Type: ['Relay'] }, node],
    })
    expect(idea.Node).toEqual([node])
  })

  it('is left alone when the sensor is there, and given a node when none is', () => {
    const own = { Node: [{ Name: 'CZ.hsoc.nem_a.fw1', Type: ['Flow'] }, node] }
    expect(relay(own, sensor.name)).toBe(own)
    expect(relay({ ID: 'n1' }, sensor.name)).toEqual({ ID: 'n1', Node: [{ Name: sensor.name }] })
    expect(relay({ Node: 'odd' }, sensor.name)).toEqual({ Node: 'odd' })
  })

  it('may lack Format and identifier, nothing else', () => {
    const idea = ideaOf(
      toIdea('idea', { value: { DetectTime: '2026-03-03T07:50:11Z', Category: ['Other'] } }, sensor),
    )
    expect(idea.ID).toMatch(/^[0-9a-f-]{36}$/)
    const bare = toIdea('idea', { value: { ID: 'n1' } }, sensor)
    expect('idea' in bare && validate(bare.idea).map(({ expected }) => expected)).toEqual(
      expect.arrayContaining(['Category is required', 'DetectTime is required']),
    )
    expect(toIdea('idea', { value: [1] }, sensor)).toEqual({ error: 'not a JSON object' })
  })
})

describe('properties', () => {
  const pointed = [
    'src',
    'what',
    'source_ip',
    'src_ip',
    'ip',
    'timestamp',
    'time',
    'ts',
    'session_id',
    'id',
    'uuid',
    'n',
    'count',
    'proto',
    'protocol',
    'connection',
    'eventid',
    'note',
    'scenario',
    'source',
    'actions',
    'action',
    'blocked',
    'category',
    'host',
    'num_auth_attempts',
    'payload_printable',
    'jail',
    '__proto__',
    'constructor',
  ]
  const value = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'scan',
      'cowrie.login.failed',
      '198.51.100.7/33',
      '1-2',
      1e300,
      -0,
      1772524211,
      '2026-03-03T07:50:11+99:99',
    ),
  )

  it('whatever a record holds, each profile gives an event without a fault, a skip or an error', () => {
    const names = fc.constantFrom(...profiles().byName.keys())
    fc.assert(
      fc.property(names, fc.dictionary(fc.constantFrom(...pointed), value), (name, record) => {
        const outcome = profileToIdea(name, JSON.parse(JSON.stringify(record)), {
          ...sensor,
          zone: 'Europe/Prague',
        })
        if ('idea' in outcome) ideaOf(outcome)
      }),
      { numRuns: 20_000 },
    )
  }, 120_000)
})
