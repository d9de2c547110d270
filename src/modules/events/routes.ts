/** Pages and JSON of the events' side. Each route says who may call it and which kind of object its path names. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountDays } from './pages/day.tsx'

/** What higher modules add to these pages. */
export type Slots = {}

export function mountEvents(app: App, context: Context, _slots: Slots = {}): void {
  mountDays(app, context)
}
