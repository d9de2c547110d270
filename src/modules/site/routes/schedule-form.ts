/** Time and place of an occasion as a form has them, to and from what is kept. */
import { DateTime } from 'luxon'
import { Invalid } from '../../../platform/errors.ts'
import { fieldOf, instantOf } from '../../../platform/local-time.ts'
import { type Occasion, occasionKinds, type Schedule } from '../occasions.ts'
import type { ScheduleForm } from '../pages/edit-form.tsx'
import { text } from './answers.ts'

export const scheduleIn = (body: unknown): ScheduleForm => ({
  kind: occasionKinds.find((kind) => kind === text(body, 'occasion_kind')) ?? 'event',
  starts: text(body, 'starts'),
  ends: text(body, 'ends'),
  place: text(body, 'place'),
})

/** A week ahead, two hours from ten. */
export function emptySchedule(now: number, zone: string): ScheduleForm {
  const ten = DateTime.fromMillis(now, { zone }).plus({ days: 7 }).startOf('day').set({ hour: 10 })
  return {
    kind: 'event',
    starts: fieldOf(ten.toMillis(), zone),
    ends: fieldOf(ten.plus({ hours: 2 }).toMillis(), zone),
    place: '',
  }
}

export const scheduleForm = (occasion: Occasion, zone: string): ScheduleForm => ({
  kind: occasion.kind,
  starts: fieldOf(occasion.startsAt, zone),
  ends: fieldOf(occasion.endsAt, zone),
  place: occasion.place,
})

/** Throws `Invalid` naming the field that is no time. */
export function scheduleOf(form: ScheduleForm, zone: string): Schedule {
  const startsAt = instantOf(form.starts, zone)
  const endsAt = instantOf(form.ends, zone)
  if (startsAt === null || endsAt === null)
    throw new Invalid('No time', {
      ...(startsAt === null ? { starts: 'time' } : {}),
      ...(endsAt === null ? { ends: 'time' } : {}),
    })
  return { kind: form.kind, startsAt, endsAt, place: form.place }
}
