/**
 * One stream of news for all tabs of a browser: over HTTP/1.1 a stream occupies one of six connections. The tab that
 * holds the lock listens and tells the others; when it closes, the next one takes over.
 */

/**
 * `news` says that something of a topic changed for somebody; whether for this reader, only the page knows.
 * `out`: nobody is signed in here any more, so nothing more will come.
 */
export type Message = { kind: 'news'; topic: string } | { kind: 'lost' } | { kind: 'back' } | { kind: 'out' }

/** A short gap is nobody's concern. */
const patience = 3_000
const retry = 10_000

export function followNews(receive: (message: Message) => void): void {
  const channel = new BroadcastChannel('hsoc-live')
  channel.addEventListener('message', (event: MessageEvent<Message>) => receive(event.data))
  const tell = (message: Message) => {
    channel.postMessage(message)
    receive(message)
  }
  // Locks exist only where the connection is secure or loopback; else each tab listens for itself.
  if (navigator.locks)
    void navigator.locks.request('hsoc-live', () => new Promise<void>((over) => listen(tell, over)))
  else listen(receive, () => {})
}

/** `over` lets the next tab listen: somebody may have signed in there meanwhile. */
function listen(tell: (message: Message) => void, over: () => void, lost = false): void {
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
    if (stream.readyState !== EventSource.CLOSED) return
    // The browser gives up after an answer that is no stream (a restart, a 503): then it is for us to come back.
    void isOut().then((out) => {
      if (!out) return void setTimeout(() => listen(tell, over, lost), retry)
      clearTimeout(losing)
      tell({ kind: 'out' })
      over()
    })
  })
}

async function isOut(): Promise<boolean> {
  try {
    return (await fetch('/api/v1/session', { signal: AbortSignal.timeout(10_000) })).status === 401
  } catch {
    return false
  }
}
