/** The limit of single mails a day: a flood of advisories wakes nobody twenty-one times, and nothing of it is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../test/match-stage.ts'
import { asEngine } from '../../platform/database.ts'
import { takeKev } from '../advisories/kev.ts'
import { readKev } from '../advisories/kev-read.ts'
import { dailyLimit } from '../channels/index.ts'

let stage: MatchStage
let kev: number
beforeAll(async () => {
  stage = await openMatchStage()
  kev = await stage.sourceOf('KEV', 'CLEAR', 'kev')
  await stage.own(stage.jana, pump)
  await stage.own(stage.ota, { ...pump, product: 'Kapka 500' })
  await stage.step()
})
afterAll(() => stage.close())

const day = 24 * 3_600_000
/** Half past seven in Prague on the Wednesday, when the digest goes. */
const wednesday = tuesday - 1.5 * 3_600_000 + day
const most = 25
const names = Array.from({ length: most }, (_, i) => `Pumpy chyba ${String(i + 1).padStart(2, '0')}`)
const bodies = (from = 0) =>
  stage
    .mailsTo(stage.jana)
    .slice(from)
    .map(({ subject, text }) => `${subject}\n${text}`)
const namedIn = (texts: string[]) => names.filter((name) => texts.some((text) => text.includes(name)))

/** The catalogue with these names as high entries of what the first hospital has. */
const take = (now: number, entries: string[]) => {
  const edition = readKev({
    catalogVersion: new Date(now).toISOString(),
    vulnerabilities: entries.map((vulnerabilityName, i) => ({
      ...{ cveID: `CVE-2026-${20_000 + i}`, vendorProject: 'Pumpy', product: 'Infusion 3' },
      ...{ vulnerabilityName, dateAdded: '2026-03-02', requiredAction: 'Install.' },
    })),
  })
  return asEngine(stage.db, (tx) => takeKev(tx, edition, { id: kev, tlp: 'CLEAR' }, now))
}

describe('a day with more high advisories than the limit', () => {
  it('brings as many mails as the limit allows, and holds back the rest with its reason', async () => {
    await take(tuesday, names)
    await stage.step()
    await stage.send()
    expect(await stage.items(stage.jana)).toHaveLength(most)
    expect(bodies()).toHaveLength(dailyLimit)
    const said = await stage.messages()
    expect(said.filter((one) => one === 'new held budget')).toHaveLength(most - dailyLimit)
    expect(stage.mailsTo(stage.ota)).toEqual([])
  })

  it('still lets a critical one through at once', async () => {
    const source = await stage.sourceOf('Výrobce pump')
    await stage.given(source, { id: 'B-1', title: 'Pumpy: kritická' })
    await stage.step()
    await stage.send()
    expect(bodies(dailyLimit)).toHaveLength(1)
    expect(bodies(dailyLimit)[0]).toContain('Pumpy: kritická')
  })

  it('puts the rest into the next digest, saying how many and why, so that nothing is lost', async () => {
    await stage.send(wednesday)
    const [digest, ...more] = bodies(dailyLimit + 1)
    expect(more).toEqual([])
    expect(digest).toContain(`${most - dailyLimit} zpráv`)
    expect(digest).toContain(
      `${stage.lipova.name}: denní strop ${dailyLimit} samostatných zpráv byl vyčerpán, ${most - dailyLimit} zpráv je proto jen v tomto souhrnu.`,
    )
    expect(digest?.split('denní strop samostatných zpráv')).toHaveLength(most - dailyLimit + 1)
    expect(digest).toContain('aspoň jedna čeká na vaši odpověď')
    const singly = namedIn(bodies().slice(0, dailyLimit))
    const later = namedIn([digest ?? ''])
    expect(singly).toHaveLength(dailyLimit)
    expect([...singly, ...later].sort()).toEqual(names)
    const { rows } = await stage.db.engine.query<{ state: string }>(
      'select distinct state from deliveries where match_id is not null order by 1',
    )
    expect(rows.map(({ state }) => state)).toEqual(['digested', 'sent'])
  })

  it('is a limit of that day: the next morning a new one comes singly again', async () => {
    const before = bodies().length
    await take(wednesday, [...names, 'Pumpy středeční'])
    await stage.step(wednesday)
    await stage.send(wednesday)
    expect(bodies(before)).toHaveLength(1)
    expect(bodies(before)[0]).toContain('Pumpy středeční')
  })

  it('leaves out of the digest what fell away meanwhile, and what was told singly since', async () => {
    const before = bodies().length
    const source = await stage.sourceOf('Výrobce kapek')
    for (const [id, title] of [
      ['B-3', 'Pumpy: odvolaná'],
      ['B-4', 'Pumpy: horší'],
      ['B-5', 'Pumpy: stejná'],
    ])
      await stage.given(source, { ...{ id, title, base: 6.5, cve: 'CVE-2026-20999' } })
    await stage.step(wednesday + 1)
    const next = { version: '2', revisedAt: tuesday, cve: 'CVE-2026-20999' }
    await stage.given(source, { ...next, id: 'B-3', title: 'WITHDRAWN: Pumpy: odvolaná', base: 6.5 })
    await stage.given(source, { ...next, id: 'B-4', title: 'Pumpy: horší' })
    await stage.step(wednesday + 2)
    await stage.send(wednesday + 3)
    expect(bodies(before)).toHaveLength(1)
    expect(bodies(before)[0]).toContain('Pumpy: horší')
    await stage.send(wednesday + day)
    const [digest] = bodies(before + 1)
    expect(digest).toContain('Pumpy: stejná')
    expect(digest).not.toContain('Pumpy: horší')
    expect(digest).not.toContain('odvolaná')
  })
})
