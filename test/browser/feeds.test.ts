/** The page that leads programs to feeds and documents: sound in each look, signed out and signed in. */
import { mkdirSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/platform/access.ts'
import { cookieOf } from '../belongings.ts'
import { launchOptions } from '../chromium.ts'
import { type Exchange, openExchange } from '../exchange-stage.ts'
import { axeOf, tooWide } from './stage.ts'

describe('the page of feeds', { timeout: 240_000 }, () => {
  let x: Exchange
  let browser: Browser
  beforeAll(async () => {
    x = await openExchange()
    await x.get('/.well-known/csaf/provider-metadata.json')
    browser = await chromium.launch(launchOptions())
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await x?.close()
  })

  it('is sound on a phone and a desk', async () => {
    const wrong: string[] = []
    for (const [width, who] of [
      [360, null],
      [1280, x.stage.jana],
    ] as [number, Actor | null][]) {
      const cookie = who ? (await cookieOf(x.context, who)).cookie : ''
      const context = await browser.newContext({ viewport: { width, height: 900 } })
      if (cookie) await context.setExtraHTTPHeaders({ cookie })
      const page = await context.newPage()
      const answer = await page.goto(`${x.base}/feeds`, { waitUntil: 'load' })
      if (answer?.status() !== 200) wrong.push(`${width}: ${answer?.status()}`)
      if ((await tooWide(page)) > 0) wrong.push(`${width}: wider than the screen`)
      wrong.push(...(await axeOf(page)).map((one) => `${width}: ${one}`))
      if (process.env.LOOK) {
        mkdirSync(process.env.LOOK, { recursive: true })
        await page.screenshot({ path: `${process.env.LOOK}/feeds-${width}.png`, fullPage: true })
      }
      await context.close()
    }
    expect(wrong).toEqual([])
  })
})
