/** How a table that holds something of people is declared. */
import type { Kept } from '../../platform/retention.ts'

/** Chapters of the record of processing (content of locales/…/privacy.json: `activity.…`). */
export const activities = [
  'events',
  'account',
  'signing-in',
  'mail',
  'work',
  'sensors',
  'memorandum',
  'public-web',
  'trail',
] as const
export type Activity = (typeof activities)[number]

/** `update` of one table; $1 the person's number, $2 the label, $3 the address of the label, $4 the e-mail address, $5 the name, $6 the time. */
interface Blank {
  set: Record<string, string>
  where: string
}

export interface Held {
  activity: Activity
  /** Rows about the person: the condition ($1 the number, $4 the e-mail address), and the columns that it is shown. */
  about?: { where: string; shows: string[] }
  /** Rows that the person made: the columns that hold its number, and what it is shown of them; others' data stay out. */
  made?: { by: string[]; shows: string[] }
  /**
   * `deleted`: the rows about the person go. `number`: they name it by its number alone, which names nobody any more.
   * `trail`: by trail_erase(). `kept`: on the basis said in the words. Otherwise what is blanked.
   */
  erase: 'deleted' | 'number' | 'trail' | 'kept' | Blank[]
  /** What the record says of erasure where the general word would say too much: the name stays, the address goes. */
  says?: 'address'
  /** The period after which the rows go anyway; none: they go with the person, or with what they belong to. */
  period?: Kept
}
