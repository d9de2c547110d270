import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callAs } from '../../../../../../test/asking.ts'
import { contextOf } from '../../../../../../test/belongings.ts'
import { tuesday } from '../../../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../../../test/writing.ts'
import { openPages } from '../../../../../app.ts'
import type { Actor } from '../../../../../platform/access.ts'
import type { Context } from '../../../../../platform/context.ts'
import { asEngine } from '../../../../../platform/database.ts'
import type { App } from '../../../../../platform/http.ts'
import { keyScopes } from '../../../../../values/key-scopes.ts'
import { addKey } from '../../../../members/keys.ts'

const cs = {
  title: 'Podvodné maily s fakturou',
  happened: 'Přišly maily s přílohou z hxxp://zlo[.]example/faktura.zip.',
  concerns: 'Týká se všech, kdo přijímají poštu zvenku.',
  todo: 'Zablokujte přílohy ZIP.',
}
const wanted = { kind: 'campaign', severity: 'medium', tlp: 'GREEN', audience: 'all_members', cs }

describe('warnings written by programs of coordinators', () => {
  let stage: Writing
  let app: App
  let context: Context
  let stop: () => Promise<void>
  beforeAll(async () => {
    stage = await openWriting()
    ;({ context, stop } = contextOf(stage.db, () => tuesday + 60_000))
    app = await openPages(context)
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
  const at = 'written-warnings'
  const begun = async (more = {}) => (await call(stage.karel, `POST ${at}`, { ...wanted, ...more })).body
  /** A draft as it would be saved. */
  const whole = async (id: number) => {
    const { body } = await call(stage.karel, `GET ${at}/${id}/draft`)
    return { ...body, seen: body.seen.draft }
  }

  it('go from a draft by one to what another publishes, as it was previewed', async () => {
    const made = await begun()
    expect(made).toMatchObject({ version: 1, state: 'draft', translation: 'missing', yours: true, ...wanted })
    const { id } = made

    const said = { ...(await whole(id)), references: 'https://csirt.example/1' }
    const saved = await call(stage.karel, `PUT ${at}/${id}/draft`, said)
    expect([saved.status, saved.body.references]).toEqual([200, 'https://csirt.example/1'])
    const early = await call(stage.kveta, `PUT ${at}/${id}/publication`, {
      seen: saved.body.seen.publication,
    })
    expect([early.status, early.body.error]).toEqual([409, 'wrong-state'])

    expect((await call(stage.karel, `PUT ${at}/${id}/review`)).body.state).toBe('review')
    const back = await call(stage.kveta, `PUT ${at}/${id}/review/withdrawal`, { note: 'Chybí odkaz.' })
    expect(back.body).toMatchObject({ state: 'draft', review_note: 'Chybí odkaz.', yours: false })
    await call(stage.karel, `PUT ${at}/${id}/review`)

    const { body: preview } = await call(stage.kveta, `GET ${at}/${id}/preview`)
    const whom = preview.organisations.map((one: { name: string; people: { name: string }[] }) => [
      one.name,
      one.people.map(({ name }) => name),
    ])
    expect(whom).toEqual([
      ['Nemocnice Jihlavka', ['Jana Správná']],
      ['Nemocnice Třešť', ['Tomáš Služba']],
    ])
    expect(preview).toMatchObject({ form: 'full', people: [] })

    const own = await call(stage.karel, `PUT ${at}/${id}/publication`, { seen: preview.seen })
    expect([own.status, own.body.message]).toEqual([
      403,
      'Somebody else than its author and last editor publishes it',
    ])
    expect((await call(stage.jana, `GET ${at}/${id}`)).status).toBe(404)
    const out = await call(stage.kveta, `PUT ${at}/${id}/publication`, { seen: preview.seen })
    expect(out).toMatchObject({ status: 200, body: { version: 1, messages: 2, anybody: true } })
    expect((await call(stage.jana, `GET ${at}/${id}`)).body).toMatchObject({ number: out.body.number, cs })
  })

  it('are not overwritten nor published by who saw something else: 409 says what changed', async () => {
    const { id } = await begun()
    const old = await whole(id)
    const todo = 'Zablokujte i soubory ISO.'
    const mine = { ...old, cs: { ...cs, todo }, tlp: 'AMBER' }
    expect((await call(stage.kveta, `PUT ${at}/${id}/draft`, mine)).status).toBe(200)
    const late = await call(stage.karel, `PUT ${at}/${id}/draft`, { ...old, references: 'x' })
    expect(late).toMatchObject({ status: 409, body: { error: 'wrong-state', changed: ['tlp', 'cs.todo'] } })
    await call(stage.kveta, `PUT ${at}/${id}/review`)
    const blind = await call(stage.kveta, `PUT ${at}/${id}/publication`, { seen: '' })
    expect([blind.status, blind.body.changed]).toEqual([403, undefined])
    const { body } = await call(stage.karel, `GET ${at}/${id}/draft`)
    expect(body).toMatchObject({ state: 'review', tlp: 'AMBER' })
    const waits = await call(stage.karel, `PUT ${at}/${id}/draft`, { ...body, seen: body.seen.draft })
    expect(waits).toMatchObject({ status: 409, body: { message: 'Only what is in draft allows this' } })
  })

  it('say by the names of the body what is wrong with them', async () => {
    const wrong = async (more: object) => (await call(stage.karel, `POST ${at}`, { ...wanted, ...more })).body
    expect((await wrong({ audience: 'public' })).fields).toEqual({ tlp: 'public' })
    expect((await wrong({ severity: 'critical' })).fields).toEqual({ severity: 'emergency' })
    const exposure = {
      ...{ all: false, prefixes: ['300.1.2.3'], domains: [], kinds: [], regions: [], products: [] },
    }
    expect((await wrong({ exposure })).fields).toEqual({ 'exposure.prefixes': 'network' })
    expect((await wrong({ audience: 'organisations', organisations: [999_999] })).fields).toEqual({
      organisations: 'unknown',
    })
    expect(
      (await wrong({ audience: 'organisations', tlp: 'RED', named: ['nobody@x.example'] })).fields,
    ).toEqual({
      named: 'unknown',
    })
    const { id } = await begun({ cs: { ...cs, todo: '' } })
    const lacks = await call(stage.karel, `PUT ${at}/${id}/review`)
    expect([lacks.status, lacks.body.fields]).toEqual([422, { 'cs.todo': 'lack' }])
  })

  it('carry the indicators that were found and chosen, and none that must not be taken', async () => {
    const { id } = await begun()
    const read = async () => (await call(stage.karel, `GET ${at}/${id}/indicators`)).body
    const { found, seen } = await read()
    expect(found.map((one: { value: string; taken: boolean }) => [one.value, one.taken])).toEqual([
      ['http://zlo.example/faktura.zip', false],
    ])
    const text = 'c2 203[.]0[.]113[.]9, u nás 192.0.2.7'
    const pasted = (await call(stage.karel, `POST ${at}/${id}/indicators/finding`, { text })).body.found
    expect(pasted.at(-1)).toMatchObject({
      value: '192.0.2.7',
      refused: { why: 'own', by: 'Nemocnice Jihlavka' },
    })
    const refused = await call(stage.karel, `PUT ${at}/${id}/indicators`, { take: ['192.0.2.7'], seen })
    expect([refused.status, refused.body.fields]).toEqual([422, { indicators: 'refused' }])
    const take = ['hxxp://zlo[.]example/faktura.zip', '203.0.113.9']
    expect((await call(stage.karel, `PUT ${at}/${id}/indicators`, { take, seen })).body).toEqual({ taken: 2 })
    const late = await call(stage.kveta, `PUT ${at}/${id}/indicators`, { take: [], seen })
    expect(late).toMatchObject({ status: 409, body: { changed: ['indicators'] } })
    expect((await whole(id)).indicators).toEqual([
      { kind: 'ip', value: '203.0.113.9' },
      { kind: 'url', value: 'http://zlo.example/faktura.zip' },
    ])
  })

  it('are revoked by two, changed by a next version, and thrown away', async () => {
    const id = await stage.published()
    const next = await call(stage.karel, `POST ${at}/${id}/versions`)
    expect(next).toMatchObject({ status: 201, body: { version: 2, state: 'draft' } })
    expect((await call(stage.karel, `DELETE ${at}/${id}/draft`)).status).toBe(204)
    expect((await call(stage.karel, `GET ${at}/${id}/draft`)).status).toBe(409)

    const decisions = async (who: Actor) => (await call(who, `GET ${at}/${id}/decisions`)).body
    const { seen } = await decisions(stage.karel)
    const ask = { reason: 'Mýlili jsme se.', seen: seen.revocation }
    expect((await call(stage.karel, `PUT ${at}/${id}/revocation`, ask)).body).toEqual({
      asked: true,
      messages: 0,
    })
    const stale = await call(stage.kveta, `PUT ${at}/${id}/revocation`, ask)
    expect(stale).toMatchObject({ status: 409, body: { changed: ['reason'] } })
    const seesIt = await decisions(stage.kveta)
    expect(seesIt.revocation).toEqual({ reason: 'Mýlili jsme se.', yours: false })
    const again = { reason: 'Mýlili jsme se.', seen: seesIt.seen.revocation }
    expect((await call(stage.karel, `PUT ${at}/${id}/revocation`, again)).status).toBe(403)
    expect((await call(stage.kveta, `PUT ${at}/${id}/revocation`, again)).body.asked).toBe(false)
    expect((await call(stage.jana, `GET ${at}/${id}`)).body).toMatchObject({ state: 'revoked' })
    expect((await call(stage.karel, `POST ${at}/${id}/reminders`)).status).toBe(409)
  })

  it('of an emergency go out by one alone in a declared period, and another looks at them', async () => {
    const { id } = await begun({ kind: 'emergency', severity: 'critical' })
    const publication = async () => {
      const { seen } = (await call(stage.karel, `GET ${at}/${id}/preview`)).body
      return call(stage.karel, `PUT ${at}/${id}/publication`, { seen })
    }
    expect((await publication()).status).toBe(403)
    const period = {
      ...{ from: new Date(tuesday + 60_000).toISOString(), to: new Date(tuesday + 3_600_000).toISOString() },
      reason: 'Sám ve službě',
    }
    const early = { ...period, from: new Date(tuesday).toISOString() }
    expect((await call(stage.karel, 'POST duty/single', early)).body.fields).toEqual({ from: 'past' })
    expect((await call(stage.karel, 'POST duty/single', period)).status).toBe(204)
    expect((await publication()).body).toMatchObject({ version: 1, anybody: true })
    const { seen, review_due_at, judged_at } = (await call(stage.kveta, `GET ${at}/${id}/decisions`)).body
    expect([review_due_at, judged_at]).toEqual([new Date(tuesday + 60_000 + 86_400_000).toISOString(), null])
    const judged = { seen: seen.judgement }
    expect((await call(stage.karel, `PUT ${at}/${id}/judgement`, judged)).status).toBe(403)
    expect((await call(stage.kveta, `PUT ${at}/${id}/judgement`, judged)).status).toBe(204)
    const { periods } = (await call(stage.kveta, 'GET duty/single')).body
    expect(periods[0]).toMatchObject({ ...period, declared_by: 'Karel Koordinátor' })
    expect((await call(stage.karel, `DELETE duty/single/${periods[0].id}`)).status).toBe(204)
  })

  it('that summarise others are no wider than those, unless their author lets them', async () => {
    const source = await stage.published({ tlp: 'AMBER' })
    const made = await call(stage.kveta, `POST ${at}/summaries`, { sources: [source] })
    expect(made).toMatchObject({ status: 201, body: { tlp: 'AMBER', audience: 'all_members' } })
    const widened = async () => {
      const { body } = await call(stage.kveta, `GET ${at}/${made.body.id}/draft`)
      return call(stage.kveta, `PUT ${at}/${made.body.id}/draft`, {
        ...body,
        tlp: 'GREEN',
        seen: body.seen.draft,
      })
    }
    expect((await widened()).body.fields).toEqual({ tlp: 'source' })
    const wider = { tlp: 'GREEN', audience: 'all_members' }
    expect((await call(stage.kveta, `PUT ${at}/${source}/grant`, wider)).status).toBe(403)
    expect((await call(stage.karel, `PUT ${at}/${source}/grant`, wider)).status).toBe(204)
    expect((await widened()).status).toBe(200)
    expect((await call(stage.karel, `DELETE ${at}/${source}/grant`)).status).toBe(204)
    expect((await call(stage.kveta, `PUT ${at}/${made.body.id}/sources`)).status).toBe(409)
    expect((await call(stage.kveta, `POST ${at}/summaries`, { sources: [made.body.id] })).status).toBe(409)
  })

  it('are for nobody else, and change nothing without the token of the session or from another site', async () => {
    const { id } = await begun()
    const { key } = await asEngine(stage.db, (tx) =>
      addKey(tx, { org: null, label: 'Ústředna', scopes: [...keyScopes], days: 30 }, stage.karel, tuesday),
    )
    const body = await whole(id)
    const calls: [Call, object?][] = [
      [`POST ${at}`, wanted],
      [`GET ${at}/${id}/draft`],
      [`PUT ${at}/${id}/draft`, body],
      [`GET ${at}/${id}/preview`],
      [`GET ${at}/${id}/decisions`],
      [`PUT ${at}/${id}/indicators`, { take: [], seen: '' }],
      [`PUT ${at}/${id}/publication`, { seen: '' }],
      [`PUT ${at}/${id}/revocation`, { reason: 'x', seen: '' }],
      [`DELETE ${at}/${id}/draft`],
    ]
    for (const [what, given] of calls) {
      expect([what, (await call(stage.jana, what, given)).status]).toEqual([what, 403])
      expect([what, (await call(null, what, given)).status]).toEqual([what, 401])
      expect([what, (await call(key, what, given)).status]).toEqual([what, 403])
      if (what.startsWith('GET')) continue
      const odd = [{ 'x-csrf-token': '' }, { 'x-csrf-token': 'x' }, { 'sec-fetch-site': 'cross-site' }]
      for (const more of odd)
        expect([what, (await call(stage.karel, what, given, more)).status]).toEqual([what, 403])
    }
    expect((await call(stage.karel, `GET ${at}/${id}/draft`)).body).toMatchObject({ state: 'draft', cs })
    for (const strange of ['2000000000', '999999999999999999999', '-1', 'x', '%00'])
      expect((await call(stage.karel, `GET ${at}/${strange}/draft`)).status).toBe(404)
  })

  it('of TLP:RED are hidden from a coordinator who is not named', async () => {
    const organisations = [stage.jihlava.id]
    const more = { tlp: 'RED', audience: 'organisations', organisations, named: [stage.jana.email] }
    const { id, named } = await begun(more)
    expect(named).toEqual([stage.jana.email])
    const hidden = [`GET ${at}/${id}/draft`, `GET ${at}/${id}/preview`, `PUT ${at}/${id}/review`] as const
    for (const what of hidden) expect((await call(stage.kveta, what)).status).toBe(404)
    const seen = ''
    expect((await call(stage.kveta, `PUT ${at}/${id}/publication`, { seen })).status).toBe(404)
    expect((await call(stage.kveta, `PUT ${at}/${id}/draft`, { ...(await whole(id)), seen })).status).toBe(
      404,
    )
  })

  it('refuse what no editor would send, whatever it is', async () => {
    const bodies: object[] = [
      {},
      [],
      { ...wanted, cs: 'text' },
      { ...wanted, cs: { ...cs, title: '\ud800' } },
      { ...wanted, cs: { ...cs, title: 'a\0b' } },
      { ...wanted, cs: { ...cs, todo: 'x'.repeat(8_001) } },
      { ...wanted, organisations: [2 ** 40] },
      { ...wanted, organisations: Array.from({ length: 2_001 }, (_, i) => i + 1) },
      { ...wanted, audience: 'group', group: 2 ** 31 },
      { ...wanted, valid_until: '2026-99-99T00:00:00Z' },
      { ...wanted, action_by: '31. 2. 2027' },
      { ...wanted, exposure: { all: true } },
    ]
    for (const body of bodies)
      expect([
        JSON.stringify(body).slice(0, 80),
        (await call(stage.karel, `POST ${at}`, body)).status,
      ]).toEqual([JSON.stringify(body).slice(0, 80), 422])
    const huge = { ...wanted, references: 'x'.repeat(1_100_000) }
    expect((await call(stage.karel, `POST ${at}`, huge)).status).toBe(413)
    const broken = await app.inject({
      ...{ method: 'POST', url: `/api/v1/${at}`, payload: '{"kind":' },
      headers: { 'content-type': 'application/json' },
    })
    expect(broken.statusCode).toBe(400)
  })
})
