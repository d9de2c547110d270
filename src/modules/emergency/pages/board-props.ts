/** What the board of a call is drawn from. */
import type { Frame } from '../../../platform/frame.ts'
import type { Flash } from '../../../ui/index.ts'
import type { GivenAnswer } from '../answer.ts'
import type { ChannelFigures } from '../attempts.ts'
import type { Broadcast, OrgLine } from '../types.ts'

export interface Filters {
  region: string
  kind: string
  state: string
}

export interface BoardProps {
  frame: Frame
  call: Broadcast
  lines: OrgLine[]
  answers: GivenAnswer[]
  channels: ChannelFigures[]
  filters: Filters
  /** Ways that do not work, and since when (ms since 1970). */
  down: { channel: string; since: number }[]
  /** Replies that a person has to look at. */
  strays: number
  /** When the last text message will have gone out, at the pace of its limit; null where none waits. */
  smsDoneAt: number | null
  /** Whom text messages alone were to reach, where none go out; null where they do. */
  noText: string[] | null
  flash?: Flash | undefined
}
