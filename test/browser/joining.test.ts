/** The way in, as a visitor, a newcomer and a coordinator see it: sound in each look, and usable without script. */
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendTest } from '../../src/modules/joining/first-hour.ts'
import { loadEntries, readRegister } from '../../src/modules/joining/register.ts'
import type { Actor } from '../../src/platform/access.ts'
import { asEngine } from '../../src/platform/database.ts'
import { launchOptions } from '../chromium.ts'
import { addHospital, addPerson, type Hospital } from '../harness.ts'
import { type JoiningStage, minute, openJoiningStage, right } from '../joining-stage.ts'
import { type Listening, listen } from '../listening.ts'
import { axeOf, type Looks, openBrowser, tooWide } from './stage.ts'

const looks: Looks[] = [
  { width: 360, dark: true, lang: 'cs' },
  { width: 1280, dark: false, lang: 'en' },
  { width: 1920, dark: false, lang: 'cs' },
]

describe('the way in', { timeout: 240_000 }, () => {
  let stage: JoiningStage
  let door: Listening
  let browser: Browser
  let base: string
  let newcomer: Hospital
  let jana: Actor
  let application: number
  let work: number
  let link: string
  beforeAll(async () => {
    stage = await openJoiningStage()
    await stage.clean()
    door = await listen({
      host: '127.0.0.1',
      port: 0,
      tls: null,
      plain: true,
      handler: (request, response) => stage.app.routing(request, response),
    })
    base = `http://127.0.0.1:${door.port}`
    browser = await chromium.launch(launchOptions())
    const { entries } = readRegister(
      Buffer.from(
        'IČO;Název;Sídlo;Kraj;Druh\n25596641;Nemocnice Lipová, a.s.;Lipová 1, 580 01 Lipová;Kraj Vysočina;nemocnice\n',
      ),
    )
    await asEngine(stage.db, (tx) =>
      loadEntries(
        tx,
        { entries, fileName: 'poskytovatele-2026.csv', bytes: Buffer.from('x') },
        null,
        stage.now,
      ),
    )
    newcomer = await addHospital(
      stage.db,
      'Nemocnice následné péče a léčebna dlouhodobě nemocných Horní Výmysl nad Smyšlenkou, příspěvková organizace',
      [],
    )
    await stage.db.engine.query(
      `update organisations set status = 'prospect', rules_accepted_at = null where id = $1`,
      [newcomer.id],
    )
    jana = await addPerson(stage.db, 'Jana Nováčková', [['representative', newcomer]])
    application = await stage.confirmed({ organisation: 'Nemocnica Lipova', ico: '25596641' })
    work = await stage.confirmed({
      kind: 'work',
      organisation: 'Nemocnice Lipová',
      email: 'novy@lipova.example',
    })
    await stage.send({ organisation: 'Klinika Nepotvrzená', email: 'kdo@klinika.example' })
    link = await stage.tokenTo('kdo@klinika.example')
    await sendTest(stage.db, stage.lipova.id, stage.renata, stage.now)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await door?.close()
    await stage?.close()
  })

  async function look(who: Actor | null, paths: string[]): Promise<string[]> {
    const found: string[] = []
    for (const how of looks) {
      const { page, faults, context } = await openBrowser({ base, browser, context: stage.context }, who, how)
      for (const path of paths) {
        const answer = await page.goto(base + path, { waitUntil: 'load' })
        const where = `${path} ${how.width} ${how.lang}`
        if (answer?.status() !== 200) found.push(`${where}: ${answer?.status()}`)
        const over = await tooWide(page)
        if (over > 0) found.push(`${where}: wider than the screen by ${over}`)
        for (const violation of await axeOf(page)) found.push(`${where}: ${violation}`)
        for (const fault of faults.splice(0)) found.push(`${where}: ${fault}`)
      }
      await context.close()
    }
    return found
  }

  it('is sound for visitors', async () => {
    const forms = ['/cs/prihlaska', '/en/application', '/cs/prihlaska?sent=1', `/application/${link}`]
    expect(await look(null, forms)).toEqual([])
  })

  it('is sound for coordinators', async () => {
    const own = [
      '/applications',
      `/applications/${application}`,
      `/applications/${work}`,
      '/joining',
      '/sharing-rules',
    ]
    expect(await look(stage.coordinator, [...own, `/joining/${newcomer.id}`])).toEqual([])
  })

  it('is sound for a newcomer, and for who manages people', async () => {
    expect(await look(jana, [`/joining/${newcomer.id}`, '/sharing-rules', '/applications', '/'])).toEqual([])
    expect(await look(stage.renata, [`/joining/${stage.lipova.id}`, `/applications/${work}`])).toEqual([])
  })

  it('works without script: what was wrong is said with everything kept, and the second try is taken', async () => {
    const { page, context } = await openBrowser({ base, browser, context: stage.context }, null, {
      script: false,
      lang: 'en',
    })
    await page.goto(`${base}/en/application`)
    stage.now += minute
    await page.getByLabel('Name of the organisation').fill('Poliklinika Nová')
    await page.getByLabel('IČO (registration number)').fill('25596640')
    await page.getByLabel('Your name').fill(right.name ?? '')
    await page.getByLabel('E-mail at work').fill('nova@poliklinika.example')
    await page.getByRole('button', { name: 'Send the application' }).click()
    await page.getByText('The check digit of the number does not fit').waitFor()
    stage.now += minute
    await page.getByLabel('The number is right as it is').check()
    await page.getByRole('button', { name: 'Send the application' }).click()
    await page.getByText('please look into your mail').waitFor()
    await page.goto(`${base}/application/${await stage.tokenTo('nova@poliklinika.example')}`)
    await page.getByRole('button', { name: 'Yes, I sent the application' }).click()
    await page.getByText('The address is confirmed').first().waitFor()
    await context.close()
  })
})
