import { afterAll, beforeAll, expect, it } from 'vitest'
import { contextOf } from '../../../test/belongings.ts'
import { addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { openPublicWeb } from '../../../test/public-web.ts'
import { openPages } from '../../app.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase()
  const coordinator = await addPerson(db, 'Koordinátorka Vzorová', [['coordinator', null]])
  await openPublicWeb(db, coordinator, tuesday)
})
afterAll(() => db.drop())

/** Public pages as a visitor gets them. */
async function pages(demo: boolean, urls: string[]): Promise<string[]> {
  const { context, stop } = contextOf(db, () => tuesday)
  context.settings.demo = demo
  const app = await openPages(context)
  const answers = await Promise.all(urls.map((url) => app.inject({ url, headers: { accept: 'text/html' } })))
  await app.close()
  await stop()
  return answers.map(({ body }) => body)
}

const czech = ['/', '/cs/cisla', '/cs/co-je-hsoc', '/cs/prihlaska']
const english = ['/en', '/en/events', '/en/action-plan']

it('a demonstration says so on every public page, in its language', async () => {
  for (const body of await pages(true, czech))
    expect(body).toContain('<p class="site-demo"><strong>Ukázka: organizace')
  for (const body of await pages(true, english))
    expect(body).toContain('<p class="site-demo"><strong>Demonstration: the organisations')
})

it('a real installation says nothing of the kind', async () => {
  for (const body of await pages(false, [...czech, ...english])) {
    expect(body).toContain('class="top site-top"')
    expect(body).not.toContain('site-demo')
  }
})
