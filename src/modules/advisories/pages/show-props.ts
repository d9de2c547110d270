/** What the page of one advisory is drawn from. */
import type { Frame } from '../../../platform/frame.ts'
import type { Advisory } from '../queries.ts'

export const showDone = ['written'] as const

export interface ShowProps {
  frame: Frame
  advisory: Advisory
  coordinates: boolean
  done?: (typeof showDone)[number] | undefined
}
