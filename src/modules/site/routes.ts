/** The public web, and the pages on which it is edited. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import type { Keeper } from './kept.ts'
import { mountPlanEditing } from './routes/edit-plan.ts'
import { mountTextEditing } from './routes/edit-texts.ts'
import { mountVersionEditing } from './routes/edit-versions.ts'
import { mountFiles } from './routes/files.ts'
import { mountPublic } from './routes/public.ts'
import { mountShowing } from './routes/showing.ts'
import { mountTrainings } from './routes/trainings.ts'

/** To be called before routes are mounted. Who has just changed something sees it in the next answer of this node. */
export function watchChanges(app: App, keeper: Keeper): void {
  app.addHook('onSend', async (request) => {
    if (!['GET', 'HEAD', 'OPTIONS'].includes(request.method)) keeper.clear()
  })
}

export function mountSite(app: App, context: Context, keeper: Keeper): void {
  mountPublic(app, context, keeper)
  mountFiles(app, context)
  mountTextEditing(app, context)
  mountVersionEditing(app, context)
  mountPlanEditing(app, context)
  mountShowing(app, context)
  mountTrainings(app, context)
}
