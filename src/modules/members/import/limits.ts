/** How much an import file may hold. */

export const mostBytes = 20 * 1024 * 1024
export const mostRows = 20_000
/** What an Excel workbook may unpack to: far above an honest workbook of 20,000 rows. */
export const mostUnpackedBytes = 50 * 1024 * 1024
export const mostZipEntries = 2_000
/** A row may hold a few thousand prefixes. */
export const longestCell = 64 * 1024
export const widestSheet = 200
