import { describe, expect, it } from 'vitest'
import {
  type Clues,
  canBeCritical,
  categories,
  classOf,
  describeClass,
  familyOf,
  isAmplifier,
  isKnownCategory,
  primaryOf,
  resolveCategory,
  rsitOf,
} from './classes.ts'

const quiet: Clues = { sourceProtos: [], targetProtos: [], sourcePorts: [], targetPorts: [], text: '' }
const named = (category: string, clues: Partial<Clues> = {}) =>
  classOf(resolveCategory(category), { ...quiet, ...clues })

describe('the map of categories', () => {
  it('holds every category once, with both names and both severities', () => {
    expect(categories).toHaveLength(53)
    expect(new Set(categories.map((each) => each.slug)).size).toBe(53)
    for (const { cs, en, rsit, levels } of categories) {
      expect([cs, en, rsit].every((text) => text.length > 2)).toBe(true)
      expect(levels.t + levels.s).toBeGreaterThanOrEqual(0)
    }
  })

  it.each([
    ['Recon.Scanning', 'Recon.Scanning'],
    ['Malware.Ransomware', 'Malware'],
    ['Suspicious.Miner', 'Other'],
    ['recon.scanning', 'Other'],
    ['', 'Other'],
    ['__proto__', 'Other'],
  ])('%s counts as %s', (name, expected) => {
    expect(resolveCategory(name).category).toBe(expected)
    expect(isKnownCategory(name)).toBe(name === expected)
  })

  it.each<[string[], string, string]>([
    [['Recon.Scanning', 'Attempt.Exploit'], 'Attempt.Exploit', 'Recon.Scanning'],
    [['Intrusion.Botnet', 'Malware'], 'Intrusion.Botnet', 'Intrusion.Botnet'],
    [['Malware', 'Intrusion.Botnet'], 'Malware', 'Malware'],
    [['Availability.DDoS', 'Abusive.Spam'], 'Availability.DDoS', 'Abusive.Spam'],
    [['Test', 'Other'], 'Other', 'Other'],
    [['Test'], 'Test', 'Test'],
    [[], 'Other', 'Other'],
  ])('of %j the attacked sees %s first and the source %s', (names, asTarget, asSource) => {
    expect([primaryOf(names, 't').category, primaryOf(names, 's').category]).toEqual([asTarget, asSource])
  })
})

describe('classes', () => {
  it.each<[string, Partial<Clues>, string]>([
    ['Attempt.Login', { targetProtos: ['tcp', 'ssh'] }, 'attempt-login-ssh'],
    ['Attempt.Login', { sourceProtos: ['tcp', 'telnet'] }, 'attempt-login-telnet'],
    ['Attempt.Login', { targetPorts: [3389] }, 'attempt-login-rdp'],
    ['Attempt.Login', { targetPorts: [8022], targetProtos: ['ssh'] }, 'attempt-login-ssh'],
    ['Attempt.Login', { sourcePorts: [22] }, 'attempt-login'],
    ['Attempt.Exploit', { text: 'EPMAPPER exploitation attempt' }, 'attempt-exploit-msrpc'],
    ['Attempt.Exploit', { text: 'nothing about sshoulders' }, 'attempt-exploit'],
    ['Attempt.NewSignature', {}, 'attempt-newsignature'],
    ['Recon.Scanning', { targetPorts: [5900, 5901] }, 'recon-scanning-vnc'],
    ['Recon.Scanning', { targetPorts: [22, 5900] }, 'recon-scanning'],
    ['Recon.Scanning', { targetPorts: [22, 30_000] }, 'recon-scanning'],
    ['Recon.Scanning', { sourceProtos: ['icmp'] }, 'recon-scanning-icmp'],
    ['Vulnerable.Config', { sourceProtos: ['udp', 'qotd'], sourcePorts: [17] }, 'vulnerable-config-qotd'],
    ['Vulnerable.Open', { sourceProtos: ['udp', 'domain'] }, 'vulnerable-open-dns'],
    ['Vulnerable.Config', { text: 'SSDP' }, 'vulnerable-config-ssdp'],
    ['Anomaly.Traffic', { targetPorts: [5900], targetProtos: ['tcp'] }, 'anomaly-traffic'],
    ['Intrusion.Botnet', { sourcePorts: [80] }, 'intrusion-botnet'],
    ['Malware.Ransomware', {}, 'malware'],
  ])('%s with %j is %s', (category, clues, expected) => {
    expect(named(category, clues)).toBe(expected)
  })

  it('reads a class back, with or without a side', () => {
    expect(describeClass('attempt-login-ssh', 'cs')).toBe('Hádání hesel: SSH')
    expect(describeClass('attempt-login-ssh-target', 'en')).toBe('Login attempts: SSH')
    expect(describeClass('recon-scanning-internal', 'en')).toBe('Scanning')
    expect(describeClass('vulnerable-open', 'cs')).toBe('Otevřená služba')
    expect(describeClass('no-such-thing', 'en')).toBe('Other')
  })

  it('reads every class it can make', () => {
    const made = categories.flatMap((each) => [each.slug, named(each.category, { targetPorts: [22] })])
    const withService = made.filter((name) => name.endsWith('-ssh'))
    expect(withService.length).toBeGreaterThan(3)
    for (const name of withService)
      expect(describeClass(name, 'cs')).toBe(`${describeClass(name.replace(/-ssh$/, ''), 'cs')}: SSH`)
    const other = describeClass('no-such-thing', 'cs')
    expect(made.filter((name) => describeClass(name, 'cs') === other && !/^other/.test(name))).toEqual([])
  })

  it('puts what detectors call differently into one family', () => {
    expect(['attempt-login-ssh', 'attempt-exploit-ssh-target', 'attempt-ssh'].map(familyOf)).toEqual([
      'attempt-ssh',
      'attempt-ssh',
      'attempt-ssh',
    ])
    expect([familyOf('recon-scanning'), familyOf('intrusion-botnet')]).toEqual(['recon', 'intrusion'])
    expect(describeClass('attempt-ssh', 'cs')).toBe('Pokus o průnik: SSH')
  })

  it('knows which classes can be critical', () => {
    expect(['intrusion', 'malware-rootkit', 'availability-sabotage'].every(canBeCritical)).toBe(true)
    expect(['attempt-login-ssh', 'recon-scanning', 'intrusion-botnet', 'other'].some(canBeCritical)).toBe(
      false,
    )
  })

  it('names the value of the security incident taxonomy', () => {
    expect(rsitOf('Attempt.Login')).toBe('brute-force')
    expect([rsitOf('Malware'), rsitOf('Malware', { spreadsMalware: true })]).toEqual([
      'infected-system',
      'malware-distribution',
    ])
    expect([rsitOf('Intrusion.Botnet'), rsitOf('Intrusion.Botnet', { ownController: true })]).toEqual([
      'infected-system',
      'c2-server',
    ])
    const amplifier = isAmplifier('vulnerable-open-dns')
    expect([rsitOf('Vulnerable.Open'), rsitOf('Vulnerable.Open', { amplifier })]).toEqual([
      'potentially-unwanted-accessible',
      'ddos-amplifier',
    ])
    expect(isAmplifier('vulnerable-open-rdp')).toBe(false)
  })
})
