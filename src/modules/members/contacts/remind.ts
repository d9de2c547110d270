/** Mails that a contact book is to be attested: two weeks before its day, on it and two weeks later; then coordinators hear. */
import type { Role } from '../../../platform/access.ts'
import { asEngine, type Database, type Tx } from '../../../platform/database.ts'
import { dayOf } from '../../../platform/dates.ts'
import { managersOf } from '../managing.ts'
import { attestedAt, entriesOf } from './book.ts'
import { daysAfter, dueOn, gapsIn, staleDays } from './gaps.ts'

/** Days from the due day; a worker that was down sends the latest one alone. */
const steps = [
  { step: 'stale', days: staleDays },
  { step: 'after', days: 14 },
  { step: 'due', days: 0 },
  { step: 'before', days: -14 },
] as const
type Step = (typeof steps)[number]['step']

/** A book that was begun and never attested is due after as long as its first reminder takes. */
const firstDays = 14

interface BookDue {
  org: number
  name: string
  due: string
  step: Step
}

/** Answers how many mails were queued. Organisations without any contact are asked by their joining, not by reminders. */
export function remindAttestations(db: Database, zone: string, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    let queued = 0
    for (const book of await booksDue(tx, zone, now)) {
      const { rowCount } = await tx.query(
        'insert into contact_reminders (org_id, due_on, step, sent_at) values ($1, $2, $3, to_timestamp($4 / 1000.0)) on conflict do nothing',
        [book.org, book.due, book.step, now],
      )
      if (rowCount) queued += await remind(tx, book, now)
    }
    return queued
  })
}

async function booksDue(tx: Tx, zone: string, now: number): Promise<BookDue[]> {
  const { rows } = await tx.query<{ org: number; name: string; attested: number | null; began: number }>(
    `select o.id as org, o.name, (extract(epoch from (select max(at) from contact_attestations a where a.org_id = o.id)) * 1000)::float8 as attested,
       (extract(epoch from min(p.added_at)) * 1000)::float8 as began
     from organisations o join contact_points p on p.org_id = o.id and p.ended_at is null
     where o.status <> 'left' group by o.id order by o.id`,
  )
  const today = dayOf(now, zone)
  return rows.flatMap(({ org, name, attested, began }) => {
    const due = attested === null ? daysAfter(dayOf(began, zone), firstDays) : dueOn(attested)
    const reached = steps.find(({ days }) => today >= daysAfter(due, days))
    // A book begun today is not reminded of today.
    return reached && !(attested === null && reached.step === 'before')
      ? [{ org, name, due, step: reached.step }]
      : []
  })
}

async function remind(tx: Tx, book: BookDue, now: number): Promise<number> {
  const attested = await attestedAt(tx, book.org)
  const gaps = gapsIn(await entriesOf(tx, book.org), attested, now, dayOf(now))
  const detail = {
    template: 'contact-attestation',
    org: book.org,
    organisation: book.name,
    step: book.step,
    due: book.due,
    gaps: gaps.filter((gap) => !gap.startsWith('attestation.')),
  }
  const topic = `contacts:${book.org}:${book.due}:${book.step}`
  const keepers = await managersOf(tx, book.org, now)
  // The second contact too, once the day has passed.
  const roles: Role[] =
    book.step === 'before' || book.step === 'due' ? ['security_manager'] : ['security_manager', 'manager']
  const own = await queue(tx, topic, detail, { org: book.org, roles, people: keepers }, now)
  if (own > 0 && book.step !== 'stale') return own
  return own + (await queue(tx, topic, detail, { org: null, roles: ['coordinator'], people: [] }, now))
}

/** A mail for each of these people and of those in these roles there, once for each topic; answers how many. */
export async function queue(
  tx: Tx,
  topic: string,
  detail: object,
  to: { org: number | null; roles: Role[]; people: number[] },
  now: number,
): Promise<number> {
  const { rowCount } = await tx.query(
    `select queue_account_mail($1, p.id, p.email, $2, to_timestamp($6 / 1000.0)) from people p
     where p.disabled_at is null and (p.id = any ($5) or p.id in (select person_id from engagements e
       where e.org_id is not distinct from $3 and e.role = any ($4)
         and e.valid_from <= to_timestamp($6 / 1000.0) and e.valid_to > to_timestamp($6 / 1000.0)))`,
    [topic, detail, to.org, to.roles, to.people, now],
  )
  return rowCount ?? 0
}
