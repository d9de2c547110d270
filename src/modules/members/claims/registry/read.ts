/**
 * Reads a registry file: CSV with a row of names, or objects as the RIPE database prints them. Every row that cannot be read is
 * named with its line; a file with a wrong row is not taken at all.
 */
import { parse } from 'csv-parse/sync'
import { isSpecial, type Net, parseNet } from '../../../../values/address.ts'
import { decode } from '../../import/decode.ts'
import { readEmail } from '../../import/values.ts'

export interface RegistryRow {
  line: number
  net: Net
  holder: string
  /** Null: the registry names none. */
  contact: string | null
  asn: number | null
}

export type RegistryFault =
  | 'range'
  | 'contact'
  | 'asn'
  | 'columns'
  | 'csv'
  | 'empty'
  | 'tooLarge'
  | 'many'
  | 'encoding'

export interface RegistryFile {
  rows: RegistryRow[]
  wrong: { line: number; fault: RegistryFault; value: string }[]
}

/** A whole national registry has some tens of thousands of ranges. */
export const mostRows = 200_000
export const mostBytes = 64 * 1_048_576
const mostNamed = 100
const longestHolder = 200

type Fields = { line: number; ranges: string[]; holder: string; contact: string; asn: string }

export function readRegistry(bytes: Uint8Array): RegistryFile {
  if (bytes.length > mostBytes) return refused('tooLarge')
  const decoded = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (!decoded.ok) return refused('encoding')
  const { text } = decoded
  const fields = /^(inetnum|inet6num|route|route6|aut-num|person|role|mntner|organisation):/im.test(text)
    ? objectsOf(text)
    : linesOf(text)
  if (!Array.isArray(fields)) return fields
  if (fields.length === 0) return refused('empty')
  if (fields.length > mostRows) return refused('many')
  const rows: RegistryRow[] = []
  const wrong: RegistryFile['wrong'] = []
  for (const one of fields) understand(one, rows, wrong)
  return { rows, wrong: wrong.slice(0, mostNamed) }
}

const refused = (fault: RegistryFault, line = 1, value = ''): RegistryFile => ({
  rows: [],
  wrong: [{ line, fault, value: value.slice(0, 100) }],
})

/** Names of columns as files have them; the first that is there counts. */
const columns = {
  prefix: ['prefix', 'cidrs', 'cidr', 'range', 'inetnum', 'network'],
  from: ['start', 'from'],
  to: ['end', 'to'],
  contact: ['contact', 'e-mail', 'email', 'abuse-mailbox', 'abuse'],
  holder: ['holder', 'as_name', 'org-name', 'organisation', 'name', 'descr', 'netname'],
  asn: ['asn', 'as', 'origin'],
} as const

function linesOf(text: string): Fields[] | RegistryFile {
  const [head = ''] = text.split(/\r?\n/, 1)
  const delimiter = head.includes(';') ? ';' : head.includes('\t') ? '\t' : ','
  let table: { record: string[]; info: { lines: number } }[]
  try {
    table = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 100_000,
    }) as unknown as typeof table // with `info` each row comes with its place; the library's types do not say so
  } catch (error) {
    return refused('csv', (error as { lines?: number }).lines ?? 1)
  }
  const names = (table[0]?.record ?? []).map((name) => name.toLowerCase())
  const place = (kind: keyof typeof columns): number =>
    columns[kind].map((name) => names.indexOf(name)).find((index) => index >= 0) ?? -1
  const hasRange = place('prefix') >= 0 || (place('from') >= 0 && place('to') >= 0)
  if (!hasRange) return refused('columns', 1, head)
  return table.slice(1).map(({ record, info }) => {
    const cell = (kind: keyof typeof columns): string => record[place(kind)] ?? ''
    const prefixes = cell('prefix')
    return {
      line: info.lines,
      ranges:
        prefixes === '' ? [`${cell('from')}-${cell('to')}`] : prefixes.replace(/\s*-\s*/g, '-').split(/\s+/),
      holder: cell('holder'),
      contact: cell('contact'),
      asn: cell('asn'),
    }
  })
}

/** RFC 2622: attribute and value in a line, objects parted by empty lines, `%` and `#` begin remarks. */
function objectsOf(text: string): Fields[] {
  const found: Fields[] = []
  let line = 0
  let object: Map<string, string> = new Map()
  let begun = 1
  const close = (): void => {
    const range = ['inetnum', 'inet6num', 'route', 'route6'].map((name) => object.get(name)).find(Boolean)
    const first = (...names: string[]): string => names.map((name) => object.get(name)).find(Boolean) ?? ''
    if (range)
      found.push({
        line: begun,
        ranges: [range.replace(/\s*-\s*/g, '-')],
        holder: first('org-name', 'descr', 'netname'),
        contact: first('abuse-mailbox', 'e-mail', 'contact'),
        asn: first('origin'),
      })
    object = new Map()
  }
  for (const written of text.split(/\r?\n/)) {
    line++
    if (written.trim() === '') close()
    const [, name, value = ''] = /^([a-z0-9-]+):\s*([^#]*)/i.exec(written) ?? []
    if (!name) continue
    if (object.size === 0) begun = line
    if (!object.has(name.toLowerCase())) object.set(name.toLowerCase(), value.trim())
  }
  close()
  return found
}

function understand(fields: Fields, rows: RegistryRow[], wrong: RegistryFile['wrong']): void {
  const { line } = fields
  const doubt = (fault: RegistryFault, value: string): unknown =>
    wrong.push({ line, fault, value: value.slice(0, 100) })
  const asn = asnOf(fields.asn)
  if (asn === undefined) return void doubt('asn', fields.asn)
  const contact = fields.contact === '' ? null : readEmail(fields.contact)
  if (contact && (!contact.ok || contact.value.length > 254)) return void doubt('contact', fields.contact)
  for (const range of fields.ranges) {
    const net = parseNet(range)
    if (!net || isSpecial(net)) doubt('range', range)
    else
      rows.push({
        line,
        net,
        holder: fields.holder.slice(0, longestHolder),
        contact: contact?.ok ? contact.value : null,
        asn,
      })
  }
}

/** Undefined for what is no number of an AS. */
function asnOf(text: string): number | null | undefined {
  if (text === '') return null
  const number = /^(?:AS)?\d{1,10}$/i.test(text) ? Number(text.replace(/^AS/i, '')) : 0
  return number >= 1 && number <= 4_294_967_294 ? number : undefined
}
