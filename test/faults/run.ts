/**
 * The faults at length: npm run test:faults [-- NAME… --kills=N --seed=N]. One line each at the end, then the counts;
 * exit code 1 when anything went wrong. A seed repeats the choice of what is killed and when.
 */
import { databaseAway, databaseMoved } from './away.ts'
import { diskFull } from './disk.ts'
import { badInput } from './input.ts'
import { survive } from './kills.ts'
import { twoNodes } from './nodes.ts'
import { Skipped } from './skipped.ts'

const numberOf = (name: string, otherwise: number): number => {
  const given = process.argv.find((word) => word.startsWith(`--${name}=`))?.split('=')[1]
  return given === undefined ? otherwise : Number(given)
}
const seed = numberOf('seed', Date.now() % 1_000_000)
const kills = numberOf('kills', 120)

type Scenario = (say: (sentence: string) => void) => Promise<unknown>

const scenarios: Record<string, Scenario> = {
  kills: async (say) => {
    say(`Seed ${seed}: --seed=${seed} chooses the same again`)
    const done = await survive({ seed, kills, say })
    if (done.faults.length > 0) throw new Error(`seed ${seed}:\n${done.faults.join('\n')}`)
    const parts = Object.entries(done.byTarget).map(([target, times]) => `${target} ${times}`)
    return (
      `${done.kills} kills (${parts.join(', ')}); ${done.acknowledged} events in ${done.batches} batches acknowledged, none lost, none twice; ` +
      `${done.requests} requests, ${done.busy} told to come later, ${done.broken} broken; acknowledged again after ${done.resumed.mean} ms, at most ${done.resumed.most} ms`
    )
  },
  away: databaseAway,
  moved: databaseMoved,
  disk: diskFull,
  nodes: twoNodes,
  input: badInput(true),
}

const from = performance.now()
const chosen = process.argv.slice(2).filter((word) => !word.startsWith('--'))
for (const name of chosen)
  if (!scenarios[name]) {
    console.error(`There is no fault called ${name}; known are ${Object.keys(scenarios).join(', ')}.`)
    process.exit(2)
  }

const lines: string[] = []
const counts = { passed: 0, failed: 0, skipped: 0 }
for (const [name, scenario] of Object.entries(scenarios)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const say = (sentence: string): void =>
    console.log(
      `${String(Math.round((performance.now() - from) / 1000)).padStart(5)} s  ${name}: ${sentence}`,
    )
  say('begins')
  try {
    lines.push(`${name}: ${(await scenario(say)) || 'as it should be'}`)
    counts.passed++
  } catch (error) {
    const skipped = error instanceof Skipped
    counts[skipped ? 'skipped' : 'failed']++
    lines.push(`${name}: ${skipped ? 'skipped' : 'FAILED'}: ${(error as Error).message}`)
  }
}
console.log(lines.join('\n'))
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0
