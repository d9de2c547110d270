import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../test/belongings.ts'
import { createDatabase, type TestDatabase, tuesday } from '../../test/harness.ts'
import { reckonDue } from '../modules/duty/index.ts'
import { lastCallOf } from '../modules/emergency/index.ts'
import { newcomers } from '../modules/joining/first-hour.ts'
import { plan } from '../modules/site/plan-read.ts'
import { asReader } from '../platform/access.ts'
import { actorOf } from './actors.ts'
import { fill } from './fill.ts'

let db: TestDatabase
let stop: () => Promise<void>
const counted = async (): Promise<Record<string, number>> => {
  const { rows } = await db.engine.query<{ counts: Record<string, number> }>(
    `select json_build_object(${[
      ...[
        'organisations',
        'people',
        'engagements',
        'memorandum_versions',
        'signatures',
        'site_pages',
        'site_versions',
      ],
      ...[
        'site_occasions',
        'site_showings',
        'plan_goals',
        'plan_actions',
        'plan_updates',
        'plan_date_changes',
        'seats',
      ],
      ...[
        'group_moderators',
        'claims',
        'applications',
        'invitations',
        'contact_points',
        'contact_attestations',
        'sensors',
        'assets',
        'asset_sums',
      ],
      ...[
        'sharing_acceptances',
        'audit',
        'advisories',
        'advisory_versions',
        'advisory_sources',
        'blocklist_items',
        'blocklist_entries',
        'blocklist_fetches',
        'blocklist_devices',
        'duty_schedules',
        'duty_simple',
        'broadcasts',
        'rollcall_answers',
        'written_warnings',
        'written_answers',
        'written_indicators',
        'deliveries',
      ],
    ]
      .map((table) => `'${table}', (select count(*) from ${table})`)
      .join(', ')}) as counts`,
  )
  return rows[0]?.counts ?? {}
}

beforeAll(async () => {
  db = await createDatabase()
  const opened = contextOf(db)
  stop = opened.stop
  await fill(opened.context, { password: null, secret: 'x'.repeat(32) }, tuesday)
})
afterAll(async () => {
  await stop()
  await db.drop()
})

const one = async <Row>(sql: string): Promise<Row> => {
  const { rows } = await db.engine.query<Row & Record<string, unknown>>(sql)
  return rows[0] as Row // each question below answers one row
}

describe('what the demonstration is filled with', () => {
  it('has two versions of the memorandum; a date is missing, an organisation has two signatories, a person two organisations', async () => {
    expect(
      await one(`select count(*)::int as signatures, count(*) filter (where signed_on is null)::int as undated,
        (select count(*)::int from memorandum_versions where published_at is not null) as versions,
        (select max(n)::int from (select count(*) as n from signatures group by org_id, version_id) s) as "ofOne",
        (select max(n)::int from (select count(distinct org_id) as n from signatures group by signatory_name) s) as "byOne" from signatures`),
    ).toEqual({ signatures: 12, undated: 2, versions: 2, ofOne: 2, byOne: 2 })
  })

  it('has three news that are out and one planned, in both languages', async () => {
    expect(
      await one(`select count(*) filter (where v.publish_at <= to_timestamp(${tuesday} / 1000.0))::int as out,
        count(*) filter (where v.publish_at > to_timestamp(${tuesday} / 1000.0))::int as planned
        from site_versions v join site_pages p on p.id = v.page_id where p.kind = 'news'`),
    ).toEqual({ out: 6, planned: 2 })
  })

  it('has an event behind it, two to come, and a training', async () => {
    expect(
      await one(`select count(*) filter (where kind = 'event' and ends_at < to_timestamp(${tuesday} / 1000.0))::int as past,
        count(*) filter (where kind = 'event' and starts_at > to_timestamp(${tuesday} / 1000.0))::int as coming,
        count(*) filter (where kind = 'training')::int as trainings from site_occasions`),
    ).toEqual({ past: 1, coming: 2, trainings: 1 })
  })

  it('has a plan of which a step slipped, with its reason in both languages, and one is done with evidence', async () => {
    const goals = await asReader(db, null, tuesday, (tx) => plan(tx, tuesday, 'Europe/Prague'))
    const actions = goals.flatMap((goal) => goal.actions)
    const slipped = actions.filter((action) => action.dateChanges.length > 0)
    expect(slipped).toHaveLength(1)
    expect(slipped[0]?.dateChanges[0]?.reason).toMatchObject({
      cs: expect.stringMatching(/./),
      en: expect.stringMatching(/./),
    })
    expect(actions.filter((action) => action.status === 'done')).toHaveLength(1)
    expect(new Set(actions.map(({ status }) => status))).toEqual(
      new Set(['planned', 'running', 'done', 'stopped']),
    )
  })

  it('shows some members on the map and not others', async () => {
    const { shown, all } = await one<{ shown: number; all: number }>(
      `select (select count(*)::int from site_showings) as shown, count(*)::int as all from organisations`,
    )
    expect(shown).toBe(16)
    expect(all).toBeGreaterThan(40)
  })

  it('leaves something to decide: an address of two, an application, two requests for a seat', async () => {
    expect(
      await one(`select (select count(*)::int from claims where state = 'asked' and contested) as contested,
        (select count(*)::int from claims where state = 'asked' and not contested) as unproved,
        (select count(*)::int from applications where state = 'applied' and confirmed_at is not null) as applied,
        (select count(*)::int from seats where state = 'asked') as asked, (select count(*)::int from seats where state = 'held') as held,
        (select count(*)::int from contact_attestations) as attested`),
    ).toEqual({ contested: 1, unproved: 1, applied: 2, asked: 2, held: 5, attested: 6 })
  })

  it('has a drill that runs, with answers, silence and a call for help, one that is over and a call to release', async () => {
    const { rows } = await db.engine.query('select class, state from broadcasts order by id')
    expect(rows).toEqual([
      { class: 'drill', state: 'closed' },
      { class: 'drill', state: 'open' },
      { class: 'emergency', state: 'draft' },
    ])
    const lines = await one<Record<string, number>>(
      `select count(*) filter (where r.state = 'answered')::int as answered, count(*) filter (where r.answer = '3')::int as help,
         count(*) filter (where r.conflict)::int as conflicts, count(*) filter (where r.state = 'pending')::int as silent
       from org_rollcalls r join broadcasts b on b.id = r.broadcast_id where b.state = 'open'`,
    )
    expect(lines).toMatchObject({ help: 1, conflicts: 1 })
    for (const n of [lines.answered, lines.silent]) expect(n).toBeGreaterThan(4)
  })

  it('has organisations that are reached well, fairly and not at all', async () => {
    await reckonDue(db, 'Europe/Prague', tuesday + 60_000, lastCallOf('Europe/Prague'))
    const bands = await one(
      `select count(*) filter (where score >= 80)::int as good, count(*) filter (where score between 50 and 79)::int as fair,
         count(*) filter (where score between 1 and 49)::int as poor, count(*) filter (where score = 0)::int as nothing from reach_scores`,
    )
    for (const n of Object.values(bands as object)) expect(n).toBeGreaterThan(3)
  })

  it('has written warnings that were answered, the newest with indicators, and one to look at', async () => {
    const { rows } = await db.engine.query(
      `select w.number is not null as numbered, (select count(*)::int from written_indicators i where i.warning_id = w.id and i.state = 'confirmed') as indicators,
         (select count(*) > 5 from written_asked a where a.warning_id = w.id and a.answer <> 'pending') as answered from written_warnings w order by w.id`,
    )
    const told = { numbered: true, answered: true }
    expect(rows).toEqual([
      { ...told, indicators: 0 },
      { ...told, indicators: 0 },
      { ...told, indicators: 5 },
      { numbered: false, answered: false, indicators: 0 },
    ])
  })

  it('writes to nobody who exists: all addresses are of .example', async () => {
    expect(
      await one(`select (select count(*)::int from people where email not like '%.example') as people,
        (select count(*)::int from deliveries where channel = 'mail' and address not like '%.example') as mails,
        (select count(*)::int from contact_points where channel in ('phone', 'sms') and value not like '+420555%') as numbers`),
    ).toEqual({ people: 0, mails: 0, numbers: 0 })
  })

  it('has one newcomer: whoever was there from the beginning is none', async () => {
    const coordinator = await actorOf(db, 'koordinator@csirt.hsoc.example', tuesday)
    const found = await asReader(db, coordinator, tuesday, (tx) => newcomers(tx, tuesday))
    expect(found.map(({ name }) => name)).toEqual(['Nemocnice Nová Naděje'])
  })

  it('is not doubled by a second run, a day later', async () => {
    const before = await counted()
    const { context, stop: end } = contextOf(db)
    await fill(context, { password: null, secret: 'x'.repeat(32) }, tuesday + 86_400_000)
    await end()
    expect(await counted()).toEqual(before)
  })
})
