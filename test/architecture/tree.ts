/** Which files the rules look at, and which part of the house a path belongs to. */
import { globSync } from 'node:fs'
import { dirname, posix } from 'node:path'

/** Code of the product, its tests and benches. */
export const code = (): string[] => list('{src,test,bench}/**/*.{ts,tsx}')

/** What the browser is told about looks. */
export const styles = (): string[] => list('src/**/*.css')

/** Everything under these roots, folders included. */
export const everything = (): string[] => list('{src,test,bench,locales,migrations}/**')

/** What people read of the project, and everything that it may name. */
export const documents = (): string[] => list('{*.md,{docs,src,content,bench,test}/**/*.md}')
export const named = (): string[] => list('{*,{src,test,bench,locales,migrations,docs,content,bin}/**}')

export const migrations = (): string[] => list('migrations/*.sql')

const list = (pattern: string): string[] => globSync(pattern).sort()

export const isTest = (path: string): boolean => !path.startsWith('src/') || /\.test\.tsx?$/.test(path)

/** A module's name (`warnings`), else the folder under src (`platform`), `app` for files at its top. */
export function partOf(path: string): string {
  const [, part = '', name, inside] = path.split('/')
  if (part === 'modules' && name && inside) return name
  return name ? part : 'app'
}

/** Where a relative import leads, as a path of the project; null for packages and built-in modules. */
export const resolveImport = (from: string, specifier: string): string | null =>
  specifier.startsWith('.') ? posix.join(dirname(from), specifier) : null
