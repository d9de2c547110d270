/** Vetting, handing over, approving and refusing an application; each step with its line in the history and the trail. */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine, type Tx } from '../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import {
  createOrganisation,
  inviteWithin,
  isSameThing,
  type MemberRole,
  managersOf,
  manages,
  readIco,
  similarOrganisations,
} from '../members/index.ts'
import { tellJudges } from './apply.ts'
import {
  comesFrom,
  type Judge,
  type Kind,
  leadsTo,
  needsConfirmed,
  type Refusal,
  refusals,
  type State,
  type Step,
} from './states.ts'

/** An application that is locked for the transaction, and as what the actor judges it. */
interface Judged {
  id: number
  kind: Kind
  state: State
  language: 'cs' | 'en'
  organisation: string
  ico: string | null
  name: string
  email: string
  org: number | null
  confirmed: boolean
  judge: Judge
}

const at = (ms: number): string => new Date(ms).toISOString()

/** Throws `NotFound` to whoever may not judge it: they are not to know that it is there. */
async function locked(tx: Tx, id: number, by: Actor, now: number): Promise<Judged> {
  const { rows } = await tx.query<Omit<Judged, 'judge'> & Record<string, unknown>>(
    `select id, kind, state, language, organisation, ico, name, email, org_id as org, confirmed_at is not null as confirmed
     from applications where id = $1 for update`,
    [id],
  )
  const [found] = rows
  if (!found) throw new NotFound('There is no such application')
  if (isCoordinator(by)) return { ...found, judge: 'coordinator' }
  const isTheirs =
    found.kind === 'work' && found.org !== null && found.confirmed && (await manages(tx, by, found.org, now))
  if (!isTheirs) throw new NotFound('There is no such application')
  return { ...found, judge: 'manager' }
}

/** `WrongState` when the step is not open to this judge from here. */
function requireStep(one: Judged, step: Step): void {
  const from: State[] = comesFrom[one.judge][step]
  if (!from.includes(one.state))
    throw new WrongState(`An application that is ${one.state} cannot be ${step} by a ${one.judge}`)
  if (needsConfirmed[step] && !one.confirmed)
    throw new WrongState('The address of the applicant is not confirmed yet')
}

const verbs = { vetted: 'vet', handed: 'handOver', approved: 'approve', refused: 'refuse' } satisfies Record<
  Step,
  string
>

interface Taken {
  step: Step
  reason: string
  /** The organisation that it concerns from now on. */
  org: number | null
}

async function take(
  tx: Tx,
  one: Judged,
  { step, reason, org }: Taken,
  by: Actor,
  now: number,
): Promise<void> {
  await tx.query(
    `update applications set state = $2, org_id = $3, kind = case when $4 = 'handed' then 'work' else kind end,
       decided_at = case when $2 in ('approved', 'refused') then $5::timestamptz end where id = $1`,
    [one.id, leadsTo[step], org, step, at(now)],
  )
  await tx.query(
    `insert into application_moves (application_id, org_id, step, reason, person_id, actor, at) values ($1, $2, $3, $4, $5, $6, $7)`,
    [one.id, org, step, reason, by.person, by.name, at(now)],
  )
  await record(tx, {
    at: now,
    actor: by,
    verb: `joining.${verbs[step]}`,
    object: `application ${one.id}`,
    org,
    detail: { reason },
    readers: org === null ? [COORDINATORS] : [COORDINATORS, readersOfOrg(org)],
  })
}

/** The reason, tidied; throws `Invalid` where one is needed and missing, or it is too long. */
function reasonIn(text: string, needed: boolean): string {
  const reason = text.trim()
  if ((needed && reason === '') || reason.length > 1_000) throw new Invalid('Say why', { reason: 'reason' })
  return reason
}

/** A coordinator has made sure who it is, and says how. Throws NotFound, WrongState, Invalid. */
export const vet = (context: Context, id: number, how: string, by: Actor, now: number): Promise<void> =>
  asEngine(context.db, async (tx) => {
    const one = await locked(tx, id, by, now)
    requireStep(one, 'vetted')
    await take(tx, one, { step: 'vetted', reason: reasonIn(how, true), org: one.org }, by, now)
  })

/**
 * A coordinator gives it to who manages the people of an organisation that takes part already: the applicant works there,
 * or says so. Throws NotFound, WrongState, Invalid (nobody manages people there).
 */
export const handOver = (
  context: Context,
  id: number,
  given: { org: number; reason: string },
  by: Actor,
  now: number,
): Promise<void> =>
  asEngine(context.db, async (tx) => {
    const one = await locked(tx, id, by, now)
    requireStep(one, 'handed')
    if ((await managersOf(tx, given.org, now)).length === 0)
      throw new Invalid('Nobody manages people there', { target: 'nobody' })
    await take(tx, one, { step: 'handed', reason: reasonIn(given.reason, false), org: given.org }, by, now)
    await tellJudges(tx, { id, kind: 'work', org: given.org }, now)
  })

export interface Approval {
  /** The organisation to be made, or the number of one that is there; null: the one that it concerns already. */
  target: { name: string; ico: string; kind: string; nuts3: string; despite: boolean } | number | null
  role: MemberRole
  reason: string
}

/**
 * Approves: makes the organisation, or ties the application to one, and invites the applicant to the role; all in one
 * transaction. Answers the organisation's number. Throws NotFound, WrongState, Forbidden (the role), Invalid with the fields:
 * `target.same` where the register holds the like and nobody said that it is meant, `target.managed` where the people of
 * the organisation are managed by its own, who then decide.
 */
export const approve = (
  context: Context,
  id: number,
  given: Approval,
  by: Actor,
  now: number,
): Promise<number> =>
  asEngine(context.db, async (tx) => {
    const one = await locked(tx, id, by, now)
    requireStep(one, 'approved')
    const org = await targetOf(tx, one, given, by, now)
    await take(tx, one, { step: 'approved', reason: reasonIn(given.reason, false), org }, by, now)
    const { email, name, language } = one
    await inviteWithin(context, tx, { org, email, name, language, role: given.role }, by, now).catch(
      (error) => {
        // Has the role already, or was disabled: nothing of the approval holds then.
        if (error instanceof WrongState) throw new Invalid(error.message, { email: 'invited' })
        throw error
      },
    )
    return org
  })

async function targetOf(tx: Tx, one: Judged, { target }: Approval, by: Actor, now: number): Promise<number> {
  if (one.judge === 'manager') {
    if (one.org === null) throw new NotFound('There is no such application')
    return one.org
  }
  if (target !== null && typeof target === 'object') return create(tx, one, target, by, now)
  const org = target ?? one.org
  if (org === null) throw new Invalid('Say which organisation', { target: 'none' })
  if ((await managersOf(tx, org, now)).length > 0)
    throw new Invalid('Its own people decide who works there', { target: 'managed' })
  return org
}

async function create(
  tx: Tx,
  one: Judged,
  target: Exclude<Approval['target'], number | null>,
  by: Actor,
  now: number,
): Promise<number> {
  const like = await similarOrganisations(tx, { name: target.name, ico: readIco(target.ico), email: '' })
  if (!target.despite && like.some(isSameThing))
    throw new Invalid('The register holds the like', { target: 'same' })
  const { language, email } = one
  return createOrganisation(tx, { ...target, language, contactEmail: email }, by, now)
}

/**
 * Refuses, and tells the applicant why, in its language; an address that nobody confirmed gets no mail. Throws NotFound,
 * WrongState, Invalid (no reason of the list, or a text that is too long).
 */
export const refuse = (
  context: Context,
  id: number,
  given: { why: string; text: string },
  by: Actor,
  now: number,
): Promise<void> =>
  asEngine(context.db, async (tx) => {
    const one = await locked(tx, id, by, now)
    requireStep(one, 'refused')
    const why = refusals.find((known): known is Refusal => known === given.why)
    if (!why) throw new Invalid('Choose a reason', { why: 'why' })
    const text = reasonIn(given.text, why === 'other')
    await take(
      tx,
      one,
      { step: 'refused', reason: text === '' ? why : `${why}: ${text}`.slice(0, 1_000), org: one.org },
      by,
      now,
    )
    if (!one.confirmed) return
    await tx.query('select queue_visitor_mail($1, $2, $3, $4)', [
      `application refused:${id}`,
      one.email,
      {
        template: 'application-refused',
        language: one.language,
        organisation: one.organisation,
        reason: why,
        text,
      },
      at(now),
    ])
  })
