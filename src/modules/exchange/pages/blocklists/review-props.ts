/** What the coordinators' page of blocklists is given. */
import type { Frame } from '../../../../platform/frame.ts'
import type { ItemLine, NeverLine, Protected, Trouble } from '../../blocklists/read-all.ts'

interface GivenEntry {
  value: string
  reason: string
  days: string
}

export const reviewDone = ['entered', 'withdrawn', 'returned', 'passed', 'never', 'never-ended'] as const

export interface ReviewProps {
  frame: Frame
  waiting: ItemLine[]
  troubles: Trouble[]
  items: ItemLine[]
  find: string
  protection: Protected[]
  never: NeverLine[]
  done: (typeof reviewDone)[number] | undefined
  /** What the reader filled in and what is wrong with it. */
  entry?: { given: GivenEntry; errors: Record<string, string> }
  forbid?: { given: GivenEntry; errors: Record<string, string> }
}
