/** What every part of the daily view is drawn with. */
import type { Day } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import type { DayFigures } from '../queries/day.ts'
import type { View } from './view.ts'

export interface DayPage {
  t: T
  now: number
  zone: string
  day: Day
  view: View
}

export interface DayProps {
  page: DayPage
  figures: DayFigures
}
