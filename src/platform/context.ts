/** What every module's routes, pages and jobs are given; made once by main.ts (or a test). */
import type { Bus } from './bus.ts'
import type { SmsBack } from './config-sms-back.ts'
import type { Database } from './database.ts'
import type { Provider } from './providers.ts'

export interface Log {
  info(fields: object, message?: string): void
  warn(fields: object, message?: string): void
  error(fields: object, message?: string): void
}

export interface Settings {
  /** Where people reach the pages; links in mails begin with it. No slash at the end. */
  baseUrl: string
  /** Where sensors with certificates come: their own door, which no proxy may end. Without one as `baseUrl`. */
  sensorsUrl?: string
  /** Proxies, beside those of this machine, that are believed about who comes through them. */
  proxies?: string[]
  zone: string
  /** Keys hashes and tokens of this installation. */
  secret: string
  /** Those it had before (or will have next), whose work is still accepted (platform/seal.ts). */
  earlierSecrets?: readonly string[]
  coordinatorPhone: string | null
  /** Short messages go out, so a number can be proved by one. */
  hasSms?: boolean
  /** How their gateway proves itself when it posts receipts and replies; without it nothing comes by that door. */
  smsBack?: SmsBack | null
  /** Push services that may be named; none when not said, and then nothing goes out by push. */
  pushHosts?: string[]
  /** Where people meet when mail does not work; only members are told. */
  emergencyRoom?: string | null
  /** Origins in our own networks to which webhooks may lead. */
  webhookOrigins?: string[]
  listsDir: string | null
  /** Null: as the table of periods says. */
  rawDays: number | null
  /** PEM files of the authority that certifies sensors; without them our own, kept in the database. */
  sensorAuthority?: { cert: string; key: string } | null
  /** How many days a sensor's certificate is good for; a year when not said. */
  certificateDays?: number
  /** What a scraper of figures shows instead of signing in; without one only people may read them. */
  metricsKey?: string | null
  /** Where people and reports of vulnerabilities reach the coordinators: `mailto:`, `https:` and `tel:` addresses. */
  contacts?: string[]
  /** Whom mails come from, `Name <address>`; also the name on the installation's signing key. */
  mailFrom?: string
  /** Their public PGP key. */
  pgpKeyFile?: string | null
  /** Name servers that are asked for proofs of domains; without them those of the machine. */
  dnsServers?: string[]
  /** True for the demonstration: pages say so. */
  demo: boolean
  /** `off`: no role is asked for a second factor; without it coordinators and operators are. */
  secondFactor?: 'required' | 'off'
  /** Who besides us may say who somebody is; nobody when not said. */
  providers?: Provider[]
}

export interface Context {
  db: Database
  bus: Bus
  log: Log
  settings: Settings
  /** The clock, passed in so that journeys can move it. */
  clock(): number
}
