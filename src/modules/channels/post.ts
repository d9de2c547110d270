/** What the outbox hands mails to: the way out, and the hands that write them. */
import type { Config } from '../../platform/config.ts'
import type { Context } from '../../platform/context.ts'
import { addressOf, openTransport, type Transport } from '../../platform/mail.ts'
import type { Letter } from './letter.tsx'
import type { Reader } from './recipients.ts'

/** A decided message on its way. Times are milliseconds since 1970. */
export interface Delivery {
  id: number
  kind:
    | 'new'
    | 'update'
    | 'relapse'
    | 'digest'
    | 'exercise'
    | 'sensor'
    | 'account'
    | 'ladder'
    | 'talk'
    | 'revoked'
    | 'rollcall'
    | 'answer'
  topic: string
  person: number | null
  org: number | null
  address: string
  warning: number | null
  /** The written warning that it tells of; detail has the version. */
  written: number | null
  /** The match of an advisory with an inventory that it tells of. */
  match: number | null
  severity: number | null
  detail: Record<string, unknown>
  decidedAt: number
  attempts: number
  messageId: string
  /** Of its return path; null while no address for returned mails is set. */
  bounceKey: string | null
}

/** One message that waited for a digest. */
export interface Held {
  /** One of the three: a warning born of detections, a written one, or an advisory that concerns an inventory. */
  warning: number | null
  written: number | null
  match: number | null
  kind: Delivery['kind']
  reason: string
  decidedAt: number
}

/** The days a digest tells of, `YYYY-MM-DD`: the days before it, the first and the last. */
export interface Period {
  from: string
  to: string
}

/**
 * Written by the modules that know the content; they read as `reader` and as nobody else. Null: the reader may no longer
 * read it, or nothing is left to say.
 */
export interface Writers {
  warning(context: Context, delivery: Delivery, reader: Reader, now: number): Promise<Letter | null>
  digest(context: Context, reader: Reader, held: Held[], period: Period, now: number): Promise<Letter | null>
  /** Of a roll-call: the last look at whether it is still to go. */
  rollcall?(
    context: Context,
    delivery: Delivery,
    reader: Reader,
    now: number,
  ): Promise<Letter | { dropped: string }>
}

export interface Mailer {
  /** Null: no server is configured, so mails are kept. */
  transport: Transport | null
  writers: Writers
  /** The sender, `hSOC <hsoc@example.org>`. */
  from: string
  /** Mails in clear are signed by OpenPGP too. */
  signs: boolean
  /** The domain of Message-IDs and of List-Id. */
  domain: string
  /** The address to which returned mails come, without a key; null: they go to the sender's own. */
  bounces: string | null
  /** Waits until the next mail may be begun. */
  pace(): Promise<void>
  close(): Promise<void>
}

/** The outbox's way out, closed when the program stops. Throws when the DKIM key cannot be read. */
export function openMailer(
  config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'dkim'> &
    Partial<Pick<Config, 'bounces' | 'mailSigned' | 'mailRate'>>,
  writers: Writers,
): Mailer {
  const transport = openTransport(config)
  return {
    transport,
    writers,
    from: config.mailFrom,
    signs: config.mailSigned ?? false,
    domain: addressOf(config.mailFrom).split('@').at(-1) ?? 'localhost',
    bounces: config.bounces ?? null,
    pace: paceOf(config.mailRate ?? null),
    close: async () => transport?.close(),
  }
}

/** At most `rate` a second, evenly; null: as fast as it goes. */
export function paceOf(rate: number | null): () => Promise<void> {
  if (rate === null) return async () => {}
  let next = 0
  return async () => {
    const now = performance.now()
    const turn = Math.max(now, next)
    next = turn + 1_000 / rate
    if (turn > now) await new Promise((done) => setTimeout(done, turn - now))
  }
}
