import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { campaign, openStage, type Stage } from '../../../../test/blocklist-stage.ts'
import { asEngine } from '../../../platform/database.ts'
import { enter, letThrough, withdraw } from './decide.ts'
import { waitingItems } from './read-all.ts'

describe('what firewalls are given', () => {
  let stage: Stage
  let lipova: string
  let bukova: string

  beforeAll(async () => {
    stage = await openStage()
    lipova = (await stage.firewall(stage.lipova, stage.jana)).key
    bukova = (await stage.firewall(stage.bukova, stage.bara)).key
  })
  afterAll(() => stage.close())

  const engine = <T>(work: Parameters<typeof asEngine<T>>[1]) => asEngine(stage.db, work)
  const entered = (value: string, days: number | null = null) =>
    engine((tx) => enter(tx, { value, reason: 'Útočí na přihlašování.', days }, stage.karel, stage.now))
  const stateOf = async (value: string) =>
    (
      await stage.db.engine.query<{ state: string }>('select state from blocklist_items where value = $1', [
        value,
      ])
    ).rows[0]?.state

  it('an attacker met by two hospitals is listed, one met by one alone stays a candidate', async () => {
    await campaign(stage, [
      { source: '203.0.113.7', at: [stage.lipova, stage.bukova] },
      { source: '203.0.113.8', at: [stage.lipova] },
    ])
    await stage.work()
    expect(await stage.list(lipova)).toBe('203.0.113.7\n')
    expect(await stateOf('203.0.113.7')).toBe('listed')
    expect(await stateOf('203.0.113.8')).toBe('candidate')
  })

  it('what a coordinator enters is listed for all, however it was written', async () => {
    for (const value of [
      '198.51.100.0/24',
      'EVIL[.]Attacker.example.',
      'hxxp://evil[.]attacker.example/a,b',
      'AB'.repeat(32),
    ])
      await entered(value)
    await stage.work()
    expect(await stage.list(bukova)).toBe('198.51.100.0/24\n203.0.113.7\n')
    expect(await stage.list(bukova, 'domain.txt')).toBe('evil.attacker.example\n')
    expect(await stage.list(bukova, 'url.txt')).toBe('http://evil.attacker.example/a,b\n')
    expect(await stage.list(bukova, 'sha256.txt')).toBe(`${'ab'.repeat(32)}\n`)
  })

  it('a word that is no indicator, too wide or without a reason is refused', async () => {
    for (const value of [
      '',
      'nemocnice',
      '10.0.0.0/8/8',
      '198.51.0.0/15',
      '198.51.100.7/24',
      'a@b.example',
      'CVE-2026-1234',
      '\0',
      'x'.repeat(9_000),
    ])
      await expect(entered(value)).rejects.toThrow()
    await expect(entered('203.0.113.99', 0)).rejects.toThrow()
    await expect(
      engine((tx) => enter(tx, { value: '203.0.113.99', reason: ' ', days: null }, stage.karel, stage.now)),
    ).rejects.toThrow()
    await expect(
      engine((tx) => enter(tx, { value: '203.0.113.99', reason: 'x', days: null }, stage.jana, stage.now)),
    ).rejects.toThrow()
  })

  it("members' own ranges and reserved ones are never listed; each waits for a coordinator, who cannot let it through", async () => {
    const own = [
      await entered('192.0.2.7'),
      await entered('192.0.2.0/24'),
      await entered('10.1.2.0/24'),
      await entered('mail.lipova.example'),
      await entered('https://www.bukova.example/x'),
    ]
    await stage.work()
    expect(await stage.list(lipova)).not.toContain('192.0.2')
    expect(await stage.list(lipova, 'domain.txt')).not.toContain('lipova')
    expect((await engine(waitingItems)).map(({ value }) => value)).toEqual(own.map(({ value }) => value))
    for (const { id } of own)
      await expect(engine((tx) => letThrough(tx, id, 'Chci.', stage.karel, stage.now))).rejects.toThrow()
    for (const { id } of own) await engine((tx) => withdraw(tx, id, 'Je naše.', stage.karel, stage.now))
    expect(await engine(waitingItems)).toEqual([])
  })

  it('what public warning lists know waits for a coordinator, who may let it through; a cloud is no reason', async () => {
    stage.publicLists.values.set('203.0.113.50', { name: 'Shodan', group: 'research-scanner' })
    stage.publicLists.values.set('203.0.113.51', { name: 'AWS', group: 'cloud-tenant' })
    const { id } = await entered('203.0.113.50')
    await entered('203.0.113.51')
    await stage.work()
    expect(await stage.list(lipova)).toContain('203.0.113.51\n')
    expect(await stage.list(lipova)).not.toContain('203.0.113.50\n')
    await engine((tx) => letThrough(tx, id, 'Útočí, ne jen skenuje.', stage.karel, stage.now))
    await stage.work()
    expect(await stage.list(lipova)).toContain('203.0.113.50\n')
  })

  it('a range that a hospital registers later leaves the lists', async () => {
    await entered('203.0.113.120')
    await stage.work()
    expect(await stage.list(bukova)).toContain('203.0.113.120')
    await stage.db.engine.query(
      `insert into networks (org_id, net_from, net_to, text, recorded_at) values ($1, '203.0.113.120', '203.0.113.121', '203.0.113.120/31', now())`,
      [stage.javorova.id],
    )
    await stage.work()
    expect(await stage.list(bukova)).not.toContain('203.0.113.120')
    expect((await engine(waitingItems)).map(({ value }) => value)).toContain('203.0.113.120')
  })

  it('what a coordinator withdraws is off all lists in the same transaction, and stays off when it attacks again', async () => {
    const [item] = (
      await stage.db.engine.query<{ id: string }>(
        `select id::text from blocklist_items where value = '203.0.113.7'`,
      )
    ).rows
    await engine((tx) => withdraw(tx, item?.id ?? '', 'Omyl.', stage.karel, stage.now))
    expect(await stage.list(lipova)).not.toContain('203.0.113.7\n')
    expect(await stage.list(bukova)).not.toContain('203.0.113.7\n')
    await campaign(stage, [{ source: '203.0.113.7', at: [stage.bukova, stage.javorova] }])
    await stage.work()
    expect(await stage.list(lipova)).not.toContain('203.0.113.7\n')
  })

  it('an address expires seven days after it was last seen, and a new sighting keeps it', async () => {
    await campaign(stage, [
      { source: '203.0.113.20', at: [stage.lipova, stage.bukova] },
      { source: '203.0.113.21', at: [stage.lipova, stage.bukova] },
    ])
    await stage.work()
    stage.now += 6 * 86_400_000
    await campaign(stage, [{ source: '203.0.113.21', at: [stage.lipova, stage.bukova] }])
    await stage.work()
    stage.now += 2 * 86_400_000
    await stage.work()
    const list = await stage.list(lipova)
    expect(list).not.toContain('203.0.113.20\n')
    expect(list).toContain('203.0.113.21\n')
    expect(await stateOf('203.0.113.20')).toBe('expired')
  })

  it('a decision is on the lists without waiting for the next look at everything', async () => {
    stage.now += 1_000
    await entered('203.0.113.180')
    const [item] = (
      await stage.db.engine.query<{ id: string }>(
        `select id::text from blocklist_items where value = '203.0.113.180'`,
      )
    ).rows
    const listed = async () => {
      await stage.lists.work(stage.now)
      return stage.list(lipova)
    }
    await expect.poll(listed).toContain('203.0.113.180\n')
    expect(await stateOf('203.0.113.180')).toBe('listed')
    await engine((tx) => withdraw(tx, item?.id ?? '', 'Omyl.', stage.karel, stage.now))
    expect(await stage.list(lipova)).not.toContain('203.0.113.180\n')
  })
})
