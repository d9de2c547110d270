/** Real advisories for tests, where the folder of recordings is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const data = process.env.HSOC_TEST_DATA ?? '../shared/data'

/** Null where the folder is missing, which is said on the screen. */
export function advisoryFolder(name: string): string | null {
  const folder = join(data, name)
  if (existsSync(folder)) return folder
  process.stderr.write(`Skipped: ${folder} is not there; set HSOC_TEST_DATA to the folder of recordings.\n`)
  return null
}

export const documentsIn = (folder: string): { name: string; bytes: Buffer }[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))
