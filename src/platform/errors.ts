/** The few ways in which a verb can refuse. One place (platform/http) turns them into statuses and words. */
import { changedSince } from './revision.ts'

export class NotFound extends Error {
  override name = 'NotFound'
}

export class Forbidden extends Error {
  override name = 'Forbidden'
}

/** A dangerous act whose last proof of who one is lies too far back. */
export class Stale extends Forbidden {
  override name = 'Stale'
}

/** The thing exists, but its present state does not allow the verb. */
export class WrongState extends Error {
  override name = 'WrongState'
}

/** It is no longer what the form showed; `fields` are the names of what changed since. */
export class Changed extends WrongState {
  override name = 'Changed'
  readonly fields: string[]
  constructor(fields: string[]) {
    super('It has changed since you looked: look at it again')
    this.fields = fields
  }
}

/** Refuses what was decided about something else; `seen` is undefined where no person looked at a form. */
export function refuseChanged(seen: string | undefined, now: string): void {
  const changed = seen === undefined ? [] : changedSince(seen, now)
  if (changed.length > 0) throw new Changed(changed)
}

/** The input is wrong; `fields` names each wrong field with a sentence (a key of `locales/` or plain text). */
export class Invalid extends Error {
  override name = 'Invalid'
  readonly fields: Record<string, string>
  constructor(message: string, fields: Record<string, string> = {}) {
    super(message)
    this.fields = fields
  }
}

/** Something we depend on does not answer; the same request may work later. */
export class Unavailable extends Error {
  override name: string = 'Unavailable'
}

/** The question was too much for now: the database gave it up after `longestMs` (access.ts). A narrower one may be answered. */
export class TooSlow extends Unavailable {
  override name = 'TooSlow'
}

/** The work, whose refusals call its fields as the caller does. */
export async function renaming<R>(work: Promise<R>, nameOf: (field: string) => string): Promise<R> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Changed) throw new Changed(error.fields.map(nameOf))
    if (!(error instanceof Invalid)) throw error
    const named = Object.entries(error.fields).map(([field, why]) => [nameOf(field), why])
    throw new Invalid(error.message, Object.fromEntries(named))
  }
}
