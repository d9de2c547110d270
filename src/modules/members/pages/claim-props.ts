import type { Frame } from '../../../platform/frame.ts'
import type { AsPrefix, ClaimShown } from '../claims/queries.ts'

export interface ClaimProps {
  frame: Frame
  claim: ClaimShown
  /** Claims, proves and withdraws for the claimant. */
  isClaimant: boolean
  /** Offered it, and may take the offer back. */
  isDelegator: boolean
  /** Organisations of the reader that hold a part of it and for which the reader may speak. */
  speaksFor: number[]
  central: boolean
  /** What a registry file gives to an AS number; for coordinators. */
  prefixes: AsPrefix[]
  done?: 'proved' | 'contested' | 'mailed' | 'answered' | 'decided' | 'asked' | 'looked' | undefined
  /** Fields with their sentences; `top` for the whole. */
  errors?: Record<string, string>
  given?: Record<string, string>
}
