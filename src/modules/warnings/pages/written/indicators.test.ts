import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../../../test/harness.ts'
import { seenIn } from '../../../../../test/seen.ts'
import { openPagesStage, type PagesStage, textOf, type Visitor } from '../../../../../test/warning-pages.ts'
import { draftOf } from '../../../../../test/writing.ts'
import { create } from '../../written/edit.ts'

describe('choosing indicators on a page', () => {
  let stage: PagesStage
  let author: Visitor
  let approver: Visitor
  let path: string
  beforeAll(async () => {
    stage = await openPagesStage()
    author = await stage.as(stage.people.coordinator)
    approver = await stage.as(await addPerson(stage.db, 'Druhá Koordinátorka', [['coordinator', null]]))
    const { cs } = draftOf().texts
    const texts = {
      ...draftOf().texts,
      cs: { ...cs, happened: 'Maily vedou na hxxp://evil[.]example/a.\nNaše síť je 192.0.2.0/25.' },
    }
    path = `/warnings/written/${await create(stage.db, stage.people.coordinator, draftOf({ texts }), tuesday)}`
  })
  afterAll(() => stage?.close())

  const seen = async () => seenIn((await author.get(`${path}/indicators`)).body, 'indicators')

  it('offers what stands in the text and says why the rest cannot be taken', async () => {
    expect(textOf((await author.get(`${path}/edit`)).body)).toContain('V textu jsou 2 nevybrané indikátory')
    const { body } = await author.get(`${path}/indicators`)
    expect(body).toContain('name="take" value="http://evil.example/a"')
    expect(body).not.toContain('value="192.0.2.0/25"')
    const text = textOf(body)
    expect(text).toContain('Co se stalo (česky), řádek 2:')
    expect(text).toContain('Patří do rozsahů a domén, které má zaregistrované Nemocnice Horní Výmysl.')
    expect(text).toContain('Výstražné seznamy tu nejsou nahrané.')
  })

  it('finds more in what is pasted, keeping what was ticked, and shows hostile text as text', async () => {
    const pasted = '203.0.113[.]66\n<script>alert(1)</script> zly.example'
    const { body, status } = await author.post(`${path}/indicators`, {
      deed: 'find',
      take: 'http://evil.example/a',
      pasted,
    })
    expect(status).toBe(200)
    expect(body).toContain('value="203.0.113.66"')
    expect(body).toContain('value="zly.example"')
    expect(body).toMatch(/value="http:\/\/evil.example\/a" checked/)
    expect(body).not.toContain('<script>alert')
    expect((await author.get(`${path}/indicators`)).body).not.toContain('zly.example')
  })

  it('refuses what is too long or must not be taken, and keeps nothing of it', async () => {
    const long = await author.post(`${path}/indicators`, { deed: 'find', pasted: 'a '.repeat(30_000) })
    expect([long.status, textOf(long.body)]).toEqual([422, expect.stringContaining('nejvýš 50')])
    const own = await author.post(`${path}/indicators`, {
      deed: 'keep',
      seen: await seen(),
      take: '192.0.2.7',
    })
    expect(own.status).toBe(422)
    expect(textOf(own.body)).toContain('Něco z vybraného se blokovat nesmí')
    const none = await author.post(`${path}/indicators`, { deed: 'keep', seen: await seen(), take: 'nic' })
    expect(none.status).toBe(422)
    expect(textOf((await author.get(`${path}/edit`)).body)).not.toContain('čeká na potvrzení')
  })

  it('gives machines what was taken once the warning is out', async () => {
    const kept = await author.post(`${path}/indicators`, {
      deed: 'keep',
      seen: await seen(),
      take: 'hxxp://evil[.]example/a',
    })
    expect(kept.location).toBe(`${path}/indicators?said=kept`)
    expect(textOf((await author.get(kept.location)).body)).toContain('Uložen 1 indikátor.')
    expect(textOf((await author.get(`${path}/edit`)).body)).toContain('čeká na potvrzení')
    await author.post(`${path}/review`)
    expect((await author.get(`${path}/indicators`)).status).toBe(409)
    const read = await approver.get(`${path}/edit`)
    expect(textOf(read.body)).toContain('http://evil.example/a')
    expect(
      (await approver.post(`${path}/publication`, { seen: seenIn(read.body, 'publication') })).status,
    ).toBe(303)
    const reader = await stage.as(stage.people.admin)
    const { body } = await reader.get(path)
    expect(textOf(body)).toContain('potvrzeno, platí do')
    expect(body).not.toContain('href="http://evil.example')
    const one = JSON.parse(
      (await reader.api('GET', `/api/v1${path.replace('/warnings/written', '/written-warnings')}`)).body,
    )
    expect(one.indicators).toEqual([
      { kind: 'url', value: 'http://evil.example/a', valid_until: expect.any(String) },
    ])
    const all = JSON.parse((await reader.api('GET', '/api/v1/written-warnings')).body)
    expect(all.warnings[0].indicators).toEqual(one.indicators)
  })

  it('does not keep a choice over one that its author has not seen', async () => {
    const other = `/warnings/written/${await create(stage.db, stage.people.coordinator, draftOf(), tuesday)}`
    const before = seenIn((await author.get(`${other}/indicators`)).body, 'indicators')
    const first = await approver.post(`${other}/indicators`, {
      deed: 'keep',
      seen: before,
      take: 'evil.example',
    })
    expect(first.status).toBe(303)
    const second = await author.post(`${other}/indicators`, {
      deed: 'keep',
      seen: before,
      take: 'zly.example',
    })
    expect([second.status, textOf(second.body)]).toEqual([
      409,
      expect.stringContaining('Mezitím někdo výběr změnil'),
    ])
    expect(second.body).toMatch(/value="zly.example" checked/)
    expect(textOf((await author.get(`${other}/edit`)).body)).toContain('evil.example')
  })

  it('is nobody’s but coordinators’', async () => {
    for (const who of [stage.people.admin, stage.people.operator])
      expect((await (await stage.as(who)).get(`${path}/indicators`)).status).toBeGreaterThanOrEqual(403)
    expect((await author.get('/warnings/written/999999/indicators')).status).toBe(404)
  })
})
