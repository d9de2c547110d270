/** What the visibility rule costs with 500 organisations and a million warnings, for who sees nothing, 0.2 % and all. */
import { warnings } from './product.ts'
import type { Figure, Options } from './report.ts'
import { compare, type Question, readerAt, unruled } from './rule.ts'
import { openStage, type Stage } from './stage.ts'

const organisations = 500
const rounds = 100
const monthMs = 30 * 86_400_000

export async function measureVisibility(options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0, prefixes: 0 })
  try {
    const ids = await fill(stage, options.warnings)
    say(`${options.warnings.toLocaleString('en')} warnings of ${organisations} organisations`)
    const free = unruled(stage)
    try {
      const compared = await compare(stage, free, await questionsOf(ids, stage.coordinator), rounds)
      for (const { name, ratio } of compared) say(`${name}: ${ratio} ×`)
      return [
        {
          name: 'visibility',
          what: 'a question under the visibility rule against the same without it, medians; the worst of reader and question',
          value: Math.max(...compared.map(({ ratio }) => ratio)),
          unit: '×',
          must: 1.2,
          aim: 1.1,
          smaller: true,
          detail: { warnings: options.warnings, organisations, compared },
        },
      ]
    } finally {
      await free.close()
    }
  } finally {
    await stage.close()
  }
}

interface Ids {
  /** Has one in so many of all warnings as there are organisations. */
  some: number
  /** Has none. */
  none: number
}

/** Warnings of two years, as many for each organisation, and one organisation more that has none. */
async function fill({ owner, ids }: Stage, warnings: number): Promise<Ids> {
  await owner.query(
    `insert into organisations (name, kind, created_at, changed_at)
     select 'Nemocnice ' || n, 'hospital', now(), now() from generate_series($1::int, $2) n`,
    [ids.size + 1, organisations + 1],
  )
  await owner.query('update organisations set readers = array[2, 1000 + 4 * id]')
  const { rows } = await owner.query<{ id: number }>('select id from organisations order by id')
  const all = rows.map(({ id }) => id)
  await owner.query(
    `insert into warnings (number, org_id, rule, rule_version, topic, severity, state, title, explanation, opened_at, first_at, last_at, readers, changed_at)
     select 'HSOC-D-2026-' || n, org, 'W3', 1, 'source ' || n, n % 5, 'closed', '{"words": "W3"}',
       jsonb_build_object('cls', 'attempt-login-ssh', 'events', n % 100, 'hosts', '192.0.2.' || n % 256), at, at, at,
       array[2, 1000 + 4 * org, 1001 + 4 * org, 1002 + 4 * org], at
     from (select n, ($2::int[])[1 + n % $3] as org, now() - random() * interval '730 days' as at from generate_series(1, $1::int) n) w`,
    [warnings, all.slice(0, organisations), organisations],
  )
  await owner.query(
    'insert into warning_scopes (scope, opened_at, warning_id) select s, w.opened_at, w.id from warnings w, unnest(w.readers) s order by 1, 2, 3',
  )
  await owner.query('vacuum analyze')
  return { some: all[0] as number, none: all.at(-1) as number }
}

/** The pages' two questions of a list, for each reader. */
async function questionsOf({ some, none }: Ids, coordinator: number): Promise<Question[]> {
  const { countWarnings, listWarnings } = await warnings()
  const from = Date.now() - monthMs
  return [
    { who: 'nothing', org: none },
    { who: 'a five-hundredth', org: some },
    { who: 'all', org: null },
  ].flatMap(({ who, org }) => {
    const actor = readerAt(coordinator, org)
    const mine = org === null ? {} : { org }
    return [
      {
        name: `newest 50, who sees ${who}`,
        actor,
        ask: (tx) => listWarnings(tx, {}, null),
        byHand: (tx) => listWarnings(tx, mine, null),
      },
      {
        name: `count of 30 days, who sees ${who}`,
        actor,
        ask: (tx) => countWarnings(tx, { from }),
        byHand: (tx) => countWarnings(tx, { ...mine, from }),
      },
    ] satisfies Question[]
  })
}
