/** Advisories as members and coordinators see them: sound in each look, also with the longest texts, and usable without script. */
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdvisories } from '../../src/demo/advisories.ts'
import type { Actor } from '../../src/platform/access.ts'
import { type AdvisoryStage, openAdvisoryPages, openAdvisoryStage } from '../advisory-stage.ts'
import { launchOptions } from '../chromium.ts'
import { tuesday } from '../harness.ts'
import { type Listening, listen } from '../listening.ts'
import { axeOf, type Looks, openBrowser, tooWide } from './stage.ts'

const looks: Looks[] = [
  { width: 360, dark: true, lang: 'cs' },
  { width: 1280, dark: false, lang: 'en' },
  { width: 1920, dark: false, lang: 'cs' },
]

describe('advisories', { timeout: 240_000 }, () => {
  let stage: AdvisoryStage
  let pages: Awaited<ReturnType<typeof openAdvisoryPages>>
  let door: Listening
  let browser: Browser
  let base: string
  let one: string
  let long: string
  beforeAll(async () => {
    stage = await openAdvisoryStage()
    pages = await openAdvisoryPages(stage)
    door = await listen({
      host: '127.0.0.1',
      port: 0,
      tls: null,
      plain: true,
      handler: (request, response) => pages.app.routing(request, response),
    })
    base = `http://127.0.0.1:${door.port}`
    browser = await chromium.launch(launchOptions())
    await createAdvisories(pages.context, tuesday)
    const { rows } = await stage.db.engine.query<{ id: number }>('select id from advisories where seq = 2')
    one = `/advisories/${rows[0]?.id}`
    const source = await stage.sourceOf(
      'Výrobce s velmi dlouhým názvem zdravotnické techniky a příslušenství, a.s.',
    )
    const text = `${'Nepřerušitelné'.repeat(20)} <b>text</b>\n\nDruhý odstavec.`
    const notes = [{ category: 'summary', title: 'Shrnutí', text }]
    const taken = await stage.given(source, {
      id: 'DLOUHE-1',
      title: 'Dlouhý název '.repeat(20),
      versions: 'x'.repeat(200),
      notes,
    })
    long = `/advisories/${taken.id}`
    await stage.given(source, { id: 'BEZ-1', tlp: null })
    await stage.given(source, { id: 'DLOUHE-1', title: 'Potichu jinak' })
    await stage.db.engine.query(
      `insert into advisory_sources (kind, label, url, tlp, every_minutes, created_at, changed_at, due_at, tried_at, failed_at, failures, failure, failure_said, fingerprints)
       values ('csaf-provider', 'Poskytovatel', $2, 'GREEN', 60, $1, $1, $1, $1, $1, 3, 'timeout', 'https://psirt.example', $3)`,
      [new Date(tuesday), `https://psirt.example/${'a'.repeat(150)}`, ['ABCD'.repeat(10)]],
    )
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await door.close(200)
    await pages.close()
    await stage.db.drop()
  })

  async function look(who: Actor, paths: string[], expected = 200): Promise<string[]> {
    const found: string[] = []
    for (const how of looks) {
      const { page, faults, context } = await openBrowser({ base, browser, context: pages.context }, who, how)
      for (const path of paths) {
        const answer = await page.goto(base + path, { waitUntil: 'load' })
        const where = `${path} ${how.width} ${how.lang}`
        if (answer?.status() !== expected) found.push(`${where}: ${answer?.status()}`)
        const over = await tooWide(page)
        if (over > 0) found.push(`${where}: wider than the screen by ${over}`)
        if (how.width !== 1920)
          for (const violation of await axeOf(page)) found.push(`${where}: ${violation}`)
        for (const fault of faults.splice(0)) found.push(`${where}: ${fault}`)
      }
      await context.close()
    }
    return found
  }

  it('are sound for a member', async () => {
    const paths = [
      '/advisories',
      '/advisories?exploited=1&q=mlha',
      '/advisories?q=nic-takového',
      one,
      `${one}?version=1`,
      long,
    ]
    expect(await look(stage.member, paths)).toEqual([])
  })

  it('are sound for a coordinator, with their sources and what was set aside', async () => {
    const { rows } = await stage.db.engine.query<{ id: number }>('select min(id) as id from advisory_sources')
    const sources = ['/advisories/sources', '/advisories/sources/new', `/advisories/sources/${rows[0]?.id}`]
    expect(await look(stage.coordinator, ['/advisories', '/advisories/new', long, ...sources])).toEqual([])
  })

  it('are written and found without script', async () => {
    const how: Looks = { width: 360, script: false }
    const { page, context } = await openBrowser(
      { base, browser, context: pages.context },
      stage.coordinator,
      how,
    )
    await page.goto(`${base}/advisories/new`)
    await page.getByLabel('Nadpis').fill('Otevřená vzdálená správa')
    await page.getByLabel('Co se stalo').fill('Dodavatel nechal otevřený port.')
    await page.getByLabel('Zasažené výrobky').fill('Bájná data; Mlha Archive; 4.5')
    await page.getByRole('button', { name: 'Uložit' }).click()
    await page.getByText('Dodavatel nechal otevřený port.').waitFor()
    await page.goto(`${base}/advisories`)
    await page.getByLabel('Hledat', { exact: true }).fill('vzdálená správa')
    await page.getByRole('button', { name: 'Použít filtr' }).click()
    expect(await page.locator('.rows > li').count()).toBe(1)
    await context.close()
  })
})
