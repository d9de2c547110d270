/** What differs between two versions, word by word. */
import { diffWordsWithSpace } from 'diff'

export interface Piece {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** Milliseconds; texts that have nothing in common are then shown one after the other. */
const timeout = 500

export function compare(before: string, after: string): Piece[] {
  const changes = diffWordsWithSpace(before, after, { timeout })
  if (!changes)
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]
  return changes.map(({ value, added, removed }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))
}
