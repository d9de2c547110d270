/** From a warning to the browser: a real push service on loopback, which opens what it gets. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../test/belongings.ts'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import { type PhoneStage, phoneStage } from '../../../../test/phone-stage.ts'
import { openPushHouse, type PushHouse } from '../../../../test/push-house.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { type App, openApp } from '../../../platform/http.ts'
import { errorPage } from '../../../refusals.tsx'
import { mountChannels } from '../routes.ts'
import { runWays } from '../ways/run.ts'
import { downWays } from '../ways/states.ts'
import { writeShort } from '../ways/write.ts'
import { ownDevices, removeDevice, revisit, subscribe, tryDevice } from './devices.ts'
import { judgeEndpoint } from './hosts.ts'
import { publicKeyOf } from './keys.ts'
import { openPush } from './send.ts'

const minute = 60_000

describe('a browser', () => {
  let stage: PhoneStage
  let context: Context
  let stop: () => Promise<void>
  let app: App
  let service: PushHouse
  let jana: Actor
  let now = tuesday

  beforeAll(async () => {
    stage = await phoneStage()
    jana = stage.jana
    ;({ context, stop } = contextOf(stage.db, () => now))
    await stage.db.engine.query(`delete from channel_choices`)
    app = await openApp(context, errorPage)
    await mountChannels(app, context)
    await app.ready()
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await stage.db.drop()
  })
  beforeEach(async () => {
    now = tuesday
    service = await openPushHouse(() => publicKeyOf(context))
    context.settings.pushHosts = [service.origin]
    await stage.db.engine.query(
      'delete from deliveries; delete from push_devices; delete from channel_states',
    )
  })
  afterEach(() => service.close())

  const join = (by = jana, name = 'Telefon') => subscribe(context, { ...service.subscription, name }, by, now)
  const run = (at = now) => {
    now = at
    return runWays(context, [openPush(context, { wholeMs: 400 })], writeShort, at)
  }
  const log = async () =>
    (
      await stage.db.engine.query(
        `select state, reason, reply from deliveries where channel = 'push' order by id`,
      )
    ).rows

  it('that was subscribed gets the number, a word and a path, sealed for it alone and in our name', async () => {
    await join()
    await stage.say(now)
    expect(await run()).toBe(1)
    expect(service.shown).toHaveLength(1)
    const [shown] = service.shown
    expect(Object.keys(shown?.content ?? {})).toEqual(['number', 'class', 'path', 'told'])
    expect(shown).toMatchObject({
      content: {
        number: stage.number,
        class: 'Nové varování, otevřete portál.',
        path: `/warnings/${stage.warning}`,
      },
      urgency: 'high',
      from: { aud: service.origin, sub: 'mailto:csirt@hsoc.example' },
    })
    expect(shown?.topic).toMatch(/^[\w-]{1,32}$/)
    expect(shown?.bytes).toBeLessThan(4_096)
    const lives = Number(shown?.from.exp) - Date.now() / 1000
    expect(lives).toBeLessThanOrEqual(24 * 3_600)
    expect(await log()).toMatchObject([{ state: 'sent' }])
  })

  it('hears who we are in the same words for an hour, and then in new ones', async () => {
    await join()
    const sender = openPush(context)
    for (const at of [tuesday, tuesday + 5 * minute, tuesday + 65 * minute]) {
      await stage.say(at)
      now = at
      await runWays(context, [sender], writeShort, at)
    }
    const [first, second, third] = service.shown.map(({ token }) => token)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  it('counts as told only when it says so itself, with the token of that message', async () => {
    await join()
    await stage.say(now)
    await run()
    const path = String(service.shown[0]?.content.told)
    const say = (url: string) =>
      app.inject({ method: 'POST', url, headers: { 'sec-fetch-site': 'same-origin' } })
    expect(await say(path.replace(/\d+\./, '1.'))).toMatchObject({ statusCode: 404 })
    expect(await say(`${path.slice(0, -2)}AA`)).toMatchObject({ statusCode: 404 })
    expect(await say('/push/told/x')).toMatchObject({ statusCode: 404 })
    expect(await log()).toMatchObject([{ state: 'sent' }])
    expect(await say(path)).toMatchObject({ statusCode: 204 })
    expect(await say(path)).toMatchObject({ statusCode: 204 })
    expect(await log()).toMatchObject([{ state: 'delivered' }])
    expect((await app.inject({ url: path })).statusCode).toBe(404)
  })

  it.each([404, 410])(
    'that its service no longer knows (%i) is written to no more until it comes by',
    async (status) => {
      const id = await join()
      await stage.say(now)
      service.answer = status
      await run()
      expect(await log()).toMatchObject([{ state: 'failed', reason: 'provider-refused' }])
      service.answer = 201
      await stage.say(now + minute)
      await run(now + 2 * minute)
      expect(service.shown).toEqual([])
      const [device] = await asActor(stage.db, jana, now, ownDevices)
      expect(device).toMatchObject({ id, gone: true })
      const fresh = { ...service.subscription, endpoint: `${service.origin}/to/anew` }
      await revisit(context, { ...fresh, was: service.subscription.endpoint }, jana, now)
      await stage.say(now + minute)
      await run(now + 30 * minute)
      expect(service.shown).toHaveLength(1)
    },
  )

  it.each([429, 503])(
    'whose service answers %i gets it later, and other services are not blamed',
    async (status) => {
      await join()
      service.answer = status
      await stage.say(now)
      for (const at of [0, 1, 3, 6]) await run(tuesday + at * minute)
      expect(await log()).toMatchObject([{ state: 'queued', reason: 'receiver-busy' }])
      expect(
        await asActor(
          stage.db,
          { ...jana, engagements: [{ org: null, orgName: null, role: 'coordinator' }] },
          now,
          downWays,
        ),
      ).toEqual([])
      service.answer = 201
      await run(tuesday + 20 * minute)
      expect(service.shown).toHaveLength(1)
    },
  )

  it('whose service fell silent gets it again under the same topic', async () => {
    await join()
    service.answer = 'silent'
    await stage.say(now)
    await run()
    expect(await log()).toMatchObject([{ state: 'queued', reason: 'interrupted' }])
    service.answer = 201
    await run(tuesday + minute)
    await stage.say(now, { kind: 'relapse' })
    await run(tuesday + 2 * minute)
    expect(new Set(service.shown.map(({ topic }) => topic)).size).toBe(1)
    expect(service.shown).toHaveLength(2)
  })

  it('gets nothing of a warning that its person may no longer read, nor below what was chosen', async () => {
    await join()
    await stage.say(now, { severity: 2 })
    expect(await log()).toEqual([])
    await stage.say(now)
    await stage.db.engine.query('update warnings set readers = array[2]')
    await run()
    await stage.db.engine.query('update warnings set readers = array[2, $1::int]', [
      1000 + 4 * stage.lipova.id,
    ])
    expect(service.shown).toEqual([])
    expect(await log()).toMatchObject([{ state: 'dropped', reason: 'may-not-read' }])
  })

  it('can be tried out and taken away by its person alone', async () => {
    const id = await join()
    const karel = await addPerson(stage.db, `Karel ${now}`, [['duty', stage.lipova]])
    await expect(tryDevice(context, id, karel, now)).rejects.toThrow('no such device')
    await expect(removeDevice(context, id, karel, now)).rejects.toThrow('no such device')
    await expect(
      revisit(context, { ...service.subscription, was: service.subscription.endpoint }, karel, now),
    ).rejects.toThrow('no such device')
    await tryDevice(context, id, jana, now)
    await run()
    expect(service.shown).toMatchObject([{ content: { number: '', path: '/account' }, urgency: 'normal' }])
    await removeDevice(context, id, jana, now)
    await stage.say(now)
    await run(now + minute)
    expect(service.shown).toHaveLength(1)
  })

  it('in which somebody else signed in is theirs from then on', async () => {
    await join()
    const karel = await addPerson(stage.db, 'Karel Druhý', [['duty', stage.lipova]])
    await join(karel, 'Služebna')
    expect(await asActor(stage.db, jana, now, ownDevices)).toEqual([])
    expect(await asActor(stage.db, karel, now, ownDevices)).toMatchObject([{ name: 'Služebna' }])
  })

  it('that names a service of nobody we know, or no keys, is refused', async () => {
    for (const wrong of [
      { endpoint: 'https://192.0.2.1/x' },
      { endpoint: 'http://169.254.169.254/latest' },
      { endpoint: 'https://evil.example/fcm.googleapis.com' },
      { endpoint: `${service.origin}@evil.example/` },
      { endpoint: '' },
      { p256dh: 'AAAA' },
      { auth: '' },
      { p256dh: 'x'.repeat(100_000) },
    ])
      await expect(
        subscribe(context, { ...service.subscription, name: 'x', ...wrong }, jana, now),
      ).rejects.toThrow()
    context.settings.pushHosts = []
    await expect(join()).rejects.toThrow('switched off')
  })

  it('keys are made once, and stand sealed', async () => {
    const keys = await Promise.all([publicKeyOf(context), publicKeyOf(context)])
    expect(new Set(keys).size).toBe(1)
    const { rows } = await stage.db.engine.query<{ sealed_key: string }>('select sealed_key from push_keys')
    expect(rows).toHaveLength(1)
    expect(rows[0]?.sealed_key).toMatch(/^[\w-]{8}\.[\w-]{60,}$/)
    await expect(stage.db.app.query('select * from push_keys')).rejects.toThrow(/permission denied/)
  })

  it('is added, named and taken away on the page, which says that mail comes all the same', async () => {
    const { cookie, csrf } = await cookieOf(context, jana)
    const post = (url: string, fields: Record<string, string>, who = { cookie, csrf }) =>
      app.inject({
        method: 'POST',
        url,
        headers: { cookie: who.cookie, 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ _csrf: who.csrf, ...fields }).toString(),
      })
    const added = await post('/account/push', { ...service.subscription, name: 'Můj <telefon>' })
    expect(added.headers.location).toBe('/account/ways?done=added')
    const seen = await app.inject({ url: '/account/ways', headers: { cookie, accept: 'text/html' } })
    expect(seen.body).toContain('Můj &lt;telefon>')
    expect(seen.body).toContain('chodí vždy jen navíc k mailu')
    const [device] = await asActor(stage.db, jana, now, ownDevices)
    expect((await post(`/account/push/${device?.id}/name`, { name: '' })).statusCode).toBe(422)
    expect((await post(`/account/push/${device?.id}/trial`, {})).statusCode).toBe(303)
    expect((await post('/account/push', { endpoint: 'https://evil.example/' })).statusCode).toBe(422)
    expect(
      (await post('/account/push/visit', { ...service.subscription, was: 'https://x.example/' })).statusCode,
    ).toBe(404)
    expect(
      (await post('/account/push/visit', { ...service.subscription, was: service.subscription.endpoint }))
        .statusCode,
    ).toBe(204)
    const out = await app.inject({ method: 'POST', url: '/account/push' })
    expect(out.headers.location).toMatch(/^\/sign-in/)
    expect((await post(`/account/push/${device?.id}/removal`, {})).statusCode).toBe(303)
    expect(await asActor(stage.db, jana, now, ownDevices)).toEqual([])
  })
})

it.each([
  ['https://fcm.googleapis.com/fcm/send/abc', 'public'],
  ['https://web.push.apple.com/QA', 'public'],
  ['https://push.apple.com/QA', null],
  ['https://evilpush.apple.com.example/QA', null],
  ['https://fcm.googleapis.com:8443/x', null],
  ['http://fcm.googleapis.com/x', null],
  ['https://user:pw@fcm.googleapis.com/x', null],
  ['https://push.nemocnice.example:8443/x', 'private'],
  ['javascript:alert(1)', null],
  [`https://fcm.googleapis.com/${'x'.repeat(2_000)}`, null],
])('the service %s is %s', (endpoint, judged) => {
  const allowed = ['fcm.googleapis.com', '*.push.apple.com', 'https://push.nemocnice.example:8443']
  expect(judgeEndpoint(endpoint, allowed)).toBe(judged)
})
