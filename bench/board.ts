/** The board of a warning to 500 members among a million stored deliveries, against the bare questions without the visibility rule. */
import { homeZone } from '../src/platform/dates.ts'
import { board } from './product.ts'
import type { Figure, Options } from './report.ts'
import { compare, type Question, readerAt, unruled } from './rule.ts'
import { openStage, type Stage } from './stage.ts'

const organisations = 500
/** Each to the 500 with four messages: a million deliveries. */
const written = 500
const messages = 4
const rounds = 100
const trend = 'how quickly the sector answers, 250,000 answers of a year'

export async function measureBoard(_options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0, prefixes: 0 })
  try {
    await fill(stage)
    say(`${(organisations * written * messages).toLocaleString('en')} deliveries of ${written} warnings`)
    const free = unruled(stage)
    try {
      const compared = await compare(stage, free, await questionsOf(stage), rounds)
      for (const { name, ratio, ruled } of compared) say(`${name}: ${ratio} ×, p95 ${ruled.p95} ms`)
      return [
        {
          name: 'board',
          what: 'what the board of a warning asks, among a million deliveries, under the visibility rule against the same without it, medians; the worst',
          value: Math.max(...compared.map(({ ratio }) => ratio)),
          unit: '×',
          must: 3,
          aim: 1.5,
          smaller: true,
          detail: { organisations, written, messages, compared },
        },
        {
          name: 'board p95',
          what: 'the slowest p95 of the two questions of the page; the trend over all warnings of the year is another page',
          value: Math.max(...compared.filter(({ name }) => name !== trend).map(({ ruled }) => ruled.p95)),
          unit: 'ms',
          must: null,
          aim: 200,
          smaller: true,
        },
      ]
    } finally {
      await free.close()
    }
  } finally {
    await stage.close()
  }
}

/** Warnings of a year, published to everybody; a third has answered, a sixth is done. */
async function fill({ owner, ids, coordinator }: Stage): Promise<void> {
  await owner.query(
    `insert into organisations (name, kind, created_at, changed_at)
     select 'Nemocnice ' || n, 'hospital', now(), now() from generate_series($1::int, $2) n`,
    [ids.size + 1, organisations],
  )
  await owner.query('update organisations set readers = array[2, 1000 + 4 * id]')
  await owner.query(
    `insert into written_warnings (number, state, version, author_id, readers, readers_after, created_at, changed_at, published_at)
     select 'HSOC-2026-' || 1000 + n, 'published', 1, $2, array[2, 4], array[2, 4], at, at, at
     from (select n, now() - n * interval '17 hours' as at from generate_series(1, $1::int) n) w`,
    [written, coordinator],
  )
  await owner.query(
    `insert into written_asked (warning_id, org_id, version, asked, asked_at, answer, answered_at, first_answer_at, done_at)
     select w.id, o.id, 1, true, w.published_at, case when o.id % 6 = 0 then 'done' when o.id % 3 = 0 then 'seen' else 'pending' end,
       case when o.id % 3 = 0 then w.published_at + o.id * interval '1 minute' end,
       case when o.id % 3 = 0 then w.published_at + o.id * interval '1 minute' end,
       case when o.id % 6 = 0 then w.published_at + o.id * interval '1 hour' end
     from written_warnings w, organisations o where o.id <= $1`,
    [organisations],
  )
  await owner.query(
    `insert into deliveries (kind, topic, org_id, address, written_id, severity, state, decided_at, due_at, sent_at, opened_at, readers, unit)
     select 'new', 'written ' || w.id || ' v1', o.id, m || '@n' || o.id || '.example', w.id, 3, case when m = 4 then 'bounced' else 'sent' end,
       w.published_at, w.published_at, w.published_at, case when m = 1 then w.published_at + interval '1 hour' end, array[2, 1000 + 4 * o.id], o.id
     from written_warnings w, organisations o, generate_series(1, $2::int) m where o.id <= $1`,
    [organisations, messages],
  )
  await owner.query('vacuum analyze')
}

async function questionsOf({ owner, coordinator }: Stage): Promise<Question[]> {
  const { linesOf, toldOf, months } = await board()
  const { rows } = await owner.query<{ id: number }>(
    'select id from written_warnings order by id desc limit 1',
  )
  const id = rows[0]?.id as number // fill made it
  const actor = readerAt(coordinator, null)
  const both = (name: string, ask: Question['ask']): Question => ({ name, actor, ask, byHand: ask })
  return [
    both('where each organisation stands', (tx) => linesOf(tx, id)),
    both('to whom messages went', async (tx) =>
      (await toldOf(tx, id)).toSorted((one, other) => one.org - other.org),
    ),
    both(trend, (tx) => months(tx, homeZone, Date.now())),
  ]
}
