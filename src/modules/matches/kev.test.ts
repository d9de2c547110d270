/** The catalogue of exploited vulnerabilities and inventories: heard of once, whatever came first, and no longer when its entry is gone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advisoryFolder, documentsIn } from '../../../test/advisory-data.ts'
import { tuesday } from '../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../test/match-stage.ts'
import { asActor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { jsonOf, understand } from '../advisories/csaf/read.ts'
import { takeKev } from '../advisories/kev.ts'
import { type Catalogue, readKev } from '../advisories/kev-read.ts'
import { take } from '../advisories/take.ts'
import { changesOf } from './read.ts'

let stage: MatchStage
let vendor: number
let kev: number
beforeAll(async () => {
  stage = await openMatchStage()
  vendor = await stage.sourceOf('Výrobce pump')
  kev = await stage.sourceOf('KEV', 'CLEAR', 'kev')
})
afterAll(() => stage.close())

const hour = 3_600_000
const day = 24 * hour

let editions = 0
/** The catalogue as it is from now on: these entries of Pumpy Infusion 3 and nothing else. */
const catalogue = (cves: string[], dateAdded = '2026-03-02', product = 'Infusion 3'): Promise<unknown> => {
  const edition = readKev({
    catalogVersion: `2026.03.${++editions}`,
    vulnerabilities: ['CVE-2020-10001', ...cves].map((cveID) => ({
      ...{ cveID, vendorProject: 'Pumpy', product: cveID === 'CVE-2020-10001' ? 'Jiná věc' : product },
      ...{ vulnerabilityName: `Pumpy ${cveID}`, dateAdded, requiredAction: 'Install.' },
    })),
  })
  return asEngine(stage.db, (tx) => takeKev(tx, edition, { id: kev, tlp: 'CLEAR' }, tuesday))
}
const told = async (who = stage.jana) => stage.mailsTo(who).map(({ subject }) => subject?.split('] ')[1])
const titles = async (who = stage.jana) => (await stage.items(who)).map(({ title }) => title)
const newest = async () => (await stage.messages()).at(-1)
const historyOf = async (title: RegExp) => {
  const item = (await stage.items(stage.jana, 'all')).find((one) => title.test(one.title))
  return asActor(stage.db, stage.jana, tuesday, (tx) => changesOf(tx, item?.id ?? 0))
}

describe('an advisory that they were told of', () => {
  it('and that the catalogue then has, is one item still, and its being exploited is told at once', async () => {
    await stage.own(stage.jana, { ...pump, quantity: '9' })
    await stage.own(stage.ota, { ...pump, product: 'Infusion 9' })
    // Of twenty days ago: by itself it is no news any more.
    await stage.given(vendor, { id: 'K-1', cve: 'CVE-2026-11001', base: 6.5, revisedAt: tuesday - 20 * day })
    await stage.step()
    await stage.send()
    expect(await told()).toEqual([])
    await catalogue(['CVE-2026-11001'])
    await stage.step()
    expect(await stage.items(stage.jana)).toMatchObject([{ trackingId: 'K-1', exploited: true, severity: 3 }])
    await stage.send()
    expect(await told()).toEqual(['Týká se vás: Pumpy Infusion 3: commands without authentication'])
    expect(await stage.items(stage.ota, 'all')).toEqual([])
    expect((await historyOf(/commands/))[0]).toMatchObject({
      kind: 'exploited',
      detail: { exploited: [false, true], severity: [2, 3] },
    })
  })

  it('is no longer counted as exploited when its entry is gone, and nobody is woken by that', async () => {
    const before = (await stage.messages()).length
    await catalogue([])
    await stage.step()
    expect(await stage.items(stage.jana)).toMatchObject([{ exploited: false, severity: 2 }])
    expect((await historyOf(/commands/))[0]).toMatchObject({ detail: { exploited: [true, false] } })
    expect(await stage.messages()).toHaveLength(before)
  })

  it('is not told at once when what the catalogue says is of years ago', async () => {
    await catalogue(['CVE-2026-11001'], '2021-11-03')
    await stage.step(tuesday + hour)
    expect(await newest()).toBe('update held digest')
  })
})

describe('an entry that they were told of', () => {
  it('gives way to the advisory that says more of it: one item, no second mail, and no word that it is over', async () => {
    await catalogue(['CVE-2026-11002'])
    await stage.step()
    await stage.send()
    expect((await told()).at(-1)).toBe('Týká se vás: Pumpy CVE-2026-11002')
    const mails = (await told()).length
    await stage.given(vendor, {
      ...{ id: 'K-2', cve: 'CVE-2026-11002', base: 6.5, title: 'Pumpy: zneužívaná chyba' },
    })
    // What came last goes first: the entry is at hand before the advisory, and waits for it all the same.
    await stage.db.engine.query(
      `update advisories set changed_at = changed_at - interval '1 hour' where tracking_id = 'K-2'`,
    )
    await stage.step()
    expect(await titles()).toContain('Pumpy: zneužívaná chyba')
    expect(await titles()).not.toContain('Pumpy CVE-2026-11002')
    expect((await historyOf(/^Pumpy CVE-2026-11002/))[0]).toMatchObject({ detail: { why: 'covered' } })
    expect(await newest()).toBe('new held digest')
    await stage.send()
    expect(await told()).toHaveLength(mails)
  })

  it('is told with the advisory where that is severer', async () => {
    await catalogue(['CVE-2026-11002', 'CVE-2026-11003'])
    await stage.step()
    await stage.send()
    await stage.given(vendor, { id: 'K-3', cve: 'CVE-2026-11003', title: 'Pumpy: kritická chyba' })
    await stage.step()
    await stage.send()
    expect((await told()).at(-1)).toBe('Týká se vás: Pumpy: kritická chyba')
  })

  it('whose mail waits still, is not lost: the advisory goes out instead of it', async () => {
    await catalogue(['CVE-2026-11004'])
    await stage.step()
    expect(await newest()).toBe('new queued')
    await stage.given(vendor, { id: 'K-4', cve: 'CVE-2026-11004', base: 6.5, title: 'Pumpy: za chvíli' })
    await stage.step()
    expect((await stage.messages()).slice(-2)).toEqual(['new dropped revoked', 'new queued'])
  })

  it('is over for whom the advisory that says more does not mean, and they are told why', async () => {
    await stage.own(stage.ota, { ...pump, product: 'Infusion 3', version: '8.0' })
    await stage.step()
    await catalogue(['CVE-2026-11005'])
    await stage.step()
    await stage.send()
    expect(await told(stage.ota)).toContain('Týká se vás: Pumpy CVE-2026-11005')
    await stage.given(vendor, { id: 'K-5', cve: 'CVE-2026-11005', versions: '<2.3' })
    await stage.step()
    await stage.send()
    expect((await told(stage.ota)).at(-1)).toBe('Už se vás netýká: Pumpy CVE-2026-11005')
    expect(await titles(stage.ota)).not.toContain('Pumpy CVE-2026-11005')
  })

  it('stands again when the advisory that said more is taken back', async () => {
    await stage.given(vendor, {
      ...{ id: 'K-5', cve: 'CVE-2026-11005', version: '2', title: 'WITHDRAWN: Pumpy Infusion 3' },
      revisedAt: tuesday,
    })
    await stage.step()
    expect(await titles(stage.ota)).toContain('Pumpy CVE-2026-11005')
    expect(await titles(stage.jana)).toContain('Pumpy CVE-2026-11005')
  })

  it('and that went from the catalogue, falls away; whoever was told is told, and no other', async () => {
    const before = stage.mailsTo(stage.coordinator).length
    await catalogue(['CVE-2026-11006'])
    await stage.step()
    await stage.send()
    expect(await told()).toContain('Týká se vás: Pumpy CVE-2026-11006')
    await catalogue([])
    await stage.step()
    await stage.send()
    expect(await told()).toContain('Už se vás netýká: Pumpy CVE-2026-11006')
    expect(await titles()).not.toContain('Pumpy CVE-2026-11006')
    expect((await historyOf(/CVE-2026-11006/))[0]).toMatchObject({ detail: { why: 'withdrawn' } })
    expect(stage.mailsTo(stage.coordinator)).toHaveLength(before)
  })
})

const kevFolder = advisoryFolder('kev')
const medicalFolder = advisoryFolder('csaf-icsma')

describe.skipIf(kevFolder === null || medicalFolder === null)('the recorded catalogue', () => {
  let recorded: MatchStage
  beforeAll(async () => {
    recorded = await openMatchStage()
  })
  afterAll(() => recorded.close())

  /** The newest of its entries, and those that stand in advisories of medical devices: 1,404 steps would say no more. */
  const partOf = (whole: Catalogue, cves: Set<string>): Catalogue => ({
    ...whole,
    entries: whole.entries.filter(({ cve }) => cves.has(cve)),
  })

  it('says nothing twice of devices whose advisories are there, and an entry left out later falls away', async () => {
    const [file] = documentsIn(kevFolder ?? '').filter(({ name }) => !name.includes('schema'))
    const whole = readKev(jsonOf(file?.bytes ?? Buffer.of()))
    const source = await recorded.sourceOf('CISA')
    const list = await recorded.sourceOf('KEV od CISA', 'CLEAR', 'kev')
    await asEngine(recorded.db, async (tx) => {
      for (const { bytes } of documentsIn(medicalFolder ?? '')) {
        const given = { source: { id: source, tlp: 'CLEAR' as const }, url: '', document: null }
        await take(
          tx,
          understand(jsonOf(bytes), tuesday),
          { ...given, signature: 'none' as const, hashChecked: false, flags: [], by: null },
          tuesday,
        )
      }
    })
    const { rows } = await recorded.db.engine.query<{ cves: string[] }>(
      'select array(select distinct c from advisories a, unnest(a.cves) c where a.source_id = $1) as cves',
      [source],
    )
    const medical = new Set(rows[0]?.cves)
    const shared = whole.entries.filter(({ cve }) => medical.has(cve))
    expect(shared).toHaveLength(11)
    const others = whole.entries.filter(({ vendor }) => vendor === 'Citrix').slice(0, 3)
    const wanted = partOf(whole, new Set([...shared, ...others].map(({ cve }) => cve)))
    const all = (edition: Catalogue) =>
      asEngine(recorded.db, (tx) => takeKev(tx, edition, { id: list, tlp: 'CLEAR' }, tuesday))
    const [first] = others
    await recorded.own(recorded.ota, { kind: 'software', vendor: 'Microsoft', product: 'Windows' })
    const { rows: devices } = await recorded.db.engine.query<{ vendor: string; product: string }>(
      `select distinct on (a.id) p.vendor, p.product from advisories a join advisory_products p on p.advisory_id = a.id and p.status = 'known_affected'
       where a.source_id = $1 and a.cves && $2 and p.product <> ''`,
      [source, shared.map(({ cve }) => cve)],
    )
    for (const device of devices) await recorded.own(recorded.jana, device)
    await recorded.own(recorded.jana, { vendor: first?.vendor, product: first?.product ?? '' })
    await recorded.step()
    await all(wanted)
    await recorded.step()
    const items = await recorded.items(recorded.jana)
    expect(items.map(({ trackingId }) => trackingId)).toContain(first?.cve)
    // Of what stands in a device, its maker's advisory tells; Microsoft's entries of it tell nobody who has the device.
    expect(items.filter(({ trackingId }) => trackingId.startsWith('ICSMA'))).toHaveLength(devices.length)
    expect(items.every(({ exploited }) => exploited)).toBe(true)
    const entries = items.map(({ trackingId }) => trackingId).filter((id) => id.startsWith('CVE'))
    expect(entries.filter((id) => medical.has(id))).toEqual([])
    const windows = await recorded.items(recorded.ota)
    expect(windows.map(({ trackingId }) => trackingId).sort()).toEqual(['CVE-2017-0143', 'CVE-2017-0146'])
    await all({
      ...wanted,
      version: '2099.01.01',
      entries: wanted.entries.filter(({ cve }) => cve !== first?.cve),
    })
    await recorded.step()
    expect((await recorded.items(recorded.jana)).map(({ trackingId }) => trackingId)).not.toContain(
      first?.cve,
    )
  })
})
