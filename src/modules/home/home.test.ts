import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../test/harness.ts'
import { openPagesStage, type PagesStage, rowsIn, textOf, warn } from '../../../test/warning-pages.ts'
import { byUrgency, isUrgent } from './urgency.ts'

describe('what concerns us today', () => {
  let stage: PagesStage
  beforeAll(async () => {
    stage = await openPagesStage()
  })
  afterAll(() => stage?.close())

  it('greets an empty day warmly', async () => {
    const text = textOf((await (await stage.as(stage.people.admin)).get('/')).body)
    expect(text).toContain('Dnes se vás nic netýká.')
    expect(text).toContain('Zatím nepřišla žádná událost')
  })

  it('says how many things concern us and opens exactly those', async () => {
    for (let n = 0; n < 12; n++)
      await warn(stage, stage.horni, { severity: n === 3 ? 4 : 2, openedAt: tuesday - n * 60_000 })
    const aside = await warn(stage, stage.horni, { severity: 4 })
    const admin = await stage.as(stage.people.admin)
    await admin.post(`/warnings/${aside}/answer`, { answer: 'not_affected' })
    const { body } = await admin.get('/')
    expect(textOf(body)).toContain('12 věcí se vás dnes týká. Jedna z nich spěchá.')
    const href = /class="figure" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect((await admin.get(href)).body.match(/<li class="row/g)?.length).toBe(12)
    expect(body.match(/<li class="row/g)?.length).toBe(8)
    expect(textOf(body)).toContain('Zobrazit ještě 4 další')
    expect(body.indexOf('severity-critical')).toBeLessThan(body.indexOf('severity-medium'))
  })

  it('shows who serves two hospitals both, or one at a time', async () => {
    await warn(stage, stage.dolni, { severity: 3 })
    const both = await stage.as(stage.people.both)
    expect(textOf((await both.get('/')).body)).toContain('13 věcí se vás dnes týká.')
    const one = textOf((await both.get(`/?org=${stage.dolni.id}`)).body)
    expect(one).toContain('1 věc se vás dnes týká. Spěchá to.')
    const admin = await stage.as(stage.people.admin)
    const other = await admin.get(`/?org=${stage.dolni.id}`)
    expect(textOf(other.body)).not.toContain('Dolní Smyšlenka')
    expect(textOf(other.body)).toContain('12 věcí')
  })

  it('takes an answer without leaving the page, and offers the way back', async () => {
    const id = await warn(stage, stage.dolni, { severity: 2 })
    const foreign = await stage.as(stage.people.foreign)
    const answered = await foreign.post(`/warnings/${id}/answer`, { answer: 'done', back: '/' })
    expect(answered.location).toBe(`/?answered=${id}-done`)
    const { body } = await foreign.get(answered.location)
    expect(textOf(body)).toContain('Odpověď „hotovo“ je zapsaná.')
    expect(body).toContain(`action="/warnings/${id}/answer/withdrawal"`)
    const admin = await stage.as(stage.people.admin)
    expect(textOf((await admin.get(answered.location)).body)).not.toContain('je zapsaná')
  })

  it('speaks to management without addresses', async () => {
    const { body } = await (await stage.as(stage.people.manager)).get('/')
    expect(body).not.toContain('192.0.2.77')
    expect(body).not.toContain('value="working"')
    expect(body).toContain('value="seen"')
  })

  it('gives coordinators what waits for them, and operators no content', async () => {
    const coordinator = textOf((await (await stage.as(stage.people.coordinator)).get('/')).body)
    expect(coordinator).toContain('Co dnes potřebuje koordinátora')
    expect(coordinator).toContain('Bez odpovědi')
    const operator = textOf((await (await stage.as(stage.people.operator)).get('/')).body)
    expect(operator).toContain('Zdraví senzorů')
    expect(operator).not.toContain('Horní Výmysl')
  })

  it('tells coordinators of mail that does not go out', async () => {
    await stage.db.engine.query(
      `insert into deliveries (kind, topic, org_id, address, severity, state, reply, decided_at, due_at, readers)
       values ('new', 'x', $1, 'it@horni.example', 3, 'failed', '550 no such user', to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0), array[2])`,
      [stage.horni.id, tuesday],
    )
    const text = textOf((await (await stage.as(stage.people.coordinator)).get('/')).body)
    expect(text).toContain('1 zprávu se za posledních 7 dnů nepodařilo doručit.')
    expect(text).toContain('550 no such user')
  })

  it('says of each way in plain words what failed, and of one that is not set up that it is not', async () => {
    await stage.db.engine.query(
      `insert into deliveries (kind, topic, org_id, address, severity, state, reason, channel, decided_at, due_at, readers)
       select 'rollcall', 'call ' || n, $1, '+42055502011' || n, 4, 'failed', case when n = 1 then 'provider-refused' else 'no-provider' end, 'sms',
         to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0), array[2] from generate_series(1, 4) n`,
      [stage.horni.id, tuesday],
    )
    const text = textOf((await (await stage.as(stage.people.coordinator)).get('/')).body)
    expect(text).toContain('Textové zprávy (SMS) nechodí, jak mají')
    expect(text).toContain('+420555020111: poskytovatel')
    expect(text).toContain('Textové zprávy (SMS) odsud neodcházejí')
    for (const not of ['no-provider', '+420555020112', 'provider-refused']) expect(text).not.toContain(not)
  })

  it('counts unanswered warnings by age as many as the list holds', async () => {
    const coordinator = await stage.as(stage.people.coordinator)
    const { body } = await coordinator.get('/')
    const links = [...body.matchAll(/<p class="definition-value"><a href="([^"]+)">([\d\u00a0]+)</g)]
    expect(links.length).toBe(4)
    for (const [, href = '', n] of links)
      expect(rowsIn((await coordinator.get(href.replaceAll('&amp;', '&'))).body)).toBe(Number(n))
  })

  it('tells coordinators of a question also where the warning has ended by itself', async () => {
    const id = await warn(stage, stage.horni, { severity: 2 })
    const admin = await stage.as(stage.people.admin)
    await admin.post(`/warnings/${id}/question`, { text: 'Bylo to skutečné?' })
    await stage.db.engine.query(`update warnings set state = 'closed', closed_at = opened_at where id = $1`, [
      id,
    ])
    const coordinator = await stage.as(stage.people.coordinator)
    expect(textOf((await coordinator.get('/')).body)).toContain('Bylo to skutečné?')
    await coordinator.post(`/warnings/${id}/reply`, { text: 'Ano.' })
    expect(textOf((await coordinator.get('/')).body)).not.toContain('Bylo to skutečné?')
  })

  it('puts the severe and untaken first', () => {
    const base = {
      going: false,
      since: 0,
      key: 'a 1',
      severity: 2,
      standing: 'pending' as const,
      dueAt: null,
    }
    const rows = [
      base,
      { ...base, key: 'a 2', severity: 3, standing: 'working' as const },
      { ...base, key: 'a 3', severity: 3 },
      { ...base, key: 'a 4', going: true },
      { ...base, key: 'a 5', dueAt: 2_000 },
      { ...base, key: 'a 6', dueAt: 1_000 },
    ]
    expect(rows.sort(byUrgency).map((row) => row.key)).toEqual(['a 3', 'a 2', 'a 6', 'a 5', 'a 4', 'a 1'])
    expect([
      isUrgent({ severity: 3, standing: 'working', dueAt: null }, 0),
      isUrgent({ severity: 4, standing: 'seen', dueAt: null }, 0),
      isUrgent({ severity: 2, standing: 'pending', dueAt: null }, 0),
      isUrgent({ severity: 2, standing: 'pending', dueAt: 3_600_000 }, 0),
    ]).toEqual([false, true, false, true])
  })
})
