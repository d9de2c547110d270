/** Tables as CSV that a spreadsheet opens without harm. */

/**
 * One row, quoted where needed. A text that a spreadsheet would take for a formula gets an apostrophe before it
 * (OWASP, CSV injection); numbers stay numbers.
 */
function csvRow(cells: (string | number | null | undefined)[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/.test(value) ? `'${value}` : value
  return /[",;\r\n\0]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A whole file, with the mark by which spreadsheets know UTF-8. */
export const csvFile = (head: string[], rows: (string | number | null | undefined)[][]): string =>
  `\uFEFF${csvRow(head)}${rows.map(csvRow).join('')}`
