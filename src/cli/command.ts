/** What a command is: a row of a table from which its help, its checks and its errors are made. */
import path from 'node:path'
import { Invalid } from '../platform/errors.ts'
import type { T } from '../platform/i18n.ts'
import type { Terminal } from './terminal.ts'

export interface Flag {
  /** Name of the value as the help shows it; without one the flag is a switch. */
  value?: string
  needed?: true
}

export interface Call {
  /** The words behind the command, as many as its operands. */
  operands: string[]
  text(flag: string): string | undefined
  on(flag: string): boolean
  t: T
  terminal: Terminal
}

export interface Command {
  /** `sensor add` */
  words: string
  /** `NAME`; in brackets when it may be left out. */
  operands: string[]
  flags: Record<string, Flag>
  /** Answers the exit code. */
  run(call: Call): Promise<number>
}

/** The command was typed wrong: exit code 2 and the way to its help. */
export class Misuse extends Error {
  override name = 'Misuse'
}

/** A file that was named and could not be read, in words; the whole path shows where it was looked for. */
export function unreadable(file: string, error: unknown, t: T): Invalid {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new Invalid(t('cli.no_file', { file: path.resolve(file) }))
  if (code === 'EISDIR') return new Invalid(t('cli.is_folder', { file }))
  return new Invalid(t('cli.cannot_read', { file, why: code }))
}

/** Numbers as words with their right form: `{ events: 1 }` as `{ events: '1 event' }`. */
export const counted = (numbers: Record<string, number>, t: T): Record<string, string> =>
  Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, t(`cli.count.${name}`, { n })]))

/** `a,b` or `a b` as a list; empty parts are left out. */
export const listed = (text: string | undefined): string[] => (text ?? '').split(/[\s,]+/).filter(Boolean)
