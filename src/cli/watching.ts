/** Watching an installation from another machine: when it is down for good, those on a list are told by what still works, each once, and again when it is back. */

/** `down`: it does not answer; `up`: it does again. */
export type News = 'down' | 'up'

export interface Watched {
  /** Answers missed in a row. */
  missed: number
  /** Milliseconds since 1970, of the first miss; null while it is taken to be up. */
  downSince: number | null
  /** What each has yet to be told. */
  waiting: Map<string, News>
}

export const fresh = (): Watched => ({ missed: 0, downSince: null, waiting: new Map() })

/** The state after one more question, which was `answered` or not; so many misses in a row are an outage. */
export function after(
  state: Watched,
  answered: boolean,
  people: string[],
  misses: number,
  everyMs: number,
  now: number,
): Watched {
  if (answered) {
    if (state.downSince === null) return { ...state, missed: 0 }
    // Whoever was not told that it is down need not hear that it is up.
    const told = people.filter((one) => state.waiting.get(one) !== 'down')
    return { missed: 0, downSince: null, waiting: new Map(told.map((one) => [one, 'up'])) }
  }
  const missed = state.missed + 1
  if (missed < misses || state.downSince !== null) return { ...state, missed }
  return {
    missed,
    downSince: now - (missed - 1) * everyMs,
    waiting: new Map(people.map((one) => [one, 'down'])),
  }
}

/** Addresses and numbers of a file, one a line; what stands behind a blank is a note. Null for the first line that is neither. */
export function peopleIn(text: string): { people: string[] } | { wrong: string } {
  const people: string[] = []
  for (const line of text.split(/\r?\n/)) {
    const [one = ''] = line.trim().split(/\s/)
    if (one === '' || one.startsWith('#')) continue
    if (!isMail(one) && !/^\+\d{8,15}$/.test(one)) return { wrong: line.trim().slice(0, 100) }
    people.push(one)
  }
  return { people: [...new Set(people)] }
}

export const isMail = (one: string): boolean => /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,190}$/.test(one)
