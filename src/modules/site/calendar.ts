/** Occasions for calendars (RFC 5545): local times with the zone's own rules, so that summer time is never guessed. */
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import { DateTime } from 'luxon'
import { tzlib_get_ical_block } from 'timezones-ical-library'
import type { Lang } from '../../platform/i18n.ts'
import type { Occasion } from './occasions.ts'

export interface Entry extends Omit<Occasion, 'kind'> {
  title: string
  summary: string
  /** Address of its page. */
  url: string
}

export interface CalendarHead {
  name: string
  lang: Lang
  zone: string
  /** Host of the installation: makes the identifiers of its occasions its own. */
  host: string
}

/** The text of a calendar. The stamp of an entry is its last change, so the same state gives the same bytes. */
export function calendarOf({ name, lang, zone, host }: CalendarHead, entries: Entry[]): string {
  const calendar = ical({
    name,
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: 'hSOC', product: 'hSOC', language: lang.toUpperCase() },
    // No zone of the calendar itself: the library would then write the stamps in it, where the standard wants UTC.
    timezone: { name: null, generator: (tz) => tzlib_get_ical_block(tz)[0] ?? null },
  })
  for (const entry of entries)
    calendar.createEvent({
      id: `occasion-${entry.id}@${host}`,
      sequence: entry.sequence,
      stamp: DateTime.fromMillis(entry.changedAt, { zone: 'utc' }),
      start: DateTime.fromMillis(entry.startsAt, { zone }),
      end: DateTime.fromMillis(entry.endsAt, { zone }),
      timezone: zone,
      summary: entry.title,
      description: entry.summary || null,
      location: entry.place || null,
      url: entry.url,
      status: entry.cancelledAt === null ? ICalEventStatus.CONFIRMED : ICalEventStatus.CANCELLED,
    })
  // Files end their last line too (RFC 5545 3.1).
  const text = `${calendar.toString()}\r\n`
  return entries.length > 0 ? text : withZone(text, zone)
}

/** A calendar has at least one component (RFC 5545 3.6); one without occasions has the rules of its zone. */
function withZone(text: string, zone: string): string {
  const rules = tzlib_get_ical_block(zone)[0]?.trim().split(/\r?\n/).join('\r\n')
  return rules ? text.replace('END:VCALENDAR', `${rules}\r\nEND:VCALENDAR`) : text
}
