/** Written warnings as those who write, approve, read and answer them see them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { create, submit } from '../../src/modules/warnings/written/edit.ts'
import { publish } from '../../src/modules/warnings/written/publish.ts'
import { revoke } from '../../src/modules/warnings/written/revoke.ts'
import type { Actor } from '../../src/platform/access.ts'
import { addPerson } from '../harness.ts'
import { draftOf } from '../writing.ts'
import { look } from './looking.ts'
import { evening, openStage, type Stage } from './stage.ts'

describe('written warnings', { timeout: 240_000 }, () => {
  let stage: Stage
  let second: Actor
  let published: string
  let waiting: string
  let draft: string
  let gone: string

  beforeAll(async () => {
    stage = await openStage(2_000)
    const { db, people } = stage
    second = await addPerson(db, 'Koordinátor Druhý', [['coordinator', null]])
    const begun = () => create(db, people.coordinator, draftOf(), evening)
    const { cs, en } = draftOf().texts
    const happened = 'Maily vedou na hxxp://prihlaseni[.]zly.example/nemocnice a na 10.0.0.7.'
    const begunWith = () =>
      create(db, people.coordinator, draftOf({ texts: { cs: { ...cs, happened }, en } }), evening)
    const [one, two, three, four] = [await begun(), await begun(), await begunWith(), await begun()]
    await submit(db, one, people.coordinator, evening)
    await submit(db, two, people.coordinator, evening)
    await publish(db, one, second, evening)
    await submit(db, four, people.coordinator, evening)
    await publish(db, four, second, evening)
    await revoke(db, four, people.coordinator, 'Varování mířilo na vaše vlastní servery.', evening)
    await revoke(db, four, second, 'Varování mířilo na vaše vlastní servery.', evening)
    ;[published, waiting, draft, gone] = [one, two, three, four].map((id) => `/warnings/written/${id}`) as [
      string,
      string,
      string,
      string,
    ] // four of four
  }, 300_000)
  afterAll(() => stage?.close())

  it('are sound for who writes and who approves', async () => {
    const { coordinator } = stage.people
    const pages = [
      '/warnings/written',
      '/warnings/written/new',
      `${draft}/edit`,
      `${draft}/indicators`,
      `${waiting}/edit`,
      published,
      `${published}/board`,
    ]
    expect(await look(stage, coordinator, [...pages, '/warnings/single-duty'])).toEqual([])
    expect(await look(stage, second, [`${waiting}/edit`])).toEqual([])
  })

  it('are sound for who reads and answers, and for who has none', async () => {
    const { admin, manager, newcomer } = stage.people
    expect(await look(stage, admin, ['/', '/warnings', '/warnings/written', published])).toEqual([])
    expect(await look(stage, admin, ['/warnings/written?state=revoked', gone, `${gone}/messages`])).toEqual(
      [],
    )
    expect(await look(stage, manager, [published, gone])).toEqual([])
    expect(await look(stage, newcomer, ['/warnings/written?text=nic'])).toEqual([])
    expect(await look(stage, admin, [draft], 404)).toEqual([])
  })

  it('give up their indicators by form alone, on a telephone', async () => {
    const { page, context } = await stage.open(stage.people.coordinator, { width: 360, script: false })
    await page.goto(`${stage.base}${draft}/indicators`)
    expect(await page.getByText('Vnitřní adresa nebo jméno').count()).toBe(1)
    await page.getByLabel('Vložit text nebo seznam').fill('203[.]0[.]113[.]66')
    await page.getByRole('button', { name: 'Najít indikátory' }).press('Enter')
    await page.getByLabel('203.0.113.66').check()
    await page.getByLabel('http://prihlaseni.zly.example/nemocnice').check()
    await page.getByRole('button', { name: 'Uložit vybrané' }).press('Enter')
    expect(await page.getByText('Uloženy 2 indikátory.').count()).toBe(1)
    await page.getByRole('link', { name: 'Zpět k rozepsanému varování' }).click()
    expect(await page.getByText('čeká na potvrzení').count()).toBe(2)
    await context.close()
  })
})
