import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type ChannelConfig, channelSettings, channelsIn, missingOfChannels } from './config-channels.ts'
import {
  areContacts,
  areNetworks,
  areServers,
  invalid,
  isAuthority,
  isFolder,
  isOwnMachine,
  isReadable,
  isZone,
  pairProblem,
} from './config-checks.ts'
import { nearest, readSettings } from './config-file.ts'
import { secretsIn } from './config-secret.ts'
import { type Provider, readProviders } from './providers.ts'
import type { TlsConfig } from './tls.ts'

export interface Config extends TlsConfig, ChannelConfig {
  /** Everything that this machine keeps: database, secret, certificates. Absolute. */
  dataDir: string
  /** Null: all addresses of the machine. */
  host: string | null
  /** Pages, API and sensors; 0 for any free one. */
  port: number
  /** Sensors alone; equal to `port` when they share one. */
  sensorPort: number
  /** Plain HTTP on 127.0.0.1, for the demonstration and for a proxy on the same machine; null when off. */
  httpPort: number | null
  proxies: string[]
  /** PEM file of a further authority whose certificates of sensors count; null for none. */
  sensorCa: string | null
  /** PEM files of the authority that certifies sensors here; null for our own. */
  sensorAuthority: { cert: string; key: string } | null
  /** How many days a certificate given to a sensor is good for. */
  certificateDays: number
  /** Null: the PostgreSQL that we start ourselves in `dataDir`. */
  databaseUrl: string | null
  /** Null: mail is kept, not sent. */
  smtpUrl: string | null
  mailFrom: string
  dkim: { domain: string; selector: string; keyFile: string } | null
  /** Where people find us, without a slash at the end; links in mails begin with it. */
  baseUrl: string
  /** Nobody set it: it is made of the port. */
  isBaseUrlMade: boolean
  /** IANA name of the time zone in which days begin and end. */
  zone: string
  /** Key material for signed links and sessions, at least 32 characters. */
  secret: string
  /** What it was before, or will be next: what was sealed or keyed by these is still accepted. */
  earlierSecrets: string[]
  /** Folder of public warning lists; null when there is none. */
  listsDir: string | null
  coordinatorPhone: string | null
  /** Addresses of the coordinators on the public web, the preferred one first. */
  contacts: string[]
  /** File of their public PGP key. */
  pgpKeyFile: string | null
  logLevel: (typeof logLevels)[number]
  /** Lets a machine read /metrics; null when only people may. */
  metricsKey: string | null
  /** How many days raw events are kept; null: as the table of periods says. */
  rawDays: number | null
  /** Whether coordinators and operators are asked for more than a password. */
  secondFactor: 'required' | 'off'
  /** Name servers that are asked for proofs of domains, each an address with or without a port; empty for the machine's own. */
  dnsServers: string[]
  /** Who besides us may say who somebody is (OpenID Connect). */
  providers: Provider[]
  /** The demonstration runs us: the public pages and the sign-in, which a stranger sees, say so. */
  demo: boolean
  /** Names beginning with HSOC_ in the environment that mean nothing to us: probably misspelt. */
  unknown: string[]
}

type Source = Readonly<Record<string, string | undefined>>

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
const checkout = fileURLToPath(new URL('../..', import.meta.url))

const number = (least: number, most: number, sentence: string) =>
  z
    .string()
    .regex(/^\d+$/, sentence)
    .transform(Number)
    .refine((n) => n >= least && n <= most, sentence)

const port = number(0, 65_535, 'is not a port: write a number from 1 to 65535, or 0 for any free one')

const url = (schemes: string[], example: string) =>
  z.string().refine((text) => {
    const parsed = URL.parse(text)
    return parsed !== null && parsed.hostname !== '' && schemes.includes(parsed.protocol)
  }, `is not an address of the kind ${example}`)

const readable = z
  .string()
  .refine(isReadable, 'names a file that cannot be read: check the path and its rights')

/** What may be set. Every sentence follows the name of the key and says what to do. */
const settings = z.object({
  HSOC_CONFIG: z.string().optional(),
  HSOC_DATA: z.string().default(path.join(checkout, 'data')),
  HSOC_HOST: z.string().optional(),
  HSOC_PORT: port.default(8443),
  HSOC_SENSOR_PORT: port.optional(),
  HSOC_HTTP_PORT: port.optional(),
  HSOC_PROXY: z.string().refine(areNetworks, 'are not addresses like 192.0.2.7 or 192.0.2.0/28').optional(),
  HSOC_TLS: z.enum(['files', 'self', 'off'], 'is one of: files, self, off').optional(),
  HSOC_TLS_CERT: readable.optional(),
  HSOC_TLS_KEY: readable.optional(),
  HSOC_SENSOR_CA: readable.optional(),
  HSOC_SENSOR_CA_CERT: readable.optional(),
  HSOC_SENSOR_CA_KEY: readable.optional(),
  HSOC_SENSOR_CERT_DAYS: number(1, 1825, 'is not a number of days from 1 to 1825').default(365),
  HSOC_DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/hsoc').optional(),
  HSOC_SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@mail.example:587').optional(),
  HSOC_MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s@<]+@[^\s@>]+>?$/, 'is not a sender: write "hSOC <hsoc@your.domain>"')
    .optional(),
  ...channelSettings,
  HSOC_DKIM_DOMAIN: z.string().optional(),
  HSOC_DKIM_SELECTOR: z.string().optional(),
  HSOC_DKIM_KEY: readable.optional(),
  HSOC_BASE_URL: url(['https:', 'http:'], 'https://hsoc.your.domain').optional(),
  HSOC_ZONE: z
    .string()
    .refine(isZone, 'is not a time zone: write a name like Europe/Prague')
    .default('Europe/Prague'),
  HSOC_SECRET: z
    .string()
    .min(32, 'is too short: write at least 32 random characters, or leave it out')
    .optional(),
  HSOC_SECRET_EARLIER: z
    .string()
    .refine(
      (text) => text.split(/\s+/).every((one) => one.length >= 32),
      'has one that is too short: write secrets of at least 32 characters with blanks between them',
    )
    .optional(),
  HSOC_METRICS_KEY: z
    .string()
    .min(16, 'is too short: write at least 16 random characters, or leave it out')
    .optional(),
  HSOC_LISTS: z.string().refine(isFolder, 'is not a folder: make it, or leave the key out').optional(),
  HSOC_COORDINATOR_PHONE: z
    .string()
    .regex(/^\+?[\d ()/-]{3,}$/, 'is not a telephone number')
    .optional(),
  HSOC_CONTACT: z
    .string()
    .refine(
      areContacts,
      'is not an address of the kind mailto:csirt@your.domain, https://… or tel:+420…; several are separated by spaces',
    )
    .optional(),
  HSOC_PGP_KEY: readable.optional(),
  HSOC_LOG_LEVEL: z.enum(logLevels, `is one of: ${logLevels.join(', ')}`).default('info'),
  HSOC_RAW_DAYS: number(
    30,
    3650,
    'is not a number of days from 30 to 3650: events that come twice are known for 30 days',
  ).optional(),
  HSOC_SECOND_FACTOR: z.enum(['required', 'off'], 'is one of: required, off').optional(),
  HSOC_DNS_SERVERS: z
    .string()
    .refine(areServers, 'are not addresses like 192.0.2.53 or [2001:db8::53]:5353')
    .optional(),
  HSOC_PROVIDERS: readable.optional(),
  HSOC_DEMO_RUN: z.literal('1', 'is set by the demonstration alone').optional(),
})

type Settings = z.infer<typeof settings>

/** Names of the environment that belong to tests and to the command line, not to the configuration. */
const othersNames = /^HSOC_(TEST_|WARDEN_CLIENT$|BENCH_|FAULTS_|DEMO_)/

/**
 * The configuration from the environment and one file (`file`, else HSOC_CONFIG; KEY=VALUE lines, or YAML when the
 * name ends so); the environment goes before the file, an empty value counts as none. Makes the secret in
 * the data folder when missing. Throws Invalid that names every mistake with what to do; `fields` holds them by key.
 */
export function loadConfig(env: Source = process.env, file = env.HSOC_CONFIG || undefined): Config {
  const mistakes: Record<string, string> = {}
  const kept = file ? readSettings(file, mistakes) : {}
  const known = Object.keys(settings.shape)
  for (const name of Object.keys(kept)) {
    if (!known.includes(name)) mistakes[name] = `in ${file} is not known${nearest(name, known)}`
  }
  const given = Object.fromEntries(
    known.flatMap((name) => {
      const value = (env[name] || kept[name])?.trim()
      return value ? [[name, value]] : []
    }),
  )
  const parsed = settings.safeParse(given)
  for (const issue of parsed.error?.issues ?? []) mistakes[String(issue.path[0])] ??= issue.message
  if (parsed.data) Object.assign(mistakes, contradictions(parsed.data))
  const providers = readProviders(given.HSOC_PROVIDERS, mistakes)
  if (!parsed.data || Object.keys(mistakes).length > 0) throw invalid(mistakes)
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith('HSOC_') && !known.includes(name) && !othersNames.test(name),
  )
  return assembled(parsed.data, providers, unknown)
}

/** What is wrong with keys together, each keyed by the name to change. */
function contradictions(set: Settings): Record<string, string> {
  const mistakes: Record<string, string> = {}
  const needs = (name: keyof Settings, why: string) => {
    if (set[name] === undefined && !mistakes[name]) mistakes[name] = `is missing: ${why}`
  }
  if (set.HSOC_TLS === 'files' || set.HSOC_TLS_CERT || set.HSOC_TLS_KEY) {
    needs('HSOC_TLS_CERT', 'name the file of the certificate (PEM, with its chain)')
    needs('HSOC_TLS_KEY', 'name the file of the private key that belongs to the certificate')
  }
  if (set.HSOC_SENSOR_CA_CERT || set.HSOC_SENSOR_CA_KEY) {
    needs('HSOC_SENSOR_CA_CERT', 'sensors are certified only with certificate and key together')
    needs('HSOC_SENSOR_CA_KEY', 'sensors are certified only with certificate and key together')
  }
  for (const [cert, key] of pairs) {
    const problem = set[cert] && set[key] && pairProblem(cert, set[cert], set[key])
    if (problem) mistakes[key] = problem
  }
  if (set.HSOC_SENSOR_CA_CERT && !mistakes.HSOC_SENSOR_CA_KEY && !isAuthority(set.HSOC_SENSOR_CA_CERT))
    mistakes.HSOC_SENSOR_CA_CERT = 'is not the certificate of an authority: one with "CA:TRUE" signs others'
  if (set.HSOC_DKIM_DOMAIN || set.HSOC_DKIM_SELECTOR || set.HSOC_DKIM_KEY) {
    needs('HSOC_DKIM_DOMAIN', 'mails are signed only with domain, selector and key together')
    needs('HSOC_DKIM_SELECTOR', 'mails are signed only with domain, selector and key together')
    needs('HSOC_DKIM_KEY', 'mails are signed only with domain, selector and key together')
  }
  for (const [name, why] of missingOfChannels(set)) needs(name, why)
  if (set.HSOC_HTTP_PORT && set.HSOC_HTTP_PORT === set.HSOC_PORT) {
    mistakes.HSOC_HTTP_PORT = 'is the same as HSOC_PORT: choose another one'
  }
  return mistakes
}

const pairs = [
  ['HSOC_TLS_CERT', 'HSOC_TLS_KEY'],
  ['HSOC_SENSOR_CA_CERT', 'HSOC_SENSOR_CA_KEY'],
] as const

function assembled(set: Settings, providers: Provider[], unknown: string[]): Config {
  const dataDir = path.resolve(set.HSOC_DATA)
  const tls: Config['tls'] =
    set.HSOC_TLS !== 'self' && set.HSOC_TLS !== 'off' && set.HSOC_TLS_CERT && set.HSOC_TLS_KEY
      ? { mode: 'files', cert: path.resolve(set.HSOC_TLS_CERT), key: path.resolve(set.HSOC_TLS_KEY) }
      : { mode: set.HSOC_TLS === 'off' ? 'off' : 'self' }
  const ownUrl = `${tls.mode === 'off' ? 'http' : 'https'}://localhost:${set.HSOC_PORT}`
  const baseUrl = (set.HSOC_BASE_URL ?? ownUrl).replace(/\/+$/, '')
  return {
    dataDir,
    host: set.HSOC_HOST ?? null,
    port: set.HSOC_PORT,
    sensorPort: set.HSOC_SENSOR_PORT ?? (set.HSOC_PORT === 0 ? 0 : Math.min(set.HSOC_PORT + 1, 65_535)),
    httpPort: set.HSOC_HTTP_PORT || null,
    proxies: set.HSOC_PROXY?.split(/[\s,]+/) ?? [],
    tls,
    sensorCa: set.HSOC_SENSOR_CA ? path.resolve(set.HSOC_SENSOR_CA) : null,
    sensorAuthority:
      set.HSOC_SENSOR_CA_CERT && set.HSOC_SENSOR_CA_KEY
        ? { cert: path.resolve(set.HSOC_SENSOR_CA_CERT), key: path.resolve(set.HSOC_SENSOR_CA_KEY) }
        : null,
    certificateDays: set.HSOC_SENSOR_CERT_DAYS,
    databaseUrl: set.HSOC_DATABASE_URL ?? null,
    smtpUrl: set.HSOC_SMTP_URL ?? null,
    metricsKey: set.HSOC_METRICS_KEY ?? null,
    mailFrom: set.HSOC_MAIL_FROM ?? `hSOC <hsoc@${new URL(baseUrl).hostname}>`,
    ...channelsIn(set),
    dkim:
      set.HSOC_DKIM_DOMAIN && set.HSOC_DKIM_SELECTOR && set.HSOC_DKIM_KEY
        ? {
            domain: set.HSOC_DKIM_DOMAIN,
            selector: set.HSOC_DKIM_SELECTOR,
            keyFile: path.resolve(set.HSOC_DKIM_KEY),
          }
        : null,
    baseUrl,
    isBaseUrlMade: set.HSOC_BASE_URL === undefined,
    zone: set.HSOC_ZONE,
    ...secretsIn(set.HSOC_SECRET, set.HSOC_SECRET_EARLIER, dataDir),
    listsDir: set.HSOC_LISTS ? path.resolve(set.HSOC_LISTS) : null,
    coordinatorPhone: set.HSOC_COORDINATOR_PHONE ?? null,
    contacts: set.HSOC_CONTACT?.split(/[\s,]+/) ?? [],
    pgpKeyFile: set.HSOC_PGP_KEY ? path.resolve(set.HSOC_PGP_KEY) : null,
    logLevel: set.HSOC_LOG_LEVEL,
    rawDays: set.HSOC_RAW_DAYS ?? null,
    secondFactor: set.HSOC_SECOND_FACTOR ?? (isOwnMachine(baseUrl) ? 'off' : 'required'),
    dnsServers: set.HSOC_DNS_SERVERS?.split(/[\s,]+/) ?? [],
    providers,
    demo: set.HSOC_DEMO_RUN === '1',
    unknown,
  }
}
