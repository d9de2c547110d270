/** What a file said of one asset, before it is compared with the inventory. */
import type { AssetField } from '../asset.ts'
import { titleOf } from '../assets.ts'
import { type Given, understand } from '../understand.ts'

export const formats = ['table', 'cyclonedx', 'nmap'] as const
export type Format = (typeof formats)[number]

export interface Line {
  /** Of the file; in Excel the row, in other formats the order. */
  line: number
  /** The number of the asset that the line says it means. */
  id: number | null
  /** What the file says; a field that is not there keeps what it was. */
  given: Given
  /** What is written besides where the asset is new. */
  fresh: Given
  /** Fields whose value a formula gave. */
  computed?: AssetField[]
  /** As people read it. */
  what: string
}

export interface Refused {
  line: number
  /** As people read it, at most 200 characters. */
  what: string
  field: AssetField | null
  /** Code with words in `locales/`. */
  why: string
}

/** Of one file. */
export const mostLines = 10_000
/** Bytes of one file. */
export const mostBytes = 8 * 1024 * 1024

export interface Read {
  format: Format
  lines: Line[]
  refused: Refused[]
}

/** Why a file cannot be read at all: a code with words in `locales/`. */
export class Unreadable extends Error {
  override name = 'Unreadable'
  /** The words of the file that it is about. */
  readonly about: string
  constructor(why: string, about = '') {
    super(why)
    this.about = about
  }
}

const short = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').slice(0, 200)

/** Sorts a line among those that can be used and those that cannot. */
export function take(read: Read, line: Omit<Line, 'what'>): void {
  if (read.lines.length + read.refused.length >= mostLines) throw new Unreadable('tooMany')
  const { values, faults } = understand({ product: '', ...line.fresh, ...line.given })
  const what = short(titleOf(values) || Object.values(line.given).filter(Boolean).join(' '))
  const [fault] = Object.entries(faults) as [AssetField, string][]
  if (fault) read.refused.push({ line: line.line, what, field: fault[0], why: fault[1] })
  else read.lines.push({ ...line, what })
}
