/** A warning reaches the pages that are open, by themselves where script runs and by a reload where it does not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Idea } from '../../src/modules/events/index.ts'
import { evening, openStage, type Stage } from './stage.ts'

describe('a new warning', () => {
  let stage: Stage
  let own = ''
  beforeAll(async () => {
    stage = await openStage()
    const { rows } = await stage.db.engine.query<{ text: string }>(
      `select text from networks where org_id = $1 and text like '%.%' order by 1 limit 1`,
      [stage.people.newcomer.engagements[0]?.org],
    )
    own = (rows[0]?.text ?? '').replace(/\.\d+\/\d+$/, (end) => `.${Number(end.slice(1).split('/')[0]) + 9}`)
  }, 300_000)
  afterAll(() => stage?.close())

  const beacon = (n: number): Idea =>
    ({
      Format: 'IDEA0',
      ID: `live-beacon-${n}`,
      DetectTime: new Date(evening - (10 - n) * 60_000).toISOString(),
      Category: ['Intrusion.Botnet'],
      Source: [{ IP4: [own] }],
      Target: [{ IP4: ['203.0.113.250'], Port: [4444], Proto: ['tcp'] }],
      Node: [{ Name: 'cz.hsoc.perimetr1', Type: ['Flow'] }],
      _HSOC: { Verdict: 'passed' },
    }) as Idea

  it('comes no more to whom access was taken, and the open page says so', async () => {
    const { page, context } = await stage.open(stage.people.two)
    await page.goto(`${stage.base}/warnings`)
    const { person } = stage.people.two
    await stage.db.engine.query('delete from sessions where person_id = $1', [person])
    // Announced until the stream, which may still be opening, has heard it.
    const again = setInterval(
      () => void stage.db.engine.query(`select announce('people', $1)`, [String(person)]),
      500,
    )
    try {
      await page.locator('#lost a').waitFor({ timeout: 20_000 })
    } finally {
      clearInterval(again)
    }
    expect(await page.textContent('#lost')).toContain('Vaše přihlášení skončilo')
    expect(await page.getAttribute('#lost a', 'href')).toBe('/sign-in?back=%2Fwarnings')
    await context.close()
  })

  it('comes to the wall, to the list and to the first page without a reload', async () => {
    const whose = stage.people.newcomer.engagements[0]?.orgName ?? ''
    const wall = await stage.open(stage.people.coordinator, { width: 1920, dark: true })
    const list = await stage.open(stage.people.newcomer)
    const plain = await stage.open(stage.people.newcomer, { script: false })
    await wall.page.goto(`${stage.base}/sector`)
    await list.page.goto(`${stage.base}/warnings`)
    await plain.page.goto(`${stage.base}/warnings`)
    expect(await wall.page.textContent('main')).not.toContain(whose)
    expect(await list.page.locator('tbody tr').count()).toBe(0)
    await list.page.evaluate('window.sameDocument = true')

    await stage.happen([0, 1, 2, 3, 4].map(beacon))
    // Announced until both pages, whose streams may still be opening, have heard it.
    const again = setInterval(() => void stage.db.engine.query(`select announce('warnings', '1')`), 500)
    try {
      await wall.page.locator('main', { hasText: whose }).waitFor({ timeout: 20_000 })
      const news = list.page.locator('.live-news button')
      await news.waitFor({ timeout: 20_000 })
      await news.click()
      await list.page.locator('tbody tr').first().waitFor()
    } finally {
      clearInterval(again)
    }
    expect(await list.page.evaluate('window.sameDocument')).toBe(true)
    expect(await plain.page.locator('tbody tr').count()).toBe(0)
    await plain.page.reload()
    expect(await plain.page.locator('tbody tr').count()).toBe(1)
    for (const one of [wall, list, plain]) {
      expect(one.faults).toEqual([])
      await one.context.close()
    }
  })
})
