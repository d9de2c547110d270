import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeriveContext, derive } from './derive.ts'
import type { Idea } from './event.ts'

const receivedMs = Date.UTC(2026, 2, 3, 8, 0, 0)
const ctx: DeriveContext = { receivedMs, sensorName: 'cz.hsoc.nem_a.fw1' }

describe('any JSON object', () => {
  it('is understood without throwing, and alike twice', () => {
    const keys = fc.constantFrom(
      'ID',
      'DetectTime',
      'Category',
      'Source',
      'Target',
      'Node',
      'Attach',
      'IP4',
      'IP6',
      'Port',
      'Type',
      'URL',
      'Hostname',
      'Email',
      'TLP',
      '_HSOC',
      'Exercise',
      'FlowCountDropped',
      'Name',
      'Content',
    )
    const { object } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(
          'Test',
          '192.0.2.1',
          '::1',
          'http://a.example',
          '2026-03-03T07:50:11Z',
          22,
          -1,
          0.5,
          null,
          true,
        ),
        fc.string({ unit: 'binary' }),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('tree'), { maxLength: 3 }),
      object: fc.dictionary(keys, tie('tree'), { maxKeys: 8 }),
    }))
    fc.assert(
      fc.property(object, (value) => {
        const idea = value as Idea
        const derived = derive(idea, { ...ctx, mayExercise: () => true })
        expect(derive(idea, { ...ctx, mayExercise: () => true })).toEqual(derived)
        expect(derived.keys.length).toBeGreaterThan(0)
        expect(derived.keys.every(({ text }) => text.isWellFormed() && !text.includes('\0'))).toBe(true)
        expect(derived.weight).toBeGreaterThanOrEqual(1)
        expect(derived.detectedMs).toBeLessThanOrEqual(receivedMs + 600_000)
        expect(Number.isInteger(derived.hour)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })
})
