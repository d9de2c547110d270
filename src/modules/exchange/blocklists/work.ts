/** What the worker does for blocklists: gathers, judges, and makes anew what a decision or time has changed. */
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { advance, markListed } from './advance.ts'
import { gatherCampaigns, prolong } from './gather.ts'
import { makeLists, served } from './make.ts'
import { loadNever, type PublicLists } from './never.ts'

export interface Blocklists {
  /** Does what is due, if anything. */
  work(now: number): Promise<void>
  close(): void
}

const gatherMs = 5_000
/** Time alone changes lists too: what expires, what members register. */
const allMs = 30_000
const lockNumber = 715_115

/** Announced as `org 12` when all of an organisation's lists are to be made anew, without a word when items changed. */
export function openBlocklists(context: Context, publicLists: PublicLists): Blocklists {
  const { db, bus, log, settings } = context
  let dirty = true
  let asked = new Set<number>()
  let gathered = Number.NEGATIVE_INFINITY
  let made = Number.NEGATIVE_INFINITY
  const again = (): void => {
    dirty = true
    made = Number.NEGATIVE_INFINITY
  }
  const stops = [
    bus.on('blocklists', (payload) => {
      const org = /^org (\d+)$/.exec(payload)?.[1]
      if (org) asked.add(Number(org))
      else dirty = true
    }),
    bus.on('register', () => {
      dirty = true
    }),
    // What was announced meanwhile is lost.
    bus.onAgain(again),
  ]

  const step = async (orgs: Set<number>, all: boolean, now: number): Promise<void> => {
    const never = await loadNever(db.engine, { publicLists, production: !settings.demo }, now)
    const changed = await asEngine(db, async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [lockNumber])
      return advance(tx, never, now)
    })
    for (const org of await served(db.engine, now)) {
      const whole = all || orgs.has(org)
      if (whole || changed.length > 0) await one(org, whole ? null : changed, now)
    }
    await asEngine(db, markListed)
  }

  /** One organisation's trouble keeps its last good lists, and keeps nobody else from theirs. */
  const one = async (org: number, items: string[] | null, now: number): Promise<void> => {
    try {
      const held = await makeLists(db, org, items, now)
      if (held > 0) log.warn({ org, held }, 'a blocklist would change by a jump and waits for a coordinator')
    } catch (error) {
      log.error({ err: error, org }, 'blocklists could not be made; those before are served on')
      await db.engine.query(
        'update blocklist_lists set failed_at = coalesce(failed_at, to_timestamp($2 / 1000.0)) where org_id = $1',
        [org, now],
      )
    }
  }

  return {
    work: async (now) => {
      if (now - gathered >= gatherMs || now < gathered) {
        gathered = now
        const found = await asEngine(
          db,
          async (tx) => (await gatherCampaigns(tx, now)) + (await prolong(tx, now)),
        )
        if (found > 0) dirty = true
      }
      const all = now - made >= allMs || now < made
      if (!dirty && !all && asked.size === 0) return
      const orgs = asked
      dirty = false
      asked = new Set()
      made = all ? now : made
      await step(orgs, all, now).catch((error: unknown) => {
        again()
        throw error
      })
    },
    close: () => {
      for (const stop of stops) stop()
    },
  }
}
