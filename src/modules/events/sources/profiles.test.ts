import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validate } from '../idea.ts'
import { type Outcome, profileToIdea, type SensorFacts, toIdea } from './index.ts'
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
