/** Without a mouse: the way past the frame first, every control reached, its focus seen, no trap; and what comes out of a printer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { day, openStage, type Stage, thingsOf } from './stage.ts'
import { tabThrough } from './tabbing.ts'

describe('a person without a mouse', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  }, 300_000)
  afterAll(() => stage?.close())

  it('reaches everything on the main pages, past the frame first, and sees where it is', async () => {
    const own = await thingsOf(stage, stage.people.admin)
    const { page, context } = await stage.open(stage.people.admin)
    for (const path of [
      '/',
      '/warnings',
      `/warnings/${own.warning}`,
      `/days/${day}`,
      `/sources/${own.source}`,
      '/sensors',
      '/search?q=198',
      '/account',
    ]) {
      await page.goto(stage.base + path, { waitUntil: 'load' })
      const { first, missed, faults } = await tabThrough(page)
      expect([first?.skip, missed, faults], path).toEqual([true, [], []])
    }
    await page.goto(stage.base, { waitUntil: 'load' })
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('main:focus').waitFor()
    await context.close()
  }, 120_000)

  it('walks a list by j and k, opens by Enter, and asks for help by a question mark', async () => {
    const { page, context } = await stage.open(stage.people.coordinator)
    await page.goto(`${stage.base}/warnings`, { waitUntil: 'load' })
    for (const key of ['j', 'j', 'k']) await page.keyboard.press(key)
    const first = await page.getAttribute('tbody tr >> nth=0', 'data-href')
    expect(await page.getAttribute('tr.walked', 'data-href')).toBe(first)
    await page.keyboard.press('?')
    await page.locator('dialog#keyboard[open]').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('k')
    await page.locator('tr.walked a').first().focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(stage.base + first)
    await context.close()
  })

  for (const script of [true, false])
    it(`has the menu in one row at a desk, and opens the rest of it ${script ? 'with' : 'without'} script`, async () => {
      for (const lang of ['cs', 'en'] as const) {
        const { page, context } = await stage.open(stage.people.coordinator, { script, lang })
        for (const path of ['/', '/deliveries', '/people/doubles', '/matches']) {
          await page.goto(stage.base + path, { waitUntil: 'load' })
          const tops = await page
            .locator('.nav > ul > li')
            .evaluateAll((all) => all.map((li) => li.getBoundingClientRect().top))
          expect(new Set(tops).size, `${path} ${lang}`).toBe(1)
          expect(await page.locator('.nav [aria-current=page]').count(), path).toBe(1)
        }
        await page.locator('.nav-more > summary').focus()
        await page.keyboard.press('Enter')
        const panel = await page.locator('.nav-more > div').boundingBox()
        expect([panel?.x, panel?.width]).toEqual([0, 1280])
        await page.locator('.nav-more a[href="/rollcalls"]').click()
        await page.waitForURL('**/rollcalls')
        expect(await page.textContent('.nav > ul > li > [aria-current=page]')).toBe(
          lang === 'cs' ? 'Výzvy' : 'Calls',
        )
        await context.close()
      }
    })

  it('prints a day with its table and head, without the ways around', async () => {
    const { page, context } = await stage.open(stage.people.admin)
    await page.goto(`${stage.base}/days/${day}`, { waitUntil: 'load' })
    await page.emulateMedia({ media: 'print' })
    for (const gone of ['.top', '.bottom', '.tabs', '.actions', '.skip'])
      expect(await page.locator(gone).first().isVisible(), gone).toBe(false)
    for (const kept of ['h1', '.print-head', '.statement', '.section > .table-frame table', '.explain > p'])
      expect(await page.locator(kept).first().isVisible(), kept).toBe(true)
    expect(await page.textContent('.print-head')).toContain('TLP:')
    expect((await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe('%PDF-')
    await context.close()
  })
})
