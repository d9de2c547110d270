/** What the bytes give now, put beside what is stored, in the columns that the intake writes; and what differs, put right. */
import type { Tx } from '../../platform/database.ts'
import { eventColumns, matchColumns } from './columns.ts'
import { onlyThese } from './condense.ts'
import type { Dictionary } from './dictionary.ts'
import { intern } from './intake.ts'
import { example, type Work } from './rebuild-work.ts'
import type { StoredEvent } from './reread.ts'
import { flagBits, type Understood } from './understand.ts'

const eventRow = `batch_id bigint, idx int, detector_id int, detected_at timestamptz, hour int, lane smallint, archive boolean, matched boolean,
  class_id int, severity smallint, verdict smallint, share int, weight int, key_id int, more_keys int[], target inet, port int, flags int, exercise text`

const matchRow = `org_id int, batch_id bigint, idx int, side smallint, class_id int, key_id int, hour int, detected_at timestamptz, lane smallint,
  archive boolean, severity smallint, verdict smallint, share int, weight int, sensor_id int, detector_id int, network_id int, host inet, peer inet,
  port int, flags int, exercise text`

const namesIn = (row: string): string[] => row.split(',').map((part) => part.trim().split(' ')[0] ?? '')

const matchColumnNames = namesIn(matchRow)

/** Puts what the bytes give now beside what is stored, in tables of this transaction, in the columns that the intake writes. */
export async function place(
  tx: Tx,
  dictionary: Dictionary,
  read: { event: StoredEvent; understood: Understood }[],
): Promise<void> {
  await tx.query('drop table if exists again_events, again_matches')
  await tx.query(`create temp table again_events (${eventRow}) on commit drop`)
  await tx.query(`create temp table again_matches (${matchRow}) on commit drop`)
  const understood = read.map((one) => one.understood)
  await intern(dictionary, understood)
  const columns = eventColumns(understood, dictionary)
  const parts = matchColumns(understood, dictionary)
  const at = [read.map((one) => one.event.batch_id), read.map((one) => one.event.idx)]
  await tx.query(
    `insert into again_events
     select b, i, u.detector, to_timestamp(u.detected), u.hour, u.lane, u.archive, u.matched, u.class, u.severity, u.verdict, u.share, u.weight,
       u.source, u.more::int[], u.target, u.port, u.flags, u.exercise
     from unnest($1::bigint[], $2::int[], $3::int[], $4::float8[], $5::int[], $6::int[], $7::boolean[], $8::boolean[], $9::int[], $10::int[], $11::int[],
       $12::int[], $13::int[], $14::int[], $15::text[], $16::inet[], $17::int[], $18::int[], $19::text[])
       as u (b, i, detector, detected, hour, lane, archive, matched, class, severity, verdict, share, weight, source, more, target, port, flags, exercise)`,
    [...at, ...columns.slice(1, 18)],
  )
  await tx.query(
    `insert into again_matches
     select m.org, e.batch_id, e.idx, m.side, m.class, m.source, e.hour, e.detected_at, e.lane, e.archive, m.severity, e.verdict, e.share, e.weight,
       s.sensor_id, e.detector_id, m.network, m.host, m.peer, e.port, e.flags, e.exercise
     from unnest($1::int[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::inet[], $9::inet[])
       as m (at, org, side, class, source, severity, network, host, peer)
     join unnest($10::bigint[], $11::int[]) with ordinality as p (b, i, at) on p.at = m.at
     join again_events e on e.batch_id = p.b and e.idx = p.i join batches s on s.id = p.b`,
    [...parts, ...at],
  )
  await tx.query('analyze again_events, again_matches')
}

/** Marks that tell how an event came, not what it means: they stay as they were. */
const arrival = flagBits.conflict | flagBits.repaired

const comparedEvent = namesIn(eventRow).filter((name) => !['batch_id', 'idx', 'flags'].includes(name))

const comparedMatch = matchColumnNames.filter((name) => name !== 'flags')

const list = (alias: string, columns: string[]): string =>
  columns.map((column) => `${alias}.${column}`).join(', ')

/** Finds the events that differ, or whose matches do, and unless it is a check puts them right. */
export async function settle(tx: Tx, work: Work): Promise<void> {
  await tx.query(onlyThese)
  await tx.query('drop table if exists to_change')
  await tx.query(
    `create temp table to_change on commit drop as
     select a.batch_id, a.idx from again_events a join events e on e.batch_id = a.batch_id and e.idx = a.idx
     where (${list('a', comparedEvent)}, a.flags & ~${arrival}) is distinct from (${list('e', comparedEvent)}, e.flags & ~${arrival})
     union
     select batch_id, idx from (
       (select ${list('a', comparedMatch)} from again_matches a
        except all select ${list('m', comparedMatch)} from matches m join again_events e on e.batch_id = m.batch_id and e.idx = m.idx)
       union all
       (select ${list('m', comparedMatch)} from matches m join again_events e on e.batch_id = m.batch_id and e.idx = m.idx
        except all select ${list('a', comparedMatch)} from again_matches a)) d`,
  )
  const { rows } = await tx.query<{ batch_id: number; idx: number; n: number }>(
    'select batch_id, idx, (select count(*)::int from to_change) as n from to_change order by 1, 2 limit 10',
  )
  work.result.differing.events += rows[0]?.n ?? 0
  for (const row of rows) example(work, `event ${row.batch_id}/${row.idx} is understood differently now`)
  if (rows.length > 0 && !work.options.check) await rewrite(tx)
}

async function rewrite(tx: Tx): Promise<void> {
  const set = comparedEvent.map((column) => `${column} = a.${column}`).join(', ')
  await tx.query(
    `update events e set ${set}, flags = (a.flags & ~${arrival}) | (e.flags & ${arrival})
     from again_events a join to_change c on c.batch_id = a.batch_id and c.idx = a.idx where e.batch_id = a.batch_id and e.idx = a.idx`,
  )
  await tx.query('delete from matches m using to_change c where m.batch_id = c.batch_id and m.idx = c.idx')
  await tx.query(
    `insert into matches (${matchColumnNames.join(', ')})
     select ${matchColumnNames.map((name) => (name === 'flags' ? 'e.flags' : `a.${name}`)).join(', ')}
     from again_matches a join to_change c on c.batch_id = a.batch_id and c.idx = a.idx
     join events e on e.batch_id = a.batch_id and e.idx = a.idx`,
  )
}
