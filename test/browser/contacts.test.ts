/** The contact book as people use it: on a phone at night, without script, on paper. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../src/platform/access.ts'
import { fillBooks } from '../contact-book.ts'
import { addPerson } from '../harness.ts'
import { look as lookAt } from './looking.ts'
import { evening, openStage, type Stage } from './stage.ts'

describe('the contact book', { timeout: 240_000 }, () => {
  let stage: Stage
  let keeper: Actor
  let book: string
  let point: number
  let mail: number

  beforeAll(async () => {
    stage = await openStage(2_000)
    const [first, other] = stage.hospitals
    if (!first || !other) throw new Error('the sector has no hospitals')
    keeper = await addPerson(stage.db, 'Zástupkyně Pečlivá', [['representative', first]])
    const there = await addPerson(stage.db, 'Zástupce Vedlejší', [['representative', other]])
    const made = await fillBooks(stage.db, { first, other }, { first: keeper, other: there }, evening)
    point = made.point
    mail = made.mail
    book = `/members/${first.id}/contacts`
  }, 300_000)
  afterAll(() => stage?.close())

  const look = (who: Actor, paths: string[]): Promise<string[]> => lookAt(stage, who, paths)

  it('is sound for who keeps it, who reads it, and coordinators', async () => {
    const shared = [book, `${book}/${point}`, `${book}/print`, '/contacts/sector', '/contacts/download']
    expect(await look(keeper, [...shared, `${book}/new`, `${book}/${mail}`])).toEqual([])
    expect(await look(stage.people.manager, [book])).toEqual([])
    expect(
      await look(stage.people.coordinator, [`${book}/${point}`, '/contacts/sector', '/contacts/standing']),
    ).toEqual([])
    expect(await look(stage.people.newcomer, ['/contacts/sector?q=nikdo'])).toEqual([])
  })

  it('is kept and attested without script: a contact added, tried earlier, the book attested', async () => {
    const { page, context } = await stage.open(keeper, { width: 360, script: false })
    await page.goto(stage.base + book)
    await page.getByRole('link', { name: 'Přidat kontakt' }).click()
    await page.getByLabel('Funkce nebo jméno').fill('Pověřenkyně')
    await page.getByLabel('Spojení').fill('555 010 333')
    await page.getByLabel('Osobní údaje').selectOption('coordinators')
    await page.getByLabel('Bezpečnost').selectOption('coordinators')
    await page.getByRole('button', { name: 'Přidat kontakt' }).click()
    expect(await page.getByText('Kontakt je uložený.').isVisible()).toBe(true)
    await page.getByRole('link', { name: 'Zpět na kontakty organizace' }).click()
    const security = page.locator('#security li')
    expect(await security.locator('a[href^="tel:"]').last().getAttribute('href')).toBe('tel:+420555010333')
    await security.last().getByRole('button', { name: 'Zkoušet dřív' }).click()
    expect(await page.locator('#security li').nth(1).innerText()).toContain('+420 555 010 333')
    await page.getByRole('button', { name: 'Nic se nezměnilo, kniha platí' }).click()
    expect(await page.getByText('Kniha je potvrzená na dalších šest měsíců.').isVisible()).toBe(true)
    await context.close()
  })

  it('gives a thumb at least 44 pixels to call with', async () => {
    const { page, context } = await stage.open(stage.people.manager, { width: 360 })
    await page.goto(stage.base + book)
    const heights = await page
      .locator('.contacts a[href^="tel:"]')
      .evaluateAll((links) => links.map((link) => link.getBoundingClientRect().height))
    expect(heights.length).toBeGreaterThan(2)
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
    await context.close()
  })

  it('fits one sheet of paper that carries the day it was printed', async () => {
    const { page, context } = await stage.open(keeper)
    await page.goto(`${stage.base}${book}/print`)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.print-head').innerText()).toContain('3. března 2026')
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true })
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBe(1)
    await context.close()
  })
})
