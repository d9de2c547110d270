import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { campaign, leave, merge, openStage, type Stage } from '../../../../test/blocklist-stage.ts'
import { addPerson } from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { enter, letThrough, withdraw } from './decide.ts'
import { addDevice, rotateKey } from './devices.ts'
import { waitingItems } from './read-all.ts'

describe('what reports of a broken care do to everybody’s lists', () => {
  let stage: Stage
  /** Administrator of two hospitals. */
  let both: Actor
  let lipova: string
  let bukova: string
  let javorova: string
  let taken = 0

  beforeAll(async () => {
    stage = await openStage()
    both = await addPerson(stage.db, 'Otto Obojí', [
      ['admin', stage.lipova],
      ['admin', stage.bukova],
    ])
    lipova = (await stage.firewall(stage.lipova, stage.jana)).key
    bukova = (await stage.firewall(stage.bukova, stage.bara)).key
    javorova = (await stage.firewall(stage.javorova, stage.jiri)).key
    await asEngine(stage.db, (tx) =>
      enter(tx, { value: '198.51.100.0/24', reason: 'x', days: 300 }, stage.karel, stage.now),
    )
    await stage.work()
  })
  afterAll(() => stage.close())
  /** The day's share of what reports withdraw begins anew. */
  beforeEach(() => {
    stage.now += 86_400_000
  })

  /** Attackers that nobody reported yet, on everybody's lists. */
  const attackers = async (n: number): Promise<string[]> => {
    const values = Array.from({ length: n }, () => `203.0.113.${++taken}`)
    await campaign(
      stage,
      values.map((source) => ({ source, at: [stage.lipova, stage.bukova] })),
    )
    await stage.work()
    return values
  }
  const reported = (who: Actor, org: { id: number }, value: string) =>
    stage.post(who, `/blocklists/${org.id}/exceptions`, { value, broke: '1' })
  const byKey = async (key: string, value: string) =>
    (await stage.app.inject({ method: 'POST', url: `/edl/${key}/false-positive`, payload: { value } }))
      .statusCode
  const listed = async () => (await stage.list(javorova)).split('\n')
  const waiting = async () => (await asEngine(stage.db, waitingItems)).map(({ value }) => value)
  const stateOf = async (value: string) =>
    (await stage.db.engine.query('select state from blocklist_items where value = $1', [value])).rows[0]
      ?.state

  it('one person at two hospitals takes nothing off for the others, however wide the value', async () => {
    await attackers(3)
    const before = await stage.list(javorova)
    for (const org of [stage.lipova, stage.bukova])
      for (const value of ['0.0.0.0/0', '0.0.0.0/1', '::/0', '203.0.112.0/20', '203.0.113.0/24'])
        expect([value, (await reported(both, org, value)).status]).toEqual([value, 422])
    for (const key of [lipova, bukova]) expect(await byKey(key, '0.0.0.0/0')).toBe(422)
    expect(await stage.list(javorova)).toBe(before)
    expect(await stage.list(lipova)).toBe(before)
    // Alone neither by an exception that says nothing to others.
    const wide = await stage.post(stage.jana, `/blocklists/${stage.lipova.id}/exceptions`, {
      value: '203.0.0.0/15',
    })
    expect([wide.status, wide.body.includes('Síť je příliš široká')]).toEqual([422, true])
  })

  it('counts one person once, by the page and by keys that it was shown', async () => {
    const [one = '', two = '', three = ''] = await attackers(3)
    expect((await reported(both, stage.lipova, one)).status).toBe(303)
    expect((await reported(both, stage.bukova, one)).status).toBe(303)
    expect(await listed()).toContain(one)
    const own = (org: { id: number }) =>
      asEngine(stage.db, (tx) => addDevice(tx, { org: org.id, label: 'Obojí', days: 90 }, both, stage.now))
    const keys = [(await own(stage.lipova)).key, (await own(stage.bukova)).key]
    for (const key of keys) expect(await byKey(key, two)).toBe(200)
    expect(await listed()).toContain(two)
    // A colleague made the firewall, but this person was shown its key.
    const { id } = await stage.firewall(stage.bukova, stage.bara)
    const { key } = await asEngine(stage.db, (tx) => rotateKey(tx, id, both, stage.now))
    expect(await byKey(key, three)).toBe(200)
    expect((await reported(both, stage.lipova, three)).status).toBe(303)
    expect(await listed()).toContain(three)
    // The next person of another hospital is somebody else.
    expect((await reported(stage.jiri, stage.javorova, one)).location).toContain('done=withdrawn')
    expect(await stateOf(one)).toBe('withdrawn')
    expect(await waiting()).toEqual([one])
    expect((await stage.get(stage.karel, '/')).body).toContain('/blocklists/review#waiting')
  })

  it('counts two accounts that are one person once', async () => {
    const [one = ''] = await attackers(1)
    const second = await addPerson(stage.db, 'Otto Druhý', [['admin', stage.bukova]])
    await reported(both, stage.lipova, one)
    await reported(second, stage.bukova, one)
    expect(await stateOf(one)).toBe('withdrawn')
    await asEngine(stage.db, async (tx) => {
      const { rows } = await tx.query<{ id: string }>('select id from blocklist_items where value = $1', [
        one,
      ])
      await letThrough(tx, rows[0]?.id ?? '', 'x', stage.karel, stage.now)
    })
    await merge(stage, second, both)
    const [two = ''] = await attackers(1)
    await reported(both, stage.lipova, two)
    await reported(second, stage.bukova, two)
    expect(await stateOf(two)).toBe('listed')
  })

  it('counts only what was said of the entry itself, or of something inside of it', async () => {
    await asEngine(stage.db, (tx) =>
      enter(tx, { value: 'evil.example.org', reason: 'x', days: 300 }, stage.karel, stage.now),
    )
    await stage.db.engine.query(`update blocklist_sources set source = 'warning', ref = 7 where item_id =
      (select id from blocklist_items where value = 'evil.example.org')`)
    const [one = ''] = await attackers(1)
    expect((await reported(stage.jana, stage.lipova, '203.0.113.0/25')).body).toContain(
      'Tohle na vašich seznamech není',
    )
    expect((await reported(stage.jana, stage.lipova, 'example.org')).status).toBe(422)
    expect(await stage.list(lipova)).toContain(`${one}\n`)
    expect(await byKey(lipova, 'https://www.evil.example.org/x')).toBe(200)
    expect(await byKey(bukova, 'mail.evil.example.org')).toBe(200)
    expect(await stage.list(javorova, 'domain.txt')).toBe('')
    expect(await stateOf('evil.example.org')).toBe('withdrawn')
  })

  it('leave a coordinator’s own word where it is, and ask the coordinators', async () => {
    const { jana, bara, jiri, karel } = stage
    expect((await reported(jana, stage.lipova, '198.51.100.20')).location).toContain('done=broke')
    expect((await reported(bara, stage.bukova, '198.51.100.0/24')).location).toContain('done=reported')
    expect(await stage.list(lipova)).not.toContain('198.51.100.0/24')
    expect(await stage.list(bukova)).not.toContain('198.51.100.0/24')
    expect(await stage.list(javorova)).toContain('198.51.100.0/24')
    await stage.work()
    expect(await stage.list(javorova)).toContain('198.51.100.0/24')
    expect(await waiting()).toContain('198.51.100.0/24')
    const review = (await stage.get(karel, '/blocklists/review')).body
    expect(review).toContain('zapsal ji koordinátor, proto zůstává na seznamech')
    const { rows } = await stage.db.engine.query<{ id: string }>(
      `select id from blocklist_items where value = '198.51.100.0/24'`,
    )
    const id = rows[0]?.id ?? ''
    expect(
      (await stage.post(karel, `/blocklists/review/items/${id}/return`, { reason: 'Ověřeno.' })).status,
    ).toBe(303)
    expect(await waiting()).not.toContain('198.51.100.0/24')
    // What was said before the coordinator looked counts no more.
    stage.now += 1_000
    expect((await reported(jiri, stage.javorova, '198.51.100.7')).location).toContain('done=broke')
    expect(await waiting()).not.toContain('198.51.100.0/24')
    await asEngine(stage.db, (tx) => withdraw(tx, id, 'x', karel, stage.now))
    expect(await stage.list(javorova)).not.toContain('198.51.100.0/24')
  })

  it('withdraw a few a day; what is more stays listed and asks the coordinators', async () => {
    const values = await attackers(8)
    for (const value of values) {
      await reported(stage.jana, stage.lipova, value)
      expect((await reported(stage.bara, stage.bukova, value)).status).toBe(303)
    }
    const left = await listed()
    expect(values.filter((value) => !left.includes(value))).toEqual(values.slice(0, 5))
    expect((await waiting()).filter((value) => values.includes(value)).sort()).toEqual([...values].sort())
    expect((await stage.get(stage.karel, '/blocklists/review')).body).toContain(
      'hlášení by toho stáhla příliš mnoho najednou',
    )
  })

  it('withdraws at most three entries for one report', async () => {
    const nets = ['20', '21', '22', '23'].map((bits) => `100.0.0.0/${bits}`)
    await campaign(
      stage,
      nets.map((source) => ({ source, at: [stage.lipova, stage.bukova] })),
    )
    await stage.work()
    expect(await listed()).toEqual(expect.arrayContaining(nets))
    await reported(stage.jana, stage.lipova, '100.0.0.9')
    await reported(stage.bara, stage.bukova, '100.0.0.9')
    const left = await listed()
    expect(nets.filter((value) => left.includes(value))).toEqual(['100.0.0.0/20'])
  })

  it('does not count what is old, was taken back, or is of an organisation that left', async () => {
    const [old = '', back = '', gone = ''] = await attackers(3)
    for (const value of [old, back, gone]) await reported(stage.jana, stage.lipova, value)
    await stage.db.engine.query(
      `update blocklist_exceptions set made_at = made_at - interval '31 days' where value = $1`,
      [old],
    )
    await stage.db.engine.query('update blocklist_exceptions set ended_at = made_at where value = $1', [back])
    for (const value of [old, back]) await reported(stage.bara, stage.bukova, value)
    await leave(stage, stage.lipova)
    await reported(stage.bara, stage.bukova, gone)
    for (const value of [old, back, gone]) expect([value, await stateOf(value)]).toEqual([value, 'listed'])
  })
})
