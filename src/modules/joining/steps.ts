/**
 * A new member's first steps, each computed from rows whenever it is asked for: nobody ticks anything off. Every step is a
 * function of its own, as the actor of the transaction.
 */
import type { Tx } from '../../platform/database.ts'
import { claimsStanding, contactBookStanding, isMember, sharingStanding } from '../members/index.ts'

/** In the order in which the first hour goes. */
export const stepNames = [
  'rules',
  'factor',
  'contacts',
  'prefixes',
  'memorandum',
  'sensor',
  'training',
  'test',
] as const
export type StepName = (typeof stepNames)[number]

/** `waiting`: begun, and somebody or something has to go on; `off`: put off with a reason; `aside`: nothing to be done yet. */
export type StepState = 'done' | 'open' | 'waiting' | 'off' | 'aside'

export interface Step {
  name: StepName
  state: StepState
  /** Where it is done. */
  href: string
  /** Places of its sentence. */
  said: Record<string, string | number>
}

type Looked = Omit<Step, 'name'>
type Look = (tx: Tx, org: number) => Promise<Looked>

const one = async <Row>(tx: Tx, sql: string, org: number): Promise<Row | undefined> =>
  (await tx.query<Row & Record<string, unknown>>(sql, [org])).rows[0]

const rules: Look = async (tx, org) => {
  const [standing] = await sharingStanding(tx, [org])
  return {
    state: standing && isMember(standing) ? 'done' : 'open',
    href: '/sharing-rules',
    said: { n: standing?.version ?? 0 },
  }
}

/** Everybody who acts for it: one password that was guessed opens all that a colleague may see. */
const factor: Look = async (tx, org) => {
  const found = await one<{ people: number; secured: number }>(
    tx,
    'select people, secured from second_factors($1)',
    org,
  )
  const { people = 0, secured = 0 } = found ?? {}
  const state = people > 0 && secured === people ? 'done' : secured > 0 ? 'waiting' : 'open'
  return { state, href: '/account/means', said: { n: people, secured } }
}

/** A book that its representative has confirmed and in which somebody can be reached; what it lacks is said beside. */
const contacts: Look = async (tx, org) => {
  const { attestedAt, verified, gaps } = await contactBookStanding(tx, org)
  const done = attestedAt !== null && verified > 0
  return {
    state: done ? 'done' : attestedAt !== null || verified > 0 ? 'waiting' : 'open',
    href: '/contacts',
    said: { n: verified, gaps: gaps.length },
  }
}

/** Networks and domains that it holds now; a claim that waits for its proof is on the way. */
const prefixes: Look = async (tx, org) => {
  const { held, open } = await claimsStanding(tx, org)
  return {
    state: held > 0 ? 'done' : open > 0 ? 'waiting' : 'open',
    href: '/addresses',
    said: { n: held, open },
  }
}

const memorandum: Look = async (tx, org) => {
  const found = await one<{ signed: boolean }>(
    tx,
    `select exists (select 1 from signatures where org_id = $1 and state <> 'withdrawn') as signed`,
    org,
  )
  if (found?.signed) return { state: 'done', href: '/memorandum', said: {} }
  return putOff(tx, org, 'memorandum', { state: 'open', href: '/memorandum', said: {} })
}

/** Connected is one that has sent something; an enrolled one that has not yet waits for its first message. */
const sensor: Look = async (tx, org) => {
  const found = await one<{ n: number; heard: number }>(
    tx,
    `select count(*)::int as n, count(last_seen_at)::int as heard from sensors where org_id = $1 and disabled_at is null`,
    org,
  )
  const { n = 0, heard = 0 } = found ?? {}
  if (heard > 0) return { state: 'done', href: '/sensors', said: { n: heard } }
  if (n > 0) return { state: 'waiting', href: '/sensors', said: { n } }
  return putOff(tx, org, 'sensor', { state: 'open', href: '/sensors', said: { n } })
}

/** Somebody of it was at one. Where none is announced there is nothing to go to, and the step does not count. */
const training: Look = async (tx, org) => {
  const found = await one<{ attended: number; coming: number; announced: number }>(
    tx,
    'select attended, coming, announced from trainings_of($1)',
    org,
  )
  const { attended = 0, coming = 0, announced = 0 } = found ?? {}
  if (attended > 0) return { state: 'done', href: '/trainings', said: { n: attended } }
  if (coming > 0) return { state: 'waiting', href: '/trainings', said: { n: coming } }
  const left: Looked = { state: announced > 0 ? 'open' : 'aside', href: '/trainings', said: { n: announced } }
  return left.state === 'open' ? putOff(tx, org, 'training', left) : left
}

const test: Look = async (tx, org) => {
  const found = await one<{ id: number; answered: boolean }>(
    tx,
    `select w.id, w.org_id as org, w.first_answer_at is not null as answered
     from joining_tests t join warnings w on w.id = t.warning_id where t.org_id = $1
     order by w.first_answer_at is not null desc, t.at desc limit 1`,
    org,
  )
  if (!found) return { state: 'open', href: '/joining', said: {} }
  return { state: found.answered ? 'done' : 'waiting', href: `/warnings/${found.id}`, said: {} }
}

/** What the organisation puts off says so, with its reason; done later it counts all the same. */
async function putOff(tx: Tx, org: number, step: Deferrable, open: Looked): Promise<Looked> {
  const { rows } = await tx.query<{ reason: string; actor: string }>(
    'select reason, actor from joining_deferrals where org_id = $1 and step = $2',
    [org, step],
  )
  return rows[0] ? { ...open, state: 'off', said: { ...open.said, ...rows[0] } } : open
}

/** The steps that may be put off. */
export const deferrable = ['memorandum', 'sensor', 'training'] as const satisfies StepName[]
export type Deferrable = (typeof deferrable)[number]

const looks: Record<StepName, Look> = {
  rules,
  factor,
  contacts,
  prefixes,
  memorandum,
  sensor,
  training,
  test,
}

export async function stepsOf(tx: Tx, org: number): Promise<Step[]> {
  const steps: Step[] = []
  for (const name of stepNames) steps.push({ name, ...(await looks[name](tx, org)) })
  return steps
}

/** Behind the organisation: done, or put off for a reason. */
export const isSettled = ({ state }: Step): boolean => state === 'done' || state === 'off'

export interface Progress {
  settled: number
  /** Steps that count: those of which something can be done. */
  all: number
  next: Step | null
}

export function progressOf(steps: Step[]): Progress {
  const counted = steps.filter(({ state }) => state !== 'aside')
  return {
    settled: counted.filter(isSettled).length,
    all: counted.length,
    next: counted.find((step) => !isSettled(step)) ?? null,
  }
}
