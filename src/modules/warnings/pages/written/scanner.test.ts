import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../../test/writing.ts'
import { openPages } from '../../../../app.ts'
import type { Actor } from '../../../../platform/access.ts'
import type { App } from '../../../../platform/http.ts'

const minute = 60_000

describe('the links of a mail about a written warning', () => {
  let stage: Writing
  let app: App
  beforeAll(async () => {
    stage = await openWriting()
    app = await openPages({ ...stage.context, clock: () => tuesday + minute })
  })
  beforeEach(() => stage.clear())
  afterAll(async () => {
    await app?.close()
    await stage?.close()
  })

  /** All of them, as paths of our own host. */
  const linksTo = (who: Actor): string[] => {
    const html = String(stage.to(who).at(-1)?.html ?? '')
    const hrefs = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'))
    return [...new Set(hrefs)]
      .filter((href) => href.startsWith('https://hsoc.example/'))
      .map((href) => href.slice(20))
  }
  /** Whatever an answer or a choice would change. */
  const state = async (): Promise<unknown[]> => {
    const { rows } = await stage.db.engine.query(
      `select (select jsonb_agg(a order by a.org_id) from written_asked a) as asked, (select count(*) from written_answers) as answers,
         (select jsonb_agg(c) from mail_choices c) as choices, (select count(*) from written_links where revoked_at is not null) as useless`,
    )
    return rows
  }

  it('change nothing when a scanner opens every one of them, twice', async () => {
    await stage.published()
    await stage.db.engine.query(`update deliveries set state = 'queued', reason = null where state = 'held'`)
    await stage.send(tuesday)
    const links = linksTo(stage.jana)
    expect(links.filter((link) => link.startsWith('/w/')).length).toBeGreaterThanOrEqual(5)
    const before = await state()
    for (const url of [...links, ...links])
      for (const method of ['GET', 'HEAD'] as const)
        expect((await app.inject({ method, url, headers: { accept: 'text/html' } })).statusCode).toBeLessThan(
          500,
        )
    expect(await state()).toEqual(before)
  })

  it('lead nowhere for whom a narrower label leaves out', async () => {
    const id = await stage.published({ severity: 3 })
    await stage.send(tuesday)
    const link = linksTo(stage.tomas).find((one) => one.startsWith('/w/')) ?? ''
    expect((await app.inject({ url: link })).body).toContain('faktur')
    await stage.again(
      id,
      { severity: 3, tlp: 'AMBER', audience: 'organisations', orgs: [stage.jihlava.id] },
      tuesday,
    )
    const { statusCode, body } = await app.inject({ url: link })
    expect([statusCode, body.includes('faktur')]).toEqual([410, false])
  })
})
