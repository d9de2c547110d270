/**
 * A warning is never wider than what it was made of: an advisory's label, other warnings' labels and audiences, and those of the warnings
 * from which alone one of its indicators is known (sharing.md 8). The author of such a warning may let it be wider.
 */
import type { Queryable, Tx } from '../../../platform/database.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { isNarrowOr, type Limit, narrowest, widerThan } from '../../../values/audience.ts'
import type { Tlp } from '../../../values/tlp.ts'
import { audienceOf, type Draft, type State, type Version } from './types.ts'

type Where = Pick<Draft, 'tlp' | 'audience' | 'orgs' | 'group' | 'named'>

/** One step of the derivation: `source` went into `derived`. */
interface Step extends Where {
  derived: number
  source: number
  state: State
  version: number
  /** The version that its writers know; null for what went in unsaid. */
  noted: number | null
  overNoted: boolean
  advisoryTlp: Tlp | null
  grant: (Omit<Where, 'named'> & { by: number }) | null
}

async function stepsTo(tx: Queryable, id: number, more: number[]): Promise<Step[]> {
  const { rows } = await tx.query<Step & Record<string, unknown>>(
    `select derived, source, state, version, noted, over_noted as "overNoted", tlp, audience, orgs, group_id as "group", named,
       advisory_tlp as "advisoryTlp", case when grant_tlp is not null then jsonb_build_object('tlp', grant_tlp, 'audience', grant_audience,
         'orgs', grant_orgs, 'group', grant_group, 'by', granted_by) end as "grant"
     from inputs_of_written($1, $2)`,
    [id, more],
  )
  return rows
}

const limitIn = (where: Where): Limit => ({
  tlp: where.tlp,
  audience: audienceOf(where),
  named: where.tlp === 'RED' ? where.named : null,
})

/** What a step allows: its author's word or its own label and audience, and in any case no more than what it was made of itself. */
function allowedBy(step: Step, steps: Step[], writers: number[]): Limit {
  const own = limitIn(step)
  // Nobody widens for themselves.
  const said =
    step.grant && !writers.includes(step.grant.by) ? limitIn({ ...step.grant, named: step.named }) : own
  const above = steps
    .filter((one) => one.derived === step.source)
    .map((one) => allowedBy(one, steps, writers))
  const advisory: Limit[] =
    step.advisoryTlp && !isNarrowOr(said.tlp, step.advisoryTlp)
      ? [{ tlp: step.advisoryTlp, audience: said.audience, named: null }]
      : []
  return narrowest([said, ...advisory, ...above])
}

const together = (steps: Step[], id: number, writers: number[]): Limit | null => {
  const [first, ...rest] = steps
    .filter((one) => one.derived === id)
    .map((one) => allowedBy(one, steps, writers))
  return first ? narrowest([first, ...rest]) : null
}

/** How wide something made of these may be, before there is anything. */
export const limitOf = async (tx: Queryable, sources: number[], writer: number): Promise<Limit | null> =>
  together(await stepsTo(tx, 0, sources), 0, [writer])

/** How wide a warning may be; null where it was made of none. `no`: the version whose indicators count. */
export async function limitFor(
  tx: Queryable,
  { warning, no, author, editor }: Pick<Version, 'warning' | 'no' | 'author' | 'editor'>,
  by: number | null = null,
): Promise<Limit | null> {
  const { rows } = await tx.query<{ alone: number[] | null }>('select only_sources($1, $2) as alone', [
    warning,
    no,
  ])
  const steps = await stepsTo(tx, warning, rows[0]?.alone ?? [])
  return together(steps, warning, [author, editor, ...(by === null ? [] : [by])])
}

/** Its fields that are wider than it may be. */
export async function widerFields(tx: Queryable, where: Where, limit: Limit): Promise<string[]> {
  const wider = widerThan({ ...where, audience: audienceOf(where) }, limit)
  if (wider.length > 0 || limit.audience.kind !== 'all_members' || where.orgs.length === 0) return wider
  // Any organisation can be chosen by name, but what is for members goes to members alone.
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from organisations
     where id = any ($1) and status in ('participant', 'signatory') and rules_accepted_at is not null`,
    [where.orgs],
  )
  return rows[0]?.n === where.orgs.length ? [] : ['audience']
}

/** Throws Invalid with the code `advisory` or `source`; `by` saves it. */
export async function refuseWiderThanInputs(
  tx: Tx,
  working: Version,
  draft: Where,
  by: number | null = null,
): Promise<void> {
  await refuseWiderThanAdvisory(tx, working, draft.tlp)
  const limit = await limitFor(tx, working, by)
  const wider = limit ? await widerFields(tx, draft, limit) : []
  if (wider.length > 0)
    throw new Invalid(
      'A warning may not be wider than what it was made of',
      Object.fromEntries(wider.map((field) => [field, 'source'])),
    )
}

async function refuseWiderThanAdvisory(tx: Tx, { advisory }: Version, tlp: Tlp): Promise<void> {
  if (advisory === null) return
  const { rows } = await tx.query<{ tlp: Tlp }>('select tlp from advisories where id = $1', [advisory.id])
  if (rows[0] && !isNarrowOr(tlp, rows[0].tlp))
    throw new Invalid('A warning may not be wider than its advisory', { tlp: 'advisory' })
}

/** A source that was revoked keeps back what is made of it, until its writers have said that they took out what came from there. */
export async function refuseRevokedSources(tx: Tx, id: number): Promise<void> {
  const steps = await stepsTo(tx, id, [])
  if (steps.some((one) => one.derived === id && one.state === 'revoked' && !one.overNoted))
    throw new WrongState('A source of it was revoked: its writers look at it first')
}
