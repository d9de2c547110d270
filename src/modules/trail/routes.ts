/** Doors of this module: the trail, the read ledger and break-glass access, as their readers see them. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountGlass } from './routes/glass.ts'
import { mountLines } from './routes/lines.ts'
import { mountReads } from './routes/reads.ts'

export function mountTrail(app: App, context: Context): void {
  mountLines(app, context)
  mountReads(app, context)
  mountGlass(app, context)
}
