/** What one hospital owns, with names that must never be seen by another, and the means to sign people in. */

import { fileURLToPath } from 'node:url'
import { condenseAll } from '../src/modules/events/condense.ts'
import { openIntake } from '../src/modules/events/intake.ts'
import { add, enabled } from '../src/modules/events/sensors.ts'
import { loadRegister } from '../src/modules/members/register.ts'
import { propose } from '../src/modules/warnings/propose.ts'
import type { Actor } from '../src/platform/access.ts'
import { channels, openBus } from '../src/platform/bus.ts'
import type { Context } from '../src/platform/context.ts'
import { begin, hashToken } from '../src/platform/sessions.ts'
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'
import { testSecret } from './postgres-setup.ts'

export interface Belongings {
  /** By kind of object, then by parameter name (`id` serves any name). */
  ids: Record<string, Record<string, string>>
  samples(sample: Record<string, unknown>): Record<string, unknown>
  /** Texts that only the owner and coordinators may ever see. */
  canaries: string[]
  source: string
  sensorName: string
}

/** A context on a test database, with a clock that stands at Tuesday unless moved. */
export function contextOf(
  db: TestDatabase,
  clock: () => number = () => tuesday + 60_000,
): { context: Context; stop(): Promise<void> } {
  const bus = openBus(db.listenUrl, [...channels])
  const context: Context = {
    db,
    bus,
    log: {
      info: () => {},
      warn: () => {},
      error: (fields, message) =>
        process.stderr.write(`${message ?? ''} ${String((fields as { err?: Error }).err?.stack ?? '')}\n`),
    },
    settings: {
      baseUrl: 'https://hsoc.example',
      contacts: ['mailto:csirt@hsoc.example', 'https://hsoc.example/cs/kontakt'],
      pgpKeyFile: fileURLToPath(new URL('./fixtures/csirt-key.asc', import.meta.url)),
      zone: 'Europe/Prague',
      secret: testSecret,
      coordinatorPhone: '+420 555 010 000',
      listsDir: null,
      rawDays: 90,
      demo: false,
    },
    clock,
  }
  return { context, stop: () => bus.close() }
}

/** Signs somebody in without a password. */
export async function cookieOf(context: Context, actor: Actor): Promise<{ cookie: string; csrf: string }> {
  const token = await begin(context, actor.person, { address: '127.0.0.1', agent: 'test' }, context.clock())
  const { rows } = await context.db.engine.query<{ csrf: string }>(
    'select csrf from sessions where token_hash = $1',
    [hashToken(token)],
  )
  return { cookie: `hsoc_session=${token}; lang=cs`, csrf: rows[0]?.csrf as string }
}

/** One of everything for a hospital: sensor, events that got through, detections, episodes, a warning with notes, a delivery, a refusal sample. */
export async function seedBelongings(
  db: TestDatabase,
  hospital: Hospital,
  mark: 'ours' | 'theirs',
): Promise<Belongings> {
  const own = mark === 'ours' ? '192.0.2.10' : '192.0.2.200'
  const source = mark === 'ours' ? '203.0.113.10' : '203.0.113.20'
  const sensorName = `cz.hsoc.${mark}_canary.ids`
  await add(
    db.engine,
    { name: sensorName, member: hospital.name, rights: ['write', 'read'], secret: true, certCn: null },
    testSecret,
    tuesday,
  )
  const sensor = (await enabled(db.engine)).find((s) => s.name === sensorName)
  if (!sensor) throw new Error('the sensor was not made')
  const register = await loadRegister(db.engine)
  const ideas = [0, 1, 2].map((n) => ({
    Format: 'IDEA0',
    ID: `${mark}-canary-event-${n}`,
    DetectTime: new Date(tuesday + n * 1000).toISOString(),
    Category: ['Attempt.Exploit'],
    Description: `${mark}-canary-description`,
    Source: [{ IP4: [source] }],
    Target: [{ IP4: [own], Port: [443], Proto: ['tcp'] }],
    Node: [{ Name: sensorName, Type: ['Content'] }],
    _HSOC: { Verdict: 'passed' },
  }))
  const parts = ideas.map((idea) => Buffer.from(JSON.stringify(idea)))
  let off = 0
  const items = ideas.map((idea, i) => {
    const len = (parts[i] as Buffer).length
    off += len
    return { idea, off: off - len, len }
  })
  await openIntake(db, () => register).store({
    sensor,
    format: 'idea',
    receivedMs: tuesday + 5_000,
    bytes: Buffer.concat(parts),
    items,
    account: { refused: 1, reasons: { '460 ID: letters': 1 } },
  })
  await condenseAll(db, 'Europe/Prague', tuesday + 10_000)
  const one = async (sql: string, values: unknown[] = []): Promise<string> =>
    String(Object.values((await db.engine.query(sql, values)).rows[0] as object)[0])
  await db.engine.query(
    `insert into rejects (sensor_id, at, format, line, event_id, code, reason, sample) values ($1, to_timestamp($2 / 1000.0), 'idea', 1, 'x', 460, 'ID', $3)`,
    [sensor.id, tuesday, Buffer.from(`{"ID":"${mark}-canary-reject"}`)],
  )
  const episode = await one('select id from episodes where org_id = $1 order by id limit 1', [hospital.id])
  const batch = await one('select batch_id from matches where org_id = $1 limit 1', [hospital.id])
  const scope = 1000 + 4 * hospital.id
  await propose(db, tuesday + 20_000)
  const warning = await one('select id from warnings where org_id = $1 order by id limit 1', [hospital.id])
  await db.engine.query(
    `insert into warning_log (warning_id, at, kind, detail) values ($1, to_timestamp($2 / 1000.0), 'note', $3)`,
    [warning, tuesday, { text: `${mark}-canary-note` }],
  )
  const delivery = await one(
    `insert into deliveries (kind, topic, org_id, address, warning_id, severity, decided_at, due_at, readers)
     values ('new', $1, $2, $3, $4, 3, to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0) + interval '10 years', array[2, $6::int]) returning id`,
    [`warning:${warning}`, hospital.id, `${mark}-canary@people.example`, warning, tuesday, scope],
  )
  await db.engine.query(
    `insert into credibility (detector_id, class_id, org_id, good, bad, lowered, changed_at) values (1, 1, $1, 0, 6, true, to_timestamp($2 / 1000.0))`,
    [hospital.id, tuesday],
  )
  const site = await seedSite(db, mark)
  const owner = await ownerOf(db, hospital, mark)
  const test = await one(
    `insert into announced_tests (org_id, net_from, net_to, text, starts_at, ends_at, note, announced_by, announced_at)
     values ($1, $2::inet, $2::inet, $3, to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0) + interval '1 day', $5, $6, to_timestamp($4 / 1000.0)) returning id`,
    [hospital.id, own, own, tuesday, `${mark}-canary-test`, owner],
  )
  return {
    ids: {
      warning: { id: warning },
      episode: { id: episode },
      event: { id: batch, batch, idx: '0' },
      sensor: { id: String(sensor.id), name: sensorName },
      organisation: { id: String(hospital.id) },
      source: { id: source, address: source, source },
      detection: { id: '2026-03-03' },
      delivery: { id: delivery },
      rule: { id: 'W3', rule: 'W3' },
      announced_test: { id: test },
      ...site,
      other: {
        day: '2026-03-03',
        list: 'events',
        list_id: 'x',
        name: 'x',
        detector: '1',
        class: '1',
        org: String(hospital.id),
        exercise: 'cviceni-1',
      },
    },
    samples: (sample) =>
      Object.fromEntries(
        Object.entries(sample).map(([key, value]) => [
          key,
          key === 'org' || key === 'organisation' ? hospital.id : value,
        ]),
      ),
    canaries: [hospital.name, sensorName, `${mark}-canary`, own],
    source,
    sensorName,
  }
}

/** Texts and a step of the plan: ours are public, theirs are drafts that only coordinators may see. */
async function seedSite(db: TestDatabase, mark: 'ours' | 'theirs'): Promise<Belongings['ids']> {
  const open = mark === 'ours'
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String(Object.values((await db.engine.query(sql, values)).rows[0] as object)[0])
  const versions: string[] = []
  const text = async (kind: string): Promise<{ id: string; slug: string }> => {
    // A refusal repeats the address, so it holds no canary.
    const slug = `${mark}-${kind}`
    const id = await one(
      `insert into site_pages (kind, slug_cs, slug_en, menu, created_at) values ($1, $2, $2, 'top', to_timestamp($3 / 1000.0)) returning id`,
      [kind, slug, tuesday],
    )
    for (const no of [1, 2])
      versions.push(
        await one(
          `insert into site_versions (page_id, lang, no, title, summary, body, saved_at, publish_at)
           values ($1, 'cs', $2, $3, $3, $3, to_timestamp($4 / 1000.0), case when $5 then to_timestamp($4 / 1000.0) end) returning id`,
          [id, no, `${mark}-canary ${no}`, tuesday, open && no === 1],
        ),
      )
    return { id, slug }
  }
  const [page, news, occasion] = [await text('page'), await text('news'), await text('occasion')]
  await db.engine.query(
    `insert into site_occasions (page_id, kind, starts_at, ends_at, place, changed_at)
     values ($1, 'training', to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0) + interval '2 hours', $3, to_timestamp($2 / 1000.0))`,
    [occasion.id, tuesday, `${mark}-canary-place`],
  )
  const goal = await one(
    'insert into plan_goals (title_cs, created_at) values ($1, to_timestamp($2 / 1000.0)) returning id',
    [`${mark}-canary-goal`, tuesday],
  )
  const action = await one(
    `insert into plan_actions (goal_id, title_cs, owner, start_on, first_due_on, public, created_at)
     values ($1, $2, 'hSOC-Tech', '2026-01-01', '2026-06-30', $3, to_timestamp($4 / 1000.0)) returning id`,
    [goal, `${mark}-canary-action`, open, tuesday],
  )
  return {
    site_page: page,
    site_news: news,
    site_occasion: occasion,
    site_version: { version: versions[1] as string },
    plan_goal: { id: goal },
    plan_action: { id: action },
  }
}

async function ownerOf(db: TestDatabase, hospital: Hospital, mark: string): Promise<number> {
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into people (email, name, created_at) values ($1, $2, to_timestamp($3 / 1000.0)) returning id`,
    [`${mark}-canary-owner@people.example`, `${mark}-canary ${hospital.id}`, tuesday],
  )
  return rows[0]?.id as number
}
