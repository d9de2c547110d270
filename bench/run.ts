/** `npm run bench [-- NAME… --option=value]`: measures, prints a table, writes bench/results/latest.json. */
import { parseArgs } from 'node:util'
import { measureIntake } from './intake.ts'
import { measureNotices } from './notices.ts'
import { type Figure, type Options, tableOf, write } from './report.ts'

type Measure = (options: Options, say: (line: string) => void) => Promise<Figure[]>

/** Names by which a measurement is asked for; memory is taken while the intake runs. */
const measures: Record<string, Measure> = {
  intake: measureIntake,
  notices: measureNotices,
}

const usage = `npm run bench [-- NAME… OPTIONS]

Names (all without one): ${Object.keys(measures).join(', ')}
Options:
  --events=N        events of one round of the intake (200000)
  --rounds=N        counted rounds (3)
  --keys=N|full     keys of thirty days that stand in the database before (5000000; full = 60000000)
  --connections=kept|new   a connection for each sensor is kept, or made anew for each request (kept)
  --parallel=N      requests at the same time (4)
  --days=1,3,7      days of the sector stored for the views
  --seeds=a,b,c     seeds of the synthetic days for the notices
  --seed=TEXT       seed of everything else
  --full            run the sector's day in full (1.99 million events)`

function optionsOf(): { names: string[]; options: Options } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      events: { type: 'string', default: '200000' },
      rounds: { type: 'string', default: '3' },
      keys: { type: 'string', default: '5000000' },
      connections: { type: 'string', default: 'kept' },
      parallel: { type: 'string', default: '4' },
      days: { type: 'string', default: '1,3,7' },
      seeds: { type: 'string', default: 'jaro,podzim,zima' },
      seed: { type: 'string', default: 'bench' },
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
      full: values.full,
    },
  }
}

const { names, options } = optionsOf()
const figures: Figure[] = []
for (const name of names) {
  const measure = measures[name] as Measure
  const from = performance.now()
  const found = await measure(options, (line) => console.log(`  ${name}: ${line}`))
  console.log(`${name} took ${Math.round((performance.now() - from) / 1000)} s`)
  figures.push(...found)
}
console.log(`\n${tableOf(figures)}\n\nWritten to ${write(figures, options, new Date())}`)
