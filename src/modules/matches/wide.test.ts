/** Names that mean too much, figures for coordinators, nodes that work at once, and who may not read what is for members. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, addPerson, tuesday } from '../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../test/match-stage.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { publishBand, publishBands } from './bands.ts'
import { openMatcher } from './index.ts'
import { release } from './sector.ts'

let stage: MatchStage
let source: number
beforeAll(async () => {
  stage = await openMatchStage()
  source = await stage.sourceOf('Výrobce pump')
  await stage.own(stage.jana, { ...pump, quantity: '9', department: 'ARO' })
  await stage.own(stage.ota, { ...pump, quantity: '4' })
  await stage.step()
})
afterAll(() => stage.close())

describe('a name that matches everything', () => {
  it('is said to coordinators, and to no hospital before one of them lets it go', async () => {
    for (const maker of ['Alfa', 'Beta', 'Gama', 'Delta', 'Omega', 'Sigma', 'Kappa']) {
      const hospital = await addHospital(stage.db, `Nemocnice ${maker}`, [])
      const admin = await addPerson(stage.db, `Adam ${maker}`, [['admin', hospital]])
      await stage.own(admin, { vendor: `${maker} Medical`, product: 'Kapka 500' })
    }
    const { rows } = await stage.db.engine.query<{ id: number }>(
      `insert into advisories (source_id, kind, namespace, tracking_id, publisher, seq, version, state, title, tlp, readers, level, says_exploited,
         patient_safety, words, content_hash, released_at, revised_at, taken_at, changed_at)
       values ($1, 'hand', 'x', 'wide', 'x', 1, '1', 'final', 'Wide', 'CLEAR', '{1}', 4, false, false, 'wide', 'x', $2, $2, $2, $2) returning id`,
      [source, new Date(tuesday)],
    )
    const id = rows[0]?.id
    await stage.db.engine.query(
      `insert into advisory_products (advisory_id, status, vendor, product, versions, name, refs, cves) values ($1, 'known_affected', '', 'Kapka 500', '', 'x', '{}', '{}')`,
      [id],
    )
    const before = (await stage.messages()).length
    await stage.step()
    const items = () => stage.db.engine.query('select 1 from match_items where advisory_id = $1', [id])
    expect((await items()).rowCount).toBe(0)
    expect(await stage.messages()).toHaveLength(before)
    const held = await asActor(stage.db, stage.coordinator, tuesday, (tx) =>
      tx.query('select product, makers from match_held where released_at is null'),
    )
    expect(held.rows).toEqual([{ product: 'Kapka 500', makers: 7 }])
    const seen = await asActor(stage.db, stage.jana, tuesday, (tx) => tx.query('select 1 from match_held'))
    expect(seen.rowCount).toBe(0)
    await release(stage.db, id ?? 0, stage.coordinator, tuesday)
    await stage.step()
    expect((await items()).rowCount).toBe(7)
    // Of organisations that did not agree to sums nothing is said; of those that did a band, to coordinators alone.
    const bands = (who: Actor) =>
      asActor(stage.db, who, tuesday, async (tx) => (await tx.query('select band from match_sums')).rows)
    expect(await bands(stage.coordinator)).toEqual([])
    await stage.db.engine.query(
      'insert into asset_shares (org_id, agreed_at, agreed_by) select org_id, now(), $2 from match_items where advisory_id = $1',
      [id, stage.coordinator.person],
    )
    await asEngine(stage.db, (tx) => publishBand(tx, id ?? 0, tuesday))
    expect(await bands(stage.coordinator)).toEqual([{ band: '5–10' }])
    expect(await bands(stage.jana)).toEqual([])
    const leave = async (n: number) => {
      await stage.db.engine.query(
        `update organisations set status = 'prospect' where id in (select org_id from match_items where advisory_id = $1 order by org_id desc limit $2)`,
        [id, n],
      )
      await asEngine(stage.db, (tx) => publishBands(tx, tuesday))
    }
    await leave(2)
    expect(await bands(stage.coordinator)).toEqual([{ band: '5–10' }])
    await leave(3)
    expect(await bands(stage.coordinator)).toEqual([])
  })
})

describe('two nodes at once', () => {
  it('leave one item and one message of each', async () => {
    await stage.given(source, { id: 'A-7' })
    const log = { error: () => {} } as never
    const nodes = [openMatcher({ db: stage.db, log }), openMatcher({ db: stage.db, log })]
    await Promise.all(nodes.map((node) => node.work(tuesday)))
    await stage.step()
    const { rows } = await stage.db.engine.query(
      `select count(*)::int as items, (select count(*)::int from deliveries d where d.match_id = any (array_agg(i.id)) and d.person_id = $2) as mails
       from match_items i join advisories a on a.id = i.advisory_id where a.tracking_id = 'A-7' and i.org_id = $1`,
      [stage.lipova.id, stage.jana.person],
    )
    expect(rows).toEqual([{ items: 1, mails: 1 }])
  })
})

describe('an organisation that has not accepted the rules of sharing', () => {
  it('has no item of what is for members', async () => {
    await stage.db.engine.query('update organisations set rules_accepted_at = null where id = $1', [
      stage.vymysl.id,
    ])
    const before = (await stage.items(stage.ota)).length
    await stage.given(source, { id: 'A-8', tlp: 'GREEN' })
    await stage.step()
    expect((await stage.items(stage.jana)).map(({ trackingId }) => trackingId)).toContain('A-8')
    expect(await stage.items(stage.ota)).toHaveLength(before)
  })
})

describe('a crash', () => {
  it('in the middle of an advisory leaves nothing behind, and the next step does it whole', async () => {
    await stage.given(source, { id: 'A-9' })
    await expect(
      asEngine(stage.db, async (tx) => {
        const { matchAdvisory } = await import('./run.ts')
        const { rows } = await tx.query<{ id: number }>(`select id from advisories where tracking_id = 'A-9'`)
        await matchAdvisory(tx, rows[0]?.id ?? 0, null, tuesday)
        throw new Error('killed')
      }),
    ).rejects.toThrow('killed')
    const count = async () => (await stage.items(stage.jana)).length
    const before = await count()
    await stage.step()
    expect(await count()).toBe(before + 1)
  })
})
