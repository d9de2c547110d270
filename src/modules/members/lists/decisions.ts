/** Decisions on a list as somebody at the terminal writes them down: a table of line, organisation and person. */
import type { Faults } from '../import/faults.ts'
import { refuse } from '../import/faults.ts'
import type { Slashes } from './days.ts'
import { readGrid } from './grid.ts'
import type { Said } from './store.ts'

export interface WrittenDecisions {
  lines: Map<number, Said>
  slashes: Slashes | null
}

/**
 * Reads `12;org:7;line:3`: the line of the list, what is decided on its organisation and on its person; either may be empty. A line
 * `slashes;mdy` says how dates are read, `#` begins a remark.
 */
export async function readDecisions(
  bytes: Buffer,
  filename: string,
  faults: Faults,
): Promise<WrittenDecisions> {
  const read: WrittenDecisions = { lines: new Map(), slashes: null }
  for (const { line, cells } of (await readGrid(bytes, filename, faults)) ?? []) {
    const [first = '', org = '', person = ''] = cells
    if (first.startsWith('#') || /^(line|řádek)$/i.test(first)) continue
    if (first === 'slashes' && (org === 'mdy' || org === 'dmy')) read.slashes = org
    else if (/^\d{1,6}$/.test(first) && (org !== '' || person !== ''))
      read.lines.set(Number(first), { ...(org === '' ? {} : { org }), ...(person === '' ? {} : { person }) })
    else refuse(faults, { line, value: cells.join(';') }, 'listDecision')
  }
  return read
}
