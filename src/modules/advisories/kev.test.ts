import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advisoryFolder, documentsIn } from '../../../test/advisory-data.ts'
import { type AdvisoryStage, openAdvisoryStage } from '../../../test/advisory-stage.ts'
import { tuesday } from '../../../test/harness.ts'
import { asEngine } from '../../platform/database.ts'
import { jsonOf, understand } from './csaf/read.ts'
import { takeKev } from './kev.ts'
import { readKev } from './kev-read.ts'
import { take } from './take.ts'

let stage: AdvisoryStage
beforeAll(async () => {
  stage = await openAdvisoryStage()
})
afterAll(() => stage.db.drop())

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
    const source = await stage.sourceOf('Pumpy a KEV')
    const kev = await stage.sourceOf('KEV', 'CLEAR', 'kev')
    const { id } = await stage.given(source, { id: 'C-1', cve: 'CVE-2026-20001', base: 6.5 })
    expect(await stage.rowOf(id)).toMatchObject({ severity: 2, exploited: false })
    const to = { id: kev, tlp: 'CLEAR' as const }
    const cves = ['CVE-2026-20001', 'CVE-2026-20002']
    expect(await asEngine(stage.db, (tx) => takeKev(tx, edition('2026.02.01', cves), to, tuesday))).toEqual({
      ...{ isNewer: true, fresh: 2, changed: 0, gone: 0 },
    })
    const { due_on, ...row } = (await stage.rowOf(id)) as { due_on: string }
    expect(row).toMatchObject({ severity: 3, exploited: true, kev: true })
    expect(String(due_on)).toContain('2026-02-22')
    const own = async () =>
      (
        await stage.db.engine.query(
          `select tracking_id, covering_id, severity from advisories where kind = 'kev' and tracking_id = any ($1) order by tracking_id`,
          [cves],
        )
      ).rows
    expect(await own()).toEqual([
      { tracking_id: 'CVE-2026-20001', covering_id: id, severity: 3 },
      { tracking_id: 'CVE-2026-20002', covering_id: null, severity: 3 },
    ])
    // Another vendor's product has the same weakness in it: whoever has Pumpy's hears of it still.
    await asEngine(stage.db, (tx) => takeKev(tx, edition('2026.02.02', cves, 'Windows'), to, tuesday))
    expect((await own())[0]).toMatchObject({ covering_id: null })
  })

  it('an older edition changes nothing, and what a newer one left out is no longer marked', async () => {
    const source = await stage.sourceOf('Pumpy po KEV')
    const { id } = await stage.given(source, { id: 'C-2', cve: 'CVE-2026-30001' })
    const { rows } = await stage.db.engine.query<{ id: number }>(
      `select id from advisory_sources where kind = 'kev'`,
    )
    const to = { id: rows[0]?.id as number, tlp: 'CLEAR' as const }
    await asEngine(stage.db, (tx) =>
      takeKev(tx, edition('2026.03.01', ['CVE-2026-30001', 'CVE-2026-30002']), to, tuesday),
    )
    expect(await stage.rowOf(id)).toMatchObject({ kev: true })
    await asEngine(stage.db, (tx) => takeKev(tx, edition('2026.02.15', ['CVE-2026-30002']), to, tuesday))
    expect(await stage.rowOf(id)).toMatchObject({ kev: true })
    const taken = await asEngine(stage.db, (tx) =>
      takeKev(tx, edition('2026.03.02', ['CVE-2026-30002']), to, tuesday),
    )
    expect(taken).toMatchObject({ gone: 1 })
    expect(await stage.rowOf(id)).toMatchObject({ kev: false, due_on: null, exploited: false })
  })

  it.skipIf(!kevFolder)(
    'as it is: 1,404 entries, of which 11 stand in the advisories of medical devices',
    async () => {
      const medical = await stage.sourceOf('CISA, zdravotnické prostředky')
      const kev = await stage.sourceOf('KEV od CISA', 'CLEAR', 'kev')
      const folder = advisoryFolder('csaf-icsma') as string
      await asEngine(stage.db, async (tx) => {
        for (const { name, bytes } of documentsIn(folder))
          await take(
            tx,
            understand(jsonOf(bytes), tuesday),
            {
              ...{
                source: { id: medical, tlp: 'CLEAR' },
                url: `https://cisa.example/${name}`,
                document: bytes,
              },
              ...{ signature: 'none', hashChecked: false, flags: [], by: null },
            },
            tuesday,
          )
      })
      const { bytes } = documentsIn(kevFolder as string)[0] as { bytes: Buffer }
      const catalogue = readKev(jsonOf(bytes))
      expect([catalogue.entries.length, catalogue.left]).toEqual([1_404, 0])
      const to = { id: kev, tlp: 'CLEAR' as const }
      expect(await asEngine(stage.db, (tx) => takeKev(tx, catalogue, to, tuesday))).toMatchObject({
        fresh: 1_404,
      })
      const { rows } = await stage.db.engine.query(
        `select count(distinct c.cve)::int as cves from advisories a, unnest(a.cves) as c (cve) join kev_entries e on e.cve = c.cve where a.source_id = $1 and a.kev`,
        [medical],
      )
      expect(rows).toEqual([{ cves: 11 }])
      // The same edition once more.
      expect(await asEngine(stage.db, (tx) => takeKev(tx, catalogue, to, tuesday))).toMatchObject({
        fresh: 0,
        changed: 0,
      })
    },
  )
})
