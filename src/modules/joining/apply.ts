/** Asking to take part, and confirming the address. Nothing here says whether an organisation or a person is known to us. */
import type { Context } from '../../platform/context.ts'
import { asEngine, type Tx } from '../../platform/database.ts'
import { seal } from '../../platform/seal.ts'
import { hashToken, newToken } from '../../platform/sessions.ts'
import { formBrake, mailboxBrake, managersOf, organisationNamed, slowDown } from '../members/index.ts'
import type { Kind } from './states.ts'

/** What a visitor sent, understood. */
export interface Application {
  kind: Kind
  language: 'cs' | 'en'
  organisation: string
  ico: string | null
  orgKind: string
  nuts3: string | null
  name: string
  position: string
  email: string
  phone: string | null
  message: string
}

/** How long the link in the mail may be used. */
const confirmMs = 3 * 86_400_000
/** How long what nobody confirmed, and what was refused, is kept. */
const unconfirmedMs = 14 * 86_400_000
const refusedMs = 365 * 86_400_000

const at = (ms: number): string => new Date(ms).toISOString()

/** Counts one more form from this network; answers how long to wait, in milliseconds, or 0. */
export const waitOf = (context: Context, address: string, now: number): Promise<number> =>
  slowDown(context.db, [formBrake('application', address)], now)

/**
 * Takes an application and mails the link that confirms it. A mailbox that got enough of these today gets no more, and
 * the application is not kept, which nobody is told: it may be somebody else's mailbox.
 */
export async function apply(context: Context, given: Application, now: number): Promise<void> {
  const brake = mailboxBrake('application', context.settings.secret, given.email)
  if ((await slowDown(context.db, [brake], now)) > 0) return
  const token = newToken()
  await asEngine(context.db, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `insert into applications (kind, language, organisation, ico, org_kind, nuts3, name, position, email, phone, message, token_hash, token_until, applied_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id`,
      [
        ...[given.kind, given.language, given.organisation, given.ico, given.orgKind, given.nuts3],
        ...[given.name, given.position, given.email, given.phone, given.message],
        ...[hashToken(token), at(now + confirmMs), at(now)],
      ],
    )
    const id = rows[0]?.id ?? 0
    await step(tx, { application: id, org: null }, 'applied', given.name, now)
    await tx.query('select queue_visitor_mail($1, $2, $3, $4)', [
      `application:${id}`,
      given.email,
      {
        template: 'application-confirm',
        language: given.language,
        sealed: seal(context.settings.secret, token),
        until: at(now + confirmMs),
      },
      at(now),
    ])
  })
}

/** A line of the history by nobody of ours. */
const step = (
  tx: Tx,
  to: { application: number; org: number | null },
  name: string,
  actor: string,
  now: number,
) =>
  tx.query(
    `insert into application_moves (application_id, org_id, step, actor, at) values ($1, $2, $3, $4, $5)`,
    [to.application, to.org, name, actor, at(now)],
  )

interface Linked {
  id: number
  kind: Kind
  language: 'cs' | 'en'
  confirmed: boolean
}

/** What a link belongs to, or null when there is no such link, or it is over. Looking changes nothing. */
export async function linked(context: Context, token: string, now: number): Promise<Linked | null> {
  const { rows } = await context.db.engine.query<Linked & Record<string, unknown>>(
    `select id, kind, language, confirmed_at is not null as confirmed from applications where token_hash = $1 and token_until > $2`,
    [hashToken(token), at(now)],
  )
  return rows[0] ?? null
}

/**
 * The holder of the mailbox presses the button: from now on the application can be judged, and whoever judges it is told.
 * Answers false when the link is over. A second press changes nothing.
 */
export function confirm(context: Context, token: string, now: number): Promise<boolean> {
  return asEngine(context.db, async (tx) => {
    const { rows } = await tx.query<{ id: number; kind: Kind; organisation: string; name: string }>(
      `update applications set confirmed_at = $2 where token_hash = $1 and token_until > $2 and confirmed_at is null
       returning id, kind, organisation, name`,
      [hashToken(token), at(now)],
    )
    const [found] = rows
    if (!found) {
      const { rowCount } = await tx.query(
        'select 1 from applications where token_hash = $1 and token_until > $2',
        [hashToken(token), at(now)],
      )
      return rowCount === 1
    }
    const org = found.kind === 'work' ? await meantBy(tx, found.organisation) : null
    if (org !== null) await tx.query('update applications set org_id = $2 where id = $1', [found.id, org])
    await step(tx, { application: found.id, org }, 'confirmed', found.name, now)
    await tellJudges(tx, { id: found.id, kind: found.kind, org }, now)
    return true
  })
}

/** The organisation that takes part under exactly this name; anything less is for a coordinator to find out. */
async function meantBy(tx: Tx, name: string): Promise<number | null> {
  // By name alone: the number in our register, which it would understand as well, is not what people write.
  const named = /^\d+$/.test(name.trim()) ? 'none' : await organisationNamed(tx, name)
  if (typeof named === 'string') return null
  const { rowCount } = await tx.query(`select 1 from organisations where id = $1 and status <> 'left'`, [
    named.id,
  ])
  return rowCount === 1 ? named.id : null
}

/** A mail to who manages the people of the organisation; where nobody does, and for all else, to the coordinators. */
export async function tellJudges(
  tx: Tx,
  about: { id: number; kind: Kind; org: number | null },
  now: number,
): Promise<void> {
  const managers = about.org === null ? [] : await managersOf(tx, about.org, now)
  const { rows } = await tx.query<{ id: number; email: string }>(
    `select p.id, p.email from people p where p.disabled_at is null and case when $1 then p.id = any ($2) else exists (
       select 1 from engagements e where e.person_id = p.id and e.role = 'coordinator' and e.valid_from <= $3 and e.valid_to > $3) end`,
    [managers.length > 0, managers, at(now)],
  )
  for (const { id, email } of rows)
    await tx.query('select queue_account_mail($1, $2, $3, $4, $5)', [
      `application waiting:${about.id}:${about.org ?? 0}`,
      id,
      email,
      { template: 'application-waiting', id: about.id, kind: managers.length > 0 ? 'work' : 'organisation' },
      at(now),
    ])
}

/** Forgets what nobody confirmed within two weeks, and what was refused a year ago. */
export async function forget(context: Pick<Context, 'db'>, now: number): Promise<void> {
  await context.db.engine.query(
    `delete from applications where confirmed_at is null and applied_at < $1 or state = 'refused' and decided_at < $2`,
    [at(now - unconfirmedMs), at(now - refusedMs)],
  )
}
