/** Blocklists as people see them: an organisation's lists with a firewall that fetched, the dry run, the coordinators' review. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advance, markListed } from '../../src/modules/exchange/blocklists/advance.ts'
import { addNever, enter } from '../../src/modules/exchange/blocklists/decide.ts'
import { addDevice } from '../../src/modules/exchange/blocklists/devices.ts'
import { noteFetch } from '../../src/modules/exchange/blocklists/fetches.ts'
import { loadNever } from '../../src/modules/exchange/blocklists/load-never.ts'
import { makeLists } from '../../src/modules/exchange/blocklists/make.ts'
import { except } from '../../src/modules/exchange/blocklists/own.ts'
import { asEngine } from '../../src/platform/database.ts'
import { look } from './looking.ts'
import { evening, openStage, type Stage } from './stage.ts'

const attackers = [
  ...['203.0.113.7', '203.0.113.80/28', '2001:db8:ffff::7', 'prihlaseni-posta.example', 'ab'.repeat(32)],
  `http://faktura-ke-stazeni.example/${'dlouha-cesta/'.repeat(12)}ucet.zip`,
  '198.41.0.4',
]

describe('blocklists', { timeout: 240_000 }, () => {
  let stage: Stage
  let org: number
  let device: number

  beforeAll(async () => {
    stage = await openStage(2_000)
    const { db } = stage
    const { admin, coordinator } = stage.people
    org = stage.hospitals[0]?.id ?? 0
    const never = await loadNever(db.engine, { publicLists: () => [], production: false }, evening)
    device = await asEngine(db, async (tx) => {
      for (const value of attackers)
        await enter(tx, { value, reason: 'Hádá hesla k poště.', days: null }, coordinator, evening)
      await addNever(
        tx,
        { value: 'partner.example', reason: 'Laboratoř všech nemocnic.' },
        coordinator,
        evening,
      )
      await advance(tx, never, null, evening)
      return (await addDevice(tx, { org, label: 'Firewall v serverovně', days: 365 }, admin, evening)).id
    })
    await makeLists(db, org, null, evening)
    await asEngine(db, (tx) => markListed(tx, null))
    const sent = { device, org, list: 'ip' as const, version: 1, entries: 3, complete: true }
    await noteFetch(db, sent, evening)
    const broke = {
      org,
      value: 'prihlaseni-posta.example',
      reason: 'Objednávky léků.',
      broke: true,
      device: null,
    }
    await asEngine(db, (tx) => except(tx, broke, admin, evening))
  }, 300_000)
  afterAll(() => stage?.close())

  it('are sound for who keeps them, who reads them, and coordinators', async () => {
    const { admin, coordinator } = stage.people
    const own = `/blocklists/${org}`
    expect(await look(stage, admin, [own, `${own}/trial`, `${own}/firewalls/${device}`])).toEqual([])
    expect(await look(stage, coordinator, ['/blocklists/review'])).toEqual([])
  })
})
