/** From what was typed, sent or read in a file to the values of an asset. Each fault is a code with words in `locales/`. */
import { isDay } from '../../platform/dates.ts'
import { Invalid } from '../../platform/errors.ts'
import { type AssetField, type AssetValues, blank, kinds } from './asset.ts'
import { cpeOf } from './cpe.ts'

/** Texts by field; a field that is not there keeps what it was. */
export type Given = Partial<Record<AssetField, string>>

const mostSerials = 1_000
export const mostQuantity = 1_000_000

type Reading = { value: unknown } | { fault: string }
type Reader = (text: string) => Reading

const line = (most: number): Reader => {
  return (given) => {
    const value = given.normalize('NFC').replace(/\s+/g, ' ').trim()
    if (/\p{Cc}/u.test(value)) return { fault: 'letters' }
    return value.length > most ? { fault: 'long' } : { value }
  }
}

const orNull =
  (read: Reader): Reader =>
  (text) => {
    const read1 = read(text)
    return 'value' in read1 && read1.value === '' ? { value: null } : read1
  }

const readProduct: Reader = (text) => {
  const read = line(200)(text)
  return 'value' in read && read.value === '' ? { fault: 'empty' } : read
}

const readQuantity: Reader = (text) => {
  const given = text.replace(/\s/g, '')
  if (given === '') return { value: blank.quantity }
  const value = Number(given)
  return /^\d{1,7}$/.test(given) && value >= 1 && value <= mostQuantity ? { value } : { fault: 'quantity' }
}

/** Separated by commas, semicolons or lines; each once, in the order given. */
const readSerials: Reader = (text) => {
  const value = [...new Set(text.split(/[,;\r\n]+/).map((one) => one.replace(/\s+/g, ' ').trim()))].filter(
    (one) => one !== '',
  )
  if (value.some((one) => one.length > 100 || /\p{Cc}/u.test(one))) return { fault: 'serials' }
  return value.length > mostSerials ? { fault: 'manySerials' } : { value }
}

const yes = new Set(['yes', 'y', '1', 'true', 'ano', 'a', 'x'])
const no = new Set(['no', 'n', '0', 'false', 'ne'])
const unknown = new Set(['', '?', 'unknown', 'nevime', 'nevíme', 'neznamo', 'neznámo'])

const readSegmented: Reader = (text) => {
  const word = text.trim().toLowerCase()
  if (unknown.has(word)) return { value: null }
  if (yes.has(word)) return { value: true }
  return no.has(word) ? { value: false } : { fault: 'yesNo' }
}

const readFlag: Reader = (text) => {
  const word = text.trim().toLowerCase()
  if (yes.has(word)) return { value: true }
  return word === '' || no.has(word) ? { value: false } : { fault: 'yesNo' }
}

const readDay: Reader = (text) => {
  const given = text.trim()
  if (given === '') return { value: null }
  const czech = /^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$/.exec(given)
  const day = czech
    ? `${czech[3]}-${(czech[2] as string).padStart(2, '0')}-${(czech[1] as string).padStart(2, '0')}`
    : given
  return isDay(day) && day >= '1970-01-01' && day <= '2199-12-31' ? { value: day } : { fault: 'day' }
}

const readCpe: Reader = (text) => {
  if (text.trim() === '') return { value: null }
  const value = cpeOf(text)
  return value === null ? { fault: 'cpe' } : { value }
}

// Package URL: scheme, type, then what the type says (https://github.com/package-url/purl-spec).
const readPurl: Reader = (text) => {
  const value = text.trim()
  if (value === '') return { value: null }
  return /^pkg:[A-Za-z][A-Za-z0-9.+-]*\/[\x21-\x7e]+$/.test(value) && value.length <= 500
    ? { value }
    : { fault: 'purl' }
}

const readNote: Reader = (text) => {
  const value = text.normalize('NFC').replace(/\r\n?/g, '\n').trim()
  if (value.includes('\0')) return { fault: 'letters' }
  return value.length > 2_000 ? { fault: 'long' } : { value }
}

const readKind: Reader = (text) => {
  const value = kinds.find((kind) => kind === text.trim())
  return value ? { value } : { fault: 'kind' }
}

const readers: Record<AssetField, Reader> = {
  kind: readKind,
  vendor: line(200),
  product: readProduct,
  version: orNull(line(100)),
  runsOn: line(200),
  quantity: readQuantity,
  serials: readSerials,
  department: line(200),
  zone: line(200),
  segmented: readSegmented,
  owner: line(200),
  patientSafety: readFlag,
  supportEndsOn: readDay,
  cpe: readCpe,
  purl: readPurl,
  note: readNote,
}

export interface Understood {
  values: AssetValues
  /** Field to code; empty when all is well. */
  faults: Partial<Record<AssetField, string>>
}

/** What is given, over what was before. */
export function understand(given: Given, before: AssetValues = blank): Understood {
  const values: Record<string, unknown> = { ...before }
  const faults: Understood['faults'] = {}
  for (const [field, text] of Object.entries(given) as [AssetField, string | undefined][]) {
    if (text === undefined) continue
    const read = readers[field](text)
    if ('fault' in read) faults[field] = read.fault
    else values[field] = read.value
  }
  if (String(values.product) === '' && !faults.product) faults.product = 'empty'
  // Every serial number is a piece of its own.
  const serials = values.serials as string[]
  if (!faults.quantity && !faults.serials && serials.length > Number(values.quantity)) {
    if (given.quantity === undefined || given.quantity.trim() === '') values.quantity = serials.length
    else faults.quantity = 'fewer'
  }
  return { values: values as unknown as AssetValues, faults } // each reader gives what its field holds
}

/** The values, or Invalid with a code for each field that is wrong. */
export function sound(given: Given, before?: AssetValues): AssetValues {
  const { values, faults } = understand(given, before)
  if (Object.keys(faults).length > 0) throw new Invalid('Some fields are not right.', faults)
  return values
}

/** The same values as texts, for forms and files. */
export function asTexts(values: AssetValues): Record<AssetField, string> {
  const truth = (value: boolean | null): string => (value === null ? '' : value ? 'yes' : 'no')
  return {
    ...values,
    version: values.version ?? '',
    cpe: values.cpe ?? '',
    purl: values.purl ?? '',
    quantity: String(values.quantity),
    serials: values.serials.join(', '),
    segmented: truth(values.segmented),
    patientSafety: values.patientSafety ? 'yes' : '',
    supportEndsOn: values.supportEndsOn ?? '',
  }
}
