/** `hsoc registry`: the file by which members prove their ranges. */
import path from 'node:path'
import { loadRegistry } from '../modules/members/claims/registry/load.ts'
import { type RegistryFile, readRegistry } from '../modules/members/claims/registry/read.ts'
import { asEngine } from '../platform/database.ts'
import type { Call, Command } from './command.ts'
import { readGiven } from './members.ts'

async function load(call: Call): Promise<number> {
  const { terminal, t } = call
  const [file = ''] = call.operands
  const bytes = readGiven(file, call)
  const { rows, wrong } = readRegistry(bytes)
  if (wrong.length > 0) {
    for (const one of wrong) terminal.err(faultIn(one, call))
    terminal.err(t('cli.registry_refused'))
    return 1
  }
  if (call.on('dry-run')) {
    terminal.out(t('cli.registry_read', { ranges: rows.length }))
    return 0
  }
  return terminal.installation(async (open) => {
    const given = { name: path.basename(file), bytes, rows }
    const loaded = await asEngine(open.db, (tx) => loadRegistry(tx, given, open.operator, terminal.now()))
    terminal.out(t('cli.registry_loaded', { ...loaded }))
    return 0
  })
}

const faultIn = ({ line, fault, value }: RegistryFile['wrong'][number], { t }: Call): string =>
  t('cli.registry_line', { line, what: t(`cli.registry_fault.${fault}`, { value }) })

export const registryCommands: Command[] = [
  { words: 'registry load', operands: ['FILE'], flags: { 'dry-run': {} }, run: load },
]
