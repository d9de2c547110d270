/** The four labels that CSAF 2.0 knows, and what has to be said besides. Version 2.1 of the standard has all of ours. */
import type { Listed } from '../released.ts'

export const csafLabels = ['WHITE', 'GREEN', 'AMBER'] as const
export type CsafLabel = (typeof csafLabels)[number]

export interface Distribution {
  label: CsafLabel
  /** What the label alone does not say. */
  text: string | null
}

/**
 * WHITE has to be free for everybody (CSAF 2.0, 7.1.4), so what is TLP:CLEAR and was not made public goes as GREEN. AMBER+STRICT
 * goes as AMBER with its own name in the text.
 */
export function distributionOf(one: Pick<Listed, 'tlp' | 'isPublic'>): Distribution {
  if (one.isPublic) return { label: 'WHITE', text: null }
  if (one.tlp === 'CLEAR') return { label: 'GREEN', text: 'TLP:CLEAR' }
  if (one.tlp === 'AMBER+STRICT') return { label: 'AMBER', text: 'TLP:AMBER+STRICT' }
  return { label: one.tlp, text: null }
}
