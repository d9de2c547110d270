import { describe, expect, it } from 'vitest'
import { type DeriveContext, derive } from './derive.ts'
import { type Derived, type Idea, verdicts } from './event.ts'

const receivedMs = Date.UTC(2026, 2, 3, 8, 0, 0)
const ctx: DeriveContext = { receivedMs, sensorName: 'cz.hsoc.nem_a.fw1' }
const smallest: Idea = {
  Format: 'IDEA0',
  ID: 'n1',
  DetectTime: '2026-03-03T07:50:11Z',
  Category: ['Other'],
  Node: [{ Name: 'cz.hsoc.nem_a.fw1' }],
}
const understood = (more: Idea, context: Partial<DeriveContext> = {}) =>
  derive({ ...smallest, ...more }, { ...ctx, ...context })

describe('class, severity, weight, lane', () => {
  it('chooses the class of each side by its own column', () => {
    const both = understood({
      Category: ['Recon.Scanning', 'Attempt.Login', 'Test'],
      Target: [{ Port: [22] }],
    })
    expect(both).toMatchObject({
      targetClass: 'attempt-login-ssh',
      sourceClass: 'recon-scanning-ssh',
      targetSeverity: 1,
      sourceSeverity: 3,
    })
  })

  it.each<[string, Idea, number[]]>([
    ['the table', {}, [1, 3]],
    ['CESNET', { _CESNET: { EventSeverity: 'low' } }, [1, 1]],
    [
      'Mentat, with one for the target',
      { _Mentat: { EventSeverity: 'low', TargetSeverity: 'medium' } },
      [2, 1],
    ],
    ['Mentat, only for the target', { _Mentat: { TargetSeverity: 'Critical' } }, [4, 3]],
    ['ours', { _HSOC: { Severity: 'medium' }, _CESNET: { EventSeverity: 'low' } }, [2, 2]],
    ['an unknown word', { _CESNET: { EventSeverity: 'terrible' } }, [1, 3]],
  ])('takes the start severity from %s', (_, more, levels) => {
    const { targetSeverity, sourceSeverity } = understood({ Category: ['Attempt.Login'], ...more })
    expect([targetSeverity, sourceSeverity]).toEqual(levels)
  })

  it.each<[Idea, number, string[]]>([
    [{ ConnCount: 20, FlowCount: 7 }, 20, []],
    [{ FlowCount: 7 }, 4, []],
    [{ ConnCount: 0 }, 1, []],
    [{ ConnCount: -5, FlowCount: 9 }, 5, ['bad-count']],
    [{ ConnCount: 9e15 }, 1e12, []],
    [{ PacketCount: 50 }, 1, []],
  ])('%j weighs %d', (more, weight, quality) => {
    expect([understood(more).weight, understood(more).quality]).toEqual([weight, quality])
  })

  it.each<[string, Idea, Partial<DeriveContext>, unknown[]]>([
    ['real', {}, {}, ['real', null, []]],
    ['Test beside a real category', { Category: ['Attempt.Login', 'Test'] }, {}, ['test', null, []]],
    [
      'an exercise of a sensor that may',
      { _HSOC: { Exercise: 'jaro-26' } },
      { mayExercise: (label, atMs) => label === 'jaro-26' && atMs === Date.UTC(2026, 2, 3, 7, 50, 11) },
      ['exercise', 'jaro-26', []],
    ],
    [
      'an exercise of one that may not',
      { _HSOC: { Exercise: 'jaro-26' } },
      {},
      ['real', null, ['exercise-refused']],
    ],
    [
      'an exercise that is not on',
      { _HSOC: { Exercise: 'jaro-26' } },
      { mayExercise: () => false },
      ['real', null, ['exercise-refused']],
    ],
    [
      'a test in an exercise',
      { _HSOC: { Exercise: 'jaro-26' }, Category: ['Test'] },
      { mayExercise: () => true },
      ['test', null, []],
    ],
  ])('lane: %s', (_, more, context, expected) => {
    const { lane, exercise, quality } = understood(more, context)
    expect([lane, exercise, quality]).toEqual(expected)
  })

  it('marks what it could not use', () => {
    expect(understood({ Category: [] })).toMatchObject({ quality: ['no-category'], targetClass: 'other' })
    expect(understood({ Category: ['Suspicious.Miner'] }).quality).toEqual(['unknown-category'])
    expect(understood({ Target: [{ Port: [70_000, 22, 22, 5] }] })).toMatchObject({
      quality: ['bad-port'],
      ports: [5, 22],
    })
    expect(understood({ Target: [{ Port: Array.from({ length: 500 }, (_, i) => 500 - i) }] }).ports).toEqual(
      Array.from({ length: 64 }, (_, i) => i + 1),
    )
  })

  it('takes the verdict of the sensor only when the event tells none', () => {
    expect(verdicts[understood({}, { defaultVerdict: 1 }).verdict]).toBe('dropped')
    expect(understood({ _HSOC: { Verdict: 'passed' } }, { defaultVerdict: 1 }).verdictCarrier).toBe(
      '_HSOC.Verdict',
    )
  })
})

describe('detector and label', () => {
  it.each<[string, unknown, string]>([
    ['the last node', [{ Name: 'cz.x.filer' }, { Name: 'cz.x.Tarpit' }], 'cz.x.tarpit'],
    ['a name without realm', [{ Name: 'cz.hsoc.nem_a.fw1' }, { Name: 'cowboy' }], 'cz.hsoc.nem_a.fw1.cowboy'],
    ['no node', undefined, 'cz.hsoc.nem_a.fw1'],
    ['a last node without name', [{ Name: 'cz.x.filer' }, { SW: ['x'] }], 'cz.hsoc.nem_a.fw1'],
  ])('%s', (_, nodes, detector) => {
    expect(understood({ Node: nodes }).detector).toBe(detector)
  })

  it('adds the types of all nodes and of the event', () => {
    const { tags } = understood({
      Node: [
        { Name: 'a.b', Type: ['Relay'] },
        { Name: 'a.c', Type: ['Flow'], Tags: ['Honeypot', 5, '<b>'] },
      ],
      Type: ['Flow', 'Statistical'],
    })
    expect(tags).toEqual(['Relay', 'Flow', 'Honeypot', 'Statistical'])
  })

  it.each<[Idea, Derived['tlp']]>([
    [{}, 'AMBER'],
    [{ TLP: 'Green' }, 'GREEN'],
    [{ tlp: 'tlp:white' }, 'CLEAR'],
    [{ Tlp: 'purple' }, 'AMBER'],
    [{ TLP: 7 }, 'AMBER'],
    [{ TLP: 'Green', _HSOC: { Tlp: 'RED' } }, 'RED'],
    [{ TLP: 'AMBER+STRICT', _HSOC: { Tlp: 'CLEAR' } }, 'AMBER+STRICT'],
  ])('%j is TLP %s', (more, tlp) => {
    expect(understood(more).tlp).toBe(tlp)
  })
})
