/** Every part in a real browser: nothing for axe, nothing for the policy, nothing wider than the screen. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../src/platform/content.ts'
import { launchOptions } from '../chromium.ts'
import { writeGallery } from './gallery.tsx'
import { serveGallery } from './serve.ts'

// First, as the pages carry the built files' names.
execFileSync(process.execPath, [join(projectRoot, 'bin', 'build-assets.ts')])
const folder = mkdtempSync(join(tmpdir(), 'hsoc-gallery-'))
const files = writeGallery(folder)
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Set to a folder to keep photographs of every sheet in more sizes. */
const shots = process.env.HSOC_SHOTS
const only = process.env.HSOC_SHEET ?? ''

const screens = [
  [360, 'light'],
  [1280, 'dark'],
  ...(shots
    ? ([
        [360, 'dark'],
        [768, 'light'],
        [1280, 'light'],
        [1920, 'light'],
        [1920, 'dark'],
      ] as const)
    : []),
] as const

let browser: Browser
let gallery: Awaited<ReturnType<typeof serveGallery>>

beforeAll(async () => {
  gallery = await serveGallery(folder)
  browser = await chromium.launch(launchOptions())
})
afterAll(async () => {
  await browser?.close()
  gallery?.close()
})

describe.each(files.filter((file) => file.endsWith('.cs.html') && file.startsWith(only)))('%s', (file) => {
  test.each(screens)('fits %i px, %s; breaks no policy; axe finds nothing', async (width, theme) => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: theme })
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on(
      'request',
      (request) => request.url().startsWith(gallery.origin) || complaints.push(request.url()),
    )
    await page.goto(`${gallery.origin}/${file}`)
    await page.evaluate(() => document.fonts.ready)
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (shots) {
      mkdirSync(shots, { recursive: true })
      const name = file.replace('.cs.html', '')
      await page.screenshot({
        path: join(shots, `${name}-${width}-${theme}.png`),
        fullPage: !name.includes('500'),
      })
      if (width === 1280 && theme === 'light')
        await page.pdf({ path: join(shots, `${name}.pdf`), preferCSSPageSize: true })
    }
    // 500 rows hold nothing that 40 do not; walking them costs axe half a minute.
    const faults = file.includes('500') ? [] : await axeFaults(page)
    await page.close()
    expect(complaints).toEqual([])
    expect(overflow, 'pixels beyond the screen').toBeLessThanOrEqual(0)
    expect(faults).toEqual([])
  })
})

test.each([360, 768, 1280, 1920])('no large number reaches into the next one at %i px', async (width) => {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  await page.goto(`${gallery.origin}/day.cs.html`)
  await page.evaluate(() => document.fonts.ready)
  // The gap beside it may be reached into, as long as a blank's width of it stays.
  const beyond = await page.$$eval('.figures .definition-value', (values) =>
    values.flatMap((one) =>
      one.scrollWidth > one.clientWidth + 22
        ? [`${one.textContent}: ${one.scrollWidth - one.clientWidth}`]
        : [],
    ),
  )
  await page.close()
  expect(beyond).toEqual([])
})

test('a planted fault is found', async () => {
  const page = await browser.newPage()
  await page.setContent(
    '<html lang="en"><title>A</title><main><h1>A</h1><p style="color: #999">Pale</p><img></main>',
  )
  const faults = await axeFaults(page)
  await page.close()
  expect(faults.map((fault) => fault.split(':')[0])).toEqual(['color-contrast', 'image-alt'])
})

async function axeFaults(page: Awaited<ReturnType<Browser['newPage']>>): Promise<string[]> {
  await page.evaluate(axe)
  // Only what is wrong is described: the rest is most of axe's work on a long sheet.
  const violations: AxeResults['violations'] = await page.evaluate(
    "axe.run({ resultTypes: ['violations'] }).then((found) => found.violations)",
  )
  return violations.map(
    (fault) => `${fault.id}: ${fault.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
  )
}
