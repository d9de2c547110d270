import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../test/belongings.ts'
import { addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { openPages } from '../../app.ts'
import type { Actor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { compare } from './compare.ts'

const hour = 3_600_000

describe('editing the public web', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let coordinator: Actor
  let now = tuesday
  beforeAll(async () => {
    db = await createDatabase()
    coordinator = await addPerson(db, 'Koordinátorka Vzorová', [['coordinator', null]])
    const made = contextOf(db, () => now)
    context = made.context
    stop = made.stop
    app = await openPages(context)
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  const get = async (url: string) =>
    app.inject({
      url,
      headers: { accept: 'text/html', cookie: (await cookieOf(context, coordinator)).cookie },
    })
  async function post(url: string, form: Record<string, string> = {}) {
    const { cookie, csrf } = await cookieOf(context, coordinator)
    return app.inject({
      method: 'POST',
      url,
      headers: { accept: 'text/html', cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ ...form, _csrf: csrf }).toString(),
    })
  }
  const visitor = async (url: string) => (await app.inject({ url })).body
  const idIn = (location: unknown): string => /\/site\/\w+\/(\d+)/.exec(String(location))?.[1] ?? ''
  const versionsIn = (body: string): string[] => [
    ...new Set([...body.matchAll(/href="\/site\/versions\/(\d+)"/g)].map((match) => match[1] ?? '')),
  ]
  const form = (over: Record<string, string> = {}) => ({
    kind: 'news',
    lang: 'cs',
    title: 'Nová aktualita',
    summary: 'Souhrn',
    body: 'Tělo',
    slug_cs: '',
    slug_en: '',
    ...over,
  })

  it('goes from a preview over a draft to everybody, and back', async () => {
    const preview = await post('/site/texts', form({ do: 'preview', body: '**tučně** <b>x</b>' }))
    expect(preview.statusCode).toBe(200)
    expect(preview.body).toContain('<strong>tučně</strong> &lt;b&gt;x&lt;/b&gt;')
    expect((await db.engine.query('select 1 from site_pages')).rowCount).toBe(0)

    const made = await post('/site/texts', form())
    expect(made.headers.location).toMatch(/^\/site\/texts\/\d+\?lang=cs&said=created$/)
    const id = idIn(made.headers.location)
    const page = (await get(`/site/texts/${id}`)).body
    expect(page).toContain('V tomto jazyce není zveřejněno nic.')
    const [first = ''] = versionsIn(page)
    expect((await get(`/site/versions/${first}/preview`)).body).toContain('Náhled, nezveřejněno')
    expect(await visitor('/cs/aktuality')).not.toContain('Nová aktualita')

    const slip = await post(`/site/versions/${first}/publication`, { at: '2025-03-03T10:00' })
    expect([slip.statusCode, slip.body.includes('Tento čas už minul.')]).toEqual([422, true])
    expect(slip.body).toContain('value="2025-03-03T10:00"')
    expect(await visitor('/cs/aktuality')).not.toContain('Nová aktualita')
    await post(`/site/versions/${first}/publication`, { at: '2026-03-03T10:00' })
    now = tuesday + hour - 1
    expect(await visitor('/cs/aktuality')).not.toContain('Nová aktualita')
    now = tuesday + hour
    expect(await visitor('/cs/aktuality/nova-aktualita')).toContain('Tělo')

    await post(`/site/texts/${id}/versions`, form({ base: '1', title: 'Opravená', body: 'Tělo opravené' }))
    expect(await visitor('/cs/aktuality')).not.toContain('Opravená')
    const [second = ''] = versionsIn((await get(`/site/texts/${id}`)).body)
    const shown = (await get(`/site/versions/${second}`)).body
    expect(shown).toContain('Co se změnilo proti verzi 1')
    expect(shown).toMatch(/<ins>.*opravené<\/ins>/)
    await post(`/site/versions/${second}/publication`)
    expect(await visitor('/cs/aktuality')).toContain('Opravená')

    expect((await post(`/site/versions/${first}/restoration`)).statusCode).toBe(303)
    expect(versionsIn((await get(`/site/texts/${id}`)).body).length).toBe(3)
    await post(`/site/texts/${id}/withdrawal`, { lang: 'cs' })
    expect(await visitor('/cs/aktuality')).not.toContain('Opravená')
    now = tuesday
  })

  it('loses nothing of what was typed when it refuses', async () => {
    const refused = await post('/site/texts', form({ title: '', body: 'Dlouho psaný text', slug_cs: 'Á' }))
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('Napište nadpis.')
    expect(refused.body).toContain('Dlouho psaný text')
    const occasion = form({
      kind: 'occasion',
      body: 'Přijďte',
      starts: '2026-05-01T10:00',
      ends: '2026-05-01T09:00',
    })
    const wrong = await post('/site/texts', occasion)
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('Konec musí být po začátku.')
    expect(wrong.body).toContain('value="2026-05-01T10:00"')
    expect((await post('/site/texts', { ...occasion, starts: 'zítra' })).body).toContain(
      'Napište den a hodinu.',
    )
    const huge = await post('/site/texts', form({ body: 'x'.repeat(200_000) }))
    expect(huge.statusCode).toBe(422)
    expect((await post('/site/texts', form({ body: 'x'.repeat(300_000) }))).statusCode).toBe(413)
  })

  it('tells who comes late that somebody saved meanwhile, and keeps the text', async () => {
    const id = idIn((await post('/site/texts', form({ title: 'Souběh' }))).headers.location)
    await post(`/site/texts/${id}/versions`, form({ base: '1', body: 'První' }))
    const late = await post(`/site/texts/${id}/versions`, form({ base: '1', body: 'Druhý, dlouho psaný' }))
    expect(late.statusCode).toBe(409)
    expect(late.body).toContain('Mezitím někdo uložil novější verzi.')
    expect(late.body).toContain('Druhý, dlouho psaný')
    expect(late.body).toContain('name="base" value="2"')
    expect((await post(`/site/texts/${id}/versions`, form({ base: '2', body: 'Druhý' }))).statusCode).toBe(
      303,
    )
  })

  it('moves and cancels an occasion, also in calendars', async () => {
    const wanted = form({
      kind: 'occasion',
      title: 'Setkání',
      starts: '2026-05-01T10:00',
      ends: '2026-05-01T12:00',
      place: 'Brno',
      occasion_kind: 'training',
    })
    const id = idIn((await post('/site/texts', wanted)).headers.location)
    expect(await visitor('/cs/akce.ics')).not.toContain('Setkání')
    const [version = ''] = versionsIn((await get(`/site/texts/${id}`)).body)
    await post(`/site/versions/${version}/publication`)
    expect(await visitor('/cs/akce/setkani')).toContain('školení')
    expect(await visitor('/cs/akce/setkani/akce.ics')).toContain('DTSTART;TZID=Europe/Prague:20260501T100000')
    await post(`/site/texts/${id}/schedule`, {
      occasion_kind: 'event',
      starts: '2026-05-02T10:00',
      ends: '2026-05-02T12:00',
      place: 'Praha',
    })
    const moved = await visitor('/en/events/setkani/event.ics')
    for (const line of ['DTSTART;TZID=Europe/Prague:20260502T100000', 'SEQUENCE:1', 'LOCATION:Praha'])
      expect(moved).toContain(line)
    await post(`/site/texts/${id}/cancellation`)
    expect(await visitor('/cs/akce.ics')).toContain('STATUS:CANCELLED')
    expect(await visitor('/cs/akce')).toContain('zrušeno')
    expect((await post(`/site/texts/${id}/cancellation`)).statusCode).toBe(409)
    expect((await post(`/site/texts/${id}/schedule`, { starts: 'x', ends: 'y' })).statusCode).toBe(422)
  })

  it('puts a page into the menus', async () => {
    const id = idIn((await post('/site/texts', form({ kind: 'page', title: 'Ke stažení' }))).headers.location)
    const [version = ''] = versionsIn((await get(`/site/texts/${id}`)).body)
    await post(`/site/versions/${version}/publication`)
    expect(await visitor('/cs')).not.toContain('/cs/ke-stazeni')
    await post(`/site/texts/${id}/place`, { menu: 'top', position: '5' })
    const body = await visitor('/cs')
    expect(body.indexOf('/cs/ke-stazeni')).toBeGreaterThan(0)
    expect(body.indexOf('/cs/ke-stazeni')).toBeLessThan(body.indexOf('/cs/akcni-plan'))
  })

  it('keeps the plan by forms, with what was typed when it refuses', async () => {
    const goal = { title_cs: 'Cíl', title_en: '', paragraph: 'čl. 1' }
    expect((await post('/site/goals', { ...goal, title_cs: '' })).statusCode).toBe(422)
    expect((await post('/site/goals', goal)).headers.location).toBe('/site/plan?said=goal')
    const { rows } = await db.engine.query<{ id: number }>('select id from plan_goals')
    const step = {
      goal: String(rows[0]?.id),
      title_cs: 'Krok',
      owner: 'hSOC-Tech',
      start: '2026-01-01',
      due: '2026-06-30',
    }
    const refused = await post('/site/actions', { ...step, due: '2025-01-01' })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('Termín musí být po začátku.')
    expect(refused.body).toContain('value="Krok"')
    await post('/site/actions', step)
    const action = (await db.engine.query<{ id: number }>('select id from plan_actions')).rows[0]?.id
    const path = `/site/actions/${action}`
    expect(await visitor('/cs/akcni-plan')).not.toContain('Krok')
    await post(`${path}/words`, { title_cs: 'Krok', owner: 'hSOC-Tech', public: '1' })
    expect(await visitor('/cs/akcni-plan')).toContain('Krok')
    const done = await post(`${path}/updates`, { status: 'done', progress: '100', text_cs: 'Máme hotovo' })
    expect(done.statusCode).toBe(422)
    expect(done.body).toContain('Hotovo vyžaduje doklad.')
    expect(done.body).toContain('Máme hotovo')
    await post(`${path}/evidence`, { kind: 'document', label_cs: 'Zápis', link: '/cs/kontakt' })
    expect((await post(`${path}/updates`, { status: 'nic', progress: '1', text_cs: 'x' })).statusCode).toBe(
      422,
    )
    expect(
      (await post(`${path}/updates`, { status: 'running', progress: 'x', text_cs: 'x' })).statusCode,
    ).toBe(422)
    await post(`${path}/dates`, { new_on: '2026-09-30', reason_cs: 'dodavatel' })
    await post(`${path}/updates`, { status: 'done', progress: '100', text_cs: 'Máme hotovo' })
    const page = await get(path)
    expect(page.body).toContain('Termín z')
    expect(await visitor('/cs/akcni-plan')).toContain('Máme hotovo')
    expect((await post(`${path}/dates`, { new_on: '2026-10-30', reason_cs: 'x' })).statusCode).toBe(409)
  })

  it('knows what changed between two texts, even when nothing is left of the first', () => {
    expect(compare('a b c', 'a x c')).toEqual([
      { kind: 'same', text: 'a ' },
      { kind: 'removed', text: 'b' },
      { kind: 'added', text: 'x' },
      { kind: 'same', text: ' c' },
    ])
    const [long, other] = ['a '.repeat(4_500), 'b\n'.repeat(4_500)]
    const both = compare(long, other)
    expect(
      both
        .filter((piece) => piece.kind !== 'added')
        .map((piece) => piece.text)
        .join(''),
    ).toBe(long)
    expect(
      both
        .filter((piece) => piece.kind !== 'removed')
        .map((piece) => piece.text)
        .join(''),
    ).toBe(other)
  })
})
