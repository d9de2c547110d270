import { expect, test } from 'vitest'
import { lineOf, sumOf, together } from './closing-line.ts'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((result) => ({ status: result })),
})

const report = (passed: number, failed: number, pending: number, testResults: unknown[]) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: 0,
    testResults,
  })

test('a good run says so in one line', () => {
  const sum = sumOf(report(2, 0, 0, [file('passed', 'passed', 'passed')]), 0, 'passed')
  expect(lineOf(sum)).toBe('3 passed, 0 failed')
})

test('skipped tests are told of', () => {
  expect(lineOf(sumOf(report(1, 0, 2, [file('passed', 'passed', 'pending')]), 0, 'none'))).toBe(
    '1 passed, 0 failed, 2 skipped',
  )
})

test('failed tests, files that cannot be loaded and failed checks all count', () => {
  const files = [file('failed', 'passed', 'failed'), file('failed')]
  expect(sumOf(report(1, 1, 0, files), 1, 'failed')).toEqual({ passed: 1, failed: 3, skipped: 0 })
})

test('a run that broke down is never a good one', () => {
  expect(lineOf(sumOf('', 137, 'passed'))).toBe('1 passed, 1 failed')
  expect(lineOf(sumOf('{"numPassed', 1, 'none'))).toBe('0 passed, 1 failed')
  expect(lineOf(sumOf(report(5, 0, 0, [file('passed', 'passed')]), 1, 'none'))).toBe('5 passed, 1 failed')
})

test('several runs make one sum', () => {
  const sums = [sumOf(report(2, 0, 1, []), 0, 'passed'), sumOf('', 137, 'none')]
  expect(lineOf(together(sums))).toBe('3 passed, 1 failed, 1 skipped')
})
