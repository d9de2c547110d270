/** The second look, right before a message is handed over: an answer may have come while it waited. */
import { kept, type Queryable } from '../../platform/database.ts'
import type { Reader } from '../channels/index.ts'
import { getBroadcast } from './read.ts'
import { type Broadcast, isRunning, type OrgState } from './types.ts'

const lastStoppedBySeen = 2

interface OnItsWay {
  org: number | null
  person: number | null
  detail: Record<string, unknown>
}

/** The call, when the message is still to go; otherwise why not. */
export async function stillToSend(
  db: Queryable,
  broadcast: number,
  { org, person, detail }: OnItsWay,
  reader: Reader,
): Promise<Broadcast | { dropped: string }> {
  if (reader.as === 'member' && reader.roles.length === 0) return { dropped: 'left' }
  const call = await getBroadcast(db, broadcast)
  if (detail.cancelled === true) return call
  if (!isRunning(call)) return { dropped: 'call-over' }
  const { rows } = await db.query<{ state: OrgState; said: boolean }>(
    kept(`select r.state, exists (select 1 from rollcall_answers a where a.broadcast_id = r.broadcast_id and a.org_id = r.org_id and a.person_id = $3
       and a.code <> 'seen') as said
     from org_rollcalls r where r.broadcast_id = $1 and r.org_id = $2`),
    [broadcast, org, person],
  )
  const [line] = rows
  if (!line) return { dropped: 'call-over' }
  const step = Number(detail.step)
  const isSeen = line.state === 'acknowledged' && step >= 1 && step <= lastStoppedBySeen
  return line.state === 'answered' || line.said || isSeen ? { dropped: 'call-answered' } : call
}
