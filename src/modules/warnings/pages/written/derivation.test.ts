import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../../test/belongings.ts'
import { tuesday } from '../../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../../test/writing.ts'
import { openPages } from '../../../../app.ts'
import type { Actor } from '../../../../platform/access.ts'
import type { App } from '../../../../platform/http.ts'

describe('the pages of warnings that are made of others', () => {
  let stage: Writing
  let app: App
  let stop: () => Promise<void>
  const sessions = new Map<Actor, { cookie: string; csrf: string }>()
  beforeAll(async () => {
    stage = await openWriting()
    const made = contextOf(stage.db)
    app = await openPages(made.context)
    stop = made.stop
    for (const actor of [stage.jana, stage.karel, stage.kveta])
      sessions.set(actor, await cookieOf(made.context, actor))
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await stage.close()
  })

  const get = (who: Actor | null, url: string) =>
    app.inject({ url, headers: { accept: 'text/html', ...(who && { cookie: sessions.get(who)?.cookie }) } })
  const post = (who: Actor, url: string, fields: [string, string][] = []) =>
    app.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams([['_csrf', sessions.get(who)?.csrf ?? ''], ...fields]).toString(),
      headers: {
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
        cookie: sessions.get(who)?.cookie,
      },
    })

  it('lead from a warning to a draft of it, with what it may be and where it came from', async () => {
    const a = await stage.published({ tlp: 'AMBER', audience: 'organisations', orgs: [stage.jihlava.id] })
    const b = await stage.published({ tlp: 'GREEN' })
    const path = `/warnings/written/${a}`
    expect((await get(stage.kveta, path)).body).toContain(`/warnings/written/summary?source=${a}`)
    const choosing = await get(stage.kveta, `/warnings/written/summary?source=${a}&source=${b}`)
    expect(choosing.body).toContain('Nejvýš TLP:AMBER')
    const none = await post(stage.kveta, '/warnings/written/summary')
    expect(none.statusCode).toBe(422)
    const made = await post(stage.kveta, '/warnings/written/summary', [
      ['source', String(a)],
      ['source', String(b)],
    ])
    expect(made.statusCode).toBe(303)
    const editor = await get(stage.kveta, String(made.headers.location))
    expect(editor.body).toContain('Z čeho vzniklo')
    expect(editor.body).toContain('HSOC-2026-')
    expect((await get(stage.kveta, path)).body).toContain('Podvodné maily s fakturou; Podvodné maily')

    // The author of the source alone is offered to let it be wider.
    const grant: [string, string][] = [
      ['tlp', 'GREEN'],
      ['audience', 'all_members'],
    ]
    expect((await get(stage.kveta, path)).body).not.toContain('Povolit širší okruh odvozeným')
    expect((await post(stage.kveta, `${path}/grant`, grant)).statusCode).toBe(403)
    expect((await get(stage.karel, path)).body).toContain('Povolit širší okruh odvozeným')
    expect((await post(stage.karel, `${path}/grant`, [['tlp', 'GREEN']])).statusCode).toBe(422)
    expect((await post(stage.karel, `${path}/grant`, grant)).headers.location).toBe(`${path}?said=granted`)
    expect((await get(stage.kveta, `${path}?said=granted`)).body).toContain('smějí mít až TLP:GREEN')
    expect((await get(stage.kveta, String(made.headers.location))).body).toContain('Nejvýš TLP:GREEN')

    await stage.again(a, { tlp: 'AMBER', audience: 'coordinators' }, tuesday + 3_600_000)
    const edit = String(made.headers.location).replace(/\?.*/, '')
    const draft = edit.replace('/edit', '')
    expect((await get(stage.kveta, edit)).body).toContain('Je širší, než dnes dovolují jeho zdroje')
    expect((await post(stage.kveta, `${draft}/sources`)).statusCode).toBe(303)
    expect((await post(stage.kveta, `${draft}/sources`)).statusCode).toBe(409)
  })

  it('are for coordinators alone', async () => {
    const a = await stage.published({ tlp: 'GREEN' })
    for (const word of ['Z čeho vzniklo', 'Varování z tohoto varování'])
      expect((await get(stage.jana, `/warnings/written/${a}`)).body).not.toContain(word)
    expect((await get(stage.jana, '/warnings/written/summary')).statusCode).toBe(403)
    expect((await get(null, '/warnings/written/summary')).statusCode).not.toBe(200)
    const source: [string, string][] = [['source', String(a)]]
    for (const url of [
      '/warnings/written/summary',
      `/warnings/written/${a}/sources`,
      `/warnings/written/${a}/grant`,
    ])
      expect((await post(stage.jana, url, source)).statusCode).toBe(403)
    for (const odd of ['x', '-1', '9'.repeat(30), '999999999999', ''])
      expect((await get(stage.karel, `/warnings/written/summary?source=${odd}`)).statusCode).toBeLessThan(500)
    const many = Array.from({ length: 3_000 }, (_, i): [string, string] => ['source', String(i)])
    expect((await post(stage.karel, '/warnings/written/summary', many)).statusCode).toBeLessThan(500)
  })
})
