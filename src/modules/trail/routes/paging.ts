/** Pages of a hundred, and days as the installation counts them. */
import { dayBounds } from '../../../platform/dates.ts'

export const perPage = 100

/** From the beginning of the first day meant to the end of the last. */
export const periodOf = (
  { from, to }: { from?: string | undefined; to?: string | undefined },
  zone: string,
): { from: number | undefined; to: number | undefined } => ({
  from: from === undefined ? undefined : dayBounds(from, zone).from,
  to: to === undefined ? undefined : dayBounds(to, zone).to,
})
