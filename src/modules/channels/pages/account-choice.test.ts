import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPagesStage, type PagesStage, textOf } from '../../../../test/warning-pages.ts'

let stage: PagesStage
beforeAll(async () => {
  stage = await openPagesStage()
})
afterAll(() => stage?.close())

it('shows in the account what was chosen by a link in a mail, and takes it back, each person its own', async () => {
  const { admin, foreign } = stage.people
  const chosen = async (): Promise<number> =>
    (await stage.db.engine.query('select 1 from mail_choices')).rowCount ?? 0
  const jana = await stage.as(admin)
  const cyril = await stage.as(foreign)
  expect(textOf((await jana.get('/account')).body)).not.toContain('Zvoleno odkazem v mailu')
  await stage.db.engine.query(
    `insert into mail_choices (address_key, singles, digest, changed_at) values (address_key($1), false, 'none', now())`,
    [admin.email.toUpperCase()],
  )
  const text = textOf((await jana.get('/account')).body)
  for (const words of [
    'Zvoleno odkazem v mailu',
    'Běžné zprávy přicházejí jen v souhrnu.',
    'Souhrn nechodí.',
  ])
    expect(text).toContain(words)
  expect(textOf((await cyril.get('/account')).body)).not.toContain('Zvoleno odkazem v mailu')

  expect((await cyril.post('/account/mail-choice/withdrawal')).status).toBe(303)
  expect((await jana.post('/account/mail-choice/withdrawal', { _csrf: 'guess' })).status).toBe(403)
  expect(await chosen()).toBe(1)
  const done = await jana.post('/account/mail-choice/withdrawal')
  expect([done.status, done.location]).toEqual([303, '/account?done=saved'])
  expect(await chosen()).toBe(0)
  expect(textOf((await jana.get('/account')).body)).not.toContain('Zvoleno odkazem v mailu')
})
