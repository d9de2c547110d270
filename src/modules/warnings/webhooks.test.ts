/** From a warning to a program of the hospital: a real server on loopback, which checks signatures as docs/webhooks.md says. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../test/belongings.ts'
import { addPerson, tuesday } from '../../../test/harness.ts'
import {
  documented,
  type HookReceiver,
  hookFields,
  type IsOurs,
  openHookReceiver,
  postForm,
  wrongFields,
} from '../../../test/hook-receiver.ts'
import { openWarning } from '../../../test/warned.ts'
import { openWriting, type Writing } from '../../../test/writing.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine } from '../../platform/database.ts'
import { type App, openApp } from '../../platform/http.ts'
import { errorPage } from '../../refusals.tsx'
import { openWays, queue } from '../channels/index.ts'
import { mountChannels } from '../channels/pages.ts'
import { answer } from './answers.ts'
import { hookContent } from './hook-content.ts'
import { answer as answerWritten } from './written/answers.ts'
import { revoke } from './written/revoke.ts'

const [minute, hour] = [60_000, 3_600_000]
const inside =
  'https://127.0.0.1/ https://[::1]/x https://10.0.0.7/ http://chat.example/ https://a:b@chat.example/ ftp://x.example/ x'.split(
    ' ',
  )

describe('a webhook', () => {
  let stage: Writing
  let jana: Actor
  let context: Context
  let stop: () => Promise<void>
  let app: App
  let receiver: HookReceiver
  let got: HookReceiver['got']
  let isOurs: IsOurs
  let now = tuesday

  beforeAll(async () => {
    stage = await openWriting()
    jana = stage.jana
    isOurs = await documented()
    ;({ context, stop } = contextOf(stage.db, () => now))
    app = await openApp(context, errorPage)
    await mountChannels(app, context)
    await app.ready()
    receiver = await openHookReceiver()
    got = receiver.got
  })
  afterAll(async () => {
    await receiver.close()
    await app.close()
    await stop()
    await stage.close()
  })
  beforeEach(async () => {
    now = tuesday
    receiver.clear()
    context.settings.webhookOrigins = [receiver.origin]
    await stage.clear()
  })
  afterEach(() => stage.db.engine.query('delete from webhooks'))

  const post = (by: Actor, url: string, given: Record<string, string> = {}) =>
    postForm(app, context, by, url, given)
  const fields = (given: Record<string, string> = {}) => ({
    ...hookFields(stage.jihlava.id, receiver.origin),
    ...given,
  })
  /** Makes one, and answers its number and key as the page shows them. */
  const make = async (given: Record<string, string> = {}, events = ['written', 'detected', 'answers']) => {
    const made = await post(jana, '/webhooks', fields(given))
    expect(made.statusCode).toBe(200)
    const id = Number(/\/webhooks\/(\d+)/.exec(made.body)?.[1])
    await stage.db.engine.query('update webhooks set events = $2 where id = $1', [id, events])
    return { id, secret: /whsec_[\w+/=]+/.exec(made.body)?.[0] ?? '' }
  }
  const run = async (at = now) => {
    now = at
    const ways = openWays(context, { sms: null, pushHosts: [] }, { tell: hookContent })
    return ways.work(at).finally(() => ways.close())
  }
  const log = async () =>
    (
      await stage.db.engine.query<{ s: string }>(
        `select state || coalesce(' ' || reason, '') as s from deliveries where channel = 'webhook' order by id`,
      )
    ).rows.map(({ s }) => s)

  it('is told of a published, updated and revoked warning, signed as the document says', async () => {
    const { secret } = await make()
    const id = await stage.published({ severity: 3 })
    expect(await run()).toBe(1)
    const [first] = got
    expect(first?.body).toMatchObject({
      event: 'warning.published',
      exercise: false,
      warning: {
        version: 1,
        tlp: 'GREEN',
        severity: 'high',
        title: 'Podvodné maily s fakturou',
        url: `https://hsoc.example/warnings/written/${id}`,
      },
    })
    expect(JSON.stringify(first?.body)).not.toContain('faktura.zip')
    const fits = (text: string, key = secret, at = now) => isOurs(key, first?.headers ?? {}, text, at)
    expect(fits(first?.text ?? '')).toBe(true)
    expect(fits(`${first?.text} `)).toBe(false)
    expect(fits(first?.text ?? '', 'whsec_AAAA')).toBe(false)
    expect(fits(first?.text ?? '', secret, now + 6 * minute)).toBe(false)
    await stage.again(id, { severity: 3 }, now + minute)
    await run(now + minute)
    await revoke(stage.db, id, stage.karel, 'Ukázalo se, že to není pravda.', now)
    await revoke(stage.db, id, stage.kveta, 'Ukázalo se, že to není pravda.', now)
    await run(now + minute)
    expect(got.map(({ body }) => body.event)).toEqual([
      'warning.published',
      'warning.updated',
      'warning.revoked',
    ])
  })

  it.each([
    ['AMBER', 'Podvodné maily s fakturou'],
    ['AMBER+STRICT', null],
  ] as const)('gets of TLP:%s the title %s, as mails do', async (tlp, title) => {
    await make()
    await stage.published({ severity: 3, tlp })
    await run()
    expect(got[0]?.body.warning).toMatchObject({ tlp, title })
  })

  it('hears nothing of TLP:RED, of other organisations, below its severity, or of news it did not choose', async () => {
    const { id } = await make({ least: '3' }, ['written'])
    await stage.published({
      ...{ severity: 3, tlp: 'RED', audience: 'organisations', orgs: [stage.jihlava.id] },
      named: [jana.person, stage.kveta.person],
    })
    await stage.published({ severity: 3, audience: 'organisations', orgs: [stage.trest.id] })
    await stage.published({ severity: 2 })
    const { id: warning } = await openWarning(stage.db, { org: stage.jihlava, severity: 4 })
    await answer(stage.db, jana, warning, { answer: 'seen', via: 'page' }, now)
    expect(await log()).toEqual([])
    await stage.db.engine.query(
      `update webhooks set disabled_at = now(), disabled_why = 'hand' where id = $1`,
      [id],
    )
    await stage.published({ severity: 3 })
    expect(await log()).toEqual([])
  })

  it('is told of a machine-made warning with the mark of an exercise, and of answers', async () => {
    await make({ form: 'text' })
    const { id, number } = await openWarning(stage.db, { org: stage.jihlava, severity: 4, lane: 2 })
    await asEngine(stage.db, (tx) =>
      queue(tx, {
        ...{ kind: 'exercise', topic: 'x', warning: id, org: stage.jihlava.id, severity: 4, to: 'security' },
        now,
      }),
    )
    await run()
    expect(got[0]?.body.text).toMatch(new RegExp(`^CVIČENÍ / EXERCISE \\[TLP:\\S+\\] ${number} `))
    await make({ form: 'signed' }, ['answers'])
    await answer(stage.db, jana, id, { answer: 'working', via: 'page' }, now)
    const written = await stage.published({ severity: 3 })
    const given = { org: stage.jihlava.id, answer: 'done' as const, via: 'page' as const }
    await answerWritten(stage.db, jana, written, given, now)
    for (let n = 0; n < 3; n++) await run(now + minute)
    expect(got.flatMap(({ body }) => (body.answer ? [body.answer] : []))).toEqual([
      { answer: 'working', counted: true, via: 'page' },
      { answer: 'done', counted: true, via: 'page' },
    ])
  })

  it('in the form of a card or a template stays JSON whatever the title holds', async () => {
    const title = 'Pozor: "uvozovky" \\ a {url}'
    const empty = { title: '', happened: '', concerns: '', todo: '' }
    const texts = { cs: { ...empty, title, happened: 'x', concerns: 'x', todo: 'x' }, en: empty }
    await make({ form: 'teams' })
    await make({ form: 'template', template: '{"msg": "{title} → {url}", "n": ["{tlp}"]}' })
    const id = await stage.published({ severity: 3, texts })
    await run()
    got.sort((a, b) => a.text.length - b.text.length)
    expect(got[1]?.text).toContain('AdaptiveCard')
    expect(got[0]?.body).toEqual({
      msg: `${title} → https://hsoc.example/warnings/written/${id}`,
      n: ['GREEN'],
    })
  })

  it('that is slow, busy or floods is tried again with the same number; one that refuses is not', async () => {
    await make()
    await stage.published({ severity: 3 })
    receiver.status = 503
    await run()
    receiver.status = 200
    receiver.more = 'x'.repeat(2_000_000)
    await run(now + minute)
    expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await log()).toEqual(['sent'])
    const { rows } = await stage.db.engine.query<{ reply: string }>(
      `select reply from deliveries where channel = 'webhook'`,
    )
    expect(rows[0]?.reply.length).toBeLessThan(310)
    receiver.status = 302
    await stage.published({ severity: 3 })
    await run(now + 5 * minute)
    expect(await log()).toEqual(['sent', 'failed provider-refused'])
    expect(got).toHaveLength(3)
  })

  it('at whose end nobody is goes off after twenty tries over six hours, and its keepers get a mail', async () => {
    const { id } = await make()
    receiver.status = 500
    for (let n = 0; n < 6; n++) await stage.published({ severity: 3 })
    for (let at = 0; at < 5; at++) await run(tuesday + at * 10 * minute)
    const off = async () =>
      (
        await stage.db.engine.query<{ why: string | null }>(
          'select disabled_why as why from webhooks where id = $1',
          [id],
        )
      ).rows[0]?.why
    expect(await off()).toBeNull()
    for (let at = 2; at < 24; at++) await run(tuesday + (at * hour) / 2)
    expect(await off()).toBe('failing')
    await stage.send(now)
    expect(
      stage.to(jana).filter(({ subject }) => subject?.includes('Webhook Dohled jsme vypnuli')),
    ).toHaveLength(1)
    await run(now + 13 * hour)
    expect((await log()).every((state) => /failed|dropped webhook-off|queued/.test(state))).toBe(true)
    expect((await post(jana, `/webhooks/${id}/restoration`)).statusCode).toBe(303)
    receiver.status = 410
    await stage.published({ severity: 3 }, now)
    await run(now + minute)
    expect(await off()).toBe('gone')
  })

  it('never leads into our own networks, by number or by name', async () => {
    context.settings.webhookOrigins = []
    for (const url of inside) expect((await post(jana, '/webhooks', fields({ url }))).statusCode).toBe(422)
    context.settings.webhookOrigins = ['https://localhost']
    const { id } = await make({ url: 'https://localhost/inside' })
    context.settings.webhookOrigins = []
    await post(jana, `/webhooks/${id}/trial`)
    await run()
    expect(await log()).toEqual(['failed provider-refused'])
    expect(got).toEqual([])
  })

  it('gets a new key beside which the one before signs for a week', async () => {
    const { id, secret } = await make()
    const fresh = /whsec_[\w+/=]+/.exec((await post(jana, `/webhooks/${id}/secret`)).body)?.[0] ?? ''
    const trial = async () => {
      await post(jana, `/webhooks/${id}/trial`)
      await run()
      const last = got.at(-1)
      return [secret, fresh].map((key) => isOurs(key, last?.headers ?? {}, last?.text ?? '', now))
    }
    expect(await trial()).toEqual([true, true])
    expect(got[0]?.body).toMatchObject({ event: 'test', exercise: true })
    now += 8 * 24 * hour
    expect(await trial()).toEqual([false, true])
  })

  it('is kept by administrators and the security manager of its own organisation alone, and shown without its key', async () => {
    const { id, secret } = await make()
    const tomas = await addPerson(stage.db, 'Tamara Třešťská', [['admin', stage.trest]])
    const radka = await addPerson(stage.db, 'Radka Ředitelka', [['manager', stage.jihlava]])
    const get = async (by: Actor, url: string) =>
      app.inject({ url, headers: { accept: 'text/html', cookie: (await cookieOf(context, by)).cookie } })
    const own = await get(jana, `/webhooks/${id}`)
    expect(own.statusCode).toBe(200)
    expect(own.body).not.toContain(secret)
    expect(own.body).not.toContain('/hsoc')
    expect((await get(radka, '/webhooks')).statusCode).toBe(403)
    expect((await get(tomas, `/webhooks/${id}`)).statusCode).toBe(404)
    for (const noun of ['trial', 'secret', 'rest', 'restoration', 'removal'])
      expect((await post(tomas, `/webhooks/${id}/${noun}`)).statusCode).toBe(404)
    expect((await post(tomas, '/webhooks', fields())).statusCode).toBe(403)
    expect(await asActor(stage.db, tomas, now, (tx) => tx.query('select 1 from webhooks'))).toMatchObject({
      rowCount: 0,
    })
    for (const wrong of wrongFields)
      expect((await post(jana, '/webhooks', fields(wrong))).statusCode).toBe(422)
    expect((await post(jana, `/webhooks/${id}/rest`)).statusCode).toBe(303)
    expect((await post(jana, `/webhooks/${id}/trial`)).statusCode).toBe(409)
    expect((await post(jana, `/webhooks/${id}/removal`)).headers.location).toBe('/webhooks?done=removed')
    expect((await get(jana, '/webhooks')).body).toContain('Zatím žádný webhook')
  })
})
