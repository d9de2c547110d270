/** From an advisory to a warning, and what becomes of it when the advisory changes. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type AdvisoryStage,
  openAdvisoryPages,
  openAdvisoryStage,
  textOf,
} from '../../../../../test/advisory-stage.ts'
import { addPerson, tuesday } from '../../../../../test/harness.ts'
import { type Actor, asActor } from '../../../../platform/access.ts'
import { Invalid, WrongState } from '../../../../platform/errors.ts'
import { save, submit } from '../../written/edit.ts'
import { makeOfAdvisory, takeUp } from '../../written/from-advisory.ts'
import { publish } from '../../written/publish.ts'
import { versionOf } from '../../written/read.ts'
import type { Version } from '../../written/types.ts'

let stage: AdvisoryStage
let pages: Awaited<ReturnType<typeof openAdvisoryPages>>
let source: number
let kveta: Actor
beforeAll(async () => {
  stage = await openAdvisoryStage()
  pages = await openAdvisoryPages(stage)
  source = await stage.sourceOf('Výrobce pump')
  kveta = await addPerson(stage.db, 'Květa Koordinátorka', [['coordinator', null]])
})
afterAll(async () => {
  await pages?.close()
  await stage.db.drop()
})

const working = async (id: number, which: 'working' | 'published' = 'working'): Promise<Version> => {
  const found = await asActor(stage.db, stage.coordinator, tuesday, (tx) => versionOf(tx, id, which))
  if (!found) throw new Error('there is no such version')
  return found
}
const idIn = (location: unknown): number => Number(/written\/(\d+)/.exec(String(location))?.[1])

it('a coordinator makes a draft of an advisory, with its products, remedy, label and the way back', async () => {
  const advisory = (await stage.given(source, { id: 'W-1', tlp: 'GREEN' })).id
  expect(textOf((await pages.get(stage.coordinator, `/advisories/${advisory}`, 'en')).body)).toContain(
    'Make a warning of it',
  )
  expect(textOf((await pages.get(stage.member, `/advisories/${advisory}`, 'en')).body)).not.toContain(
    'Make a warning of it',
  )
  expect((await pages.post(stage.member, `/advisories/${advisory}/warning`, {})).statusCode).toBe(403)
  const made = await pages.post(stage.coordinator, `/advisories/${advisory}/warning`, {})
  expect(made.statusCode).toBe(303)
  const version = await working(idIn(made.headers.location))
  expect(version).toMatchObject({
    ...{ state: 'draft', kind: 'vulnerability', severity: 3, tlp: 'GREEN', audience: 'all_members' },
    advisory: { id: advisory, seq: 1 },
  })
  expect(version.texts.cs.title).toContain('Pumpy Infusion 3')
  expect(version.texts.cs.concerns).toContain('Týká se vás, pokud provozujete:\n- Pumpy Infusion 3 < 2.3')
  expect(version.texts.en.todo).toContain('Install 2.4.')
  expect(version.refs).toContain(`/advisories/${advisory}`)
  // Made once.
  await expect(makeOfAdvisory(pages.context, advisory ?? 0, kveta, tuesday)).rejects.toThrow(WrongState)
})

it('a warning is never wider than its advisory, also when that is narrowed later', async () => {
  const advisory = (await stage.given(source, { id: 'W-2', tlp: 'AMBER' })).id
  const id = await makeOfAdvisory(pages.context, advisory ?? 0, stage.coordinator, tuesday)
  const draft = await working(id)
  expect(draft).toMatchObject({ tlp: 'AMBER', audience: 'coordinators' })
  const wider = save(stage.db, id, stage.coordinator, { ...draft, tlp: 'GREEN', translated: true }, tuesday)
  await expect(wider).rejects.toThrow(Invalid)
  const open = (await stage.given(source, { id: 'W-3' })).id
  const other = await makeOfAdvisory(pages.context, open ?? 0, stage.coordinator, tuesday)
  await submit(stage.db, other, stage.coordinator, tuesday)
  await stage.given(source, { id: 'W-3', version: '2', tlp: 'AMBER', revisedAt: tuesday })
  await expect(publish(stage.db, other, kveta, tuesday)).rejects.toThrow(Invalid)
})

it('a newer version of the advisory stands on the warning with its difference, and one button begins the next', async () => {
  const advisory = (await stage.given(source, { id: 'W-4' })).id ?? 0
  const id = await makeOfAdvisory(pages.context, advisory, stage.coordinator, tuesday)
  const edit = `/warnings/written/${id}/edit`
  expect(textOf((await pages.get(stage.coordinator, edit, 'en')).body)).not.toContain('has a newer version')
  await submit(stage.db, id, stage.coordinator, tuesday)
  await publish(stage.db, id, kveta, tuesday)
  await stage.given(source, { id: 'W-4', version: '2', versions: '<2.4', revisedAt: tuesday })
  const shown = async (who: Actor) => textOf((await pages.get(who, `/warnings/written/${id}`, 'en')).body)
  expect(await shown(stage.coordinator)).toContain('has a newer version 2')
  expect(await shown(stage.coordinator)).toMatch(/affected Added: Pumpy Infusion 3 &lt; 2\.4/)
  expect(await shown(stage.member)).not.toContain('has a newer version')
  expect((await pages.post(stage.member, `/warnings/written/${id}/advisory`, {})).statusCode).toBe(403)
  expect((await pages.post(stage.coordinator, `/warnings/written/${id}/advisory`, {})).headers.location).toBe(
    edit,
  )
  expect(await working(id)).toMatchObject({ no: 2, advisory: { id: advisory, seq: 2 } })
  expect((await working(id)).changeNote).toContain('W-4')
  expect(await working(id, 'published')).toMatchObject({ no: 1, advisory: { seq: 1 } })
  const writing = textOf((await pages.get(stage.coordinator, edit, 'en')).body)
  expect(writing).toContain('This draft takes it up.')
  expect(writing).toContain('Pumpy Infusion 3 &lt; 2.4')
  await expect(takeUp(pages.context, id, stage.coordinator, tuesday)).rejects.toThrow(WrongState)
})

it('a draft says that its advisory was withdrawn', async () => {
  const advisory = (await stage.given(source, { id: 'W-5' })).id ?? 0
  const id = await makeOfAdvisory(pages.context, advisory, stage.coordinator, tuesday)
  await stage.given(source, { id: 'W-5', version: '2', title: 'Withdrawn: Pumpy', revisedAt: tuesday })
  const page = textOf((await pages.get(stage.coordinator, `/warnings/written/${id}/edit`, 'en')).body)
  expect(page).toContain('was withdrawn by its publisher in version 2')
  await takeUp(pages.context, id, stage.coordinator, tuesday)
  expect(await working(id)).toMatchObject({ no: 1, advisory: { seq: 2 } })
})
