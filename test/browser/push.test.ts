/**
 * Push in a real browser as far as one without a push service goes: the page, the worker that is registered by our script, what it
 * shows of a message handed to it, and that the message then counts as told.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { subscribe, tryDevice } from '../../src/modules/channels/push/devices.ts'
import { publicKeyOf } from '../../src/modules/channels/push/keys.ts'
import { openPush } from '../../src/modules/channels/push/send.ts'
import { runWays } from '../../src/modules/channels/ways/run.ts'
import { writeShort } from '../../src/modules/channels/ways/write.ts'
import { openPushHouse, type PushHouse } from '../push-house.ts'
import { look } from './looking.ts'
import { evening, openStage, type Stage } from './stage.ts'

let stage: Stage
let service: PushHouse
beforeAll(async () => {
  stage = await openStage(2_000)
  service = await openPushHouse(() => publicKeyOf(stage.context))
  stage.context.settings.pushHosts = [service.origin]
  stage.context.settings.hasSms = true
  const given = { ...service.subscription, name: 'Telefon na vrátnici s velmi dlouhým jménem zařízení' }
  const device = await subscribe(stage.context, given, stage.people.admin, evening)
  await tryDevice(stage.context, device, stage.people.admin, evening)
  await runWays(stage.context, [openPush(stage.context)], writeShort, evening)
}, 300_000)
afterAll(async () => {
  await service?.close()
  await stage?.close()
})

it('the page of the ways is sound with devices and without', async () => {
  expect(await look(stage, stage.people.admin, ['/account/ways', '/account'])).toEqual([])
  expect(await look(stage, stage.people.manager, ['/account/ways'])).toEqual([])
}, 240_000)

it('without script the page says that one is needed, and offers no button that does nothing', async () => {
  const { page, context } = await stage.open(stage.people.manager, { script: false })
  await page.goto(`${stage.base}/account/ways`)
  expect(await page.locator('[data-push-problem=script]').isVisible()).toBe(true)
  expect(await page.locator('form[data-push]').isVisible()).toBe(false)
  await context.close()
})

it('a browser that refuses, or cannot reach its service, says why', async () => {
  const { page, context } = await stage.open(stage.people.manager)
  await page.goto(`${stage.base}/account/ways`)
  const button = page.locator('form[data-push] button')
  await button.click()
  // Headless browsers refuse notifications unless told otherwise, and have no push service then.
  await page.locator('[data-push-problem=denied]').waitFor({ state: 'visible' })
  expect(await page.locator('form[data-push]').isVisible()).toBe(false)
  await context.grantPermissions(['notifications'], { origin: stage.base })
  await page.reload()
  await button.click()
  await page.locator('[data-push-problem=failed]').waitFor({ state: 'visible' })
  expect(await button.isVisible()).toBe(true)
  await context.close()
})

it('the worker shows a message, says so to us, and only then it is delivered', async () => {
  const { page, faults, context } = await stage.open(stage.people.admin)
  await context.grantPermissions(['notifications'], { origin: stage.base })
  await page.goto(`${stage.base}/account/ways`)
  const registered = page.evaluate(async () => {
    const { scope } = await navigator.serviceWorker.register('/push-worker.js', { scope: '/' })
    await navigator.serviceWorker.ready
    return scope
  })
  expect(await registered).toBe(`${stage.base}/`)
  const session = await context.newCDPSession(page)
  const known = new Promise<string>((done) =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) done(registrations[0].registrationId)
    }),
  )
  await session.send('ServiceWorker.enable')
  const registrationId = await known
  const content = service.shown[0]?.content
  const state = async () =>
    (await stage.db.engine.query<{ state: string }>(`select state from deliveries where channel = 'push'`))
      .rows[0]?.state
  expect(await state()).toBe('sent')
  const heard = page.context().waitForEvent('request', (request) => request.url().includes('/push/told/'))
  const deliver = (data: string) =>
    session.send('ServiceWorker.deliverPushMessage', { origin: stage.base, registrationId, data })
  await deliver(JSON.stringify(content))
  await (await heard).response()
  await expect.poll(state, { timeout: 20_000 }).toBe('delivered')
  await deliver('not what we send')
  const shown = () =>
    page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).length)
  await expect.poll(shown, { timeout: 20_000 }).toBe(2)
  expect(faults).toEqual([])
  await context.close()
})
