import type { Frame } from '../../../platform/frame.ts'
import type { ClaimLine, HeldLine } from '../claims/queries.ts'

export interface Organisation {
  id: number
  name: string
}

export interface AddressesProps {
  frame: Frame
  /** Those whose addresses are shown; empty for a coordinator who looks at all that waits. */
  orgs: Organisation[]
  /** Those for which the reader may claim. */
  mayClaim: Organisation[]
  central: boolean
  held: HeldLine[]
  /** `YYYY-MM-DD`; empty for now. */
  asOf: string
  /** Open claims: by those shown, and by others touching them or offered by them. */
  own: ClaimLine[]
  others: ClaimLine[]
  /** Decided, withdrawn and ended ones, one more than a page holds. */
  earlier: ClaimLine[]
  /** The page is not the first. */
  paged: boolean
  registry: { file: string; rows: number; at: number } | null
  done?: 'asked' | 'withdrawn' | 'ended' | 'offered' | undefined
  refused?: {
    given: Record<string, string>
    errors: Record<string, string>
    entries: [entry: string, why: string][]
  }
}

/** A coordinator looks at the addresses of one organisation, which the page then names instead of saying *you*. */
export const isVisited = ({ central, orgs }: Pick<AddressesProps, 'central' | 'orgs'>): boolean =>
  central && orgs.length === 1
