import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * When a process was started, as the kernel tells it (ticks since boot), or null when it is gone.
 * Together with the number it names one process for good: numbers are used again, the pair is not.
 */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may hold spaces: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

const markOf = (pid: number) => `${pid} ${startOf(pid)}`

/** The process that a mark ("number start") was written by, or null when it is gone. */
function livingOwner(mark: string): number | null {
  const [pid, start] = mark.trim().split(' ')
  return pid && start && startOf(Number(pid)) === start ? Number(pid) : null
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** PostgreSQL processes that work in a cluster's folder; the postmaster's children outlive it for a moment. */
export function postgresIn(cluster: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && worksIn(pid, cluster))
}

/** True when a living process is a PostgreSQL server of that cluster, not another one with the same number. */
export function worksIn(pid: number, cluster: string): boolean {
  try {
    return (
      startOf(pid) !== null &&
      read(`/proc/${pid}/comm`).trim() === 'postgres' &&
      readlinkSync(`/proc/${pid}/cwd`) === cluster
    )
  } catch {
    return false
  }
}

/**
 * Runs `work` while no other process runs it with the same lock file. A lock whose owner died is taken over.
 * Waits as long as the owner lives; `onWait` is told once whom we wait for.
 */
export async function locked<T>(
  file: string,
  onWait: (pid: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  let told = false
  while (!take(file)) {
    const owner = livingOwner(read(file))
    if (owner === null) discard(file)
    else if (!told) {
      told = true
      onWait(owner)
    }
    await pause(owner === null ? 5 : 50)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, markOf(process.pid), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Renamed first, so that of two finders only one removes it; put back when it meanwhile became somebody's. */
function discard(file: string): void {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    if (livingOwner(read(aside)) !== null) renameSync(aside, file)
    else rmSync(aside, { force: true })
  } catch {
    // Somebody else removed it: the next attempt sees what is there now.
  }
}

/** Puts a use by this process on the list of those who use the thing that the folder stands for. */
export function enlist(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(path.join(folder, name), markOf(process.pid), { mode: 0o600 })
}

/** Takes a use off the list and returns the processes of those that remain; marks of the dead are cleared. */
export function delist(folder: string, name: string): number[] {
  rmSync(path.join(folder, name), { force: true })
  const others: number[] = []
  for (const mark of readdirSync(folder)) {
    const owner = livingOwner(read(path.join(folder, mark)))
    if (owner === null) rmSync(path.join(folder, mark), { force: true })
    else others.push(owner)
  }
  return others
}
