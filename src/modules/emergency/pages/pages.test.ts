import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../test/belongings.ts'
import { type CallPages, callForm, callPages } from '../../../../test/call-pages.ts'
import { type Calling, minute, openCalling } from '../../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../../test/harness.ts'
import { readPdf } from '../../../../test/pdf-text.ts'
import { seenIn } from '../../../../test/seen.ts'
import { openPages } from '../../../app.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { App } from '../../../platform/http.ts'

describe('the pages of a call', () => {
  let stage: Calling
  let app: App
  let pages: CallPages
  let context: Context
  let stop: () => Promise<void>
  let lipova: Hospital
  let petr: Actor
  let dana: Actor
  let adam: Actor
  let now = tuesday

  beforeAll(async () => {
    stage = await openCalling()
    lipova = await stage.hospital('Nemocnice Lipová')
    petr = await stage.person('Petr Dub', [['duty', lipova]], '+420555000001')
    dana = await stage.person('Dana Pověřená', [['dpo', lipova]])
    const bukova = await stage.hospital('Nemocnice Buková')
    adam = await stage.person('Adam Buk', [['admin', bukova]])
    ;({ context, stop } = contextOf(stage.db, () => now))
    app = await openPages(context)
    pages = callPages({ app, context })
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await stage.close()
  })
  beforeEach(async () => {
    now = tuesday
    await stage.clear()
  })

  const get: CallPages['get'] = (who, url) => pages.get(who, url)
  const post: CallPages['post'] = (who, url, fields) => pages.post(who, url, fields)
  const form = callForm
  const linkIn = (text = ''): string => /https:\/\/hsoc\.example(\/r\/[\w-]+)/.exec(text)?.[1] ?? ''

  it('lead a coordinator from a draft by the preview to the release by another one, and to the board', async () => {
    const begun = await post(stage.karel, '/rollcalls', form)
    expect(begun.statusCode).toBe(303)
    const url = /^\/rollcalls\/\d+/.exec(String(begun.headers.location))?.[0] ?? ''
    const preview = (await get(stage.karel, url)).body
    expect(preview).toContain('Petr Dub (e-mail, SMS)')
    expect(preview).toContain('Rozeslat ji musí jiný koordinátor')
    expect((await post(stage.karel, `${url}/release`)).statusCode).toBe(403)
    expect((await post(petr, `${url}/release`)).statusCode).toBe(403)
    expect((await get(petr, url)).statusCode).toBe(404)
    expect(
      (
        await post(stage.kveta, `${url}/release`, {
          seen: seenIn((await get(stage.kveta, url)).body, 'release'),
        })
      ).statusCode,
    ).toBe(303)
    await stage.tick(tuesday)
    const board = (await get(stage.kveta, url)).body
    expect(board).toContain('Odpovědělo 0 z 2')
    expect(board).toContain('call-tile-waiting')
    await stage.db.engine.query(
      `insert into channel_states (channel, failures, down_since, probe_at, said) values ('sms', 3, $1, $1, 'x')`,
      [new Date(tuesday)],
    )
    expect((await get(stage.kveta, url)).body).toContain('Nefunguje SMS')
    const filtered = (await get(stage.kveta, `${url}?state=answered`)).body
    expect(filtered).toContain('Žádná organizace tomu neodpovídá')
    await stage.db.engine.query(`update organisations set nuts3 = 'CZ063' where id = $1`, [lipova.id])
    const map = (await get(stage.kveta, `${url}?state=pending`)).body
    expect(map).toContain('aria-label="Kraj Vysočina: 0 z 1; bez odpovědi 1"')
    expect(map).toContain(`href="${url}?region=CZ063&amp;state=pending#tiles"`)
    expect(map).toMatch(/Bez kraje na mapě: <a href="[^"]+">Nemocnice Buková<\/a>/)
    const region = (await get(stage.kveta, `${url}?region=CZ063`)).body
    expect(region).toMatch(/href="\/rollcalls\/\d+#tiles" aria-label="Kraj Vysočina[^>]+aria-current="true"/)
    expect(region.match(/class="call-tile /g)).toHaveLength(1)
    const nowhere = (await get(stage.kveta, `${url}?region=${encodeURIComponent('CZ063"><script>')}`)).body
    expect(nowhere).toContain('Žádná organizace tomu neodpovídá')
    expect(nowhere).not.toContain('"><script>')
    expect((await post(stage.kveta, `${url}/again`)).statusCode).toBe(303)
    const csv = (await get(stage.kveta, `${url}/protocol.csv`)).body
    expect(csv).toContain('rozesláno')
    expect(csv).toContain('Petr Dub')
    expect((await get(stage.kveta, url)).body).toContain(`${url}/protocol.pdf`)
    await stage.db.engine.query(
      `insert into rollcall_answers (broadcast_id, org_id, person_id, role, code, note, via, counted, at)
       values ($1, $2, $3, 'duty', '2', 'Žluťoučký kůň úpí ďábelské ódy #link("x")', 'page', false, $4)`,
      [url.split('/').at(-1), lipova.id, petr.person, new Date(now)],
    )
    const pdf = await get(stage.kveta, `${url}/protocol.pdf`)
    expect(pdf.headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store' })
    const read = await readPdf(pdf.rawPayload)
    expect(read).toMatchObject({ title: 'Výpadek dodavatele' })
    for (const said of [
      'TLP:GREEN',
      'POPLACH 1/2026',
      'Odpojte vzdálené přístupy.',
      'Nemocnice Lipová',
      'Průběh',
    ])
      expect(read.pages.join(' ')).toContain(said)
    expect(read.pages.join(' ')).toContain('Žluťoučký kůň úpí ďábelské ódy #link("x")')
    expect(read.pages.join(' ')).toContain('Petr Dub')
    expect(read.pages.join(' ')).toContain('Vytištěno')
    expect((await get(petr, `${url}/protocol.pdf`)).statusCode).toBe(403)
    expect((await get(null, `${url}/protocol.pdf`)).statusCode).toBe(303)
    expect((await get(stage.kveta, '/rollcalls/99999/protocol.pdf')).statusCode).toBe(404)
    expect((await post(stage.kveta, `${url}/cancellation`)).statusCode).toBe(303)
    expect((await post(stage.kveta, `${url}/close`)).statusCode).toBe(409)
  })

  it('say field by field what is missing, and keep what was typed', async () => {
    const refused = await post(stage.karel, '/rollcalls', {
      ...form,
      title: '',
      within: 'brzy',
      body: '<b>zůstane</b>',
    })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('Zadejte 5 až 10 080 minut')
    expect(refused.body).toContain('&lt;b>zůstane')
    expect(
      (await post(stage.karel, '/rollcalls', { ...form, title: ['a', 'b'], orgs: 'x', whom: 'chosen' }))
        .statusCode,
    ).toBe(422)
    expect((await post(stage.karel, '/rollcalls/99999999999', form)).statusCode).toBe(404)
  })

  it('stand as a banner above every page of those who are asked, until they answer by two taps', async () => {
    const id = await stage.released({ orgs: [lipova.id] })
    expect((await get(petr, '/duty')).body).toContain(`href="/rollcalls/${id}">Odpovědět`)
    expect((await get(adam, '/duty')).body).not.toContain(`/rollcalls/${id}`)
    const page = (await get(petr, `/rollcalls/${id}`)).body
    expect(page.match(/call-answer"/g)).toHaveLength(5)
    // How others stand is for coordinators: no map, and no filter that would tell.
    expect(page).not.toContain('map-drawing')
    expect((await get(petr, `/rollcalls/${id}?region=CZ063`)).body).not.toContain('Nemocnice Buková')
    expect(
      (await post(petr, `/rollcalls/${id}/answer`, { org: String(lipova.id), answer: '2' })).headers.location,
    ).toBe(`/rollcalls/${id}?done=answered`)
    expect((await get(petr, `/rollcalls/${id}`)).body).toContain('Vaše odpověď: Jsme zasaženi')
    expect((await get(petr, '/duty')).body).not.toContain('Odpovědět')
    expect(
      (await post(dana, `/rollcalls/${id}/answer`, { org: String(lipova.id), answer: '1' })).statusCode,
    ).toBe(403)
    expect(
      (await post(adam, `/rollcalls/${id}/answer`, { org: String(lipova.id), answer: '1' })).statusCode,
    ).toBe(404)
    expect(
      (await post(null, `/rollcalls/${id}/answer`, { org: String(lipova.id), answer: '1' })).statusCode,
    ).toBe(303)
    expect(
      (await post(petr, `/rollcalls/${id}/answer`, { org: String(lipova.id), answer: 'x'.repeat(9_999) }))
        .statusCode,
    ).toBe(422)
  })

  it('behind the link of a mail change nothing when a scanner looks, and answer when a person presses', async () => {
    const id = await stage.released({ orgs: [lipova.id] })
    await stage.tick(tuesday)
    const link = linkIn(stage.office.to(petr.email)[0]?.text)
    for (const method of ['GET', 'HEAD'] as const)
      expect((await app.inject({ method, url: `${link}?answer=1` })).statusCode).toBe(200)
    expect(await stage.line(id, lipova)).toMatchObject({ state: 'pending', answer: null })
    expect((await post(null, link, { answer: '9' })).statusCode).toBe(422)
    expect((await post(null, link, { answer: '1' })).statusCode).toBe(303)
    expect(await stage.line(id, lipova)).toMatchObject({ state: 'answered', answer: '1' })
    expect((await post(null, link, { answer: '1' })).statusCode).toBe(303)
    expect((await post(null, `${link}/withdrawal`)).statusCode).toBe(303)
    expect((await post(null, link, { answer: '2' })).statusCode).toBe(410)
    expect((await get(petr, '/rollcalls')).body).not.toContain('čeká na vaši odpověď')
    expect((await get(null, '/r/nothing')).statusCode).toBe(404)
  })

  it('give the operator whom to call with what was tried, and take an answer on behalf', async () => {
    const id = await stage.released({ orgs: [lipova.id] })
    for (const at of [0, 10, 20, 30]) await stage.tick(tuesday + at * minute)
    now = tuesday + 31 * minute
    const list = (await get(stage.karel, `/rollcalls/${id}/calls`)).body
    expect(list).toContain('tel:+420555000001')
    expect(list).toContain('Petr Dub – e-mail: převzato serverem')
    const attempt = /\/calls\/(\d+)"/.exec(list)?.[1]
    expect((await post(stage.karel, `/rollcalls/${id}/calls/${attempt}`)).statusCode).toBe(303)
    expect((await get(stage.karel, `/rollcalls/${id}/calls`)).body).toContain('volal(a) Karel Koordinátor')
    const given = { org: String(lipova.id), answer: '3' }
    expect((await post(stage.karel, `/rollcalls/${id}/calls`, { ...given, note: '' })).statusCode).toBe(422)
    expect(
      (await post(stage.karel, `/rollcalls/${id}/calls`, { ...given, note: 'Volal náměstek' })).statusCode,
    ).toBe(303)
    expect(await stage.line(id, lipova)).toMatchObject({ answer: '3' })
    expect((await get(petr, `/rollcalls/${id}/calls`)).statusCode).toBe(403)
    expect((await get(stage.karel, `/rollcalls/${id}`)).body).toContain('call-tile-help')
    expect((await post(stage.karel, `/rollcalls/${id}/close`)).statusCode).toBe(303)
    const over = (await get(stage.karel, `/rollcalls/${id}`)).body
    expect(over).toContain('Skončila 3. 3. ')
    expect(over).not.toContain('Odpovědět je třeba do')
  })

  it('set the steps of later calls, and refuse steps that cannot be', async () => {
    const steps = {
      delay_1: '0',
      targets_1: ['duty'],
      ways_1: ['sms', 'push'],
      delay_2: '5',
      targets_2: ['admin'],
      ways_2: ['mail'],
      delay_4: '15',
    }
    expect((await post(stage.karel, '/rollcalls/policy', steps)).statusCode).toBe(303)
    const kept = (await get(stage.karel, '/rollcalls/policy')).body
    expect(kept).toContain('Verze 1')
    expect(kept).toMatch(/name="ways_1" value="push"[^>]*checked|checked[^>]*name="ways_1" value="push"/)
    expect((await post(stage.karel, '/rollcalls/policy', { ...steps, delay_2: '20' })).statusCode).toBe(422)
    expect((await post(stage.karel, '/rollcalls/policy', {})).statusCode).toBe(422)
    expect((await post(petr, '/rollcalls/policy', steps)).statusCode).toBe(403)
  })

  it('keep and take back times without drills for those who may', async () => {
    const wanted = { from: '2026-03-04T08:00', to: '2026-03-04T16:00', reason: 'Výměna rozvaděče' }
    expect((await post(petr, '/rollcalls/windows', { ...wanted, org: String(lipova.id) })).statusCode).toBe(
      403,
    )
    const org = String(adam.engagements[0]?.org)
    expect((await post(adam, '/rollcalls/windows', { ...wanted, org, to: 'never' })).statusCode).toBe(422)
    expect((await post(adam, '/rollcalls/windows', { ...wanted, org })).statusCode).toBe(303)
    const window = /windows\/(\d+)\/end/.exec((await get(adam, '/rollcalls')).body)?.[1]
    expect((await post(petr, `/rollcalls/windows/${window}/end`)).statusCode).toBe(404)
    expect((await post(adam, `/rollcalls/windows/${window}/end`)).statusCode).toBe(303)
  })

  it('answer programs of people as their pages do', async () => {
    const id = await stage.released({ orgs: [lipova.id] })
    expect((await get(petr, '/rollcalls')).body).toContain('čeká na vaši odpověď')
    const { cookie, csrf } = await cookieOf(context, petr)
    const put = (payload: object) =>
      app.inject({
        method: 'PUT',
        url: `/api/v1/rollcalls/${id}/answer`,
        payload,
        headers: { cookie, 'x-csrf-token': csrf },
      })
    expect((await put({ answer: '9' })).statusCode).toBe(422)
    expect((await put({})).statusCode).toBe(422)
    // What is not understood is no answer for somebody else.
    expect((await put({ org: lipova.id + 1, answer: '1' })).statusCode).toBe(422)
    expect((await stage.line(id, lipova)).answer).toBeNull()
    expect((await put({ answer: '1' })).json()).toEqual({ counted: true, conflict: false })
    const read = await app.inject({ url: `/api/v1/rollcalls/${id}`, headers: { cookie } })
    expect(read.json()).toMatchObject({
      number: '1/2026',
      organisations: [{ name: 'Nemocnice Lipová', state: 'answered', answer: '1' }],
    })
    expect(
      (await app.inject({ url: '/api/v1/rollcalls', headers: { cookie } })).json().rollcalls,
    ).toHaveLength(1)
  })
})
