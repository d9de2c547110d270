/** X.509 for sensors: an authority of one level, requests as openssl writes them, certificates, lists of revoked ones. */
import { createPrivateKey, createPublicKey, KeyObject, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type * as X509 from '@peculiar/x509'
import { Invalid } from './errors.ts'

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  cert: string
  key: string
}

/** A certificate as it was made: PEM, serial number in hex, SHA-256 of its bytes in hex, ms since 1970. */
export interface Issued {
  cert: string
  serial: string
  fingerprint: string
  notAfter: number
}

/** What a machine asks for with a PKCS#10 request: its key, and the name that it wrote into it. */
export interface CertificateRequest {
  publicKey: X509.PublicKey
  cn: string | null
}

/** The library is loaded where a certificate is made: the processes hold it, and what it needs, for nothing else. */
async function library(): Promise<typeof X509> {
  await import('reflect-metadata')
  return import('@peculiar/x509')
}

const day = 86_400_000
const authorityDays = 20 * 365
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Begins an hour early: a sensor's clock may be behind ours. */
const lifetime = (now: number, days: number) => ({
  notBefore: new Date(now - 3_600_000),
  notAfter: new Date(now + days * day),
})

const newKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

export const pemOf = (key: CryptoKey): string =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()

/** SHA-256 of a certificate's bytes, hex in lower case, as `Peer.fingerprint`. */
export const fingerprintOf = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()

/** A server's certificate by its own key for these names and addresses; the first one is its common name. */
export async function makeServer(names: string[], days: number, now: number): Promise<KeyPair> {
  const x509 = await library()
  const keys = await newKeys()
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    ...lifetime(now, days),
    name: [{ CN: [names[0] ?? 'localhost'] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    ],
  })
  return { cert: `${cert.toString('pem')}\n`, key: pemOf(keys.privateKey) }
}

/** A certificate authority of one level, for 20 years. */
export async function makeAuthority(name: string, now: number): Promise<KeyPair> {
  const x509 = await library()
  const keys = await newKeys()
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    ...lifetime(now, authorityDays),
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: `${cert.toString('pem')}\n`, key: pemOf(keys.privateKey) }
}

/**
 * The authority as a root. One below another is signed anew by its own key: a server of Node trusts no chain that ends
 * below a root, and trusting the root above would let in whatever else that signs.
 */
export async function anchorOf(ca: KeyPair): Promise<string> {
  const x509 = await library()
  const below = new x509.X509Certificate(ca.cert)
  if (await below.isSelfSigned()) return ca.cert
  const root = await x509.X509CertificateGenerator.create({
    notBefore: below.notBefore,
    notAfter: below.notAfter,
    subject: below.subjectName,
    issuer: below.subjectName,
    publicKey: below.publicKey,
    ...(await signerOf(ca.key)),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.SubjectKeyIdentifierExtension(await keyIdOf(below)),
    ],
  })
  return `${root.toString('pem')}\n`
}

/** By which certificates and lists name this authority's key: its own choice, else the usual one (RFC 5280 4.2.1.2). */
async function keyIdOf(authority: X509.X509Certificate): Promise<string> {
  const x509 = await library()
  const own = authority.getExtension(x509.SubjectKeyIdentifierExtension)
  return (own ?? (await x509.SubjectKeyIdentifierExtension.create(authority.publicKey))).keyId
}

const curves: Record<string, { namedCurve: string; hash: string }> = {
  prime256v1: { namedCurve: 'P-256', hash: 'SHA-256' },
  secp384r1: { namedCurve: 'P-384', hash: 'SHA-384' },
}

/** How the authority's key signs. An operator's own may be RSA, P-256, P-384 or Ed25519, in any unencrypted PEM. */
async function signerOf(pem: string): Promise<{ signingKey: CryptoKey; signingAlgorithm: EcdsaParams }> {
  const key = createPrivateKey(pem)
  const curve = curves[key.asymmetricKeyDetails?.namedCurve ?? '']
  const ways: Record<string, object | undefined> = {
    ec: curve && { name: 'ECDSA', ...curve },
    rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    ed25519: { name: 'Ed25519' },
  }
  const way = ways[key.asymmetricKeyType ?? '']
  if (!way)
    throw new Invalid("The authority's key is of a kind that cannot sign here: RSA, P-256, P-384 or Ed25519.")
  // The library's types know the older of the ways only.
  const signingAlgorithm = way as EcdsaParams
  const bytes = key.export({ format: 'der', type: 'pkcs8' })
  return {
    signingKey: await crypto.subtle.importKey('pkcs8', bytes, signingAlgorithm, false, ['sign']),
    signingAlgorithm,
  }
}

export interface Wanted {
  cn: string
  publicKey: X509.PublicKey | CryptoKey
  days: number
  /** Where the list of revoked certificates can be fetched. */
  revocations?: string
  /** DNS names besides the common name. */
  sans?: string[]
}

/** A client's certificate by common name, never longer than its authority's own. */
export async function certify(ca: KeyPair, wanted: Wanted, now: number): Promise<Issued> {
  const x509 = await library()
  const issuer = new x509.X509Certificate(ca.cert)
  const { notBefore, notAfter } = lifetime(now, wanted.days)
  const cert = await x509.X509CertificateGenerator.create({
    notBefore,
    notAfter: issuer.notAfter < notAfter ? issuer.notAfter : notAfter,
    subject: [{ CN: [wanted.cn] }],
    issuer: issuer.subjectName,
    publicKey: wanted.publicKey,
    ...(await signerOf(ca.key)),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      new x509.AuthorityKeyIdentifierExtension(await keyIdOf(issuer)),
      ...(wanted.revocations ? [new x509.CRLDistributionPointsExtension([wanted.revocations])] : []),
      ...(wanted.sans?.length
        ? [
            new x509.SubjectAlternativeNameExtension(
              wanted.sans.map((value) => ({ type: 'dns' as const, value })),
            ),
          ]
        : []),
    ],
  })
  const pem = `${cert.toString('pem')}\n`
  return {
    cert: pem,
    serial: cert.serialNumber,
    fingerprint: fingerprintOf(pem),
    notAfter: cert.notAfter.getTime(),
  }
}

/** A certificate for a key that is made here and kept nowhere. */
export async function certifyNewKey(
  ca: KeyPair,
  wanted: Omit<Wanted, 'publicKey'>,
  now: number,
): Promise<Issued & KeyPair> {
  const keys = await newKeys()
  const issued = await certify(ca, { ...wanted, publicKey: keys.publicKey }, now)
  return { ...issued, key: pemOf(keys.privateKey) }
}

const revokedDays = 7

/** The list of revoked certificates (RFC 5280 section 5), DER. `serials` in hex, with the time of each. */
export async function revocationList(
  ca: KeyPair,
  revoked: { serial: string; at: number }[],
  now: number,
): Promise<Buffer> {
  const x509 = await library()
  const issuer = new x509.X509Certificate(ca.cert)
  const list = await x509.X509CrlGenerator.create({
    issuer: issuer.subjectName,
    thisUpdate: new Date(now),
    nextUpdate: new Date(now + revokedDays * day),
    ...(await signerOf(ca.key)),
    entries: revoked.map(({ serial, at }) => ({
      serialNumber: positive(serial),
      revocationDate: new Date(at),
    })),
    extensions: [new x509.AuthorityKeyIdentifierExtension(await keyIdOf(issuer))],
  })
  return Buffer.from(list.rawData)
}

/** In DER a number whose first bit is set would be negative. */
const positive = (hex: string): string => (/^[89a-f]/i.test(hex) ? `00${hex}` : hex)

/**
 * Reads a PKCS#10 request (PEM or DER) and proves that its sender has the private key. `Invalid` names what is wrong:
 * unreadable, a weak or unknown kind of key, a signature that does not fit.
 */
export async function readRequest(bytes: Buffer): Promise<CertificateRequest> {
  const request = await parsed(bytes)
  requireGoodKey(Buffer.from(request.publicKey.rawData))
  if (!(await request.verify().catch(() => false)))
    throw new Invalid('The signature of the certificate request does not fit its key.')
  return { publicKey: request.publicKey, cn: request.subjectName.getField('CN')[0] ?? null }
}

async function parsed(bytes: Buffer): Promise<X509.Pkcs10CertificateRequest> {
  const { Pkcs10CertificateRequest } = await library()
  const text = bytes.toString('latin1')
  const pem = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1]
  try {
    return new Pkcs10CertificateRequest(new Uint8Array(pem ? Buffer.from(pem, 'base64') : bytes))
  } catch {
    throw new Invalid(
      'This is no certificate request: send PKCS#10 as PEM or DER, as "openssl req -new" writes it.',
    )
  }
}

const leastRsa = 2048
/** Longer ones cost every handshake dearly and add nothing. */
const mostRsa = 8192

function requireGoodKey(spki: Buffer): void {
  const weak = new Invalid('The key must be RSA of 2048 to 8192 bits, P-256, P-384 or Ed25519.')
  try {
    const { asymmetricKeyType: kind, asymmetricKeyDetails: about } = createPublicKey({
      key: spki,
      format: 'der',
      type: 'spki',
    })
    const bits = about?.modulusLength ?? 0
    if (kind === 'rsa' && bits >= leastRsa && bits <= mostRsa) return
    if (kind === 'ec' && curves[about?.namedCurve ?? '']) return
    if (kind === 'ed25519') return
  } catch {
    throw weak
  }
  throw weak
}
