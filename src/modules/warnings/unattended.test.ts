import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { openWarning } from '../../../test/warned.ts'
import { openPages } from '../../app.ts'
import { type Actor, asActor, asReader } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { recipientsOf } from '../channels/recipients.ts'
import { merge } from '../members/merging.ts'
import { move } from '../members/status.ts'
import { countWarnings, listWarnings } from './queries.ts'
import { closeUnattended, unattended } from './unattended.ts'

let db: TestDatabase
let context: Context
let app: App
let stop: () => Promise<void>
let vera: Actor
let numbers = 0

beforeAll(async () => {
  db = await createDatabase()
  const made = contextOf(db)
  context = made.context
  stop = made.stop
  app = await openPages(context)
  vera = await addPerson(db, 'Věra Klidná', [['coordinator', null]])
})
afterAll(async () => {
  await app?.close()
  await stop?.()
  await db?.drop()
})

/** A hospital with a representative, an open warning and one of an exercise. */
async function hospital() {
  const n = ++numbers
  const org = await addHospital(db, `Nemocnice Odchozí ${n}`, [`192.0.2.${16 * n}/28`])
  const jana = await addPerson(db, `Jana Odchozí ${n}`, [['representative', org]])
  const { id, number } = await openWarning(db, { org })
  return { org, jana, id, number }
}
const leave = (org: Hospital) =>
  asActor(db, vera, tuesday, (tx) =>
    move(tx, org.id, { to: 'left', reason: 'Nemocnice zanikla', rulesAccepted: false }, vera, tuesday),
  )
const rowsOf = (org: number) =>
  asReader(db, vera, tuesday, async (tx) => ({
    page: (await unattended(tx)).find((row) => row.org === org),
    list: (await listWarnings(tx, { state: 'unattended', org }, null)).map(({ id }) => id),
    count: await countWarnings(tx, { state: 'unattended', org }),
  }))
const close = (org: number, { by = vera, reason = 'Nikdo nepokračuje' } = {}) =>
  closeUnattended(db, by, { org, reason }, tuesday)
const stateOf = async (id: number) =>
  (await db.engine.query('select state, answer from warnings where id = $1', [id])).rows[0]
const told = (org: number) =>
  asEngine(db, (tx) => recipientsOf(tx, { org, to: 'security', severity: 3, now: tuesday }))

describe('a member who leaves while its warnings are open', () => {
  it('leaves them to the coordinators, who see them as many as they are', async () => {
    const { org, jana, id } = await hospital()
    expect(await rowsOf(org.id)).toEqual({ page: undefined, list: [], count: 0 })
    expect((await told(org.id)).people.map(({ person }) => person)).toEqual([jana.person])
    await leave(org)
    expect(await rowsOf(org.id)).toMatchObject({
      page: { orgName: org.name, n: 1, severity: 3, reason: 'Nemocnice zanikla' },
      list: [id],
      count: 1,
    })
    // What is still to be told reaches somebody.
    expect(await told(org.id)).toMatchObject({
      unit: 0,
      people: [{ person: vera.person, as: 'coordinator-instead' }],
    })
    const { cookie } = await cookieOf(context, vera)
    const get = async (url: string) =>
      (await app.inject({ url, headers: { cookie: cookie.replace('lang=cs', 'lang=en') } })).body
    expect(await get('/')).toContain('1 warning has nobody to answer it')
    expect(await get('/unattended')).toContain(`href="/warnings?state=unattended&amp;org=${org.id}"`)
    expect(await get(`/members/${org.id}`)).toContain('href="/unattended"')
    expect(await close(org.id)).toBe(1)
  })

  it('has them closed with a reason, as neither answered nor done', async () => {
    const { org, id } = await hospital()
    const exercise = await openWarning(db, { org, lane: 2 })
    const other = await hospital()
    await leave(org)
    expect(await close(org.id)).toBe(1)
    expect([await stateOf(id), await stateOf(exercise.id), await stateOf(other.id)]).toEqual([
      { state: 'closed', answer: 'pending' },
      { state: 'open', answer: 'pending' },
      { state: 'open', answer: 'pending' },
    ])
    expect(await rowsOf(org.id)).toEqual({ page: undefined, list: [], count: 0 })
    const { rows } = await db.engine.query(
      `select detail from audit where verb = 'warnings.close' and object = $1`,
      [`warning ${id}`],
    )
    expect(rows).toEqual([{ detail: { reason: 'Nikdo nepokračuje' } }])
    const { cookie } = await cookieOf(context, vera)
    const page = await app.inject({
      url: `/warnings/${id}`,
      headers: { cookie: cookie.replace('lang=cs', 'lang=en') },
    })
    expect(page.body).toContain('Closed: the organisation has left')
    expect(page.body).toContain('Nikdo nepokračuje')
    expect(await close(org.id)).toBe(0)
  })

  it('has them handed over by a merger', async () => {
    const { org, id } = await hospital()
    const next = await hospital()
    await leave(org)
    await asEngine(db, (tx) =>
      merge(tx, { org: org.id, into: next.org.id, reason: 'Převzetí', people: [] }, vera, tuesday),
    )
    expect(await rowsOf(org.id)).toEqual({ page: undefined, list: [], count: 0 })
    expect((await told(org.id)).people.map(({ person }) => person)).toEqual([next.jana.person])
    await expect(close(org.id)).rejects.toThrow(WrongState)
    await leave(next.org)
    expect(await rowsOf(next.org.id)).toMatchObject({ page: { n: 2 }, list: [next.id, id], count: 2 })
    expect(await close(next.org.id)).toBe(2)
  })

  it('has nothing closed by anybody else, without a reason, or while somebody is there', async () => {
    const { org, jana, id } = await hospital()
    await expect(close(org.id)).rejects.toThrow(WrongState)
    await expect(close(org.id, { by: jana })).rejects.toThrow(Forbidden)
    await expect(close(999_999)).rejects.toThrow(NotFound)
    await leave(org)
    for (const reason of ['', '  ', 'x'.repeat(1_001), 'a\0b'])
      await expect(close(org.id, { reason })).rejects.toThrow(Invalid)
    const { cookie, csrf } = await cookieOf(context, vera)
    const post = (url: string, fields: Record<string, string>) =>
      app.inject({
        method: 'POST',
        url,
        payload: new URLSearchParams({ ...fields, _csrf: csrf }).toString(),
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      })
    const refused = await post(`/unattended/${org.id}/closure`, { reason: '<b>'.repeat(500) })
    expect([refused.statusCode, refused.body]).toEqual([422, expect.stringContaining('&lt;b>&lt;b>')])
    for (const no of ['1e9', '99999999999', '-1'])
      expect((await post(`/unattended/${no}/closure`, { reason: 'x' })).statusCode).toBe(404)
    expect(await stateOf(id)).toEqual({ state: 'open', answer: 'pending' })
    const done = await post(`/unattended/${org.id}/closure`, { reason: 'Nikdo nepokračuje' })
    expect([done.statusCode, done.headers.location]).toEqual([303, '/unattended?closed=1'])
  })
})
