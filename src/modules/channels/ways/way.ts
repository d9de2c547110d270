/** What a way beside mail is: it hands one short message to one receiver, and says what became of it. */

export type WayName = 'sms'

export interface Outgoing {
  /** Of the delivery; the same at every try. */
  id: number
  text: string
}

/**
 * `sent`: the provider took it. `failed`: it did not, and nothing went out; `about` says whether it is this message (for good),
 * the provider (the same may pass later) or the connection. `unknown`: it may have gone out.
 */
export type Outcome =
  | { kind: 'sent'; id: string | null; said: string }
  | { kind: 'failed'; about: 'message' | 'provider' | 'connection'; said: string }
  | { kind: 'unknown'; said: string }

export interface Way {
  name: WayName
  /** May a message that was perhaps handed over be handed over again? */
  repeatable: boolean
  send(message: Outgoing, to: string): Promise<Outcome>
  /** Answers whether the provider can be reached, where that can be asked without a message. */
  probe?(): Promise<boolean>
  close(): Promise<void>
}
