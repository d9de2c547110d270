import { expect, it } from 'vitest'
import { tuesday } from '../../test/harness.ts'
import { understand } from '../modules/advisories/csaf/read.ts'
import { faultsOf } from '../modules/advisories/csaf/validate.ts'
import { demoDocuments } from './advisories.ts'

it('the advisories of the demonstration keep the rules of CSAF, and name nobody who exists', async () => {
  const documents = demoDocuments(tuesday)
  expect(documents).toHaveLength(5)
  for (const document of documents) {
    expect(await faultsOf(document)).toEqual([])
    const { content, flags } = understand(document, tuesday)
    expect(flags).toEqual([])
    for (const { url } of content.references) expect(new URL(url).hostname).toMatch(/\.example$/)
    expect(content.vulnerabilities.flatMap(({ cve }) => cve ?? [])).toEqual([])
  }
})
