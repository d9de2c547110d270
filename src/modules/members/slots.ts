/** What higher modules add to the pages of this one; a lower one never imports them. */
import type { ComponentChildren } from 'preact'
import type { Tx } from '../../platform/database.ts'
import type { Frame } from '../../platform/frame.ts'

export interface AccountSlots {
  /** A section after the account's wishes, read as the actor of the transaction; null when there is nothing to say. */
  wishes?(tx: Tx, frame: Frame): Promise<ComponentChildren>
  /** A section at the end of the account. */
  end?(frame: Frame): ComponentChildren
}
