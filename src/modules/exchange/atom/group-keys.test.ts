import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cookieOf } from '../../../../test/belongings.ts'
import { basic, bearer, type Exchange, openExchange } from '../../../../test/exchange-stage.ts'
import { tuesday } from '../../../../test/harness.ts'
import { draftOf } from '../../../../test/writing.ts'
import type { Actor } from '../../../platform/access.ts'
import { withoutSecrets } from '../../../platform/log.ts'
import type { Draft } from '../../warnings/written/types.ts'

const hour = 3_600_000

describe('the key of a group', () => {
  let x: Exchange
  let group = 0
  let other = 0
  beforeAll(async () => {
    x = await openExchange()
  }, 60_000)
  afterAll(() => x.close())
  beforeEach(async () => {
    await x.stage.clear()
    x.at(tuesday + 9 * hour)
    const { db } = x.stage
    await db.engine.query('update group_keys set revoked_at = made_at where revoked_at is null')
    await db.engine.query(
      `update groups set closed_at = created_at, slug = slug || '-' || id, name = name || ' ' || id`,
    )
    group = await begun('technici')
    other = await begun('manazeri')
    await seat(group, x.stage.jana)
    await leads(group, x.stage.jana)
    await seat(group, x.stage.tomas)
  })

  const begun = async (slug: string): Promise<number> => {
    const { rows } = await x.stage.db.engine.query<{ id: number }>(
      `insert into groups (slug, name, purpose_cs, joining, tlp_max, public, created_at, changed_at)
       values ($1, $1, 'x', 'closed', 'AMBER+STRICT', true, $2, $2) returning id`,
      [slug, new Date(tuesday)],
    )
    return rows[0]?.id ?? 0
  }
  const orgOf = (who: Actor): number => who.engagements[0]?.org ?? 0
  const seat = (id: number, who: Actor) =>
    x.stage.db.engine.query(
      `insert into seats (group_id, person_id, org_id, way, state, reason, given_by, since, ends_at)
       values ($1, $2, $3, 'manual', 'held', 'x', $2, $4::timestamptz - interval '1 day', $4::timestamptz + interval '100 days')`,
      [id, who.person, orgOf(who), new Date(tuesday)],
    )
  const leads = (id: number, who: Actor) =>
    x.stage.db.engine.query(
      'insert into group_moderators (group_id, person_id, org_id, appointed_by, appointed_at) values ($1, $2, $3, $2, $4)',
      [id, who.person, orgOf(who), new Date(tuesday)],
    )
  const form = async (who: Actor | null, url: string, fields: Record<string, string> = {}) => {
    const { cookie, csrf } = who ? await cookieOf(x.context, who) : { cookie: '', csrf: '' }
    return x.app.inject({
      method: 'POST',
      url,
      headers: { cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ ...fields, _csrf: csrf }).toString(),
    })
  }
  const keys = '/feeds/groups/technici/keys'
  const make = async (who = x.stage.jana, url = keys): Promise<string> =>
    /hsg_[\w-]{20,}/.exec((await form(who, url, { label: 'Čtečka', days: '90' })).body)?.[0] ?? ''
  const feed = '/feeds/group.atom'
  const status = async (key: string): Promise<number> => (await x.get(feed, basic(key))).statusCode
  const sent = (more: Partial<Draft>, happened: string, now: number): Promise<number> =>
    x.stage.published(
      {
        ...{ audience: 'group', group, tlp: 'AMBER', ...more },
        texts: { ...draftOf().texts, cs: { ...draftOf().texts.cs, happened } },
      },
      now,
    )

  it('opens what its group was sent and nothing else: no other group, no organisation, nothing strict', async () => {
    const key = await make()
    await sent({}, 'oranžové', tuesday)
    await sent({ tlp: 'GREEN' }, 'zelené', tuesday + 1)
    await sent({ tlp: 'AMBER+STRICT' }, 'přísné', tuesday + 2)
    await sent({ group: other }, 'cizí', tuesday + 3)
    await sent({ audience: 'all_members', group: null }, 'všem', tuesday + 4)
    await sent({ audience: 'public', group: null, tlp: 'CLEAR' }, 'veřejné', tuesday + 5)
    for (const answer of [
      await x.get(feed, basic(key)),
      await x.get(feed, bearer(key)),
      await x.get(`/feeds/g/${key}/group.atom`),
    ]) {
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([
        200,
        'application/atom+xml; charset=utf-8',
      ])
      expect(answer.body.match(/oranžové|zelené|přísné|cizí|všem|veřejné/g)?.sort()).toEqual([
        'oranžové',
        'zelené',
      ])
      expect(answer.body).not.toContain(key)
    }
    const { etag } = (await x.get(feed, basic(key))).headers
    expect((await x.get(feed, { ...basic(key), 'if-none-match': String(etag) })).statusCode).toBe(304)
    for (const url of [
      '/feeds/warnings.atom',
      '/api/v1/warnings',
      '/api/v1/session',
      '/csaf/protected/',
      '/groups',
    ])
      expect([url, (await x.get(url, bearer(key))).statusCode]).not.toEqual([url, 200])
    expect((await x.get(`/feeds/k/${key}/warnings.atom`)).statusCode).toBe(401)
    const organisations = await x.key(x.stage.jihlava, ['atom', 'strict'])
    expect(await status(organisations)).toBe(401)
    expect(withoutSecrets(`GET /feeds/g/${key}/group.atom`)).toBe('GET /feeds/g/***/group.atom')
  })

  it('carries that a warning was narrowed or revoked', async () => {
    const key = await make()
    const id = await sent({}, 'první', tuesday)
    await x.stage.again(id, { audience: 'group', group, tlp: 'AMBER+STRICT' }, tuesday + hour)
    const narrowed = (await x.get(feed, basic(key))).body
    expect([narrowed.includes('ZRUŠENO:'), narrowed.includes('první')]).toEqual([true, false])
    const second = await sent({}, 'druhé', tuesday + hour)
    await x.revoked(second, 'Omyl.', tuesday + 2 * hour)
    const revoked = (await x.get(feed, basic(key))).body
    expect([revoked.includes('Omyl.'), revoked.includes('druhé')]).toEqual([true, false])
  })

  it('is made, seen and revoked by who leads the group, and by nobody else', async () => {
    const { jana, tomas, karel } = x.stage
    const key = await make()
    expect(await status(key)).toBe(200)
    const page = async (who: Actor | null, url = keys) =>
      x.get(url, { accept: 'text/html', ...(who ? { cookie: (await cookieOf(x.context, who)).cookie } : {}) })
    const shown = await page(jana)
    expect([shown.statusCode, shown.body.includes('Čtečka'), shown.body.includes(key)]).toEqual([
      200,
      true,
      false,
    ])
    expect((await page(karel)).statusCode).toBe(200)
    const id = /keys\/(\d+)\/revocation/.exec(shown.body)?.[1]
    for (const [who, url] of [
      [tomas, keys],
      [jana, '/feeds/groups/manazeri/keys'],
      [jana, '/feeds/groups/nic/keys'],
    ] as const) {
      expect((await page(who, url)).statusCode).toBe(404)
      expect((await form(who, url, { label: 'x', days: '90' })).statusCode).toBe(404)
      expect((await form(who, `${url}/${id}/revocation`)).statusCode).toBe(404)
    }
    // The number of another group's key leads to nothing from one's own.
    const foreign = await make(karel, '/feeds/groups/manazeri/keys')
    const { rows } = await x.stage.db.engine.query<{ id: number }>('select max(id) as id from group_keys')
    expect((await form(jana, `${keys}/${rows[0]?.id}/revocation`)).statusCode).toBe(404)
    expect(await status(foreign)).toBe(200)
    expect((await page(null)).statusCode).not.toBe(200)
    expect((await page(jana, '/feeds')).body).toContain(keys)
    expect((await page(tomas, '/feeds')).body).not.toContain(keys)
    expect((await form(jana, `${keys}/${id}/revocation`)).statusCode).toBe(303)
    expect((await form(jana, `${keys}/${id}/revocation`)).statusCode).toBe(404)
    expect(await status(key)).toBe(401)
    for (const wrong of [
      { label: '', days: '90' },
      { label: 'x'.repeat(61), days: '90' },
      { label: 'a\u0007', days: '90' },
      { label: 'x', days: '9000' },
      { label: 'x', days: '' },
    ])
      expect((await form(jana, keys, wrong)).statusCode).toBe(422)
  })

  it('is dead when its maker leaves or leads no more, the group closes, or it is over', async () => {
    const { db, jana, karel } = x.stage
    const alive = async (): Promise<string> => {
      const key = await make()
      expect(await status(key)).toBe(200)
      return key
    }
    const dies = async (sql: string, values: unknown[], back: string): Promise<void> => {
      const key = await alive()
      await db.engine.query(sql, values)
      expect([sql, await status(key)]).toEqual([sql, 401])
      await db.engine.query(back, values)
      expect([back, await status(key)]).toEqual([back, 200])
    }
    const then = new Date(tuesday)
    await dies(
      'update group_moderators set ended_at = $2 where person_id = $1',
      [jana.person, then],
      'update group_moderators set ended_at = null where person_id = $1 and $2::timestamptz is not null',
    )
    await dies(
      `update people set disabled_at = $2 where id = $1`,
      [jana.person, then],
      'update people set disabled_at = null where id = $1 and $2::timestamptz is not null',
    )
    await dies(
      'update groups set closed_at = $2 where id = $1',
      [group, then],
      'update groups set closed_at = null where id = $1 and $2::timestamptz is not null',
    )
    const centrals = await make(karel)
    const key = await alive()
    await db.engine.query('update engagements set valid_to = $2 where person_id = $1', [jana.person, then])
    expect([await status(key), await status(centrals)]).toEqual([401, 200])
    x.at(tuesday + 91 * 24 * hour)
    expect(await status(centrals)).toBe(401)
  })

  it('is no better than none when it is odd', async () => {
    for (const shown of ['hsg_', 'hsg_unknown', `hsg_${'a'.repeat(500)}`, 'hsk_x', '', "hsg_'--"]) {
      const answer = await x.get(feed, shown === '' ? {} : basic(shown))
      expect([shown, answer.statusCode, answer.headers['www-authenticate']?.length]).toEqual([shown, 401, 2])
    }
    for (const url of [
      '/feeds/g/%00/group.atom',
      '/feeds/g/..%2f..%2fx/group.atom',
      '/feeds/g/hsg_x/group.atom',
    ])
      expect((await x.get(url)).statusCode).toBe(401)
  })
})
