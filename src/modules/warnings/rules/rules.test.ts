import { describe, expect, it } from 'vitest'
import { infoOf } from '../classbook.ts'
import { defaultsOf } from '../rules.ts'
import type { Features } from './judge.ts'
import { w1 } from './w1.ts'
import { type Campaign, type CampaignMember, severityAt, w2 } from './w2.ts'
import { w3 } from './w3.ts'
import { type SensorHealth, w5 } from './w5.ts'

const cls = (name: string) => infoOf(1, name)

function seen(
  name: string,
  more: Partial<Features> & { dropped?: number; passed?: number; partial?: number } = {},
): Features {
  const events = more.events ?? 10
  const { dropped = 0, passed = 0, partial = 0, ...rest } = more
  return {
    side: 2,
    severity: 1,
    events,
    verdicts: { dropped, passed, partial, unknown: events - dropped - passed - partial },
    classes: [cls(name)],
    detectors: 1,
    honeypot: false,
    spoofed: false,
    sinkhole: false,
    research: null,
    lowered: false,
    ...rest,
  }
}
const outcome = (judged: {
  fires: boolean
  severity?: number
  outcome?: string
}): string | number | undefined => (judged.fires ? judged.severity : judged.outcome)

describe('W1, own host misbehaves', () => {
  const p = defaultsOf('W1')
  const own = { side: 1, severity: 3 }
  it.each([
    ['a scan from our address', seen('recon-scanning', own), 3],
    ['even when all of it was dropped', seen('recon-scanning', { ...own, dropped: 10 }), 3],
    ['spam from our address', seen('abusive-spam', own), 3],
    ['a phishing page of ours', seen('fraud-phishing', { ...own, severity: 2 }), 2],
    ['two detectors agree', seen('abusive-spam', { ...own, severity: 2, detectors: 2 }), 3],
    ['a honeypot met it', seen('recon-scanning', { ...own, severity: 1, honeypot: true }), 3],
    ['it speaks to a sinkhole', seen('anomaly-connection', { ...own, severity: 0, sinkhole: true }), 3],
    ['both ends are ours', seen('malware-worm-internal', { ...own, side: 3 }), 3],
    ['a controller speaks to our host', seen('intrusion-botnet-target', { severity: 2, passed: 10 }), 2],
    ['and was dropped', seen('intrusion-botnet-target', { severity: 0, dropped: 10 }), 'dropped-only'],
    ['something odd from our address', seen('anomaly-traffic', own), 'quiet-class'],
    ['copyright is not compromise', seen('fraud-copyright', own), 'quiet-class'],
    [
      'a forged address of ours',
      seen('recon-scanning', { ...own, severity: 0, spoofed: true }),
      'below-threshold',
    ],
    [
      'an echo of what others began, told by two detectors',
      seen('attempt-login-ssh', { ...own, severity: 0, detectors: 2 }),
      'below-threshold',
    ],
    [
      'the same, met by a honeypot',
      seen('attempt-login-ssh', { ...own, severity: 0, honeypot: true }),
      'below-threshold',
    ],
    ['backscatter, severity info', seen('availability-dos', { ...own, severity: 0 }), 'quiet-class'],
    ['a detector that is often wrong', seen('recon-scanning', { ...own, lowered: true }), 2],
    ['often wrong, but critical', seen('intrusion', { ...own, severity: 4, lowered: true }), 4],
  ])('%s', (_, features, expected) => {
    expect(outcome(w1(features, p))).toBe(expected)
  })
  it('says its thresholds with the values met', () => {
    const judged = w1(seen('recon-scanning', { ...own, severity: 2, detectors: 3 }), { ...p, detectors: 3 })
    expect(judged).toMatchObject({
      fires: true,
      steps: [{ from: 2, to: 3, why: 'detectors' }],
      thresholds: [
        { name: 'events', threshold: 1, value: 10 },
        { name: 'severity', threshold: 1, value: 3 },
        { name: 'detectors', threshold: 3, value: 3 },
      ],
    })
  })
})

describe('W3, an attack got through', () => {
  const p = defaultsOf('W3')
  it.each([
    ['one passed event is enough', seen('attempt-login-ssh', { dropped: 9, passed: 1 }), false, 3],
    ['part of it passed', seen('malware-trojan', { dropped: 9, partial: 1 }), false, 3],
    ['access to information', seen('information-unauthorizedaccess', { passed: 10, severity: 4 }), false, 4],
    ['the host answered', seen('attempt-login-ssh', { passed: 10 }), true, 4],
    ['all dropped', seen('attempt-login-ssh', { dropped: 10, severity: 0 }), false, 'dropped-only'],
    ['nobody knows', seen('attempt-login-ssh'), false, 'below-threshold'],
    ['a scan that passed', seen('recon-scanning', { passed: 10 }), false, 'quiet-class'],
    ['an oddity that passed', seen('anomaly-traffic', { passed: 10 }), false, 'quiet-class'],
    [
      'a research scanner',
      seen('recon-scanning', { passed: 10, research: 'shodan-scanning' }),
      false,
      'research-scanner',
    ],
    [
      'a research scanner that attacks',
      seen('attempt-exploit', { passed: 10, research: 'shodan-scanning' }),
      false,
      3,
    ],
    ['a detector that is often wrong', seen('attempt-login-ssh', { passed: 10, lowered: true }), false, 2],
  ])('%s', (_, features, answered, expected) => {
    expect(outcome(w3({ ...features, answered }, p))).toBe(expected)
  })
  it('waits for as many events as were set', () => {
    expect(w3({ ...seen('attempt-login-ssh', { passed: 4 }), answered: false }, { ...p, events: 5 })).toEqual(
      { fires: false, outcome: 'below-threshold', detail: { rule: 'W3', value: 4, threshold: 5 } },
    )
  })
})

describe('W2, a campaign', () => {
  const p = defaultsOf('W2')
  const members = (
    n: number,
    more: Partial<CampaignMember> = {},
    first: Partial<CampaignMember> = {},
  ): CampaignMember[] =>
    Array.from({ length: n }, (_, org) => ({
      org,
      events: 4,
      dropped: 4,
      passed: 0,
      partial: 0,
      intrusion: false,
      ...more,
      ...(org === 0 ? first : {}),
    }))
  const campaign = (name: string, list: CampaignMember[], research: string | null = null): Campaign => ({
    classes: [cls(name)],
    members: list,
    research,
  })
  const passing = { dropped: 3, passed: 1 }
  it.each([
    ['exploits at five, all dropped', campaign('attempt-exploit', members(5)), 'members 2'],
    ['exploits at four', campaign('attempt-exploit', members(4)), null],
    ['log-ins at five, all dropped', campaign('attempt-login-ssh', members(5)), null],
    ['log-ins at five, one passed', campaign('attempt-login-ssh', members(5, {}, passing)), 'members 3'],
    ['log-ins at three, one passed', campaign('attempt-login-ssh', members(3, {}, passing)), 'hit 3'],
    ['log-ins at two, one passed', campaign('attempt-login-ssh', members(2, {}, passing)), null],
    [
      'log-ins at five, nobody knows of any drop',
      campaign('attempt-login-ssh', members(5, { dropped: 0 })),
      'members 2',
    ],
    ['scans at fifty, all dropped', campaign('recon-scanning', members(50)), null],
    ['scans at fifty, nobody knows', campaign('recon-scanning', members(50, { dropped: 0 })), null],
    ['scans at five, one passed', campaign('recon-scanning', members(5, {}, passing)), 'members 2'],
    ['scans at three, one passed', campaign('recon-scanning', members(3, {}, passing)), null],
    ['research scanners only', campaign('attempt-exploit', members(9), 'censys-scanning'), null],
  ])('%s', (_, found, expected) => {
    const judged = w2(found, p)
    expect(judged.fires ? `${judged.told} ${judged.severity}` : null).toBe(expected)
  })
  it.each([
    [3, 'hit'],
    [4, 'hit'],
    [5, 'members'],
  ])('of %i members, with a threshold of three, is told to the %s', (n, told) => {
    const judged = w2(campaign('attempt-exploit', members(n)), { ...p, members: 3 })
    expect(judged.fires && judged.told).toBe(told)
  })
  it('is critical where an intrusion followed', () => {
    const [hit, other] = members(2, {}, { intrusion: true }) as [CampaignMember, CampaignMember]
    expect([severityAt(hit, 3), severityAt(other, 3)]).toEqual([4, 3])
  })
})

describe('W5, a sensor', () => {
  const p = defaultsOf('W5')
  const well: SensorHealth = {
    silentMinutes: 1,
    usualGapMinutes: 2,
    gaps: 100,
    received: 1000,
    refused: 0,
    missing: 0,
  }
  it.each([
    ['speaks', {}, []],
    ['has been silent for longer than a quarter of an hour', { silentMinutes: 16 }, ['W5 2']],
    ['has a habit of long gaps', { silentMinutes: 100, usualGapMinutes: 60 }, []],
    ['is silent beyond its habit', { silentMinutes: 181, usualGapMinutes: 60 }, ['W5 2']],
    ['is silent for a day', { silentMinutes: 1440 }, ['W5 3']],
    ['has no habit yet', { silentMinutes: 500, gaps: 4 }, []],
    ['never spoke', { silentMinutes: null, gaps: 0 }, []],
    ['has one in a hundred refused', { refused: 10 }, []],
    ['has more refused', { refused: 11 }, ['W5-rejects 2']],
    ['has few messages, half refused', { received: 20, refused: 10 }, []],
    ['lacks a batch and is silent', { missing: 1, silentMinutes: 20 }, ['W5 2', 'W5-missing 2']],
  ])('%s', (_, change, expected) => {
    expect(w5({ ...well, ...change }, p).map((found) => `${found.words} ${found.severity}`)).toEqual(expected)
  })
})
