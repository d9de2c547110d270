/** What the page of one warning is given. */
import type { Actor } from '../../../../platform/access.ts'
import type { Flash, PageProps } from '../../../../ui/index.ts'
import type { Line } from '../../written/board-read.ts'
import type { AdvisoryNews } from '../../written/from-advisory.ts'
import type { Derivation } from '../../written/from-warnings.ts'
import type { Kept } from '../../written/indicators/keep.ts'
import type { Passing } from '../../written/passing.ts'
import type { CallOfWarning } from '../../written/rollcalls.ts'
import type { Version, Written } from '../../written/types.ts'
import type { WhatChanged } from './changed.tsx'
import type { GivenForm } from './given.ts'

export interface ShowProps {
  frame: PageProps & { zone: string }
  actor: Actor | null
  warning: Written
  /** The one that is shown. */
  version: Version
  /** All that the reader may see, the newest first. */
  versions: Version[]
  indicators: Kept[]
  /** Roll-calls that ask about it, the newest first. */
  calls: CallOfWarning[]
  /** Coordinators: how many organisations it reached, how many of them were asked, and where it is for no organisation how many people. */
  reached: { orgs: number; asked: number; people: number } | null
  /** The reader's own organisations on the board. */
  lines: Line[]
  /** An answer that could not be given so. */
  answering?: { errors: Record<string, string>; form: GivenForm } | undefined
  /** Coordinators: what became of the advisory that it was made of. */
  news: AdvisoryNews | null
  /** For which of the reader's organisations it may be passed on, and to whom it was. */
  passing: { orgs: { id: number; name: string }[]; rows: Passing[] }
  /** Coordinators: of what it was made, and what was made of it. */
  derivation: Derivation | null
  refused: string | null
  /** What changed since the form was drawn that was sent. */
  changed: WhatChanged | null
  flash?: Flash | undefined
}
