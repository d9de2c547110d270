/** Telling the people of one organisation: attempts, with their messages in the outbox; each once in a step. */
import { createHmac } from 'node:crypto'
import type { Context } from '../../platform/context.ts'
import { kept, type Tx } from '../../platform/database.ts'
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
  const [told = 0] = await tellAll(tx, secret, [{ ...telling, people }], now)
  return told
}

interface Row {
  /** Of the telling, in the order given. */
  n: number
  person: number | null
  channel: Told['channel']
  address: string
  code: string | null
  delivery: number | null
}

/** The same for several organisations with few statements; answers how many of each. */
export async function tellAll(
  tx: Tx,
  secret: Context['settings']['secret'],
  tellings: (Telling & { people: Told[] })[],
  now: number,
): Promise<number[]> {
  const rows: Row[] = []
  const messages = new Map<Row, CallMessage>()
  const codes: Codes = new Map()
  for (const [n, telling] of tellings.entries()) {
    const ranks = new Map<string, number>()
    for (const one of telling.people) {
      const rank = ranks.get(one.channel) ?? 0
      ranks.set(one.channel, rank + 1)
      const { person, channel, address } = one
      const code = channel === 'sms' ? await codeFor(tx, secret, { ...telling, ...one }, codes) : null
      const row: Row = { n, person, channel, address, code, delivery: null }
      rows.push(row)
      if (channel !== 'phone') messages.set(row, messageOf(telling, { ...one, channel, code, rank }, now))
    }
  }
  await queueAll(tx, tellings, messages, now)
  await leaveAll(tx, tellings, messages)
  return keepAttempts(tx, tellings, rows, now)
}

function messageOf(
  { broadcast, org, step, round, dueAt }: Telling,
  to: Pick<CallMessage, 'person' | 'channel' | 'address'> & { code: string | null; rank: number },
  now: number,
): CallMessage {
  const { person, channel, address, code, rank } = to
  return {
    ...{ org, person, channel, address },
    topic: `rollcall ${broadcast.id} org ${org} step ${step}.${round} ${channel}`,
    dueAt: Math.max(dueAt, now - mostLateMs) - secondMs + Math.min(rank, secondMs - 1),
    detail: {
      as: person === null ? 'contact' : 'member',
      broadcast: broadcast.id,
      step,
      ...(code ? { code } : {}),
    },
  }
}

/** The rows learn their messages in the outbox. */
async function queueAll(
  tx: Tx,
  tellings: Telling[],
  messages: Map<Row, CallMessage>,
  now: number,
): Promise<void> {
  for (const broadcast of new Map(tellings.map((one) => [one.broadcast.id, one.broadcast])).values()) {
    const own = [...messages].filter(([{ n }]) => tellings[n]?.broadcast.id === broadcast.id)
    const queued = await queueCall(
      tx,
      callOf(broadcast),
      own.map(([, message]) => message),
      now,
    )
    const ids = new Map(queued.map(({ id, topic, address }) => [`${topic} ${address}`, id]))
    for (const [row, { topic, address }] of own) row.delivery = ids.get(`${topic} ${address}`) ?? null
  }
}

/** Whom the call of a warning tells need not hear of the warning by another message. */
async function leaveAll(tx: Tx, tellings: Telling[], messages: Map<Row, CallMessage>): Promise<void> {
  for (const [n, { broadcast, org }] of tellings.entries()) {
    if (broadcast.written === null) continue
    const own = [...messages].flatMap(([row, message]) => (row.n === n ? [message] : []))
    await leaveToCall(tx, broadcast.written, {
      org,
      people: own.flatMap((one) => one.person ?? []),
      addresses: own.map((one) => one.address),
    })
  }
}

async function keepAttempts(tx: Tx, tellings: Telling[], rows: Row[], now: number): Promise<number[]> {
  const made = rows.map(({ n, ...row }) => {
    const { broadcast, org, step, round, reason } = tellings[n] as Telling // each row is of one of them
    return { ...row, broadcast: broadcast.id, org, step, round, reason }
  })
  const { rows: kepts } = await tx.query<{ broadcast: number; org: number }>(
    kept(`insert into rollcall_attempts (broadcast_id, org_id, step, round, person_id, channel, address, code, delivery_id, reason, at)
     select a.broadcast, a.org, a.step, a.round, a.person, a.channel, a.address, a.code, a.delivery, a.reason, to_timestamp($2 / 1000.0)
     from jsonb_to_recordset($1::jsonb) as a (broadcast int, org int, step int, round int, person int, channel text, address text, code text,
       delivery bigint, reason text)
     on conflict do nothing returning broadcast_id as broadcast, org_id as org`),
    [JSON.stringify(made), now],
  )
  return tellings.map(
    ({ broadcast, org }) => kepts.filter((one) => one.broadcast === broadcast.id && one.org === org).length,
  )
}

/** Crockford's base32: no I, L, O and U, which are read as other signs. */
const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Those just given and not yet kept, with whose they are. */
type Codes = Map<string, string>

/** The same at each step for a person, an organisation and a number; unlike all others open at that number (mail.md 11). */
async function codeFor(
  tx: Tx,
  secret: string,
  one: Telling & Pick<Told, 'person' | 'address'>,
  given: Codes,
): Promise<string> {
  const whose = `${one.broadcast.id} ${one.org} ${one.person}`
  for (let n = 0; ; n++) {
    const bytes = createHmac('sha256', secret).update(`roll-call ${whose} ${one.address} ${n}`).digest()
    const code = [...bytes.subarray(0, 4)].map((byte) => signs[byte % 32]).join('')
    const at = `${one.address} ${code}`
    if ((given.get(at) ?? whose) !== whose) continue
    const { rowCount } = await tx.query(
      `select 1 from rollcall_attempts a join broadcasts b on b.id = a.broadcast_id and b.state in ('approved', 'sending', 'open')
       where a.address = $1 and a.code = $2 and (a.broadcast_id, a.org_id, coalesce(a.person_id, 0)) <> ($3, $4, $5) limit 1`,
      [one.address, code, one.broadcast.id, one.org, one.person ?? 0],
    )
    if (rowCount) continue
    given.set(at, whose)
    return code
  }
}
