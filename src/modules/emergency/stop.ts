/** The second look, right before a message is handed over: an answer may have come while it waited. */
import { kept, type Queryable } from '../../platform/database.ts'
import { gathered } from '../../platform/gathered.ts'
import type { Reader } from '../channels/index.ts'
import { getBroadcast } from './read.ts'
import { type Broadcast, isRunning, type OrgState } from './types.ts'

const lastStoppedBySeen = 2

interface OnItsWay {
  org: number | null
  person: number | null
  detail: Record<string, unknown>
}

/** Many letters of one call are written at once. */
const callOf = gathered(async (db, asked: number[]): Promise<Broadcast[]> => {
  const calls = new Map<number, Broadcast>()
  for (const id of asked) calls.set(id, calls.get(id) ?? (await getBroadcast(db, id)))
  return asked.flatMap((id) => calls.get(id) ?? [])
})

interface Line {
  state: OrgState
  /** The person has answered, though another's answer may stand. */
  said: boolean
}

const lineOf = gathered(
  async (
    db,
    asked: { broadcast: number; org: number | null; person: number | null }[],
  ): Promise<(Line | undefined)[]> => {
    const { rows } = await db.query<Line & { n: number }>(
      kept(`select w.n::int as n, r.state, exists (select 1 from rollcall_answers a where a.broadcast_id = r.broadcast_id and a.org_id = r.org_id
         and a.person_id = w.person and a.code <> 'seen') as said
       from unnest($1::int[], $2::int[], $3::int[]) with ordinality w (broadcast, org, person, n)
         join org_rollcalls r on r.broadcast_id = w.broadcast and r.org_id = w.org`),
      [
        asked.map(({ broadcast }) => broadcast),
        asked.map(({ org }) => org),
        asked.map(({ person }) => person),
      ],
    )
    const lines = new Map(rows.map((row) => [row.n, row]))
    return asked.map((_, i) => lines.get(i + 1))
  },
)

/** The call, when the message is still to go; otherwise why not. */
export async function stillToSend(
  db: Queryable,
  broadcast: number,
  { org, person, detail }: OnItsWay,
  reader: Reader,
): Promise<Broadcast | { dropped: string }> {
  if (reader.as === 'member' && reader.roles.length === 0) return { dropped: 'left' }
  const call = await callOf(db, broadcast)
  if (detail.cancelled === true) return call
  if (!isRunning(call)) return { dropped: 'call-over' }
  const line = await lineOf(db, { broadcast, org, person })
  if (!line) return { dropped: 'call-over' }
  const step = Number(detail.step)
  const isSeen = line.state === 'acknowledged' && step >= 1 && step <= lastStoppedBySeen
  return line.state === 'answered' || line.said || isSeen ? { dropped: 'call-answered' } : call
}
