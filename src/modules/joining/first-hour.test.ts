/** A new member's first hour: steps that rows tick off, and a test warning that comes as a real one does. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addHospital, addPerson, type Hospital, tuesday } from '../../../test/harness.ts'
import { day, type JoiningStage, minute, openJoiningStage } from '../../../test/joining-stage.ts'
import { openPostOffice } from '../../../test/post-office.ts'
import { type Actor, asReader } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { openMailer, work as sendMails } from '../channels/index.ts'
import { acceptRules, sharingRules } from '../members/sharing-rules.ts'
import { answer, answerTimes } from '../warnings/answers.ts'
import { mailWriters } from '../warnings/index.ts'
import { newcomers } from './first-hour.ts'
import { progressOf, type StepName, stepsOf } from './steps.ts'

let stage: JoiningStage
let made = 0
beforeAll(async () => {
  stage = await openJoiningStage()
})
beforeEach(() => stage.clean())
afterAll(() => stage?.close())

/** A prospect with a representative, and nothing done yet. */
async function newcomer(): Promise<{ hospital: Hospital; jana: Actor }> {
  made += 1
  const hospital = await addHospital(stage.db, `Nemocnice Nová ${made}`, [])
  await stage.db.engine.query(
    `update organisations set status = 'prospect', rules_accepted_at = null, created_at = $2 where id = $1`,
    [hospital.id, new Date(tuesday)],
  )
  return {
    hospital,
    jana: await addPerson(stage.db, `Jana Nová ${made}`, [['representative', hospital]], 'en'),
  }
}

const states = async (actor: Actor, org: number): Promise<Record<StepName, string>> =>
  Object.fromEntries(
    (await asReader(stage.db, actor, stage.now, (tx) => stepsOf(tx, org))).map(({ name, state }) => [
      name,
      state,
    ]),
  ) as Record<StepName, string>

const run = (sql: string, values: unknown[]) => stage.db.engine.query(sql, values)

describe('the first steps', () => {
  it('tick themselves off by what is really done, for the member and the coordinators alike', async () => {
    const { hospital, jana } = await newcomer()
    const all = {
      rules: 'open',
      factor: 'open',
      contacts: 'open',
      prefixes: 'open',
      memorandum: 'open',
      sensor: 'open',
      training: 'aside',
      test: 'open',
    }
    expect(await states(jana, hospital.id)).toEqual(all)
    const at = new Date(tuesday)
    await run('insert into sharing_acceptances (org_id, actor, at) values ($1, $2, $3)', [
      hospital.id,
      'x',
      at,
    ])
    const own = 1000 + 4 * hospital.id
    await run(
      `with p as (insert into contact_points (org_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
         values ($1, 'Dispečink', 'other', 'vysílačka 3', $3, $2, $2, $2, 'call') returning id)
       insert into contact_entries (point_id, org_id, purpose, place, visibility, readers) select id, $1, 'security', 1, 'coordinators', $3 from p`,
      [hospital.id, at, [2, own]],
    )
    await run('insert into domains (org_id, domain) values ($1, $2)', [hospital.id, `nova${made}.example`])
    await run(`insert into totp (person_id, sealed, confirmed_at) values ($1, 'x', $2)`, [jana.person, at])
    await run(`insert into sensors (name, org_id, created_at) values ($1, $2, $3)`, [
      `cz.nova${made}.ids`,
      hospital.id,
      at,
    ])
    const some = {
      ...all,
      rules: 'done',
      factor: 'done',
      contacts: 'waiting',
      prefixes: 'done',
      sensor: 'waiting',
    }
    for (const actor of [jana, stage.coordinator]) expect(await states(actor, hospital.id)).toEqual(some)
    await run(
      `insert into contact_attestations (org_id, at, by, snapshot, sha256) values ($1, $2, $3, '[]', '\\x00')`,
      [hospital.id, at, jana.person],
    )
    await run('update sensors set last_seen_at = $2 where org_id = $1', [hospital.id, at])
    await addPerson(stage.db, `Petr Nový ${made}`, [['admin', hospital]])
    expect(await states(jana, hospital.id)).toMatchObject({
      contacts: 'done',
      sensor: 'done',
      factor: 'waiting',
    })
    const page = (await (await stage.as(jana)).get(`/joining/${hospital.id}`)).body
    expect(page).toContain('4 steps of 7 are done')
    expect(page).toContain('1 of the 2 people')
  })

  it('are told to nobody else, not even in numbers', async () => {
    const { hospital } = await newcomer()
    const seen = await states(stage.renata, hospital.id)
    expect(seen).toMatchObject({ factor: 'open', rules: 'open' })
    const { get, post } = await stage.as(stage.renata)
    expect((await get(`/joining/${hospital.id}`)).statusCode).toBe(404)
    expect((await post(`/joining/${hospital.id}/test`)).statusCode).toBe(404)
    expect((await post(`/joining/${hospital.id}/sensor/deferral`, { reason: 'x' })).statusCode).toBe(404)
    expect((await get('/joining')).headers.location).toBe(`/joining/${stage.lipova.id}`)
  })

  it('may be put off with a reason by the representative, where they may be at all, and taken up again', async () => {
    const { hospital, jana } = await newcomer()
    const admin = await addPerson(stage.db, `Adam Nový ${made}`, [['admin', hospital]], 'en')
    const { get, post } = await stage.as(jana)
    const path = (step: string) => `/joining/${hospital.id}/${step}/deferral`
    for (const reason of ['', '   ', 'x'.repeat(501)])
      expect((await post(path('sensor'), { reason })).statusCode).toBe(422)
    expect((await post(path('rules'), { reason: 'x' })).statusCode).toBe(404)
    expect((await (await stage.as(admin)).post(path('sensor'), { reason: 'x' })).statusCode).toBe(403)
    expect((await (await stage.as(stage.coordinator)).post(path('sensor'), { reason: 'x' })).statusCode).toBe(
      403,
    )
    expect((await post(path('sensor'), { reason: 'čekáme na nový firewall' })).statusCode).toBe(303)
    expect((await post(path('memorandum'), { reason: 'rozhodne správní rada' })).statusCode).toBe(303)
    expect(await states(jana, hospital.id)).toMatchObject({ sensor: 'off', memorandum: 'off' })
    expect((await get(`/joining/${hospital.id}`)).body).toContain('Not yet: čekáme na nový firewall')
    expect((await post(`${path('sensor')}/withdrawal`)).statusCode).toBe(303)
    expect((await post(`${path('sensor')}/withdrawal`)).statusCode).toBe(409)
    expect(await states(jana, hospital.id)).toMatchObject({ sensor: 'open' })
  })
})

describe('the test warning', () => {
  it('is mailed as a real one, marked as an exercise, and the step is done when somebody answers', async () => {
    const { hospital, jana } = await newcomer()
    const { get, post } = await stage.as(jana)
    const sent = await post(`/joining/${hospital.id}/test`)
    expect(sent.headers.location).toBe(`/joining/${hospital.id}?done=sent#test`)
    expect(await states(jana, hospital.id)).toMatchObject({ test: 'waiting' })
    const office = await openPostOffice()
    const mailer = openMailer(
      { smtpUrl: office.url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null },
      mailWriters,
    )
    stage.now += minute
    await sendMails(stage.context, mailer, stage.now)
    await mailer.close()
    await office.close()
    const [mail] = office.to(jana.email)
    expect(mail?.subject).toMatch(/EXERCISE.*TLP:AMBER.*test warning/i)
    expect(mail?.text).toContain('This is only a test')
    const id = Number(/\/warnings\/(\d+)/.exec((await get(`/joining/${hospital.id}`)).body)?.[1])
    const page = (await get(`/warnings/${id}`)).body
    expect(page).toMatch(/<h1>A new member.{1,6}s test warning/)
    expect(page).toContain('Nothing has happened')
    await answer(stage.db, jana, id, { answer: 'seen', via: 'page' }, stage.now)
    expect(await states(jana, hospital.id)).toMatchObject({ test: 'done' })
    // It is in no figure of how quickly warnings are answered.
    const times = await asReader(stage.db, stage.coordinator, stage.now, (tx) =>
      answerTimes(tx, tuesday - day, stage.now + day),
    )
    expect(times.organisations.map((one) => one.id)).not.toContain(hospital.id)
    expect((await get('/warnings')).body).not.toMatch(/new member.{1,6}s test warning/)
  })

  it('is one at a time, three a day, for who works with warnings', async () => {
    const { hospital, jana } = await newcomer()
    const manager = await addPerson(stage.db, `Marie Nová ${made}`, [['manager', hospital]], 'en')
    expect((await (await stage.as(manager)).post(`/joining/${hospital.id}/test`)).statusCode).toBe(403)
    const { post } = await stage.as(jana)
    const send = async () => (await post(`/joining/${hospital.id}/test`)).statusCode
    for (let i = 0; i < 3; i += 1) {
      expect([await send(), await send()]).toEqual([303, 409])
      const { rows } = await run('select max(warning_id)::int as id from joining_tests where org_id = $1', [
        hospital.id,
      ])
      await answer(stage.db, jana, rows[0]?.id, { answer: 'done', via: 'page' }, stage.now)
      stage.now += minute
    }
    expect(await send()).toBe(409)
    stage.now += day
    expect(await send()).toBe(303)
  })
})

it('coordinators see how far each newcomer is, members only their own steps', async () => {
  const { hospital, jana } = await newcomer()
  const { get } = await stage.as(stage.coordinator)
  const page = (await get('/joining')).body
  expect(page).toContain(hospital.name)
  expect(page).toContain('0 of 7')
  expect((await get(`/joining/${hospital.id}`)).statusCode).toBe(200)
  const found = await asReader(stage.db, stage.coordinator, stage.now, (tx) => newcomers(tx, stage.now))
  expect(found.find(({ id }) => id === hospital.id)?.progress.next?.name).toBe('rules')
  const later = await asReader(stage.db, stage.coordinator, stage.now, (tx) =>
    newcomers(tx, stage.now + 200 * day),
  )
  expect(later).toEqual([])
  expect((await (await stage.as(jana)).get('/joining')).statusCode).toBe(303)
})

it('who was imported as a member is no newcomer; who becomes one by accepting the rules stays one for half a year', async () => {
  const { hospital, jana } = await newcomer()
  const old = await addHospital(stage.db, 'Nemocnice Dávná', [])
  const names = async (at: number): Promise<string[]> =>
    (await asReader(stage.db, stage.coordinator, at, (tx) => newcomers(tx, at))).map(({ name }) => name)
  await asEngine(stage.db, (tx) =>
    acceptRules(tx, hospital.id, { version: sharingRules().number, agreed: true, note: '' }, jana, stage.now),
  )
  expect(await names(stage.now + day)).toContain(hospital.name)
  expect(await names(stage.now + day)).not.toContain(old.name)
  expect(await names(stage.now + 181 * day)).not.toContain(hospital.name)
})

it('progress counts what is behind and names what comes next', () => {
  const step = (name: StepName, state: 'done' | 'open' | 'off' | 'aside' | 'waiting') => ({
    name,
    state,
    href: '',
    said: {},
  })
  const steps = [
    step('rules', 'done'),
    step('sensor', 'off'),
    step('training', 'aside'),
    step('test', 'waiting'),
  ]
  expect(progressOf(steps)).toMatchObject({ settled: 2, all: 3, next: { name: 'test' } })
  expect(progressOf(steps.slice(0, 3))).toEqual({ settled: 2, all: 2, next: null })
})
