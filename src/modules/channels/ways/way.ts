/** What a way beside mail is: it hands one short message to one receiver, and says what became of it. */
import type { HookContent } from '../webhooks/message.ts'

export type WayName = 'sms' | 'push' | 'webhook'

export interface Outgoing {
  /** Of the delivery; the same at every try. */
  id: number
  text: string
  /** Of the warning; empty where it is about none. */
  number: string
  /** Where to look on our pages, beginning with a slash. */
  path: string
  urgent: boolean
  /** A later message of the same thread takes the place of an earlier one, where the way knows that. */
  thread: string
  /** For programs, which take more than a word. */
  content?: HookContent
  /** Milliseconds since 1970: when it was decided. */
  at?: number
}

/**
 * `sent`: the provider took it. `failed`: it did not, and nothing went out; `about` says whether it is this message (for good),
 * the provider (the same may pass later), what this receiver
 * stands behind (the same, but of others it says nothing) or the connection. `unknown`: it may have gone out.
 */
export type Outcome =
  | { kind: 'sent'; id: string | null; said: string }
  | { kind: 'failed'; about: 'message' | 'provider' | 'receiver' | 'connection'; said: string }
  | { kind: 'unknown'; said: string }

export interface Way {
  name: WayName
  /** May a message that was perhaps handed over be handed over again? */
  repeatable: boolean
  /** Do replies come back to us? */
  hears: boolean
  /** Messages a second in place of the usual limit of the whole way; null: none. */
  rate?: number | null
  send(message: Outgoing, to: string): Promise<Outcome>
  /** Answers whether the provider can be reached, where that can be asked without a message. */
  probe?(): Promise<boolean>
  close(): Promise<void>
}
