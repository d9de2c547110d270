import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callAs } from '../../../../test/asking.ts'
import { contextOf } from '../../../../test/belongings.ts'
import { type Calling, openCalling } from '../../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../../test/harness.ts'
import { openPages } from '../../../app.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import type { App } from '../../../platform/http.ts'
import { keyScopes } from '../../../values/key-scopes.ts'
import { addKey } from '../../members/keys.ts'

const wanted = { class: 'emergency', title: 'Útok na dodavatele', body: 'Ověřte zálohy.', tlp: 'GREEN' }

describe('roll-calls led by programs of coordinators', () => {
  let stage: Calling
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let now = tuesday
  let lipova: Hospital
  let bukova: Hospital
  let adam: Actor
  let cyril: Actor
  beforeAll(async () => {
    stage = await openCalling()
    ;({ context, stop } = contextOf(stage.db, () => now))
    app = await openPages(context)
    lipova = await stage.hospital('Nemocnice Lipová')
    bukova = await stage.hospital('Nemocnice Buková')
    adam = await stage.person('Adam Správce', [['admin', lipova]])
    cyril = await stage.person('Cyril Služba', [['duty', bukova]])
  }, 60_000)
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await stage?.close()
  })

  type Call = Parameters<typeof callAs>[2]
  const call = async (who: Actor | string | null, what: Call, body?: object, more = {}) => {
    const answer = await callAs({ app, context }, who, what, body, more)
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }
  const begun = async (more = {}) => (await call(stage.karel, 'POST rollcalls', { ...wanted, ...more })).body
  const out = async (more = {}): Promise<number> => {
    const { id } = await begun(more)
    const { seen } = (await call(stage.kveta, `GET rollcalls/${id}/preview`)).body
    expect((await call(stage.kveta, `PUT rollcalls/${id}/release`, { seen })).status).toBe(200)
    return id
  }

  it('are written by one and released by another, as they were previewed', async () => {
    const made = await begun()
    expect(made).toMatchObject({ ...wanted, organisations: null, within_min: 60, yours: true })
    expect(made.answers[0]).toEqual({ cs: 'Bez dopadu', en: 'No impact', needs_note: false })
    const { id } = made
    const saved = await call(stage.karel, `PUT rollcalls/${id}/draft`, { ...made, room: 'Linka 555 010 099' })
    expect([saved.status, saved.body.room]).toEqual([200, 'Linka 555 010 099'])
    const late = await call(stage.kveta, `PUT rollcalls/${id}/draft`, { ...made, within_min: 30 })
    expect(late).toMatchObject({ status: 409, body: { error: 'wrong-state', changed: ['room'] } })

    const { body: preview } = await call(stage.kveta, `GET rollcalls/${id}/preview`)
    expect(
      preview.organisations.map((one: { name: string; steps: { people: { name: string }[] }[] }) => [
        one.name,
        one.steps[0]?.people[0]?.name,
      ]),
    ).toEqual([
      ['Nemocnice Buková', 'Cyril Služba'],
      ['Nemocnice Lipová', 'Adam Správce'],
    ])
    const { rows } = await stage.db.engine.query('select 1 from trail_reads where org_id = $1', [lipova.id])
    expect(rows).toHaveLength(1)

    const blind = await call(stage.kveta, `PUT rollcalls/${id}/release`, { seen: saved.body.seen })
    expect(blind).toMatchObject({ status: 409, body: { changed: ['steps'] } })
    expect((await call(stage.karel, `PUT rollcalls/${id}/release`, preview)).status).toBe(403)
    expect((await call(adam, `GET rollcalls/${id}`)).status).toBe(404)
    expect((await call(stage.kveta, `PUT rollcalls/${id}/release`, preview)).body).toEqual({
      organisations: 2,
    })
    expect((await call(adam, `GET rollcalls/${id}`)).body).toMatchObject({
      state: 'approved',
      title: wanted.title,
    })
    expect((await call(stage.kveta, `GET rollcalls/${id}/draft`)).status).toBe(409)
    expect((await call(stage.karel, `PUT rollcalls/${id}/review`)).status).toBe(409)
  })

  it('are answered for who was spoken to, told again to the silent, and ended', async () => {
    const id = await out()
    const behalf = { organisation: lipova.id, answer: '1', note: 'Primář telefonicky' }
    expect((await call(stage.karel, `PUT rollcalls/${id}/answers`, { ...behalf, note: '' })).status).toBe(422)
    const elsewhere = await call(stage.karel, `PUT rollcalls/${id}/answers`, {
      ...behalf,
      organisation: 999_999,
    })
    expect(elsewhere.status).toBe(404)
    const said = await call(stage.karel, `PUT rollcalls/${id}/answers`, behalf)
    expect(said).toMatchObject({ status: 200, body: { counted: true, conflict: false } })
    await stage.tick(now)
    expect((await call(stage.karel, `POST rollcalls/${id}/again`)).body).toEqual({ organisations: 1 })
    expect((await call(stage.karel, `POST rollcalls/${id}/again`)).status).toBe(409)
    const { attempts, log } = (await call(stage.kveta, `GET rollcalls/${id}/protocol`)).body
    expect(attempts.map((one: { person: string; round: number }) => [one.person, one.round])).toContainEqual([
      'Cyril Služba',
      1,
    ])
    expect(log.map((one: { what: string }) => one.what)).toEqual(
      expect.arrayContaining(['released', 'answer', 'again']),
    )
    const strange = await call(stage.kveta, `PUT rollcalls/${id}/attempts/${attempts[0].id}/called`)
    expect(strange.status).toBe(404)
    expect((await call(stage.kveta, `PUT rollcalls/${id}/closing`)).status).toBe(204)
    expect((await call(stage.kveta, `PUT rollcalls/${id}/closing`)).status).toBe(409)
    const other = await out()
    await stage.tick(now)
    const cancelled = await call(stage.kveta, `PUT rollcalls/${other}/cancellation`)
    expect([cancelled.status, cancelled.body.messages]).toEqual([200, 2])
    const { id: draft } = await begun()
    expect((await call(stage.kveta, `DELETE rollcalls/${draft}/draft`)).status).toBe(204)
    expect((await call(stage.kveta, `GET rollcalls/${draft}/draft`)).status).toBe(404)
  })

  it('spare in drills whoever said that no drill may come, as long as they say so', async () => {
    now += 60_000
    const wish = {
      ...{ organisation: lipova.id, reason: 'Stěhování sálů', from: '2026-03-02T00:00:00Z' },
      to: '2026-03-05T00:00:00+01:00',
    }
    expect((await call(adam, 'POST rollcalls/windows', { ...wish, organisation: bukova.id })).status).toBe(
      403,
    )
    expect((await call(cyril, 'POST rollcalls/windows', { ...wish, organisation: bukova.id })).status).toBe(
      403,
    )
    expect((await call(adam, 'POST rollcalls/windows', { ...wish, to: wish.from })).body.fields).toEqual({
      to: 'order',
    })
    expect((await call(adam, 'POST rollcalls/windows', wish)).status).toBe(204)
    const { windows } = (await call(adam, 'GET rollcalls/windows')).body
    expect(windows).toMatchObject([
      {
        organisation: { name: 'Nemocnice Lipová' },
        to: '2026-03-04T23:00:00.000Z',
        declared_by: 'Adam Správce',
      },
    ])
    expect((await call(cyril, 'GET rollcalls/windows')).body.windows).toEqual([])
    const { id } = await begun({ class: 'drill' })
    const { organisations } = (await call(stage.karel, `GET rollcalls/${id}/preview`)).body
    expect(organisations.map((one: { excused: string | null }) => one.excused)).toContain('Stěhování sálů')
    expect((await call(cyril, `DELETE rollcalls/windows/${windows[0].id}`)).status).toBe(404)
    expect((await call(adam, `DELETE rollcalls/windows/${windows[0].id}`)).status).toBe(204)
    expect((await call(adam, `DELETE rollcalls/windows/${windows[0].id}`)).status).toBe(404)
  })

  it('are for nobody else, and change nothing without the token of the session or from another site', async () => {
    const { id, ...draft } = await begun()
    const { key } = await asEngine(stage.db, (tx) =>
      addKey(tx, { org: null, label: 'Ústředna', scopes: [...keyScopes], days: 30 }, stage.karel, tuesday),
    )
    const calls: [Call, object?][] = [
      ['POST rollcalls', wanted],
      [`GET rollcalls/${id}/draft`],
      [`PUT rollcalls/${id}/draft`, draft],
      [`GET rollcalls/${id}/preview`],
      [`GET rollcalls/${id}/protocol`],
      [`PUT rollcalls/${id}/release`, { seen: '' }],
      [`PUT rollcalls/${id}/answers`, { organisation: lipova.id, answer: '1', note: 'x' }],
      [`POST rollcalls/${id}/again`],
      [`PUT rollcalls/${id}/cancellation`],
      [`DELETE rollcalls/${id}/draft`],
    ]
    for (const [what, given] of calls) {
      expect([what, (await call(adam, what, given)).status]).toEqual([what, 403])
      expect([what, (await call(null, what, given)).status]).toEqual([what, 401])
      expect([what, (await call(key, what, given)).status]).toEqual([what, 403])
      if (what.startsWith('GET')) continue
      for (const more of [{ 'x-csrf-token': 'x' }, { 'sec-fetch-site': 'cross-site' }])
        expect([what, (await call(stage.karel, what, given, more)).status]).toEqual([what, 403])
    }
    expect((await call(stage.karel, `GET rollcalls/${id}/draft`)).body).toMatchObject(draft)
  })

  it('refuse what no editor would send', async () => {
    const wrong: [object, object?][] = [
      [{}],
      [{ ...wanted, class: 'war' }],
      [{ ...wanted, title: ' ' }, { title: 'lack' }],
      [{ ...wanted, within_min: 1 }, { within_min: 'within' }],
      [{ ...wanted, within_min: 2 ** 40 }],
      [{ ...wanted, mode: 'quorum', quorum: 1 }, { quorum: 'quorum' }],
      [{ ...wanted, answers: [{ cs: 'Ano', en: '', needs_note: false }] }, { answers: 'languages' }],
      [{ ...wanted, class: 'test' }, { channel: 'lack' }],
      [{ ...wanted, body: 'a\0b' }],
      [{ ...wanted, kinds: ['\ud800'] }],
      [{ ...wanted, answers: [{ cs: '\ud800', en: 'x', needs_note: false }] }],
    ]
    for (const [body, fields] of wrong) {
      const answer = await call(stage.karel, 'POST rollcalls', body)
      expect([body, answer.status]).toEqual([body, 422])
      if (fields) expect(answer.body.fields).toEqual(fields)
    }
    const huge = await call(stage.karel, 'POST rollcalls', { ...wanted, body: 'x'.repeat(1_100_000) })
    expect(huge.status).toBe(413)
  })
})
