/** Telling the people of one organisation: attempts, with their messages in the outbox; each once in a step. */
import { createHmac } from 'node:crypto'
import type { Context } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { type Call, type CallMessage, leaveToCall, queueCall } from '../channels/index.ts'
import type { Broadcast } from './types.ts'
import type { Told } from './whom.ts'

/** A late worker does not make messages that are too old to go out. */
const mostLateMs = 10 * 60_000
/** The order of an organisation's people lies within the second before the step, so that nothing waits for its turn. */
const secondMs = 1_000

export const callOf = (broadcast: Pick<Broadcast, 'id' | 'class'>): Call => ({
  broadcast: broadcast.id,
  severity: broadcast.class === 'emergency' || broadcast.class === 'warning' ? 4 : 3,
  rush: broadcast.class === 'emergency',
})

export interface Telling {
  broadcast: Pick<Broadcast, 'id' | 'class' | 'written'>
  org: number
  step: number
  round: number
  /** Since when it is due: the first of each organisation go before the second of any. */
  dueAt: number
  reason?: string
}

/** Answers how many were told that were not before in this step. */
export async function tell(
  tx: Tx,
  secret: Context['settings']['secret'],
  telling: Telling,
  people: Told[],
  now: number,
): Promise<number> {
  const { broadcast, org, step, round } = telling
  const base = Math.max(telling.dueAt, now - mostLateMs)
  const ranks = new Map<string, number>()
  const messages: (CallMessage & { code: string | null })[] = []
  for (const one of people) {
    if (one.channel === 'phone') continue
    const rank = ranks.get(one.channel) ?? 0
    ranks.set(one.channel, rank + 1)
    const code = one.channel === 'sms' ? await codeFor(tx, secret, { ...telling, ...one }) : null
    messages.push({
      ...{ org, person: one.person, channel: one.channel, address: one.address, code },
      topic: `rollcall ${broadcast.id} org ${org} step ${step}.${round} ${one.channel}`,
      dueAt: base - secondMs + Math.min(rank, secondMs - 1),
      detail: {
        as: one.person === null ? 'contact' : 'member',
        broadcast: broadcast.id,
        step,
        ...(code ? { code } : {}),
      },
    })
  }
  const queued = await queueCall(
    tx,
    callOf(broadcast),
    messages.map(({ code: _, ...message }) => message),
    now,
  )
  if (broadcast.written !== null)
    await leaveToCall(tx, broadcast.written, {
      org,
      people: messages.flatMap((one) => one.person ?? []),
      addresses: messages.map((one) => one.address),
    })
  const rows = people.map((one) => {
    const message = messages.find(
      (m) => m.channel === one.channel && m.address === one.address && m.person === one.person,
    )
    return {
      person: one.person,
      channel: one.channel,
      address: one.address,
      code: message?.code ?? null,
      delivery: queued.find((q) => q.topic === message?.topic && q.address === one.address)?.id ?? null,
    }
  })
  const { rowCount } = await tx.query(
    `insert into rollcall_attempts (broadcast_id, org_id, step, round, person_id, channel, address, code, delivery_id, reason, at)
     select $1, $2, $3, $4, a.person, a.channel, a.address, a.code, a.delivery, $6, to_timestamp($7 / 1000.0)
     from jsonb_to_recordset($5::jsonb) as a (person int, channel text, address text, code text, delivery bigint)
     on conflict do nothing`,
    [broadcast.id, org, step, round, JSON.stringify(rows), telling.reason ?? null, now],
  )
  return rowCount ?? 0
}

/** Crockford's base32: no I, L, O and U, which are read as other signs. */
const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The same at each step for a person, an organisation and a number; unlike all others open at that number (mail.md 11). */
async function codeFor(
  tx: Tx,
  secret: string,
  one: Telling & Pick<Told, 'person' | 'address'>,
): Promise<string> {
  for (let n = 0; ; n++) {
    const bytes = createHmac('sha256', secret)
      .update(`roll-call ${one.broadcast.id} ${one.org} ${one.person} ${one.address} ${n}`)
      .digest()
    const code = [...bytes.subarray(0, 4)].map((byte) => signs[byte % 32]).join('')
    const { rowCount } = await tx.query(
      `select 1 from rollcall_attempts a join broadcasts b on b.id = a.broadcast_id and b.state in ('approved', 'sending', 'open')
       where a.address = $1 and a.code = $2 and (a.broadcast_id, a.org_id, coalesce(a.person_id, 0)) <> ($3, $4, $5) limit 1`,
      [one.address, code, one.broadcast.id, one.org, one.person ?? 0],
    )
    if (!rowCount) return code
  }
}
