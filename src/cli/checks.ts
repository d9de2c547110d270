/** `hsoc verify` and `hsoc rebuild`: is everything that is shown what the log says? */
import { rebuild } from '../modules/events/rebuild.ts'
import type { RebuildOptions, Rebuilt } from '../modules/events/rebuild-work.ts'
import { type Verification, verify } from '../modules/events/verify.ts'
import { record } from '../platform/audit.ts'
import { asEngine } from '../platform/database.ts'
import { type Day, dayBounds, isDay } from '../platform/dates.ts'
import type { Progress } from '../platform/progress.ts'
import { COORDINATORS } from '../values/scopes.ts'
import { type Call, type Command, counted, Misuse } from './command.ts'
import type { Installation } from './terminal.ts'

/** A line of progress that begins anew with each step, so that no step is shown with another one's figures. */
function stepping(call: Call): { at(step: string, done: number, total: number | null): void; end(): void } {
  let current: { step: string; bar: Progress } | null = null
  return {
    at: (step, done, total) => {
      if (current?.step !== step) {
        current?.bar.end()
        current = { step, bar: call.terminal.progress(call.t(`cli.step.${step}`), total) }
      }
      current.bar.at(done)
    },
    end: () => current?.bar.end(),
  }
}

async function runVerify(call: Call): Promise<number> {
  return call.terminal.installation(async (open) => {
    const steps = stepping(call)
    const found = await verify(open.db, {
      zone: open.config.zone,
      bytes: !call.on('sums'),
      progress: steps.at,
    }).finally(steps.end)
    if (call.on('json')) call.terminal.json(found)
    else showVerification(call, found)
    return found.ok ? 0 : 1
  })
}

function showVerification(call: Call, found: Verification): void {
  const { terminal, t } = call
  for (const one of found.checks) {
    const key = one.differing === 0 ? 'cli.check_fine' : 'cli.check_differs'
    terminal.out(t(key, { name: t(`cli.check.${one.name}`), compared: one.compared, n: one.differing }))
    for (const line of one.examples) terminal.out(`    ${line}`)
  }
  terminal.out(t('cli.outcomes', { ...found.outcomes }))
  if (found.waiting > 0) terminal.out(t('cli.still_waiting', { n: found.waiting }))
  if (found.purged.length > 0)
    terminal.out(t('cli.purged_days', { n: found.purged.length, days: found.purged.join(', ') }))
  terminal.out(t(found.ok ? 'cli.all_equal' : 'cli.not_equal'))
}

/** The hours from the first day to the last; undefined without both flags. */
function hoursOf(call: Call, zone: string): RebuildOptions['hours'] {
  const days = (['from', 'to'] as const).map((flag): Day | undefined => {
    const day = call.text(flag)
    if (day !== undefined && !isDay(day)) throw new Misuse(call.t('cli.not_a_day', { word: day }))
    return day
  })
  const [from = days[1], to = days[0]] = days
  if (from === undefined || to === undefined) return undefined
  if (from > to) throw new Misuse(call.t('cli.days_turned', { from, to }))
  const hourMs = 3_600_000
  return {
    first: Math.floor(dayBounds(from, zone).from / hourMs),
    last: Math.ceil(dayBounds(to, zone).to / hourMs) - 1,
  }
}

async function runRebuild(call: Call): Promise<number> {
  hoursOf(call, 'UTC')
  return call.terminal.installation(async (open) => {
    const steps = stepping(call)
    const hours = hoursOf(call, open.config.zone)
    const check = call.on('check')
    const done = await rebuild(
      open.db,
      { zone: open.config.zone, check, ...(hours ? { hours } : {}), progress: steps.at },
      call.terminal.now(),
    ).finally(steps.end)
    if (!check) await note(call, open, done)
    if (call.on('json')) call.terminal.json(done)
    else showRebuilt(call, done, check)
    return (check && differs(done)) || done.unreadable > 0 ? 1 : 0
  })
}

const differs = ({ differing }: Rebuilt): boolean => Object.values(differing).some((n) => n > 0)

function showRebuilt(call: Call, done: Rebuilt, check: boolean): void {
  const { terminal, t } = call
  terminal.out(t('cli.reread', counted({ batches: done.batches, events: done.events }, t)))
  if (differs(done)) terminal.out(t(check ? 'cli.would_change' : 'cli.changed', counted(done.differing, t)))
  else terminal.out(t('cli.nothing_changes'))
  if (done.unreadable > 0) terminal.out(t('cli.unreadable', { n: done.unreadable }))
  for (const line of done.examples) terminal.out(`    ${line}`)
  if (done.purged.length > 0)
    terminal.out(t('cli.purged_days', { n: done.purged.length, days: done.purged.join(', ') }))
}

const note = (call: Call, open: Installation, done: Rebuilt): Promise<void> =>
  asEngine(open.db, (tx) =>
    record(tx, {
      at: call.terminal.now(),
      actor: open.operator,
      verb: 'events.rebuild',
      object: 'log',
      detail: { ...done.differing, unreadable: done.unreadable },
      readers: [COORDINATORS],
    }),
  )

export const checkCommands: Command[] = [
  { words: 'verify', operands: [], flags: { sums: {}, json: {} }, run: runVerify },
  {
    words: 'rebuild',
    operands: [],
    flags: { check: {}, from: { value: 'DAY' }, to: { value: 'DAY' }, json: {} },
    run: runRebuild,
  },
]
