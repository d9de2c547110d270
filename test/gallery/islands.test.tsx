/** What the scripts do, in a real browser, against a server that a test can change. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { projectRoot } from '../../src/platform/content.ts'
import { translator } from '../../src/platform/i18n.ts'
import { CopyButton, Field, FilterBar, html, List, ListRow, Live, Page, Time } from '../../src/ui/index.ts'
import { launchOptions } from '../chromium.ts'
import { type Routes, serveGallery } from './serve.ts'

execFileSync(process.execPath, [join(projectRoot, 'bin', 'build-assets.ts')])

const t = translator('cs')
let warnings: string[]
let streams: Set<ServerResponse>
let refuseStreams: boolean
let theme: string | undefined
let browser: Browser
let context: BrowserContext
let server: Awaited<ReturnType<typeof serveGallery>>

const routes: Routes = {
  '/warnings': (request, answer) => {
    const query = new URL(request.url ?? '', 'http://here.example').searchParams.get('q') ?? ''
    answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(query))
  },
  '/live': (_request, answer) => {
    if (refuseStreams) {
      answer.writeHead(503).end()
      return
    }
    answer.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 100\n\n')
    streams.add(answer)
    answer.on('close', () => streams.delete(answer))
  },
  '/preferences': (request, answer) => {
    request.on('data', (body) => {
      theme = new URLSearchParams(String(body)).get('theme') ?? undefined
    })
    request.on('end', () => answer.writeHead(303, { location: '/warnings' }).end())
  },
}

function page(query: string): string {
  const shown = warnings.filter((title) => title.includes(query))
  const now = Date.now()
  return html(
    <Page
      t={t}
      title="Varování"
      path="/warnings"
      nonce="gallery"
      now={now}
      csrf="token"
      nav={[]}
      actor={{ name: 'Jana Nováková', organisations: [], roles: ['admin'] }}
    >
      <FilterBar t={t} action="/warnings">
        <Field label="Slovo" name="q" value={query} />
      </FilterBar>
      <p>
        <CopyButton t={t} text="198.51.100.24" /> <Time t={t} at={now - 59_000} now={now} />
      </p>
      <Live id="list" topic="warnings">
        <List>
          {shown.map((title) => (
            <ListRow key={title} href={`/warnings/${title}`} title={title} />
          ))}
        </List>
      </Live>
      <Live id="count" topic="warnings" apply="now">
        <p id="sum">celkem {warnings.length}</p>
      </Live>
    </Page>,
  )
}

function publish(...titles: string[]): void {
  warnings.unshift(...titles)
  for (const stream of streams) stream.write('event: news\ndata: {"topic":"warnings"}\n\n')
}

beforeAll(async () => {
  server = await serveGallery(mkdtempSync(join(tmpdir(), 'hsoc-islands-')), routes)
  browser = await chromium.launch(launchOptions())
})
afterAll(async () => {
  await browser?.close()
  server?.close()
})
beforeEach(async () => {
  warnings = ['Jihlava', 'Tábor', 'Louny']
  streams = new Set()
  refuseStreams = false
  theme = undefined
  context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
})
afterEach(async () => context.close())

async function open() {
  const tab = await context.newPage()
  const complaints: string[] = []
  tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await tab.goto(`${server.origin}/warnings`)
  return { tab, complaints }
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries++)
    await new Promise((later) => setTimeout(later, 50))
  expect(condition()).toBe(true)
}

test('news wait behind a button with their number; figures change by themselves', async () => {
  const { tab } = await open()
  await until(() => streams.size === 1)
  publish('Beroun', 'Kolín')
  await tab.getByRole('button', { name: '2 nové položky – zobrazit' }).waitFor()
  expect(await tab.locator('.row').count()).toBe(3)
  await expect.poll(() => tab.locator('#sum').textContent()).toBe('celkem 5')
  await tab.getByRole('button', { name: '2 nové položky' }).click()
  await expect.poll(() => tab.locator('.row').count()).toBe(5)
})

test('news that change nothing for this reader say nothing', async () => {
  const { tab } = await open()
  await until(() => streams.size === 1)
  let asked = 0
  tab.on('response', (answer) => {
    if (answer.url().endsWith('/warnings')) asked++
  })
  publish()
  await until(() => asked === 1)
  await expect.poll(() => tab.locator('.live-news button:visible').count()).toBe(0)
})

test('two tabs share one stream, and both hear the news', async () => {
  const first = await open()
  await until(() => streams.size === 1)
  const second = await open()
  publish('Beroun')
  await second.tab.bringToFront()
  await second.tab.getByRole('button', { name: '1 nová položka' }).waitFor()
  expect(streams.size).toBe(1)
  await first.tab.close()
  await until(() => streams.size === 1)
})

test('a lost connection is a quiet strip that goes away by itself, and what was missed is offered', async () => {
  const { tab } = await open()
  await until(() => streams.size === 1)
  refuseStreams = true
  warnings.unshift('Beroun')
  for (const stream of streams) stream.destroy()
  await tab.getByText(t('ui.lost')).waitFor()
  refuseStreams = false
  await tab.getByText(t('ui.lost')).waitFor({ state: 'hidden' })
  await tab.getByRole('button', { name: '1 nová položka' }).waitFor()
})

test('a filter applies while one types, lives in the address, and keeps the caret', async () => {
  const { tab, complaints } = await open()
  await tab.getByLabel('Slovo').pressSequentially('Tá', { delay: 20 })
  await tab.waitForURL('**/warnings?q=T%C3%A1')
  await expect.poll(() => tab.locator('.row').count()).toBe(1)
  await tab.keyboard.type('bor')
  await tab.waitForURL('**/warnings?q=T%C3%A1bor')
  expect(await tab.getByLabel('Slovo').inputValue()).toBe('Tábor')
  expect(complaints).toEqual([])
})

test('the keyboard searches, walks, opens and explains itself, and can be switched off', async () => {
  const { tab } = await open()
  await tab.keyboard.press('j')
  await tab.keyboard.press('j')
  expect(await tab.locator('.walked').textContent()).toBe('Tábor')
  await tab.keyboard.press('k')
  expect(await tab.evaluate(() => document.activeElement?.textContent)).toBe('Jihlava')
  await tab.keyboard.press('/')
  expect(await tab.evaluate(() => document.activeElement?.id)).toBe('search')
  await tab.evaluate(() => (document.activeElement as HTMLElement).blur())
  await tab.keyboard.press('?')
  await tab.getByRole('dialog').waitFor()
  await tab.getByLabel(t('ui.keyboard.on')).uncheck()
  await tab.keyboard.press('Escape')
  await tab.keyboard.press('/')
  expect(await tab.evaluate(() => document.activeElement?.id)).not.toBe('search')
})

test('an address is copied and the button says so', async () => {
  const { tab } = await open()
  await tab.getByRole('button', { name: 'Kopírovat 198.51.100.24' }).click()
  await tab.getByText('Zkopírováno').first().waitFor()
  expect(await tab.evaluate(() => navigator.clipboard.readText())).toBe('198.51.100.24')
})

test('the theme changes at once and is kept by the server', async () => {
  const { tab } = await open()
  await tab.getByText('Jana Nováková').click()
  await tab.getByRole('button', { name: 'Tmavý' }).click()
  expect(await tab.locator('html').getAttribute('data-theme')).toBe('dark')
  await until(() => theme === 'dark')
})

test('without script the list, the filter and the theme still work', async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false })
  const tab = await plain.newPage()
  await tab.goto(`${server.origin}/warnings`)
  await tab.getByLabel('Slovo').fill('Louny')
  await tab.getByRole('button', { name: 'Použít filtr' }).click()
  await tab.waitForURL('**/warnings?q=Louny')
  expect(await tab.locator('.row').count()).toBe(1)
  await tab.getByText('Jana Nováková').click()
  await tab.getByRole('button', { name: 'Tmavý' }).click()
  await until(() => theme === 'dark')
  await plain.close()
})
