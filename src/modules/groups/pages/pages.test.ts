import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { contextOf, cookieOf } from '../../../../test/belongings.ts'
import { type GroupStage, openGroupStage } from '../../../../test/groups-stage.ts'
import { openPages } from '../../../app.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { App } from '../../../platform/http.ts'

let stage: GroupStage
let app: App
let context: Context
let stop: () => Promise<void>
beforeAll(async () => {
  stage = await openGroupStage()
  const opened = contextOf(stage.db, () => stage.now)
  context = opened.context
  stop = opened.stop
  app = await openPages(context)
})
afterAll(async () => {
  await app?.close()
  await stop?.()
  await stage.db.drop()
})

async function get(who: Actor | null, url: string, lang = 'cs') {
  const cookie = who ? (await cookieOf(context, who)).cookie.replace('lang=cs', `lang=${lang}`) : ''
  return app.inject({ url, headers: { accept: 'text/html', cookie } })
}
async function post(who: Actor, url: string, fields: Record<string, string>) {
  const { cookie, csrf } = await cookieOf(context, who)
  return app.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams({ _csrf: csrf, ...fields }).toString(),
    headers: { accept: 'text/html', cookie, 'content-type': 'application/x-www-form-urlencoded' },
  })
}

describe('the pages of groups', () => {
  it('say where one sits, what one may join, and why not the rest', async () => {
    const { dana, karel } = stage.people
    const own = (await get(dana, '/groups')).body
    expect(own.indexOf('Vaše skupiny')).toBeLessThan(own.indexOf('hSOC-Emergency'))
    expect(own).toContain('Vaše místo: Nemocnice Lipová, z role.')
    expect(own.indexOf('Kam se můžete přidat')).toBeLessThan(own.indexOf('hSOC-Tech'))
    expect(own.indexOf('Další skupiny')).toBeLessThan(own.indexOf('hSOC-Man'))
    expect(own).toMatch(/pověřenec pro ochranu osobních údajů, vedení a\s+zástupce organizace/)
    expect(own).not.toContain('/groups/new')
    const all = (await get(karel, '/groups', 'en')).body
    expect(all).toContain('<a href="/groups/hsoc-emergency/coverage">0 organisations of 2 are missing</a>')
  })

  it('take a request, show it to who decides, and let the person in', async () => {
    const { jana, karel, dana } = stage.people
    const asked = await post(jana, '/groups/hsoc-tech/seat', {
      org: String(stage.lipova.id),
      reason: 'Starám se o <síť>.',
    })
    expect(asked.headers.location).toBe('/groups/hsoc-tech?done=joined')
    expect((await get(jana, '/groups/hsoc-tech')).body).toContain('Čekáte na rozhodnutí: Nemocnice Lipová.')
    expect((await get(dana, '/groups/hsoc-tech')).body).not.toContain('Starám se')
    const seat = await stage.waits()
    expect(
      (await post(dana, `/groups/hsoc-tech/requests/${seat}/acceptance`, { reason: '' })).statusCode,
    ).toBe(403)
    const page = (await get(karel, '/groups/hsoc-tech')).body
    expect(page).toContain('Starám se o &lt;síť>.')
    expect((await get(karel, '/groups')).body).toContain('1 žádost čeká na rozhodnutí')
    expect(
      (await post(karel, `/groups/hsoc-tech/requests/${seat}/acceptance`, { reason: '' })).statusCode,
    ).toBe(303)
    const again = await post(karel, `/groups/hsoc-tech/requests/${seat}/refusal`, { reason: '' })
    expect([again.statusCode, again.body.includes('To už nejde')]).toEqual([409, true])
  })

  it('show who sits there to those who sit there, without addresses, and manage them only to who leads', async () => {
    const { jana, dana, karel } = stage.people
    const own = (await get(jana, '/groups/hsoc-tech')).body
    expect(own).toContain('Nemocnice Lipová')
    expect(own).not.toContain('@')
    expect(own).not.toContain('id="invitations"')
    expect((await get(dana, '/groups/hsoc-tech')).body).toContain(
      'Kdo tu sedí, vidí jen ti, kdo tu sedí také.',
    )
    const one = `/groups/hsoc-tech/members/${jana.person}`
    expect((await get(jana, one)).statusCode).toBe(403)
    expect((await get(karel, one)).statusCode).toBe(200)
    expect((await get(karel, `/groups/hsoc-tech/members/${dana.person}`)).statusCode).toBe(404)
    expect((await post(karel, `${one}/moderator`, {})).statusCode).toBe(303)
    expect((await get(jana, '/groups/hsoc-tech')).body).toContain('id="invitations"')
    const last = await post(jana, `${one}/moderator/withdrawal`, {})
    expect([last.statusCode, last.body.includes('Nejdřív jmenujte dalšího')]).toEqual([409, true])
  })

  it('keep what was typed when it is refused', async () => {
    const { karel } = stage.people
    const given = {
      email: 'nikdo@nikde.example',
      organisation: 'Nemocnice Neznámá',
      reason: 'Úřad',
      until: '2030-01-01',
    }
    const refused = await post(karel, '/groups/hsoc-man/seats', given)
    expect(refused.statusCode).toBe(422)
    for (const part of [
      'nikdo@nikde.example',
      'Nemocnice Neznámá',
      'Organizace tohoto jména v registru není.',
    ])
      expect(refused.body).toContain(part)
    const wrong = await post(karel, '/groups', {
      slug: 'x',
      name: '',
      purposeCs: '<b>Účel</b>',
      joining: 'rule',
      tlpMax: 'RED',
    })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('&lt;b>Účel&lt;/b>')
  })

  it('refuse what no form of ours sends, and lose nothing', async () => {
    const { karel, jana } = stage.people
    const answers = await Promise.all([
      post(karel, '/groups', { name: 'x'.repeat(100_000) }),
      post(karel, '/groups', { name: 'a\0b', slug: 'nic', purposeCs: 'x', joining: 'open', tlpMax: 'GREEN' }),
      post(jana, '/groups/hsoc-tech/seat', { org: 'x' }),
      post(jana, '/groups/hsoc-tech/seat', { org: '99999999999' }),
      post(jana, '/groups/hsoc-tech/seat', {}),
      post(jana, '/groups/hsoc-tech/delivery', { delivery: 'fax' }),
      get(karel, '/groups/hsoc-tech?q=%00&after=x-y'),
      get(karel, '/groups/hsoc-tech?q=%25_%5C'),
      get(karel, '/groups/organisations?after=-1&q=%00'),
      get(karel, `/groups/${'a'.repeat(300)}`),
      get(karel, '/groups/%00'),
      get(karel, '/groups/hsoc-tech/members/0'),
    ])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([
      422, 422, 422, 422, 422, 422, 200, 200, 200, 404, 404, 404,
    ])
  })

  it('page and search a long list of members', async () => {
    const { karel } = stage.people
    await stage.db.engine.query(
      `with made as (insert into people (email, name, created_at) select 'm' || n || '@people.example', 'Člen ' || lpad(n::text, 3, '0'), now()
         from generate_series(1, 130) n returning id)
       insert into engagements (person_id, org_id, role, valid_from) select id, $1, 'duty', 'epoch' from made`,
      [stage.habrova.id],
    )
    const seen: string[] = []
    let url: string | undefined = '/groups/hsoc-emergency'
    for (let pages = 0; url && pages < 6; pages++) {
      const { body } = await get(karel, url)
      seen.push(...[...body.matchAll(/>(Člen \d+)</g)].map((match) => match[1] ?? ''))
      url = /rel="next" href="([^"#]+)/.exec(body)?.[1]?.replaceAll('&amp;', '&')
    }
    expect([seen.length, new Set(seen).size]).toEqual([130, 130])
    expect(seen).toEqual([...seen].sort())
    const found = (await get(karel, '/groups/hsoc-emergency?q=clen+07')).body
    expect([...found.matchAll(/>(Člen \d+)</g)].length).toBe(10)
  })

  it('show coordinators three sets of organisations, each counted from its own rows', async () => {
    const { karel, jana } = stage.people
    const { body } = await get(karel, '/groups/organisations')
    expect(body.replace(/\s+/g, ' ')).toMatch(/2<\/a><\/p>.*0<\/a><\/p>.*2<\/a><\/p>/)
    expect(body).toContain('href="/groups/hsoc-emergency?q=Nemocnice+Habrov%C3%A1#members"')
    expect((await get(jana, '/groups/organisations')).statusCode).toBe(403)
    await stage.db.engine.query(`update organisations set status = 'participant' where id = $1`, [
      stage.dubova.id,
    ])
    const missing = (await get(karel, '/groups/hsoc-emergency/coverage')).body
    expect(missing).toContain('Nemocnice Dubová')
    expect(missing).not.toContain('Nemocnice Lipová')
  })

  it('tell the public what a group is for and how to join, and nothing of people', async () => {
    for (const [url, part] of [
      ['/cs/skupiny', 'organizací &lt; 5'],
      ['/en/groups', 'organisations &lt; 5'],
    ] as const) {
      const { body, statusCode } = await get(null, url)
      expect(statusCode).toBe(200)
      for (const name of ['hSOC-Tech', 'hSOC-Emergency', 'hSOC-Man', 'hSOC-HR', part])
        expect(body).toContain(name)
      for (const secret of ['Jana', 'Dana', 'Lipová', '@people.example', 'Člen 0'])
        expect(body).not.toContain(secret)
    }
    // Of hSOC-Emergency there are enough people to be counted: the two of the stage and those of the long list.
    expect((await get(null, '/cs/skupiny')).body).toContain('132 lidí')
    await stage.as(stage.people.karel, (tx) => tx.query('update groups set public = false where id = 1'))
    // The page is kept as drawn until its node has heard of the change.
    await vi.waitFor(async () => {
      expect((await get(null, '/cs/skupiny')).body).not.toContain('hSOC-Tech')
    }, 10_000)
  })
})
