/**
 * Full intake over mutual TLS by the real processes, measured in turn with the yardsticks: each round sends another day
 * of the sector, so that every event is new.
 */
import path from 'node:path'
import type { Prepared } from './bodies.ts'
import { errand } from './errand.ts'
import type { PrepareOrder } from './prepare-errand.ts'
import { childrenOf, cpuOf, machineCpu, memoryOf } from './processes.ts'
import type { Figure, Options } from './report.ts'
import type { Sent } from './sender.ts'
import { type Server, startServer } from './server.ts'
import { dayBack, openStage, type Stage } from './stage.ts'
import { median, rounded } from './statistics.ts'
import { clearYardsticks, copyRate, openYardsticks, parseRate, rowRate } from './yardsticks.ts'

export interface Round {
  events: number
  /** Accepted events a second, until all were accepted. */
  accepted: number
  /** Events a second until the sums held all of them. */
  summed: number
  /** From the last acknowledgement until the sums held everything, ms. */
  lagMs: number
  /** Greatest number of accepted events that no sum held yet. */
  waiting: number
  again: number
  rss: number
  pss: number | null
  /** CPU microseconds an event: our Node processes, and PostgreSQL for them. */
  nodeUs: number
  postgresUs: number
  /** Part of the machine's work that was not the benchmark's: above a few per cent the clock's figures say little. */
  others: number
}

const sumsOf = async (stage: Stage): Promise<number> => {
  const { rows } = await stage.owner.query<{ n: number }>(
    'select coalesce(sum(events), 0)::float8 as n from totals where org_id = 0 and dim = 0',
  )
  return rows[0]?.n ?? 0
}

/** Events of 30 days' keys, whatever else is stored: a count of rows would itself be work. */
const storedOf = async (stage: Stage): Promise<number> => {
  const { rows } = await stage.owner.query<{ n: number }>(
    'select coalesce(sum(n), 0)::float8 as n from batches where first_serial is null',
  )
  return rows[0]?.n ?? 0
}

export async function prepareDay(
  stage: Stage,
  options: Options,
  back: number,
  most: number,
): Promise<Prepared> {
  const order: PrepareOrder = {
    options: {
      seed: options.seed,
      day: dayBack(back),
      organisations: stage.organisations,
      events: most,
      sources: 5343,
      detections: Math.max(12_000, Math.round((82_000 * most) / 1_990_000)),
      size: 'full',
    },
    file: path.join(stage.dir, `bodies-${back}`),
    cut: { size: 500 },
  }
  return errand<Prepared>('prepare-errand.ts', 'prepare', order)
}

/** Sends everything, watching memory and how far condensing is behind; answers when the sums hold all. */
export async function sendRound(
  stage: Stage,
  server: Server,
  prepared: Prepared,
  options: Options,
): Promise<Round> {
  const before = await sumsOf(stage)
  const cpu = cpuReader(stage, server)
  const round = { waiting: 0, rss: 0, pss: 0 as number | null }
  let watching = true
  const watch = (async () => {
    while (watching) {
      const memory = memoryOf(server.pids())
      if (memory.rss > round.rss) Object.assign(round, memory)
      round.waiting = Math.max(round.waiting, await storedOf(stage))
      await new Promise((done) => setTimeout(done, 250))
    }
  })()
  const sent = await errand<Sent>('sender.ts', 'sender', {
    file: prepared.file,
    bodies: prepared.bodies,
    sensors: stage.sensors.map(({ name, pair }) => ({ name, pair })),
    port: server.sensorPort,
    parallel: options.parallel,
    connections: options.connections,
  })
  const until = Date.now() + 300_000
  while ((await sumsOf(stage)) - before < prepared.events) {
    if (Date.now() > until) throw new Error('the sums did not follow within five minutes')
    await new Promise((done) => setTimeout(done, 20))
  }
  const summedMs = Date.now()
  watching = false
  await watch
  if (sent.accepted !== prepared.events) throw new Error(`accepted ${sent.accepted} of ${prepared.events}`)
  return {
    events: sent.accepted,
    accepted: (sent.accepted / (sent.toMs - sent.fromMs)) * 1000,
    summed: (sent.accepted / (summedMs - sent.fromMs)) * 1000,
    lagMs: Math.max(0, summedMs - sent.toMs),
    again: sent.again,
    ...round,
    ...cpu(sent),
  }
}

/** Reads the CPU clocks now; the answer tells what was used since. The sender tells its own. */
function cpuReader(
  stage: Stage,
  server: Server,
): (sent: Sent) => Pick<Round, 'nodeUs' | 'postgresUs' | 'others'> {
  const read = () => {
    const postgres = cpuOf([stage.postmaster, ...childrenOf(stage.postmaster)])
    return { node: cpuOf(server.pids()), postgres, own: process.cpuUsage(), machine: machineCpu() }
  }
  const from = read()
  return (sent) => {
    const to = read()
    const [node, postgres] = [to.node - from.node, to.postgres - from.postgres]
    const own = (to.own.user + to.own.system - from.own.user - from.own.system) / 1e6
    const busy = to.machine.busy - from.machine.busy
    const others = 1 - (node + postgres + own + sent.cpuS) / busy
    const perEvent = (seconds: number): number => (seconds / sent.accepted) * 1e6
    return { nodeUs: perEvent(node), postgresUs: perEvent(postgres), others: Math.max(0, others) }
  }
}

export async function measureIntake(options: Options, say: (line: string) => void): Promise<Figure[]> {
  say(`filling ${options.keys.toLocaleString('en')} keys`)
  const stage = await openStage({ keys: options.keys })
  try {
    await openYardsticks(stage.owner)
    const server = await startServer(stage)
    const [rounds, a1, a2, a3]: [Round[], number[], number[], number[]] = [[], [], [], []]
    try {
      // The first round warms the processes and is not counted.
      for (let i = 0; i <= options.rounds; i++) {
        // Days go forward, as time does.
        const prepared = await prepareDay(stage, options, options.rounds + 1 - i, options.events)
        const copied = await copyRate(stage.owner, prepared, Math.min(prepared.events, 100_000))
        const round = await sendRound(stage, server, prepared, options)
        say(
          `round ${i}: accepted ${Math.round(round.accepted)}/s, summed ${Math.round(round.summed)}/s, lag ${round.lagMs} ms, ` +
            `behind by at most ${round.waiting}, again ${round.again}, memory ${Math.round(round.rss)} MB, ` +
            `CPU Node ${Math.round(round.nodeUs)} + PostgreSQL ${Math.round(round.postgresUs)} us an event, others ${Math.round(round.others * 100)} %; A2 ${Math.round(copied)}/s`,
        )
        if (i === 0) continue
        rounds.push(round)
        a2.push(copied)
        a1.push(await rowRate(stage.owner, prepared, 1_500))
        a3.push(parseRate(prepared, 100_000))
        await clearYardsticks(stage.owner)
      }
    } finally {
      await server.stop()
    }
    return figuresOf(rounds, { a1, a2, a3 }, options)
  } finally {
    await stage.close()
  }
}

function figuresOf(
  rounds: Round[],
  yards: { a1: number[]; a2: number[]; a3: number[] },
  options: Options,
): Figure[] {
  const of = (pick: (round: Round) => number): number => rounded(median(rounds.map(pick)))
  const [a1, a2, a3] = [rounded(median(yards.a1)), rounded(median(yards.a2)), rounded(median(yards.a3))]
  const ratios = rounds.map((round, i) => round.accepted / (yards.a2[i] ?? Number.NaN))
  const pss = rounds.every((round) => round.pss !== null) ? of((round) => round.pss ?? 0) : null
  return [
    {
      name: 'intake',
      what: 'full intake over mutual TLS, batches of 500',
      value: rounded(median(ratios)),
      unit: '× A2',
      must: 0.5,
      aim: 1.1,
      detail: {
        accepted_per_s: of((r) => r.accepted),
        through_to_sums_per_s: of((r) => r.summed),
        lag_ms: of((r) => r.lagMs),
        most_waiting_events: of((r) => r.waiting),
        asked_again: of((r) => r.again),
        node_cpu_us_per_event: of((r) => r.nodeUs),
        postgres_cpu_us_per_event: of((r) => r.postgresUs),
        work_of_others_on_the_machine: of((r) => r.others),
        A1_rows_per_s: a1,
        A2_rows_per_s: a2,
        A3_events_per_s: a3,
        ratios: ratios.map((ratio) => rounded(ratio)),
        keys: options.keys,
        connections: options.connections,
        parallel: options.parallel,
        events_per_round: options.events,
      },
    },
    {
      name: 'lag',
      what: 'episodes and sums follow the last acknowledgement',
      value: rounded(of((r) => r.lagMs) / 1000),
      unit: 's',
      must: 2,
      aim: 2,
      smaller: true,
    },
    {
      name: 'memory',
      what: 'all Node processes together at full intake (resident)',
      value: of((r) => r.rss),
      unit: 'MB',
      must: 512,
      aim: 256,
      smaller: true,
      detail: { pss_mb: pss },
    },
  ]
}
