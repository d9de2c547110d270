/**
 * What runs in the browser when no page of ours is open: shows each message that comes by push, says that it did, and opens
 * where to look. It keeps nothing and answers for no page.
 */

interface Late extends Event {
  waitUntil(done: Promise<unknown>): void
}
interface Pushed extends Late {
  data: { json(): unknown } | null
}
interface Clicked extends Late {
  notification: { close(): void; data: unknown }
}
interface Worker {
  addEventListener(kind: 'push', take: (event: Pushed) => void): void
  addEventListener(kind: 'notificationclick', take: (event: Clicked) => void): void
  registration: { showNotification(title: string, options: object): Promise<void> }
  clients: { openWindow(url: string): Promise<unknown> }
}

const worker = self as unknown as Worker // the types of a page are loaded, and this is none

/** Nothing but a path of our own. */
const pathIn = (value: unknown, begins = '/'): string =>
  typeof value === 'string' && value.startsWith(begins) && !value.startsWith('//') ? value : ''

function contentOf(event: Pushed): Record<string, unknown> {
  try {
    const content = event.data?.json()
    return content && typeof content === 'object' ? { ...content } : {}
  } catch {
    // Browsers take a subscription away that showed nothing, so something is shown even of what cannot be read.
    return {}
  }
}

worker.addEventListener('push', (event) => {
  const content = contentOf(event)
  const path = pathIn(content.path) || '/'
  const told = pathIn(content.told, '/push/told/')
  const shown = worker.registration.showNotification(String(content.number || 'hSOC'), {
    body: String(content.class ?? ''),
    tag: path,
    renotify: true,
    data: path,
  })
  const say = () =>
    told ? fetch(told, { method: 'POST', credentials: 'omit', keepalive: true }).catch(() => {}) : undefined
  event.waitUntil(shown.then(say))
})

worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(worker.clients.openWindow(pathIn(event.notification.data) || '/'))
})
