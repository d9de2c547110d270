/** Questions about what a key of the configuration names. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { Invalid } from './errors.ts'

/** All mistakes at once, each behind the name of its key; `fields` holds them by key. */
export function invalid(mistakes: Record<string, string>): Invalid {
  const lines = Object.entries(mistakes).map(([name, sentence]) => `  ${name} ${sentence}`)
  return new Invalid(`The configuration has mistakes:\n${lines.join('\n')}`, mistakes)
}

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

/** Name servers, separated by spaces or commas: an address, or one with a port (of IPv6 in brackets). */
export function areServers(text: string): boolean {
  return text.split(/[\s,]+/).every((one) => {
    const [, bracketed, plain, port] = /^(?:\[([\da-fA-F:.]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(one) ?? []
    return (
      isIP(bracketed ?? plain ?? one) > 0 &&
      (port === undefined || (Number(port) >= 1 && Number(port) <= 65_535))
    )
  })
}

/** Addresses and networks (`/bits`), separated by spaces or commas; never everybody. */
export function areNetworks(text: string): boolean {
  return text.split(/[\s,]+/).every((one) => {
    const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(one) ?? []
    const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
    return most > 0 && (bits === undefined || (Number(bits) >= 1 && Number(bits) <= most))
  })
}

/** The certificate in a file may sign others. */
export const isAuthority = (file: string): boolean => new X509Certificate(readFileSync(file)).ca

/** Why a certificate and a key do not go together; null when they do. `name` is the key of the certificate. */
export function pairProblem(name: string, certFile: string, keyFile: string): string | null {
  try {
    const certificate = new X509Certificate(readFileSync(certFile))
    const matches = certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile)))
    return matches ? null : `does not belong to the certificate in ${name}`
  } catch {
    return `or ${name} is not PEM (a key with a passphrase does not work: take it off with openssl pkey)`
  }
}

/** The address names this machine itself: somebody tries it out, nobody else is served yet. */
export const isOwnMachine = (url: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)
