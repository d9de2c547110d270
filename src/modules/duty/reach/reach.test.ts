import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { openPages } from '../../../app.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import type { App } from '../../../platform/http.ts'
import { peopleOf } from '../targets.ts'
import { isOutOfBand } from './gather.ts'
import { distribution, reckonDue, scores } from './reckon.ts'

const day = 86_400_000
const minute = 60_000

describe('how an organisation can be reached', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let lipova: Hospital
  let jana: Actor
  let petr: Actor
  let eva: Actor
  let karel: Actor
  let cizi: Actor
  let now = tuesday

  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    const bukova = await addHospital(db, 'Nemocnice Buková', ['192.0.2.128/25'])
    jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    petr = await addPerson(db, 'Petr Dub', [['duty', lipova]])
    eva = await addPerson(db, 'Eva Malá', [['manager', lipova]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    cizi = await addPerson(db, 'Cyril Cizí', [['admin', bukova]])
    await db.engine.query(`insert into domains (org_id, domain) values ($1, 'lipova.example')`, [lipova.id])
    ;({ context, stop } = contextOf(db, () => now))
    app = await openPages(context)
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  const point = async (who: Actor, channel: string, value: string, verified: boolean): Promise<void> => {
    await db.engine.query(
      `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
       values ($1, $2, $3, $4, $5, '{2}', to_timestamp($6 / 1000.0), to_timestamp($6 / 1000.0), to_timestamp($7::float8 / 1000.0), $8)`,
      [lipova.id, who.person, who.name, channel, value, now, verified ? now : null, verified ? 'mail' : null],
    )
  }
  const reckoned = async () => {
    now += minute
    await reckonDue(db, 'Europe/Prague', now)
    const [own] = await asActor(db, jana, now, scores)
    return own
  }
  const post = async (who: Actor, url: string, fields: Record<string, string | string[]>) => {
    const { cookie, csrf } = await cookieOf(context, who)
    const body = new URLSearchParams({ _csrf: csrf })
    for (const [key, values] of Object.entries(fields))
      for (const one of [values].flat()) body.append(key, one)
    return app.inject({
      method: 'POST',
      url,
      payload: body.toString(),
      headers: { accept: 'text/html', cookie, 'content-type': 'application/x-www-form-urlencoded' },
    })
  }
  const get = async (who: Actor, url: string) =>
    app.inject({ url, headers: { accept: 'text/html', cookie: (await cookieOf(context, who)).cookie } })

  it('is reckoned anew when contacts change, and unproved ones count for nothing', async () => {
    expect((await reckoned())?.score).toBe(0)
    await point(petr, 'mail', 'petr@lipova.example', false)
    expect((await reckoned())?.score).toBe(0)
    await point(petr, 'mail', 'petr@mail.lipova.example', true)
    expect((await reckoned())?.parts).toMatchObject({ people: 10, outOfBand: 0 })
    await point(petr, 'sms', '+420555010100', true)
    expect((await reckoned())?.parts).toMatchObject({ people: 10, outOfBand: 20 })
    await point(eva, 'mail', 'eva@elsewhere.example', true)
    expect((await reckoned())?.parts).toMatchObject({ people: 10 })
    await point(jana, 'mail', 'jana@elsewhere.example', true)
    expect((await reckoned())?.parts).toMatchObject({ people: 25, outOfBand: 20, always: 0, attested: 0 })
    expect(await reckonDue(db, 'Europe/Prague', now + minute)).toBe(0)
    now += day
    expect(await reckonDue(db, 'Europe/Prague', now)).toBeGreaterThan(0)
  })

  it('a mailbox counts as elsewhere only outside the organisation’s domains', () => {
    expect(isOutOfBand('mail', 'a@LIPOVA.example', ['lipova.example'])).toBe(false)
    expect(isOutOfBand('mail', 'a@notlipova.example', ['lipova.example'])).toBe(true)
    expect(isOutOfBand('phone', '+420555010100', [])).toBe(false)
    expect(isOutOfBand('sms', '+420555010100', [])).toBe(true)
  })

  it('the simple form names whom to call, and says whether at any hour', async () => {
    const path = `/duty/simple/${lipova.id}`
    const given = { people: [String(eva.person), String(petr.person), ''], always: '1' }
    expect((await post(eva, path, given)).statusCode).toBe(403)
    expect((await post(cizi, path, given)).statusCode).toBe(404)
    expect((await post(karel, path, given)).statusCode).toBe(403)
    expect((await post(jana, path, { people: String(cizi.person) })).statusCode).toBe(422)
    const twice = await post(jana, path, { people: [String(eva.person), String(eva.person)] })
    expect([twice.statusCode, twice.body.includes('jen jednou')]).toEqual([422, true])
    expect((await post(jana, path, { people: 'x' })).statusCode).toBe(422)
    expect((await post(jana, path, given)).statusCode).toBe(303)
    const whom = () => asEngine(db, (tx) => peopleOf(tx, lipova.id, { role: 'duty' }, now))
    expect(await whom()).toEqual([eva.person, petr.person])
    expect((await reckoned())?.parts).toMatchObject({ always: 20 })
    expect((await get(eva, path)).body).toContain('ozve se někdo kdykoli')
    expect((await get(cizi, path)).statusCode).toBe(404)
    expect((await post(jana, path, {})).statusCode).toBe(303)
    expect(await whom()).toEqual([petr.person])
    expect((await reckoned())?.parts).toMatchObject({ always: 0 })
  })

  it('is shown to the organisation with the next step, to coordinators of all, to nobody of others', async () => {
    const own = (await get(jana, '/duty/reach')).body
    expect(own).toContain('Potvrďte, že kontakty platí')
    expect(own).toContain('+15')
    expect(own).not.toContain('Nemocnice Buková')
    expect(own).toContain('Vaše organizace zatím neprošla žádným cvičením')
    const all = (await get(karel, '/duty/reach')).body
    expect(all).toContain('Nemocnice Buková')
    expect((await asActor(db, cizi, now, scores)).map(({ name }) => name)).toEqual(['Nemocnice Buková'])
  })

  it('of the sector nothing is shown that fewer than five organisations share', async () => {
    for (let n = 0; n < 4; n++) await addHospital(db, `Poliklinika ${n}`, [`198.51.100.${16 * n}/28`])
    await reckoned()
    const shown = await asActor(db, cizi, now, distribution)
    expect([...shown]).toEqual([['poor', 6]])
    await db.engine.query(`update reach_scores set score = 90 where org_id = $1`, [lipova.id])
    // The one number that is hidden would follow from the other and the sum.
    expect([...(await asActor(db, cizi, now, distribution))]).toEqual([])
    expect(await asActor(db, { ...cizi, engagements: [] }, now, distribution)).toEqual(new Map())
  })
})
