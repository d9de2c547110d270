/** Shifts as a calendar file (RFC 5545). Every time is in UTC, so no program has to know a zone's rules. */
import { DateTime } from 'luxon'
import { type Duty, scheduleOf } from './read.ts'
import { type Shift, shiftsOf } from './rota.ts'

const shownDays = 84
/** A shift that began within them is told with its true beginning. */
const daysBefore = 8
const refreshSeconds = 3_600

export interface CalendarEntry {
  /** The same as long as the shift begins at the same time. */
  id: string
  from: number
  to: number
  title: string
  /** Address of the duty's page. */
  url: string
}

/** The range of a feed asked for at `now`: whole days, so that its text stays the same through a day. */
export function rangeAt(now: number, zone: string): { from: number; to: number; stamp: number } {
  const today = DateTime.fromMillis(now, { zone }).startOf('day')
  return {
    from: today.minus({ days: daysBefore }).toMillis(),
    to: today.plus({ days: shownDays }).toMillis(),
    stamp: today.toMillis(),
  }
}

/** Shifts that are not over at `now`, each as long as the same people serve; `person`: those of this person, told apart from others'. */
export function shiftsShown(duty: Duty, zone: string, now: number, person?: number): Shift[] {
  const { from, to } = rangeAt(now, zone)
  const all = shiftsOf(scheduleOf(duty, zone), from, to)
  return (person === undefined ? all : ownOf(all, person)).filter((shift) => shift.to > now)
}

/** What one person serves, whoever serves beside. */
function ownOf(shifts: Shift[], person: number): Shift[] {
  const own: Shift[] = []
  for (const { from, to } of shifts.filter(({ people }) => people.includes(person))) {
    const last = own.at(-1)
    if (last?.to === from) last.to = to
    else own.push({ from, to, people: [person] })
  }
  return own
}

/** The text of a calendar; `stamp` (ms) stands for the time of its last change. */
export async function calendarOf(
  { name, lang, stamp }: { name: string; lang: string; stamp: number },
  entries: CalendarEntry[],
): Promise<string> {
  const { default: ical, ICalCalendarMethod } = await import('ical-generator')
  const utc = (at: number): DateTime => DateTime.fromMillis(at, { zone: 'utc' })
  const calendar = ical({
    name,
    method: ICalCalendarMethod.PUBLISH,
    ttl: refreshSeconds,
    prodId: { company: 'hSOC', product: 'hSOC', language: lang.toUpperCase() },
  })
  for (const { id, from, to, title, url } of entries)
    calendar.createEvent({ id, stamp: utc(stamp), start: utc(from), end: utc(to), summary: title, url })
  // Files end their last line too (RFC 5545 3.1).
  const text = `${calendar.toString()}\r\n`
  return entries.length > 0 ? text : text.replace('END:VCALENDAR', `${utcZone}\r\nEND:VCALENDAR`)
}

/** A calendar has at least one component (RFC 5545 3.6); one without shifts has the rules of UTC. */
const utcZone = [
  'BEGIN:VTIMEZONE',
  'TZID:Etc/UTC',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0000',
  'TZOFFSETTO:+0000',
  'END:STANDARD',
  'END:VTIMEZONE',
].join('\r\n')
