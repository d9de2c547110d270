/** What the page of one advisory is drawn from. */
import type { ComponentChildren } from 'preact'
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import type { Frame } from '../../../platform/frame.ts'
import type { Advisory } from '../queries.ts'

export const showDone = ['written', 'confirmed'] as const

/** What higher modules add to the page of an advisory. */
export interface AdvisorySlots {
  /** As the reader, under what the advisory says of itself. */
  beside?(tx: Tx, reader: Actor, advisory: Advisory, frame: Frame): Promise<ComponentChildren>
}

export interface ShowProps {
  frame: Frame
  advisory: Advisory
  coordinates: boolean
  /** Who looks. */
  person: number | null
  beside?: ComponentChildren
  done?: (typeof showDone)[number] | undefined
}
