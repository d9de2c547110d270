/** The mail to coordinators that names of products in advisories wait for them: of none of these a hospital hears before they have looked. */
import { asReader } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { dayOf } from '../../platform/dates.ts'
import { translator } from '../../platform/i18n.ts'
import type { Letter } from './letter.tsx'
import { personalLetter, whomToCall } from './personal-letter.ts'
import type { Reader } from './recipients.ts'

const iso = (at: number): string => new Date(at).toISOString()

/** One mail a day for each coordinator, which goes at `due`: what comes until then is counted in it. Answers how many were queued. */
export async function queueHeldNames(tx: Tx, due: number, now: number): Promise<number> {
  const { rowCount } = await tx.query(
    `insert into deliveries (kind, topic, person_id, address, detail, decided_at, due_at, readers)
     select distinct 'account', 'held names ' || $1::text, p.id, p.email, jsonb_build_object('template', 'held-names', 'as', 'coordinator'),
       $2::timestamptz, $3::timestamptz, array[2, -p.id]
     from people p join engagements e on e.person_id = p.id and e.role = 'coordinator' and e.valid_from <= $2 and e.valid_to > $2
     where p.disabled_at is null on conflict (topic, address) do nothing`,
    [dayOf(now), iso(now), iso(due)],
  )
  return rowCount ?? 0
}

/** Counted as its reader, so null for who coordinates no more, and when none waits any more. Which names, of which advisories, is for the page alone. */
export async function heldNamesLetter(context: Context, reader: Reader, now: number): Promise<Letter | null> {
  const n = await asReader(context.db, reader.actor, now, async (tx) => {
    const { rows } = await tx.query<{ n: number }>(
      'select count(distinct (vendor, product))::int as n from match_held where released_at is null',
    )
    return rows[0]?.n ?? 0
  })
  if (n === 0) return null
  const t = translator(reader.actor.language)
  return personalLetter(t, t('mails.held-names.subject', { n }), t('mails.held-names.answer', { n }), [
    { kind: 'paragraph', text: t('mails.held-names.what') },
    { kind: 'button', label: t('mails.held-names.button'), href: `${context.settings.baseUrl}/matches#held` },
    whomToCall(context, t, 'mails.held-names.sent'),
  ])
}
