/** What a member's page and its parts are given. */
import type { Actor } from '../../../platform/access.ts'
import type { Flash, PageProps } from '../../../ui/index.ts'
import type { MemberToday } from '../gather-member.ts'
import type { ViewProps } from './views.tsx'

export interface MemberProps extends ViewProps {
  frame: PageProps
  actor: Actor
  today: MemberToday
  org: number | null
  flash?: Flash
  firstRun: boolean
  /** All of them were asked for. */
  all: boolean
}
