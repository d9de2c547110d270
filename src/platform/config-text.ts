/** What is in force, for people to read. */

import type { Config } from './config.ts'
import { describeChannels } from './config-channels.ts'
import { withoutSecrets } from './log.ts'

/** The configuration as lines `NAME value` for the log at start; passwords and secrets are left out. */
export function describeConfig(config: Config): string {
  const tls = config.tls.mode === 'files' ? `files ${config.tls.cert}` : config.tls.mode
  const shown: Record<string, string | number | null> = {
    HSOC_DATA: config.dataDir,
    HSOC_HOST: config.host ?? 'all addresses',
    HSOC_PORT: config.port,
    HSOC_SENSOR_PORT: config.sensorPort,
    HSOC_HTTP_PORT: config.httpPort,
    HSOC_PROXY: config.proxies.join(' ') || 'on this machine alone',
    HSOC_TLS: tls,
    HSOC_SENSOR_CA: config.sensorCa,
    HSOC_SENSOR_CA_CERT: config.sensorAuthority?.cert ?? 'our own',
    HSOC_SENSOR_CERT_DAYS: config.certificateDays,
    HSOC_DATABASE_URL: config.databaseUrl ? withoutSecrets(config.databaseUrl) : 'our own PostgreSQL',
    HSOC_SMTP_URL: config.smtpUrl && withoutSecrets(config.smtpUrl),
    HSOC_MAIL_FROM: config.mailFrom,
    ...describeChannels(config),
    HSOC_DKIM_DOMAIN: config.dkim && `${config.dkim.selector}._domainkey.${config.dkim.domain}`,
    HSOC_BASE_URL: config.baseUrl,
    HSOC_ZONE: config.zone,
    HSOC_SECRET: '***',
    HSOC_SECRET_EARLIER: config.earlierSecrets.map(() => '***').join(' ') || null,
    HSOC_LISTS: config.listsDir,
    HSOC_COORDINATOR_PHONE: config.coordinatorPhone,
    HSOC_CONTACT: config.contacts.join(' ') || null,
    HSOC_PGP_KEY: config.pgpKeyFile,
    HSOC_LOG_LEVEL: config.logLevel,
    HSOC_RAW_DAYS: config.rawDays ?? 'as on the page of periods',
    HSOC_SECOND_FACTOR: config.secondFactor,
    HSOC_DNS_SERVERS: config.dnsServers.join(' ') || "the machine's own",
    HSOC_PROVIDERS: config.providers.map(({ id, issuer }) => `${id} (${issuer})`).join(', ') || null,
  }
  const lines = Object.entries(shown).map(([name, value]) => `${name} ${value ?? 'not set'}`)
  return [...lines, ...config.unknown.map((name) => `${name} ignored: not known`)].join('\n')
}

/** Where sensors come: a door whose TLS is ours. Behind a proxy that does TLS they come as everybody does. */
export const sensorsUrlOf = ({ baseUrl, sensorPort, tls }: Config): string =>
  tls.mode === 'off' || sensorPort === 0 ? baseUrl : `https://${new URL(baseUrl).hostname}:${sensorPort}`
