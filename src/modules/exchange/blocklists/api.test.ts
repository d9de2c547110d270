import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieOf } from '../../../../test/belongings.ts'
import { campaign, openStage, type Stage } from '../../../../test/blocklist-stage.ts'
import { addPerson } from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { addKey } from '../../members/keys.ts'

describe('blocklists for programs', () => {
  let stage: Stage
  let duty: Actor
  let key: string
  let central: string
  let foreign: string

  beforeAll(async () => {
    stage = await openStage()
    duty = await addPerson(stage.db, 'Petr Dub', [['duty', stage.lipova]])
    const keyWith = async (org: number | null, scopes: string[]) =>
      (
        await asEngine(stage.db, (tx) =>
          addKey(tx, { org, label: 'SIEM', scopes, days: 30 }, stage.karel, stage.now),
        )
      ).key
    key = await keyWith(stage.lipova.id, ['warnings.read'])
    central = await keyWith(null, ['warnings.read'])
    foreign = await keyWith(stage.bukova.id, ['warnings.read'])
  })
  afterAll(() => stage.close())

  type Who = Actor | string | null
  const ask = async (who: Who, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => {
    const signed = who && typeof who !== 'string' ? await cookieOf(stage.context, who) : null
    const answer = await stage.app.inject({
      ...{ method, url: `/api/v1/blocklists/${path}` },
      headers: {
        ...(typeof who === 'string' ? { authorization: `Bearer ${who}` } : {}),
        ...(signed ? { cookie: signed.cookie, 'x-csrf-token': signed.csrf } : {}),
      },
      ...(body === undefined ? {} : { payload: body as object }),
    })
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }
  const own = (path: string) => `${stage.lipova.id}/${path}`
  /** Nobody else changes them, and none is told that they are there who may not know. */
  const refused = async (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => {
    for (const [who, status] of [
      [stage.bara, 404],
      [stage.karel, 403],
      [key, 403],
      [central, 403],
      [null, 401],
    ] as const)
      expect([path, (await ask(who, method, path, body)).status]).toEqual([path, status])
  }

  it('tell choices, exceptions and firewalls to their organisation, its keys and the coordinators alone', async () => {
    for (const part of ['choices', 'exceptions', 'firewalls'])
      for (const [who, status] of [
        [stage.jana, 200],
        [duty, 200],
        [stage.karel, 200],
        [key, 200],
        [central, 200],
        [stage.bara, 404],
        [foreign, 404],
        [null, 401],
      ] as const)
        expect([part, (await ask(who, 'GET', own(part))).status]).toEqual([part, status])
    expect((await ask(stage.jana, 'GET', '999999/choices')).status).toBe(404)
    expect((await ask(stage.jana, 'GET', 'x/choices')).status).toBe(422)
  })

  it('take choices from who keeps them', async () => {
    const wanted = { kinds: ['net', 'ip'], sources: ['campaign'], confidence: 2, max_days: 30 }
    const kept = await ask(stage.jana, 'PUT', own('choices'), wanted)
    expect([kept.status, kept.body]).toEqual([200, { ...wanted, kinds: ['ip', 'net'] }])
    expect((await ask(key, 'GET', own('choices'))).body).toEqual(kept.body)
    await refused('PUT', own('choices'), wanted)
    expect((await ask(duty, 'PUT', own('choices'), wanted)).status).toBe(403)
    for (const wrong of [
      { kinds: ['email'] },
      { sources: Array.from({ length: 9 }, () => 'campaign') },
      { confidence: 3 },
      { max_days: 0 },
      { max_days: 1.5 },
      { max_days: null },
    ])
      expect([wrong, (await ask(stage.jana, 'PUT', own('choices'), { ...wanted, ...wrong })).status]).toEqual(
        [wrong, 422],
      )
    expect((await ask(stage.jana, 'PUT', own('choices'))).status).toBeGreaterThanOrEqual(400)
  })

  it('add firewalls with a key, give them a new one, and revoke it', async () => {
    const wanted = { label: 'FortiGate', days: 365 }
    const made = await ask(stage.jana, 'POST', own('firewalls'), wanted)
    expect([made.status, made.body.key]).toEqual([201, expect.stringMatching(/^hse_/)])
    const one = own(`firewalls/${made.body.id}`)
    await refused('POST', own('firewalls'), wanted)
    await refused('POST', `${one}/rotation`)
    await refused('DELETE', one)
    expect((await ask(duty, 'POST', own('firewalls'), wanted)).status).toBe(403)
    expect((await ask(stage.jana, 'POST', own('firewalls'), { label: ' ', days: 7 })).body.fields).toEqual({
      ...{ label: 'label', days: 'days' },
    })
    expect(
      (await ask(stage.jana, 'POST', own('firewalls'), { ...wanted, label: 'x'.repeat(201) })).status,
    ).toBe(422)
    const rotated = await ask(stage.jana, 'POST', `${one}/rotation`)
    expect([rotated.status, rotated.body.key === made.body.key]).toEqual([201, false])
    const { body } = await ask(key, 'GET', own('firewalls'))
    expect(body.firewalls).toMatchObject([{ ...{ id: made.body.id, label: 'FortiGate' }, active: true }])
    expect(JSON.stringify(body)).not.toMatch(/hse_|Jana/)
    expect((await ask(stage.jana, 'DELETE', one)).status).toBe(204)
    expect((await ask(stage.jana, 'DELETE', one)).status).toBe(409)
    expect((await ask(stage.jana, 'DELETE', own('firewalls/999999'))).status).toBe(404)
    expect((await ask(key, 'GET', own('firewalls'))).body.firewalls).toMatchObject([{ active: false }])
    // Whoever signed in long ago proves it first.
    const { cookie, csrf } = await cookieOf(stage.context, stage.jana)
    stage.now += 3_600_000
    const stale = await stage.app.inject({
      ...{ method: 'POST', url: `/api/v1/blocklists/${own('firewalls')}`, payload: wanted },
      headers: { cookie, 'x-csrf-token': csrf },
    })
    expect(stale.statusCode).toBe(403)
  })

  it('let values through and report them, with what others have of it', async () => {
    await asEngine(stage.db, (tx) => tx.query('delete from blocklist_choices'))
    await stage.firewall(stage.lipova, stage.jana)
    await stage.firewall(stage.bukova, stage.bara)
    await campaign(stage, [
      { source: '203.0.113.7', at: [stage.lipova, stage.bukova] },
      { source: '203.0.113.9', at: [stage.lipova, stage.bukova] },
    ])
    await stage.work()
    const path = own('exceptions')
    const made = await ask(stage.jana, 'POST', path, { value: '203.0.113[.]9', reason: 'Náš partner.' })
    expect([made.status, made.body]).toEqual([
      201,
      { kind: 'ip', value: '203.0.113.9', gone: 1, others: 'alone' },
    ])
    const broke = { value: '203.0.113.7', broke: true }
    expect((await ask(duty, 'POST', path, broke)).body).toMatchObject({ gone: 1, others: 'alone' })
    expect((await ask(duty, 'POST', path, { value: '203.0.113.9' })).status).toBe(403)
    expect((await ask(stage.bara, 'POST', `${stage.bukova.id}/exceptions`, broke)).body).toMatchObject({
      others: 'withdrawn',
    })
    const { body } = await ask(key, 'GET', path)
    expect(body.exceptions).toMatchObject([
      { value: '203.0.113.7', broke: true },
      { value: '203.0.113.9', broke: false, reason: 'Náš partner.', firewall: null },
    ])
    expect(JSON.stringify(body)).not.toMatch(/Jana|Petr/)
    for (const [wrong, field] of [
      [{ value: '203.0.113.77', broke: true }, { value: 'absent' }],
      [{ value: '0.0.0.0/0', broke: true }, { value: 'wide' }],
      [{ value: 'x y' }, { value: 'value' }],
    ] as const) {
      const answer = await ask(stage.jana, 'POST', path, wrong)
      expect([answer.status, answer.body.fields]).toEqual([422, field])
    }
    for (const wrong of [
      {},
      { value: 7 },
      { value: 'x'.repeat(4_097) },
      { value: '203.0.113.9', broke: 'yes' },
    ])
      expect((await ask(stage.jana, 'POST', path, wrong)).status).toBe(422)
    await refused('POST', path, { value: '203.0.113.9' })
    const one = `${path}/${body.exceptions[1].id}`
    await refused('DELETE', one)
    expect((await ask(duty, 'DELETE', one)).status).toBe(403)
    expect((await ask(stage.jana, 'DELETE', one)).status).toBe(204)
    expect((await ask(stage.jana, 'DELETE', one)).status).toBe(409)
    expect((await ask(stage.jana, 'DELETE', `${path}/999999`)).status).toBe(404)
  })
})
