import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { campaign, openStage, type Stage } from '../../../../test/blocklist-stage.ts'
import { asEngine } from '../../../platform/database.ts'
import { enter } from './decide.ts'

describe('the pages of blocklists', () => {
  let stage: Stage
  const path = () => `/blocklists/${stage.lipova.id}`

  beforeAll(async () => {
    stage = await openStage()
    await campaign(stage, [{ source: '203.0.113.7', at: [stage.lipova, stage.bukova] }])
    await stage.work()
  })
  afterAll(() => stage.close())

  it('an administrator adds a firewall, sees its key once, and what it fetched when', async () => {
    const { jana, bara } = stage
    expect((await stage.get(jana, path())).body).toContain('Zatím si seznamy nestahuje žádný firewall')
    const made = await stage.post(jana, `${path()}/firewalls`, {
      label: 'FortiGate v serverovně',
      days: '365',
    })
    expect(made.status).toBe(200)
    const key = /hse_[\w-]+/.exec(made.body)?.[0] ?? ''
    await stage.work()
    expect(await stage.list(key)).toBe('203.0.113.7\n')
    const fetched = async () => (await stage.get(jana, `${path()}/firewalls/1`)).body
    await expect.poll(fetched).toContain('adresy a sítě')
    expect(await fetched()).not.toContain(key)
    const own = (await stage.get(jana, path())).body
    expect(own).toContain('1 z 1 firewallů má všechny své seznamy v poslední verzi.')
    expect(own).toContain('203.0.113.7')
    const told = JSON.parse((await stage.get(jana, '/api/v1/blocklists')).body)
    expect(told.organisations).toMatchObject([
      {
        id: stage.lipova.id,
        lists: expect.arrayContaining([
          expect.objectContaining({ list: 'ip', version: 1, entries: 1, held: null }),
        ]),
        firewalls: [{ label: 'FortiGate v serverovně', active: true, fetched: [{ version: 1, present: 1 }] }],
      },
    ])
    const others = (await stage.get(bara, '/api/v1/blocklists')).body
    expect([others.includes('FortiGate'), (await stage.get(null, '/api/v1/blocklists')).status]).toEqual([
      false,
      401,
    ])
    expect((await stage.get(bara, path())).status).toBe(404)
    expect((await stage.get(bara, `/blocklists/${stage.bukova.id}/firewalls/1`)).status).toBe(404)
    expect((await stage.get(null, path())).status).toBe(303)
    const wrong = await stage.post(jana, `${path()}/firewalls`, { label: ' ', days: '365' })
    expect(wrong.status).toBe(422)
    expect(wrong.body).toContain('Napište označení o 1 až 60 znacích.')
  })

  it('coordinators see who is protected, and enter an attacker in one page', async () => {
    const { karel, jana } = stage
    const review = (await stage.get(karel, '/blocklists/review')).body
    expect(review).toContain('Nemocnice Lipová')
    expect(review).toContain('na seznamech 1 organizace')
    const wrong = await stage.post(karel, '/blocklists/review/items', {
      value: '203.0.113.8/24',
      reason: 'x',
      days: '',
    })
    expect([wrong.status, wrong.body.includes('Toto není adresa')]).toEqual([422, true])
    const done = await stage.post(karel, '/blocklists/review/items', {
      value: 'evil[.]example.org',
      reason: 'Řídí botnet.',
      days: '',
    })
    expect(done.location).toBe('/blocklists/review?done=entered#items')
    await stage.work()
    expect((await stage.get(karel, '/blocklists/review?find=evil')).body).toContain('Řídí botnet.')
    expect((await stage.get(jana, '/blocklists/review')).status).toBe(403)
    expect(
      (await stage.post(jana, '/blocklists/review/items', { value: '203.0.113.8', reason: 'x', days: '' }))
        .status,
    ).toBe(403)
  })

  it('a forbidden address is entered, holds back what is listed, and is taken off again', async () => {
    const { karel } = stage
    expect(
      (
        await stage.post(karel, '/blocklists/review/never', {
          value: '203.0.113.0/28',
          reason: 'Naše laboratoř.',
        })
      ).status,
    ).toBe(303)
    await stage.work()
    const review = (await stage.get(karel, '/blocklists/review')).body
    expect(review).toContain('koordinátor zakázal blokovat: 203.0.113.0/28')
    expect((await stage.get(stage.jana, path())).body).not.toContain('203.0.113.7')
    expect((await stage.post(karel, '/blocklists/review/never/1/end', {})).status).toBe(303)
    await stage.work()
    expect((await stage.get(stage.jana, path())).body).toContain('203.0.113.7')
  })

  it('choices are tried out before they are kept', async () => {
    const { jana } = stage
    await asEngine(stage.db, (tx) =>
      enter(tx, { value: '203.0.113.40', reason: 'x', days: null }, stage.karel, stage.now),
    )
    await stage.work()
    const yesterday = new Date(stage.now - 86_400_000)
    for (const [org, source, events] of [
      [stage.lipova.id, '203.0.113.7', 214],
      [stage.lipova.id, '203.0.113.40', 5],
      [stage.lipova.id, '203.0.113.222', 9],
      [stage.bukova.id, '203.0.113.7', 3_333],
    ] as const)
      await stage.db.engine.query(
        `with k as (insert into source_keys (text, counted, kind, addr) values ($2::text, true, 'address', $2::text::inet)
           on conflict (text, counted) do update set kind = 'address' returning id)
         insert into detections (hour, org_id, lane, side, class_id, key_id, events, occurrences, dropped, passed, partial, share, severity, first_at, last_at, archive)
         select floor(extract(epoch from $4::timestamptz) / 3600), $1, 0, 2, c.id, k.id, $3::int, $3::int, 0, 4, 0, 0, 2, $4, $4, false
         from k, classes c where c.name = 'attempt-login-ssh'`,
        [org, source, events, yesterday],
      )
    const trial = await stage.get(
      jana,
      `${path()}/trial?chosen=1&kinds=ip&sources=campaign&confidence=2&days=30`,
    )
    expect(trial.status).toBe(200)
    expect(trial.body).toContain('Na seznamech by bylo: adresy 1')
    expect(trial.body).toContain('<strong class="figure">214</strong> vašich spojení.')
    expect(trial.body).toContain('203.0.113.7')
    expect(trial.body).not.toMatch(/203\.0\.113\.(40|222)|3.333/)
    expect((await stage.get(jana, `${path()}/trial`)).body).toContain('>219</strong>')
    expect((await stage.get(stage.bara, `${path()}/trial`)).status).toBe(404)
    const kept = await stage.post(jana, `${path()}/choices`, {
      words: 'ip campaign',
      confidence: '2',
      days: '30',
    })
    expect(kept.status).toBe(303)
    await stage.work()
    const own = (await stage.get(jana, path())).body
    expect(own).toContain('203.0.113.7')
    expect(own).not.toContain('203.0.113.40')
    for (const url of [
      `${path()}/trial?kinds=x&days=-1&chosen=1`,
      `${path()}/trial?chosen=1`,
      `${path()}?after=%00&find=%27`,
    ])
      expect((await stage.get(jana, url)).status).toBeLessThan(500)
  })
})
