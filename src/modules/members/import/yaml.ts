/** YAML: a list of organisations with the columns' names as keys; prefixes and domains may be lists. */

import type { Document, Node, YAMLMap } from 'yaml'
import { isMap, isScalar, isSeq, Lexer, LineCounter, parseAllDocuments } from 'yaml'
import type { Faults } from './faults.ts'
import { errorCount, refuse, remark } from './faults.ts'
import { mostRows } from './limits.ts'
import { columnNamed, fold, nearestTitle } from './names.ts'
import type { Cell, Column, RawRow, RawTable } from './types.ts'
import { none } from './values.ts'

interface Reading {
  faults: Faults
  lines: LineCounter
  titles: Map<Column, string>
  remarked: Set<string>
}

const deepest = 20
/** Pairs that brackets may hold on one line. */
const widest = 10_000
const mostPieces = 3_000_000

const listColumns: readonly Column[] = ['prefixes', 'domains']
const wrappers = ['members', 'organizations', 'organisations', 'organizace', 'clenove']

/** Reads the organisations; null (with errors) when the text is no YAML of the expected shape. */
export function readYaml(text: string, faults: Faults): RawTable | null {
  if (isTooDeepOrLong(text)) {
    refuse(faults, { line: 0 }, 'yamlDepth', { depth: deepest })
    return null
  }
  const lines = new LineCounter()
  const document = parseOne(text, lines, faults)
  if (document === null) return null
  const reading: Reading = { faults, lines, titles: new Map(), remarked: new Set() }
  const items = itemsOf(document.contents)
  if (items === null) {
    refuse(faults, { line: 1 }, 'yamlShape')
    return null
  }
  const rows: RawRow[] = []
  for (const item of items.slice(0, mostRows + 1)) {
    if (isMap(item)) rows.push(readItem(item, reading))
    else refuse(faults, { line: lineOf(item, reading) }, 'yamlShape')
  }
  return { titles: reading.titles, rows }
}

/**
 * Looks at the pieces of the text before a tree is built of them: our shape needs five levels, and a tree of
 * millions of levels or nodes would take all memory there is.
 */
function isTooDeepOrLong(text: string): boolean {
  if (/^ {200}/m.test(text)) return true
  let pieces = 0
  let inBrackets = 0
  let onLine = 0
  for (const piece of new Lexer().lex(text)) {
    if (piece === '[' || piece === '{') inBrackets += 1
    else if (piece === ']' || piece === '}') inBrackets = Math.max(0, inBrackets - 1)
    else if (piece === '-' || piece === '?' || piece === ':') onLine += 1
    else if (piece === '\n' || piece === '\r\n') onLine = 0
    pieces += 1
    if (inBrackets > deepest || onLine > deepest + inBrackets * widest || pieces > mostPieces) return true
  }
  return false
}

/** Everything is read as text (schema failsafe), so that `no`, `1_000` and dates stay what was written. */
function parseOne(text: string, lineCounter: LineCounter, faults: Faults): Document | null {
  try {
    const documents = parseAllDocuments(text, { schema: 'failsafe', lineCounter, prettyErrors: false })
    if (!Array.isArray(documents) || documents.length !== 1) {
      refuse(faults, { line: 0 }, 'yamlShape')
      return null
    }
    const [document] = documents
    if (!document) return null
    for (const error of [...document.errors, ...document.warnings].slice(0, 20)) {
      const { line } = lineCounter.linePos(error.pos[0])
      refuse(faults, { line }, 'yaml', { why: error.message.slice(0, 120) })
    }
    return faults.errors.length > 0 ? null : document
  } catch (error) {
    // Deep nesting ends as a RangeError of the stack.
    refuse(faults, { line: 0 }, 'yaml', { why: String(error).slice(0, 120) })
    return null
  }
}

function itemsOf(contents: unknown): unknown[] | null {
  if (isSeq(contents)) return contents.items
  if (!isMap(contents) || contents.items.length !== 1) return null
  const [pair] = contents.items
  const key = pair && isScalar(pair.key) ? fold(String(pair.key.value)) : ''
  return wrappers.includes(key) && isSeq(pair?.value) ? pair.value.items : null
}

function readItem(item: YAMLMap, reading: Reading): RawRow {
  const cells = new Map<Column, Cell>()
  const before = errorCount(reading.faults)
  for (const { key, value } of item.items) {
    const line = lineOf(key, reading)
    const title = isScalar(key) ? String(key.value) : ''
    const column = columnNamed(title)
    if (column === null) {
      unknownKey(title, line, reading)
      continue
    }
    const other = reading.titles.get(column)
    if (cells.has(column)) {
      refuse(reading.faults, { line, column: title }, 'sameColumn', { column, other: other ?? column })
    }
    if (other === undefined) reading.titles.set(column, title)
    cells.set(column, readCell(column, title, value, line, reading))
  }
  return { line: lineOf(item, reading), isBroken: errorCount(reading.faults) > before, cells }
}

function unknownKey(title: string, line: number, reading: Reading) {
  const guess = nearestTitle(title)
  if (guess !== null) {
    refuse(reading.faults, { line, column: title, value: title }, 'misspelt', { guess })
  } else if (!reading.remarked.has(title) && reading.remarked.size < 50) {
    reading.remarked.add(title)
    remark(reading.faults, { line, column: title, value: title }, 'ignored')
  }
}

function readCell(column: Column, title: string, value: unknown, line: number, reading: Reading): Cell {
  const text = textOf(value)
  if (text !== null) return { text }
  const isList = listColumns.includes(column)
  if (isList && isSeq(value)) {
    if (column === 'prefixes')
      return { text: '', items: value.items.flatMap((one) => readPrefix(one, title, reading)) }
    const texts = value.items.map(textOf)
    if (!texts.includes(null)) return { text: texts.join(' ') || none }
  }
  const orList = isList ? (reading.faults.lang === 'cs' ? ' nebo seznam' : ' or a list') : ''
  refuse(reading.faults, { line, column: title }, 'yamlValue', { orList })
  return { text: '' }
}

function readPrefix(node: unknown, title: string, reading: Reading): NonNullable<Cell['items']> {
  const text = textOf(node)
  if (text !== null) return [{ prefix: text, role: '', label: '' }]
  const found = { prefix: '', role: '', label: '' }
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const column = isScalar(key) ? columnNamed(String(key.value)) : null
      const part = textOf(value)
      if (part !== null && column === 'prefixes') found.prefix = part
      else if (part !== null && (column === 'role' || column === 'label')) found[column] = part
      else found.prefix = ''
      if (part === null || (column !== 'prefixes' && column !== 'role' && column !== 'label')) {
        refuse(reading.faults, { line: lineOf(key, reading), column: title }, 'yamlPrefix')
        return []
      }
    }
  }
  if (found.prefix !== '') return [found]
  refuse(reading.faults, { line: lineOf(node, reading), column: title }, 'yamlPrefix')
  return []
}

/** The text of a scalar; an empty value, `~` and `null` mean nothing; null for anything else (aliases too). */
function textOf(node: unknown): string | null {
  if (node === null || node === undefined) return ''
  if (!isScalar(node)) return null
  const plain = node.type === 'PLAIN' || node.type === undefined
  const text = String(node.value ?? '').trim()
  return plain && (text === '~' || text.toLowerCase() === 'null') ? '' : text
}

function lineOf(node: unknown, reading: Reading): number {
  const range = (node as Node | null)?.range // every node of a parsed document carries its range
  return range ? reading.lines.linePos(range[0]).line : 0
}
