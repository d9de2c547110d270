/** All that people and programs reach of this module over the web. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountCallLink } from './pages/link.tsx'
import { mountAnswering } from './routes/answering.ts'
import { mountCallApi } from './routes/api.ts'
import { mountCallLeadingApi } from './routes/api-leading.ts'
import { mountCallWritingApi } from './routes/api-writing.ts'
import { mountBoard } from './routes/board.ts'
import { mountList } from './routes/list.ts'
import { mountWriting } from './routes/writing.ts'

export function mountEmergency(app: App, context: Context): void {
  for (const mount of [
    mountList,
    mountWriting,
    mountBoard,
    mountAnswering,
    mountCallApi,
    mountCallWritingApi,
    mountCallLeadingApi,
    mountCallLink,
  ])
    mount(app, context)
}
