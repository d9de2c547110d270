/** Making folders on a machine that may not want them. */
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { Unavailable } from './errors.ts'

/**
 * Makes a folder and those above it, each with `mode`. Throws Unavailable that names the folder; what the system said is
 * its cause. Node's own recursive `mkdir` never ends where a file system answers "no such file" to every attempt, as /proc does.
 */
export function makeFolder(folder: string, mode: number): void {
  const wanted = path.resolve(folder)
  try {
    for (const one of missingAbove(wanted)) makeOne(one, mode)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Unavailable(
      `The folder ${wanted} cannot be made: choose another one or give us the right (${why})`,
      { cause },
    )
  }
}

/** The folder and all above it that are not there, the highest first. */
function missingAbove(folder: string): string[] {
  const missing: string[] = []
  for (let one = folder; !existsSync(one) && one !== path.dirname(one); one = path.dirname(one))
    missing.unshift(one)
  return missing
}

/** Another program may have been first. */
function makeOne(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
