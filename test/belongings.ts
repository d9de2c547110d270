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
import { seedAssets } from './asset-belongings.ts'
import { seedChannels } from './channel-belongings.ts'
import { seedClaims } from './claim-belongings.ts'
import { seedContacts } from './contact-belongings.ts'
import { seedGlass } from './glass-belongings.ts'
import { seedGroup } from './group-belongings.ts'
import { type Hospital, type TestDatabase, tuesday } from './harness.ts'
import { seedJoining } from './joining-belongings.ts'
import { testSecret } from './postgres-setup.ts'
import { seedSite } from './site-belongings.ts'
import { seedTraining } from './training-belongings.ts'

export interface Belongings {
  /** By kind of object, then by parameter name (`id` serves any name). */
  ids: Record<string, Record<string, string>>
  samples(sample: Record<string, unknown>): Record<string, unknown>
  /** Texts that only the owner and coordinators may ever see. */
  canaries: string[]
  source: string
  sensorName: string
  org: number
  name: string
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
      // Nobody answers there: tests that ask name servers bring their own.
      dnsServers: ['127.0.0.1:9'],
      demo: false,
    },
    clock,
  }
  return { context, stop: () => bus.close() }
}

/** Signs somebody in without a password. */
export async function cookieOf(context: Context, actor: Actor): Promise<{ cookie: string; csrf: string }> {
  const token = await begin(
    context.db.engine,
    { person: actor.person, from: { address: '127.0.0.1', agent: 'test' }, ways: ['passkey'] },
    context.clock(),
  )
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
  const claims = await seedClaims(db, hospital, mark)
  const contact = await seedContacts(db, hospital, mark)
  const owner = await ownerOf(db, hospital, mark)
  const test = await one(
    `insert into announced_tests (org_id, net_from, net_to, text, starts_at, ends_at, note, announced_by, announced_at)
     values ($1, $2::inet, $2::inet, $3, to_timestamp($4 / 1000.0), to_timestamp($4 / 1000.0) + interval '1 day', $5, $6, to_timestamp($4 / 1000.0)) returning id`,
    [hospital.id, own, own, tuesday, `${mark}-canary-test`, owner],
  )
  await db.engine.query(
    `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, 'duty', to_timestamp($3 / 1000.0))`,
    [owner, hospital.id, tuesday],
  )
  await db.engine.query('select people_set_readers($1)', [owner])
  const invitation = await one(
    `insert into invitations (org_id, person_id, name, role, token_hash, invited_by, created_at, expires_at)
     values ($1, $2, $3, 'admin', sha256($4::text::bytea), $2, to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0) + interval '7 days') returning id`,
    [hospital.id, owner, `${mark}-canary-invited`, `${mark}-canary`, tuesday],
  )
  const signed = await signatureOf(db, hospital, mark)
  const joining = await seedJoining(db, hospital, mark, { owner, warning })
  const key = await one(
    `insert into api_keys (key_hash, org_id, label, scopes, per_minute, made_at, expires_at)
     values (sha256(convert_to($1, 'UTF8')), $2, $3, '{warnings.read,events.read,figures.read,sensors.read,assets.read,duty.read}', 600, to_timestamp($4 / 1000.0),
       to_timestamp($4 / 1000.0) + interval '300 days') returning id`,
    [keyOf(mark), hospital.id, `${mark}-canary-key`, tuesday],
  )
  const passkey = await one(
    `insert into passkeys (person_id, credential_id, public_key, counter, name, backed_up, created_at)
     values ($1, $2, '\\x01', 0, $2, false, to_timestamp($3 / 1000.0)) returning id`,
    [owner, `${mark}-canary-passkey`, tuesday],
  )
  const { rows: colleagues } = await db.engine.query<{ id: number }>(
    'insert into people (email, name, created_at) values ($1, $2, to_timestamp($3 / 1000.0)) returning id',
    [`${mark}-canary-colleague@people.example`, `${mark}-canary colleague ${hospital.id}`, tuesday],
  )
  await db.engine.query('select people_set_readers($1)', [colleagues[0]?.id])
  const group = await seedGroup(db, { hospital, mark, owner, colleague: colleagues[0]?.id ?? 0 })
  const recovery = await one(
    `insert into recoveries (person_id, org_id, reason, proposed_by, proposed_at, expires_at, readers)
     values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0) + interval '1 day', array[2, -$1::int, $6::int]) returning id`,
    [owner, hospital.id, `${mark}-canary-recovery`, colleagues[0]?.id, tuesday, scope],
  )
  const glass = await seedGlass(db, hospital, mark, owner)
  const training = await seedTraining(db, hospital, mark, owner)
  return {
    ids: {
      ...glass,
      ...training,
      ...(await seedChannels(db, hospital, mark)),
      person: { id: String(owner), person: String(owner) },
      invitation: { id: invitation, invitation },
      api_key: { id: key },
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
      passkey: { id: passkey },
      contact: { id: contact },
      recovery: { id: recovery },
      ...(await seedSite(db, mark)),
      ...claims,
      ...group,
      ...joining,
      ...(await seedAssets(db, hospital, mark)),
      other: {
        day: '2026-03-03',
        list: 'events',
        list_id: 'x',
        name: 'x',
        detector: '1',
        class: '1',
        org: String(hospital.id),
        exercise: 'cviceni-1',
        // A period of keeping is the installation's: nobody has one of their own.
        what: mark === 'ours' ? 'rejects' : 'nothing-of-theirs',
        step: 'sensor',
        ...signed,
      },
    },
    samples: (sample) => {
      const colleague = `${mark}-canary-colleague@people.example`
      const onDuty = training.duty?.person
      const people = Array.isArray(sample.people) ? [Number(onDuty)] : onDuty
      const person = typeof sample.person === 'number' ? Number(onDuty) : sample.person
      const own = { org: hospital.id, organisation: hospital.id, colleague, people, whom: onDuty, person }
      return { ...sample, ...Object.fromEntries(Object.entries(own).filter(([key]) => key in sample)) }
    },
    canaries: [hospital.name, sensorName, `${mark}-canary`, own],
    source,
    sensorName,
    org: hospital.id,
    name: hospital.name,
  }
}

/** The API key of each party's program, with every scope but the strict one. */
export const keyOf = (mark: 'ours' | 'theirs'): string => `hsk_of_${mark}`
async function ownerOf(db: TestDatabase, hospital: Hospital, mark: string): Promise<number> {
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into people (email, name, created_at) values ($1, $2, to_timestamp($3 / 1000.0)) returning id`,
    [`${mark}-canary-owner@people.example`, `${mark}-canary ${hospital.id}`, tuesday],
  )
  return rows[0]?.id as number
}

/** A signature of the memorandum's version 1, another name of the hospital, and a list that waits for decisions. */
async function signatureOf(
  db: TestDatabase,
  hospital: Hospital,
  mark: string,
): Promise<Record<string, string>> {
  const one = async (sql: string, values: unknown[]): Promise<string> =>
    String((await db.engine.query<{ id: number }>(sql, [...values, new Date(tuesday)])).rows[0]?.id)
  const version = await one(
    `insert into memorandum_versions (number, month, language, title, text, published_at, created_at, changed_at)
     values (1, '2020-09-01', 'cs', 'Memorandum', '', $1, $1, $1) on conflict (number) do update set title = excluded.title returning id`,
    [],
  )
  const signatory = await one('insert into signatories (name, created_at) values ($1, $2) returning id', [
    `${mark}-canary-signatory`,
  ])
  const signature = await one(
    `insert into signatures (org_id, version_id, signatory_id, institution, signatory_name, state, created_at, changed_at)
     values ($1, $2, $3, 'x', $4, 'withdrawn', $5, $5) returning id`,
    [hospital.id, version, signatory, `${mark}-canary-signatory`],
  )
  const alias = await one(
    `insert into organisation_names (org_id, name, kind, added_at) values ($1, $2, 'alias', $3) returning id`,
    [hospital.id, `${mark}-canary-name`],
  )
  const list = await one(
    `insert into signature_lists (sha256, file_name, version_id, uploaded_by, uploaded_at)
     values (encode(sha256($1::bytea), 'hex'), $2, $3, 'x', $4) returning id`,
    [mark, `${mark}-canary.csv`, version],
  )
  await db.engine.query(
    `insert into signature_list_lines (list_id, line, number, institution, signatory, day, email) values ($1, 2, '1', $2, 'x', '', '')`,
    [list, `${mark}-canary-institution`],
  )
  return { number: '1', signature, alias, sheet: list }
}
