/** The events that make an episode. */
import type { Tx } from '../../../platform/database.ts'
import type { Episode } from './episodes.ts'
import { cursorOf, type Listed, type Place, paged, pageSize, readCursor, wholeNumber } from './keyset.ts'

export interface EpisodeEvent {
  batch: number
  idx: number
  at: string
  class: string
  verdict: number
  severity: number
  host: string | null
  peer: string | null
  port: number | null
  detector: string | null
}

type Raw = EpisodeEvent & Record<string, unknown>

/** One page of the episode's events, newest first; all of them together are the episode's count. */
export async function episodeEvents(
  tx: Tx,
  episode: Episode,
  place: Place = {},
  limit = pageSize,
): Promise<Listed<EpisodeEvent>> {
  const backwards = place.newer !== undefined
  const cursor = readCursor(place.newer ?? place.older, 3)
  const direction = backwards ? 'asc' : 'desc'
  const { from, parameters } = rowsOf(episode, episode.org === 0 && (await hasMoreKeys(tx, episode)))
  const { rows } = await tx.query<Raw>(
    `select e.batch_id as batch, e.idx, to_char(e.detected_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, e.class, e.verdict, e.severity,
       e.host, e.peer, e.port, d.name as detector
     from (${from}) e left join detectors d on d.id = e.detector_id
     ${cursor ? `where (e.detected_at, e.batch_id, e.idx) ${backwards ? '>' : '<'} ($8::timestamptz, $9::bigint, $10::int)` : ''}
     order by e.detected_at ${direction}, e.batch_id ${direction}, e.idx ${direction} limit ${limit + 1}`,
    [...parameters, ...(cursor ? [cursor[0], wholeNumber(cursor[1]), wholeNumber(cursor[2])] : [])],
  )
  return paged(rows, place, limit, (row) => cursorOf(row.at, row.batch, row.idx), episode.events)
}

function rowsOf(episode: Episode, moreKeys: boolean): { from: string; parameters: unknown[] } {
  const hour = (iso: string): number => Math.floor(Date.parse(iso) / 3_600_000)
  const parameters = [
    episode.key,
    episode.lane,
    episode.exercise,
    episode.family,
    hour(episode.first_at),
    hour(episode.last_at),
    [episode.org, episode.side],
  ]
  const same = `lane = $2 and exercise is not distinct from $3 and c.family = $4 and hour between $5 and $6`
  if (episode.org === 0)
    return {
      parameters,
      from: `select batch_id, idx, detected_at, c.name as class, verdict, severity, host(target) as host, null::text as peer, port, detector_id
        from events join classes c on c.id = class_id where ${moreKeys ? '(key_id = $1 or $1 = any (more_keys))' : 'key_id = $1'} and ${same} and $7::int[] is not null`,
    }
  return {
    parameters,
    from: `select batch_id, idx, detected_at, c.name as class, verdict, severity, host(host) as host, host(peer) as peer, port, detector_id
      from matches join classes c on c.id = class_id where org_id = ($7::int[])[1] and side = ($7::int[])[2] and key_id = $1 and ${same}`,
  }
}

async function hasMoreKeys(tx: Tx, episode: Episode): Promise<boolean> {
  const { from, parameters } = rowsOf(episode, false)
  const { rows } = await tx.query<{ n: number }>(`select count(*)::int as n from (${from}) e`, parameters)
  return rows[0]?.n !== episode.events
}
