/** Passkeys in a real Chromium with a device of its own: added, used without typing, asked for before a dangerous act. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPages } from '../../src/app.ts'
import { setPassword } from '../../src/modules/members/index.ts'
import type { Actor } from '../../src/platform/access.ts'
import { asEngine } from '../../src/platform/database.ts'
import type { App } from '../../src/platform/http.ts'
import { contextOf } from '../belongings.ts'
import { launchOptions } from '../chromium.ts'
import { addPerson, createDatabase, type TestDatabase, tuesday } from '../harness.ts'
import { type Listening, listen } from '../listening.ts'
import { codeAt } from '../signing-in.ts'
import { axeOf, tooWide } from './stage.ts'

const password = 'čtyři tiché zelené lampy'
const minute = 60_000

describe('a browser with a device for passkeys', { timeout: 120_000 }, () => {
  let db: TestDatabase
  let app: App
  let door: Listening
  let browser: Browser
  let base: string
  let vera: Actor
  let now = tuesday
  let stop: () => Promise<void>

  beforeAll(async () => {
    db = await createDatabase()
    const made = contextOf(db, () => now)
    stop = made.stop
    app = await openPages(made.context)
    const handler = (request: unknown, response: unknown) => app.routing(request as never, response as never)
    door = await listen({ host: '127.0.0.1', port: 0, tls: null, plain: true, handler })
    base = `http://localhost:${door.port}`
    made.context.settings.baseUrl = base
    vera = await addPerson(db, 'Věra Klidná', [['coordinator', null]])
    await asEngine(db, (tx) => setPassword(tx, vera.person, password, null, tuesday))
    browser = await chromium.launch(launchOptions())
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await door?.close(200)
    await app?.close()
    await stop?.()
    await db?.drop()
  })

  /** A page whose device confirms everything at once; `faults` are errors and breaches of the page's policy. */
  async function open(width = 1280): Promise<{ page: Page; faults: string[]; context: BrowserContext }> {
    const context = await browser.newContext({ viewport: { width, height: 900 } })
    await context.addCookies([{ name: 'lang', value: 'cs', url: base }])
    const page = await context.newPage()
    const faults: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(String(error)))
    const devices = await context.newCDPSession(page)
    await devices.send('WebAuthn.enable')
    await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    return { page, faults, context }
  }

  async function sound(page: Page, faults: string[]): Promise<void> {
    expect([page.url(), await axeOf(page), await tooWide(page), faults]).toEqual([page.url(), [], 0, []])
  }

  async function byPassword(page: Page): Promise<void> {
    await page.goto(`${base}/members`)
    await page.fill('input[name=email]', vera.email)
    await page.fill('input[name=password]', password)
    await page.click('main button[type=submit]')
  }

  it('leads a coordinator to add one, lets in by it without typing, and asks for it before danger', async () => {
    const { page, faults, context } = await open(360)
    await byPassword(page)
    await page.waitForURL('**/account/means?back=%2Fmembers')
    await sound(page, faults)
    await page.fill('form[data-passkey=make] input[name=name]', 'Služební telefon')
    await page.click('form[data-passkey=make] button')
    await page.getByText('Záložní kódy, každý platí jednou').waitFor()
    await sound(page, faults)
    await page.click('main .actions a')
    await page.waitForURL('**/members')

    await page.goto(`${base}/account`)
    await page.click('.account summary')
    await page.click('form[action="/sign-out"] button')
    await page.waitForURL('**/sign-in?done=out')
    await sound(page, faults)
    await page.click('form[data-passkey=use] button')
    await page.waitForURL(`${base}/`)

    now += 20 * minute
    await page.goto(`${base}/account/means`)
    expect(await page.textContent('main')).toContain('Služební telefon')
    await sound(page, faults)
    await page.click('form[action="/account/recovery-codes"] button')
    await page.getByRole('heading', { name: 'Potvrďte, že jste to vy' }).waitFor()
    await sound(page, faults)
    await page.click('form[data-passkey=use] button')
    await page.getByText('Záložní kódy, každý platí jednou').waitFor()

    // A form that Turbo sends: the question comes in its place, and what was typed is stored in the end.
    now += 20 * minute
    await page.goto(`${base}/rules/W3`)
    await page.fill('input[name=reason]', 'Po čtyřech tichých nocích')
    await page.click('form[action="/rules/W3/settings"] button:not([formaction])')
    await page.getByRole('heading', { name: 'Potvrďte, že jste to vy' }).waitFor()
    await page.click('form[data-passkey=use] button')
    await page.waitForURL('**/rules/W3?said=saved')
    expect(await page.textContent('main')).toContain('Po čtyřech tichých nocích')
    expect(faults).toEqual([])
    await context.close()
  })

  it('offers the passkey after the password too, and says so when the device does not know it', async () => {
    const { page, faults, context } = await open()
    await byPassword(page)
    await page.waitForURL('**/sign-in/second?back=%2Fmembers')
    await sound(page, faults)
    await page.click('form[data-passkey=use] button')
    await page.locator('[data-passkey-problem]:visible').waitFor()
    await context.close()
  })

  it('sets an app up by its secret, and signs in with its code, without script too', async () => {
    await db.engine.query('delete from passkeys; delete from recovery_codes')
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 360, height: 800 },
    })
    const page = await context.newPage()
    await byPassword(page)
    await page.click('form[action="/account/totp"] button')
    const shown = (await page.textContent('.steps .address')) ?? ''
    await page.fill('input[name=code]', codeAt(shown.replaceAll(' ', ''), now))
    await page.click('form[action="/account/totp/confirmation"] button')
    expect(await page.locator('.code-block code').textContent()).toMatch(/^(\S{14}\n){9}\S{14}$/)
    now += minute
    await context.clearCookies()
    await byPassword(page)
    await page.fill('input[name=code]', codeAt(shown.replaceAll(' ', ''), now))
    await page.click('form[action="/sign-in/second"] button')
    expect(page.url()).toBe(`${base}/members`)
    await context.close()
  })
})
