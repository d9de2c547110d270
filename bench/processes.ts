/** What processes take of the machine, as Linux tells it in /proc. */
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

interface Stat {
  parent: number
  /** User and system time, seconds. */
  cpu: number
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold anything, so fields are counted from its end.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond }
  } catch {
    return null
  }
}

const all = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

export const childrenOf = (parent: number): number[] => all().filter((pid) => statOf(pid)?.parent === parent)

/** CPU seconds that these processes have used so far. */
export const cpuOf = (pids: number[]): number => pids.reduce((sum, pid) => sum + (statOf(pid)?.cpu ?? 0), 0)

/** CPU seconds that the whole machine has worked so far, and how many it could have by now. */
export function machineCpu(): { busy: number; whole: number } {
  const fields = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '')
    .split(/\s+/)
    .slice(1, 9)
    .map(Number)
  const whole = fields.reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond
  return { busy: whole - ((fields[3] ?? 0) + (fields[4] ?? 0)) / ticksPerSecond, whole }
}

export interface Memory {
  rss: number
  /** Shared pages counted once; null where the system does not tell. */
  pss: number | null
}

/** Megabytes of all these processes together. */
export function memoryOf(pids: number[]): Memory {
  let rss = 0
  let pss: number | null = 0
  for (const pid of pids) {
    const one = memoryOfOne(pid)
    rss += one.rss
    pss = pss === null || one.pss === null ? null : pss + one.pss
  }
  return { rss, pss }
}

function memoryOfOne(pid: number): Memory {
  const megabytes = (file: string, name: string): number =>
    Number(
      new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? 0,
    ) / 1024
  try {
    return { rss: megabytes('status', 'VmRSS'), pss: megabytes('smaps_rollup', 'Pss') }
  } catch {
    return { rss: megabytes('status', 'VmRSS'), pss: null }
  }
}
