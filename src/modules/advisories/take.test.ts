import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advisory, bytesOf, type Wanted } from '../../../test/advisory-provider.ts'
import { advisoryFolder, documentsIn } from '../../../test/advisory-data.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { jsonOf, understand } from './csaf/read.ts'
import { takeKev } from './kev.ts'
import { readKev } from './kev-read.ts'
import type { AdvisoryTlp } from './labels.ts'
import { type Taken, take } from './take.ts'

let db: TestDatabase
let coordinator: Actor
let member: Actor

beforeAll(async () => {
  db = await createDatabase()
  const hospital = await addHospital(db, 'Nemocnice Lipová', [])
  coordinator = await addPerson(db, 'Kateřina Koordinační', [['coordinator', null]])
  member = await addPerson(db, 'Alois Adminový', [['admin', hospital]])
})
afterAll(() => db.drop())

async function sourceOf(label: string, tlp: AdvisoryTlp = 'CLEAR', kind = 'csaf-file'): Promise<number> {
  const { rows } = await db.engine.query<{ id: number }>(
    `insert into advisory_sources (kind, label, url, tlp, every_minutes, created_at, changed_at, due_at)
     values ($1, $2, case when $1 = 'kev' then 'https://kev.example' end, $3, 60, now(), now(), now()) returning id`,
    [kind, label, tlp],
  )
  return rows[0]?.id as number
}

async function given(source: number, wanted: Wanted, tlp: AdvisoryTlp = 'CLEAR'): Promise<Taken> {
  const document = bytesOf(advisory(wanted))
  return asEngine(db, (tx) =>
    take(
      tx,
      understand(jsonOf(document), tuesday),
      {
        ...{ source: { id: source, tlp }, url: 'https://pumpy.example/x.json', document, signature: 'none' },
        ...{ hashChecked: false, flags: [], by: null },
      },
      tuesday,
    ),
  )
}

const rowOf = async (id: number | null) =>
  (await db.engine.query('select * from advisories where id = $1', [id])).rows[0]

const seen = (actor: Actor, id: number | null): Promise<number | null> =>
  asActor(db, actor, tuesday, async (tx) => {
    const { rowCount } = await tx.query('select 1 from advisories where id = $1', [id])
    const { rowCount: versions } = await tx.query('select 1 from advisory_versions where advisory_id = $1', [id])
    const { rowCount: products } = await tx.query('select 1 from advisory_products where advisory_id = $1', [id])
    expect([versions, products].every((one) => one === 0)).toBe(rowCount === 0)
    return rowCount
  })

describe('taking an advisory', () => {
  it('keeps it with its severity, its products by status and what it was made of', async () => {
    const source = await sourceOf('Výrobce pump')
    const taken = await given(source, { id: 'A-1' })
    expect(taken.outcome).toBe('new')
    expect(await rowOf(taken.id)).toMatchObject({
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
    const { rows } = await db.engine.query(
      'select status, vendor, product, versions, refs, cves from advisory_products where advisory_id = $1 order by status',
      [taken.id],
    )
    expect(rows).toEqual([
      { status: 'fixed', vendor: 'Pumpy', product: 'Infusion 3', versions: '2.4', refs: ['P2'], cves: ['CVE-2026-10001'] },
      {
        ...{ status: 'known_affected', vendor: 'Pumpy', product: 'Infusion 3', versions: '<2.3', refs: ['P1'] },
        cves: ['CVE-2026-10001'],
      },
    ])
  })

  it('the same document again changes nothing, a later version is the next of the same advisory', async () => {
    const source = await sourceOf('Další výrobce')
    const first = await given(source, { id: 'A-2' })
    expect(await given(source, { id: 'A-2' })).toEqual({ outcome: 'same', id: first.id })
    const next = await given(source, { id: 'A-2', version: '2', base: 6.5, versions: '<2.4', revisedAt: tuesday })
    expect(next).toEqual({ outcome: 'next', id: first.id })
    expect(await rowOf(first.id)).toMatchObject({ seq: 2, version: '2', severity: 2 })
    const { rows } = await db.engine.query(
      `select versions from advisory_products where advisory_id = $1 and status = 'known_affected'`,
      [first.id],
    )
    expect(rows).toEqual([{ versions: '<2.4' }])
    // The first comes once more, late.
    expect((await given(source, { id: 'A-2' })).outcome).toBe('older')
    expect(await rowOf(first.id)).toMatchObject({ seq: 2, version: '2' })
  })

  it('the same version with other content is set aside, and the advisory says so', async () => {
    const source = await sourceOf('Nedůsledný výrobce')
    const first = await given(source, { id: 'A-3' })
    const other = await given(source, { id: 'A-3', title: 'Quietly something else' })
    expect(other).toEqual({ outcome: 'refused', id: first.id, reason: 'other-content' })
    await given(source, { id: 'A-3', title: 'Quietly something else' })
    expect(await rowOf(first.id)).toMatchObject({ seq: 1, flags: ['other-content'] })
    const { rows } = await db.engine.query('select reason from advisory_quarantine where source_id = $1', [source])
    expect(rows).toEqual([{ reason: 'other-content' }])
  })

  it('a version that goes back with a later date, and a document of another source, are set aside', async () => {
    const source = await sourceOf('Zpětný výrobce')
    await given(source, { id: 'A-4', version: '3', revisedAt: tuesday - 2000 })
    expect(await given(source, { id: 'A-4', version: '2', revisedAt: tuesday - 1000 })).toMatchObject({
      outcome: 'refused',
      reason: 'version-back',
    })
    const other = await sourceOf('Cizí zdroj')
    expect(await given(other, { id: 'A-4', version: '4', revisedAt: tuesday })).toMatchObject({
      outcome: 'refused',
      reason: 'other-source',
    })
  })

  it('a document without a label waits for a coordinator, and nothing of TLP:RED is kept', async () => {
    const source = await sourceOf('Zdroj bez štítků')
    expect(await given(source, { id: 'A-5', tlp: null })).toMatchObject({ reason: 'tlp-missing' })
    expect(await given(source, { id: 'A-6', tlp: 'RED' })).toMatchObject({ reason: 'tlp-red' })
    const { rows } = await db.engine.query(
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
    const open = await sourceOf('Otevřený zdroj')
    const closed = await sourceOf('Zdroj pro koordinátory', 'AMBER')
    const seenBy = async (id: number | null) => [await seen(coordinator, id), await seen(member, id)]
    expect(await seenBy((await given(open, { id: 'B-1' })).id)).toEqual([1, 1])
    expect(await seenBy((await given(open, { id: 'B-2', tlp: 'GREEN' })).id)).toEqual([1, 1])
    expect(await seenBy((await given(open, { id: 'B-3', tlp: 'AMBER' })).id)).toEqual([1, 0])
    expect(await seenBy((await given(closed, { id: 'B-4' }, 'AMBER')).id)).toEqual([1, 0])
  })

  it('what is for members is not for whoever has not accepted the rules of sharing', async () => {
    const open = await sourceOf('Zdroj pro členy')
    const green = await given(open, { id: 'B-5', tlp: 'GREEN' })
    const prospect = await addHospital(db, 'Nemocnice Bez Pravidel', [])
    await db.engine.query('update organisations set rules_accepted_at = null where id = $1', [prospect.id])
    const stranger = await addPerson(db, 'Bez Pravidlový', [['admin', prospect]])
    expect(await seen(stranger, green.id)).toBe(0)
  })

  it('a member writes none of it, and sees neither sources nor what was set aside', async () => {
    const source = await sourceOf('Nedotknutelný zdroj')
    const { id } = await given(source, { id: 'B-6' })
    const tries = [
      `update advisories set title = 'x' where id = ${id}`,
      `delete from advisory_products where advisory_id = ${id}`,
      `select 1 from advisory_sources`,
      `select 1 from advisory_quarantine`,
      `select 1 from advisory_documents`,
    ]
    for (const sql of tries)
      expect([sql, (await asActor(db, member, tuesday, (tx) => tx.query(sql))).rowCount]).toEqual([sql, 0])
    await expect(
      asActor(db, member, tuesday, (tx) =>
        tx.query(
          `insert into advisory_products (advisory_id, status, vendor, product, versions, name, refs, cves) values ($1, 'fixed', 'x', 'x', '', 'x', '{}', '{}')`,
          [id],
        ),
      ),
    ).rejects.toThrow(/row-level security/)
    await expect(
      asActor(db, coordinator, tuesday, (tx) =>
        tx.query(`update advisory_sources set private_hosts = '{127.0.0.1}' where id = $1`, [source]),
      ),
    ).rejects.toThrow(/permission denied/)
  })
})

const kevFolder = advisoryFolder('kev')

describe('the catalogue of exploited vulnerabilities', () => {
  const edition = (version: string, cves: string[], vendor = 'Pumpy') =>
    readKev({
      catalogVersion: version,
      vulnerabilities: cves.map((cveID) => ({
        ...{ cveID, vendorProject: vendor, product: 'Infusion', vulnerabilityName: `${cveID} in Pumpy` },
        ...{ dateAdded: '2026-02-01', dueDate: '2026-02-22', requiredAction: 'Install.' },
      })),
    })

  it('marks advisories as exploited with their date, and covers only what the same vendor says more of', async () => {
    const source = await sourceOf('Pumpy a KEV')
    const kev = await sourceOf('KEV', 'CLEAR', 'kev')
    const { id } = await given(source, { id: 'C-1', cve: 'CVE-2026-20001', base: 6.5 })
    expect(await rowOf(id)).toMatchObject({ severity: 2, exploited: false })
    const to = { id: kev, tlp: 'CLEAR' as const }
    const cves = ['CVE-2026-20001', 'CVE-2026-20002']
    expect(await asEngine(db, (tx) => takeKev(tx, edition('2026.02.01', cves), to, tuesday))).toEqual({
      ...{ isNewer: true, fresh: 2, changed: 0, gone: 0 },
    })
    const { due_on, ...row } = (await rowOf(id)) as { due_on: string }
    expect(row).toMatchObject({ severity: 3, exploited: true, kev: true })
    expect(String(due_on)).toContain('2026-02-22')
    const own = async () =>
      (
        await db.engine.query(
          `select tracking_id, covered_by, severity from advisories where kind = 'kev' and tracking_id = any ($1) order by tracking_id`,
          [cves],
        )
      ).rows
    expect(await own()).toEqual([
      { tracking_id: 'CVE-2026-20001', covered_by: id, severity: 3 },
      { tracking_id: 'CVE-2026-20002', covered_by: null, severity: 3 },
    ])
    // Another vendor's product has the same weakness in it: whoever has Pumpy's hears of it still.
    await asEngine(db, (tx) => takeKev(tx, edition('2026.02.02', cves, 'Windows'), to, tuesday))
    expect((await own())[0]).toMatchObject({ covered_by: null })
  })

  it('an older edition changes nothing, and what a newer one left out is no longer marked', async () => {
    const source = await sourceOf('Pumpy po KEV')
    const { id } = await given(source, { id: 'C-2', cve: 'CVE-2026-30001' })
    const { rows } = await db.engine.query<{ id: number }>(`select id from advisory_sources where kind = 'kev'`)
    const to = { id: rows[0]?.id as number, tlp: 'CLEAR' as const }
    await asEngine(db, (tx) => takeKev(tx, edition('2026.03.01', ['CVE-2026-30001', 'CVE-2026-30002']), to, tuesday))
    expect(await rowOf(id)).toMatchObject({ kev: true })
    await asEngine(db, (tx) => takeKev(tx, edition('2026.02.15', ['CVE-2026-30002']), to, tuesday))
    expect(await rowOf(id)).toMatchObject({ kev: true })
    const taken = await asEngine(db, (tx) => takeKev(tx, edition('2026.03.02', ['CVE-2026-30002']), to, tuesday))
    expect(taken).toMatchObject({ gone: 1 })
    expect(await rowOf(id)).toMatchObject({ kev: false, due_on: null, exploited: false })
  })

  it.skipIf(!kevFolder)('as it is: 1,404 entries, of which 11 stand in the advisories of medical devices', async () => {
    const medical = await sourceOf('CISA, zdravotnické prostředky')
    const kev = await sourceOf('KEV od CISA', 'CLEAR', 'kev')
    const folder = advisoryFolder('csaf-icsma') as string
    await asEngine(db, async (tx) => {
      for (const { name, bytes } of documentsIn(folder))
        await take(
          tx,
          understand(jsonOf(bytes), tuesday),
          {
            ...{ source: { id: medical, tlp: 'CLEAR' }, url: `https://cisa.example/${name}`, document: bytes },
            ...{ signature: 'none', hashChecked: false, flags: [], by: null },
          },
          tuesday,
        )
    })
    const { bytes } = documentsIn(kevFolder as string)[0] as { bytes: Buffer }
    const catalogue = readKev(jsonOf(bytes))
    expect([catalogue.entries.length, catalogue.left]).toEqual([1_404, 0])
    const to = { id: kev, tlp: 'CLEAR' as const }
    expect(await asEngine(db, (tx) => takeKev(tx, catalogue, to, tuesday))).toMatchObject({ fresh: 1_404 })
    const { rows } = await db.engine.query(
      `select count(distinct c.cve)::int as cves from advisories a, unnest(a.cves) as c (cve) join kev_entries e on e.cve = c.cve where a.source_id = $1 and a.kev`,
      [medical],
    )
    expect(rows).toEqual([{ cves: 11 }])
    // The same edition once more.
    expect(await asEngine(db, (tx) => takeKev(tx, catalogue, to, tuesday))).toMatchObject({ fresh: 0, changed: 0 })
  })
})
