/** Where what concerns a member comes from. A further source is one more line. */
import type { Source } from '../concern.ts'
import { calls } from './calls.ts'
import { matches } from './matches.ts'
import { tasks } from './tasks.ts'
import { written } from './written.ts'

/** Besides warnings born of detections, which the page counts and answers by itself. */
export const sources: Source[] = [calls, written, matches, tasks]
