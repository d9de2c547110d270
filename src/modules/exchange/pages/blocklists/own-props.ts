/** What the page of an organisation's blocklists is given. */
import type { Frame } from '../../../../platform/frame.ts'
import type { Device, Entry, ExceptionLine, ListStand } from '../../blocklists/read-own.ts'
import type { Choices } from '../../blocklists/types.ts'

interface GivenDevice {
  label: string
  days: number
}

interface GivenException {
  value: string
  reason: string
  broke: boolean
}

export const ownDone = ['chosen', 'excepted', 'broke', 'reported', 'withdrawn', 'ended', 'revoked'] as const

export interface OwnProps {
  frame: Frame
  org: number
  name: string
  lists: ListStand[]
  devices: Device[]
  choices: Choices
  entries: { shown: Entry[]; find: string; next: string | null }
  exceptions: ExceptionLine[]
  mayKeep: boolean
  mayReport: boolean
  done: (typeof ownDone)[number] | undefined
  device?: { given: GivenDevice; errors: Record<string, string> }
  exception?: { given: GivenException; errors: Record<string, string> }
}
