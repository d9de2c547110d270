/** `hsoc backup` and `hsoc restore`. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { backup, restore } from '../platform/backup.ts'
import { loadConfig } from '../platform/config.ts'
import { Invalid, WrongState } from '../platform/errors.ts'
import { type Call, type Command, counted } from './command.ts'

const mega = (bytes: number): number => Math.round(bytes / 1e6)

async function runBackup(call: Call): Promise<number> {
  const { terminal, t } = call
  const [folder = ''] = call.operands
  return terminal.installation(async (open) => {
    if (!open.postgres) throw new Invalid(t('cli.backup_own'))
    const bar = terminal.progress(t('cli.copying'), null)
    const note = await backup(open.postgres, open.config.dataDir, folder, terminal.now, (bytes, total) =>
      bar.at(mega(bytes), total ? t('cli.of_about', { n: mega(total) }) : ''),
    ).finally(bar.end)
    if (call.on('json')) terminal.json({ folder: path.resolve(folder), ...note })
    else
      terminal.out(
        t('cli.backed_up', { folder: path.resolve(folder), n: note.files, mega: mega(note.bytes) }),
      )
    return 0
  })
}

async function runRestore(call: Call): Promise<number> {
  const { terminal, t } = call
  const [folder = ''] = call.operands
  const dataDir = path.resolve(process.env.HSOC_DATA ?? loadConfig().dataDir)
  if (loadConfig({ ...process.env }).databaseUrl) throw new Invalid(t('cli.restore_own'))
  if (existsSync(dataDir) && readdirSync(dataDir).some((name) => name !== 'secret'))
    throw new WrongState(t('cli.restore_not_empty', { folder: dataDir }))
  const bar = terminal.progress(t('cli.copying'), null)
  const note = restore(folder, dataDir, (bytes, total) =>
    bar.at(mega(bytes), t('cli.of_about', { n: mega(total ?? 0) })),
  )
  bar.end()
  terminal.err(t('cli.restore_opening'))
  const events = await terminal.installation(async (open) => {
    const { rows } = await open.db.engine.query<{ n: number }>(
      'select coalesce(sum(n), 0)::bigint as n from batches',
    )
    return rows[0]?.n ?? 0
  })
  terminal.out(t('cli.restored', { folder: dataDir, at: note.at, ...counted({ events }, t) }))
  return 0
}

export const backupCommands: Command[] = [
  { words: 'backup', operands: ['FOLDER'], flags: { json: {} }, run: runBackup },
  { words: 'restore', operands: ['FOLDER'], flags: {}, run: runRestore },
]
