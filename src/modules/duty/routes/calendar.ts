/** A duty by days: what stands at `?view=month|week&day=YYYY-MM-DD`; anything else is this month. */
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { dayBounds, dayOf, isDay } from '../../../platform/dates.ts'
import { NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { page, sendHtml, text } from '../../../platform/page-routes.ts'
import { memberRoles } from '../../members/index.ts'
import { daysOf, rangeOf } from '../calendar.ts'
import { calendarPage } from '../pages/calendar.tsx'
import { dutyAt, scheduleOf } from '../read.ts'
import { idParam } from '../schema.ts'

/** Beyond them no schedule says anything. */
const isShown = (day: string): boolean => isDay(day) && day >= '2020-01-01' && day < '2100-01-01'

export function mountCalendar(app: App, context: Context): void {
  const { zone } = context.settings
  const access = { who: [...memberRoles, 'coordinator' as const], objects: { id: 'duty' as const } }
  app.get('/duty/:id/calendar', page(access), async (request, reply) => {
    const id = idParam.safeParse((request.params as Record<string, unknown>).id)
    if (!id.success) throw new NotFound('There is no such duty')
    const view = text(request.query, 'view') === 'week' ? 'week' : 'month'
    const today = dayOf(request.now, zone)
    const asked = text(request.query, 'day')
    const day = isShown(asked) ? asked : today
    // With the changes that hold in what is shown, over by now or not.
    const from = dayBounds(rangeOf(day, view).first, zone).from
    const duty = await asReader(context.db, actorOf(request), request.now, (tx) =>
      dutyAt(tx, id.data, Math.min(from, request.now)),
    )
    const days = daysOf(scheduleOf(duty, zone), day, view)
    const frame = frameOf(request, { title: duty.name, active: 'duty', zone })
    return sendHtml(reply, calendarPage({ frame, duty, view, day, today, days }))
  })
}
