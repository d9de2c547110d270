/** What the action plan is made of, and how any change of it is checked and written down. */
import { type Actor, asActor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { type Day, isDay } from '../../platform/dates.ts'
import { Forbidden, Invalid } from '../../platform/errors.ts'
import type { Lang } from '../../platform/i18n.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { isWritable } from './texts.ts'

/** A short text in one language or both; one of them may be empty. */
export type Pair = Record<Lang, string>

export const statuses = ['planned', 'running', 'done', 'stopped'] as const
export type Status = (typeof statuses)[number]

/** Which states an update may lead to. What is done or stopped may be taken up again, and the plan shows that it was. */
export const transitions = {
  planned: ['planned', 'running', 'done', 'stopped'],
  running: ['running', 'done', 'stopped'],
  done: ['running'],
  stopped: ['running'],
} as const satisfies Record<Status, readonly Status[]>

export const evidenceKinds = ['counter', 'document', 'training', 'service'] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

export type Faults = Record<string, string>

export function requirePair(faults: Faults, name: string, pair: Pair, longest: number): void {
  for (const lang of ['cs', 'en'] as const)
    if (pair[lang].length > longest || !isWritable(pair[lang])) faults[`${name}_${lang}`] = 'text-long'
  if (pair.cs.trim() === '' && pair.en.trim() === '') faults[`${name}_cs`] = 'text'
}

export function requireDay(faults: Faults, name: string, day: Day): void {
  if (!isDay(day) || day < '2000-01-01' || day > '2099-12-31') faults[name] = 'day'
}

export function requireNone(faults: Faults): void {
  if (Object.keys(faults).length > 0) throw new Invalid('The plan cannot be changed so', faults)
}

/** A link that a reader can follow: of the web, or a path of ours. */
export const isLink = (text: string): boolean =>
  text.length <= 500 &&
  (/^https?:\/\/[^\s/\\"<>]+[^\s"<>]*$/.test(text) || /^\/(?![/\\])[^\s"<>\\]*$/.test(text))

/** Everything of the plan is the coordinators' to change; each change leaves its line. */
export function change<T>(
  db: Database,
  actor: Actor,
  now: number,
  verb: string,
  work: (tx: Tx) => Promise<{ object: string; detail: object; answer: T }>,
): Promise<T> {
  if (!isCoordinator(actor)) throw new Forbidden('Only coordinators edit the action plan')
  return asActor(db, actor, now, async (tx) => {
    const { object, detail, answer } = await work(tx)
    await record(tx, { at: now, actor, verb: `site.${verb}`, object, detail, readers: [COORDINATORS] })
    return answer
  })
}
