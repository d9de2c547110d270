/** What the worker does: each source in its time, by one node at a time, none held up by another; and what coordinators decided. */
import type { Context } from '../../platform/context.ts'
import { asEngine, type Database } from '../../platform/database.ts'
import { openReader, type Reader, Unread } from './csaf/reader.ts'
import { type Limits, limits } from './fetch/ask.ts'
import { FetchFailed } from './fetch/failed.ts'
import type { AdvisoryTlp } from './labels.ts'
import { setAside } from './quarantine.ts'
import type { Claimed } from './run-source.ts'
import { take } from './take.ts'
import { tellOfSources, tellOfWaiting } from './tell-waiting.ts'

export interface Watcher {
  /** Begins what is due and answers how many sources that were; they go on by themselves. */
  work(now: number): Promise<number>
  /** Waits until nothing is under way. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** A run ends before its claim does. */
const claimMs = 600_000
const runMs = 540_000
/** At a time: each may hold a document of 20 MB. */
const mostAtOnce = 8

/** Minutes until the next try: after failures twice as long each time, a day at most. */
export const waitMinutes = (every: number, failures: number): number =>
  failures === 0 ? every : Math.min(1_440, Math.max(every, 2 ** Math.min(failures, 11)))

/** By row, so that two nodes never ask the same source at once; whoever dies leaves it free when the claim ends. */
async function claim(db: Database, most: number, now: number): Promise<Claimed[]> {
  const { rows } = await db.engine.query<Claimed & Record<string, unknown>>(
    `with due as materialized (select id from advisory_sources where enabled and url is not null and due_at <= $1 and claimed_until <= $1
         and not exists (select 1 from advisory_source_confirmations c where c.source_id = advisory_sources.id and c.confirmed_at is null)
       order by due_at limit $3 for update skip locked)
     update advisory_sources s set claimed_until = $1::timestamptz + $2 * interval '1 ms', tried_at = $1 from due where s.id = due.id
     returning s.id, s.kind, s.label, s.url, s.tlp, s.private_hosts as "privateHosts", s.openpgp_key as key, s.etag, s.modified`,
    [new Date(now).toISOString(), claimMs, most],
  )
  return rows
}

async function finish(
  db: Database,
  id: number,
  end: { more: boolean; failed: FetchFailed | null; whole: boolean; fingerprints: string[] | null },
  now: number,
): Promise<void> {
  const { rows } = await db.engine.query<{ every: number; failures: number }>(
    'select every_minutes as every, failures from advisory_sources where id = $1',
    [id],
  )
  const { every = 60, failures: before = 0 } = rows[0] ?? {}
  // A part that cannot be had is said, and asked for again in its time.
  const failures = end.whole ? before + 1 : 0
  const minutes = end.more ? 0 : waitMinutes(every, failures)
  await db.engine.query(
    `update advisory_sources set claimed_until = '-infinity', due_at = $2, failures = $3,
       succeeded_at = case when $4 then succeeded_at else $5 end, failed_at = case when $6::text is null then failed_at else $5 end,
       failure = $6, failure_said = $7, fingerprints = coalesce($8, fingerprints)
     where id = $1`,
    [
      ...[
        id,
        new Date(now + minutes * 60_000).toISOString(),
        failures,
        end.whole,
        new Date(now).toISOString(),
      ],
      ...[end.failed?.reason ?? null, end.failed?.message ?? '', end.fingerprints],
    ],
  )
}

/** A run that was cut short by our own stop: another node, or the next start, may begin at once. */
async function release(db: Database, id: number): Promise<void> {
  await db.engine.query(`update advisory_sources set claimed_until = '-infinity' where id = $1`, [id])
}

interface Aside {
  id: number
  source_id: number
  tlp: AdvisoryTlp
  url: string
  document: Buffer
  as_tlp: AdvisoryTlp | null
  decided_by: number | null
}

/** Documents that a coordinator wants all the same: another one confirms them before a member sees them. */
async function takeDecided(db: Database, reader: Reader, now: number): Promise<void> {
  const { rows } = await db.engine.query<Aside & Record<string, unknown>>(
    `select q.id, q.source_id, s.tlp, q.url, q.document, q.as_tlp, q.decided_by from advisory_quarantine q join advisory_sources s on s.id = q.source_id
     where q.decision = 'taken' and q.done_at is null and q.document is not null order by q.id limit 5`,
  )
  for (const row of rows) {
    const { document, url } = row
    const proofs = { sha256: null, sha512: null, signature: null }
    const examined = await reader.read({ document, proofs, keys: [], anyway: true, now })
    await asEngine(db, async (tx) => {
      const { rowCount } = await tx.query(
        'update advisory_quarantine set done_at = $2 where id = $1 and done_at is null',
        [row.id, new Date(now).toISOString()],
      )
      if (!rowCount) return
      const source = { id: row.source_id, tlp: row.tlp }
      if (examined.kind === 'refused')
        return setAside(tx, { source, url, reason: examined.reason, said: examined.said, document }, now)
      const { content, flags } = examined
      const given = { source, url, document, signature: 'unchecked' as const, hashChecked: false, flags: [] }
      await take(
        tx,
        { content, flags },
        { ...given, anyway: { tlp: row.as_tlp }, needsSecond: true, decidedBy: row.decided_by, by: null },
        now,
      )
    })
  }
}

/** `given` are the limits of each question; tests make them smaller. */
export function openWatcher(context: Pick<Context, 'db' | 'log'>, given: Limits = limits): Watcher {
  const { db, log } = context
  const reader = openReader()
  const under = new Set<Promise<void>>()
  let stopping = false

  const run = async (source: Claimed, now: number): Promise<void> => {
    const from = performance.now()
    const isOver = (): boolean => stopping || performance.now() - from > runMs
    try {
      // What reads formats is loaded with the first source: many installations have none.
      const { runSource } = await import('./run-source.ts')
      const end = await runSource(source, { db, reader, limits: given, now, isOver })
      await finish(db, source.id, { ...end, whole: false }, now)
    } catch (error) {
      if (error instanceof Unread) return release(db, source.id)
      if (!(error instanceof FetchFailed))
        log.error({ err: error, source: source.id }, 'a source of advisories failed')
      const failed =
        error instanceof FetchFailed ? error : new FetchFailed('failed', (error as Error).message)
      await finish(db, source.id, { more: false, failed, whole: true, fingerprints: null }, now)
    }
  }

  return {
    work: async (now) => {
      if (stopping) return 0
      await takeDecided(db, reader, now)
      await asEngine(db, async (tx) => {
        await tellOfWaiting(tx, now)
        await tellOfSources(tx, now)
      })
      const due = await claim(db, mostAtOnce - under.size, now)
      for (const source of due) {
        const running = run(source, now)
          .catch((error: unknown) =>
            log.warn({ err: error, source: source.id }, 'a run was not written down'),
          )
          .finally(() => under.delete(running))
        under.add(running)
      }
      return due.length
    },
    settled: async () => {
      while (under.size > 0) await Promise.all(under)
    },
    stop: async () => {
      stopping = true
      await reader.close()
      await Promise.all(under)
    },
  }
}
