/** The public web, and the pages on which it is edited. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountPlanEditing } from './routes/edit-plan.ts'
import { mountTextEditing } from './routes/edit-texts.ts'
import { mountVersionEditing } from './routes/edit-versions.ts'
import { mountFiles } from './routes/files.ts'
import { mountPublic } from './routes/public.ts'
import { mountShowing } from './routes/showing.ts'

export function mountSite(app: App, context: Context): void {
  mountPublic(app, context)
  mountFiles(app, context)
  mountTextEditing(app, context)
  mountVersionEditing(app, context)
  mountPlanEditing(app, context)
  mountShowing(app, context)
}
