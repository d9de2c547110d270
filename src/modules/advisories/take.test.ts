import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AdvisoryStage, openAdvisoryStage } from '../../../test/advisory-stage.ts'
import { addHospital, addPerson, tuesday } from '../../../test/harness.ts'
import { type Actor, asActor } from '../../platform/access.ts'

let stage: AdvisoryStage
beforeAll(async () => {
  stage = await openAdvisoryStage()
})
afterAll(() => stage.db.drop())

const seen = (actor: Actor, id: number | null): Promise<number | null> =>
  asActor(stage.db, actor, tuesday, async (tx) => {
    const { rowCount } = await tx.query('select 1 from advisories where id = $1', [id])
    const { rowCount: versions } = await tx.query('select 1 from advisory_versions where advisory_id = $1', [
      id,
    ])
    const { rowCount: products } = await tx.query('select 1 from advisory_products where advisory_id = $1', [
      id,
    ])
    expect([versions, products].every((one) => one === 0)).toBe(rowCount === 0)
    return rowCount
  })

describe('taking an advisory', () => {
  it('keeps it with its severity, its products by status and what it was made of', async () => {
    const source = await stage.sourceOf('Výrobce pump')
    const taken = await stage.given(source, { id: 'A-1' })
    expect(taken.outcome).toBe('new')
    expect(await stage.rowOf(taken.id)).toMatchObject({
      kind: 'csaf',
      version: '1',
      seq: 1,
      severity: 4,
      score: '9.8',
      exploited: false,
      patient_safety: true,
      tlp: 'CLEAR',
      cves: ['CVE-2026-10001'],
      flags: [],
    })
    const { rows } = await stage.db.engine.query(
      'select status, vendor, product, versions, refs, cves from advisory_products where advisory_id = $1 order by status',
      [taken.id],
    )
    expect(rows).toEqual([
      {
        status: 'fixed',
        vendor: 'Pumpy',
        product: 'Infusion 3',
        versions: '2.4',
        refs: ['P2'],
        cves: ['CVE-2026-10001'],
      },
      {
        ...{
          status: 'known_affected',
          vendor: 'Pumpy',
          product: 'Infusion 3',
          versions: '<2.3',
          refs: ['P1'],
        },
        cves: ['CVE-2026-10001'],
      },
    ])
  })

  it('the same document again changes nothing, a later version is the next of the same advisory', async () => {
    const source = await stage.sourceOf('Další výrobce')
    const first = await stage.given(source, { id: 'A-2' })
    expect(await stage.given(source, { id: 'A-2' })).toEqual({ outcome: 'same', id: first.id })
    const next = await stage.given(source, {
      id: 'A-2',
      version: '2',
      base: 6.5,
      versions: '<2.4',
      revisedAt: tuesday,
    })
    expect(next).toEqual({ outcome: 'next', id: first.id })
    expect(await stage.rowOf(first.id)).toMatchObject({ seq: 2, version: '2', severity: 2 })
    const { rows } = await stage.db.engine.query(
      `select versions from advisory_products where advisory_id = $1 and status = 'known_affected'`,
      [first.id],
    )
    expect(rows).toEqual([{ versions: '<2.4' }])
    // The first comes once more, late.
    expect((await stage.given(source, { id: 'A-2' })).outcome).toBe('older')
    expect(await stage.rowOf(first.id)).toMatchObject({ seq: 2, version: '2' })
  })

  it('the same version with other content is set aside, and the advisory says so', async () => {
    const source = await stage.sourceOf('Nedůsledný výrobce')
    const first = await stage.given(source, { id: 'A-3' })
    const other = await stage.given(source, { id: 'A-3', title: 'Quietly something else' })
    expect(other).toEqual({ outcome: 'refused', id: first.id, reason: 'other-content' })
    await stage.given(source, { id: 'A-3', title: 'Quietly something else' })
    expect(await stage.rowOf(first.id)).toMatchObject({ seq: 1, flags: ['other-content'] })
    const { rows } = await stage.db.engine.query(
      'select reason from advisory_quarantine where source_id = $1',
      [source],
    )
    expect(rows).toEqual([{ reason: 'other-content' }])
  })

  it('a version that goes back with a later date, and a document of another source, are set aside', async () => {
    const source = await stage.sourceOf('Zpětný výrobce')
    await stage.given(source, { id: 'A-4', version: '3', revisedAt: tuesday - 2000 })
    expect(await stage.given(source, { id: 'A-4', version: '2', revisedAt: tuesday - 1000 })).toMatchObject({
      outcome: 'refused',
      reason: 'version-back',
    })
    const other = await stage.sourceOf('Cizí zdroj')
    expect(await stage.given(other, { id: 'A-4', version: '4', revisedAt: tuesday })).toMatchObject({
      outcome: 'refused',
      reason: 'other-source',
    })
  })

  it('a document without a label waits for a stage.coordinator, and nothing of TLP:RED is kept', async () => {
    const source = await stage.sourceOf('Zdroj bez štítků')
    expect(await stage.given(source, { id: 'A-5', tlp: null })).toMatchObject({ reason: 'tlp-missing' })
    expect(await stage.given(source, { id: 'A-6', tlp: 'RED' })).toMatchObject({ reason: 'tlp-red' })
    const { rows } = await stage.db.engine.query(
      'select reason, document is null as empty from advisory_quarantine where source_id = $1 order by id',
      [source],
    )
    expect(rows).toEqual([
      { reason: 'tlp-missing', empty: false },
      { reason: 'tlp-red', empty: true },
    ])
  })
})

describe('who reads an advisory', () => {
  it('follows its label, and never more than the source allows', async () => {
    const open = await stage.sourceOf('Otevřený zdroj')
    const closed = await stage.sourceOf('Zdroj pro koordinátory', 'AMBER')
    const seenBy = async (id: number | null) => [
      await seen(stage.coordinator, id),
      await seen(stage.member, id),
    ]
    expect(await seenBy((await stage.given(open, { id: 'B-1' })).id)).toEqual([1, 1])
    expect(await seenBy((await stage.given(open, { id: 'B-2', tlp: 'GREEN' })).id)).toEqual([1, 1])
    expect(await seenBy((await stage.given(open, { id: 'B-3', tlp: 'AMBER' })).id)).toEqual([1, 0])
    expect(await seenBy((await stage.given(closed, { id: 'B-4' }, 'AMBER')).id)).toEqual([1, 0])
  })

  it('what is for members is not for whoever has not accepted the rules of sharing', async () => {
    const open = await stage.sourceOf('Zdroj pro členy')
    const green = await stage.given(open, { id: 'B-5', tlp: 'GREEN' })
    const prospect = await addHospital(stage.db, 'Nemocnice Bez Pravidel', [])
    await stage.db.engine.query('update organisations set rules_accepted_at = null where id = $1', [
      prospect.id,
    ])
    const stranger = await addPerson(stage.db, 'Bez Pravidlový', [['admin', prospect]])
    expect(await seen(stranger, green.id)).toBe(0)
  })

  it('a member writes none of it, and sees neither sources nor what was set aside', async () => {
    const source = await stage.sourceOf('Nedotknutelný zdroj')
    const { id } = await stage.given(source, { id: 'B-6' })
    const tries = [
      `update advisories set title = 'x' where id = ${id}`,
      `delete from advisory_products where advisory_id = ${id}`,
      `select 1 from advisory_sources`,
      `select 1 from advisory_quarantine`,
      `select 1 from advisory_documents`,
    ]
    for (const sql of tries)
      expect([sql, (await asActor(stage.db, stage.member, tuesday, (tx) => tx.query(sql))).rowCount]).toEqual(
        [sql, 0],
      )
    await expect(
      asActor(stage.db, stage.member, tuesday, (tx) =>
        tx.query(
          `insert into advisory_products (advisory_id, status, vendor, product, versions, name, refs, cves) values ($1, 'fixed', 'x', 'x', '', 'x', '{}', '{}')`,
          [id],
        ),
      ),
    ).rejects.toThrow(/row-level security/)
    await expect(
      asActor(stage.db, stage.coordinator, tuesday, (tx) =>
        tx.query(`update advisory_sources set private_hosts = '{127.0.0.1}' where id = $1`, [source]),
      ),
    ).rejects.toThrow(/permission denied/)
  })
})
