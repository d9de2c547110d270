/** Questions about what a key of the configuration names. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'

export function isReadable(file: string): boolean {
  try {
    readFileSync(file)
    return true
  } catch {
    return false
  }
}

export function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return /[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/** Addresses by which people may be reached, separated by spaces or commas (RFC 9116 2.5.3). */
export function areContacts(text: string): boolean {
  return text
    .split(/[\s,]+/)
    .every((one) => /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+?[\d-]{3,})$/.test(one))
}

/** Whether the file is the certificate of an authority: one that may sign others. */
export const isAuthority = (file: string): boolean => new X509Certificate(readFileSync(file)).ca

/** What is wrong with a certificate and a key that should belong together; `name` is the key of the certificate. */
export function pairProblem(name: string, certFile: string, keyFile: string): string | null {
  try {
    const certificate = new X509Certificate(readFileSync(certFile))
    const matches = certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile)))
    return matches ? null : `does not belong to the certificate in ${name}`
  } catch {
    return `or ${name} is not PEM (a key with a passphrase does not work: take it off with openssl pkey)`
  }
}
