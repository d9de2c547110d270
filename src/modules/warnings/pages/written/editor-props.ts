/** What the editor's parts are given. */
import type { Shown } from '../../../../platform/revision.ts'
import type { PageProps } from '../../../../ui/index.ts'
import type { Translation } from '../../written/types.ts'
import type { Typed } from './form.ts'

/** What there is to choose from. */
export interface Choices {
  organisations: { id: number; name: string }[]
  groups: { id: number; name: string }[]
  kinds: string[]
  regions: string[]
  /** Names of makers and products that public sources use; none of them comes from an inventory. */
  vendors: string[]
  products: string[]
}

export interface EditorProps {
  frame: PageProps
  action: string
  /** What of the kept draft the editor shows; none while nothing is kept. */
  shown?: Shown
  typed: Typed
  choices: Choices
  /** Code of what is wrong, by field. */
  errors: Record<string, string>
  /** A version before it is out: then what changed has to be said. */
  changing: boolean
  translation: Translation | null
}
