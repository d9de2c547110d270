import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { openPages } from '../../../app.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { certifyNewKey } from '../../../platform/certificates.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import type { App } from '../../../platform/http.ts'
import { hashToken } from '../../../platform/sessions.ts'
import { authorityOf } from '../authority.ts'
import { list } from '../enrolment.ts'
import { add } from '../sensors.ts'

const day = 86_400_000

describe("the certificates on a sensor's page", () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let id: number
  const now = { ms: tuesday }
  const people: Record<string, Actor> = {}
  beforeAll(async () => {
    db = await createDatabase()
    ;({ context, stop } = contextOf(db, () => now.ms))
    app = await openPages(context)
    const horni = await addHospital(db, 'Nemocnice Horní Výmysl', [])
    const dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', [])
    people.admin = await addPerson(db, 'Adam', [['admin', horni]])
    people.duty = await addPerson(db, 'Dana', [['duty', horni]])
    people.stranger = await addPerson(db, 'Cyril', [['admin', dolni]])
    people.operator = await addPerson(db, 'Olga', [['operator', null]])
    people.coordinator = await addPerson(db, 'Klára', [['coordinator', null]])
    const fresh = { name: 'cz.horni.ids', member: horni.name, rights: ['write'], secret: false, certCn: null }
    ;({ id } = await add(db.engine, fresh, context.settings.secret, tuesday))
    const ca = await authorityOf(db.engine, context.settings, tuesday)
    const issued = await certifyNewKey(ca, { cn: fresh.name, days: 365 }, tuesday)
    await asEngine(db, (tx) => list(tx, id, ca, issued, 'enrolment', tuesday))
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  const see = async (who: string) => {
    const { cookie } = await cookieOf(context, people[who] as Actor)
    return app.inject({ url: `/sensors/${id}`, headers: { cookie, accept: 'text/html' } })
  }
  const act = async (who: string, noun: string, token = true) => {
    const { cookie, csrf } = await cookieOf(context, people[who] as Actor)
    return app.inject({
      method: 'POST',
      url: `/sensors/${id}/${noun}`,
      headers: { cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      payload: token ? `_csrf=${csrf}` : '',
    })
  }

  it('offer their deeds to those who may do them, and to nobody else', async () => {
    for (const who of ['admin', 'coordinator']) expect((await see(who)).body, who).toContain('/enrolment"')
    for (const who of ['duty', 'operator']) {
      const { statusCode, body } = await see(who)
      expect([who, statusCode, body.includes('Certifikáty')]).toEqual([who, 200, true])
      expect(body).not.toContain('/enrolment"')
    }
    for (const noun of ['enrolment', 'revocation']) {
      for (const who of ['duty', 'operator']) expect((await act(who, noun)).statusCode, who).toBe(403)
      expect((await act('stranger', noun)).statusCode).toBe(404)
      expect((await act('admin', noun, false)).statusCode).toBe(403)
    }
    const { rows } = await db.engine.query(
      'select (select count(*)::int from sensor_enrolments) + count(revoked_at)::int as n from sensor_certificates',
    )
    expect(rows).toEqual([{ n: 0 }])
  })

  it('show a token once, with the two commands that use it', async () => {
    const answer = await act('admin', 'enrolment')
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store'])
    const token = /Bearer ([\w-]{32})/.exec(answer.body)?.[1] as string
    expect(answer.body).toContain('/CN=cz.horni.ids')
    const { rows } = await db.engine.query('select token_hash = $1 as known from sensor_enrolments', [
      hashToken(token),
    ])
    expect(rows).toEqual([{ known: true }])
    const after = await see('admin')
    expect(after.body).not.toContain(token)
    expect(after.body).toContain('čeká token do')
  })

  it('say when the end is near, and when it has come', async () => {
    expect((await see('admin')).body).not.toContain('Certifikát brzy skončí')
    now.ms = tuesday + 340 * day
    expect((await see('admin')).body).toContain('Certifikát brzy skončí')
    now.ms = tuesday + 366 * day
    expect((await see('admin')).body).toContain('Certifikát skončil')
    now.ms = tuesday
  })

  it('end at once by the button, and say who did it in the trail', async () => {
    const done = await act('coordinator', 'revocation')
    expect([done.statusCode, done.headers.location]).toEqual([303, `/sensors/${id}?said=revoked`])
    expect((await see('admin')).body).toContain('odvolán')
    const trail = await asActor(db, people.admin as Actor, tuesday, (tx) =>
      tx.query(`select actor, detail from audit where verb = 'events.sensor-revoke'`),
    )
    expect(trail.rows).toEqual([{ actor: people.coordinator?.email, detail: { certificates: 1 } }])
  })
})
