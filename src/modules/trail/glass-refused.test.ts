import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cookieOf } from '../../../test/belongings.ts'
import { day, type GlassStage, minute, openGlassStage, reason, secret } from '../../../test/glass-stage.ts'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { type Actor, asActor, asReader } from '../../platform/access.ts'
import { hashToken } from '../../platform/sessions.ts'
import { openGlass, reviewGlass } from './glass.ts'

describe('break-glass access is refused', () => {
  let stage: GlassStage
  let { db, context, node, lipova, habrova, warning, people } = {} as GlassStage

  beforeAll(async () => {
    stage = await openGlassStage()
    ;({ db, context, node, lipova, habrova, warning, people } = stage)
  })
  afterAll(() => stage?.close())
  // Openings can only be added to: each test has days of its own.
  beforeEach(() => {
    stage.now += 10 * day
  })

  it.each(['petr', 'dana', 'jana', 'otto'] as const)('to %s', async (who) => {
    expect((await stage.opens(who)).statusCode).toBe(403)
    expect(await stage.reads('vera')).toBe(false)
  })

  it('to who is signed out, and to a form of another site', async () => {
    expect((await stage.opens(null)).headers.location).toMatch(/^\/sign-in/)
    const { cookie } = await cookieOf(context, people.vera)
    const forged = await node.inject({
      method: 'POST',
      url: '/trail/glass',
      payload: `org=${lipova.id}&reason=${encodeURIComponent(reason)}`,
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(forged.statusCode).toBe(403)
  })

  it.each(['', '         ', 'krátký', 'x'.repeat(1_001)])(
    'without a reason worth the name: "%.12s"',
    async (why) => {
      const answer = await stage.opens('vera', lipova.id, why)
      expect(answer.statusCode).toBe(422)
      expect(answer.body).toContain('Napište důvod')
      expect(answer.body).toContain(why.trim().slice(0, 9))
      expect(await stage.reads('vera')).toBe(false)
    },
  )

  it.each(['0', '999999', 'x', '-1', ''])('to an organisation that is none: "%s"', async (org) => {
    const answer = await stage.post('vera', '/trail/glass', { org, reason })
    expect([answer.statusCode, answer.body.includes(reason)]).toEqual([422, true])
  })

  it('to one’s own organisation', async () => {
    expect((await stage.opens('both', habrova.id)).statusCode).toBe(422)
  })

  it('without a fresh proof, and asks for one with what was typed kept', async () => {
    const { cookie, csrf } = await cookieOf(context, people.vera)
    stage.now += 15 * minute
    const asked = await node.inject({
      method: 'POST',
      url: '/trail/glass',
      payload: new URLSearchParams({ _csrf: csrf, org: String(lipova.id), reason }).toString(),
      headers: { cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([asked.statusCode, asked.body.includes(reason)]).toEqual([403, true])
    expect(await stage.reads('vera')).toBe(false)
  })

  it('to keys, whoever has it open', async () => {
    const key = 'hsk_glass'
    await db.engine.query(
      `insert into api_keys (key_hash, org_id, label, scopes, made_by, made_at, expires_at)
       values ($1, null, 'Nástěnka', '{warnings.read}', $3, to_timestamp($2 / 1000.0), 'infinity') on conflict do nothing`,
      [hashToken(key), tuesday, people.vera.person],
    )
    await stage.opened()
    const headers = { authorization: `Bearer ${key}` }
    const { statusCode, body } = await node.inject({ url: `/api/v1/warnings/${warning}`, headers })
    expect([statusCode, body.includes(secret)]).toEqual([200, false])
    for (const url of ['/api/v1/glass', '/api/v1/trail'])
      expect((await node.inject({ url, headers })).statusCode).toBe(403)
  })

  it('to a coordinator who is one no more, in the middle of it', async () => {
    const gone = await addPerson(db, `Gita Odešlá ${stage.now}`, [['coordinator', null]])
    await asActor(db, gone, stage.now, (tx) => openGlass(tx, { org: lipova.id, reason }, gone, stage.now))
    const seen = (actor: Actor) =>
      asReader(
        db,
        actor,
        stage.now,
        async (tx) => (await tx.query('select 1 from warning_log where readers is not null')).rowCount,
      )
    expect(await seen(gone)).toBeGreaterThan(0)
    expect(await seen({ ...gone, engagements: [] })).toBe(0)
  })

  it('by the database itself: a longer one, one in another’s name, a review of one’s own, a change of what was written', async () => {
    const insert = `insert into glass_openings (org_id, person_id, opener, reason, opened_at, ends_at, review_due_at, readers)
      values ($1, $2, 'x', $3, actor_now(), actor_now() + make_interval(mins => $4), actor_now(), array[2, 1000 + 4 * $1])`
    const tries = (as: Actor, person: Actor, minutes = 60) =>
      asActor(db, as, stage.now, (tx) => tx.query(insert, [lipova.id, person.person, reason, minutes]))
    await expect(tries(people.vera, people.vera, 61)).rejects.toThrow(/check constraint/)
    await expect(tries(people.vera, people.olga)).rejects.toThrow(/row-level security/)
    await expect(tries(people.petr, people.petr)).rejects.toThrow(/row-level security/)
    await expect(tries(people.otto, people.otto)).rejects.toThrow(/row-level security/)
    const id = await asActor(db, people.vera, stage.now, (tx) =>
      openGlass(tx, { org: lipova.id, reason }, people.vera, stage.now),
    )
    stage.now += day
    const own = `update glass_openings set reviewed_by = $2, reviewer = 'x', reviewed_at = actor_now(), verdict = 'justified', finding = 'Bylo to potřeba.' where id = $1`
    const judged = await asActor(db, people.vera, stage.now, (tx) => tx.query(own, [id, people.vera.person]))
    expect(judged.rowCount).toBe(0)
    await expect(
      asActor(db, people.vera, stage.now, (tx) =>
        reviewGlass(tx, id, { verdict: 'justified', finding: 'Bylo to potřeba.' }, people.vera, stage.now),
      ),
    ).rejects.toThrow(/Another/)
    for (const change of [
      `update glass_openings set reason = 'něco úplně jiného'`,
      'delete from glass_openings',
      `update glass_comments set text = 'x'`,
    ])
      await expect(asActor(db, people.vera, stage.now, (tx) => tx.query(change))).rejects.toThrow(
        /permission denied/,
      )
  })

  it('for writing: under it nobody adds a line in the organisation’s name', async () => {
    await stage.opened()
    expect(
      (await stage.post('vera', `/warnings/${warning}/note`, { text: 'x', internal: '1' })).statusCode,
    ).toBe(403)
    const forged = `insert into warning_log (warning_id, at, kind, person_id, readers) values ($1, actor_now(), 'note', $2, $3)`
    const readers = [1000 + 4 * lipova.id, 1000 + 4 * lipova.id + 3]
    await expect(
      asActor(db, people.vera, stage.now, (tx) => tx.query(forged, [warning, people.vera.person, readers])),
    ).rejects.toThrow(/row-level security/)
  })

  it.each(['0', '999999', 'x', '1e9', '%00'])('for what is not there: %s', async (id) => {
    expect((await stage.get('vera', `/trail/glass/${id}`)).statusCode).toBe(404)
  })
})
