/** What people see of matches, and what they do there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAdvisoryPages, textOf } from '../../../../test/advisory-stage.ts'
import { addPerson } from '../../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../../test/match-stage.ts'
import type { Actor } from '../../../platform/access.ts'

let stage: MatchStage
let pages: Awaited<ReturnType<typeof openAdvisoryPages>>
let id: number
let asset: number
let karel: Actor
beforeAll(async () => {
  stage = await openMatchStage()
  pages = await openAdvisoryPages(stage)
  karel = await addPerson(stage.db, 'Karel Ředitel', [['manager', stage.lipova]])
  asset = await stage.own(stage.jana, { ...pump, quantity: '9', department: 'ARO' })
  await stage.own(stage.jana, { ...pump, quantity: '5', department: 'JIP' })
  const source = await stage.sourceOf('Výrobce pump')
  await stage.given(source, { id: 'M-1' })
  await stage.step()
  id = (await stage.items(stage.jana))[0]?.id ?? 0
})
afterAll(async () => {
  await pages?.close()
  await stage.close()
})

const read = async (who: Actor, url: string, lang = 'en') => textOf((await pages.get(who, url, lang)).body)

describe('the list', () => {
  it('says what of ours an advisory concerns, and tells another hospital that nothing waits', async () => {
    expect(await read(stage.jana, '/matches')).toContain('This concerns your 14 items in 2 departments.')
    expect(await read(stage.jana, '/matches', 'cs')).toContain(
      'Týká se 14 kusů vaší techniky ve 2 odděleních.',
    )
    expect(await read(stage.ota, '/matches')).toContain('Nothing of what you run waits for your answer')
    expect(await read(stage.jana, '/matches?state=dealt&q=pumpy')).toContain('Nothing fits that')
    expect(await read(stage.jana, '/matches?q=infusion&safety=1&state=open')).toContain('14 items')
    // What nobody can mean is as if it had not been said.
    expect((await pages.get(stage.jana, '/matches?state=x&after=1')).statusCode).toBe(200)
  })

  it('shows coordinators figures and names that wait, and no item', async () => {
    const page = await read(stage.coordinator, '/matches')
    expect(page).toContain('Nothing waits for your decision')
    expect(page).not.toContain('Infusion')
    expect((await pages.get(stage.coordinator, `/matches/${id}`)).statusCode).toBe(403)
    expect((await pages.get(stage.ota, `/matches/${id}`)).statusCode).toBe(404)
    expect((await pages.get(null, '/matches')).statusCode).toBe(303)
  })
})

describe('the page of a match', () => {
  it('says which devices, where, why, and what to do', async () => {
    const page = await read(stage.jana, `/matches/${id}`)
    expect(page).toContain('This concerns your 14 medical devices in 2 departments.')
    expect(page).toMatch(/Pumpy Infusion 3 2\.1 In the inventory 14 pieces ARO: 9 pieces · JIP: 5 pieces/)
    expect(page).toContain('Install 2.4.')
    expect(page).toMatch(/Why we think so .*&lt; 2\.3/)
    expect(page).toContain('TLP:AMBER')
  })

  it('stands on the page of the advisory for the hospital, and for coordinators as a figure', async () => {
    const advisory = (await stage.items(stage.jana))[0]?.advisory
    expect(await read(stage.jana, `/advisories/${advisory}`)).toContain('This concerns your 14 items')
    expect(await read(stage.ota, `/advisories/${advisory}`)).not.toContain('This concerns')
    expect(await read(stage.coordinator, `/advisories/${advisory}`)).toContain(
      'fewer than five, or not for us to tell',
    )
  })

  it('takes an answer with a day and a count, and refuses what is none', async () => {
    const answer = (fields: Record<string, string>, who = stage.jana) =>
      pages.post(who, `/matches/${id}/answer`, fields)
    expect((await answer({ answer: 'nonsense' })).statusCode).toBe(422)
    const wrong = await answer({ answer: 'mitigated', affected: 'mnoho', note: 'necháme tak' })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('necháme tak')
    expect((await answer({ answer: 'mitigated', plannedOn: '2026-03-20', affected: '9' })).statusCode).toBe(
      303,
    )
    const page = await read(stage.jana, `/matches/${id}`)
    expect(page).toContain('9 affected')
    expect(page).toContain('Jana Nová:')
    // A manager says that he has seen it, and that undoes nothing.
    expect((await answer({ answer: 'seen' }, karel)).headers.location).toContain('done=kept')
    expect((await answer({ answer: 'done' }, karel)).statusCode).toBe(403)
    expect((await answer({ answer: 'done' }, stage.ota)).statusCode).toBe(404)
  })

  it('lets administrators say that it is another product, and take it back', async () => {
    const path = `/matches/${id}/assets/${asset}/decision`
    expect((await pages.post(karel, path, { same: 'no' })).statusCode).toBe(403)
    expect((await pages.post(stage.ota, path, { same: 'no' })).statusCode).toBe(404)
    expect((await pages.post(stage.jana, path, { same: 'maybe' })).statusCode).toBe(422)
    expect((await pages.post(stage.jana, path, { same: 'no', reason: 'x'.repeat(501) })).statusCode).toBe(422)
    expect(
      (await pages.post(stage.jana, `/matches/${id}/assets/999999/decision`, { same: 'no' })).statusCode,
    ).toBe(404)
    await pages.post(stage.jana, path, { same: 'no', reason: 'Jsou to stojany.' })
    const page = await read(stage.jana, `/matches/${id}`)
    expect(page).toContain('Your people said that it is another product.')
    expect(page).toContain('Jana Nová says that it is another product. Reason: Jsou to stojany.')
    await pages.post(stage.jana, `${path}/withdrawal`, {})
    expect(await read(stage.jana, `/matches/${id}`)).toContain('This concerns your 14 medical devices')
    expect((await pages.post(stage.jana, `${path}/withdrawal`, {})).statusCode).toBe(409)
  })
})

describe('programs', () => {
  it('read the list and one, with reasons as sentences', async () => {
    const list = JSON.parse((await pages.get(stage.jana, '/api/v1/matches?state=all')).body)
    expect(list).toMatchObject({ total: 1, next: null, matches: [{ id, pieces: 14, severity: 'critical' }] })
    const one = JSON.parse((await pages.get(stage.jana, `/api/v1/matches/${id}`)).body)
    expect(one.assets[0]).toMatchObject({ product: 'Infusion 3', pieces: 14, decision: null })
    expect(one.assets[0].why.length).toBeGreaterThan(1)
    expect((await pages.get(stage.ota, `/api/v1/matches/${id}`)).statusCode).toBe(404)
  })
})
