/** The mails to coordinators that an advisory, or a source of them, waits for another than its author: before, no member hears of it. */
import { asReader } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { translator } from '../../platform/i18n.ts'
import type { Letter } from './letter.tsx'
import { personalLetter, whomToCall } from './personal-letter.ts'
import type { Reader } from './recipients.ts'

const iso = (at: number): string => new Date(at).toISOString()

export interface WaitingAdvisory {
  advisory: number
  seq: number
  /** Who wrote it and is not asked. */
  writtenBy: number | null
}

/** One mail to each coordinator who may confirm one of them, however many there are. */
export async function queueWaitingAdvisories(tx: Tx, waiting: WaitingAdvisory[], now: number): Promise<void> {
  const [first] = waiting
  if (!first) return
  const by = waiting.map(({ writtenBy }) => writtenBy)
  await queue(
    tx,
    { template: 'waiting-advisories', topic: `advisory ${first.advisory} ${first.seq} waits`, by },
    now,
  )
}

/** The same for sources; `askedBy` are those who added or changed them. */
export async function queueWaitingSources(
  tx: Tx,
  waiting: { source: number; at: number; askedBy: number }[],
  now: number,
): Promise<void> {
  const [first] = waiting
  if (!first) return
  const by = waiting.map(({ askedBy }) => askedBy)
  const topic = `advisory source ${first.source} ${first.at} waits`
  await queue(tx, { template: 'waiting-sources', topic, by }, now)
}

async function queue(
  tx: Tx,
  mail: { template: string; topic: string; by: (number | null)[] },
  now: number,
): Promise<void> {
  await tx.query(
    `insert into deliveries (kind, topic, person_id, address, detail, decided_at, due_at, readers)
     select distinct 'account', $1, p.id, p.email, jsonb_build_object('template', $4::text, 'as', 'coordinator'),
       $2::timestamptz, $2::timestamptz, array[2, -p.id]
     from people p join engagements e on e.person_id = p.id and e.role = 'coordinator' and e.valid_from <= $2 and e.valid_to > $2
     where p.disabled_at is null and exists (select 1 from unnest($3::int[]) w (by) where w.by is distinct from p.id)
     on conflict (topic, address) do nothing`,
    [mail.topic, iso(now), mail.by, mail.template],
  )
}

/** Counted as its reader, without what the reader wrote; null when none waits any more. */
export const waitingAdvisoriesLetter = (
  context: Context,
  reader: Reader,
  now: number,
): Promise<Letter | null> =>
  letter(context, reader, now, {
    count:
      'select count(*)::int as n from advisory_confirmations where confirmed_at is null and written_by is distinct from $1',
    words: 'mails.waiting-advisories',
    path: '/advisories?waiting=1',
  })

/** The same of sources. */
export const waitingSourcesLetter = (context: Context, reader: Reader, now: number): Promise<Letter | null> =>
  letter(context, reader, now, {
    count:
      'select count(*)::int as n from advisory_source_confirmations where confirmed_at is null and asked_by <> $1',
    words: 'mails.waiting-sources',
    path: '/advisories/sources#waiting',
  })

async function letter(
  context: Context,
  reader: Reader,
  now: number,
  { count, words, path }: { count: string; words: string; path: string },
): Promise<Letter | null> {
  const n = await asReader(context.db, reader.actor, now, async (tx) => {
    const { rows } = await tx.query<{ n: number }>(count, [reader.actor.person])
    return rows[0]?.n ?? 0
  })
  if (n === 0) return null
  const t = translator(reader.actor.language)
  const href = `${context.settings.baseUrl}${path}`
  return personalLetter(t, t(`${words}.subject`, { n }), t(`${words}.answer`), [
    { kind: 'button', label: t(`${words}.button`), href },
    whomToCall(context, t, `${words}.sent`),
  ])
}
