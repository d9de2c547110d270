/** Handing one mail to the operator's SMTP server: bounded in time and size, and every failure named. */
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import type { Config } from './config.ts'
import { type Mail, preparedField, wholeOf } from './mail-bytes.ts'

/**
 * `temporary`: the same mail may pass later (server away, 4xx, our sign-in refused). `permanent`: the server said 5xx of
 * this sender, recipient or content. `refused`: we do not hand it over ourselves (a line break in a header, too large).
 */
export type FailureKind = 'temporary' | 'permanent' | 'refused'

export class MailFailed extends Error {
  override name = 'MailFailed'
  readonly kind: FailureKind
  /** Short and constant, for the log of deliveries: `connection`, `timeout`, `sign-in`, `recipient`, `content` … */
  readonly code: string
  constructor(kind: FailureKind, code: string, message: string) {
    super(message)
    this.kind = kind
    this.code = code
  }
}

export interface Transport {
  /** Hands one mail over and answers the server's reply to it; throws `MailFailed`. */
  send(mail: Mail): Promise<string>
  /** Ends what is under way; those mails fail as `temporary`. */
  close(): void
}

export interface Limits {
  /** Milliseconds for connecting, and again for the greeting. */
  connectMs: number
  /** Milliseconds of silence at any later moment. */
  stepMs: number
  /** Milliseconds for the whole of one mail, whatever the server does; shorter than a claim of the outbox lasts. */
  wholeMs: number
  /** Bytes of one reply of the server. */
  replyBytes: number
  /** Characters of subject and body together. */
  mailSize: number
}

const usual: Limits = {
  connectMs: 10_000,
  stepMs: 30_000,
  wholeMs: 90_000,
  replyBytes: 65_536,
  mailSize: 1_000_000,
}

// RFC 8058 wants both unsubscribe fields signed; the library's own list lacks the second.
const signedFields = [
  ...['From', 'Sender', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'To', 'Cc', 'MIME-Version'],
  ...[
    'Content-Type',
    'Content-Transfer-Encoding',
    'In-Reply-To',
    'References',
    'Auto-Submitted',
    'X-hSOC-Kind',
  ],
  ...['List-Id', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'Autocrypt', 'OpenPGP'],
].join(':')

/** Milliseconds after which a connection that waits for the next mail is ended by us. */
const idleMs = 2_000

/** One connection at a time, kept for the next mail: greeting, TLS and sign-in cost more than a mail does. */
interface Lane {
  transport: { sendMail(mail: object): Promise<unknown>; close(): void }
  /** The connection of now, or of last. */
  socket: Socket | null
  /** No further connection is opened: its mail has had its time, or we are stopping. */
  isOver: boolean
}

/** Sends through `HSOC_SMTP_URL`; null when there is none. As many connections as mails are handed over at once. */
export function openTransport(
  config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'dkim'>,
  limits: Partial<Limits> = {},
): Transport | null {
  if (!config.smtpUrl) return null
  const { connectMs, stepMs, wholeMs, replyBytes, mailSize } = { ...usual, ...limits }
  const url = new URL(config.smtpUrl)
  const all = new Set<Lane>()
  const free: Lane[] = []
  const dkim = config.dkim && {
    domainName: config.dkim.domain,
    keySelector: config.dkim.selector,
    privateKey: readFileSync(config.dkim.keyFile, 'utf8'),
    headerFieldNames: signedFields,
  }
  const options = {
    url: config.smtpUrl,
    pool: true,
    maxConnections: 1,
    // A connection that the server ended while it lay idle is replaced, once.
    maxRequeues: 1,
    idleTimeout: idleMs,
    greetingTimeout: connectMs,
    socketTimeout: stepMs,
    maxResponseSize: replyBytes,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dkim ? { dkim } : {}),
  }

  const openLane = async (): Promise<Lane> => {
    const { default: nodemailer } = await import('nodemailer')
    const getSocket = (_options: unknown, done: (error: Error | null, made?: object) => void): void => {
      const dialled = lane.isOver ? Promise.reject(tookTooLong()) : dial(url, connectMs)
      dialled.then((socket) => {
        lane.socket = socket
        if (lane.isOver) socket.destroy()
        done(null, { connection: socket })
      }, done)
    }
    const lane: Lane = {
      transport: nodemailer.createTransport({ ...options, getSocket } as object),
      socket: null,
      isOver: false,
    }
    all.add(lane)
    return lane
  }
  const end = (lane: Lane, why: string): void => {
    lane.isOver = true
    all.delete(lane)
    lane.transport.close()
    lane.socket?.destroy(new Error(why))
  }

  const send = async (mail: Mail): Promise<string> => {
    refuseBad(mail, mailSize)
    const lane = free.pop() ?? (await openLane())
    // The library restarts its clock at every byte, so a server that drips would hold us for ever.
    const deadline = setTimeout(() => end(lane, 'The server took too long'), wholeMs)
    try {
      const info = await lane.transport.sendMail(await partsOf(mail, config.mailFrom))
      if (!lane.isOver) free.push(lane)
      return oneLine(String((info as { response?: unknown }).response ?? ''), 500)
    } catch (error) {
      end(lane, 'A mail failed')
      throw failure(error)
    } finally {
      clearTimeout(deadline)
    }
  }
  return {
    send,
    close: () => {
      free.length = 0
      for (const lane of all) end(lane, 'We are stopping')
    },
  }
}

/** One line of printable text: control characters and line breaks become spaces, the rest is cut at `most`. */
export const oneLine = (text: string, most = 250): string => {
  const plain = text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain
}

/** The bare address of `"hSOC" <hsoc@example.org>`. */
export const addressOf = (sender: string): string => (/<([^<>]+)>\s*$/.exec(sender)?.[1] ?? sender).trim()

async function partsOf(mail: Mail, from: string): Promise<object> {
  const references = mail.references ?? []
  const envelope = { from: mail.returnPath ?? addressOf(from), to: [mail.to.address] }
  if ('entity' in mail) return { raw: await wholeOf(mail, from), envelope }
  return {
    from,
    to: { name: mail.to.name ?? '', address: mail.to.address },
    envelope,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    date: new Date(mail.date),
    textEncoding: 'quoted-printable',
    xMailer: false,
    headers: prepared(mail.headers),
    ...(references.length > 0 ? { inReplyTo: references.at(-1), references } : {}),
  }
}

// Left to itself the library encodes a field that holds quotes or brackets, and `List-Id` is no list any more.
const prepared = (headers: Record<string, string>): object =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, preparedField(value)]))

const breaks = /[\r\n\0]/
// Longer than a line (RFC 5322 2.1.1) only where it can be folded, at blanks.
const isField = (text: string): boolean =>
  /^[ -~]{1,4000}$/.test(text) && text.split(' ').every((word) => word.length <= 900)
// One mailbox of RFC 5321 without quotes and comments; anything else could name a second recipient.
const mailbox = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/

function refuseBad(mail: Mail, mailSize: number): void {
  const lines = [mail.subject, mail.to.name ?? '', mail.messageId, ...(mail.references ?? [])]
  const fields = Object.entries(mail.headers).flat()
  if (lines.some((line) => breaks.test(line)) || !fields.every(isField))
    throw new MailFailed('refused', 'header', 'A header field holds a line break')
  if ([mail.to.address, mail.returnPath ?? 'a@b'].some((one) => !mailbox.test(one) || one.length > 254))
    throw new MailFailed('refused', 'address', 'The recipient is not one mail address')
  const body =
    'entity' in mail
      ? mail.entity.parts.reduce((sum, part) => sum + part.length, 0)
      : mail.text.length + mail.html.length
  if (mail.subject.length + body > mailSize)
    throw new MailFailed('refused', 'too-large', 'The mail is larger than we send')
}

function dial(url: URL, connectMs: number): Promise<Socket> {
  const secure = url.protocol === 'smtps:'
  return new Promise((done, fail) => {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const socket = connect({ host, port: Number(url.port) || (secure ? 465 : 587) })
    const timer = setTimeout(() => socket.destroy(new Error('connecting took too long')), connectMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.removeListener('error', refused)
      // Kept for good: an error after the library let go of the socket must not end the program.
      socket.on('error', () => {})
      done(socket)
    })
    const refused = (error: Error): void => {
      clearTimeout(timer)
      fail(
        new MailFailed(
          'temporary',
          'connection',
          `The mail server cannot be reached: ${oneLine(error.message)}`,
        ),
      )
    }
    socket.once('error', refused)
  })
}

const tookTooLong = (): MailFailed => new MailFailed('temporary', 'timeout', 'The server took too long')

/** Steps at which a 5xx speaks of this mail; at any other step it speaks of us or of the server. */
const aboutTheMail: Record<string, string> = {
  'MAIL FROM': 'sender',
  'RCPT TO': 'recipient',
  DATA: 'content',
  API: 'content',
}

function failure(error: unknown): MailFailed {
  if (error instanceof MailFailed) return error
  const {
    code = '',
    command = '',
    responseCode = 0,
    response,
  } = error as {
    code?: string
    command?: string
    responseCode?: number
    response?: string
  }
  const said = oneLine(response || (error instanceof Error ? error.message : String(error)), 500)
  if (code === 'EAUTH' || responseCode === 530) return new MailFailed('temporary', 'sign-in', said)
  // The library itself declines what is larger than the server's SIZE.
  if (code === 'EMESSAGE' && !responseCode) return new MailFailed('permanent', 'content', said)
  const about = aboutTheMail[command]
  if (responseCode >= 500 && about) return new MailFailed('permanent', about, said)
  if (responseCode >= 400) return new MailFailed('temporary', 'server', said)
  if (code === 'ETIMEDOUT') return new MailFailed('temporary', 'timeout', said)
  if (code === 'ETLS') return new MailFailed('temporary', 'tls', said)
  return new MailFailed('temporary', 'connection', said)
}
