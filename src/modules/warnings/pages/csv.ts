/** Rows as CSV (RFC 4180, with a byte order mark for spreadsheets). Cells that a spreadsheet would run are made text. */

type Cell = string | number | null | undefined

const formula = /^[=+\-@\t\r]/

function cell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = formula.test(value) ? `'${value}` : value
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvLine = (cells: Cell[]): string => `${cells.map(cell).join(',')}\r\n`

export const csvOf = (head: string[], rows: Cell[][]): string =>
  `\ufeff${[head, ...rows].map(csvLine).join('')}`
