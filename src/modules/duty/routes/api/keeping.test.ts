import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callAs } from '../../../../../test/asking.ts'
import { contextOf } from '../../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
} from '../../../../../test/harness.ts'
import { openPages } from '../../../../app.ts'
import type { Actor } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import type { App } from '../../../../platform/http.ts'

const monday = Date.parse('2026-10-19T05:00:00Z')

describe('duties kept by programs', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let lipova: Hospital
  let jana: Actor
  let petr: Actor
  let cyril: Actor
  let karel: Actor
  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', [])
    const bukova = await addHospital(db, 'Nemocnice Buková', [])
    jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    petr = await addPerson(db, 'Petr Dub', [['duty', lipova]])
    cyril = await addPerson(db, 'Cyril Cizí', [['admin', bukova]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    ;({ context, stop } = contextOf(db, () => monday))
    app = await openPages(context)
  }, 60_000)
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await db?.drop()
  })

  const call = async (who: Actor | null, what: Parameters<typeof callAs>[2], body?: object, more = {}) => {
    const answer = await callAs({ app, context }, who, what, body, more)
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }
  const at = 'duty/schedules'
  const turns = { kind: 'weekly', length: 1, start: '2026-10-19T07:00' }

  it('are begun, given hours and turns, and ended', async () => {
    const made = await call(jana, `POST ${at}`, { org: lipova.id, name: 'Pohotovost IT' })
    expect(made).toMatchObject({ status: 201, body: { org: lipova.id, name: 'Pohotovost IT', rules: [] } })
    const { id } = made.body
    const hours = { weekdays: [1, 2], from: '07:00', to: '19:00', rotation: turns }
    const rule = await call(jana, `POST ${at}/${id}/rules`, { ...hours, people: [petr.person, jana.person] })
    expect(rule.status).toBe(201)
    const { rules } = (await call(petr, `GET ${at}/${id}`)).body
    expect(rules).toEqual([{ id: rule.body.id, ...hours, people: [petr.person, jana.person] }])
    const now = (await call(petr, 'GET duty/now')).body.schedules[0]
    expect(now.people).toEqual([{ id: petr.person, name: 'Petr Dub' }])
    expect((await call(jana, `DELETE ${at}/${id}/rules/${rule.body.id}`)).status).toBe(204)
    expect((await call(jana, `DELETE ${at}/${id}/rules/${rule.body.id}`)).status).toBe(404)
    expect((await call(jana, `DELETE ${at}/${id}`)).status).toBe(204)
    expect((await call(jana, `GET ${at}/${id}`)).status).toBe(404)
  })

  it('are of those alone who keep them, and the coordinators have their own', async () => {
    const { id } = (await call(jana, `POST ${at}`, { org: lipova.id, name: 'Noc' })).body
    const rule = { weekdays: [1], from: '19:00', to: '07:00', rotation: null, people: [petr.person] }
    expect((await call(petr, `POST ${at}/${id}/rules`, rule)).status).toBe(403)
    expect((await call(cyril, `POST ${at}/${id}/rules`, rule)).status).toBe(404)
    expect((await call(null, `POST ${at}/${id}/rules`, rule)).status).toBe(401)
    expect((await call(cyril, `DELETE ${at}/${id}`)).status).toBe(404)
    expect((await call(petr, `DELETE ${at}/${id}`)).status).toBe(403)
    expect((await call(cyril, `POST ${at}`, { org: lipova.id, name: 'Cizí' })).status).toBe(403)
    expect((await call(jana, `POST ${at}`, { org: null, name: 'CSIRT' })).status).toBe(403)
    expect((await call(karel, `POST ${at}`, { org: null, name: 'CSIRT' })).body.organisation).toBeNull()
    expect((await call(jana, `POST ${at}/${id}/rules`, rule, { 'x-csrf-token': 'x' })).status).toBe(403)
    expect((await call(jana, `DELETE ${at}/${id}`, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await call(jana, `GET ${at}/${id}`)).body.rules).toEqual([])
  })

  it('refuse hours that make no sense, with the field', async () => {
    const { id } = (await call(jana, `POST ${at}`, { org: lipova.id, name: 'Den' })).body
    const good = { weekdays: [1], from: '07:00', to: '19:00', rotation: null, people: [petr.person] }
    for (const [wrong, field] of [
      [{ people: [petr.person, jana.person] }, 'people'],
      [{ people: [cyril.person] }, 'people'],
      [{ rotation: { ...turns, start: 'v pondělí' } }, 'start'],
      [{ people: [] }, 'people'],
      [{ weekdays: [] }, 'weekdays'],
      [{ weekdays: [8] }, 'weekdays.0'],
      [{ from: '25:00' }, 'from'],
    ] as const) {
      const { status, body } = await call(jana, `POST ${at}/${id}/rules`, { ...good, ...wrong })
      expect([wrong, status, Object.keys(body.fields)]).toEqual([wrong, 422, [field]])
    }
    const twice = await call(jana, `POST ${at}`, { org: lipova.id, name: 'Den' })
    expect([twice.status, twice.body.fields]).toEqual([422, { name: 'taken' }])
    expect((await call(jana, `POST ${at}`, { org: lipova.id, name: ' ' })).status).toBe(422)
  })
})
