/** CycloneDX bills of materials, 1.4 to 1.6, as JSON or XML. Source: https://cyclonedx.org/docs/1.6/json/ (components, services). */
import type { Kind } from '../asset.ts'
import { cpeOf } from '../cpe.ts'
import type { Given } from '../understand.ts'
import { type Read, take, Unreadable } from './line.ts'
import { record, records, textIn } from './xml.ts'

const versions = new Set(['1.4', '1.5', '1.6'])

/** `null`: files, data and the like, of which nobody has an inventory. `device` is whatever the person said. */
const kindOfType: Record<string, Kind | 'fallback' | null> = {
  application: 'software',
  framework: 'software',
  library: 'software',
  container: 'software',
  platform: 'software',
  firmware: 'software',
  'operating-system': 'system',
  device: 'fallback',
  'device-driver': 'software',
  'machine-learning-model': 'software',
  file: null,
  data: null,
  'cryptographic-asset': null,
}

/** Throws Unreadable. */
export function linesOfJson(text: string, fallback: string): Read {
  let bom: Record<string, unknown>
  try {
    bom = record(JSON.parse(text))
  } catch {
    throw new Unreadable('broken')
  }
  if (bom.bomFormat !== 'CycloneDX') throw new Unreadable('notCycloneDx')
  if (!versions.has(textIn(bom.specVersion))) throw new Unreadable('cycloneVersion')
  const main = record(bom.metadata).component
  return collect(
    [...(main ? [record(main)] : []), ...records(bom.components)],
    records(bom.services),
    fallback,
  )
}

/** What stands inside another component is one too; taken in order, without recursion, as files may nest at will. */
function collect(
  components: Record<string, unknown>[],
  services: Record<string, unknown>[],
  fallback: string,
): Read {
  const read: Read = { format: 'cyclonedx', lines: [], refused: [] }
  let line = 0
  const waiting = [...components].reverse()
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    const inside = Array.isArray(one.components) ? one.components : record(one.components).component
    waiting.push(...records(inside).reverse())
    line += 1
    takeComponent(read, one, line, fallback)
  }
  for (const service of services) {
    line += 1
    take(read, { line, id: null, given: givenOf(service), fresh: { kind: 'service' } })
  }
  if (line === 0) throw new Unreadable('noRows')
  return read
}

function takeComponent(read: Read, one: Record<string, unknown>, line: number, fallback: string): void {
  const type = textIn(one.type ?? one['@type'])
  const kind = Object.hasOwn(kindOfType, type) ? kindOfType[type] : undefined
  if (!kind) {
    read.refused.push({ line, what: textIn(one.name).slice(0, 200), field: 'kind', why: 'component' })
    return
  }
  take(read, { line, id: null, given: givenOf(one), fresh: { kind: kind === 'fallback' ? fallback : kind } })
}

function givenOf(one: Record<string, unknown>): Given {
  const makers = [record(one.manufacturer).name, record(one.supplier).name, record(one.provider).name]
  const vendor = [...makers, one.publisher, one.group].map(textIn).find((text) => text !== '') ?? ''
  const [cpe] = [one.cpe].flat().map(textIn)
  const texts = { vendor, version: textIn(one.version), purl: textIn(one.purl) }
  const said = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''))
  // A name of the platform that breaks its rules says nothing; the component is one all the same.
  return { product: textIn(one.name), ...said, ...(cpe && cpeOf(cpe) ? { cpe } : {}) }
}

/** An XML document's lines where it is a bill of materials, else null. The name space tells the version. Throws Unreadable. */
export function linesOfXmlBom(
  document: Record<string, unknown>,
  text: string,
  fallback: string,
): Read | null {
  if (!('bom' in document)) return null
  const bom = record(document.bom)
  const version = /cyclonedx\.org\/schema\/bom\/(\d+\.\d+)/.exec(text.slice(0, 10_000))?.[1] ?? ''
  if (!versions.has(version)) throw new Unreadable('cycloneVersion')
  const main = records(record(bom.metadata).component)
  return collect(
    [...main, ...records(record(bom.components).component)],
    records(record(bom.services).service),
    fallback,
  )
}
