/** What is decided of an application, by whom, and what must not be. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addHospital, addPerson } from '../../../test/harness.ts'
import { type JoiningStage, openJoiningStage, right } from '../../../test/joining-stage.ts'
import { asEngine } from '../../platform/database.ts'
import { loadEntries, readRegister } from './register.ts'

let stage: JoiningStage
beforeAll(async () => {
  stage = await openJoiningStage()
})
beforeEach(() => stage.clean())
afterAll(() => stage?.close())

describe('a coordinator', () => {
  it('is told when the list does not show all that wait', async () => {
    const id = await stage.confirmed()
    const { get } = await stage.as(stage.coordinator)
    expect((await get('/applications')).body).not.toContain('at most 200')
    await stage.db.engine.query(
      `insert into applications (kind, language, organisation, org_kind, name, position, email, message, token_hash, token_until, applied_at)
       select kind, language, organisation || n, org_kind, name, position, email, message, int4send(n), token_until, applied_at
       from applications, generate_series(1, 199) n where id = $1`,
      [id],
    )
    expect((await get('/applications')).body).toContain('at most 200 applications')
  })

  it('vets, approves, and so makes the organisation and invites', async () => {
    const id = await stage.confirmed()
    const { get, post } = await stage.as(stage.coordinator)
    expect((await get('/applications')).body).toContain('Nemocnice Vzorov')
    expect(
      (await post(`/applications/${id}/approval`, { target: 'new', role: 'representative' })).statusCode,
    ).toBe(409)
    expect((await post(`/applications/${id}/vetting`, { reason: ' ' })).statusCode).toBe(422)
    expect(
      (await post(`/applications/${id}/vetting`, { reason: 'zavoláno na číslo z webu' })).statusCode,
    ).toBe(303)
    const page = (await get(`/applications/${id}`)).body
    expect(page).toContain('zavoláno na číslo z webu')
    const fields = {
      target: 'new',
      name: 'Nemocnice Vzorov',
      ico: '',
      kind: 'hospital',
      nuts3: 'CZ063',
      role: 'representative',
    }
    expect((await post(`/applications/${id}/approval`, fields)).statusCode).toBe(303)
    const row = await stage.rowOf(id)
    expect(row).toMatchObject({ state: 'approved', org: expect.any(Number) })
    const { rows } = await stage.db.engine.query(
      'select name, status, nuts3, rules_accepted_at from organisations where id = $1',
      [row.org],
    )
    expect(rows).toEqual([
      { name: 'Nemocnice Vzorov', status: 'prospect', nuts3: 'CZ063', rules_accepted_at: null },
    ])
    expect(await stage.templates(right.email)).toEqual(['application-confirm', 'invitation'])
    const trail = await stage.db.engine.query(`select verb from audit where object = $1 order by id`, [
      `application ${id}`,
    ])
    expect(trail.rows.map(({ verb }) => verb)).toEqual(['joining.vet', 'joining.approve'])
    expect((await post(`/applications/${id}/refusal`, { why: 'outside' })).statusCode).toBe(409)
  })

  it('decides nothing good of an address that nobody confirmed, and its refusal is mailed to nobody', async () => {
    await stage.send()
    const { rows } = await stage.db.engine.query<{ id: number }>('select id from applications')
    const id = rows[0]?.id ?? 0
    const { get, post } = await stage.as(stage.coordinator)
    expect((await get(`/applications/${id}`)).body).toContain('not confirmed')
    expect((await post(`/applications/${id}/vetting`, { reason: 'x' })).statusCode).toBe(409)
    expect((await post(`/applications/${id}/refusal`, { why: 'unverified', text: '' })).statusCode).toBe(303)
    expect(await stage.templates(right.email)).toEqual(['application-confirm'])
  })

  it('refuses with a reason that the applicant gets in the language of the form', async () => {
    const id = await stage.confirmed()
    const { post } = await stage.as(stage.coordinator)
    expect((await post(`/applications/${id}/refusal`, { why: 'other', text: '' })).statusCode).toBe(422)
    expect((await post(`/applications/${id}/refusal`, { why: '__proto__', text: 'x' })).statusCode).toBe(422)
    expect(
      (await post(`/applications/${id}/refusal`, { why: 'outside', text: 'Zkuste CSIRT.' })).statusCode,
    ).toBe(303)
    expect(await stage.templates(right.email)).toEqual(['application-confirm', 'application-refused'])
    expect(await stage.rowOf(id)).toMatchObject({ state: 'refused' })
  })

  it('sees the number of somebody else, with the name that the register has for it', async () => {
    const { entries } = readRegister(
      Buffer.from(
        'IČO;Název;Adresa;Kraj;Druh\n25596641;Nemocnice Lipová, a.s.;Lipová 1, Vzorov;Kraj Vysočina;nemocnice\n',
      ),
    )
    await asEngine(stage.db, (tx) =>
      loadEntries(tx, { entries, fileName: 'registr.csv', bytes: Buffer.from('x') }, null, stage.now),
    )
    const id = await stage.confirmed({
      organisation: 'Klinika Podvodná',
      ico: '25596641',
      email: 'kdo@jinde.example',
    })
    const { get, post } = await stage.as(stage.coordinator)
    const page = (await get(`/applications/${id}`)).body
    expect(page).toContain('has this number under another name')
    expect(page).toContain('Nemocnice Lipová, a.s.')
    expect(page).toContain('same number')
    await post(`/applications/${id}/vetting`, { reason: 'nedovoláno' })
    const fields = {
      target: 'new',
      name: 'Klinika Podvodná',
      ico: '25596641',
      kind: 'clinic',
      nuts3: '',
      role: 'representative',
    }
    const same = await post(`/applications/${id}/approval`, fields)
    expect([same.statusCode, same.body]).toEqual([422, expect.stringContaining('same name or number')])
    expect(same.body).toContain('Klinika Podvodná')
    // Nor may it be tied to an organisation that has people of its own to decide.
    const tied = await post(`/applications/${id}/approval`, {
      target: 'known',
      org: stage.lipova.name,
      role: 'representative',
    })
    expect([tied.statusCode, tied.body]).toEqual([422, expect.stringContaining('Hand the application over')])
    expect(await stage.rowOf(id)).toMatchObject({ state: 'vetted', org: null })
    expect((await post(`/applications/${id}/approval`, { ...fields, despite: '1' })).statusCode).toBe(303)
  })

  it('flags look-alike names with the reason, and ties nothing by itself', async () => {
    const id = await stage.confirmed({ organisation: 'Nemocnica Lipova', email: 'novy@posta.lipova.example' })
    const { get } = await stage.as(stage.coordinator)
    const page = (await get(`/applications/${id}`)).body
    expect(page).toContain('differs by a letter or two')
    expect(page).toContain('domain of the address')
    expect(await stage.rowOf(id)).toMatchObject({ org: null })
  })

  it('invites directly to an organisation in which nobody manages people', async () => {
    const lonely = await addHospital(stage.db, 'Nemocnice Osamělá', [])
    const id = await stage.confirmed({
      kind: 'work',
      organisation: lonely.name,
      email: 'sam@osamela.example',
    })
    expect(await stage.rowOf(id)).toMatchObject({ org: lonely.id })
    const { get, post } = await stage.as(stage.coordinator)
    const none = await post(`/applications/${id}/handing-over`, { org: lonely.name })
    expect([none.statusCode, none.body]).toEqual([422, expect.stringContaining('Nobody manages people')])
    for (const [org, said] of [
      ['Není', 'no such organisation'],
      ['', 'no such organisation'],
    ] as const)
      expect((await post(`/applications/${id}/handing-over`, { org })).body).toContain(said)
    await post(`/applications/${id}/vetting`, { reason: 'zavoláno' })
    expect((await get(`/applications/${id}`)).body).toContain('Approve and invite directly')
    const fields = { target: 'known', org: lonely.name, role: 'representative' }
    expect((await post(`/applications/${id}/approval`, { ...fields, role: 'coordinator' })).statusCode).toBe(
      422,
    )
    expect((await post(`/applications/${id}/approval`, fields)).statusCode).toBe(303)
    expect(await stage.templates('sam@osamela.example')).toEqual(['application-confirm', 'invitation'])
  })
})

describe('"I work at X"', () => {
  it('goes to who manages the people of X, and to nobody else', async () => {
    const admin = await addPerson(stage.db, 'Adam Lipový', [['admin', stage.lipova]], 'en')
    const elsewhere = await addHospital(stage.db, 'Nemocnice Jinde', [])
    const other = await addPerson(stage.db, 'Oto Jinde', [['representative', elsewhere]], 'en')
    const id = await stage.confirmed({
      kind: 'work',
      organisation: '  nemocnice LIPOVÁ ',
      email: 'novy@lipova.example',
    })
    expect(await stage.templates(stage.renata.email)).toEqual(['application-waiting'])
    expect(await stage.templates(stage.coordinator.email)).toEqual([])
    const own = await stage.as(stage.renata)
    expect((await own.get('/applications')).body).toContain('Jana Vzorová')
    for (const [actor, status] of [
      [admin, 404],
      [other, 404],
    ] as const) {
      const { get, post } = await stage.as(actor)
      expect((await get(`/applications/${id}`)).statusCode).toBe(status)
      expect((await get('/applications')).body).not.toContain('Jana Vzorová')
      expect((await post(`/applications/${id}/approval`, { role: 'duty' })).statusCode).toBe(status)
      expect((await post(`/applications/${id}/refusal`, { why: 'other', text: 'x' })).statusCode).toBe(status)
    }
    // What a coordinator finds out is not for members, nor their steps.
    const page = (await own.get(`/applications/${id}`)).body
    expect(page).not.toContain('Similar organisations')
    for (const path of ['vetting', 'handing-over'])
      expect((await own.post(`/applications/${id}/${path}`, { reason: 'x' })).statusCode).toBe(403)
    expect((await own.post(`/applications/${id}/approval`, { role: 'duty' })).statusCode).toBe(303)
    expect(await stage.templates('novy@lipova.example')).toEqual(['application-confirm', 'invitation'])
    expect((await own.post(`/applications/${id}/approval`, { role: 'duty' })).statusCode).toBe(409)
  })

  it('gives no role that brings more than its judge holds, and says when nobody can be invited', async () => {
    const deputy = await addPerson(stage.db, 'Dana Lipová', [['dpo', stage.lipova]], 'en')
    await stage.db.engine.query(
      'insert into people_managers (org_id, person_id, given_by, given_at) values ($1, $2, $3, now())',
      [stage.lipova.id, deputy.person, stage.renata.person],
    )
    const id = await stage.confirmed({
      kind: 'work',
      organisation: stage.lipova.name,
      email: 'dalsi@lipova.example',
    })
    const { post } = await stage.as(deputy)
    expect((await post(`/applications/${id}/approval`, { role: 'representative' })).statusCode).toBe(403)
    expect(await stage.rowOf(id)).toMatchObject({ state: 'applied' })
    const taken = await stage.confirmed({
      kind: 'work',
      organisation: stage.lipova.name,
      email: stage.renata.email,
    })
    const same = await (await stage.as(stage.renata)).post(`/applications/${taken}/approval`, {
      role: 'representative',
    })
    expect([same.statusCode, same.body]).toEqual([422, expect.stringContaining('cannot be invited now')])
    expect(await stage.rowOf(taken)).toMatchObject({ state: 'applied' })
  })

  it('of an organisation that is unknown goes to the coordinators, who may hand it over', async () => {
    const id = await stage.confirmed({
      kind: 'work',
      organisation: 'Lipová nemocnice',
      email: 'novy2@lipova.example',
    })
    expect(await stage.templates(stage.coordinator.email)).toEqual(['application-waiting'])
    expect((await (await stage.as(stage.renata)).get(`/applications/${id}`)).statusCode).toBe(404)
    const { post } = await stage.as(stage.coordinator)
    expect((await post(`/applications/${id}/handing-over`, { org: stage.lipova.name })).statusCode).toBe(303)
    expect(await stage.rowOf(id)).toMatchObject({ kind: 'work', state: 'applied', org: stage.lipova.id })
    expect((await (await stage.as(stage.renata)).get(`/applications/${id}`)).statusCode).toBe(200)
  })
})
