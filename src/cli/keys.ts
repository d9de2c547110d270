/** `hsoc key`: API keys of organisations' programs, and of the coordinators'. */
import {
  addKey,
  type KeyLine,
  listKeys,
  mostDays,
  mostPerMinute,
  revokeKey,
} from '../modules/members/keys.ts'
import { asActor } from '../platform/access.ts'
import { asEngine } from '../platform/database.ts'
import type { T } from '../platform/i18n.ts'
import { keyScopes } from '../values/key-scopes.ts'
import { type Call, type Command, listed, Misuse } from './command.ts'
import { memberOf } from './figures.ts'
import { table } from './table.ts'

/** A whole number from 1 to `most`, or what stands for it when nothing was said. */
function numberOf(call: Call, flag: string, most: number, otherwise: number): number {
  const said = call.text(flag)
  if (said === undefined) return otherwise
  const number = /^\d{1,4}$/.test(said) ? Number(said) : 0
  if (number < 1 || number > most)
    throw new Misuse(call.t('cli.not_between', { flag: `--${flag}`, word: said, most }))
  return number
}

function scopesOf(call: Call): string[] {
  const said = listed(call.text('scopes'))
  const known: readonly string[] = keyScopes
  const wrong = said.find((word) => !known.includes(word))
  if (wrong !== undefined)
    throw new Misuse(call.t('cli.one_of', { flag: '--scopes', word: wrong, words: keyScopes.join(', ') }))
  return said
}

async function add(call: Call): Promise<number> {
  const { terminal, t } = call
  const [label = ''] = call.operands
  // The widest key is never made by leaving a word out.
  if (call.on('coordinators') === (call.text('member') !== undefined)) throw new Misuse(t('cli.key_for_whom'))
  const scopes = scopesOf(call)
  const days = numberOf(call, 'days', mostDays, 180)
  const perMinute = numberOf(call, 'per-minute', mostPerMinute, 60)
  return terminal.installation(async (open) => {
    const org = await memberOf(call, open)
    const wanted = { org, label, scopes, days, perMinute }
    const { id, key, expiresAt } = await asEngine(open.db, (tx) =>
      addKey(tx, wanted, open.operator, terminal.now()),
    )
    const until = new Date(expiresAt).toISOString()
    if (call.on('json')) terminal.json({ id, key, until })
    else {
      terminal.err(t('cli.key_added', { id, label, until }))
      terminal.out(key)
    }
    return 0
  })
}

const shown = (key: KeyLine) => ({
  id: key.id,
  label: key.label,
  member: key.orgName,
  scopes: key.scopes,
  per_minute: key.perMinute,
  made_by: key.madeBy,
  until: new Date(key.expiresAt).toISOString(),
  revoked_at: key.revokedAt === null ? null : new Date(key.revokedAt).toISOString(),
  last_used_on: key.lastUsedOn,
  uses: key.uses,
})

async function list(call: Call): Promise<number> {
  const { terminal, t } = call
  const now = terminal.now()
  const rows = await terminal.installation((open) =>
    asActor(open.db, open.operator, now, (tx) => listKeys(tx, now)),
  )
  if (call.on('json')) terminal.json(rows.map(shown))
  else if (rows.length === 0) terminal.out(t('cli.no_keys'))
  else
    terminal.out(
      table(
        [
          t('cli.col.number'),
          t('cli.col.device'),
          t('cli.col.member'),
          t('cli.col.scopes'),
          t('cli.col.until'),
          t('cli.col.used'),
        ],
        rows.map((row) => [
          String(row.id),
          row.label,
          row.orgName ?? t('cli.coordinators'),
          row.scopes.join(','),
          endOf(row, now, t),
          row.lastUsedOn,
        ]),
      ),
    )
  return 0
}

const endOf = (key: KeyLine, now: number, t: T): string => {
  if (key.revokedAt !== null) return t('cli.key_is_revoked')
  const end = new Date(key.expiresAt).toISOString().slice(0, 10)
  return key.expiresAt <= now ? t('cli.key_is_over', { end }) : end
}

async function revoke(call: Call): Promise<number> {
  const { terminal, t } = call
  const [id = ''] = call.operands
  if (!/^\d{1,9}$/.test(id)) throw new Misuse(t('cli.not_key', { word: id }))
  return terminal.installation(async (open) => {
    await asEngine(open.db, (tx) => revokeKey(tx, Number(id), open.operator, terminal.now()))
    terminal.out(t('cli.key_revoked', { id }))
    return 0
  })
}

export const keyCommands: Command[] = [
  {
    words: 'key add',
    operands: ['LABEL'],
    flags: {
      scopes: { value: 'SCOPE,…', needed: true },
      member: { value: 'NAME' },
      coordinators: {},
      days: { value: 'DAYS' },
      'per-minute': { value: 'N' },
      json: {},
    },
    run: add,
  },
  { words: 'key list', operands: [], flags: { json: {} }, run: list },
  { words: 'key revoke', operands: ['NUMBER'], flags: {}, run: revoke },
]
