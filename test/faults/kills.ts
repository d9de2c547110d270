/** Ends parts of the program at random moments while sensors send, and holds what they were told against what is there. */
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from './asking.ts'
import { type Load, openLoad } from './load.ts'
import { childrenOf, kill9, openProgram, type Program, until } from './program.ts'
import { chance, type Sector, settle } from './sector.ts'

/** What is killed, and how often of a hundred times. */
const targets = [
  ['the whole node', 18],
  ['the parent alone', 8],
  ['the intake', 16],
  ['the worker', 10],
  ['the pages', 8],
  ['PostgreSQL', 16],
  ['a backend of PostgreSQL', 12],
  ['node and PostgreSQL', 12],
] as const
export type Target = (typeof targets)[number][0]

export interface Survived {
  seed: number
  kills: number
  byTarget: Partial<Record<Target, number>>
  /** Milliseconds from a kill to the next acknowledged batch. */
  resumed: { most: number; mean: number }
  batches: number
  requests: number
  busy: number
  broken: number
  acknowledged: number
  /** Everything that went wrong, a line each; empty when all is well. */
  faults: string[]
}

/** Of the sensors' events, those that the log holds, read through the Warden door; more than once counts. */
export async function readBack(program: Program, sector: Sector): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  const [reader] = sector.sensors
  // A negative number counts back from the end: this one from before the beginning.
  for (let after = -1_000_000_000; ; ) {
    const reply = await ask({
      port: program.sensorPort,
      path: `/warden3/getEvents?secret=${reader.secret}&count=1000&id=${after}`,
    })
    if (reply.status !== 200)
      throw new Error(`getEvents answered ${reply.status}: ${reply.text.slice(0, 300)}`)
    const { lastid, events } = JSON.parse(reply.text) as { lastid: number; events: { ID: string }[] }
    for (const { ID } of events) seen.set(ID, (seen.get(ID) ?? 0) + 1)
    if (events.length === 0 && lastid <= after) return seen
    after = lastid
  }
}

/** Processes to kill, or none when there is nothing of that kind at this moment. */
function pidsOf(program: Program, target: Target, random: () => number): number[] {
  const family = program.family()
  const all = Object.values(family)
  const postmaster = program.postmaster()
  const server = postmaster ? [postmaster] : []
  const of = (pid: number | undefined): number[] => (pid ? [pid] : [])
  switch (target) {
    case 'the whole node':
      return all
    case 'the parent alone':
      return of(family.parent)
    case 'the intake':
      return of(family.intake)
    case 'the worker':
      return of(family.worker)
    case 'the pages':
      return of(family.pages)
    case 'PostgreSQL':
      return server
    case 'a backend of PostgreSQL': {
      const backends = postmaster ? childrenOf(postmaster) : []
      return of(backends[Math.floor(random() * backends.length)])
    }
    case 'node and PostgreSQL':
      return postmaster ? [...all, ...server, ...childrenOf(postmaster)] : []
  }
}

function choose(random: () => number): Target {
  let left = random() * targets.reduce((sum, [, share]) => sum + share, 0)
  for (const [target, share] of targets) {
    left -= share
    if (left < 0) return target
  }
  return 'the whole node'
}

export interface KillOptions {
  seed: number
  kills: number
  /** These in turn instead of by chance. */
  order?: Target[]
  say(sentence: string): void
}

/** Starts a program, sends and kills; everything it started is ended again. */
export async function survive(options: KillOptions): Promise<Survived> {
  const random = chance(options.seed)
  const program = await openProgram()
  try {
    await program.start()
    const sector = await settle(program)
    const letGo = program.keepAlive()
    const load = openLoad({ program, sector, random: chance(options.seed + 1) })
    const done = await killing(program, load, random, options)
    await load.finish()
    options.say(`All ${load.acknowledged.size} events are acknowledged; holding the log against them`)
    const faults = await differences(program, sector, load)
    letGo()
    await program.stop()
    return {
      ...done,
      batches: load.batches(),
      requests: load.requests(),
      ...load.refused(),
      acknowledged: load.acknowledged.size,
      faults: [...load.wrong, ...faults],
    }
  } catch (error) {
    throw new Error(`seed ${options.seed}: ${(error as Error).message}\n${program.said().slice(-3_000)}`, {
      cause: error,
    })
  } finally {
    await program.remove()
  }
}

async function killing(
  program: Program,
  load: Load,
  random: () => number,
  { seed, kills, order, say }: KillOptions,
): Promise<Pick<Survived, 'seed' | 'kills' | 'byTarget' | 'resumed'>> {
  const byTarget: Survived['byTarget'] = {}
  const times: number[] = []
  const acknowledgedSince = async (batches: number, after: string): Promise<void> =>
    until(`a batch is acknowledged after killing ${after}`, () => load.batches() > batches, 90_000)
  await acknowledgedSince(0, 'nothing')
  for (let done = 0; done < kills; ) {
    const target = order ? (order[done % order.length] as Target) : choose(random)
    const pids = pidsOf(program, target, random)
    if (pids.length === 0) {
      await pause(50)
      continue
    }
    kill9(pids)
    done++
    byTarget[target] = (byTarget[target] ?? 0) + 1
    const from = performance.now()
    // Some kills come before the program has recovered from the last.
    if (done < kills && !order && random() < 0.2) await pause(random() * 1_500)
    else {
      // A batch that was under way may still be answered: the next but one per sensor proves that work goes on.
      await acknowledgedSince(load.batches() + 3, target)
      times.push(performance.now() - from)
      await pause(random() * 700)
    }
    if (done % 10 === 0 || order)
      say(`${done} of ${kills} kills, ${load.acknowledged.size} events acknowledged`)
  }
  const most = Math.round(Math.max(...times))
  const mean = Math.round(times.reduce((sum, ms) => sum + ms, 0) / times.length)
  return { seed, kills, byTarget, resumed: { most, mean } }
}

/** The log against what was acknowledged, and the sums against the log. */
async function differences(program: Program, sector: Sector, load: Load): Promise<string[]> {
  const faults: string[] = []
  let verification = { ok: false, waiting: 1, checks: [] as { name: string; examples: string[] }[] }
  await until('everything stored is condensed', async () => {
    const { status, out, err } = await program.hsoc(['verify', '--json'])
    if (out === '') throw new Error(`hsoc verify failed (${status}): ${err}`)
    verification = JSON.parse(out)
    return verification.waiting === 0
  })
  if (!verification.ok)
    for (const { name, examples } of verification.checks)
      faults.push(...examples.map((line) => `verify ${name}: ${line}`))
  const seen = await readBack(program, sector)
  const lost = [...load.acknowledged].filter((id) => !seen.has(id))
  if (lost.length > 0) faults.push(`${lost.length} acknowledged events are lost, the first ${lost[0]}`)
  const twice = [...seen].filter(([, times]) => times > 1)
  if (twice.length > 0) faults.push(`${twice.length} events stand more than once, the first ${twice[0]}`)
  if (seen.size !== load.acknowledged.size)
    faults.push(`${load.acknowledged.size} events were acknowledged, ${seen.size} are in the log`)
  return faults
}
