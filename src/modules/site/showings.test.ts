import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getAs, postAs } from '../../../test/asking.ts'
import { contextOf } from '../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { openPages } from '../../app.ts'
import { type Actor, asActor, asReader } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { Forbidden, NotFound } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { figures } from './figures.ts'
import { agree, counters, shownMembers } from './showings.ts'

describe('members on the public map', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let horni: Hospital
  let dolni: Hospital
  let representative: Actor
  let admin: Actor
  let coordinator: Actor
  beforeAll(async () => {
    db = await createDatabase()
    horni = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['192.0.2.128/25'])
    representative = await addPerson(db, 'Zástupkyně Zkušební', [['representative', horni]])
    admin = await addPerson(db, 'Správce Zkušební', [['admin', horni]])
    coordinator = await addPerson(db, 'Koordinátorka Vzorová', [['coordinator', null]])
    const made = contextOf(db)
    context = made.context
    stop = made.stop
    app = await openPages(context)
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  const names = async () => (await asReader(db, null, tuesday, shownMembers)).map((member) => member.name)

  it('stand there only once their representative agreed, and no longer than that', async () => {
    expect(await names()).toEqual([])
    await agree(db, representative, horni.id, true, tuesday)
    await agree(db, representative, horni.id, true, tuesday)
    expect(await names()).toEqual(['Nemocnice Horní Výmysl'])
    expect((await app.inject({ url: '/cs/clenove' })).body).toContain('Nemocnice Horní Výmysl')
    expect((await app.inject({ url: '/cs/clenove' })).body).not.toContain('Dolní Smyšlenka')
    await agree(db, representative, horni.id, false, tuesday)
    expect(await names()).toEqual([])
    const { rows } = await db.engine.query(`select verb from audit where verb like 'site.%' order by id`)
    expect(rows).toEqual([{ verb: 'site.agreeToShow' }, { verb: 'site.takeBackShowing' }])
  })

  it('are shown by a coordinator on their behalf, and vanish when they leave', async () => {
    await agree(db, coordinator, dolni.id, true, tuesday)
    expect(await names()).toEqual(['Nemocnice Dolní Smyšlenka'])
    await db.engine.query(`update organisations set status = 'left' where id = $1`, [dolni.id])
    expect(await names()).toEqual([])
    await db.engine.query(`update organisations set status = 'participant' where id = $1`, [dolni.id])
    await agree(db, coordinator, dolni.id, false, tuesday)
  })

  it('are nobody else\u2019s to show, and the database says so too', async () => {
    await expect(agree(db, admin, horni.id, true, tuesday)).rejects.toThrow(Forbidden)
    await expect(agree(db, representative, dolni.id, true, tuesday)).rejects.toThrow(NotFound)
    for (const [who, org] of [
      [admin, horni],
      [representative, dolni],
    ] as const)
      await expect(
        asActor(db, who, tuesday, (tx) =>
          tx.query('insert into site_showings (org_id, agreed_at, agreed_by) values ($1, now(), $2)', [
            org.id,
            who.person,
          ]),
        ),
      ).rejects.toThrow(/row-level security/)
    await agree(db, representative, horni.id, true, tuesday)
    const taken = await asActor(db, admin, tuesday, (tx) => tx.query('delete from site_showings'))
    expect(taken.rowCount).toBe(0)
    await agree(db, representative, horni.id, false, tuesday)
  })

  it('are decided about on a page of their own', async () => {
    const page = await getAs({ app, context }, representative, '/showing')
    expect(page.body).toContain('Nemocnice Horní Výmysl')
    expect(page.body).not.toContain('Dolní Smyšlenka')
    const post = (url: string) => postAs({ app, context }, representative, url)
    expect((await post(`/showing/${horni.id}`)).headers.location).toBe('/showing?said=shown')
    expect((await post(`/showing/${dolni.id}`)).statusCode).toBe(404)
    expect(await names()).toEqual(['Nemocnice Horní Výmysl'])
    expect((await post(`/showing/${horni.id}/withdrawal`)).headers.location).toBe('/showing?said=hidden')
  })

  it('are counted for everybody from five on', async () => {
    const counted = () => asReader(db, null, tuesday, counters)
    expect(await counted()).toEqual({ involved: null, hospitals: null, signatories: null })
    for (const n of [1, 2, 3]) await addHospital(db, `Nemocnice Další ${n}`, [])
    await db.engine.query(`update organisations set status = 'signatory' where id = $1`, [horni.id])
    expect(await counted()).toEqual({ involved: 5, hospitals: 5, signatories: null })
    expect((await app.inject({ url: '/cs/cisla' })).body).toContain('&lt; 5')
  })
})

describe('figures for everybody', () => {
  it('are those of yesterday that were published, and of no other day', async () => {
    const db = await createDatabase()
    const add = (day: string, dim: string, item: string) =>
      db.engine.query(
        `insert into sector_figures (day, dim, item, events, detections, sources, dropped, known, share, changed_at)
         values ($1, $2, $3, 1234, 10, 7, 900, 1000, 900, to_timestamp($4 / 1000.0))`,
        [day, dim, item, tuesday],
      )
    for (const day of ['2026-03-01', '2026-03-02', '2026-03-03']) {
      await add(day, 'day', 'day')
      await add(day, 'day', 'members')
      await add(day, 'class', 'attempt-login-ssh')
    }
    const seen = await asReader(db, null, tuesday, (tx) =>
      tx.query('select day, item from sector_figures order by item'),
    )
    expect(seen.rows).toEqual([
      { day: '2026-03-02', item: 'attempt-login-ssh' },
      { day: '2026-03-02', item: 'day' },
    ])
    const told = await asReader(db, null, tuesday, (tx) => figures(tx, tuesday, 'Europe/Prague', 'cs'))
    expect(told).toMatchObject({
      yesterday: '2026-03-02',
      sector: { events: 1234, sources: 7, members_from: null },
    })
    await db.drop()
  })
})
