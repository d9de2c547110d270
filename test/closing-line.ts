/**
 * Writes the last line of a test run, `N passed, N failed` (and `, N skipped` when some were), from vitest's JSON report; its
 * arguments are the report, vitest's exit code and how the checks of the sources went, then report and exit code of any
 * further run. Exit code 1 when anything failed.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

export interface Sum {
  passed: number
  failed: number
  skipped: number
}

/**
 * The sum of a run. `text` is the JSON report, empty when vitest broke down. A file that could not be loaded counts as
 * one failure; so does a run that ended badly although every test passed, and the checks of the sources count as one.
 */
export function sumOf(text: string, exitCode: number, checks: string): Sum {
  const report = parsed(text)
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = report.numFailedTests + broken.length
  const unexplained = exitCode !== 0 && failed === 0 ? 1 : 0
  return {
    passed: report.numPassedTests + (checks === 'passed' ? 1 : 0),
    failed: failed + unexplained + (checks === 'failed' ? 1 : 0),
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

function parsed(text: string): Report {
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }
  try {
    return { ...none, ...(JSON.parse(text) as Partial<Report>) }
  } catch {
    return none
  }
}

export const together = (sums: Sum[]): Sum =>
  sums.reduce((all, one) => ({
    passed: all.passed + one.passed,
    failed: all.failed + one.failed,
    skipped: all.skipped + one.skipped,
  }))

export const lineOf = ({ passed, failed, skipped }: Sum): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [report = '', exitCode = '1', checks = 'none', ...more] = process.argv.slice(2)
  const sums = [sumOf(readFileSync(report, 'utf8'), Number(exitCode), checks)]
  for (let i = 0; i + 1 < more.length; i += 2)
    sums.push(sumOf(readFileSync(more[i] as string, 'utf8'), Number(more[i + 1]), 'none'))
  const sum = together(sums)
  console.log(lineOf(sum))
  process.exitCode = sum.failed > 0 ? 1 : 0
}
