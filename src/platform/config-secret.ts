/** The secret of this installation, and those it had before. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { invalid } from './config-checks.ts'
import { Unavailable } from './errors.ts'
import { makeFolder } from './folders.ts'

/**
 * The present secret as it is set, else from the file in the data folder, which is made at first use: its first line is
 * the present one, each further line an earlier one.
 */
export function secretsIn(
  present: string | undefined,
  earlier: string | undefined,
  dataDir: string,
): { secret: string; earlierSecrets: string[] } {
  const [secret = '', ...before] = present === undefined ? keptSecrets(dataDir) : [present]
  const named = earlier?.split(/\s+/) ?? []
  return { secret, earlierSecrets: [...new Set([...named, ...before])].filter((one) => one !== secret) }
}

/** What is wrong with a folder whose secret is there and cannot be read. */
export function notOurs(file: string, error: Error): string {
  const told = (error as NodeJS.ErrnoException).code === 'EACCES'
  return told
    ? `belongs to another user (number ${statSync(file).uid}): run this as that user, or choose another folder (${error.message})`
    : `holds the file ${file}, which cannot be read (${error.message})`
}

function readKept(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw invalid({ HSOC_DATA: notOurs(file, error as Error) })
  }
}

/** Root leaves the folder searchable: see `startPostgres`. */
function keptSecrets(dataDir: string): string[] {
  const file = path.join(dataDir, 'secret')
  try {
    makeFolder(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700)
    if (!existsSync(file))
      writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    // Another program may have been first; then its secret is there to be read.
    if (!existsSync(file)) {
      const said = error instanceof Unavailable ? error.cause : error
      const why = said instanceof Error ? said.message : String(said)
      throw invalid({
        HSOC_DATA: `is a folder that we cannot write to: choose another one or give us the right (${why})`,
      })
    }
  }
  const lines = readKept(file).split(/\r?\n/)
  const secrets = lines.map((line) => line.trim()).filter((line) => line !== '')
  if (secrets.length === 0 || secrets.some((one) => one.length < 32))
    throw invalid({
      HSOC_DATA: `holds the file ${file}, of which each line has to be a secret of at least 32 characters, the present one first`,
    })
  return secrets
}
