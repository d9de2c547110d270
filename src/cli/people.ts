/** `hsoc person`: what is held of somebody, handed out or erased on request. */
import { erase } from '../modules/privacy/erase.ts'
import { exportOf } from '../modules/privacy/export.ts'
import { NotFound } from '../platform/errors.ts'
import { type Call, type Command, Misuse } from './command.ts'
import type { Installation } from './terminal.ts'

/** By e-mail address, or by the number under which somebody stands once erased. */
async function numberOf(open: Installation, who: string, call: Call): Promise<number> {
  const { rows } = await open.db.engine.query<{ id: number }>(
    `select id from people where lower(email) = lower($1) or $1 ~ '^[0-9]{1,9}$' and id::text = $1`,
    [who],
  )
  const [found] = rows
  if (!found) throw new NotFound(call.t('cli.no_person', { email: who }))
  return found.id
}

async function runExport(call: Call): Promise<number> {
  const [who = ''] = call.operands
  return call.terminal.installation(async (open) => {
    const person = await numberOf(open, who, call)
    call.terminal.json(await exportOf(open.db, person, open.operator, call.terminal.now()))
    return 0
  })
}

async function runErase(call: Call): Promise<number> {
  const { terminal, t } = call
  const [who = ''] = call.operands
  if (!call.on('yes')) throw new Misuse(t('cli.person_erase_yes', { who }))
  return terminal.installation(async (open) => {
    const person = await numberOf(open, who, call)
    await erase(open.db, person, open.operator, terminal.now())
    terminal.out(t('cli.person_erased', { person: String(person) }))
    return 0
  })
}

export const personCommands: Command[] = [
  { words: 'person export', operands: ['EMAIL'], flags: {}, run: runExport },
  { words: 'person erase', operands: ['EMAIL'], flags: { yes: {} }, run: runErase },
]
