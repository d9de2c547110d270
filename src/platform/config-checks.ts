/** Questions about what a key of the configuration names. */
import { readFileSync, statSync } from 'node:fs'

export function isReadable(file: string): boolean {
  try {
    readFileSync(file)
    return true
  } catch {
    return false
  }
}

export function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return /[A-Za-z]/.test(name)
  } catch {
    return false
  }
}
