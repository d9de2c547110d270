/** What advisories concern, as members and coordinators see it: sound in each look, also with the longest names, and usable without script. */
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/platform/access.ts'
import { openAdvisoryPages } from '../advisory-stage.ts'
import { launchOptions } from '../chromium.ts'
import { type Listening, listen } from '../listening.ts'
import { type MatchStage, openMatchStage, pump } from '../match-stage.ts'
import { look } from './looking.ts'
import { openBrowser, type Stage } from './stage.ts'

describe('matches', { timeout: 240_000 }, () => {
  let stage: MatchStage
  let pages: Awaited<ReturnType<typeof openAdvisoryPages>>
  let door: Listening
  let browser: Browser
  let at: Stage
  let id: number
  beforeAll(async () => {
    stage = await openMatchStage()
    pages = await openAdvisoryPages(stage)
    door = await listen({
      host: '127.0.0.1',
      port: 0,
      tls: null,
      plain: true,
      handler: (request, response) => pages.app.routing(request, response),
    })
    browser = await chromium.launch(launchOptions())
    const base = `http://127.0.0.1:${door.port}`
    const open: Stage['open'] = (who, how) =>
      openBrowser({ base, browser, context: pages.context }, who, how ?? {})
    at = { base, open } as Stage // what look() needs of it
    await stage.own(stage.jana, { ...pump, quantity: '9', department: 'ARO', patientSafety: '1' })
    await stage.own(stage.jana, { ...pump, quantity: '5', department: 'JIP' })
    const long = 'Anesteziologicko-resuscitační klinika '.repeat(5).slice(0, 190)
    await stage.own(stage.jana, {
      ...pump,
      product: `Infusion 3 ${'nepřerušitelné'.repeat(11)}`,
      department: long,
    })
    const source = await stage.sourceOf('Výrobce pump')
    await stage.given(source, { id: 'M-1' })
    await stage.step()
    await stage.given(source, { id: 'M-1', version: '2', base: 6.5 })
    await stage.given(source, { id: 'M-2', title: 'Dlouhý název '.repeat(20) })
    await stage.step()
    id = (await stage.items(stage.jana)).find(({ seq }) => seq === 2)?.id ?? 0
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await door.close(200)
    await pages.close()
    await stage.close()
  })

  const looked = (who: Actor, paths: string[]) => look(at, who, paths)

  it('are sound for a member, with and without any', async () => {
    expect(await looked(stage.jana, ['/matches', '/matches?q=nic-takového', `/matches/${id}`])).toEqual([])
    expect(await looked(stage.ota, ['/matches'])).toEqual([])
  })

  it('are sound for a coordinator, with the warning made of an advisory', async () => {
    const advisory = (await stage.items(stage.jana))[0]?.advisory
    const made = await pages.post(stage.coordinator, `/advisories/${advisory}/warning`, {})
    const paths = ['/matches', `/advisories/${advisory}`, String(made.headers.location)]
    expect(await looked(stage.coordinator, paths)).toEqual([])
  })

  it('are answered without script', async () => {
    const { page, context } = await openBrowser(
      { base: at.base, browser, context: pages.context },
      stage.jana,
      {
        ...{ width: 360, script: false },
      },
    )
    await page.goto(`${at.base}/matches`)
    await page
      .getByRole('link', { name: /Pumpy Infusion 3/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Je to náš výrobek' }).first().click()
    expect(await page.textContent('main')).toContain('Jana Nová potvrzuje, že je to tento výrobek.')
    await context.close()
  })
})
