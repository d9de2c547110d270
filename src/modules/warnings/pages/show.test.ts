import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { openPagesStage, type PagesStage, textOf, warn } from '../../../../test/warning-pages.ts'
import type { Actor } from '../../../platform/access.ts'

describe('the page of a warning', () => {
  let stage: PagesStage
  beforeAll(async () => {
    stage = await openPagesStage()
  })
  afterAll(() => stage?.close())

  const standingOf = async (id: number): Promise<{ answer: string; state: string }> =>
    (
      await stage.db.engine.query<{ answer: string; state: string }>(
        'select answer, state from warnings where id = $1',
        [id],
      )
    ).rows[0] ?? { answer: '', state: '' }

  it('says what happened, what to do now and today, why it came, and whom to call', async () => {
    const id = await warn(stage, stage.horni, { severity: 3, seenBand: '5–10' })
    const { status, body } = await (await stage.as(stage.people.admin)).get(`/warnings/${id}`)
    const text = textOf(body)
    expect(status).toBe(200)
    for (const words of [
      'Co se stalo',
      'Co udělat do 15 minut',
      'Co udělat dnes',
      'Proč jste to dostali',
      'Proč až teď',
      'TLP:AMBER',
      '+420 555 010 000',
      '192.0.2.77',
      '5–10 dalších organizací',
    ])
      expect(text).toContain(words)
    expect(body).toContain('data-copy="192.0.2.77"')
  })

  it('is not there for another hospital, by no route', async () => {
    const id = await warn(stage, stage.horni)
    const foreign = await stage.as(stage.people.foreign)
    const forms = ['answer', 'answer/withdrawal', 'note', 'question', 'assignee']
    const answers = [
      await foreign.get(`/warnings/${id}`),
      ...(await Promise.all(
        forms.map((noun) =>
          foreign.post(`/warnings/${id}/${noun}`, { answer: 'done', text: 'x', person: '' }),
        ),
      )),
      await foreign.api('GET', `/api/v1/warnings/${id}`),
      await foreign.api('PUT', `/api/v1/warnings/${id}/answer`, { answer: 'done' }),
      await foreign.api('DELETE', `/api/v1/warnings/${id}/answer`),
    ]
    expect(answers.map((one) => one.status)).toEqual(answers.map(() => 404))
    for (const { body } of answers) expect(body).not.toContain('Horní Výmysl')
    expect(await standingOf(id)).toEqual({ answer: 'pending', state: 'open' })
  })

  it('answers an id that is none as one that does not exist', async () => {
    const admin = await stage.as(stage.people.admin)
    for (const id of ['0', '999999999', 'x', '-1', '99999999999999999999', '1;drop', "1'"])
      expect((await admin.get(`/warnings/${encodeURIComponent(id)}`)).status, id).toBe(404)
  })

  it('refuses operators and sends visitors to sign in', async () => {
    const id = await warn(stage, stage.horni)
    expect((await (await stage.as(stage.people.operator)).get(`/warnings/${id}`)).status).toBe(403)
    const visitor = await stage.as(null)
    expect((await visitor.get(`/warnings/${id}`)).location).toBe(
      `/sign-in?back=${encodeURIComponent(`/warnings/${id}`)}`,
    )
    expect((await visitor.api('GET', `/api/v1/warnings/${id}`)).status).toBe(401)
    expect((await visitor.post(`/warnings/${id}/answer`, { answer: 'done' })).location).toBe(
      '/sign-in?back=%2F',
    )
  })

  it('refuses a form that did not come from its own page', async () => {
    const id = await warn(stage, stage.horni)
    const admin = await stage.as(stage.people.admin)
    expect((await admin.post(`/warnings/${id}/answer`, { answer: 'done', _csrf: 'stolen' })).status).toBe(403)
    expect((await standingOf(id)).answer).toBe('pending')
  })

  it('walks from working to done and back, and says so', async () => {
    const id = await warn(stage, stage.horni)
    const admin = await stage.as(stage.people.admin)
    const worked = await admin.post(`/warnings/${id}/answer`, { answer: 'working' })
    expect([worked.status, worked.location]).toEqual([303, `/warnings/${id}?answered=${id}-working`])
    const done = await admin.post(`/warnings/${id}/answer`, { answer: 'done', note: 'Účet zablokován' })
    expect(await standingOf(id)).toEqual({ answer: 'done', state: 'closed' })
    const shown = await admin.get(done.location)
    expect(textOf(shown.body)).toContain('Odpověď „hotovo“ je zapsaná.')
    expect(shown.body).toContain(`action="/warnings/${id}/answer/withdrawal"`)
    expect(textOf(shown.body)).toContain('Účet zablokován')
    const undone = await admin.post(`/warnings/${id}/answer/withdrawal`)
    expect(undone.status).toBe(303)
    expect((await standingOf(id)).answer).toBe('working')
    expect((await admin.post(`/warnings/${id}/answer/withdrawal`)).status).toBe(409)
  })

  it('shows the form again when a needed note is missing', async () => {
    const id = await warn(stage, stage.horni)
    const admin = await stage.as(stage.people.admin)
    await admin.post(`/warnings/${id}/answer`, { answer: 'working' })
    const refused = await admin.post(`/warnings/${id}/answer`, { answer: 'not_affected' })
    expect(refused.status).toBe(422)
    expect(textOf(refused.body)).toContain('Napište prosím do poznámky proč.')
    expect((await admin.post(`/warnings/${id}/answer`, { answer: 'nonsense' })).status).toBe(422)
    expect((await standingOf(id)).answer).toBe('working')
  })

  it('lets management say seen and nothing else, in its own words', async () => {
    const id = await warn(stage, stage.horni)
    const manager = await stage.as(stage.people.manager)
    const page = await manager.get(`/warnings/${id}`)
    expect(textOf(page.body)).toContain('Vaše role potvrzuje jen')
    expect(page.body).not.toContain('203.0.113.66')
    expect((await manager.post(`/warnings/${id}/answer`, { answer: 'done' })).status).toBe(403)
    expect((await manager.post(`/warnings/${id}/note`, { text: 'x' })).status).toBe(403)
    expect((await manager.post(`/warnings/${id}/answer`, { answer: 'seen' })).status).toBe(303)
    expect((await standingOf(id)).answer).toBe('seen')
  })

  it('goes back only within the house', async () => {
    const id = await warn(stage, stage.horni)
    const admin = await stage.as(stage.people.admin)
    for (const back of ['https://zlo.example/', '//zlo.example', '/\\zlo.example', 'javascript:alert(1)'])
      expect((await admin.post(`/warnings/${id}/answer`, { answer: 'seen', back })).location).toBe(
        `/warnings/${id}?answered=${id}-seen`,
      )
    expect((await admin.post(`/warnings/${id}/answer`, { answer: 'seen', back: '/?org=1' })).location).toBe(
      `/?org=1&answered=${id}-seen`,
    )
  })

  it('carries a question to the coordinators and their reply back', async () => {
    const id = await warn(stage, stage.horni)
    const admin = await stage.as(stage.people.admin)
    const coordinator = await stage.as(stage.people.coordinator)
    expect((await admin.post(`/warnings/${id}/question`, { text: 'Máme stanici odpojit?' })).status).toBe(303)
    expect((await admin.post(`/warnings/${id}/reply`, { text: 'x' })).status).toBe(403)
    expect(textOf((await coordinator.get('/')).body)).toContain('Máme stanici odpojit?')
    expect(
      (await coordinator.post(`/warnings/${id}/reply`, { text: 'Ano, po domluvě s oddělením.' })).status,
    ).toBe(303)
    expect(textOf((await admin.get(`/warnings/${id}`)).body)).toContain('Ano, po domluvě s oddělením.')
    expect(textOf((await coordinator.get('/')).body)).not.toContain('Máme stanici odpojit?')
    expect((await admin.post(`/warnings/${id}/note`, { text: ' ' })).status).toBe(422)
  })

  it('is given to a colleague, never to a stranger', async () => {
    const id = await warn(stage, stage.horni)
    const admin = await stage.as(stage.people.admin)
    expect(
      (await admin.post(`/warnings/${id}/assignee`, { person: String(stage.people.both.person) })).status,
    ).toBe(303)
    expect(textOf((await admin.get(`/warnings/${id}`)).body)).toContain('Petr Dvojdomý')
    const stranger = await admin.post(`/warnings/${id}/assignee`, {
      person: String(stage.people.foreign.person),
    })
    expect(stranger.status).toBe(422)
  })

  it('writes hostile text as text', async () => {
    const id = await warn(stage, stage.horni)
    const admin = await stage.as(stage.people.admin)
    const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}`
    await admin.post(`/warnings/${id}/note`, { text: hostile })
    await stage.db.engine.query(
      `update warnings set explanation = jsonb_set(jsonb_set(explanation, '{hosts,0}', $2), '{detectors,0,name}', $2) where id = $1`,
      [id, JSON.stringify(hostile)],
    )
    const { body } = await admin.get(`/warnings/${id}`)
    expect(body).not.toContain('<script>alert')
    expect(body).not.toContain('<img src=x')
    expect(body).toContain('&lt;script>alert(1)')
  })

  it('marks an exercise everywhere', async () => {
    const id = await warn(stage, stage.horni, { lane: 2 })
    const admin = await stage.as(stage.people.admin)
    expect((await admin.get(`/warnings/${id}`)).body).toContain('CVIČENÍ / EXERCISE')
    expect(textOf((await admin.get('/warnings?exercise=1')).body)).toContain('CVIČENÍ')
    expect((await admin.get('/')).body).toContain('Probíhá cvičení')
    expect((await admin.get('/warnings')).body).not.toContain(`/warnings/${id}"`)
  })

  it('notes on the messages that went out when their reader opened it, once, and on nobody else’s', async () => {
    const id = await warn(stage, stage.horni)
    const { admin, both, coordinator, foreign } = stage.people
    const message = (actor: Actor, state: string): Promise<unknown> =>
      stage.db.engine.query(
        `insert into deliveries (kind, topic, person_id, org_id, address, warning_id, severity, state, decided_at, due_at, readers)
         select 'new', $1, $2, org_id, $3, id, 3, $4, opened_at, opened_at, readers from warnings where id = $5`,
        [`warning ${id} ${state}`, actor.person, actor.email, state, id],
      )
    for (const actor of [admin, both]) await message(actor, 'sent')
    await message(admin, 'held')
    const opened = async (): Promise<(number | null)[]> =>
      (
        await stage.db.engine.query<{ at: number | null }>(
          'select extract(epoch from opened_at)::float8 * 1000 as at from deliveries where warning_id = $1 order by id',
          [id],
        )
      ).rows.map((row) => row.at)
    for (const other of [coordinator, foreign]) await (await stage.as(other)).get(`/warnings/${id}`)
    const visitor = await stage.as(admin)
    await visitor.api('GET', `/api/v1/warnings/${id}`)
    expect(await opened()).toEqual([null, null, null])
    const at = tuesday + 5 * 3_600_000
    stage.setClock(at)
    const { body } = await visitor.get(`/warnings/${id}`)
    expect(body).toContain('Otevřeno')
    stage.setClock(at + 60_000)
    await visitor.get(`/warnings/${id}`)
    expect(await opened()).toEqual([at, null, null])
  })

  it('answers programs in the same words', async () => {
    const id = await warn(stage, stage.horni)
    const admin = await stage.as(stage.people.admin)
    const shown = JSON.parse((await admin.api('GET', `/api/v1/warnings/${id}`)).body)
    expect(shown).toMatchObject({
      id,
      rule: 'W3',
      severity: 'high',
      tlp: 'AMBER',
      answer: 'pending',
      state: 'open',
    })
    expect(
      JSON.parse((await admin.api('PUT', `/api/v1/warnings/${id}/answer`, { answer: 'done' })).body),
    ).toMatchObject({ counted: true, answer: 'done' })
    expect((await admin.api('PUT', `/api/v1/warnings/${id}/answer`, { answer: 'maybe' })).status).toBe(422)
    const foreign = { answer: 'done', org: 1 }
    expect((await admin.api('PUT', `/api/v1/warnings/${id}/answer`, foreign)).status).toBe(422)
    expect(JSON.parse((await admin.api('DELETE', `/api/v1/warnings/${id}/answer`)).body)).toMatchObject({
      answer: 'working',
    })
  })
})
