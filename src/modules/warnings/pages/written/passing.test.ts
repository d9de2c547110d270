import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../../test/belongings.ts'
import { addHospital, addPerson, tuesday } from '../../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../../test/writing.ts'
import { openPages } from '../../../../app.ts'
import type { Actor } from '../../../../platform/access.ts'
import type { App } from '../../../../platform/http.ts'

describe('the page for passing a warning on', () => {
  let stage: Writing
  let app: App
  let stop: () => Promise<void>
  let sona: Actor
  let manager: Actor
  const sessions = new Map<Actor, { cookie: string; csrf: string }>()
  beforeAll(async () => {
    stage = await openWriting()
    const supplier = await addHospital(stage.db, 'Servis Přístrojů', [])
    await stage.db.engine.query(
      `update organisations set status = 'follower', rules_accepted_at = null where id = $1`,
      [supplier.id],
    )
    sona = await addPerson(stage.db, 'Soňa Servisní', [['duty', supplier]])
    manager = await addPerson(stage.db, 'Radka Ředitelka', [['manager', stage.jihlava]])
    const made = contextOf(stage.db)
    app = await openPages(made.context)
    stop = made.stop
    for (const actor of [stage.jana, stage.tomas, stage.karel, sona, manager])
      sessions.set(actor, await cookieOf(made.context, actor))
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await stage.close()
  })

  const call = (who: Actor | null, method: 'GET' | 'PUT' | 'DELETE', url: string, body?: object) => {
    const session = who && sessions.get(who)
    const headers: InjectOptions['headers'] = {
      accept: url.startsWith('/api') ? 'application/json' : 'text/html',
      ...(session && { cookie: session.cookie, 'x-csrf-token': session.csrf }),
    }
    return app.inject({ method, url, headers, ...(body && { payload: body }) })
  }
  const post = (who: Actor, url: string, fields: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams({ _csrf: sessions.get(who)?.csrf ?? '', ...fields }).toString(),
      headers: {
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
        cookie: sessions.get(who)?.cookie,
      },
    })
  const amber = async (): Promise<string> => {
    const org = { audience: 'organisations' as const, orgs: [stage.jihlava.id] }
    return `/warnings/written/${await stage.published({ tlp: 'AMBER', ...org })}`
  }

  it('shows who gets it before it goes, and afterwards to whom it went', async () => {
    const path = await amber()
    expect((await call(stage.jana, 'GET', path)).body).toContain('Předat dodavateli nebo klientovi')
    const asked = await call(stage.jana, 'GET', `${path}/passing`)
    expect(asked.statusCode).toBe(200)
    expect(asked.body).not.toContain('Proč ho potřebují')
    const shown = await call(
      stage.jana,
      'GET',
      `${path}/passing?to=${encodeURIComponent('servis přístrojů')}`,
    )
    expect(shown.body).toContain('Servis Přístrojů: dostane ho 1 člověk')
    expect(shown.body).not.toContain('Soňa')
    expect((await call(sona, 'GET', path)).statusCode).toBe(404)

    const org = String(stage.jihlava.id)
    const form = { org, to: 'servis přístrojů', relation: 'supplier', need: '' }
    const lacking = await post(stage.jana, `${path}/passings`, form)
    expect([lacking.statusCode, lacking.body.includes('nejvýš na tisíc')]).toEqual([422, true])
    const done = await post(stage.jana, `${path}/passings`, { ...form, need: 'Spravují <b>bránu</b>.' })
    expect(done.headers.location).toBe(`${path}?said=passed`)

    const got = await call(sona, 'GET', path)
    expect(got.body).toContain(`Toto varování máte od: ${stage.jihlava.name}`)
    expect(got.body).not.toMatch(/Spravují|Jana Správná|Vzít zpět/)
    for (const who of [stage.jana, stage.karel]) {
      const { body } = await call(who, 'GET', path)
      expect(body).toContain('Spravují &lt;b>bránu&lt;/b>.')
      expect(body).toContain('Vzít zpět')
    }
    // A manager reads of it and cannot take it back.
    const managed = (await call(manager, 'GET', path)).body
    expect([managed.includes('Servis Přístrojů'), managed.includes('Vzít zpět')]).toEqual([true, false])

    const taking = /action="([^"]+\/withdrawal)"/.exec((await call(stage.jana, 'GET', path)).body)?.[1] ?? ''
    expect((await post(sona, taking)).statusCode).toBe(404)
    expect((await post(stage.jana, taking)).headers.location).toBe(`${path}?said=takenBack`)
    expect((await call(sona, 'GET', path)).statusCode).toBe(404)
  })

  it('says why not, and what may be done instead', async () => {
    const org = { audience: 'organisations' as const, orgs: [stage.jihlava.id] }
    const strict = `/warnings/written/${await stage.published({ tlp: 'AMBER+STRICT', ...org })}`
    expect((await call(stage.jana, 'GET', strict)).body).toContain('dodavateli ho předat nesmíte')
    const page = await call(stage.jana, 'GET', `${strict}/passing?to=x`)
    expect([page.statusCode, page.body.includes('požádejte koordinátory')]).toEqual([403, true])
    const fields = { org: String(stage.jihlava.id), to: 'Servis Přístrojů', relation: 'supplier', need: 'x' }
    expect((await post(stage.jana, `${strict}/passings`, fields)).statusCode).toBe(403)
    const red = `/warnings/written/${await stage.published({ tlp: 'RED', ...org, named: [stage.jana.person, stage.karel.person, stage.kveta.person] })}`
    expect((await call(stage.jana, 'GET', red)).body).toContain('Nepředávejte ho nikomu, ani kolegům')
    const path = await amber()
    expect((await call(manager, 'GET', path)).body).toContain('Předat ho dál smí zástupce')
    expect((await call(manager, 'GET', `${path}/passing`)).statusCode).toBe(403)
    for (const to of ['Nikdo takový', stage.jihlava.name]) {
      const wrong = await call(stage.jana, 'GET', `${path}/passing?to=${encodeURIComponent(to)}`)
      expect([wrong.statusCode, wrong.body.includes('field-error')]).toEqual([422, true])
    }
    for (const who of [stage.tomas, sona])
      expect((await call(who, 'GET', `${path}/passing`)).statusCode).toBe(404)
    expect((await call(null, 'GET', `${path}/passing`)).statusCode).not.toBe(200)
  })

  it('is a door for programs too', async () => {
    const api = (await amber()).replace('/warnings/written/', '/api/v1/written-warnings/')
    const body = { to: 'Servis Přístrojů', relation: 'supplier', need: 'Spravují bránu.' }
    const made = await call(stage.jana, 'PUT', `${api}/passings`, body)
    expect(made.json()).toMatchObject({ to: 'Servis Přístrojů', people: 1 })
    expect((await call(stage.karel, 'GET', `${api}/passings`)).json().passings).toMatchObject([
      { from: stage.jihlava.name, to: 'Servis Přístrojů', need: 'Spravují bránu.', ended_at: null },
    ])
    expect((await call(sona, 'GET', `${api}/passings`)).json().passings).toMatchObject([{ need: '' }])
    expect((await call(stage.tomas, 'GET', `${api}/passings`)).statusCode).toBe(404)
    expect((await call(null, 'GET', `${api}/passings`)).statusCode).toBe(401)
    expect((await call(stage.tomas, 'PUT', `${api}/passings`, body)).statusCode).toBe(404)
    expect((await call(manager, 'PUT', `${api}/passings`, body)).statusCode).toBe(403)
    for (const wrong of [
      {},
      { ...body, to: 'x'.repeat(400) },
      { ...body, relation: 'friend' },
      { ...body, organisation: 0 },
    ])
      expect((await call(stage.jana, 'PUT', `${api}/passings`, wrong)).statusCode).toBeGreaterThanOrEqual(400)
    const one = `${api}/passings/${made.json().id}`
    expect((await call(stage.tomas, 'DELETE', one)).statusCode).toBe(404)
    expect((await call(stage.jana, 'DELETE', one)).json()).toEqual({ taken_back: true })
    expect((await call(stage.jana, 'DELETE', one)).statusCode).toBe(409)
    for (const odd of ['x', '-1', '99999999', '999999999999', '9'.repeat(40)])
      expect((await call(stage.jana, 'DELETE', `${api}/passings/${odd}`)).statusCode).toBe(404)
    expect(await stage.sees(sona, Number(api.split('/').at(-1)), tuesday)).toBe(false)
  })
})
