/** What a search costs over 1,000 organisations with 10,000 people, under the visibility rule and without it. */
import { kept, type Tx } from '../src/platform/database.ts'
import { members, people as registerOfPeople } from './product.ts'
import { personOnDuty } from './reader.ts'
import type { Figure, Options } from './report.ts'
import { type Compared, compare, type Question, readerAt, unruled } from './rule.ts'
import { openStage, type Stage } from './stage.ts'

const organisations = 1_000
const people = 10_000
const rounds = 100
const first = ['Jana', 'Růžena', 'Petr', 'Vojtěch', 'Žofie', 'Čeněk', 'Marie', 'Šimon', 'Eva', 'Ota']
const last = ['Nová', 'Dvořák', 'Ďáblík', 'Procházka', 'Říha', 'Žák', 'Veselá', 'Kučera', 'Horák', 'Němec']

export async function measureSearch(_options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0, prefixes: 0 })
  try {
    await fill(stage)
    const free = unruled(stage)
    try {
      const compared = await compare(stage, free, await questionsOf(stage), rounds)
      for (const { name, ratio, ruled } of compared) say(`${name}: ${ratio} ×, p95 ${ruled.p95} ms`)
      return figuresOf(compared)
    } finally {
      await free.close()
    }
  } finally {
    await stage.close()
  }
}

/** Organisations with an earlier name, domains and networks each, and ten people who serve each. */
async function fill({ owner, ids }: Stage): Promise<void> {
  await owner.query(
    `insert into organisations (name, kind, ico, created_at, changed_at)
     select 'Nemocnice u řeky ' || n, 'hospital', lpad(n::text, 8, '0'), now(), now() from generate_series($1::int, $2) n`,
    [ids.size + 1, organisations],
  )
  await owner.query('update organisations set readers = array[2, 1000 + 4 * id]')
  await owner.query(
    `insert into organisation_names (org_id, name, kind, added_at) select id, 'Ústav ' || id, 'earlier', now() from organisations`,
  )
  await owner.query(
    `insert into domains (org_id, domain) select id, 'ustav-' || id || '-' || d || '.example' from organisations, generate_series(1, 3) d`,
  )
  await owner.query(
    `insert into networks (org_id, net_from, net_to, text, recorded_at)
     select id, net::inet, host(broadcast(net))::inet, net::text, now() - interval '1 year'
     from organisations, lateral (select ('10.' || id / 250 || '.' || id % 250 || '.0/24')::cidr as net) n`,
  )
  await owner.query(
    `with made as (insert into people (email, name, language, created_at)
       select 'clovek' || n || '@bench.example', ($3::text[])[1 + n % 10] || ' ' || ($4::text[])[1 + n / 10 % 10] || ' ' || n, 'cs', now()
       from generate_series(1, $1::int) n returning id)
     insert into engagements (person_id, org_id, role, valid_from)
     select id, (select array_agg(o.id) from organisations o)[1 + id % $2], 'admin', now() - interval '1 year' from made`,
    [people, organisations, first, last],
  )
  await owner.query('select people_set_readers(id) from people')
  await owner.query('vacuum analyze')
}

/** The same questions, with a condition put before those that they have. */
const narrowed = (tx: Tx, table: string, condition: string): Tx => ({
  query: (asked, values) => {
    const text = typeof asked === 'string' ? asked : asked.text
    return tx.query(
      kept(text.replaceAll(`from ${table} where `, `from ${table} where ${condition} and `)),
      values,
    )
  },
})

type Ask = (tx: Tx, q: string) => Promise<unknown>

interface Readers {
  coordinator: number
  member: number
  /** The member's organisation. */
  own: number
}

/** What a coordinator types, and an administrator of one organisation, who without the rule would be asked for it. */
const asked = (
  { coordinator, member, own }: Readers,
  q: string,
  what: string,
  ask: Ask,
  table: string,
  condition: string,
): Question[] => {
  return [null, own].map((org) => ({
    name: `${what} ${q}, ${org === null ? 'as a coordinator' : 'as a member'}`,
    actor: readerAt(org === null ? coordinator : member, org),
    ask: (tx) => ask(tx, q),
    byHand: (tx) => ask(org === null ? tx : narrowed(tx, table, condition.replace('$', String(own))), q),
  }))
}

async function questionsOf(stage: Stage): Promise<Question[]> {
  const { count, list } = await members()
  const { countPeople, findPeople } = await registerOfPeople()
  const [slug, own] = stage.ids.entries().next().value as [string, number] // the stage has organisations
  const who = { coordinator: stage.coordinator, member: await personOnDuty(stage, slug), own }
  const ofOrganisations: Ask = async (tx, q) => ({ rows: await list(tx, { q }), n: await count(tx, { q }) })
  const ofPeople: Ask = async (tx, q) => ({ rows: await findPeople(tx, { q }), n: await countPeople(tx, q) })
  return [
    ...['řeky 77', 'ustav 500', 'ustav-12', '10.2.17.9', '00000321', 'nic takového'].flatMap((q) =>
      asked(who, q, 'organisations', ofOrganisations, 'organisations o', 'o.id = $'),
    ),
    ...['dablik', 'jana nova 77', 'clovek123@', 'ustav 50', 'nikdo takový', 'a'].flatMap((q) =>
      asked(
        who,
        q,
        'people',
        ofPeople,
        'people p',
        'p.id in (select person_id from engagements where org_id = $)',
      ),
    ),
  ]
}

function figuresOf(compared: Compared[]): Figure[] {
  const slowest = Math.max(...compared.map(({ ruled }) => ruled.p95))
  return [
    {
      name: 'search',
      what: 'a search over 10,000 people and 1,000 organisations under the visibility rule against the same without it, medians; the worst',
      value: Math.max(...compared.map(({ ratio }) => ratio)),
      unit: '×',
      must: 5,
      aim: 1.5,
      smaller: true,
      detail: { organisations, people, compared },
    },
    {
      name: 'search p95',
      what: 'the slowest p95 of these searches',
      value: slowest,
      unit: 'ms',
      must: null,
      aim: 50,
      smaller: true,
    },
  ]
}
