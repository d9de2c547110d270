/** Recorded advisories of medical devices, and hospitals that have some of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advisoryFolder, documentsIn } from '../../../test/advisory-data.ts'
import { tuesday } from '../../../test/harness.ts'
import { type MatchStage, openMatchStage } from '../../../test/match-stage.ts'
import { asEngine } from '../../platform/database.ts'
import { jsonOf, understand } from '../advisories/csaf/read.ts'
import { take } from '../advisories/take.ts'

const folder = advisoryFolder('csaf-icsma')

describe.skipIf(folder === null)('recorded advisories of medical devices', () => {
  let stage: MatchStage
  let source: number
  beforeAll(async () => {
    stage = await openMatchStage()
    source = await stage.sourceOf('CISA')
    await stage.own(stage.jana, {
      vendor: 'PHILIPS Healthcare',
      product: 'IntelliVue MX40',
      version: 'B.04',
      quantity: '12',
      department: 'JIP',
    })
    await stage.own(stage.jana, {
      vendor: 'Phillips',
      product: 'IntelliVue MX40 Patient Worn Monitor',
      version: 'B.05',
      quantity: '2',
      department: 'ARO',
    })
    await stage.own(stage.ota, {
      vendor: 'Smyšlená technika',
      product: 'Kapka 500',
      version: '3.1',
      quantity: '14',
    })
    await stage.step()
  })
  afterAll(() => stage.close())

  const arrive = (wanted: RegExp | null) => {
    const documents = documentsIn(folder ?? '').filter(
      ({ bytes }) => wanted === null || wanted.test(bytes.toString()),
    )
    return asEngine(stage.db, async (tx) => {
      for (const { bytes } of documents) {
        const given = {
          source: { id: source, tlp: 'CLEAR' as const },
          url: '',
          document: null,
          signature: 'none' as const,
        }
        await take(
          tx,
          understand(jsonOf(bytes), tuesday),
          { ...given, hashChecked: false, flags: [], by: null },
          tuesday,
        )
      }
      return documents.length
    })
  }

  it('one that arrives stands within a step for whom it concerns, whatever they call it; the other hears nothing', async () => {
    expect(await arrive(/MX40 Patient Worn/)).toBeGreaterThan(0)
    expect(await stage.step()).toBe(1)
    const items = await stage.items(stage.jana)
    expect(items).toContainEqual(expect.objectContaining({ pieces: 14, departments: 2, patientSafety: true }))
    expect(await stage.items(stage.ota, 'all')).toEqual([])
    // It is of years ago, so it waits for the digest.
    expect(new Set(await stage.messages())).toEqual(new Set(['new held digest']))
  })

  it('all of them leave whoever has none of their devices alone', async () => {
    expect(await arrive(null)).toBeGreaterThan(100)
    await stage.step()
    expect(
      (await stage.items(stage.jana, 'all')).every(({ title }) => /philips|intellivue/i.test(title)),
    ).toBe(true)
    expect(await stage.items(stage.ota, 'all')).toEqual([])
    const { rowCount } = await stage.db.engine.query('select 1 from match_held')
    expect(rowCount).toBe(0)
  })
})
