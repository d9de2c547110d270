import { describe, expect, it } from 'vitest'
import { validate } from '../idea.ts'
import { eveToIdea } from './eve.ts'
import answer from './fixtures/eve-answer.json' with { type: 'json' }
import type { Outcome, SensorFacts } from './index.ts'

const receivedMs = Date.UTC(2026, 2, 3, 8, 0, 0)
const listening: SensorFacts = { name: 'cz.hsoc.nem_a.suri1', inline: false, receivedMs }

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
