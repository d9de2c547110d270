/** The same question with the visibility rule and without it: as the pages' role bound by the policies, and as the tables' owner. */
import { type Actor, asReader } from '../src/platform/access.ts'
import { type Database, openDatabase, type Tx } from '../src/platform/database.ts'
import { spread } from './reader.ts'
import type { Stage } from './stage.ts'
import { median, rounded, since } from './statistics.ts'

export interface Question {
  name: string
  actor: Actor
  /** What the pages ask; its answer is compared with the one by hand. */
  ask(tx: Tx): Promise<unknown>
  /** The same without the rule: what the rule leaves out is left out by a condition. */
  byHand(tx: Tx): Promise<unknown>
}

export interface Compared {
  name: string
  ratio: number
  ruled: ReturnType<typeof spread>
  by_hand: ReturnType<typeof spread>
}

/** Somebody who reads, with roles at organisations or, by null, as a coordinator. */
export const readerAt = (person: number, org: number | null): Actor => ({
  person,
  name: 'bench',
  email: 'bench@bench.example',
  language: 'cs',
  engagements: [{ org, orgName: 'bench', role: org === null ? 'coordinator' : 'admin' }],
})

/** A database whose pages' role is the owner: the same way there, and no policy that binds it. */
export function unruled(stage: Stage): Database {
  const url = String(stage.owner.options.connectionString)
  return openDatabase({ app: url, engine: url }, { app: 1, engine: 1 })
}

const warming = 10

/** By turns, so that what else the machine does falls on both alike. Throws when the two do not answer the same. */
export async function compare(
  stage: Stage,
  free: Database,
  questions: Question[],
  rounds: number,
): Promise<Compared[]> {
  const compared: Compared[] = []
  const now = Date.now()
  for (const { name, actor, ask, byHand } of questions) {
    const [ruled, hand]: [number[], number[]] = [[], []]
    for (let round = 0; round < warming + rounds; round++) {
      const [first, second] = [
        await timed(() => asReader(stage.db, actor, now, ask)),
        await timed(() => asReader(free, actor, now, byHand)),
      ]
      if (JSON.stringify(first.answer) !== JSON.stringify(second.answer))
        throw new Error(`${name}: the rule and the condition by hand find different rows`)
      if (round < warming) continue
      ruled.push(first.ms)
      hand.push(second.ms)
    }
    const ratio = rounded(median(ruled) / median(hand))
    compared.push({ name, ratio, ruled: spread(ruled), by_hand: spread(hand) })
  }
  return compared
}

async function timed(work: () => Promise<unknown>): Promise<{ answer: unknown; ms: number }> {
  const from = performance.now()
  const answer = await work()
  return { answer, ms: since(from) }
}
