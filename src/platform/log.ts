import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** Names under which a secret may stand in an object that is logged, up to three levels deep. */
const secretKeys = [
  'secret',
  'password',
  'passphrase',
  'token',
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-api-key"]',
  'privateKey',
]

const paths = ['', '*', '*.*', '*.*.*'].flatMap((above) =>
  secretKeys.map((key) => (above === '' || key.startsWith('[') ? above + key : `${above}.${key}`)),
)

/**
 * A text without the secrets that an address can carry: Warden's `secret` and other telling query parameters, and
 * the password before an @. Works on whole log lines as well.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/([?&](?:secret|token|key|api_key|password)=)[^&\s"'\\#]+/gi, '$1***')
    .replace(/(\/\/[^\s:/@"']*:)[^\s@/"']+@/g, '$1***@')
}

/** A logger of JSON lines on standard output, or on `destination`; secrets are replaced by `***`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: '***' },
      hooks: { streamWrite: withoutSecrets },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  )
}

/** The launcher's log function for `startPostgres`, spoken through a logger. */
export const postgresLog = (logger: Logger) => (message: string, level: 'info' | 'warn' | 'error') =>
  logger[level](message)
