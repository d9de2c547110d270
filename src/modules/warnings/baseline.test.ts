import { describe, expect, test } from 'vitest'
import { type BaselineEvent, baselineReports } from './baseline.ts'

const at = (text: string) => Date.parse(`${text}Z`)
// Monday 2 March 2026
const event = (when: string, more: Partial<BaselineEvent> = {}): BaselineEvent => ({
  atMs: at(when),
  org: 'nemocnice-horni-vymysl',
  cls: 'recon-scanning-ssh',
  source: '198.19.4.7',
  severity: 'medium',
  ...more,
})

describe('a medium report on Monday at 10:00', () => {
  const monday = event('2026-03-02T09:10:00')
  const nextWeek = { endMs: at('2026-03-16T00:00:00') }

  test('events from Tuesday to Thursday bring nothing more', () => {
    const quiet = ['2026-03-03T08:00:00', '2026-03-04T12:00:00', '2026-03-05T23:00:00'].map((t) => event(t))
    const { reports, mails } = baselineReports([monday, ...quiet], nextWeek)
    expect(reports.map((r) => [r.atMs, r.kind])).toEqual([[at('2026-03-02T10:00:00'), 'new']])
    expect(mails).toEqual({ summary: 1, perSource: 1 })
  })

  test('an event on Saturday brings a relapse report on Sunday at 10:00', () => {
    const { reports } = baselineReports([monday, event('2026-03-07T15:00:00')], nextWeek)
    expect(reports.map((r) => [r.atMs, r.kind])).toEqual([
      [at('2026-03-02T10:00:00'), 'new'],
      [at('2026-03-08T10:00:00'), 'relapse'],
    ])
  })

  test('the relapse window opens on Friday at 10:00 sharp', () => {
    const early = baselineReports([monday, event('2026-03-06T09:59:59')], nextWeek)
    const sharp = baselineReports([monday, event('2026-03-06T10:00:00')], nextWeek)
    expect([early.reports.length, sharp.reports.length]).toEqual([1, 2])
  })

  test('the relapse report suppresses again for six days', () => {
    const later = [event('2026-03-07T15:00:00'), event('2026-03-10T15:00:00')]
    expect(baselineReports([monday, ...later], nextWeek).reports).toHaveLength(2)
  })

  test('after the threshold the same trouble is new', () => {
    const { reports } = baselineReports([monday, event('2026-03-08T11:00:00')], nextWeek)
    expect(reports.map((r) => [r.atMs, r.kind])).toEqual([
      [at('2026-03-02T10:00:00'), 'new'],
      [at('2026-03-08T12:00:00'), 'new'],
    ])
  })
})

describe('what one report holds', () => {
  test('a summary is one mail, per source it is as many as there are sources', () => {
    const events = ['198.19.4.7', '198.19.4.8', '198.19.4.8'].map((source, i) =>
      event(`2026-03-02T09:1${i}:00`, { source, cls: i === 2 ? 'attempt-login-ssh' : 'recon-scanning-ssh' }),
    )
    const result = baselineReports(events)
    expect(result.mails).toEqual({ summary: 1, perSource: 2 })
    expect(result.reports[0]?.keys).toHaveLength(3)
  })

  test('another class or another source of a reported one is not suppressed', () => {
    const events = [
      event('2026-03-02T09:10:00'),
      event('2026-03-02T11:10:00', { cls: 'attempt-login-ssh' }),
      event('2026-03-02T13:10:00', { source: '198.19.4.9' }),
    ]
    expect(baselineReports(events).mails.summary).toBe(3)
  })

  test('organisations and severities are reported apart', () => {
    const events = [
      event('2026-03-02T09:10:00'),
      event('2026-03-02T09:10:00', { org: 'nemocnice-snilkov' }),
      event('2026-03-02T09:10:00', { severity: 'high' }),
    ]
    const result = baselineReports(events)
    expect(result.mails.summary).toBe(3)
    expect(result.byOrg.get('nemocnice-horni-vymysl')).toEqual({ summary: 2, perSource: 2 })
  })
})

describe('severities', () => {
  test('info is never reported', () => {
    expect(baselineReports([event('2026-03-02T09:10:00', { severity: 'info' })]).reports).toEqual([])
  })

  test('critical comes within ten minutes and again after two hours, without relapse', () => {
    const events = ['09:01', '09:30', '10:50', '11:20'].map((t) =>
      event(`2026-03-02T${t}:00`, { severity: 'critical' }),
    )
    expect(baselineReports(events).reports.map((r) => r.atMs)).toEqual([
      at('2026-03-02T09:10:00'),
      at('2026-03-02T11:30:00'),
    ])
  })

  test('high relapses in the second half of its day', () => {
    const events = ['2026-03-02T09:01:00', '2026-03-02T23:00:00'].map((t) => event(t, { severity: 'high' }))
    const { reports } = baselineReports(events, { endMs: at('2026-03-04T00:00:00') })
    expect(reports.map((r) => [r.atMs, r.kind])).toEqual([
      [at('2026-03-02T09:10:00'), 'new'],
      [at('2026-03-03T09:10:00'), 'relapse'],
    ])
  })

  test('low is a report a day', () => {
    const { reports } = baselineReports([event('2026-03-02T09:10:00', { severity: 'low' })])
    expect(reports.map((r) => r.atMs)).toEqual([at('2026-03-03T00:00:00')])
  })
})

test('events out of order are refused', () => {
  expect(() => baselineReports([event('2026-03-02T09:10:00'), event('2026-03-02T09:00:00')])).toThrow(
    RangeError,
  )
})

test('no events, no mails', () => {
  expect(baselineReports([]).mails).toEqual({ summary: 0, perSource: 0 })
})
