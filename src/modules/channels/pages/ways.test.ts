import { afterAll, beforeAll, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../test/belongings.ts'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import { type PhoneStage, phoneStage } from '../../../../test/phone-stage.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { type App, openApp } from '../../../platform/http.ts'
import { errorPage } from '../../../refusals.tsx'
import { mountMembers } from '../../members/pages.ts'
import { mountChannels } from '../routes.ts'
import { accountSlots } from './account-choice.tsx'

let stage: PhoneStage
let context: Context
let stop: () => Promise<void>
let app: App
let karel: Actor

beforeAll(async () => {
  stage = await phoneStage()
  ;({ context, stop } = contextOf(stage.db))
  context.settings.hasSms = true
  app = await openApp(context, errorPage)
  await mountChannels(app, context)
  await mountMembers(app, context, accountSlots)
  await app.ready()
  karel = await addPerson(stage.db, 'Karel Koordinátor', [['coordinator', null]])
})
afterAll(async () => {
  await app.close()
  await stop()
  await stage.db.drop()
})

const page = async (by: Actor, url: string): Promise<string> =>
  (await app.inject({ url, headers: { accept: 'text/html', cookie: (await cookieOf(context, by)).cookie } }))
    .body

it('coordinators see which way is down since when, by which way a message went, and what people wrote back', async () => {
  await stage.say(tuesday)
  await stage.db.engine.query(
    `insert into channel_states (channel, failures, down_since, said) values ('sms', 3, $1, 'no SMPP session')`,
    [new Date(tuesday)],
  )
  await stage.db.engine.query(
    `insert into short_replies (channel, sender, text, received_at) values ('sms', '+420999888777', '<b>co je', $1)`,
    [new Date(tuesday)],
  )
  const seen = await page(karel, '/deliveries')
  expect(seen).toContain('no SMPP session')
  expect(seen).toContain('+420555000001')
  expect(seen).toContain('&lt;b>co je')
  expect(seen).toContain('nerozuměno')
  await stage.db.engine.query('delete from channel_states')
  expect(await page(karel, '/deliveries')).not.toContain('no SMPP session')
})

it('a person chooses text messages in the account, for the own number alone', async () => {
  expect(await page(stage.jana, '/account/ways')).toContain('+420555000001')
  expect(await page(karel, '/account/ways')).toContain('Nemáte ověřené číslo')
  const post = async (by: Actor, fields: string) => {
    const { cookie, csrf } = await cookieOf(context, by)
    return app.inject({
      method: 'POST',
      url: '/account/ways',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: `_csrf=${csrf}&way=sms&${fields}`,
    })
  }
  expect((await post(stage.jana, 'least=4&quiet_from=22&quiet_to=6')).statusCode).toBe(303)
  for (const wrong of ['', 'least=9', 'least=3&quiet_from=99'])
    expect((await post(stage.jana, wrong)).statusCode).toBe(422)
  const { rows } = await stage.db.engine.query(
    'select person_id, least, quiet_from, quiet_to from channel_choices',
  )
  expect(rows).toEqual([{ person_id: stage.jana.person, least: 4, quiet_from: 22, quiet_to: 6 }])
  expect((await post(stage.jana, 'least=')).statusCode).toBe(303)
  expect((await stage.db.engine.query('select 1 from channel_choices')).rowCount).toBe(0)
  const out = await app.inject({
    method: 'POST',
    url: '/account/ways',
    headers: { accept: 'application/json' },
  })
  expect(out.statusCode).toBe(401)
})
