/**
 * A new member's test warning: made of no events, from there on delivered, shown and answered as any other, and marked
 * as an exercise, so that it is in no figure and teaches no detector.
 */
import type { Tx } from '../../platform/database.ts'
import { raise } from './lifecycle.ts'
import { settingsAt } from './rules.ts'

const exerciseLane = 2
/** High: mailed at once, where medium would wait for the digest. */
const high = 3

/** Opens one for the organisation and decides whom it goes to; in the program's own transaction. Answers its id. */
export async function firstWarning(tx: Tx, org: number, now: number): Promise<number> {
  // It borrows the rule for attacks that got through: the name of the rule stands on the page, its words do not.
  const { version } = await settingsAt(tx, 'W3', now)
  const { id } = await raise(
    tx,
    {
      rule: 'W3',
      version,
      org,
      // Each is a trouble of its own: an earlier one is never grown or reopened by a later.
      topic: `first warning ${now}`,
      lane: exerciseLane,
      exercise: 'zkušební varování / test warning',
      side: 2,
      family: null,
      key: null,
      sensor: null,
      severity: high,
      title: { words: 'first-warning', cls: null, side: 'target', verdict: 'unknown', params: {} },
      explanation: {
        rule: 'W3',
        version,
        words: 'first-warning',
        params: {},
        thresholds: [],
        steps: [],
        cls: null,
        network: null,
        verdicts: null,
        events: 0,
        detectors: [],
        labels: [],
        hosts: [],
        sources: [],
        ports: [],
        done: 'unknown',
        times: { event: now, decided: now },
      },
      episodes: [],
      first: now,
      last: now,
      rate: 0,
    },
    now,
  )
  return id
}
