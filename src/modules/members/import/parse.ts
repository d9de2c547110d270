/** Reads a file of members: CSV, Excel or YAML in, sound rows, errors and notes out. Nothing is written. */
import { extname } from 'node:path'
import { readCsv } from './csv.ts'
import { decode } from './decode.ts'
import type { Faults } from './faults.ts'
import { listed, noFaults, refuse, remark } from './faults.ts'
import { mostBytes, mostRows } from './limits.ts'
import { fold } from './names.ts'
import { remarkOverlaps, remarkSharedDomains } from './overlaps.ts'
import { readRow } from './rows.ts'
import type { Lang, MemberFile, MemberRow, RawTable } from './types.ts'
import { readXlsx } from './xlsx.ts'
import { readYaml } from './yaml.ts'

/**
 * Reads the bytes of a file; its name's ending chooses the format (.csv, .txt, .xlsx, .yaml, .yml).
 * Never throws for bad input: what is wrong is told in `errors`, each with line, column, value and what to do,
 * in the language asked for. With any error the file should not be imported.
 */
export async function parseMembers(bytes: Buffer, filename: string, lang: Lang = 'cs'): Promise<MemberFile> {
  const faults = noFaults(lang)
  const table = await readTable(bytes, filename, faults)
  const rows = table === null ? [] : readRows(table, faults)
  return { rows, ...listed(faults) }
}

async function readTable(bytes: Buffer, filename: string, faults: Faults): Promise<RawTable | null> {
  if (bytes.length > mostBytes) {
    refuse(faults, { line: 0 }, 'tooLarge', { bytes: bytes.length, limit: mostBytes })
    return null
  }
  if (bytes.length === 0) {
    refuse(faults, { line: 0 }, 'empty')
    return null
  }
  const ending = extname(filename).toLowerCase()
  if (bytes.readUIntBE(0, Math.min(4, bytes.length)) === 0xd0cf11e0) {
    refuse(faults, { line: 0 }, 'oldExcel')
    return null
  }
  if (ending === '.xlsx') return readXlsx(bytes, faults)
  if (bytes.toString('latin1', 0, 4) === 'PK\x03\x04') {
    refuse(faults, { line: 0 }, 'isExcel')
    return null
  }
  if (ending === '.csv' || ending === '.txt') return readText(bytes, faults, readCsv)
  if (ending === '.yaml' || ending === '.yml') return readText(bytes, faults, readYaml)
  refuse(faults, { line: 0, value: filename }, 'unknownFormat')
  return null
}

function readText(
  bytes: Buffer,
  faults: Faults,
  read: (text: string, faults: Faults) => RawTable | null,
): RawTable | null {
  const decoded = decode(bytes)
  if (!decoded.ok) {
    refuse(faults, { line: 0 }, decoded.sentence)
    return null
  }
  if (decoded.text.trim() === '') {
    refuse(faults, { line: 0 }, 'empty')
    return null
  }
  if (decoded.as1250) remark(faults, { line: 0 }, 'readAs1250')
  return read(decoded.text, faults)
}

function readRows(table: RawTable, faults: Faults): MemberRow[] {
  if (table.rows.length > mostRows) {
    refuse(faults, { line: 0 }, 'tooManyRows', { limit: mostRows })
    return []
  }
  if (table.rows.length === 0 && faults.errors.length === 0) refuse(faults, { line: 0 }, 'noRows')
  const rows: MemberRow[] = []
  const lines = new Map<string, number>()
  for (const raw of table.rows) {
    const row = readRow(raw, table.titles, faults)
    if (row === null) continue
    const other = lines.get(fold(row.name))
    if (other === undefined) {
      lines.set(fold(row.name), row.line)
      rows.push(row)
    } else {
      refuse(faults, { line: row.line, column: table.titles.get('name'), value: row.name }, 'sameName', {
        other,
      })
    }
  }
  remarkOverlaps(rows, faults)
  remarkSharedDomains(rows, faults)
  return rows
}
