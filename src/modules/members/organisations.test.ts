import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, type Hospital, tuesday } from '../../../test/harness.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { orgByName } from '../events/sensors.ts'
import { addPerson } from './people.ts'
import { comesFrom, statuses, waysOn } from './status.ts'

const day = 86_400_000
let door: FrontDoor
let lipova: Hospital
let dubova: Hospital
let jana: Actor
let vera: Actor
let ota: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  dubova = await addHospital(door.db, 'Nemocnice Dubová', ['198.51.100.0/24'])
  jana = await door.person('Jana Nováková', [['representative', lipova]])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
  ota = await door.person('Ota Provozní', [['operator', null]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

async function posting(who: Actor) {
  const { cookie, csrf } = await door.signedIn(who)
  return (url: string, fields: Record<string, string>) =>
    door.post(url, { ...fields, _csrf: csrf }, { cookie: `lang=en; ${cookie}` })
}
const one = async <T>(sql: string, values: unknown[] = []): Promise<T> =>
  (await door.db.engine.query(sql, values)).rows[0] as T

describe('an organisation', () => {
  it('is put right by a coordinator, and its old name still finds it', async () => {
    const post = await posting(vera)
    const refused = await post(`/members/${lipova.id}`, { name: 'Nemocnice Lipová a.s.', ico: 'CZ 6947' })
    expect([refused.statusCode, refused.body]).toEqual([
      422,
      expect.stringContaining('An IČO has eight digits'),
    ])
    const done = await post(`/members/${lipova.id}`, {
      name: 'Nemocnice Lipová a.s.',
      ico: '6947',
      region: 'CZ063',
      language: 'cs',
      understands_en: '1',
      regime: 'higher',
    })
    expect(done.headers.location).toBe(`/members/${lipova.id}?done=saved`)
    const { cookie } = await door.signedIn(vera)
    for (const q of ['Nemocnice Lipová', 'lipova a.s', '00006947', '6947'])
      expect((await door.get(`/api/v1/members?q=${encodeURIComponent(q)}`, cookie)).json().total).toBe(1)
    expect((await door.get(`/api/v1/members/${lipova.id}`, cookie)).json()).toMatchObject({
      name: 'Nemocnice Lipová a.s.',
      ico: '00006947',
      nuts3: 'CZ063',
      region: 'Kraj Vysočina',
      regime: 'higher',
      languages: ['cs', 'en'],
      otherNames: [{ name: 'Nemocnice Lipová', kind: 'earlier' }],
    })
    const added = await asEngine(door.db, (tx) =>
      addPerson(
        tx,
        { email: 'petr@people.example', role: 'admin', member: 'nemocnice lipová' },
        null,
        tuesday,
      ),
    )
    expect(added.created).toBe(true)
    expect(await orgByName(door.db.engine, 'NEMOCNICE  LIPOVÁ')).toBe(lipova.id)
  })

  it('keeps a number whose check digit is wrong, and says so', async () => {
    const post = await posting(vera)
    await post(`/members/${dubova.id}`, { ico: '12345678' })
    const { cookie } = await door.signedIn(vera)
    expect((await door.get(`/members/${dubova.id}`, cookie)).body).toContain('The check digit does not fit')
    await post(`/members/${dubova.id}`, { ico: '00006947' })
    const page = await door.get(`/members/${dubova.id}`, cookie)
    expect(page.body).not.toContain('The check digit does not fit')
    expect(page.body).toContain('The same IČO belongs to')
  })

  it('is refused what makes no sense, and nothing typed is lost', async () => {
    const post = await posting(vera)
    const wrong = await post(`/members/${dubova.id}`, {
      name: 'nemocnice lipová A.S.',
      founder: 'Kraj <b>Smyšlený</b>',
    })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('Another organisation bears this name')
    expect(wrong.body).toContain('Kraj &lt;b>Smyšlený&lt;/b>')
    const wrongs: Record<string, string>[] = [
      { name: '  ' },
      { kind: 'casino' },
      { regime: 'x' },
      { language: 'de' },
      { contactEmail: 'not an address' },
      { phone: 'abc' },
      { parent: 'Nikde' },
      { parent: 'Nemocnice Dubová' },
    ]
    for (const fields of wrongs)
      expect([fields, (await post(`/members/${dubova.id}`, fields)).statusCode]).toEqual([fields, 422])
    expect((await post(`/members/${dubova.id}`, { name: 'x'.repeat(5_000) })).statusCode).toBe(422)
    expect((await post(`/members/${dubova.id}`, { name: 'a\0b' })).statusCode).toBe(422)
    expect((await post('/members/999999', { founder: 'x' })).statusCode).toBe(404)
    expect(await one('select name, kind, founder from organisations where id = $1', [dubova.id])).toEqual({
      name: 'Nemocnice Dubová',
      kind: 'hospital',
      founder: null,
    })
  })

  it('gets other names, which can be taken back', async () => {
    const post = await posting(vera)
    expect((await post(`/members/${dubova.id}/names`, { name: 'ND', kind: 'alias' })).statusCode).toBe(303)
    expect((await post(`/members/${dubova.id}/names`, { name: 'nd', kind: 'alias' })).body).toContain(
      'found by this name already',
    )
    expect((await post(`/members/${dubova.id}/names`, { name: ' ', kind: 'alias' })).statusCode).toBe(422)
    expect((await post(`/members/${dubova.id}/names`, { name: 'ND2', kind: 'x' })).statusCode).toBe(422)
    const { id } = await one<{ id: number }>(`select id from organisation_names where name = 'ND'`)
    expect((await post(`/members/${lipova.id}/names/${id}/withdrawal`, {})).statusCode).toBe(404)
    expect((await post(`/members/${dubova.id}/names/${id}/withdrawal`, {})).statusCode).toBe(303)
    expect((await post(`/members/${dubova.id}/names/${id}/withdrawal`, {})).statusCode).toBe(404)
  })

  it('is changed by nobody else, on the pages or past them', async () => {
    for (const who of [jana, ota]) {
      const post = await posting(who)
      for (const url of ['', '/status', '/names', '/names/1/withdrawal'])
        expect((await post(`/members/${lipova.id}${url}`, { founder: 'x' })).statusCode).toBe(403)
      await asActor(door.db, who, tuesday, async (tx) => {
        const { rowCount } = await tx.query(`update organisations set founder = 'x'`)
        expect(rowCount).toBe(0)
      })
      for (const sql of [
        `insert into organisations (name, kind, created_at, changed_at) values ('Nová', 'other', now(), now())`,
        `insert into organisation_names (org_id, name, kind, added_at) values (${lipova.id}, 'Cizí', 'alias', now())`,
        `insert into organisation_moves (org_id, from_status, to_status, reason, person_id, actor, at)
         values (${lipova.id}, 'participant', 'left', 'x', ${who.person}, 'x', now())`,
      ])
        await expect(asActor(door.db, who, tuesday, (tx) => tx.query(sql))).rejects.toThrow(
          /row-level security/,
        )
    }
  })
})

describe('the participation of an organisation', () => {
  it('goes only where the table lets it', async () => {
    const spruce = await addHospital(door.db, 'Nemocnice Smrková', [])
    const post = await posting(vera)
    for (const from of statuses)
      for (const to of statuses) {
        if (from === to) continue
        await door.db.engine.query(
          'update organisations set status = $2, rules_accepted_at = now() where id = $1',
          [spruce.id, from],
        )
        const { statusCode } = await post(`/members/${spruce.id}/status`, { to, reason: 'zkouška' })
        const allowed = (comesFrom[to] as string[]).includes(from)
        // Nobody signed for it, so it cannot become a signatory from anywhere.
        expect([from, to, statusCode]).toEqual([from, to, allowed ? (to === 'signatory' ? 422 : 303) : 409])
      }
    expect(waysOn('prospect')).toEqual(['follower', 'participant'])
    expect(waysOn('left')).toEqual(['participant'])
  })

  it('begins when the rules are accepted, with a reason, and its history is seen by its people', async () => {
    const birch = await addHospital(door.db, 'Nemocnice Březová', [])
    await door.db.engine.query(
      `update organisations set status = 'prospect', rules_accepted_at = null where id = $1`,
      [birch.id],
    )
    const eva = await door.person('Eva Březová', [['admin', birch]])
    const post = await posting(vera)
    const url = `/members/${birch.id}/status`
    const early = await post(url, { to: 'participant', reason: 'přihláška' })
    expect([early.statusCode, early.body]).toEqual([422, expect.stringContaining('accepted the rules')])
    expect(early.body).toContain('přihláška')
    expect((await post(url, { to: 'participant', reason: ' ', rulesAccepted: '1' })).statusCode).toBe(422)
    expect((await post(url, { to: 'x', reason: 'y' })).statusCode).toBe(422)
    expect((await post(url, { to: 'participant', reason: 'přihláška', rulesAccepted: '1' })).statusCode).toBe(
      303,
    )
    expect(
      await one('select status, rules_accepted_at is not null as rules from organisations where id = $1', [
        birch.id,
      ]),
    ).toEqual({
      status: 'participant',
      rules: true,
    })
    const { cookie } = await door.signedIn(eva)
    const page = await door.get(`/members/${birch.id}`, cookie)
    expect(page.body).toContain('prospect → participant')
    expect(page.body).toContain('přihláška')
    expect(page.body).toContain('Věra Klidná')
    expect(page.body).not.toContain('/status"')
    expect(
      await one(
        `select actor, detail->>'to' as "to" from audit where verb = 'members.move' and org_id = $1`,
        [birch.id],
      ),
    ).toEqual({
      actor: vera.email,
      to: 'participant',
    })
  })

  it('ends the access of its people with their next request, and shows what it leaves open', async () => {
    const ash = await addHospital(door.db, 'Nemocnice Jasanová', ['203.0.113.0/28'])
    const karel = await door.person('Karel Jasanový', [['admin', ash]])
    await door.db.engine.query(
      `insert into warnings (number, org_id, rule, rule_version, topic, severity, title, explanation, opened_at, first_at, last_at, readers, changed_at)
       values ('T-1', $1, 'W1', 1, 'x', 2, '{}', '{}', now(), now(), now(), array[2], now())`,
      [ash.id],
    )
    const { cookie } = await door.signedIn(karel)
    expect((await door.get(`/members/${ash.id}`, cookie)).statusCode).toBe(200)
    const post = await posting(vera)
    expect((await post(`/members/${ash.id}/status`, { to: 'left', reason: 'výpověď' })).statusCode).toBe(303)
    expect((await door.get(`/members/${ash.id}`, cookie)).statusCode).toBe(404)
    expect((await door.get('/api/v1/members', cookie)).json().members).toEqual([])
    expect((await door.knock(karel.email, 'čtyři tiché zelené lampy')).statusCode).toBe(422)
    const coordinator = await door.signedIn(vera)
    const page = await door.get(`/members/${ash.id}`, coordinator.cookie)
    expect(page.body).toContain('What remains open')
    expect(page.body).toContain(`/warnings?kind=detected&amp;org=${ash.id}`)
    const names = async (query: string) =>
      (await door.get(`/api/v1/members?${query}`, coordinator.cookie))
        .json()
        .members.map((row: { name: string }) => row.name)
    expect(await names('q=jasanova')).toEqual([])
    expect(await names('q=jasanova&status=left')).toEqual(['Nemocnice Jasanová'])
    expect(
      (await post(`/members/${ash.id}/status`, { to: 'participant', reason: 'návrat', rulesAccepted: '1' }))
        .statusCode,
    ).toBe(303)
    expect((await door.get(`/members/${ash.id}`, (await door.signedIn(karel)).cookie)).statusCode).toBe(200)
  })

  it('is idle when nobody has signed in for half a year, which is computed each time', async () => {
    const elm = await addHospital(door.db, 'Nemocnice Jilmová', [])
    const alena = await door.person('Alena Jilmová', [['admin', elm]])
    const idle = async (): Promise<boolean> => {
      const { cookie } = await door.signedIn(vera)
      return /has (signed in since|ever signed in)/.test((await door.get(`/members/${elm.id}`, cookie)).body)
    }
    expect(await idle()).toBe(false)
    door.now = tuesday + 181 * day
    expect(await idle()).toBe(true)
    await door.signedIn(alena)
    expect(await idle()).toBe(false)
    door.now = tuesday + 362 * day
    expect(await idle()).toBe(true)
  })
})
