/** What may be set of the ways by which messages go out, and of what comes back on them. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { type SmsBack, smsBackIn, smsBackSettings } from './config-sms-back.ts'

export interface ChannelConfig {
  /** The address to which mails that cannot be delivered come back, each with a key of its own; null: to the sender. */
  bounces: string | null
  /** Where a mail server hands returned mails over to us; null: by `hsoc mail bounce` alone. */
  bounceListen: { host: string; port: number } | null
  /** The provider of short messages; null: none go out. */
  sms: SmsConfig | null
  /** The door by which a gateway posts receipts and replies; null: it is shut. */
  smsBack: SmsBack | null
  /** Push services that browsers of people may name: `host`, `*.host`, or an origin, which may be in our own network. Empty: no push. */
  pushHosts: string[]
  /** Origins in our own networks to which organisations' webhooks may lead all the same. */
  webhookOrigins: string[]
  /** Mails that are not encrypted carry an OpenPGP signature of the installation. */
  mailSigned: boolean
  /** Mails a second of each worker at most; null: as fast as it goes. */
  mailRate: number | null
  /** Push messages a second of all workers together; null: as fast as it goes. */
  pushRate: number | null
  /** Where people meet when mail does not work: an address or a number with its code, for members only. */
  emergencyRoom: string | null
}

export type SmsConfig =
  | { by: 'smpp'; host: string; port: number; secure: boolean; user: string; password: string; from: string }
  | {
      by: 'http'
      url: string
      method: 'GET' | 'POST' | 'PUT'
      headers: Record<string, string>
      body: string
      from: string
    }

const rate = z
  .string()
  .regex(/^(?:none|[1-9]\d{0,3})$/, 'is not a number of messages a second from 1 to 9999, nor "none"')
  .optional()

/** Every sentence follows the name of the key and says what to do. */
export const channelSettings = {
  HSOC_BOUNCES: z
    .string()
    .regex(
      /^[^\s@<>()[\]\\,;:"+]{1,40}@[^\s@<>()[\]\\,;:"]+$/,
      'is not an address for returned mails: write bounces@your.domain, without a plus, at most 40 characters before the @',
    )
    .optional(),
  HSOC_BOUNCE_LISTEN: z
    .string()
    .refine((text) => listenIn(text) !== null, 'is not an address and a port like 127.0.0.1:2525')
    .optional(),
  HSOC_EMERGENCY_ROOM: z
    .string()
    .trim()
    .regex(
      /^[^\p{Cc}]{1,300}$/u,
      'is not one line of at most 300 signs: write where people meet, and the code',
    )
    .optional(),
  HSOC_MAIL_SIGN: z.enum(['yes', 'no'], 'is yes or no').optional(),
  HSOC_MAIL_RATE: rate,
  HSOC_PUSH_RATE: rate,
  HSOC_SMS_URL: z
    .string()
    .refine(
      (text) => smsSchemes.includes(URL.parse(text)?.protocol ?? ''),
      'is not an address of the kind smpp://user:password@smsc.example:2775 or https://gateway.example/send?to={number}',
    )
    .optional(),
  HSOC_SMS_FROM: z
    .string()
    .regex(/^(?:\+?\d{3,15}|[A-Za-z0-9 ]{1,11})$/, 'is not a sender: write a number, or at most 11 letters')
    .optional(),
  HSOC_SMS_METHOD: z.enum(['GET', 'POST', 'PUT'], 'is one of: GET, POST, PUT').optional(),
  HSOC_SMS_HEADERS: z
    .string()
    .refine((text) => headersIn(text) !== null, 'is not a JSON object of names and values of header fields')
    .optional(),
  HSOC_SMS_BODY: z.string().max(10_000).optional(),
  ...smsBackSettings,
  HSOC_PUSH_HOSTS: z
    .string()
    .refine(
      (text) => text.trim() === 'none' || listIn(text).every((one) => hostPattern.test(one) || isOrigin(one)),
      'is not a list of hosts like fcm.googleapis.com *.push.apple.com; "none" switches push off',
    )
    .optional(),
  HSOC_WEBHOOK_PRIVATE: z
    .string()
    .refine(
      (text) => listIn(text).every(isOrigin),
      'is not a list of origins like https://chat.hospital.example:8443',
    )
    .optional(),
}

/** The services of the browsers that people use: Chrome and Edge on Android, Firefox, Safari, Edge on Windows. */
const usualPushHosts = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
]
const hostPattern = /^(?:\*\.)?(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,63}$/
const isOrigin = (text: string): boolean => /^https?:\/\//.test(text) && URL.parse(text)?.origin === text
const listIn = (text: string): string[] =>
  text
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean)

/** The usual ones are those of the delivery engine's table. */
const rateIn = (text: string | undefined, usual: number): number | null =>
  text === 'none' ? null : Number(text ?? usual)

const smsSchemes = ['smpp:', 'smpps:', 'http:', 'https:']

function headersIn(text: string): Record<string, string> | null {
  try {
    const found = z.record(z.string().regex(/^[\w-]{1,100}$/), z.string().regex(/^[ -~]{0,2000}$/))
    return found.parse(JSON.parse(text))
  } catch {
    return null
  }
}

type Set = z.infer<z.ZodObject<typeof channelSettings>>

/** Keys that need another one, with why. */
export const missingOfChannels = (set: Set): [keyof Set, string][] => [
  ...(set.HSOC_BOUNCE_LISTEN
    ? [['HSOC_BOUNCES', 'say to which address returned mails come'] as [keyof Set, string]]
    : []),
  ...(set.HSOC_SMS_FROM ||
  set.HSOC_SMS_METHOD ||
  set.HSOC_SMS_HEADERS ||
  set.HSOC_SMS_BODY ||
  set.HSOC_SMS_BACK_KEY
    ? [['HSOC_SMS_URL', 'say by whom short messages go'] as [keyof Set, string]]
    : []),
  ...(set.HSOC_SMS_BACK_FIELDS
    ? [['HSOC_SMS_BACK_KEY', 'say by which key the gateway comes in'] as [keyof Set, string]]
    : []),
]

export const channelsIn = (set: Set): ChannelConfig => ({
  bounces: set.HSOC_BOUNCES?.toLowerCase() ?? null,
  bounceListen: set.HSOC_BOUNCE_LISTEN ? listenIn(set.HSOC_BOUNCE_LISTEN) : null,
  sms: set.HSOC_SMS_URL ? smsIn(set, set.HSOC_SMS_URL) : null,
  smsBack: smsBackIn(set.HSOC_SMS_BACK_KEY, set.HSOC_SMS_BACK_FIELDS),
  pushHosts:
    set.HSOC_PUSH_HOSTS?.trim() === 'none' ? [] : listIn(set.HSOC_PUSH_HOSTS ?? usualPushHosts.join(' ')),
  webhookOrigins: listIn(set.HSOC_WEBHOOK_PRIVATE ?? ''),
  mailSigned: set.HSOC_MAIL_SIGN === 'yes',
  mailRate: rateIn(set.HSOC_MAIL_RATE, 50),
  pushRate: rateIn(set.HSOC_PUSH_RATE, 100),
  emergencyRoom: set.HSOC_EMERGENCY_ROOM ?? null,
})

function smsIn(set: Set, text: string): SmsConfig {
  const url = new URL(text)
  const from = set.HSOC_SMS_FROM ?? ''
  if (!url.protocol.startsWith('smpp'))
    return {
      by: 'http',
      url: text,
      method: set.HSOC_SMS_METHOD ?? 'POST',
      headers: headersIn(set.HSOC_SMS_HEADERS ?? '{}') ?? {},
      body: set.HSOC_SMS_BODY ?? '',
      from,
    }
  const secure = url.protocol === 'smpps:'
  return {
    by: 'smpp',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 3550 : 2775),
    secure,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    from,
  }
}

/** As the log at start shows it; without secrets. */
export const describeChannels = ({
  bounces,
  bounceListen,
  sms,
  smsBack,
  pushHosts,
  webhookOrigins,
  mailSigned,
  mailRate,
  pushRate,
  emergencyRoom,
}: ChannelConfig): Record<string, string | null> => ({
  HSOC_BOUNCES: bounces,
  HSOC_BOUNCE_LISTEN: bounceListen && `${bounceListen.host}:${bounceListen.port}`,
  // An address of a gateway may hold its key anywhere, so only the host is said.
  HSOC_SMS_URL: sms && (sms.by === 'smpp' ? `smpp ${sms.host}:${sms.port}` : `http ${new URL(sms.url).host}`),
  HSOC_SMS_FROM: sms?.from || null,
  HSOC_SMS_BACK_KEY: smsBack && '***',
  HSOC_PUSH_HOSTS: pushHosts.join(' ') || 'none',
  HSOC_WEBHOOK_PRIVATE: webhookOrigins.join(' ') || null,
  HSOC_MAIL_SIGN: mailSigned ? 'yes' : null,
  HSOC_MAIL_RATE: `${mailRate ?? 'none'}`,
  HSOC_PUSH_RATE: `${pushRate ?? 'none'}`,
  // It may hold the code that opens it.
  HSOC_EMERGENCY_ROOM: emergencyRoom && '***',
})

/** `127.0.0.1:2525` or `[::1]:2525` in its parts; null for anything else. */
function listenIn(text: string): { host: string; port: number } | null {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([\d.]+)):(\d{1,5})$/.exec(text)
  const [host, port] = [found?.[1] ?? found?.[2] ?? '', Number(found?.[3])]
  return isIP(host) && port > 0 && port <= 65_535 ? { host, port } : null
}
