/**
 * Live parts. News name only a topic, so the page asks for a fresh copy of itself, as its reader, and compares.
 * What is being read never moves: what is new waits behind a button, unless the part says `now`.
 */
import { onClick, onPage } from './page.ts'
import { followNews, type Message } from './stream.ts'

/** Least milliseconds between two questions: warnings are urgent, figures are not. */
const gaps: Record<string, number> = { warnings: 1_000 }
const gap = 5_000

const due = new Set<string>()
let asked = 0
let timer: { id: ReturnType<typeof setTimeout>; at: number } | undefined

export function startLive(): void {
  let following = false
  onPage(() => {
    if (following || parts().length === 0) return
    following = true
    followNews(receive)
  })
  onClick('.live-news button', (button) => {
    const part = button.closest<HTMLElement>('[data-live]')
    if (part) void freshPage().then((fresh) => swap(part, fresh?.getElementById(part.id)))
  })
  document.addEventListener('visibilitychange', () => {
    if (due.size > 0) soon(0)
  })
}

function receive(message: Message): void {
  if (message.kind === 'news') {
    const concerned = parts().filter((part) => part.dataset.live?.split(' ').includes(message.topic))
    for (const part of concerned) due.add(part.id)
    if (concerned.length > 0) soon(gaps[message.topic] ?? gap)
    return
  }
  const strip = document.getElementById('lost')
  if (message.kind === 'out') {
    if (strip) sayOut(strip)
    return
  }
  if (strip) strip.textContent = message.kind === 'lost' ? (strip.dataset.text ?? '') : ''
  if (message.kind === 'lost') return
  for (const part of parts()) due.add(part.id)
  soon(0)
}

/** What was typed stays: whoever signed in again in another tab can still send it. */
function sayOut(strip: HTMLElement): void {
  const enter = document.createElement('a')
  enter.href = `/sign-in?${new URLSearchParams({ back: location.pathname + location.search })}`
  enter.textContent = strip.dataset.enter ?? ''
  strip.replaceChildren(`${strip.dataset.out ?? ''} `, enter)
}

function parts(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-live]')]
}

/** Asks at once when the last question is long ago, else when the gap is over; the nearest appointment counts. */
function soon(least: number): void {
  const now = performance.now()
  const at = Math.max(now + 20, asked + least)
  if (timer && timer.at <= at) return
  clearTimeout(timer?.id)
  timer = { at, id: setTimeout(() => void ask(), at - now) }
}

async function ask(): Promise<void> {
  timer = undefined
  if (document.hidden) return
  asked = performance.now()
  const wanted = parts().filter((part) => due.has(part.id))
  due.clear()
  if (wanted.length === 0) return
  const fresh = await freshPage()
  for (const part of wanted) {
    const other = fresh?.getElementById(part.id)
    if (!other || textOf(other) === textOf(part)) continue
    if (part.dataset.liveApply === 'now') swap(part, other)
    else offer(part, other)
  }
}

/** Words of a part without its times, which change by themselves. */
function textOf(part: HTMLElement): string {
  const copy = part.cloneNode(true) as HTMLElement
  for (const passing of copy.querySelectorAll('time, .live-news, .copy')) passing.remove()
  return copy.innerHTML
}

function offer(part: HTMLElement, other: HTMLElement): void {
  const button = part.querySelector<HTMLButtonElement>(':scope > .live-news button')
  if (!button) return
  const known = new Set(rowsOf(part))
  button.textContent = words(rowsOf(other).filter((row) => !known.has(row)).length)
  button.hidden = false
}

function rowsOf(part: HTMLElement): string[] {
  return [...part.querySelectorAll<HTMLElement>('[data-href]')].map((row) => row.dataset.href ?? '')
}

function words(count: number): string {
  const { newOne, newFew, newOther, newSome } = document.getElementById('words')?.dataset ?? {}
  if (count === 0) return newSome ?? ''
  const form = new Intl.PluralRules(document.documentElement.lang).select(count)
  const text = form === 'one' ? newOne : form === 'few' ? newFew : newOther
  return (text ?? '').replace('{n}', String(count))
}

function swap(part: HTMLElement, other: HTMLElement | null | undefined): void {
  if (!other || !part.isConnected) return
  const focused = part.contains(document.activeElement)
  const swapped = document.importNode(other, true)
  part.replaceWith(swapped)
  if (focused) swapped.querySelector<HTMLElement>('a, button:not([hidden])')?.focus({ preventScroll: true })
  document.dispatchEvent(new Event('hsoc:swapped'))
}

async function freshPage(): Promise<Document | undefined> {
  try {
    const answer = await fetch(location.href, {
      headers: { accept: 'text/html' },
      signal: AbortSignal.timeout(10_000),
    })
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : undefined
  } catch {
    // No connection: the strip says so already, and the return of the stream asks again.
    return undefined
  }
}
