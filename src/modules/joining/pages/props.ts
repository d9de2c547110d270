/** What the page of one application and its parts are drawn from. */
import type { Actor } from '../../../platform/access.ts'
import type { Frame } from '../../../platform/frame.ts'
import type { Flash } from '../../../ui/index.ts'
import type { ApplicationDetail, Findings, MoveLine } from '../queries.ts'
import type { Judge } from '../states.ts'

export interface ApplicationProps {
  frame: Frame
  actor: Actor
  one: ApplicationDetail
  moves: MoveLine[]
  judge: Judge
  /** For coordinators. */
  findings: Findings | null
  flash?: Flash | undefined
  refused?: {
    form: 'vetting' | 'handing' | 'approval' | 'refusal'
    errors: Record<string, string>
    given: Record<string, string>
  }
}
