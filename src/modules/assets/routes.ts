/** All that people and programs reach of this module over the web. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountApi } from './routes/api.ts'
import { mountImportApi } from './routes/api-imports.ts'
import { mountSharingApi } from './routes/api-sharing.ts'
import { mountFiles } from './routes/files.ts'
import { mountItems } from './routes/items.ts'
import { mountLists } from './routes/list.ts'
import { mountSector } from './routes/sector.ts'

export async function mountAssets(app: App, context: Context): Promise<void> {
  mountLists(app, context)
  mountItems(app, context)
  mountSector(app, context)
  mountApi(app, context)
  mountSharingApi(app, context)
  await app.register(async (scope) => {
    await mountFiles(scope, context)
    // Where forms with a file are taken.
    mountImportApi(scope, context)
  })
}
