/** Calls as people use them: answered on a phone by two taps, led from a desk. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answer } from '../../src/modules/emergency/answer.ts'
import { create } from '../../src/modules/emergency/draft.ts'
import { work } from '../../src/modules/emergency/index.ts'
import { release } from '../../src/modules/emergency/release.ts'
import { asEngine } from '../../src/platform/database.ts'
import { callOf } from '../calling.ts'
import { look } from './looking.ts'
import { evening, openStage, type Stage } from './stage.ts'

const minute = 60_000

describe('calls', { timeout: 240_000 }, () => {
  let stage: Stage
  let draft: string
  let running: string

  beforeAll(async () => {
    stage = await openStage(2_000)
    const { coordinator, two } = stage.people
    const org = stage.hospitals[0]?.id ?? 0
    await stage.db.engine.query(`update organisations set nuts3 = 'CZ063' where id = $1`, [org])
    const ids = await asEngine(stage.db, async (tx) => {
      const written = await create(tx, callOf(), coordinator, evening - minute)
      const drill = await create(tx, callOf({ class: 'drill' }), coordinator, evening - 40 * minute)
      await release(tx, drill, coordinator, evening - 40 * minute)
      return [written, drill]
    })
    ;[draft, running] = ids.map((id) => `/rollcalls/${id}`) as [string, string] // two were made
    for (const ago of [40, 30, 20, 10]) await work(stage.context, evening - ago * minute)
    const given = { org, code: '2', note: 'Stojí příjem.', via: 'page' as const }
    await asEngine(stage.db, (tx) => answer(tx, ids[1] ?? 0, given, two, evening - 5 * minute))
  }, 300_000)
  afterAll(() => stage?.close())

  it('are sound for who leads them and who answers', async () => {
    const { coordinator, admin, newcomer } = stage.people
    expect(
      await look(stage, coordinator, [
        '/rollcalls',
        '/rollcalls/new',
        '/rollcalls/policy',
        draft,
        running,
        `${running}/calls`,
      ]),
    ).toEqual([])
    expect(await look(stage, admin, ['/rollcalls', running])).toEqual([])
    expect(await look(stage, newcomer, ['/rollcalls'])).toEqual([])
  })

  it('are cut down to a region by its place on the map, with the keyboard and without script', async () => {
    const region = 'Kraj Vysočina: 1 z 1; jsou zasaženy 1'
    for (const script of [true, false]) {
      const { page, context } = await stage.open(stage.people.coordinator, { width: 1280, script })
      await page.goto(stage.base + running)
      const all = await page.locator('.call-tile').count()
      await page.getByRole('link', { name: region }).focus()
      await page.keyboard.press('Enter')
      await page.waitForURL(/region=CZ063/)
      await page.locator('.map-region[aria-current]').waitFor()
      expect(await page.locator('.call-tile').count()).toBeLessThan(all)
      await page.getByRole('link', { name: region }).focus()
      await page.keyboard.press('Enter')
      await page.waitForURL((url) => !url.search)
      await context.close()
    }
  })

  it('are answered from any page by two taps, without script', async () => {
    const { page, context } = await stage.open(stage.people.newcomer, { width: 360, script: false })
    await page.goto(`${stage.base}/duty`)
    await page.getByRole('link', { name: 'Odpovědět' }).click()
    await page.getByRole('button', { name: 'Bez dopadu' }).click()
    expect(await page.getByText('Odpověď je zapsána.').count()).toBe(1)
    await context.close()
  })
})
