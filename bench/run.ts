/** `npm run bench [-- NAME… --option=value]`: measures, prints a table, writes bench/results/latest.json. */
import { parseArgs } from 'node:util'
import { measureAdvisory } from './advisory.ts'
import { measureBlocklist } from './blocklist.ts'
import { measureBoard } from './board.ts'
import { measureDay } from './day.ts'
import { measureEmergency } from './emergency.ts'
import { measureIntake } from './intake.ts'
import { measureLatency } from './latency.ts'
import { fullDay } from './load.ts'
import { measureMatching } from './matching.ts'
import { measureNotices } from './notices.ts'
import { measurePages } from './pages.ts'
import { measurePublic } from './public.ts'
import { type Figure, type Options, tableOf, write } from './report.ts'
import { measureRollcall } from './rollcall.ts'
import { measureSearch } from './search.ts'
import { measureSignIn } from './sign-in.ts'
import { measureViews } from './views.ts'
import { measureVisibility } from './visibility.ts'

type Measure = (options: Options, say: (line: string) => void) => Promise<Figure[]>

/** Names by which a measurement is asked for; memory is taken while the intake runs. */
const measures: Record<string, Measure> = {
  intake: measureIntake,
  day: measureDay,
  latency: measureLatency,
  views: measureViews,
  pages: measurePages,
  notices: measureNotices,
  'sign-in': measureSignIn,
  public: measurePublic,
  visibility: measureVisibility,
  search: measureSearch,
  matching: measureMatching,
  advisory: measureAdvisory,
  board: measureBoard,
  rollcall: measureRollcall,
  emergency: measureEmergency,
  blocklist: measureBlocklist,
}

const usage = `npm run bench [-- NAME… OPTIONS]

Names (all without one): ${Object.keys(measures).join(', ')}
Options:
  --events=N        events of one round of the intake (600000: fewer hold more detections each than a day of the sector)
  --rounds=N        counted rounds (3)
  --keys=N|full     keys of thirty days that stand in the database before (5000000; full = 60000000)
  --connections=kept|new   a connection for each sensor is kept, or made anew for each request (kept)
  --parallel=N      requests at the same time (4)
  --days=1,3,7      days of the sector stored for the views
  --plants=N        hosts reported compromised for the latency, one about every three seconds (40)
  --open=N          open first pages that ask at every news meanwhile (46)
  --seeds=a,b,c     seeds of the synthetic days for the notices
  --warnings=N      warnings for the visibility rule (1000000)
  --members=N       members that an emergency calls, three contacts each (500); a roll-call 46 at most
  --seed=TEXT       seed of everything else
  --day-events=N    events of the sector's day (199000)
  --full            the sector's days in full (1990000 events)`

function optionsOf(): { names: string[]; options: Options } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      events: { type: 'string', default: '600000' },
      rounds: { type: 'string', default: '3' },
      keys: { type: 'string', default: '5000000' },
      connections: { type: 'string', default: 'kept' },
      parallel: { type: 'string', default: '4' },
      days: { type: 'string', default: '1,3,7' },
      seeds: { type: 'string', default: 'jaro,podzim,zima' },
      plants: { type: 'string', default: '40' },
      open: { type: 'string', default: '46' },
      warnings: { type: 'string', default: '1000000' },
      members: { type: 'string', default: '500' },
      seed: { type: 'string', default: 'bench' },
      'day-events': { type: 'string', default: '199000' },
      full: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.filter((name) => !(name in measures))
  if (values.help || unknown.length > 0) {
    console.log(unknown.length > 0 ? `There is no figure named ${unknown.join(', ')}.\n\n${usage}` : usage)
    process.exit(unknown.length > 0 ? 2 : 0)
  }
  return {
    names: positionals.length > 0 ? positionals : Object.keys(measures),
    options: {
      events: Number(values.events),
      rounds: Number(values.rounds),
      keys: values.keys === 'full' ? 60_000_000 : Number(values.keys),
      seed: values.seed,
      parallel: Number(values.parallel),
      connections: values.connections === 'new' ? 'new' : 'kept',
      days: values.days.split(',').map(Number),
      seeds: values.seeds.split(','),
      plants: Number(values.plants),
      open: Number(values.open),
      warnings: Number(values.warnings),
      members: Number(values.members),
      dayEvents: values.full ? fullDay : Number(values['day-events']),
    },
  }
}

const { names, options } = optionsOf()
const figures: Figure[] = []
for (const name of names) {
  const from = performance.now()
  try {
    figures.push(...(await (measures[name] as Measure)(options, (line) => console.log(`  ${name}: ${line}`))))
  } catch (error) {
    // The others are measured all the same; what failed is said, and the end is not a success.
    console.error(`  ${name} could not be measured: ${(error as Error).stack ?? error}`)
    process.exitCode = 1
  }
  console.log(`${name} took ${Math.round((performance.now() - from) / 1000)} s`)
}
console.log(`\n${tableOf(figures)}\n\nWritten to ${write(figures, options, new Date())}`)
