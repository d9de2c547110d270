/** Messages to this browser: subscribing on the page of the ways, saying why it cannot be, and staying subscribed at each visit. */
import { onClick, onPage } from './page.ts'

/** What this browser subscribed with, and where it took messages then. */
interface Kept {
  key: string
  endpoint: string
}

const place = 'hsoc-push'
const kept = (): Kept | null => JSON.parse(localStorage.getItem(place) ?? 'null') as Kept | null // written below

type Problem = 'insecure' | 'home-screen' | 'unsupported' | 'denied' | 'failed'

/** Why it cannot be here, or null. */
function obstacle(): Problem | null {
  if (!isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return /iPhone|iPad/.test(navigator.userAgent) ? 'home-screen' : 'unsupported'
  return Notification.permission === 'denied' ? 'denied' : null
}

function complain(form: HTMLFormElement, problem: Problem): void {
  for (const line of document.querySelectorAll<HTMLElement>('[data-push-problem]'))
    line.hidden = line.dataset.pushProblem !== problem
  form.hidden = problem !== 'failed'
}

const bytesOf = (key: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(key.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0))

/** The subscription under our key; one under another key is of no use and ended first. */
async function subscribe(key: string): Promise<PushSubscription> {
  await navigator.serviceWorker.register('/push-worker.js', { scope: '/' })
  const { pushManager } = await navigator.serviceWorker.ready
  const held = await pushManager.getSubscription()
  if (held && kept()?.key === key) return held
  await held?.unsubscribe()
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) })
}

function fieldsOf(subscription: PushSubscription): Record<string, string> {
  const { endpoint = '', keys = {} } = subscription.toJSON()
  return { endpoint, p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' }
}

const keep = (key: string, { endpoint }: PushSubscription): void =>
  localStorage.setItem(place, JSON.stringify({ key, endpoint }))

async function begin(form: HTMLFormElement): Promise<void> {
  const key = form.dataset.push ?? ''
  if ((await Notification.requestPermission()) !== 'granted') return complain(form, 'denied')
  try {
    const subscription = await subscribe(key)
    for (const [name, value] of Object.entries(fieldsOf(subscription))) {
      const field = form.elements.namedItem(name)
      if (field instanceof HTMLInputElement) field.value = value
    }
    keep(key, subscription)
    form.submit()
  } catch {
    complain(form, 'failed')
  }
}

/** Once for each tab: services drop subscriptions in silence, and only the browser knows where it is reached now. */
async function visit(): Promise<void> {
  const before = kept()
  const csrf = document.querySelector<HTMLInputElement>('input[name=_csrf]')?.value
  if (!before || !csrf || sessionStorage.getItem(place) || obstacle()) return
  if (Notification.permission !== 'granted') return
  sessionStorage.setItem(place, 'said')
  const subscription = await subscribe(before.key)
  const answer = await fetch('/account/push/visit', {
    method: 'POST',
    body: new URLSearchParams({ _csrf: csrf, was: before.endpoint, ...fieldsOf(subscription) }),
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(10_000),
  })
  if (answer.ok) return keep(before.key, subscription)
  // It was taken away on the page, or somebody else took this browser over: then the subscription is theirs.
  if (answer.status === 404) localStorage.removeItem(place)
}

export function startPush(): void {
  onPage(() => {
    const form = document.querySelector<HTMLFormElement>('form[data-push]')
    const problem = obstacle()
    if (form && problem) complain(form, problem)
    if (form && !problem) {
      for (const line of document.querySelectorAll<HTMLElement>('[data-push-problem]')) line.hidden = true
      form.hidden = false
    }
    void visit().catch(() => {})
  })
  onClick('form[data-push] button', (button) => {
    const form = button.closest<HTMLFormElement>('form[data-push]')
    if (form) void begin(form)
  })
}
