/** The rules of CSAF 2.0 that every document must keep: its schema and the mandatory tests 6.1.*, by the public library. */

import * as mandatory from '@secvisogram/csaf-validator-lib/mandatoryTests.js'
import { csaf_2_0 } from '@secvisogram/csaf-validator-lib/schemaTests.js'
import { line } from '../plain.ts'
import { list, record } from './product-tree.ts'

export interface Fault {
  /** `schema`, or the number of the test: `6.1.7`. */
  test: string
  /** Where: a JSON pointer. */
  at: string
  said: string
}

type DocumentTest = (document: unknown) => unknown

const nameOf = (test: string): string =>
  test.startsWith('csaf') ? 'schema' : test.replace('mandatoryTest_', '').replaceAll('_', '.')

/**
 * Test 6.1.21 in the library sorts revisions by date alone and trips over two of one moment; OASIS' own verdicts break the tie
 * by number. The order in which they are written means nothing, so it is given them sorted.
 */
function inOrder(document: unknown): unknown {
  const raw = record(document)
  const { tracking: said, ...rest } = record(raw.document)
  const tracking = record(said)
  const number = (one: unknown): number => Number.parseInt(line(record(one).number, 100), 10) || 0
  const sorted = [...list(tracking.revision_history)].sort((a, b) => number(a) - number(b))
  return { ...raw, document: { ...rest, tracking: { ...tracking, revision_history: sorted } } }
}

/** Categories that are reserved, also when `csaf` is written before them without a blank: OASIS refuses it, the library does not. */
const reserved = /^csaf[-_\s]*(base|securityincidentresponse|informationaladvisory|securityadvisory|vex)$/i
const profiles = [
  'csaf_base',
  'csaf_security_incident_response',
  'csaf_informational_advisory',
  'csaf_security_advisory',
  'csaf_vex',
]

function reservedCategory(document: unknown): Fault[] {
  const category = record(record(document).document).category
  if (typeof category !== 'string' || profiles.includes(category)) return []
  return reserved.test(category.replace(/[-_\s]+/g, ''))
    ? [{ test: '6.1.26', at: '/document/category', said: 'value prohibited' }]
    : []
}

const mostFaults = 20

async function run(test: DocumentTest, name: string, document: unknown): Promise<Fault[]> {
  const verdict = record(await test(document))
  if (verdict.isValid !== false) return []
  const errors = list(verdict.errors).map(record)
  const faults = errors.map((one) => ({
    test: name,
    at: line(one.instancePath, 300),
    said: line(one.message, 300),
  }))
  return faults.length > 0 ? faults : [{ test: name, at: '', said: '' }]
}

/** What is wrong with it, the first twenty; empty for a document that keeps the rules. */
export async function faultsOf(document: unknown): Promise<Fault[]> {
  const schema = await run(csaf_2_0 as DocumentTest, 'schema', document)
  // The tests may trip over what the schema refuses.
  if (schema.length > 0) return schema.slice(0, mostFaults)
  const found: Fault[] = []
  for (const [name, test] of Object.entries(mandatory)) {
    const given = name === 'mandatoryTest_6_1_21' ? inOrder(document) : document
    found.push(...(await run(test as DocumentTest, nameOf(name), given)))
  }
  return [...found, ...reservedCategory(document)].slice(0, mostFaults)
}
