/** Messages of a roll-call: put into the outbox and kept back there by the module that leads it. */
import { kept, type Tx } from '../../platform/database.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'

export interface CallMessage {
  org: number
  /** Null: the contact address of the organisation. */
  person: number | null
  channel: 'mail' | 'sms' | 'push'
  address: string
  /** The same is never queued twice for one address. */
  topic: string
  /** Milliseconds since 1970: earlier ones are handed over first. */
  dueAt: number
  detail: Record<string, unknown>
}

export interface Call {
  broadcast: number
  /** 4 for what is real, less for a drill or test. */
  severity: number
  rush: boolean
}

/** Queues messages and answers their numbers by topic and address; what was queued before is left out. */
export async function queueCall(
  tx: Tx,
  call: Call,
  messages: CallMessage[],
  now: number,
): Promise<{ id: number; topic: string; address: string }[]> {
  if (messages.length === 0) return []
  const { rows } = await tx.query<{ id: number; topic: string; address: string }>(
    kept(`insert into deliveries (channel, kind, topic, person_id, org_id, address, broadcast_id, severity, rush, detail, decided_at, due_at, readers, unit)
     select m.channel, 'rollcall', m.topic, m.person, m.org, m.address, $2, $3, $4, m.detail, to_timestamp($5 / 1000.0), to_timestamp(m."dueAt" / 1000.0),
       m.readers, m.org
     from jsonb_to_recordset($1::jsonb) as m (org int, person int, channel text, address text, topic text, "dueAt" float8, detail jsonb, readers int[])
     on conflict (topic, address) do nothing returning id, topic, address`),
    [
      JSON.stringify(messages.map((one) => ({ ...one, readers: [COORDINATORS, readersOfOrg(one.org)] }))),
      call.broadcast,
      call.severity,
      call.rush,
      now,
    ],
  )
  await tx.query(`select announce('outbox', '')`)
  return rows
}

/** What waits of a warning for those whom its call tells now: one word is enough. */
export async function leaveToCall(
  tx: Tx,
  written: number,
  told: { org: number; addresses: string[]; people: number[] },
): Promise<void> {
  await tx.query(
    `update deliveries set state = 'dropped', reason = 'rollcall' where written_id = $1 and org_id = $2 and state = 'queued' and kind in ('new', 'update')
       and channel <> 'webhook' and (person_id = any ($3) or address = any ($4))`,
    [written, told.org, told.people, told.addresses],
  )
}

/** What has not gone out stays here. */
export async function stopCall(tx: Tx, broadcast: number, reason: string): Promise<void> {
  await tx.query(
    `update deliveries set state = 'dropped', reason = $2 where broadcast_id = $1 and state = 'queued'`,
    [broadcast, reason],
  )
}
