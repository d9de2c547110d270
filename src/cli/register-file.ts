/** `hsoc register-file`: a public register from which applications are filled in beforehand. */
import path from 'node:path'
import { loadEntries, type RegisterFile, readRegister } from '../modules/joining/register.ts'
import { asEngine } from '../platform/database.ts'
import { Invalid } from '../platform/errors.ts'
import type { Call, Command } from './command.ts'
import { readGiven } from './members.ts'

/** What the file says, or why it cannot be read, in the reader's language. */
function understood(bytes: Buffer, { t }: Call): RegisterFile {
  try {
    return readRegister(bytes)
  } catch (error) {
    if (error instanceof Invalid) throw new Invalid(t(`joining.cli.refused.${error.fields.file}`))
    throw error
  }
}

async function load(call: Call): Promise<number> {
  const { terminal, t } = call
  const [file = ''] = call.operands
  const bytes = readGiven(file, call)
  const { entries, left, leftOut } = understood(bytes, call)
  for (const { line, why } of left.slice(0, 20)) terminal.err(t(`joining.cli.left.${why}`, { line }))
  if (leftOut > 0) terminal.err(t('joining.cli.left', { n: leftOut }))
  if (call.on('dry-run')) {
    terminal.out(t('cli.dry_run'))
    return 0
  }
  await terminal.installation((open) =>
    asEngine(open.db, (tx) =>
      loadEntries(tx, { entries, fileName: path.basename(file), bytes }, open.operator, terminal.now()),
    ),
  )
  terminal.out(t('joining.cli.loaded', { n: entries.length }))
  return 0
}

export const registerFileCommands: Command[] = [
  { words: 'register-file load', operands: ['FILE'], flags: { 'dry-run': {} }, run: load },
]
