/** What a demonstration remembers between its runs, in `demo.json` of its data folder. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeFolder } from '../platform/folders.ts'

export interface DemoDay {
  day: string
  seed: string
  events: number
  maxAgeMs: number
  /** Requests of each sensor that were answered. */
  done: Record<string, number>
  /** Events in them. */
  sent: number
  over: boolean
}

export interface DemoState {
  password: string
  /** The process that runs it; null when none does. */
  pid: number | null
  days: DemoDay[]
}

const fileOf = (folder: string): string => path.join(folder, 'demo.json')

/** Null where no demonstration was begun. */
export function readState(folder: string): DemoState | null {
  try {
    return JSON.parse(readFileSync(fileOf(folder), 'utf8')) as DemoState // written by us alone
  } catch {
    return null
  }
}

export function writeState(folder: string, state: DemoState): void {
  makeFolder(folder, process.getuid?.() === 0 ? 0o711 : 0o700)
  writeFileSync(`${fileOf(folder)}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${fileOf(folder)}.new`, fileOf(folder))
}

/** The process of another run that still lives, or null. */
export function runningIn(state: DemoState | null): number | null {
  if (!state?.pid || state.pid === process.pid) return null
  try {
    const command = readFileSync(`/proc/${state.pid}/cmdline`, 'utf8').split('\0')
    return command.includes('demo') ? state.pid : null
  } catch {
    return null
  }
}

/** Is there something in the folder that no demonstration put there? */
export const isForeign = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(fileOf(folder))

export function removeAll(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
