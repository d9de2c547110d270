import { type DestinationStream, type Logger, pino, type SerializedError, stdSerializers } from 'pino'

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
 * A text without the secrets that an address can carry: Warden's `secret` and other telling query parameters, the token
 * of somebody's feed or of a heartbeat, and the password before an @. Works on whole log lines as well.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/([?&](?:secret|token|key|api_key|password)=)[^&\s"'\\#]+/gi, '$1***')
    .replace(/(\/(?:feeds(?:\/[kg])?|hb)\/)[\w-]{20,}/g, '$1***')
    .replace(/(\/\/[^\s:/@"']*:)[^\s@/"']+@/g, '$1***@')
}

/** What the database repeats of a row that it refuses: members' data, which those who read the log may not see. */
const rowKeys = ['detail', 'where', 'hint', 'internalQuery'] as const
/** SQLSTATE class 22: the message ends with the value that was wrong. */
const isDataFault = (error: SerializedError): boolean => /^22/.test(String(error.code ?? ''))
const withoutValue = (text: string): string => text.replace(/: ".*?"(?=\n|$)/gs, ': …')

/** An error as it is logged: what happened and where, but nothing of anybody's data. */
function errorOf(error: Error): SerializedError {
  const said = stdSerializers.errWithCause(error)
  if (!(error instanceof Error)) return said
  for (let one: SerializedError | undefined = said; one; one = one.cause as SerializedError | undefined) {
    for (const key of rowKeys) delete one[key]
    if (!isDataFault(one)) continue
    one.message = withoutValue(one.message)
    one.stack = withoutValue(one.stack)
  }
  return said
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
      serializers: { err: errorOf },
      hooks: { streamWrite: withoutSecrets },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  )
}

/** The launcher's log function for `startPostgres`, spoken through a logger. */
export const postgresLog = (logger: Logger) => (message: string, level: 'info' | 'warn' | 'error') =>
  logger[level](message)
