import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAdvisoryPages, openAdvisoryStage } from '../../../../test/advisory-stage.ts'
import { callAs } from '../../../../test/asking.ts'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { keyScopes } from '../../../values/key-scopes.ts'
import { addKey } from '../../members/keys.ts'
import { setAside } from '../quarantine.ts'

const wanted = {
  ...{ title: 'Pumpa přijímá cizí příkazy', text: 'Kdo je v síti, mění dávku.', action: 'Oddělte síť pump.' },
  ...{ cves: ['CVE-2026-1234'], tlp: 'GREEN', severity: 'high' },
  products: [{ vendor: 'Smyšlená Medica', product: 'Infuzor 3', versions: '< 3.2' }],
}

describe('advisories and their sources by programs of coordinators', () => {
  let stage: Awaited<ReturnType<typeof openAdvisoryStage>>
  let pages: Awaited<ReturnType<typeof openAdvisoryPages>>
  let kveta: Actor
  beforeAll(async () => {
    stage = await openAdvisoryStage()
    pages = await openAdvisoryPages(stage)
    kveta = await addPerson(stage.db, 'Květa Koordinátorka', [['coordinator', null]])
  }, 60_000)
  afterAll(async () => {
    await pages?.close()
    await stage?.db.drop()
  })

  type Call = Parameters<typeof callAs>[2]
  const call = async (who: Actor | string | null, what: Call, body?: object, more = {}) => {
    const answer = await callAs(pages, who, what, body, more)
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }
  const at = 'advisories'

  it('are written by one, confirmed by another, and seen by members from then on', async () => {
    const made = await call(stage.coordinator, `POST ${at}`, wanted)
    expect(made).toMatchObject({
      status: 201,
      body: { ...wanted, version: '1', exploited: false, waits: { yours: true } },
    })
    const { id } = made.body
    expect((await call(stage.member, `GET ${at}/${id}`)).status).toBe(404)
    const { waits: _, id: __, ...whole } = made.body
    const saved = await call(kveta, `PUT ${at}/${id}/writing`, { ...whole, patient_safety: true })
    expect(saved.body).toMatchObject({ version: '2', patient_safety: true, waits: { yours: true } })
    const late = await call(stage.coordinator, `PUT ${at}/${id}/writing`, whole)
    expect([late.status, late.body.message]).toEqual([409, 'Somebody changed it meanwhile'])
    const confirm = (who: Actor, version: string) => call(who, `PUT ${at}/${id}/confirmation`, { version })
    expect((await confirm(stage.coordinator, '1')).status).toBe(409)
    expect((await confirm(kveta, '2')).status).toBe(403)
    const read = await call(stage.coordinator, `GET ${at}/${id}/writing`)
    expect(read.body.waits).toEqual({ yours: false })
    expect((await confirm(stage.coordinator, '2')).body).toMatchObject({ version: '2', patient_safety: true })
    expect((await call(stage.member, `GET ${at}/${id}`)).body).toMatchObject({
      title: wanted.title,
      severity: 'high',
    })
    expect((await confirm(stage.coordinator, '2')).status).toBe(409)
    expect((await call(kveta, `GET ${at}/${id}/writing`)).body.waits).toBeNull()
  })

  it('of a publisher are not written here', async () => {
    const source = await stage.sourceOf('Pumpy')
    const { id } = await stage.given(source, {})
    expect((await call(kveta, `GET ${at}/${id}/writing`)).status).toBe(409)
    const body = { ...wanted, link: '', exploited: false, patient_safety: false, version: '1' }
    expect((await call(kveta, `PUT ${at}/${id}/writing`, body)).status).toBe(409)
    expect((await call(kveta, `PUT ${at}/${id}/confirmation`, { version: '1' })).status).toBe(409)
  })

  it('come from sources that are added, changed, switched and asked', async () => {
    const feed = { kind: 'feed', label: 'Zdroj zpráv', url: 'https://zdroj.example/feed', tlp: 'AMBER' }
    const made = await call(kveta, `POST ${at}/sources`, feed)
    expect(made).toMatchObject({
      status: 201,
      body: { ...feed, every_minutes: 60, enabled: true, advisories: 0 },
    })
    const again = await call(kveta, `POST ${at}/sources`, feed)
    expect([again.status, again.body.fields]).toEqual([422, { label: 'namesake' }])
    const wrong = await call(kveta, `POST ${at}/sources`, {
      ...feed,
      url: 'http://zdroj.example',
      openpgp_key: 'x',
    })
    expect([wrong.status, wrong.body.fields]).toEqual([422, { url: 'url', openpgp_key: 'key' }])
    const one = `${at}/sources/${made.body.id}` as const
    const changed = await call(kveta, `PUT ${one}`, { ...feed, label: 'Zprávy', every_minutes: 15 })
    expect(changed.body).toMatchObject({ label: 'Zprávy', every_minutes: 15, kind: 'feed' })
    expect((await call(kveta, `PUT ${one}/switch`, { enabled: false })).status).toBe(204)
    expect((await call(kveta, `POST ${one}/asking`)).status).toBe(204)
    const { sources } = (await call(kveta, `GET ${at}/sources`)).body
    expect(sources.find((found: { id: number }) => found.id === made.body.id)).toMatchObject({
      ...{ label: 'Zprávy', enabled: false, due_at: new Date(tuesday).toISOString() },
    })
    expect((await call(kveta, `PUT ${at}/sources/2000000000/switch`, { enabled: true })).status).toBe(404)
  })

  it('that were set aside are taken or discarded, once', async () => {
    const source = { id: await stage.sourceOf('Bez štítku') }
    const url = 'https://pumpy.example/bez-stitku.json'
    const document = Buffer.from('{}')
    for (const reason of ['tlp-missing', 'tlp-red'])
      await asEngine(stage.db, (tx) => setAside(tx, { source, url, reason, said: '', document }, tuesday))
    const { documents } = (await call(kveta, `GET ${at}/aside`)).body
    const named = (reason: string) => documents.find((one: { reason: string }) => one.reason === reason)
    expect([named('tlp-missing').may_be_taken, named('tlp-red').may_be_taken]).toEqual([true, false])
    const decide = (reason: string, body: object) =>
      call(kveta, `PUT ${at}/aside/${named(reason).id}/decision`, body)
    expect((await decide('tlp-missing', { decision: 'taken' })).body.fields).toEqual({ tlp: 'tlp' })
    expect((await decide('tlp-missing', { decision: 'taken', tlp: 'AMBER' })).status).toBe(204)
    expect((await decide('tlp-missing', { decision: 'discarded' })).status).toBe(409)
    expect((await decide('tlp-red', { decision: 'taken' })).status).toBe(409)
    expect((await decide('tlp-red', { decision: 'discarded' })).status).toBe(204)
  })

  it('are for nobody else, and take nothing odd', async () => {
    const { key } = await asEngine(stage.db, (tx) =>
      addKey(tx, { org: null, label: 'Ústředna', scopes: [...keyScopes], days: 30 }, kveta, tuesday),
    )
    const { id } = (await call(kveta, `POST ${at}`, wanted)).body
    const calls: [Call, object?][] = [
      [`POST ${at}`, wanted],
      [`GET ${at}/${id}/writing`],
      [`PUT ${at}/${id}/confirmation`, { version: '1' }],
      [`GET ${at}/sources`],
      [`POST ${at}/sources`, { kind: 'feed', label: 'Cizí', url: 'https://x.example', tlp: 'CLEAR' }],
      [`GET ${at}/aside`],
      [`PUT ${at}/aside/1/decision`, { decision: 'discarded' }],
    ]
    for (const [what, given] of calls) {
      expect([what, (await call(stage.member, what, given)).status]).toEqual([what, 403])
      expect([what, (await call(null, what, given)).status]).toEqual([what, 401])
      expect([what, (await call(key, what, given)).status]).toEqual([what, 403])
      if (what.startsWith('GET')) continue
      for (const more of [{ 'x-csrf-token': 'x' }, { 'sec-fetch-site': 'cross-site' }])
        expect([what, (await call(stage.coordinator, what, given, more)).status]).toEqual([what, 403])
    }
    const odd: object[] = [
      {},
      { ...wanted, title: 'x' },
      { ...wanted, text: 'x'.repeat(20_001) },
      { ...wanted, cves: ['nic'] },
      { ...wanted, tlp: 'RED' },
      { ...wanted, products: [{ vendor: 'A; B', product: 'C', versions: '' }] },
      { ...wanted, products: [{ vendor: 'A', product: 'C\nD;E', versions: '' }] },
      { ...wanted, link: 'javascript:alert(1)' },
    ]
    for (const body of odd)
      expect((await call(kveta, `POST ${at}`, body)).status, JSON.stringify(body)).toBe(422)
  })
})
