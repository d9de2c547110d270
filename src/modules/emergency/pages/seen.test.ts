/** Nobody releases a call, or writes over it, that is not what they looked at. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../../../test/belongings.ts'
import { type CallPages, callForm, callPages } from '../../../../test/call-pages.ts'
import { type Calling, openCalling } from '../../../../test/calling.ts'
import { tuesday } from '../../../../test/harness.ts'
import { seenIn, shownIn } from '../../../../test/seen.ts'
import { openPages } from '../../../app.ts'
import type { Context } from '../../../platform/context.ts'
import type { App } from '../../../platform/http.ts'
import { defaultPolicies } from '../../duty/index.ts'

describe('a call that changed', () => {
  let stage: Calling
  let app: App
  let pages: CallPages
  let context: Context
  let stop: () => Promise<void>

  beforeAll(async () => {
    stage = await openCalling()
    await stage.person('Petr Dub', [['duty', await stage.hospital('Nemocnice Lipová')]])
    ;({ context, stop } = contextOf(stage.db, () => tuesday))
    app = await openPages(context)
    pages = callPages({ app, context })
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await stage.close()
  })

  const get: CallPages['get'] = (who, url) => pages.get(who, url)
  const post: CallPages['post'] = (who, url, fields) => pages.post(who, url, fields)
  const form = callForm

  it('let nobody release, or write over, what they have not seen', async () => {
    const url = String((await post(stage.karel, '/rollcalls', form)).headers.location).replace(/\?.*/, '')
    const id = url.split('/').at(-1) ?? ''
    const looked = (await get(stage.kveta, url)).body
    const editor = (await get(stage.karel, url)).body
    const theirs = { ...form, body: 'Plaťte výkupné.', seen: seenIn(editor, id) }
    expect((await post(stage.karel, url, theirs)).statusCode).toBe(303)
    for (const seen of [seenIn(looked, 'release'), '', 'x '.repeat(9_999)]) {
      const late = await post(stage.kveta, `${url}/release`, { seen })
      expect(late.statusCode).toBe(409)
      expect(late.body).toContain('Od chvíle, kdy jste se dívali, se výzva změnila')
      expect(late.body).toContain('Plaťte výkupné.')
    }
    expect((await post(stage.kveta, `${url}/release`, { seen: seenIn(looked, 'release') })).body).toContain(
      'Změnilo se: Co se děje a co udělat.',
    )
    const first = await post(stage.kveta, `${url}/release`, shownIn(looked, 'release'))
    expect(first.body).toMatch(new RegExp(`<del>.*${form.body}.*<ins>.*Plaťte výkupné`, 's'))
    // Where people meet is part of it: a false room would gather everybody at another's.
    const held = shownIn((await get(stage.kveta, url)).body, 'release')
    const moved = {
      ...theirs,
      room: 'https://elsewhere.example/',
      seen: seenIn((await get(stage.karel, url)).body, id),
    }
    expect((await post(stage.karel, url, moved)).statusCode).toBe(303)
    const room = await post(stage.kveta, `${url}/release`, held)
    expect([room.statusCode, room.body.includes('Změnilo se: Kde se sejdeme.')]).toEqual([409, true])
    // The steps that it would go by are part of what is released.
    const before = shownIn((await get(stage.kveta, url)).body, 'release')
    await stage.db.engine.query(
      `insert into rollcall_policies (version, policy, by, at)
       select 900, jsonb_set($1::jsonb, '{version}', '900'), $2, now()`,
      [
        JSON.stringify({ ...defaultPolicies.rollcall, steps: defaultPolicies.rollcall.steps.slice(0, 1) }),
        stage.karel.person,
      ],
    )
    const steps = await post(stage.kveta, `${url}/release`, before)
    await stage.db.engine.query('delete from rollcall_policies where version = 900')
    expect([steps.statusCode, steps.body.includes('Kroky, po kterých se volá')]).toEqual([409, true])
    expect(steps.body).toMatch(/<del>.*Po 10 minut/s)
    const over = await post(stage.kveta, url, { ...form, body: 'Moje znění.', seen: seenIn(looked, id) })
    expect(over.statusCode).toBe(409)
    for (const said of ['Moje znění.', 'Plaťte výkupné.', 'Mezitím výzvu uložil někdo jiný'])
      expect(over.body).toContain(said)
    const again = { ...form, body: 'Moje znění.', seen: seenIn(over.body, id) }
    expect((await post(stage.kveta, url, again)).statusCode).toBe(303)
  })

  it('asks every chosen organisation, however many there are, and meets where the author says', async () => {
    context.settings.emergencyRoom = 'https://meet.example/trvala'
    expect((await get(stage.karel, '/rollcalls/new')).body).toContain('value="https://meet.example/trvala"')
    context.settings.emergencyRoom = null
    const { rows: many } = await stage.db.engine.query<{ id: number }>(
      `insert into organisations (name, kind, status, created_at, changed_at) select 'Ordinace ' || n, 'other', 'follower', now(), now()
       from generate_series(1, 2500) n returning id`,
    )
    const orgs = many.map(({ id }) => String(id))
    const { rows: lipova } = await stage.db.engine.query<{ id: number }>(
      `select id from organisations where name = 'Nemocnice Lipová'`,
    )
    const hospital = String(lipova[0]?.id)
    const strange = await post(stage.karel, '/rollcalls', { ...form, whom: 'chosen', orgs: ['999999'] })
    expect([strange.statusCode, strange.body.includes('organizace, která tu není')]).toEqual([422, true])
    const room = 'https://meet.example/jen-tahle'
    const made = await post(stage.karel, '/rollcalls', {
      ...form,
      whom: 'chosen',
      orgs: [...orgs, hospital],
      room,
    })
    const url = String(made.headers.location).replace(/\?.*/, '')
    const { rows } = await stage.db.engine.query<{ n: number }>(
      'select cardinality(orgs) as n from broadcasts where id = $1',
      [url.split('/').at(-1)],
    )
    expect(rows).toEqual([{ n: 2_501 }])
    const shown = shownIn((await get(stage.kveta, url)).body, 'release')
    expect((await post(stage.kveta, `${url}/release`, shown)).statusCode).toBe(303)
    expect((await get(stage.kveta, url)).body).toContain(room)
  })
})
