/** Finds the project's own folder and the versioned content in it, alike from `src/` and from the built `dist/`. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder that holds package.json. */
export const projectRoot = rootAbove(import.meta.dirname)

/**
 * Parsed JSON of `content/<name>`, for example `categories.json`. The caller knows its shape: content belongs to the
 * release and is checked by its tests. Throws when the file is missing or broken.
 */
export function readContent(name: string): unknown {
  return JSON.parse(readFileSync(join(projectRoot, 'content', name), 'utf8'))
}

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`)
  return rootAbove(parent)
}
