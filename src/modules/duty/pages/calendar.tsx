/** A duty by days: a month or a week beside each other on a desk, a list on a phone. */
import { dateFormat, dayShort } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, html, Page, Tabs } from '../../../ui/index.ts'
import { type CalendarDay, rangeOf, type View } from '../calendar.ts'
import type { Duty } from '../read.ts'
import { namesOf } from './words.tsx'

export interface CalendarProps {
  frame: Frame
  duty: Duty
  view: View
  /** A day of what is shown, and the present one, as `YYYY-MM-DD`. */
  day: string
  today: string
  days: CalendarDay[]
}

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

export function calendarPage(props: CalendarProps): string {
  const { frame, duty, view, day, days, today } = props
  const { t } = frame
  const { before, after } = rangeOf(day, view)
  const href = (at: string, as: View = view): string => `/duty/${duty.id}/calendar?view=${as}&day=${at}`
  return html(
    <Page {...frame} lead={duty.orgName ?? t('duty.coordinators')}>
      <Tabs
        t={t}
        label={t('duty.calendar.views')}
        active={view}
        tabs={(['month', 'week'] as const).map((one) => ({
          key: one,
          href: href(day, one),
          label: t(`duty.calendar.${one}`),
        }))}
      />
      <div class="duty-period">
        <h2>{titleOf(props)}</h2>
        <Actions>
          <Button href={href(before)}>{t('duty.calendar.before')}</Button>
          <Button href={href(today)}>{t('duty.calendar.today')}</Button>
          <Button href={href(after)}>{t('duty.calendar.after')}</Button>
        </Actions>
      </div>
      <div class="duty-days">
        {weekdays.map((one) => (
          <span key={one} class="duty-weekday" aria-hidden="true">
            {t(`duty.weekday.${one}`)}
          </span>
        ))}
        {days.map((one, n) => (
          <DayBox key={one.day} {...props} one={one} weekday={weekdays[n % 7] ?? 1} />
        ))}
      </div>
      <p class="row-meta">{t('duty.calendar.note')}</p>
      <p>
        <a href={`/duty/${duty.id}`}>{duty.name}</a>
      </p>
    </Page>,
  )
}

function titleOf({ frame, day, view, days }: CalendarProps): string {
  const { t } = frame
  if (view === 'month')
    return dateFormat(t.locale, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(Date.parse(day))
  return `${dayShort(days[0]?.day ?? day, t)} – ${dayShort(days.at(-1)?.day ?? day, t, true)}`
}

interface Box extends CalendarProps {
  one: CalendarDay
  weekday: (typeof weekdays)[number]
}

function DayBox({ frame, duty, one, weekday, today }: Box) {
  const { t } = frame
  const classes = ['duty-day', one.within ? '' : 'duty-day-beside', one.day === today ? 'duty-day-today' : '']
  return (
    <section class={classes.filter(Boolean).join(' ')}>
      <h3>
        <span class="duty-day-name">{t(`duty.weekday.${weekday}`)} </span>
        {dayShort(one.day, t)}
        {one.holiday && <small> {t('duty.holiday')}</small>}
      </h3>
      {one.parts.map((part) => (
        <p key={part.from ?? ''} class={part.people.length === 0 ? 'duty-gap' : undefined}>
          {(part.from ?? part.to) !== null && (
            <span class="duty-hours">
              {part.from ?? '00:00'}–{part.to ?? '24:00'}{' '}
            </span>
          )}
          {namesOf(frame, duty, part.people)}
        </p>
      ))}
    </section>
  )
}
