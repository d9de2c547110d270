/** `hsoc contacts`: the contact book as coordinators see it, in a file that opens without a network. */
import { writeFileSync } from 'node:fs'
import { sectorBook } from '../modules/members/contacts/book.ts'
import {
  encrypted,
  noteDownload,
  requirePassphrase,
  suggestPassphrase,
} from '../modules/members/contacts/download.ts'
import { contactFile } from '../modules/members/pages/contacts/file.tsx'
import { asActor } from '../platform/access.ts'
import { homeZone } from '../platform/dates.ts'
import { Invalid } from '../platform/errors.ts'
import type { Call, Command } from './command.ts'
import { readPassword } from './users.ts'

/** The passphrase that was given, or a random one that is told once. */
async function passphraseOf(call: Call): Promise<{ passphrase: string; isMade: boolean }> {
  if (!call.on('passphrase-stdin')) return { passphrase: suggestPassphrase(), isMade: true }
  const passphrase = await readPassword(call)
  try {
    requirePassphrase(passphrase)
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    throw new Invalid(call.t(`contacts.error.passphrase.${error.fields.passphrase}`))
  }
  return { passphrase, isMade: false }
}

/** Never over a file that is there: it may be the only one that works without a network. */
function keep(call: Call, file: string, bytes: Buffer): void {
  try {
    writeFileSync(file, bytes, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const why = call.t.has(`cli.cannot_write.${code}`) ? call.t(`cli.cannot_write.${code}`) : code
    throw new Invalid(call.t('cli.cannot_write', { file, why }))
  }
}

async function exportBook(call: Call): Promise<number> {
  const { terminal, t } = call
  const [file = ''] = call.operands
  const { passphrase, isMade } = await passphraseOf(call)
  return terminal.installation(async (open) => {
    const now = terminal.now()
    const books = await asActor(open.db, open.operator, now, async (tx) => {
      const visible = await sectorBook(tx, {})
      const page = contactFile({ t, books: visible, by: open.operator.name, now, zone: homeZone })
      // A file that cannot be written takes the line of the trail back with it.
      await noteDownload(tx, visible, open.operator, now)
      keep(call, file, await encrypted(`${t('contacts.file.name')}.html`, page, passphrase, now))
      return visible
    })
    terminal.err(
      t('cli.contacts_exported', {
        file,
        organisations: t('contacts.file.organisations', { n: books.length }),
      }),
    )
    if (isMade) {
      terminal.err(t('cli.contacts_passphrase'))
      terminal.out(passphrase)
    }
    return 0
  })
}

/** Proved addresses and numbers of the book, one a line, as `hsoc watch` reads them. */
async function addresses(call: Call): Promise<number> {
  const { terminal } = call
  return terminal.installation(async (open) => {
    const now = terminal.now()
    const books = await asActor(open.db, open.operator, now, async (tx) => {
      const visible = await sectorBook(tx, {})
      await noteDownload(tx, visible, open.operator, now)
      return visible
    })
    const proved = books.flatMap(({ name, entries }) =>
      entries
        .filter((one) => ['mail', 'sms'].includes(one.channel) && one.verifiedAt !== null)
        .map((one): [string, string] => [one.value, `${one.name} (${name})`]),
    )
    for (const [value, whose] of new Map(proved)) terminal.out(`${value} ${whose}`)
    return 0
  })
}

export const contactCommands: Command[] = [
  {
    words: 'contacts export',
    operands: ['FILE'],
    flags: { 'passphrase-stdin': {} },
    run: exportBook,
  },
  { words: 'contacts addresses', operands: [], flags: {}, run: addresses },
]
