import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { advisoryFolder, documentsIn } from '../../../../test/advisory-data.ts'
import { tuesday } from '../../../../test/harness.ts'
import { cvesOf, topScore } from '../content.ts'
import { jsonOf, understand } from './read.ts'
import { faultsOf } from './validate.ts'

const oasis = advisoryFolder('csaf-oasis-mandatory')
const medical = advisoryFolder('csaf-icsma')
const industrial = advisoryFolder('csaf-icsa')

const readAll = (folder: string) =>
  documentsIn(folder).map(({ name, bytes }) => ({ name, ...understand(jsonOf(bytes), tuesday) }))

interface Verdicts {
  tests: {
    id: string
    failures?: { name: string; valid: boolean }[]
    valid?: { name: string; valid: boolean }[]
  }[]
}

describe.skipIf(!oasis)('the verdicts of OASIS', () => {
  it('on all 147 documents of the mandatory tests are ours too', async () => {
    const folder = oasis as string
    const { tests } = JSON.parse(readFileSync(join(folder, 'testcases-mandatory.json'), 'utf8')) as Verdicts
    const cases = tests.flatMap((test) => [...(test.failures ?? []), ...(test.valid ?? [])])
    expect(cases).toHaveLength(147)
    const otherwise: string[] = []
    for (const { name, valid } of cases) {
      const faults = await faultsOf(jsonOf(readFileSync(join(folder, name))))
      if ((faults.length === 0) !== valid) otherwise.push(`${name} ${JSON.stringify(faults)}`)
    }
    expect(otherwise).toEqual([])
  })
})

describe.skipIf(!medical)('120 advisories of medical devices', () => {
  it('are read with their 372 vulnerabilities, each as one of patient safety', () => {
    const read = readAll(medical as string)
    expect(read).toHaveLength(120)
    expect(new Set(read.flatMap(({ content }) => cvesOf(content))).size).toBe(372)
    expect(read.filter(({ content }) => content.patientSafety)).toHaveLength(120)
    expect(read.filter(({ content }) => content.tlp === 'CLEAR')).toHaveLength(120)
    expect(read.filter(({ content }) => content.kind === 'csaf' && content.state === 'final')).toHaveLength(
      120,
    )
  })

  it('name their products with vendor and version as written, and their scores with vectors', () => {
    const read = readAll(medical as string)
    const products = read.flatMap(({ content }) => content.products)
    expect(products).toHaveLength(555)
    expect(products.filter(({ vendor, product }) => vendor === '' || product === '')).toEqual([])
    expect(new Set(products.map(({ vendor }) => vendor)).has('Phillips')).toBe(true)
    expect(products.some(({ versions }) => versions === '<= 9.0.3')).toBe(true)
    const scores = read.flatMap(({ content }) => content.vulnerabilities.flatMap((one) => one.scores))
    expect(scores).toHaveLength(377)
    expect(scores.filter(({ version, vector }) => !vector.startsWith(`CVSS:${version}/`))).toEqual([])
    const remedies = read.flatMap(({ content }) => content.vulnerabilities.flatMap((one) => one.remedies))
    expect(remedies).toHaveLength(1_650)
    expect(remedies.filter(({ text, refs }) => text === '' || refs.length === 0)).toEqual([])
  })

  it('bring nothing that a reader would have to mind', () => {
    const minded = readAll(medical as string).flatMap(({ name, flags }) =>
      flags.map((flag) => `${name} ${flag}`),
    )
    expect(minded).toEqual([])
  })
})

describe.skipIf(!industrial)('30 advisories of industry', () => {
  it('are read and told apart from those of medical devices', () => {
    const read = readAll(industrial as string)
    expect(read).toHaveLength(30)
    expect(read.filter(({ content }) => content.patientSafety)).toEqual([])
    expect(new Set(read.flatMap(({ content }) => cvesOf(content))).size).toBe(126)
    expect(read.reduce((sum, { content }) => sum + content.products.length, 0)).toBe(97)
    expect(read.filter(({ content }) => topScore(content) === null)).toEqual([])
  })
})
