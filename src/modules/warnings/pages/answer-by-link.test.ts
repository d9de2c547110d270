import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { evidence, openWarning } from '../../../../test/warned.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { type App, openApp } from '../../../platform/http.ts'
import { errorPage } from '../../../refusals.tsx'
import { actionsFor, makeLink } from '../action-links.ts'
import { mountAnswerByLink } from './answer-by-link.tsx'

const day = 86_400_000

describe('the answer link of a mail', () => {
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  let app: App
  let jihlava: Hospital
  let jana: Actor
  let radka: Actor
  let now = tuesday
  let warning = 0
  let token = ''

  beforeAll(async () => {
    db = await createDatabase()
    ;({ context, stop } = contextOf(db, () => now))
    app = await openApp(context, errorPage)
    mountAnswerByLink(app, context)
    await app.ready()
    jihlava = await addHospital(db, 'Nemocnice Jihlavka', ['192.0.2.0/25'])
    const trest = await addHospital(db, 'Nemocnice Třešť', ['192.0.2.128/25'])
    jana = await addPerson(db, 'Jana Správná', [
      ['admin', jihlava],
      ['admin', trest],
    ])
    radka = await addPerson(db, 'Radka Ředitelka', [['manager', jihlava]])
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })
  beforeEach(async () => {
    now = tuesday
    await db.engine.query('delete from deliveries')
    warning = (await openWarning(db, { org: jihlava })).id
    token = await linkFor(jana)
  })

  async function linkFor(person: Actor): Promise<string> {
    const { rows } = await db.engine.query<{ id: number }>(
      `insert into deliveries (kind, topic, person_id, org_id, address, warning_id, severity, decided_at, due_at, readers)
       values ('new', $1, $2, $3, $4, $5, 3, now(), now(), '{2}') returning id`,
      [`warning ${warning}`, person.person, jihlava.id, person.email, warning],
    )
    const actions = actionsFor(person, jihlava.id)
    return makeLink(context, { delivery: rows[0]?.id ?? 0, warning, person: person.person, actions }, now)
  }

  const get = (path: string, method: 'GET' | 'HEAD' = 'GET') =>
    app.inject({ method, url: path, headers: { accept: 'text/html' } })
  const post = (body: string, of = token, path = '') =>
    app.inject({
      method: 'POST',
      url: `/a/${of}${path}`,
      headers: {
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'cross-site',
      },
      payload: body,
    })
  const whole = async (): Promise<string> =>
    JSON.stringify([
      (await db.engine.query('select * from warnings order by id')).rows,
      (await db.engine.query('select * from answers order by id')).rows,
      (await db.engine.query('select * from warning_log order by id')).rows,
      (await db.engine.query('select * from deliveries order by id')).rows,
      (await db.engine.query('select created_at, revoked_at from action_links order by token_hash')).rows,
      (await db.engine.query('select count(*) from audit')).rows,
    ])
  const answers = async () =>
    (
      await db.engine.query(
        'select person_id, answer, counted, via from answers where warning_id = $1 order by id',
        [warning],
      )
    ).rows
  const standing = async (): Promise<string> =>
    (await db.engine.query<{ answer: string }>('select answer from warnings where id = $1', [warning]))
      .rows[0]?.answer ?? ''

  it('is never answered by looking, however often a gateway fetches it', async () => {
    const before = await whole()
    for (let i = 0; i < 10; i++) {
      expect((await get(`/a/${token}`)).statusCode).toBe(200)
      expect((await get(`/a/${token}?answer=done&said=done`)).statusCode).toBe(200)
      const head = await get(`/a/${token}`, 'HEAD')
      expect([head.statusCode, head.body]).toEqual([200, ''])
    }
    expect(await whole()).toBe(before)
  })

  it('shows as whom one answers, the state and the buttons, and no more than the mail did', async () => {
    const page = await get(`/a/${token}?answer=done`)
    expect(page.body).toContain('Jana Správná')
    expect(page.body).toContain('Nemocnice Jihlavka')
    expect(page.body).not.toContain('Třešť')
    for (const secret of Object.values(evidence)) expect(page.body).not.toContain(secret)
    const buttons = [...page.body.matchAll(/name="answer" value="(\w+)"/g)].map((m) => m[1])
    expect(buttons).toEqual(['done', 'seen', 'working', 'not_affected', 'false_alarm'])
    expect(page.headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    })
  })

  it('answers by its button, without cookie or token of a form, as its owner', async () => {
    const answered = await post('answer=working')
    expect([answered.statusCode, answered.headers.location]).toEqual([303, `/a/${token}?said=working`])
    expect(answered.headers['set-cookie']).toBeUndefined()
    expect(await answers()).toEqual([
      { person_id: jana.person, answer: 'working', counted: true, via: 'mail' },
    ])
    expect((await get(`/a/${token}?said=working`)).body).toContain('Zapsáno: řešíme')
  })

  it('pressed twice says the same once; a later "seen" never undoes "done"', async () => {
    await post('answer=done')
    await post('answer=done')
    expect(await answers()).toHaveLength(1)
    expect((await post('answer=seen')).statusCode).toBe(303)
    expect([await standing(), await answers()]).toMatchObject([
      'done',
      [{ counted: true }, { answer: 'seen', counted: false }],
    ])
  })

  it('asks for a note where an answer needs one, and keeps what was written', async () => {
    await post('answer=working')
    const refused = await post('answer=not_affected')
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('name="note"')
    expect((await post('answer=not_affected&note=Adresa+patří+jinému')).statusCode).toBe(303)
    expect(await standing()).toBe('not_affected')
  })

  it('lets a manager say "seen" and nothing else', async () => {
    const own = await linkFor(radka)
    const page = await get(`/a/${own}`)
    expect([...page.body.matchAll(/name="answer" value="(\w+)"/g)].map((m) => m[1])).toEqual(['seen'])
    expect((await post('answer=done', own)).statusCode).toBe(403)
    expect((await post('answer=seen', own)).statusCode).toBe(303)
    expect(await answers()).toMatchObject([{ person_id: radka.person, answer: 'seen' }])
  })

  it('refuses what is no answer, and tokens that are not ours', async () => {
    expect((await post('answer=maybe')).statusCode).toBe(422)
    expect((await post('')).statusCode).toBe(422)
    const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    for (const bad of [forged, 'x', token.slice(0, 10), `${token}x`, '%00'])
      expect([(await get(`/a/${bad}`)).statusCode, (await post('answer=done', bad)).statusCode]).toEqual([
        404, 404,
      ])
    expect(await answers()).toEqual([])
  })

  it('holds until 30 days after the warning has closed, then leads to sign-in', async () => {
    await post('answer=done')
    now = tuesday + 30 * day
    expect((await get(`/a/${token}`)).statusCode).toBe(200)
    now = tuesday + 30 * day + 1
    const over = await get(`/a/${token}`)
    expect(over.statusCode).toBe(410)
    expect(over.body).toContain('href="/sign-in"')
    expect(over.body).not.toContain('HSOC-D-')
    expect((await post('answer=working')).statusCode).toBe(410)
    expect(await standing()).toBe('done')
  })

  it('can be made useless by whoever holds it', async () => {
    expect((await post('', token, '/withdrawal')).statusCode).toBe(303)
    expect((await get(`/a/${token}`)).statusCode).toBe(410)
    expect((await post('answer=done')).statusCode).toBe(410)
    expect(await answers()).toEqual([])
  })

  it('has the rights that its owner has today: none after leaving, fewer after a change of role', async () => {
    await db.engine.query(`update engagements set role = 'manager' where person_id = $1 and org_id = $2`, [
      jana.person,
      jihlava.id,
    ])
    expect((await post('answer=done')).statusCode).toBe(403)
    await db.engine.query(
      `update engagements set valid_to = to_timestamp($2) where person_id = $1 and org_id = $3`,
      [jana.person, tuesday / 1000 - 1, jihlava.id],
    )
    expect((await get(`/a/${token}`)).statusCode).toBe(404)
    await db.engine.query(
      `update engagements set role = 'admin', valid_to = 'infinity' where person_id = $1`,
      [jana.person],
    )
  })

  it('is kept as a hash alone', async () => {
    const { rows } = await db.engine.query(
      `select encode(token_hash, 'escape') as kept, token_hash::text as hex from action_links`,
    )
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})
