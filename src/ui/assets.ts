/** Where the browser finds our scripts and styles. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../platform/content.ts'

let manifest: Record<string, string> | undefined

/** Address of a built asset; carries the content's hash once `bin/build-assets.ts` has run, so it may be cached for a year. */
export function asset(name: string): string {
  manifest ??= readManifest()
  return `/assets/${manifest[name] ?? name}`
}

function readManifest(): Record<string, string> {
  const file = join(projectRoot, 'dist', 'assets', 'manifest.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}
