/**
 * Answering from a mail without signing in. A link is bound to one delivery, its person and the answers that person may
 * give; it holds until 30 days after the warning has closed, or until it is revoked.
 */
import type { Actor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { Forbidden } from '../../platform/errors.ts'
import { linkHash, mailLinks } from '../../platform/mail-links.ts'
import { type AnswerResult, answer } from './answers.ts'
import { mayAnswer } from './may.ts'
import { type AnswerWord, answerWords } from './types.ts'

const links = mailLinks<{ warning_id: number; actions: AnswerWord[] }>('action', 'action_link')

/** The answers that a person may be offered in a mail. */
export const actionsFor = (actor: Actor, org: number | null): AnswerWord[] =>
  answerWords.filter((word) => mayAnswer(actor, { org }, word))

/** The token of a delivery's link; the table keeps its hash. */
export async function makeLink(
  context: Context,
  to: { delivery: number; warning: number; person: number; actions: AnswerWord[] },
  now: number,
): Promise<string> {
  const token = links.tokenOf(context, to)
  await context.db.engine.query(
    `insert into action_links (token_hash, delivery_id, warning_id, person_id, actions, created_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0)) on conflict (token_hash) do nothing`,
    [linkHash(token), to.delivery, to.warning, to.person, to.actions, now],
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

/** Reads a link and changes nothing. `NotFound` for a token that is not ours, or whose owner has gone. */
export async function readLink(context: Context, token: string, now: number): Promise<ActionLink> {
  const { about, alive, actor } = await links.read(context, token, now)
  return { warning: about.warning_id, actions: about.actions, alive, actor }
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

export const revokeLink = links.revoke
