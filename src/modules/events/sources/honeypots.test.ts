import { describe, expect, it } from 'vitest'
import { validate } from '../idea.ts'
import { type Outcome, profileToIdea, type SensorFacts } from './index.ts'

const receivedMs = Date.UTC(2026, 2, 3, 8, 0, 0)
const sensor: SensorFacts = { name: 'cz.hsoc.nem_a.fw1', inline: false, receivedMs }

const ideaOf = (outcome: Outcome) => {
  if (!('idea' in outcome)) throw new Error(JSON.stringify(outcome))
  expect(validate(outcome.idea)).toEqual([])
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the event freely
  return outcome.idea as any
}

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
