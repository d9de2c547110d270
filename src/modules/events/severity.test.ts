import { describe, expect, it } from 'vitest'
import { type GradeInput, gradeReasons, gradeSide } from './severity.ts'

const usual: GradeInput = {
  side: 'target',
  start: 2,
  verdict: 0,
  baseClass: 'attempt-exploit-smb',
  confidence: null,
  credibility: null,
  rangeLabel: null,
  scannerListed: false,
  spoofed: false,
  backscatter: false,
  indicatorHit: false,
}
const grade = (input: Partial<GradeInput>) => {
  const { level, steps } = gradeSide({ ...usual, ...input })
  return [level, steps.map(({ step, why }) => `${step} ${why}`).join(', ')]
}

describe('the severity for one member', () => {
  it.each<[string, Partial<GradeInput>, unknown[]]>([
    ['nothing known', {}, [2, '']],
    ['dropped, only attacked: nothing else matters', { verdict: 1, indicatorHit: true }, [0, '1 dropped']],
    ['dropped, but its own host', { verdict: 1, side: 'source' }, [2, '']],
    ['dropped, on both sides', { verdict: 1, side: 'both' }, [2, '']],
    ['an attempt passed', { verdict: 2 }, [3, '2 passed']],
    ['partly passed', { verdict: 3 }, [2, '']],
    ['a scan passed', { verdict: 2, baseClass: 'recon-scanning-vnc' }, [2, '']],
    ['data got out', { verdict: 2, baseClass: 'information-unauthorizedaccess', start: 3 }, [4, '2 passed']],
    ['unsure sender', { confidence: 0.29 }, [1, '3 unsure']],
    ['just sure enough', { confidence: 0.3 }, [2, '']],
    ['a detector often wrong', { credibility: 0.4, confidence: 0.1 }, [0, '3 unsure, 3 doubtful']],
    ['doubt never lowers critical', { start: 4, credibility: 0, confidence: 0 }, [4, '']],
    ['life care', { rangeLabel: 'life-care' }, [3, '4 vital']],
    ['an emergency line', { rangeLabel: 'Emergency line' }, [3, '4 vital']],
    ['image archive', { rangeLabel: 'PACS' }, [3, '4 vital']],
    ['guests', { rangeLabel: 'guest' }, [1, '4 minor']],
    ['a laboratory for tests', { rangeLabel: 'laboratory-test' }, [1, '4 minor']],
    ['a clinical laboratory', { rangeLabel: 'laboratory' }, [2, '']],
    ['an indicator', { indicatorHit: true }, [3, '5 indicator']],
    ['a research scanner scans', { scannerListed: true, baseClass: 'recon-scanning' }, [0, '6 research']],
    ['a research scanner attacks', { scannerListed: true }, [2, '']],
    ['a forged address', { spoofed: true }, [0, '7 forged']],
    ['an echo', { backscatter: true, start: 4 }, [0, '7 forged']],
    [
      'above the top only on the way',
      { start: 4, verdict: 2, rangeLabel: 'guest' },
      [4, '2 passed, 4 minor'],
    ],
    ['never below info', { start: 0, rangeLabel: 'guest' }, [0, '4 minor']],
    ['never above critical', { start: 4, indicatorHit: true, verdict: 2 }, [4, '2 passed, 5 indicator']],
  ])('%s', (_, input, expected) => {
    expect(grade(input)).toEqual(expected)
  })

  it('tells each step from where to where, in both languages', () => {
    const { steps } = gradeSide({ ...usual, verdict: 2, rangeLabel: 'guest' })
    expect(steps).toEqual([
      { step: 2, from: 2, to: 3, why: 'passed' },
      { step: 4, from: 3, to: 2, why: 'minor' },
    ])
    for (const { why } of steps) expect(gradeReasons[why].cs).not.toBe(gradeReasons[why].en)
  })
})
