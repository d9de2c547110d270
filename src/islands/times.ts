import { relative } from '../platform/relative.ts'
import { onPage } from './page.ts'

/** Keeps "6 minutes ago" true, by the server's clock: a phone's may be wrong. */
export function startTimes(): void {
  let ahead = 0
  onPage(() => {
    const now = Number(document.body.dataset.now)
    ahead = now > 0 ? now - Date.now() : 0
  })
  setInterval(() => {
    if (document.hidden) return
    for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-relative]')) {
      const text = time.querySelector('.time-now')
      const words = relative(Date.parse(time.dateTime), Date.now() + ahead, document.documentElement.lang)
      if (text && text.textContent !== words) text.textContent = words
    }
  }, 10_000)
}
