/** Everything the page of a warning shows, read as its reader in one transaction. */
import { type Actor, asActor, isCoordinator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { type Queryable, together } from '../../../platform/database.ts'
import { NotFound } from '../../../platform/errors.ts'
import { markOpened } from '../../channels/index.ts'
import { episodesOf, eventsOf, getWarning, timeline } from '../queries.ts'
import { assignable } from '../talk.ts'
import type { EpisodeRow, EventRow, TimelineItem, WarningDetail } from '../types.ts'

export interface Delivery {
  id: number
  kind: string
  state: string
  reason: string | null
  person: string | null
  address: string
  decidedAt: number
  sentAt: number | null
  openedAt: number | null
}

export interface ShowData {
  warning: WarningDetail
  log: TimelineItem[]
  episodes: EpisodeRow[]
  events: EventRow[]
  /** A further page of events exists. */
  moreEvents: boolean
  people: { id: number; name: string }[]
  deliveries: Delivery[]
  exerciseTitle: string | null
}

const eventsPerPage = 50

/** `batch-idx` of the last event shown with its time: `MILLISECONDS-BATCH-IDX`. */
export function eventCursor(given: string | undefined): { at: number; batch: number; idx: number } | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)-(\d{1,15})-(\d{1,9})$/.exec(given ?? '')
  return match ? { at: Number(match[1]), batch: Number(match[2]), idx: Number(match[3]) } : null
}

async function deliveriesOf(tx: Queryable, id: number): Promise<Delivery[]> {
  const ms = (column: string): string => `extract(epoch from d.${column})::float8 * 1000`
  const { rows } = await tx.query<Delivery & Record<string, unknown>>(
    `select d.id, d.kind, d.state, d.reason, p.name as person, d.address, ${ms('decided_at')} as "decidedAt", ${ms('sent_at')} as "sentAt",
       ${ms('opened_at')} as "openedAt"
     from deliveries d left join people p on p.id = d.person_id where d.warning_id = $1 order by d.decided_at, d.id limit 200`,
    [id],
  )
  return rows
}

async function exerciseTitleOf(tx: Queryable, id: string | null): Promise<string | null> {
  if (id === null) return null
  const { rows } = await tx.query<{ title: string }>('select title from exercises where id = $1', [id])
  return rows[0] ? `${rows[0].title} (${id})` : id
}

interface Looking {
  /** The cursor of the page of events. */
  after?: string | undefined
  /** A person has the page before its eyes: messages about the warning count as opened. */
  opens?: boolean
}

/** Throws `NotFound` when the reader does not see the warning. */
export function gather(
  context: Context,
  actor: Actor,
  id: number,
  now: number,
  { after, opens = false }: Looking = {},
): Promise<ShowData> {
  if (id < 0) throw new NotFound('There is no such warning')
  return asActor(context.db, actor, now, async (tx) => {
    const warning = await getWarning(tx, id)
    const {
      opened: _,
      events,
      ...rest
    } = await together({
      opened: opens ? markOpened(tx, 'warning', id, now) : null,
      events: eventsOf(tx, id, eventCursor(after), eventsPerPage + 1),
      log: timeline(tx, id),
      episodes: episodesOf(tx, id),
      people: warning.org !== null || isCoordinator(actor) ? assignable(tx, id) : [],
      deliveries: deliveriesOf(tx, id),
      exerciseTitle: exerciseTitleOf(tx, warning.exercise),
    })
    return {
      ...rest,
      warning,
      events: events.slice(0, eventsPerPage),
      moreEvents: events.length > eventsPerPage,
    }
  })
}
