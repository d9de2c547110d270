import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../test/belongings.ts'
import { type Calling, minute, openCalling } from '../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../test/harness.ts'
import { openPages } from '../../app.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { reckonDue } from '../duty/index.ts'
import { answer } from './answer.ts'
import { lastCallOf } from './drills.ts'
import { close } from './end.ts'

const zone = 'Europe/Prague'
const day = 24 * 60 * minute

describe('what a drill brings to the score of how an organisation can be reached', () => {
  let stage: Calling
  let lipova: Hospital
  let bukova: Hospital
  let jana: Actor
  let adam: Actor
  let now = tuesday + minute

  beforeAll(async () => {
    stage = await openCalling()
    lipova = await stage.hospital('Nemocnice Lipová')
    bukova = await stage.hospital('Nemocnice Buková')
    jana = await stage.person('Jana Nováková', [['admin', lipova]], '+420555000001')
    adam = await stage.person('Adam Buk', [['admin', bukova]], '+420555000002')
  })
  afterAll(() => stage.close())

  const points = async (org: Hospital): Promise<unknown> =>
    (
      await stage.db.engine.query(
        `select (parts->>'lastCall')::int as points, last_call as last from reach_scores where org_id = $1`,
        [org.id],
      )
    ).rows[0]
  const reckon = () => reckonDue(stage.db, zone, now, lastCallOf(zone))
  const read = async (who: Actor): Promise<string> => {
    const { context, stop } = contextOf(stage.db, () => now)
    const app = await openPages(context)
    const { cookie } = await cookieOf(context, who)
    const { body } = await app.inject({ url: '/duty/reach', headers: { accept: 'text/html', cookie } })
    await app.close()
    await stop()
    return body
  }
  const none = 'Žádné cvičení se zatím nekonalo'
  const ownNone = 'Vaše organizace zatím neprošla žádným cvičením'

  it('nothing, and the page says so, before the first', async () => {
    await reckon()
    expect(await points(lipova)).toEqual({ points: 0, last: null })
    expect(await read(jana)).toContain(ownNone)
    expect(await read(stage.karel)).toContain(none)
  })

  it('points by how it came out, reckoned when it is closed, and the page no longer says that there was none', async () => {
    now += minute
    const id = await stage.released({ class: 'drill', orgs: [lipova.id] }, now)
    await stage.tick(now)
    await asEngine(stage.db, (tx) =>
      answer(tx, id, { org: lipova.id, code: '1', note: '', via: 'page' }, jana, now + minute),
    )
    expect(await reckon()).toBe(0)
    await asEngine(stage.db, (tx) => close(tx, id, stage.karel, now + 2 * minute))
    now += 3 * minute
    expect(await reckon()).toBe(1)
    expect(await points(lipova)).toEqual({ points: 20, last: 'in-time' })
    expect(await points(bukova)).toEqual({ points: 0, last: null })
    expect(await read(jana)).not.toContain(ownNone)
    expect(await read(adam)).toContain(ownNone)
    expect(await read(stage.karel)).not.toContain(none)
  })

  it('the newest one counts, silence brings nothing, and what is real is no drill', async () => {
    now += 20 * day
    const alarm = await stage.released({ orgs: [lipova.id] }, now)
    await asEngine(stage.db, (tx) => close(tx, alarm, stage.karel, now))
    await reckon()
    expect(await points(lipova)).toEqual({ points: 20, last: 'in-time' })
    const drill = await stage.released({ class: 'drill', orgs: [lipova.id] }, now)
    await asEngine(stage.db, (tx) => close(tx, drill, stage.karel, now + minute))
    now += 2 * minute
    await reckon()
    expect(await points(lipova)).toEqual({ points: 0, last: 'silent' })
  })

  it('counts for six months by the calendar of the zone, and not a day longer', async () => {
    await stage.db.engine.query(`update drill_results set outcome = 'in_time', at = '2026-03-24T23:30:00Z'`)
    const monthsAgo = async (at: string) =>
      (await asEngine(stage.db, (tx) => lastCallOf(zone)(tx, lipova.id, Date.parse(at))))?.monthsAgo
    // Half past midnight of the 25th in Prague, in winter time; then in summer time.
    expect(await monthsAgo('2026-09-24T22:30:00Z')).toBe(6)
    expect(await monthsAgo('2026-09-24T22:31:00Z')).toBe(7)
  })
})
