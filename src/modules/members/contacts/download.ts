/**
 * The book as one file for the day when the network is down: a page without any outside part, in a ZIP archive encrypted with
 * AES-256 (WinZip's AE-2), which 7-Zip opens without a network. The passphrase is kept nowhere.
 */
import { randomInt } from 'node:crypto'
import { type Actor, isCoordinator, organisationsOf } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { COORDINATORS, person as personScope, readersOfOrg } from '../../../values/scopes.ts'
import type { Book } from './book.ts'

// AE-2 makes its key by 1,000 rounds of PBKDF2, which hardly slows guessing: the passphrase has to carry it alone.
export const shortestPassphrase = 16
const longestPassphrase = 200

/** Letters and digits that are not mistaken for one another on paper. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'

/** Five groups of four: 99 bits. */
export const suggestPassphrase = (): string =>
  Array.from({ length: 5 }, () =>
    Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join(''),
  ).join('-')

/** Throws `Invalid` for one that is soon guessed or that not every keyboard can type. */
export function requirePassphrase(passphrase: string): void {
  const refuse = (why: string): never => {
    throw new Invalid('This passphrase cannot be used', { passphrase: why })
  }
  if (passphrase.length < shortestPassphrase) refuse('short')
  if (passphrase.length > longestPassphrase) refuse('long')
  // Programs differ in how they write other letters into bytes: the right passphrase would open nothing.
  if (!/^[\x20-\x7e]+$/.test(passphrase)) refuse('letters')
  if (new Set(passphrase).size < 6) refuse('same')
}

/** The archive's bytes. `file` is the name inside, `page` its text. */
export async function encrypted(
  file: string,
  page: string,
  passphrase: string,
  now: number,
): Promise<Buffer> {
  const { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } = await import('@zip.js/zip.js')
  const zip = new ZipWriter(new Uint8ArrayWriter(), {
    password: passphrase,
    encryptionStrength: 3,
    useWebWorkers: false,
    lastModDate: new Date(now),
  })
  await zip.add(file, new Uint8ArrayReader(Buffer.from(page, 'utf8')))
  return Buffer.from(await zip.close())
}

/** The trail tells each organisation whose contacts went out, and who took them. */
export async function noteDownload(tx: Tx, books: Book[], by: Actor, now: number): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb: 'members.download-contacts',
    object: 'contacts',
    detail: {
      organisations: books.length,
      contacts: books.reduce((sum, book) => sum + book.entries.length, 0),
    },
    readers: [
      COORDINATORS,
      // Person 0 is the terminal.
      ...(by.person ? [personScope(by.person)] : []),
      ...(isCoordinator(by) ? [] : organisationsOf(by).map(({ id }) => readersOfOrg(id))),
    ],
  })
}
