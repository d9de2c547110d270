/** Which stored episode goes on living in which span: ids stay by overlap, so that links and warnings stay true. */
import type { Span } from './episodes.ts'
import type { Key } from './recompute-keys.ts'

export interface Stored {
  id: number
  first: number
  last: number
}

export interface Placed {
  key: Key
  span: Span
  id: number
  isNew: boolean
  /** The episode before, when this one was cut off at the greatest length. */
  continues: number | null
  /** Stored episodes that lie whole in this span. */
  within: number[]
}

interface Draft {
  key: Key
  span: Span
  /** Stored episodes of the span, oldest first; the first one survives, the others become its aliases. */
  overlapping: Stored[]
  before: Draft | null
}

export interface Plans {
  /** How many new numbers `placed` and `merged` need; both take the same ones. */
  missing: number
  placed(ids: number[]): Placed[]
  merged(ids: number[]): { id: number; into: number }[]
  /** Stored episodes that no span overlaps. */
  empty: number[]
}

/** `spans` and `stored` hold one list for each key; stored episodes come in the order of their ids. */
export function assign(keys: Key[], spans: Span[][], stored: Stored[][]): Plans {
  const drafts: Draft[] = []
  const empty: number[] = []
  keys.forEach((key, i) => {
    const free = new Set(stored[i])
    let before: Draft | null = null
    for (const span of spans[i] ?? []) {
      const overlapping = [...free].filter((e) => e.first <= span.last && e.last >= span.first)
      for (const e of overlapping) free.delete(e)
      before = { key, span, overlapping, before: span.continues ? before : null }
      drafts.push(before)
    }
    for (const e of free) empty.push(e.id)
  })
  const withoutId = drafts.filter((draft) => draft.overlapping.length === 0)
  const idsBy = (ids: number[]): ((draft: Draft) => number) => {
    const fresh = new Map(withoutId.map((draft, i) => [draft, ids[i] as number]))
    return (draft) => draft.overlapping[0]?.id ?? (fresh.get(draft) as number)
  }
  return {
    missing: withoutId.length,
    placed: (ids) => {
      const idOf = idsBy(ids)
      return drafts.map((draft) => ({
        key: draft.key,
        span: draft.span,
        id: idOf(draft),
        isNew: draft.overlapping.length === 0,
        continues: draft.before ? idOf(draft.before) : null,
        within: draft.overlapping
          .filter((e) => e.first >= draft.span.first && e.last <= draft.span.last)
          .map((e) => e.id),
      }))
    },
    merged: (ids) => {
      const idOf = idsBy(ids)
      return drafts.flatMap((draft) =>
        draft.overlapping.slice(1).map((e) => ({ id: e.id, into: idOf(draft) })),
      )
    },
    empty,
  }
}
