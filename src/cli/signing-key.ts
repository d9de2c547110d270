/** `hsoc signing-key`: the installation's OpenPGP key, which signs mails and what programs fetch. */
import { publicKeys, rotateSigningKey, signingKey } from '../platform/signing-key.ts'
import type { Call, Command } from './command.ts'

async function runShow(call: Call): Promise<number> {
  const { terminal } = call
  return terminal.installation(async (open) => {
    await signingKey(open.db.engine, open.config, terminal.now())
    const keys = await publicKeys(open.db.engine)
    const [present] = keys
    if (call.on('json'))
      terminal.json(
        keys.map(({ fingerprint, madeAt }) => ({ fingerprint, made: new Date(madeAt).toISOString() })),
      )
    else {
      for (const { fingerprint, madeAt } of keys)
        terminal.err(`${fingerprint} ${new Date(madeAt).toISOString().slice(0, 10)}`)
      terminal.out(present?.publicKey ?? '')
    }
    return 0
  })
}

async function runRotate(call: Call): Promise<number> {
  const { terminal, t } = call
  return terminal.installation(async (open) => {
    const wanted = { distrust: call.on('distrust') }
    const made = await rotateSigningKey(open.db, open.config, wanted, open.operator, terminal.now())
    if (call.on('json')) terminal.json({ fingerprint: made.fingerprint })
    else terminal.out(t('cli.signing_key_made', { fingerprint: made.fingerprint }))
    return 0
  })
}

export const signingKeyCommands: Command[] = [
  { words: 'signing-key show', operands: [], flags: { json: {} }, run: runShow },
  { words: 'signing-key rotate', operands: [], flags: { distrust: {}, json: {} }, run: runRotate },
]
