/** The error document of the Warden 3 protocol, with the codes and words its clients know. */
export interface WardenError {
  error: number
  message: string
  events?: number[]
  events_id?: (string | null)[]
  [more: string]: unknown
}

export interface Accounted {
  received: number
  saved: number
  duplicate: number
  rejected: number
  deferred: number
}

export const nothingAccounted: Accounted = { received: 0, saved: 0, duplicate: 0, rejected: 0, deferred: 0 }

/** All codes equal: that code; else the highest hundred, as the stock server does. */
export function statusOf(errors: WardenError[]): number {
  const codes = new Set(errors.map((e) => e.error))
  if (codes.size === 1) return errors[0]?.error ?? 500
  return Math.max(...[...codes].map((code) => Math.floor(code / 100) * 100))
}

/** An integer of 32 bits: the stock client fails on anything else. */
const requestId = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0

/** Reason phrases are ours and fixed: the stock server copies text that the sender controls. */
export const phrases: Record<number, string> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  422: 'Unprocessable',
  460: 'Validation Error',
  500: 'Server Error',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
}

export const documentOf = (method: string, errors: WardenError[]): string =>
  JSON.stringify({ method, req_id: requestId(), errors })

export const accountText = (a: Accounted): string =>
  `received=${a.received};saved=${a.saved};duplicate=${a.duplicate};rejected=${a.rejected};deferred=${a.deferred}`

/** An answer names at most so many events; beyond, it names none, which a sender takes for all of its call. */
const mostNamed = 1_000_000

/** `n` events of a request of which nothing is known but their number and, perhaps, the first identifiers. */
export function unnamed(n: number, ids: (string | null)[] = []): Pick<WardenError, 'events' | 'events_id'> {
  if (n === 0 || n > mostNamed) return {}
  return {
    events: Array.from({ length: n }, (_, i) => i),
    events_id: Array.from({ length: n }, (_, i) => ids[i] ?? null),
  }
}
