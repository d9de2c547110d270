import { describe, expect, test } from 'vitest'
import type { Incident } from './truth.ts'
import { type Notice, score } from './truth-score.ts'

const hour = 3_600_000
const incident = (more: Partial<Incident>): Incident => ({
  id: '1',
  kind: 'got-through',
  variant: 'exploit',
  organisations: ['nemocnice-snilkov'],
  rule: 'W3',
  alsoBy: [],
  minSeverity: 'high',
  sources: ['198.19.1.2'],
  hosts: ['198.18.38.9'],
  sensor: null,
  fromMs: 10 * hour,
  toMs: 11 * hour,
  events: 5,
  needsHistory: false,
  ...more,
})
const notice = (more: Partial<Notice> = {}): Notice => ({
  org: 'nemocnice-snilkov',
  rule: 'W3',
  source: '198.19.1.2',
  atMs: 10.5 * hour,
  severity: 'high',
  ...more,
})

test('the right notice tells the incident', () => {
  expect(score([incident({})], [notice()])).toEqual({ recall: 1, recallByRule: { W3: 1 }, missed: [] })
})

describe('a notice does not count', () => {
  test.each<[string, Partial<Notice>]>([
    ['to another organisation', { org: 'nemocnice-zrcadlov' }],
    ['by another rule', { rule: 'W6' }],
    ['less severe', { severity: 'medium' }],
    ['before it began', { atMs: 9 * hour }],
    ['two days later', { atMs: 60 * hour }],
    ['about another address', { source: '198.19.1.3' }],
    ['about no address', { source: null }],
  ])('%s', (_, wrong) => {
    const result = score([incident({})], [notice(wrong)])
    expect(result.recall).toBe(0)
    expect(result.missed).toEqual([{ incident: '1', rule: 'W3', org: 'nemocnice-snilkov' }])
  })
})

test('the own host names it as well as the source, and an equal rule counts', () => {
  const also = incident({ alsoBy: ['W2'] })
  expect(score([also], [notice({ rule: 'W2', source: null, host: '198.18.38.9' })]).recall).toBe(1)
})

test('each organisation of a campaign must be told', () => {
  const campaign = incident({
    id: '2',
    rule: 'W2',
    organisations: ['nemocnice-snilkov', 'nemocnice-zrcadlov'],
  })
  const result = score([campaign, incident({})], [notice({ rule: 'W2' }), notice()])
  expect(result.recallByRule).toEqual({ W2: 0.5, W3: 1 })
  expect(result.recall).toBeCloseTo(2 / 3)
  expect(result.missed.map((m) => m.org)).toEqual(['nemocnice-zrcadlov'])
})

test('what concerns the coordinators only is told to them', () => {
  const sector = incident({ rule: 'W7', organisations: [], minSeverity: 'medium', hosts: [] })
  expect(score([sector], [notice({ rule: 'W7', org: null })]).recall).toBe(1)
  expect(score([sector], [notice({ rule: 'W7' })]).recall).toBe(0)
})

test('a silent sensor needs no address', () => {
  const silent = incident({
    rule: 'W5',
    kind: 'sensor-silent',
    sources: [],
    hosts: [],
    minSeverity: 'medium',
  })
  expect(score([silent], [notice({ rule: 'W5', source: null, severity: 'medium' })]).recall).toBe(1)
})

test('nothing to tell is all told', () => {
  expect(score([], []).recall).toBe(1)
})
