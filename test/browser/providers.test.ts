/** A real Chromium goes from our page to a provider of sign-in on another site and back, links its account, and signs out of both. */
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPages } from '../../src/app.ts'
import { setPassword } from '../../src/modules/members/index.ts'
import type { Actor } from '../../src/platform/access.ts'
import type { Context } from '../../src/platform/context.ts'
import { asEngine } from '../../src/platform/database.ts'
import type { App } from '../../src/platform/http.ts'
import { contextOf } from '../belongings.ts'
import { launchOptions } from '../chromium.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase } from '../harness.ts'
import { configured, type IdentityProvider, openIdentityProvider } from '../identity-provider.ts'
import { type Listening, listen } from '../listening.ts'
import { axeOf, tooWide } from './stage.ts'

const password = 'čtyři tiché zelené lampy'

describe('a browser and a provider on another site', { timeout: 120_000 }, () => {
  let db: TestDatabase
  let context: Context
  let app: App
  let door: Listening
  let browser: Browser
  let idp: IdentityProvider
  let base: string
  let jana: Actor
  let stop: () => Promise<void>

  beforeAll(async () => {
    db = await createDatabase()
    // The library that reads tokens goes by the machine's clock.
    const now = Date.now()
    const made = contextOf(db, () => now)
    ;({ context, stop } = made)
    app = await openPages(context)
    const handler = (request: unknown, response: unknown) => app.routing(request as never, response as never)
    door = await listen({ host: '127.0.0.1', port: 0, tls: null, plain: true, handler })
    base = `http://localhost:${door.port}`
    context.settings.baseUrl = base
    const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    await asEngine(db, (tx) => setPassword(tx, jana.person, password, null, now))
    idp = await openIdentityProvider(['lipova'], true, base)
    idp.users = { jana: { email: 'jana@lipova.example', name: 'Jana Nováková', groups: [] } }
    const organisations = [{ organisation: lipova.name, roles: {}, newPeople: false }]
    context.settings.providers = [
      configured(idp, 'lipova', {
        name: { cs: 'Nemocnice Lipová', en: 'Lipová Hospital' },
        organisations,
      }),
      configured(idp, 'gone', {
        issuer: 'http://127.0.0.1:9',
        name: { cs: 'CSIRT zdravotnictví', en: 'Health CSIRT' },
      }),
    ]
    browser = await chromium.launch(launchOptions())
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await door?.close(200)
    await app?.close()
    await idp?.close()
    await stop?.()
    await db?.drop()
  })

  async function open(looks: { width: number; lang: 'cs' | 'en'; dark?: boolean; script?: boolean }) {
    const { width, lang, dark, script } = looks
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
      javaScriptEnabled: script ?? true,
    })
    await context.addCookies([{ name: 'lang', value: lang, url: base }])
    const page = await context.newPage()
    const faults: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of [45]\d\d/.test(message.text()))
        faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(String(error)))
    const sound = async (name: string) => {
      expect([name, await axeOf(page), await tooWide(page), faults]).toEqual([name, [], 0, []])
    }
    return { page, sound, close: () => context.close() }
  }

  const byPassword = async (page: Page): Promise<void> => {
    await page.fill('input[name=email]', jana.email)
    await page.fill('input[name=password]', password)
    await page.click('main form[action="/sign-in"] button[type=submit]')
  }

  it('link an account once, sign in by it from then on, and sign out of both', async () => {
    const { page, sound, close } = await open({ width: 360, lang: 'cs', dark: true })
    idp.user = 'jana'
    await page.goto(`${base}/sign-in?back=%2Fmemorandum`)
    await sound('sign-in')
    await page.click('text=Přihlásit se účtem Nemocnice Lipová')
    await page.waitForURL('**/sign-in/from/lipova?**')
    expect(await page.textContent('main')).toContain('zatím není propojen')
    await sound('unlinked')
    await page.click('text=Přihlásit se jinak')
    await byPassword(page)
    await page.waitForURL(`${base}/account`)
    await sound('account-before')
    await page.click('text=Propojit účet Nemocnice Lipová')
    await page.waitForURL('**/sign-in/from/lipova?**')
    expect(await page.textContent('main')).toContain('jana@lipova.example')
    await sound('link')
    await page.click('main form[action="/account/providers"] button')
    await page.waitForURL('**/account?done=linked')
    await sound('account-after')
    await page.context().clearCookies({ name: 'hsoc_session' })
    await page.goto(`${base}/memorandum`)
    await page.click('text=Přihlásit se účtem Nemocnice Lipová')
    await page.waitForURL(`${base}/memorandum`)
    await page.click('details.account summary')
    await page.click('form[action="/sign-out"] button')
    await page.waitForURL('**/sign-in?done=out')
    await sound('signed-out')
    await page.click('text=Odhlásit se i u poskytovatele Nemocnice Lipová')
    await page.click('button[value=yes]')
    await page.waitForURL(`${base}/sign-in`)
    await close()
  })

  it('do so without script too, and say when the provider is away', async () => {
    const { page, close } = await open({ width: 1280, lang: 'en', script: false })
    idp.user = 'jana'
    await page.goto(`${base}/memorandum`)
    await page.click('text=Sign in with Lipová Hospital')
    await page.waitForURL(`${base}/memorandum`)
    await close()
    const away = await open({ width: 1280, lang: 'en' })
    await away.page.goto(`${base}/sign-in`)
    await away.page.click('text=Sign in with Health CSIRT')
    await away.page.waitForURL('**/sign-in/with?provider=gone')
    expect(await away.page.textContent('main')).toContain('a password or a passkey works even now')
    await away.sound('away')
    await away.close()
  })
})
