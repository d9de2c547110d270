/** Where a cluster of ours lives, what runs in it, and how it tells of itself. */
import type { Binaries } from './postgres-binaries.ts'

/** Told in plain sentences what happens; `() => {}` is enough for a test. */
export type PostgresLog = (message: string, level: 'info' | 'warn' | 'error') => void

export interface Place {
  dataDir: string
  cluster: string
  users: string
  /** This use among the users: one process may use a folder more than once. */
  use: string
  lock: string
  logFile: string
  binaries: Binaries
  password: string
}

export interface Running {
  pid: number
  port: number
}
