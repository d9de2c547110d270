/** What the worker does for blocklists: gathers, judges, and makes anew what a decision or time has changed. */
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import type { NeverList, PublicLists } from '../../events/index.ts'
import { advance, markListed } from './advance.ts'
import { gatherCampaigns, prolong } from './gather.ts'
import { loadNever } from './load-never.ts'
import { makeLists, served } from './make.ts'

export interface Blocklists {
  /** Does what is due, if anything. */
  work(now: number): Promise<void>
  close(): void
}

const gatherMs = 5_000
/** Time alone changes lists too: what expires, what members register. */
const allMs = 30_000
const lockNumber = 715_115

/** What is to be done: organisations of which all is made anew, and items that changed; null: all of them. */
interface Due {
  orgs: Set<number>
  items: Set<string> | null
}

const nothing = (): Due => ({ orgs: new Set(), items: new Set() })

/**
 * Announced as `org 12` when all of an organisation's lists are to be made anew, as `item 12` when something became of
 * one, and as anything else when many changed or the never-list did.
 */
export function openBlocklists(context: Context, publicLists: PublicLists): Blocklists {
  const { db, bus, log, settings } = context
  let due: Due = { ...nothing(), items: null }
  let never: NeverList | null = null
  let gathered = Number.NEGATIVE_INFINITY
  let made = Number.NEGATIVE_INFINITY
  const many = (): void => {
    due.items = null
    never = null
  }
  const again = (): void => {
    many()
    made = Number.NEGATIVE_INFINITY
  }
  const stops = [
    bus.on('blocklists', (payload) => {
      const [, what, id = ''] = /^(org|item) (\d+)$/.exec(payload) ?? []
      if (what === 'org') due.orgs.add(Number(id))
      else if (what === 'item') due.items?.add(id)
      else many()
    }),
    bus.on('register', many),
    // What was announced meanwhile is lost.
    bus.onAgain(again),
  ]

  const step = async ({ orgs, items }: Due, all: boolean, now: number): Promise<void> => {
    const production = !settings.demo
    never = all || !never ? await loadNever(db.engine, { publicLists, production }, now) : never
    const asked = never
    const some = all || items === null ? null : [...items]
    const changed = await asEngine(db, async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [lockNumber])
      return advance(tx, asked, some, now)
    })
    const touched = some === null ? changed : [...new Set([...some, ...changed])]
    for (const org of await served(db.engine, now)) {
      const whole = all || orgs.has(org)
      if (whole || touched.length > 0) await one(org, whole ? null : touched, now)
    }
    await asEngine(db, (tx) => markListed(tx, all || orgs.size > 0 ? null : touched))
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
        if (found > 0) due.items = null
      }
      const all = now - made >= allMs || now < made
      if (!all && due.items?.size === 0 && due.orgs.size === 0) return
      const todo = due
      due = nothing()
      made = all ? now : made
      await step(todo, all, now).catch((error: unknown) => {
        again()
        throw error
      })
    },
    close: () => {
      for (const stop of stops) stop()
    },
  }
}
