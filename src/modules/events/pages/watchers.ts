/** Who looks at sensors, and how far back. */
import { readers } from './view.ts'

/** Everybody who may see how sensors do. */
export const watchers = [...readers, 'operator' as const]

export const weekMs = 7 * 86_400_000
