/** What a person does: signs in, understands, answers, goes on; with and without script. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setPassword } from '../../src/modules/members/people.ts'
import { certifyNewKey, makeAuthority } from '../../src/platform/certificates.ts'
import { asEngine } from '../../src/platform/database.ts'
import { serverOptions } from '../../src/platform/tls.ts'
import { launchOptions } from '../chromium.ts'
import { listen } from '../listening.ts'
import { axeOf, evening, openStage, type Stage, thingsOf, tooWide } from './stage.ts'

const password = 'čtyři tiché zelené lampy'

describe('a person at work', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    await asEngine(stage.db, (tx) => setPassword(tx, stage.people.admin.person, password, null, evening))
  }, 300_000)
  afterAll(() => stage?.close())

  for (const script of [true, false])
    it(`signs in and answers a warning ${script ? 'with' : 'without'} script`, async () => {
      await stage.db.engine.query(`update warnings set answer = 'pending', state = 'open', closed_at = null`)
      const own = await thingsOf(stage, stage.people.admin)
      const { page, faults, context } = await stage.open(null, { script, width: 360 })
      await page.goto(`${stage.base}/warnings/${own.warning}`)
      expect(page.url()).toContain('/sign-in')
      await page.fill('input[name=email]', stage.people.admin.email)
      await page.fill('input[name=password]', password)
      await page.click('main button[type=submit]')
      await page.waitForURL(`**/warnings/${own.warning}`)
      await page.locator('button[name=answer][value=working]').first().click()
      // The page says it only after the answer is stored.
      await page.locator('main [role=status]').first().waitFor()
      expect(await page.textContent('#warning')).toContain('Správce Zkušební')
      const { rows } = await stage.db.engine.query('select answer from warnings where id = $1', [own.warning])
      expect(rows).toEqual([{ answer: 'working' }])
      expect(faults).toEqual([])
      await context.close()
    })

  for (const script of [true, false])
    it(`takes a list of signatories in, decides and records it ${script ? 'with' : 'without'} script`, async () => {
      await stage.db.engine.query(
        `insert into memorandum_versions (number, month, language, title, text, created_at, changed_at)
         values (2, '2021-08-01', 'cs', 'Memorandum', '', now(), now()) on conflict do nothing`,
      )
      const { page, faults, context } = await stage.open(stage.people.coordinator, { script, width: 768 })
      await page.goto(`${stage.base}/signature-lists`)
      const list = `Instituce;Signatář;Datum\n${stage.hospitals[script ? 1 : 2]?.name};Ing. Čtirad Lhotský;22. 9. 2021\nÚstav Vymyšlený ${script};Mgr. Eva Smyšlená;`
      await page.setInputFiles('input[type=file]', {
        name: 'seznam.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(list),
      })
      await page.click('main form button[type=submit]')
      await page.waitForURL('**/signature-lists/*')
      expect(await page.textContent('main')).toContain('22. 9. 2021')
      // The second list knows the first one's people: they stand at other institutions, and that is asked.
      for (const select of await page.locator('main select').all())
        if ((await select.inputValue()) === '') await select.selectOption('new')
      await page.click('button[value=apply]')
      await page.getByText('Seznam je zapsán').waitFor()
      await page.goto(`${stage.base}/memorandum/2`)
      expect(await page.textContent('#signatures')).toContain(`Ústav Vymyšlený ${script}`)
      expect(await page.textContent('#signatures')).toContain('datum neuvedeno')
      expect(faults).toEqual([])
      await context.close()
    })

  for (const script of [true, false])
    it(`looks at a text before it is stored, and stores it ${script ? 'with' : 'without'} script`, async () => {
      const { page, faults, context } = await stage.open(stage.people.coordinator, { script })
      await page.goto(`${stage.base}/site/new?kind=news`)
      await page.fill('input[name=title]', `Náhled ${script}`)
      await page.fill('textarea[name=body]', '## Co se stalo\n\n**Nic** vážného.')
      await page.click('button[value=preview]')
      await page.locator('#preview h2, #preview h3', { hasText: 'Co se stalo' }).waitFor()
      await page.click('button[value=save]')
      await page.waitForURL('**said=created')
      await page.fill('textarea[name=body]', '## Jak to dopadlo')
      await page.click('button[value=preview]')
      await page.locator('#preview', { hasText: 'Jak to dopadlo' }).waitFor()
      expect(await page.inputValue('textarea[name=body]')).toBe('## Jak to dopadlo')
      expect(faults).toEqual([])
      await context.close()
    })

  it('sees a new warning arrive on the open page', async () => {
    const own = await thingsOf(stage, stage.people.admin)
    const { page, context } = await stage.open(stage.people.admin)
    await page.goto(`${stage.base}/`)
    const asked = page.waitForRequest(
      (request) =>
        request.url() === `${stage.base}/` &&
        request.method() === 'GET' &&
        request.resourceType() === 'fetch',
    )
    // Announced until the page, whose stream may still be opening, has heard it.
    const announce = () =>
      void stage.db.engine.query(`select announce('warnings', $1)`, [String(own.warning)])
    const again = setInterval(announce, 300)
    await asked.finally(() => clearInterval(again))
    await context.close()
  })

  it('finds the search by a key and an address by the search', async () => {
    const own = await thingsOf(stage, stage.people.admin)
    const { page, context } = await stage.open(stage.people.admin)
    await page.goto(`${stage.base}/warnings`)
    await page.keyboard.press('/')
    await page.keyboard.type(own.source)
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname.startsWith('/sources/') || url.pathname === '/search')
    expect(await page.textContent('main')).toContain(own.source)
    await context.close()
  })

  it('makes a token for a sensor and sees it once, on every screen', async () => {
    const { coordinator } = stage.people
    const { sensor } = await thingsOf(stage, coordinator)
    for (const looks of [
      { width: 360, dark: true },
      { width: 1280, lang: 'en' as const, script: false },
    ]) {
      const { page, faults, context } = await stage.open(coordinator, looks)
      await page.goto(`${stage.base}/sensors/${sensor}`)
      await page.click('form[action$="/enrolment"] button')
      await page.waitForSelector('text=/Bearer [A-Za-z0-9_-]{32}/')
      expect(await tooWide(page)).toBe(0)
      if (looks.script !== false) expect(await axeOf(page)).toEqual([])
      expect(faults).toEqual([])
      await context.close()
    }
    const { page, context } = await stage.open(coordinator)
    await page.goto(`${stage.base}/sensors/${sensor}`)
    await page.click('form[action$="/revocation"] button')
    await page.waitForURL(/said=revoked/)
    await context.close()
  })

  it('makes a key for a program, sees it once, and revokes it', async () => {
    const { coordinator } = stage.people
    for (const looks of [
      { width: 360, dark: true },
      { width: 1280, lang: 'en' as const, script: false },
    ]) {
      const { page, faults, context } = await stage.open(coordinator, looks)
      await page.goto(`${stage.base}/keys`)
      await page.fill('input[name="label"]', 'Dohledový systém')
      await page.check('input[value="figures.read"]')
      await page.click('form[action="/keys"] button')
      await page.waitForSelector('text=/hsk_[A-Za-z0-9_-]{32}/')
      expect(await tooWide(page)).toBe(0)
      if (looks.script !== false) expect(await axeOf(page)).toEqual([])
      await page.goto(`${stage.base}/keys`)
      await page.click('form[action$="/revocation"] button')
      await page.waitForURL(/done=revoked/)
      expect(await page.textContent('main')).not.toMatch(/hsk_/)
      expect(faults).toEqual([])
      await context.close()
    }
  })

  it('is never asked for a certificate by the browser, even with one of another authority', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hsoc-browser-'))
    const ours = await makeAuthority('hSOC sensors', Date.now())
    const options = await serverOptions(
      { dataDir, baseUrl: 'https://localhost', tls: { mode: 'self' } },
      [ours.cert],
      Date.now(),
    )
    const asked: boolean[] = []
    const door = await listen({
      host: '127.0.0.1',
      port: 0,
      tls: options,
      plain: false,
      handler: (request, response) => {
        asked.push((request.socket as tls.TLSSocket).getPeerX509Certificate?.() !== undefined)
        response.end('<!doctype html><title>here</title>')
      },
    })
    try {
      // The server names only the sensors' authority, so a staff certificate of another one is not among those a browser may offer.
      const named = await authoritiesNamed(door.port)
      const foreign = await certifyNewKey(
        await makeAuthority('Another authority', Date.now()),
        { cn: 'staff', days: 365 },
        Date.now(),
      )
      expect(named).toBe(true)
      expect(foreign.cert).not.toBe(ours.cert)
      writeFileSync(join(dataDir, 'staff.pem'), foreign.cert)
      writeFileSync(join(dataDir, 'staff.key'), foreign.key)
      const browser = await chromium.launch(launchOptions())
      const context = await browser.newContext({
        ignoreHTTPSErrors: true,
        clientCertificates: [
          {
            origin: 'https://elsewhere.example',
            certPath: join(dataDir, 'staff.pem'),
            keyPath: join(dataDir, 'staff.key'),
          },
        ],
      })
      const page = await context.newPage()
      await page.goto(`https://127.0.0.1:${door.port}/`, { timeout: 15_000 })
      expect(await page.title()).toBe('here')
      expect(asked).not.toContain(true)
      await browser.close()
    } finally {
      await door.close(100)
      rmSync(dataDir, { recursive: true, force: true })
    }
  })
})

/** Whether the handshake succeeds for a client without any certificate: the request for one is not a demand. */
function authoritiesNamed(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(true)
      socket.destroy()
    })
    socket.on('error', reject)
  })
}
