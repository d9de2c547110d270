/** Advisories come, inventories change, and every hospital has what concerns it and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../test/match-stage.ts'
import { asActor } from '../../platform/access.ts'
import { decide } from './answers.ts'
import { openMatcher, openMatches } from './index.ts'
import { changesOf, groupsOf } from './read.ts'

let stage: MatchStage
let source: number
beforeAll(async () => {
  stage = await openMatchStage()
  source = await stage.sourceOf('Výrobce pump')
})
afterAll(() => stage.close())

const hour = 3_600_000

describe('an advisory that comes', () => {
  it('stands as one item within one step for the hospital that has the pumps, and the other hears nothing', async () => {
    await stage.own(stage.jana, { ...pump, quantity: '9', department: 'ARO' })
    await stage.own(stage.jana, { ...pump, quantity: '5', department: 'JIP' })
    await stage.own(stage.jana, { ...pump, product: 'Infusion 7', quantity: '3', department: 'JIP' })
    await stage.own(stage.ota, { ...pump, version: '2.4', quantity: '2' })
    await stage.step()
    expect(await stage.items(stage.jana, 'all')).toEqual([])
    await stage.given(source, { id: 'A-1' })
    await stage.step()
    const items = await stage.items(stage.jana)
    expect(items).toMatchObject([
      {
        pieces: 14,
        departments: 2,
        severity: 4,
        patientSafety: true,
        state: 'open',
        answer: 'pending',
        seq: 1,
      },
    ])
    expect(items[0]?.sure).toBeGreaterThan(0.8)
    expect(await stage.items(stage.ota, 'all')).toEqual([])
    const id = items[0]?.id ?? 0
    const groups = await asActor(stage.db, stage.jana, tuesday, (tx) => groupsOf(tx, id))
    expect(groups).toMatchObject([
      {
        product: 'Infusion 3',
        version: '2.1',
        pieces: 14,
        departments: [
          { name: 'ARO', pieces: 9 },
          { name: 'JIP', pieces: 5 },
        ],
      },
    ])
    expect(groups[0]?.why.map(({ about }) => about)).toContain('version')
    expect(await stage.messages()).toEqual(['new queued'])
    const open = await asActor(stage.db, stage.jana, tuesday, (tx) =>
      openMatches(tx, [stage.lipova.id], '2026-03-03'),
    )
    expect(open).toMatchObject([{ id, severity: 4, patientSafety: true, since: tuesday }])
  })

  it('is matched once: nothing is left to do, by this node or another', async () => {
    expect(await stage.step()).toBe(0)
    const other = openMatcher({ db: stage.db, log: { error: () => {} } as never })
    expect(await other.work(tuesday)).toBe(0)
  })

  it('stays hidden from coordinators and from another hospital', async () => {
    for (const who of [stage.coordinator, stage.ota, stage.member])
      expect(await stage.items(who, 'all')).toEqual([])
    const { rows } = await stage.db.engine.query(`select readers from deliveries where match_id is not null`)
    expect(rows).toEqual([{ readers: [1000 + 4 * stage.lipova.id] }])
  })

  it('says nothing of what only coordinators may read', async () => {
    await stage.given(source, { id: 'A-2', tlp: 'AMBER' })
    await stage.step()
    expect(await stage.items(stage.jana, 'all')).toHaveLength(1)
  })

  it('goes out as a mail that says how many, and not where', async () => {
    await stage.send()
    const [mail] = stage.mailsTo(stage.jana)
    expect(mail?.subject).toContain('[TLP:AMBER]')
    expect(mail?.text).toContain('14')
    expect(mail?.text).not.toContain('ARO')
    expect(stage.mailsTo(stage.ota)).toEqual([])
    expect(stage.mailsTo(stage.coordinator)).toEqual([])
  })
})

const changes = async (id: number) =>
  (await asActor(stage.db, stage.jana, tuesday, (tx) => changesOf(tx, id))).map(({ kind, detail }) => ({
    kind,
    detail,
  }))
const first = async () => (await stage.items(stage.jana, 'all'))[0]

describe('a newer version', () => {
  it('renews the item and says what changed', async () => {
    await stage.given(source, { id: 'A-1', version: '2', base: 6.5, revisedAt: tuesday - hour })
    await stage.step(tuesday + hour)
    const item = await first()
    expect(item).toMatchObject({ seq: 2, severity: 2, pieces: 14, state: 'open' })
    expect((await changes(item?.id ?? 0))[0]).toMatchObject({
      kind: 'version',
      detail: { from: 1, to: 2, severity: [4, 2], pieces: [14, 14] },
    })
    // Nothing grew worse: that waits for the digest.
    expect((await stage.messages()).at(-1)).toBe('update held digest')
  })

  it('that no longer means what they run closes it, holds back what waits and tells who was told', async () => {
    await stage.given(source, { id: 'A-1', version: '3', versions: '<2.0', revisedAt: tuesday })
    await stage.step(tuesday + 2 * hour)
    expect(await first()).toMatchObject({ state: 'gone', closedWhy: 'version', pieces: 0 })
    expect(await stage.messages()).toEqual(['new sent', 'update dropped revoked', 'revoked queued'])
    await stage.send(tuesday + 2 * hour)
    expect(stage.mailsTo(stage.jana).at(-1)?.subject).toContain('Už se vás netýká')
  })

  it('that means it again opens it again', async () => {
    await stage.given(source, { id: 'A-1', version: '4', revisedAt: tuesday + hour })
    await stage.step(tuesday + 3 * hour)
    const item = await first()
    expect(item).toMatchObject({ state: 'open', pieces: 14, seq: 4 })
    expect((await changes(item?.id ?? 0))[0]?.kind).toBe('reopened')
  })

  it('by which its publisher takes it back closes it', async () => {
    await stage.given(source, {
      id: 'A-1',
      version: '5',
      title: 'WITHDRAWN: Pumpy Infusion 3',
      revisedAt: tuesday + 2 * hour,
    })
    await stage.step(tuesday + 4 * hour)
    expect(await first()).toMatchObject({ state: 'gone', closedWhy: 'withdrawn' })
    await stage.given(source, { id: 'A-1', version: '6', revisedAt: tuesday + 3 * hour })
    await stage.step(tuesday + 5 * hour)
    expect(await first()).toMatchObject({ state: 'open' })
  })

  it('with a narrower label closes it for who may no longer read it', async () => {
    await stage.given(source, { id: 'A-1', version: '7', tlp: 'AMBER', revisedAt: tuesday + 4 * hour })
    await stage.step(tuesday + 6 * hour)
    expect(await first()).toBeUndefined()
    const { rows } = await stage.db.engine.query('select state, closed_why from match_items')
    expect(rows).toEqual([{ state: 'gone', closed_why: 'label' }])
    await stage.given(source, { id: 'A-1', version: '8', revisedAt: tuesday + 5 * hour })
    await stage.step(tuesday + 7 * hour)
    expect(await first()).toMatchObject({ state: 'open', seq: 8 })
  })
})

describe('an inventory that changes', () => {
  it('is matched with advisories that are there already, quietly', async () => {
    const asset = await stage.own(stage.ota, { ...pump, quantity: '2', department: 'ARO' })
    await stage.step(tuesday + 8 * hour)
    expect(await stage.items(stage.ota)).toMatchObject([{ pieces: 2, departments: 1 }])
    expect((await stage.messages()).at(-1)).toBe('new held digest')
    await stage.change(stage.ota, asset, { version: '2.4' })
    await stage.step(tuesday + 9 * hour)
    expect(await stage.items(stage.ota, 'all')).toMatchObject([{ state: 'gone', closedWhy: 'assets' }])
    await stage.change(stage.ota, asset, { version: '2.2' })
    await stage.step(tuesday + 10 * hour)
    expect(await stage.items(stage.ota)).toMatchObject([{ state: 'open', pieces: 2 }])
    await stage.remove(stage.ota, asset)
    await stage.step(tuesday + 11 * hour)
    expect(await stage.items(stage.ota)).toEqual([])
  })

  it('that stood there before there were keys is filled, and then matched', async () => {
    const asset = await stage.own(stage.ota, { ...pump, quantity: '4' })
    await stage.db.engine.query('update assets set product_keys = null, vendor_key = null where id = $1', [
      asset,
    ])
    await stage.step(tuesday + 12 * hour)
    expect(await stage.items(stage.ota)).toMatchObject([{ pieces: 4 }])
  })
})

describe('what people say', () => {
  it('another product is none of ours, in this advisory and in later ones, until it is taken back', async () => {
    const item = await first()
    const id = item?.id ?? 0
    const [group] = await asActor(stage.db, stage.jana, tuesday, (tx) => groupsOf(tx, id))
    const said = (same: boolean | null) =>
      decide(stage.db, id, { asset: group?.asset ?? 0, same, reason: '' }, stage.jana, tuesday + 13 * hour)
    await said(false)
    expect(await first()).toMatchObject({ state: 'rejected' })
    await stage.given(source, { id: 'A-3' })
    await stage.step(tuesday + 13 * hour)
    expect(await stage.items(stage.jana, 'all')).toHaveLength(1)
    // The other hospital's are not concerned by that.
    expect(await stage.items(stage.ota)).toHaveLength(2)
    await said(null)
    expect(await first()).toMatchObject({ state: 'open', pieces: 14 })
    await stage.step(tuesday + 13 * hour)
    expect(await stage.items(stage.jana)).toHaveLength(2)
    await said(true)
    await stage.step(tuesday + 13 * hour)
    expect((await stage.items(stage.jana)).map(({ state, sure }) => `${state} ${sure}`)).toEqual([
      'confirmed 1',
      'confirmed 1',
    ])
  })
})
