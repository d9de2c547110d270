import type { Frame } from '../../../platform/frame.ts'
import type { OwnMeans } from '../means.ts'

export const meansDone = ['totp', 'no-totp', 'passkey', 'no-passkey', 'named', 'recovery'] as const

export interface MeansProps {
  frame: Frame
  means: OwnMeans
  /** Nothing else opens until a second factor is set up. */
  isFirst: boolean
  /** The role needs a second factor, so the last one stays. */
  mustKeepOne: boolean
  /** The installation asks no role for one. */
  isOff: boolean
  /** Passkeys can work at the installation's address. */
  passkeys: boolean
  /** Path of ours to go on to. */
  back: string
  problem?: 'passkey'
  /** What was typed as the name of a passkey that was refused. */
  typed?: string
  /** The passkey whose new name was refused, with what was typed. */
  renaming?: { id: number; typed: string }
  done?: (typeof meansDone)[number]
}

const hasOnlyOne = ({ means }: MeansProps): boolean =>
  means.passkeys.length + (means.totp === null ? 0 : 1) === 1

/** Why the last one cannot go, where it cannot. */
export const keepReason = (props: MeansProps): string | undefined =>
  props.mustKeepOne && hasOnlyOne(props) ? props.frame.t('members.means.keep') : undefined
