/** Mails by RFC 3156: encrypted to a reader's key and signed by the installation's, or signed alone. */
import type { PrivateKey, PublicKey } from 'openpgp'
import { type Mail, type MailFields, partOf } from '../../../platform/mail-bytes.ts'

type Plain = MailFields & { text: string; html: string }

/** All that stands outside: the number of what it is about, or nothing. */
export const outerSubject = (subject: string): string =>
  /\bHSOC-(?:D-)?\d{4}-\d+\b/.exec(subject)?.[0] ?? '...'

const lines = (...text: string[]): Buffer => Buffer.from(text.join('\r\n'), 'utf8')
const withCrLf = (text: string): string => text.replace(/\r?\n/g, '\r\n')

/** The whole mail within: only who holds the key reads more than its number, to whom it goes and when. */
export async function encryptedMail(
  mail: Plain,
  by: { from: string; key: PrivateKey },
  to: PublicKey,
): Promise<Mail> {
  const { createMessage, encrypt } = await import('openpgp')
  const armored = await encrypt({
    message: await createMessage({ binary: new Uint8Array(await partOf(mail, by.from)) }),
    encryptionKeys: to,
    signingKeys: by.key,
    date: new Date(mail.date),
    format: 'armored',
  })
  const { text: _text, html: _html, ...fields } = mail
  return {
    ...fields,
    subject: outerSubject(mail.subject),
    entity: {
      type: 'multipart/encrypted; protocol="application/pgp-encrypted"',
      parts: [
        lines(
          'Content-Type: application/pgp-encrypted',
          'Content-Description: PGP/MIME version identification',
          '',
          'Version: 1',
          '',
        ),
        lines(
          'Content-Type: application/octet-stream; name="encrypted.asc"',
          'Content-Disposition: inline; filename="encrypted.asc"',
          'Content-Description: OpenPGP encrypted message',
          '',
          withCrLf(armored),
        ),
      ],
    },
  }
}

/** In clear, with a signature over the whole part; the subject stays outside. */
export async function signedMail(mail: Plain, by: { from: string; key: PrivateKey }): Promise<Mail> {
  const { createMessage, sign, enums } = await import('openpgp')
  const part = await partOf(mail, by.from)
  const armored = await sign({
    message: await createMessage({ binary: new Uint8Array(part) }),
    signingKeys: by.key,
    date: new Date(mail.date),
    detached: true,
    format: 'armored',
    // RFC 3156 wants the digest named beside it, so it is not left to chance.
    config: { preferredHashAlgorithm: enums.hash.sha512 },
  })
  const { text: _text, html: _html, ...fields } = mail
  return {
    ...fields,
    entity: {
      type: 'multipart/signed; micalg=pgp-sha512; protocol="application/pgp-signature"',
      parts: [
        part,
        lines(
          'Content-Type: application/pgp-signature; name="signature.asc"',
          'Content-Description: OpenPGP digital signature',
          '',
          withCrLf(armored),
        ),
      ],
    },
  }
}
