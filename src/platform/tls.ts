import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import net, { type Socket } from 'node:net'
import path from 'node:path'
import { TLSSocket, type TlsOptions } from 'node:tls'
import { type KeyPair, makeServer } from './certificates.ts'
import { locked } from './processes.ts'

/** What a client's verified certificate says; DNS names in lower case, the fingerprint is SHA-256 in hex. */
export interface Peer {
  cn: string
  sans: string[]
  fingerprint: string
}

/** The part of the configuration that decides about TLS. */
export interface TlsConfig {
  dataDir: string
  baseUrl: string
  tls: { mode: 'self' } | { mode: 'off' } | { mode: 'files'; cert: string; key: string }
}

const day = 86_400_000
/** Apple's systems refuse server certificates that are valid for more than 398 days. */
const serverDays = 397
const renewBeforeDays = 30

/**
 * Options for the server that pages and sensors meet: TLS 1.2 or newer; a client certificate is asked for but not
 * required, and only the sensors' `authorities` (PEM, each signed by itself) are named, so a browser with a certificate of another authority is
 * not prompted. Who came is told by `peer`. Null when TLS is off.
 */
export async function serverOptions(
  config: TlsConfig,
  authorities: string[],
  now: number,
): Promise<TlsOptions | null> {
  if (config.tls.mode === 'off') return null
  // Without any name in it the request would ask browsers for whatever they have.
  if (authorities.length === 0) throw new RangeError('No authority of sensors to name')
  const pair =
    config.tls.mode === 'files'
      ? { cert: readFileSync(config.tls.cert, 'utf8'), key: readFileSync(config.tls.key, 'utf8') }
      : await serverCertificate(config.dataDir, hostOf(config.baseUrl), now)
  return {
    ...pair,
    ca: authorities,
    minVersion: 'TLSv1.2',
    requestCert: true,
    rejectUnauthorized: false,
  }
}

const hostOf = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, '')

/**
 * The self-made certificate for `host`, localhost and the loopback addresses, kept in `tls/` of the data folder and
 * made anew 30 days before its end or when the host changes.
 */
export function serverCertificate(dataDir: string, host: string, now: number): Promise<KeyPair> {
  const names = [...new Set([host, 'localhost', '127.0.0.1', '::1'])]
  return kept(
    dataDir,
    'server',
    (found) => isGood(found, names, now),
    () => makeServer(names, serverDays, now),
  )
}

function isGood(found: X509Certificate, names: string[], now: number): boolean {
  const covers = (name: string) =>
    (net.isIP(name) ? found.checkIP(name) : found.checkHost(name)) !== undefined
  return found.validToDate.getTime() - now > renewBeforeDays * day && names.every(covers)
}

/** The verified client of a connection; null when it showed no certificate, or one that does not count. */
export function peer(socket: Socket): Peer | null {
  const shown = presented(socket)
  return shown && 'cn' in shown ? shown : null
}

/**
 * What a client showed: a verified certificate, one that was refused (with OpenSSL's name of the reason, for example
 * CERT_HAS_EXPIRED), or null for none. Refused differs from none: only without a certificate a secret may count.
 */
export function presented(socket: Socket): Peer | { refused: string } | null {
  if (!(socket instanceof TLSSocket)) return null
  const cert = socket.getPeerX509Certificate()
  if (!cert) return null
  if (!socket.authorized) return { refused: String(socket.authorizationError ?? 'unverified') }
  const sans = (cert.subjectAltName ?? '').split(', ').filter((name) => name.startsWith('DNS:'))
  return {
    cn: /^CN=(.*)$/m.exec(cert.subject)?.[1] ?? '',
    sans: sans.map((name) => name.slice('DNS:'.length).toLowerCase()),
    fingerprint: cert.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

/** The kept pair when it is whole and good, else a new one; two programs starting at once agree on one. */
async function kept(
  dataDir: string,
  name: string,
  good: (found: X509Certificate) => boolean,
  make: () => Promise<KeyPair>,
): Promise<KeyPair> {
  const folder = path.join(dataDir, 'tls')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = { cert: path.join(folder, `${name}.pem`), key: path.join(folder, `${name}.key`) }
  return locked(
    path.join(folder, `${name}.lock`),
    () => {},
    async () => {
      if (existsSync(files.cert) && existsSync(files.key)) {
        const pair = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') }
        if (good(new X509Certificate(pair.cert))) return pair
      }
      const pair = await make()
      place(files.key, pair.key, 0o600)
      place(files.cert, pair.cert, 0o644)
      return pair
    },
  )
}

function place(file: string, text: string, mode: number): void {
  writeFileSync(`${file}.new`, text, { mode })
  renameSync(`${file}.new`, file)
}
