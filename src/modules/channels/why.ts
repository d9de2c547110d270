/** Why somebody was told of a warning or was not: the messages with their reasons, and for each way without one what kept it. */
import { type Actor, isCoordinator, rolesAt } from '../../platform/access.ts'
import type { Queryable } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Channel, Kind, State } from './deliveries.ts'
import { ownDevices } from './push/devices.ts'
import { ownChoice, ownNumbers } from './ways/choices.ts'

/** A warning of either sort; both have numbers of their own. */
export type About = { warning: number } | { written: number }

export interface Message {
  id: number
  channel: Channel
  kind: Kind
  /** Of an escalation: which one it was, where that is not plain. */
  about: string | null
  person: string | null
  org: string | null
  state: State
  reason: string | null
  decidedAt: number
  sentAt: number | null
}

/** Why there is no message by a way. */
export type WhyNot = 'role' | 'not-chosen' | 'below' | 'no-number' | 'no-device' | 'gone' | 'otherwise'

export interface Told {
  number: string
  own: Message[]
  not: { channel: Exclude<Channel, 'webhook'>; why: WhyNot }[]
  /** Those of the organisations whose people the reader looks after; null for who looks after nobody. */
  theirs: Message[] | null
}

/** Those who look after an organisation's people. */
const lookers = ['admin', 'security_manager'] as const

/** As the actor of the transaction; `NotFound` for a warning that it does not see. */
export async function toldOf(tx: Queryable, about: About, actor: Actor): Promise<Told> {
  const { number, severity } = await subjectOf(tx, about)
  const own = await messagesOf(tx, about, 'd.person_id = actor_person()', [])
  const orgs = [...new Set(actor.engagements.flatMap((e) => e.org ?? []))].filter((org) =>
    rolesAt(actor, org).some((role) => (lookers as readonly string[]).includes(role)),
  )
  const looks = isCoordinator(actor) || orgs.length > 0
  return {
    number,
    own,
    // Of a warning that is revoked nobody is told any more, whatever they choose.
    not: severity === null ? [] : await missing(tx, own, severity),
    theirs: looks
      ? await messagesOf(tx, about, '($2 or d.org_id = any ($3))', [isCoordinator(actor), orgs])
      : null,
  }
}

/** Severity null: a revoked one, of which its number alone is known to those who had it. */
async function subjectOf(tx: Queryable, about: About): Promise<{ number: string; severity: number | null }> {
  const { rows } = await tx.query<{ number: string; severity: number | null }>(
    'warning' in about
      ? 'select number, severity from warnings where id = $1'
      : `select coalesce(w.number, '') as number, v.severity from written_warnings w
         join written_versions v on v.warning_id = w.id and v.no = w.version where w.id = $1
         union all select number, null from written_tombstones where warning_id = $1`,
    ['warning' in about ? about.warning : about.written],
  )
  if (!rows[0]) throw new NotFound('There is no such warning')
  return rows[0]
}

const most = 300

async function messagesOf(tx: Queryable, about: About, where: string, values: unknown[]): Promise<Message[]> {
  const [column, id] = 'warning' in about ? ['warning_id', about.warning] : ['written_id', about.written]
  const { rows } = await tx.query<Message & Record<string, unknown>>(
    `select d.id, d.channel, d.kind, d.detail->>'about' as about, p.name as person, o.name as org, d.state, d.reason,
       (extract(epoch from d.decided_at) * 1000)::float8 as "decidedAt", (extract(epoch from d.sent_at) * 1000)::float8 as "sentAt"
     from deliveries d left join people p on p.id = d.person_id left join organisations o on o.id = d.org_id
     where d.${column} = $1 and ${where} order by d.decided_at, d.id limit ${most}`,
    [id, ...values],
  )
  return rows
}

async function missing(tx: Queryable, own: Message[], severity: number): Promise<Told['not']> {
  const has = (channel: Channel): boolean => own.some((one) => one.channel === channel)
  const found: Told['not'] = []
  if (!has('mail')) found.push({ channel: 'mail', why: 'role' })
  for (const channel of ['sms', 'push'] as const) {
    if (has(channel)) continue
    const choice = await ownChoice(tx, channel)
    const why = !choice
      ? 'not-chosen'
      : choice.least > severity
        ? 'below'
        : !has('mail')
          ? 'role'
          : await placeless(tx, channel)
    found.push({ channel, why })
  }
  return found
}

async function placeless(tx: Queryable, channel: 'sms' | 'push'): Promise<WhyNot> {
  if (channel === 'sms') return (await ownNumbers(tx)).length === 0 ? 'no-number' : 'otherwise'
  const devices = await ownDevices(tx)
  if (devices.length === 0) return 'no-device'
  return devices.every(({ gone }) => gone) ? 'gone' : 'otherwise'
}
