/** The process that does what nobody asked for: condensing, labelling, rules, mails, sector figures, forgetting. */
import { boot, type Running, type Serving } from './boot.ts'
import { openWatcher } from './modules/advisories/index.ts'
import { forgetFiles, publishSums } from './modules/assets/index.ts'
import {
  beat,
  openBounceDoor,
  openMailer,
  openWays,
  tidyChannels,
  work as workChannels,
} from './modules/channels/index.ts'
import { reckonDue } from './modules/duty/index.ts'
import { lastCallOf, rollcallLetter, rollcallShort, work as workCalls } from './modules/emergency/index.ts'
import {
  closeEpisodes,
  condense,
  openLabeller,
  publishSector,
  purge,
  remindEnds,
} from './modules/events/index.ts'
import { openBlocklists } from './modules/exchange/index.ts'
import { forgetApplications } from './modules/joining/index.ts'
import { hookContent, mailWriters, openMatcher } from './modules/matches/index.ts'
import { remindAddressEnds, remindAttestations, remindSheets, tidy } from './modules/members/index.ts'
import { eraseGone } from './modules/privacy/index.ts'
import { remindOfPlan } from './modules/site/index.ts'
import { forgetReads, work as workTrail } from './modules/trail/index.ts'
import { runClimbs, work as workWarnings } from './modules/warnings/index.ts'
import type { Config } from './platform/config.ts'
import type { Context } from './platform/context.ts'
import { giveWay } from './platform/priority.ts'
import { understanding } from './understanding.ts'

/** Runs `work` again and again; `work` answers how long to rest. A failure is said and tried again, never fatal. */
function loop(context: Context, name: string, work: () => Promise<number>): () => Promise<void> {
  let stopping = false
  let wake: () => void = () => {}
  const run = async (): Promise<void> => {
    while (!stopping) {
      const rest = await work().catch((error: unknown) => {
        context.log.warn({ err: error, loop: name }, 'work failed and will be tried again')
        return 1_000
      })
      if (rest > 0 && !stopping)
        await new Promise<void>((done) => {
          const timer = setTimeout(done, rest)
          wake = () => {
            clearTimeout(timer)
            done()
          }
        })
    }
  }
  const running = run()
  return async () => {
    stopping = true
    wake()
    await running
  }
}

/** At most once in `everyMs`, and at full intake, when other work is waited for, for a thirtieth of the time; it rests 10 s at most for that. */
function seldom(everyMs: number, work: (now: number) => Promise<unknown>): (now: number) => Promise<void> {
  let next = 0
  return async (now) => {
    if (now < next) return
    const from = performance.now()
    await work(now)
    next = now + Math.max(everyMs, Math.min(10_000, (performance.now() - from) * 30))
  }
}

/** The door for returned mails; a port that is taken stops nothing else. */
async function openDoor(context: Context, { bounces, bounceListen }: Config) {
  if (bounces === null || bounceListen === null) return null
  return openBounceDoor(context, { ...bounceListen, base: bounces }).catch((error: unknown) => {
    context.log.error({ err: error }, 'returned mails cannot be taken at HSOC_BOUNCE_LISTEN')
    return null
  })
}

const idleMs = 100
/** Few large steps of condensing cost much less than many small ones. */
const longestRestMs = 800

export async function runWorker(config: Config, urls: Serving): Promise<Running> {
  const context = boot(config, urls, 'worker', { app: 3, engine: 5 })
  const { db, settings } = context
  giveWay(db, urls.cluster)
  const labeller = openLabeller(context)
  const blocklists = openBlocklists(context, labeller.listsOf)
  const mailer = openMailer(config, { ...mailWriters, rollcall: rollcallLetter })
  const advisories = openWatcher(context)
  const matcher = openMatcher(context)
  const ways = openWays(context, config, {
    understand: understanding(db),
    tell: hookContent,
    rollcall: rollcallShort,
  })
  const door = await openDoor(context, config)
  const publish = seldom(3_000, (now) => publishSector(db, settings.zone, now))
  const close = seldom(2_000, (now) => closeEpisodes(db.engine, now))
  const forget = seldom(3_600_000, (now) => purge(db, settings.rawDays, settings.zone, now))
  const reckon = seldom(60_000, (now) => reckonDue(db, settings.zone, now, lastCallOf(settings.zone)))
  const clean = seldom(3_600_000, async (now) => {
    await tidy(db, now)
    await forgetApplications(context, now)
    await tidyChannels(db, now)
    await forgetReads(db, now)
    await forgetFiles(db, now)
    await publishSums(db, settings.zone, now)
    const erased = await eraseGone(db, now)
    if (erased > 0) context.log.info({ erased }, 'people whose last role ended long ago were erased')
  })
  // The demonstration stops whenever somebody closes it.
  const live = seldom(10_000, async (now) => {
    const outage = context.settings.demo ? null : await beat(db, now)
    if (outage) context.log.warn({ ms: outage.to - outage.from }, 'nothing ran for a while')
  })
  const remind = seldom(3_600_000, async (now) => {
    await remindEnds(db, now)
    await remindAddressEnds(db, settings.zone, now)
    await remindAttestations(db, settings.zone, now)
    await remindSheets(db, settings.zone, now)
    await remindOfPlan(db, settings.zone, now)
  })
  const stops = [
    loop(context, 'condense', async () => {
      const from = performance.now()
      const now = context.clock()
      const step = await condense(db, settings.zone, now)
      if (step.batches === 0) return idleMs
      await labeller.work(now)
      return step.full ? 0 : Math.min(longestRestMs, 2 * (performance.now() - from))
    }),
    loop(context, 'rules', async () => {
      const from = performance.now()
      await workWarnings(context, context.clock())
      // As long as it took, so that a flood of events is judged in fewer and larger steps.
      return Math.min(longestRestMs, Math.max(150, performance.now() - from))
    }),
    loop(context, 'on call', async () => {
      await runClimbs(db, settings.zone, context.clock(), context.log)
      return 1_000
    }),
    loop(context, 'mail', async () => {
      await live(context.clock())
      // Where much waits the next go follows at once.
      return (await workChannels(context, mailer, context.clock())) > 0 ? 20 : 500
    }),
    loop(context, 'advisories', async () => {
      await advisories.work(context.clock())
      return 5_000
    }),
    loop(context, 'blocklists', async () => {
      await blocklists.work(context.clock())
      return 100
    }),
    loop(context, 'rollcalls', async () => {
      await workCalls(context, context.clock())
      return 1_000
    }),
    loop(context, 'matches', async () => ((await matcher.work(context.clock())) > 0 ? idleMs : 3_000)),
    loop(context, 'ways', async () => {
      return (await ways.work(context.clock())) > 0 ? 20 : 1_000
    }),
    loop(context, 'figures', async () => {
      const now = context.clock()
      await labeller.work(now)
      await close(now)
      await publish(now)
      await forget(now)
      await workTrail(context, now)
      await reckon(now)
      await clean(now)
      await remind(now)
      return 1_000
    }),
  ]
  return {
    ports: [],
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()))
      await advisories.stop()
      blocklists.close()
      await door?.close()
      await ways.close()
      await mailer.close()
      await context.close()
    },
  }
}
