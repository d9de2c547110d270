/** `hsoc mail bounce`: a returned mail from a file, or from the pipe of the operator's mail server. */
import { createReadStream } from 'node:fs'
import { mostReturnedBytes, recipientsIn, takeReturn } from '../modules/channels/index.ts'
import { Invalid } from '../platform/errors.ts'
import type { Call, Command } from './command.ts'

/** What behind the most bytes still comes is read and left: a server whose pipe breaks would try again. */
async function readMail(call: Call, file: string): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of file === '-' ? process.stdin : createReadStream(file)) {
      size += part.length
      if (size <= mostReturnedBytes) parts.push(part)
    }
  } catch (error) {
    throw new Invalid(call.t('cli.cannot_read', { file, why: (error as NodeJS.ErrnoException).code ?? '' }))
  }
  return Buffer.concat(parts)
}

async function bounce(call: Call): Promise<number> {
  const { terminal, t } = call
  const raw = await readMail(call, call.operands[0] ?? '-')
  const to = call.text('to')
  return terminal.installation(async ({ config, db }) => {
    if (config.bounces === null) throw new Invalid(t('cli.no_bounces'))
    const given = to === undefined ? recipientsIn(raw) : [to]
    const taken = await takeReturn(db, config.bounces, { to: given, raw }, terminal.now())
    terminal.out(t(`returns.kind.${taken}`))
    return 0
  })
}

export const mailCommands: Command[] = [
  { words: 'mail bounce', operands: ['FILE'], flags: { to: { value: 'ADDRESS' } }, run: bounce },
]
