/** XML of strangers as plain objects: no entities of its own, no guessing of numbers. Attributes begin with `@`. */
import { XMLParser } from 'fast-xml-parser'
import { Unreadable } from './line.ts'

const lists = new Set(['host', 'port', 'osmatch', 'osclass', 'cpe', 'component', 'service', 'address'])

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The five entities that XML itself has, and characters by number; others stay as they are written. */
const plain = (text: string): string =>
  text.replace(/&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g, (whole, name, dec, hex) => {
    if (name) return entities[name] ?? whole
    const code = dec ? Number(dec) : Number.parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

/** The document. Throws Unreadable for what is no XML, and for any that declares entities. */
export function readXml(text: string): Record<string, unknown> {
  if (/<!ENTITY/i.test(text)) throw new Unreadable('entities')
  try {
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      textNodeName: '#text',
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: false,
      ignoreDeclaration: true,
      ignorePiTags: true,
      removeNSPrefix: true,
      isArray: (name) => lists.has(name),
      tagValueProcessor: (_, value) => plain(value),
      attributeValueProcessor: (_, value) => plain(value),
    })
    return record(parser.parse(text, true))
  } catch (error) {
    if (error instanceof Unreadable) throw error
    throw new Unreadable('broken')
  }
}

/** An object, or an empty one for anything else. */
export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

/** A list of objects, whatever it is. */
export const records = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.map(record) : []

/** A text on one line; of an element with attributes its content. Numbers count as their digits. */
export function textIn(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'string') return value.replace(/\s+/g, ' ').trim()
  const content = record(value)['#text']
  return typeof content === 'string' ? content.replace(/\s+/g, ' ').trim() : ''
}
