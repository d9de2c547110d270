/** Recorded addresses of a public block list against recorded warning lists: whom a firewall would cut off by mistake, and whom not. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advisoryFolder } from '../../../../test/advisory-data.ts'
import { openStage, type Stage } from '../../../../test/blocklist-stage.ts'
import { asEngine } from '../../../platform/database.ts'
import { parseNet } from '../../../values/address.ts'
import { loadLists } from '../../events/lists/load.ts'
import { isHeldForReview, type Label, labelsTouching, matcherOf } from '../../events/lists/match.ts'
import { enter, passJump } from './decide.ts'

const addresses = advisoryFolder('ipsum')
const warningLists = advisoryFolder('warninglists')

describe.skipIf(addresses === null || warningLists === null)('addresses of a public block list', () => {
  let stage: Stage
  let key: string
  let read = false
  /** What a newer edition of the lists knows besides. */
  let learned = ''
  /** Each address with the lists that know it. */
  const known = new Map<string, Label[]>()
  const held = ['research-scanner', 'critical-service', 'sinkhole', 'indicator-only']
  const isNever = (labels: Label[]): boolean => labels.some(({ group }) => held.includes(group))
  /** Named by a list of services, resolvers or scanners: nobody's firewall may have them. */
  const never = () => [...known].filter(([, labels]) => isNever(labels)).map(([address]) => address)

  beforeAll(async () => {
    const { lists } = loadLists(warningLists ?? '')
    const set = matcherOf(lists)
    const text = readFileSync(join(addresses ?? '', 'level-3.txt'), 'utf8')
    for (const address of new Set(text.split('\n').filter(Boolean))) {
      const net = parseNet(address)
      if (net) known.set(address, labelsTouching(set, net))
    }
    stage = await openStage({
      demo: false,
      publicLists: (host) => {
        if (!read) return null
        if (!('net' in host)) return []
        const later = host.net.text === learned ? [{ name: 'Later', group: 'critical-service' }] : []
        return [...labelsTouching(set, host.net), ...later]
      },
    })
    key = (await stage.firewall(stage.lipova, stage.jana)).key
    // As `enter` does for each: a coordinator's word, for all members.
    await stage.db.engine.query(
      `insert into blocklist_sources (item_id, source, ref, observers, readers, added_at, seen_at, ends_at, person_id, reason)
       select blocklist_put('ip', address, $2), 'coordinator', 0, 1, '{2,4,5,6}', $2, $2, $2::timestamptz + interval '90 days', $3, 'IPsum'
       from unnest($1::text[]) as a (address)`,
      [[...known.keys()], new Date(stage.now), stage.karel.person],
    )
  })
  afterAll(() => stage.close())

  it('are 14,217, of which warning lists know 2,451: 222 in clouds alone, the rest never to be listed', () => {
    expect(known.size).toBe(14_217)
    expect([...known.values()].filter(isHeldForReview)).toHaveLength(2_451)
    expect(never()).toHaveLength(2_229)
  })

  it('are on no list while the warning lists are not read', async () => {
    await stage.work()
    expect(await stage.list(key)).toBe('')
  })

  it('leave in every format but for those that are never listed', async () => {
    read = true
    await stage.work()
    // So many at once wait for a coordinator.
    expect(await stage.list(key)).toBe('')
    await asEngine(stage.db, (tx) => passJump(tx, 'ip', stage.karel, stage.now))
    await stage.work()
    const innocent = new Set(never())
    const expected = [...known.keys()].filter((address) => !innocent.has(address)).sort()
    const lines = async (name: string) => (await stage.list(key, name)).split('\n').filter(Boolean)
    const json = JSON.parse(await stage.list(key, 'ip.json')) as { entries: { value: string }[] }
    for (const given of [
      await lines('ip.txt'),
      (await lines('ip.txt?comments=1')).filter((line) => !line.startsWith('#')),
      (await lines('ip.csv')).slice(1).map((line) => line.split(',')[0] ?? ''),
      json.entries.map(({ value }) => value),
    ]) {
      // In parts, so that a failure can be read.
      expect(given.filter((address) => innocent.has(address)).slice(0, 5)).toEqual([])
      expect(given).toHaveLength(14_217 - 2_229)
      expect(given.join() === expected.join()).toBe(true)
    }
    expect(await lines('ip.txt?max=100')).toHaveLength(100)
    for (const list of ['domain', 'url', 'sha256']) expect(await lines(`${list}.txt`)).toEqual([])
  })

  it('stay away when the program starts again and has not read the warning lists yet', async () => {
    const listed = (await stage.list(key)).split('\n')[0] ?? ''
    learned = listed
    await stage.work()
    const before = await stage.list(key)
    expect(before.startsWith(listed)).toBe(false)
    read = false
    const [innocent = ''] = never()
    await asEngine(stage.db, (tx) =>
      enter(tx, { value: innocent, reason: 'Znovu.', days: null }, stage.karel, stage.now),
    )
    await stage.work()
    expect((await stage.list(key)) === before).toBe(true)
    read = true
    await stage.work()
    expect((await stage.list(key)) === before).toBe(true)
  })

  it('and a range around them is held as they are', async () => {
    const [innocent = ''] = never()
    const range = `${innocent.split('.').slice(0, 3).join('.')}.0/24`
    await asEngine(stage.db, (tx) =>
      enter(tx, { value: range, reason: 'Celá síť.', days: null }, stage.karel, stage.now),
    )
    await stage.work()
    expect((await stage.list(key)).includes(range)).toBe(false)
  })
})
