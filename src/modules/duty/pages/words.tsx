/** A duty in words: who has it now, and where nobody will. */
import type { Frame } from '../../../platform/frame.ts'
import { Time } from '../../../ui/index.ts'
import { type Duty, scheduleOf } from '../read.ts'
import { gapsIn, type Shift, shiftsOf } from '../rota.ts'

const dayMs = 86_400_000
/** As long as the calendar on the page. */
export const shownMs = 28 * dayMs
/** Gaps within it are told everywhere. */
const gapMs = 7 * dayMs

export const shownShifts = ({ now, zone }: Frame, duty: Duty): Shift[] =>
  shiftsOf(scheduleOf(duty, zone), now, now + shownMs)

export const namesOf = (frame: Frame, duty: Duty, people: number[]): string =>
  people.length === 0
    ? frame.t('duty.nobody')
    : people.map((id) => duty.people.get(id)?.name ?? '').join(', ')

export function nowWords(frame: Frame, duty: Duty) {
  const { t, now, zone } = frame
  const [shift] = shiftsOf(scheduleOf(duty, zone), now, now + gapMs)
  if (!shift) return null
  return (
    <>
      {t('duty.now')}{' '}
      <strong class={shift.people.length === 0 ? 'duty-gap' : undefined}>
        {namesOf(frame, duty, shift.people)}
      </strong>
      {shift.to < now + gapMs && (
        <>
          , {t('duty.until')} <Time t={t} at={shift.to} now={now} zone={zone} as="short" />
        </>
      )}
    </>
  )
}

/** How many gaps the next week has, and when the first begins. */
export function gapWords({ t, now, zone }: Frame, duty: Duty) {
  const gaps = gapsIn(scheduleOf(duty, zone), now, now + gapMs)
  const first = gaps[0]
  if (!first) return t('duty.gaps.none')
  return (
    <span class="duty-gap">
      {t('duty.gaps', { n: gaps.length })} <Time t={t} at={first.from} now={now} zone={zone} as="short" />
    </span>
  )
}
