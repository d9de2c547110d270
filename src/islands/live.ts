/**
 * Live parts. One tab of the browser holds the stream and tells the others, because over HTTP/1.1 a stream occupies
 * one of six connections. What is being read never moves: news wait behind a button, unless the part says `now`.
 */
import { onClick, onPage } from './page.ts'

type Message = { kind: 'news'; topic: string } | { kind: 'lost' } | { kind: 'back' }

const patience = 3_000
const retry = 10_000
const pace = 1_000

export function startLive(): void {
  const channel = new BroadcastChannel('hsoc-live')
  channel.addEventListener('message', (event: MessageEvent<Message>) => receive(event.data))
  let listening = false
  onPage(() => {
    if (listening || !document.querySelector('[data-live]')) return
    listening = true
    const tell = (message: Message) => {
      channel.postMessage(message)
      receive(message)
    }
    if (navigator.locks)
      void navigator.locks.request('hsoc-live', () => new Promise<never>(() => listen(tell)))
    else listen(tell)
  })
  onClick('.live-news button', (button) => {
    const part = button.closest<HTMLElement>('[data-live]')
    if (part) void refresh([part])
  })
}

function listen(tell: (message: Message) => void, lost = false): void {
  const stream = new EventSource('/live')
  let losing: ReturnType<typeof setTimeout> | undefined
  stream.addEventListener('news', (event: MessageEvent<string>) => {
    const { topic } = JSON.parse(event.data) as { topic: string }
    tell({ kind: 'news', topic })
  })
  stream.addEventListener('open', () => {
    clearTimeout(losing)
    losing = undefined
    if (lost) tell({ kind: 'back' })
    lost = false
  })
  stream.addEventListener('error', () => {
    losing ??= setTimeout(() => {
      lost = true
      tell({ kind: 'lost' })
    }, patience)
    // The browser gives up after an answer that is no stream (a restart, a 503): then it is for us to come back.
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => listen(tell, lost), retry)
  })
}

function receive(message: Message): void {
  if (message.kind === 'news') {
    news(message.topic)
    return
  }
  const strip = document.getElementById('lost')
  if (strip) strip.textContent = message.kind === 'lost' ? (strip.dataset.text ?? '') : ''
  if (message.kind === 'back') void catchUp()
}

function parts(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-live]')]
}

function news(topic: string): void {
  for (const part of parts().filter((part) => part.dataset.live?.split(' ').includes(topic))) {
    if (part.dataset.liveApply === 'now') soon(part)
    else {
      const count = Number(part.dataset.liveCount ?? 0) + 1
      part.dataset.liveCount = String(count)
      offer(part, countWords(count))
    }
  }
}

function countWords(count: number): string {
  const words = document.getElementById('words')?.dataset ?? {}
  const form = new Intl.PluralRules(document.documentElement.lang).select(count)
  const text = { one: words.newOne, few: words.newFew }[form as 'one' | 'few'] ?? words.newOther ?? ''
  return text.replace('{n}', String(count))
}

function offer(part: HTMLElement, text: string): void {
  const button = part.querySelector<HTMLButtonElement>(':scope > .live-news button')
  if (!button) return
  button.textContent = text
  button.hidden = false
}

/** After a gap we do not know how much was missed: compare, and offer what changed. */
async function catchUp(): Promise<void> {
  await refresh(parts().filter((part) => part.dataset.liveApply === 'now'))
  const waiting = parts().filter((part) => part.dataset.liveApply !== 'now')
  if (waiting.length === 0) return
  const fresh = await freshPage()
  for (const part of waiting) {
    const other = fresh?.getElementById(part.id)
    if (other && rows(other) !== rows(part))
      offer(part, document.getElementById('words')?.dataset.newSome ?? '')
  }
}

function rows(part: HTMLElement): string {
  return [...part.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')).join(' ')
}

const due = new Set<string>()

/** Gathers the parts to be swapped, so that a flood of news costs one request a second. */
function soon(part: HTMLElement): void {
  const waiting = due.size > 0
  due.add(part.id)
  if (waiting) return
  setTimeout(() => {
    const wanted = parts().filter((part) => due.has(part.id))
    due.clear()
    void refresh(wanted)
  }, pace)
}

async function refresh(old: HTMLElement[]): Promise<void> {
  if (old.length === 0) return
  const fresh = await freshPage()
  for (const part of old) {
    const other = fresh?.getElementById(part.id)
    if (!other) continue
    const focused = part.contains(document.activeElement)
    const swapped = document.importNode(other, true)
    part.replaceWith(swapped)
    if (focused) swapped.querySelector<HTMLElement>('a, button:not([hidden])')?.focus({ preventScroll: true })
  }
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
    // No connection: the strip says so already, and the next news or the return of the stream asks again.
    return undefined
  }
}
