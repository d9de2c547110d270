/** Why did I get this, why did I not: what the page says to the reader, to who looks after people, and to nobody else. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../test/belongings.ts'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { openWriting, type Writing } from '../../../test/writing.ts'
import type { Actor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { type App, openApp } from '../../platform/http.ts'
import { errorPage } from '../../refusals.tsx'
import { mountChannels } from '../channels/pages.ts'

let stage: Writing
let context: Context
let stop: () => Promise<void>
let app: App
beforeAll(async () => {
  stage = await openWriting()
  ;({ context, stop } = contextOf(stage.db))
  app = await openApp(context, errorPage)
  await mountChannels(app, context)
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await stop()
  await stage.close()
})

const get = async (by: Actor, url: string) =>
  app.inject({ url, headers: { accept: 'text/html', cookie: (await cookieOf(context, by)).cookie } })

it('says what came by which way and why, what did not and why not, and shows others’ only to who looks after them', async () => {
  const honza = await addPerson(stage.db, 'Honza Pohotovostní', [['duty', stage.jihlava]])
  const radka = await addPerson(stage.db, 'Radka Ředitelka', [['manager', stage.jihlava]])
  await stage.db.engine.query(
    `insert into channel_choices (person_id, channel, least, changed_at) values ($1, 'sms', 4, now()), ($1, 'push', 1, now())`,
    [honza.person],
  )
  const id = await stage.published({ severity: 1 })
  const url = `/warnings/written/${id}/messages`
  const own = (await get(honza, url)).body
  expect(own).toContain('není naléhavé')
  expect(own).toContain('role v organizaci')
  expect(own).toContain('SMS: zvolili jste si až vyšší závažnost.')
  expect(own).toContain('Oznámení v prohlížeči: nemáte přidané zařízení.')
  expect(own).not.toContain('Jana Správná')
  const jana = (await get(stage.jana, url)).body
  expect(jana).toContain('Honza Pohotovostní')
  expect(jana).toContain('SMS: tuto cestu jste si nezvolili.')
  expect(jana).not.toContain('Tomáš Služba')
  expect((await get(radka, url)).body).toContain('Vám o něm nic neodešlo')
  expect((await get(stage.karel, url)).body).toContain('Tomáš Služba')
})

it('is not there for who may not read the warning, whatever the number', async () => {
  const id = await stage.published(
    { severity: 3, audience: 'organisations', orgs: [stage.jihlava.id] },
    tuesday,
  )
  expect((await get(stage.tomas, `/warnings/written/${id}/messages`)).statusCode).toBe(404)
  for (const odd of ['0', '999999999', 'x', '1e9', `${id}.0`])
    expect((await get(stage.tomas, `/warnings/${odd}/messages`)).statusCode).toBe(404)
  expect((await app.inject({ url: `/warnings/written/${id}/messages` })).headers.location).toMatch(
    /^\/sign-in/,
  )
})
