/** Questions about what a key of the configuration names. */
import { readFileSync, statSync } from 'node:fs'
import { Invalid } from './errors.ts'

/** All mistakes at once, each behind the name of its key; `fields` holds them by key. */
export function invalid(mistakes: Record<string, string>): Invalid {
  const lines = Object.entries(mistakes).map(([name, sentence]) => `  ${name} ${sentence}`)
  return new Invalid(`The configuration has mistakes:\n${lines.join('\n')}`, mistakes)
}

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

/** Addresses by which people may be reached, separated by spaces or commas (RFC 9116 2.5.3). */
export function areContacts(text: string): boolean {
  return text
    .split(/[\s,]+/)
    .every((one) => /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+?[\d-]{3,})$/.test(one))
}
