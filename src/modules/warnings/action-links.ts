/**
 * Answering from a mail without signing in. A link is bound to one delivery, its person and the answers that person may
 * give; it holds until 30 days after the warning has closed, or until it is revoked.
 */
import { createHash, createHmac } from 'node:crypto'
import type { Actor, Engagement } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { named } from '../../platform/database.ts'
import { Forbidden, NotFound } from '../../platform/errors.ts'
import { type AnswerResult, answer } from './answers.ts'
import { mayAnswer } from './may.ts'
import { type AnswerWord, answerWords } from './types.ts'

/** The answers that a person may be offered in a mail. */
export const actionsFor = (actor: Actor, org: number | null): AnswerWord[] =>
  answerWords.filter((word) => mayAnswer(actor, { org }, word))

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** 128 bits; made of the same things at every try of a mail, so that a copy sent twice holds the same link. */
const tokenOf = (secret: string, delivery: number, person: number): string =>
  createHmac('sha256', secret)
    .update(`action ${delivery} ${person}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url')

/** The token of a delivery's link; the table keeps its hash. */
export async function makeLink(
  context: Context,
  to: { delivery: number; warning: number; person: number; actions: AnswerWord[] },
  now: number,
): Promise<string> {
  const token = tokenOf(context.settings.secret, to.delivery, to.person)
  await context.db.engine.query(
    `insert into action_links (token_hash, delivery_id, warning_id, person_id, actions, created_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0)) on conflict (token_hash) do nothing`,
    [hashOf(token), to.delivery, to.warning, to.person, to.actions, now],
  )
  return token
}

export interface ActionLink {
  warning: number
  actions: AnswerWord[]
  /** False: revoked, or past its time. */
  alive: boolean
  /** The owner, with its roles at the organisation concerned and no others. */
  actor: Actor
}

interface Row {
  warning_id: number
  actions: AnswerWord[]
  revoked: boolean
  over: boolean
  person_id: number
  email: string
  name: string
  language: 'cs' | 'en'
  engagements: Engagement[]
}

/** Reads a link and changes nothing. `NotFound` for a token that is not ours, or whose owner has gone. */
export async function readLink(context: Context, token: string, now: number): Promise<ActionLink> {
  const { rows } = await context.db.app
    .query<Row & Record<string, unknown>>('select * from action_link($1, to_timestamp($2 / 1000.0))', [
      hashOf(token),
      now,
    ])
    .catch((error: unknown) => Promise.reject(named(error)))
  const row = rows[0]
  if (!row || row.engagements.length === 0) throw new NotFound('This link is not one of ours')
  return {
    warning: row.warning_id,
    actions: row.actions,
    alive: !row.revoked && !row.over,
    actor: {
      person: row.person_id,
      name: row.name,
      email: row.email,
      language: row.language,
      engagements: row.engagements,
    },
  }
}

/** Answers as the link's owner; saying the same again changes nothing. */
export async function answerByLink(
  context: Context,
  link: ActionLink,
  given: { answer: AnswerWord; note: string | null },
  now: number,
): Promise<AnswerResult> {
  if (!link.alive || !link.actions.includes(given.answer))
    throw new Forbidden('This link does not allow this answer')
  return answer(context.db, link.actor, link.warning, { ...given, via: 'mail' }, now)
}

/** Makes a link useless; doing it again changes nothing. */
export async function revokeLink(context: Context, token: string, now: number): Promise<void> {
  await context.db.app.query('select revoke_action_link($1, to_timestamp($2 / 1000.0))', [hashOf(token), now])
}
