import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../../../test/harness.ts'
import { seenIn, shownIn } from '../../../../../test/seen.ts'
import { openPagesStage, type PagesStage, textOf, type Visitor } from '../../../../../test/warning-pages.ts'
import { draftOf } from '../../../../../test/writing.ts'
import { asActor } from '../../../../platform/access.ts'
import { change, create, save, sendBack, submit } from '../../written/edit.ts'
import { publish } from '../../written/publish.ts'
import { getWritten, versionOf } from '../../written/read.ts'
import { typedOf } from './form.ts'

/** A draft as its editor's form sends it. */
function formOf(more: Parameters<typeof draftOf>[0] = {}): Record<string, string> {
  const { cs, en, ...typed } = typedOf(draftOf(more), [])
  const { kind, severity, tlp, audience, refs } = typed
  const texts = Object.entries({ cs, en }).flatMap(([lang, text]) =>
    Object.entries(text).map(([part, value]) => [`${lang}_${part}`, value]),
  )
  return { kind, severity, tlp, audience, refs, all: '1', ...Object.fromEntries(texts) }
}

const said = (todo: string) => {
  const { texts } = draftOf()
  return { texts: { ...texts, cs: { ...texts.cs, todo } } }
}

describe('nobody confirms, or writes over, what they have not seen', () => {
  let stage: PagesStage
  let karel: PagesStage['people']['coordinator']
  let kveta: typeof karel
  let author: Visitor
  let approver: Visitor
  beforeAll(async () => {
    stage = await openPagesStage()
    karel = stage.people.coordinator
    kveta = await addPerson(stage.db, 'Květa Koordinátorka', [['coordinator', null]])
    author = await stage.as(karel)
    approver = await stage.as(kveta)
  })
  afterAll(() => stage?.close())

  const pathOf = (id: number): string => `/warnings/written/${id}`
  const stateOf = (id: number) =>
    asActor(stage.db, karel, tuesday, async (tx) => ({
      state: (await getWritten(tx, id)).state,
      out: (await versionOf(tx, id, 'published'))?.texts.cs.todo,
      working: (await versionOf(tx, id, 'working'))?.texts.cs.todo,
    }))

  it('publishing: a draft taken back, changed and handed in again', async () => {
    const id = await create(stage.db, karel, draftOf(), tuesday)
    await submit(stage.db, id, karel, tuesday)
    const shown = shownIn((await approver.get(`${pathOf(id)}/edit`)).body, 'publication')
    expect(shown.seen).not.toBe('')
    await sendBack(stage.db, id, karel, 'Ještě oprava.', tuesday)
    await save(stage.db, id, karel, draftOf(said('Plaťte výkupné.')), tuesday)
    await submit(stage.db, id, karel, tuesday)
    const late = await approver.post(`${pathOf(id)}/publication`, shown)
    expect(late.status).toBe(409)
    expect(textOf(late.body)).toContain('Změnilo se: Co udělat a dokdy (česky).')
    // What they saw and what stands there now, side by side.
    expect(late.body).toMatch(new RegExp(`<del>.*${draftOf().texts.cs.todo}.*<ins>.*Plaťte výkupné.`, 's'))
    const { seen, saw } = shown
    for (const forged of [
      { seen, saw: '' },
      { seen, saw: 'x' },
      { seen: 'x:y', saw },
    ]) {
      const page = await approver.post(`${pathOf(id)}/publication`, forged)
      expect([page.status, page.body.includes('<del>')]).toEqual([409, false])
    }
    for (const odd of ['', 'x', 'version:'.repeat(9_000)])
      expect((await approver.post(`${pathOf(id)}/publication`, { seen: odd })).status).toBe(409)
    expect((await approver.post(`${pathOf(id)}/publication`)).status).toBe(409)
    expect((await stateOf(id)).state).toBe('review')
    const again = { seen: seenIn(late.body, 'publication') }
    expect((await approver.post(`${pathOf(id)}/publication`, again)).status).toBe(303)
    expect(await stateOf(id)).toMatchObject({ state: 'published', out: 'Plaťte výkupné.' })
  })

  it('publishing: the same text with another audience, or with indicators chosen meanwhile', async () => {
    const id = await create(stage.db, karel, draftOf({ kind: 'emergency', severity: 4 }), tuesday)
    const shown = shownIn((await approver.get(`${pathOf(id)}/edit`)).body, 'publication')
    const narrower = draftOf({ kind: 'emergency', severity: 4, tlp: 'AMBER', audience: 'coordinators' })
    await save(stage.db, id, karel, narrower, tuesday)
    const late = await approver.post(`${pathOf(id)}/publication`, shown)
    expect([late.status, textOf(late.body)]).toEqual([409, expect.stringContaining('TLP a Pro koho')])
    expect(textOf(late.body)).toMatch(/Pro koho.*všichni členové.*jen koordinátoři/)
    const fresh = shownIn(late.body, 'publication')
    await author.post(`${pathOf(id)}/indicators`, {
      deed: 'keep',
      take: 'evil.example',
      seen: seenIn((await author.get(`${pathOf(id)}/indicators`)).body, 'indicators'),
    })
    const chosen = await approver.post(`${pathOf(id)}/publication`, fresh)
    expect([chosen.status, textOf(chosen.body)]).toEqual([
      409,
      expect.stringContaining('Změnilo se: Indikátory.'),
    ])
    expect(chosen.body).toMatch(/<del>.*–.*<ins>.*evil\.example/s)
    expect((await stateOf(id)).state).toBe('draft')
  })

  it('revoking and reviewing: a new version came out meanwhile, or revocation was asked for another reason', async () => {
    const id = await create(stage.db, karel, draftOf(), tuesday)
    await submit(stage.db, id, karel, tuesday)
    await publish(stage.db, id, kveta, tuesday)
    const first = seenIn((await author.get(pathOf(id))).body, 'revocation')
    expect((await author.post(`${pathOf(id)}/revocation`, { reason: 'Omyl.', seen: first })).status).toBe(303)
    const late = await approver.post(`${pathOf(id)}/revocation`, { reason: 'Omyl.', seen: first })
    expect([late.status, textOf(late.body)]).toEqual([409, expect.stringContaining('Změnilo se: Důvod.')])
    const seen = seenIn(late.body, 'revocation')
    await change(stage.db, id, karel, tuesday)
    // Whoever revokes is told beforehand of the change that is being written.
    expect(textOf((await approver.get(pathOf(id))).body)).toMatch(/Změnu tohoto varování píše .*, od: /)
    await save(stage.db, id, karel, draftOf({ ...said('Opravená rada.'), changeNote: 'Oprava.' }), tuesday)
    await submit(stage.db, id, karel, tuesday)
    await publish(stage.db, id, kveta, tuesday)
    const other = await approver.post(`${pathOf(id)}/revocation`, { reason: 'Omyl.', seen })
    expect([other.status, other.body.includes('Opravená rada.')]).toEqual([409, true])
    expect((await stateOf(id)).state).toBe('published')
    const odd = await approver.post(`${pathOf(id)}/judgement`, { seen: '' })
    expect(odd.status).toBe(403)
    expect((await author.post(`${pathOf(id)}/judgement`, { seen: first })).status).toBe(409)
  })

  it('saving: two who edit one draft; what the second typed stays, and what the first kept is shown', async () => {
    const id = await create(stage.db, karel, draftOf(), tuesday)
    const page = (await author.get(`${pathOf(id)}/edit`)).body
    const was = draftOf().texts.cs.todo
    const other = (await approver.get(`${pathOf(id)}/edit`)).body
    const path = `${pathOf(id)}/draft`
    const first = { ...formOf(said('Vypněte VPN.')), seen: seenIn(page, 'draft') }
    expect((await author.post(path, first)).status).toBe(303)
    // A mistake in between does not make the other's text seen.
    const mistake = await approver.post(path, {
      ...formOf(said('Změňte hesla.')),
      actionBy: 'zítra',
      ...shownIn(other, 'draft'),
    })
    expect(mistake.status).toBe(422)
    const mine = { ...formOf(said('Změňte hesla.')), ...shownIn(mistake.body, 'draft') }
    const second = await approver.post(path, mine)
    expect(second.status).toBe(409)
    expect(second.body).toMatch(/<textarea[^>]*name="cs_todo"[^>]*>Změňte hesla\./)
    expect(second.body).toMatch(new RegExp(`<del>.*${was}.*<ins>.*Vypněte VPN`, 's'))
    expect(second.body).toMatch(/<del>.*Změňte hesla\..*<ins>.*Vypněte VPN\./s)
    expect(textOf(second.body)).toContain('Mezitím to uložil někdo jiný (')
    expect((await stateOf(id)).working).toBe('Vypněte VPN.')
    expect((await approver.post(path, { ...mine, seen: seenIn(second.body, 'draft') })).status).toBe(303)
    expect((await stateOf(id)).working).toBe('Změňte hesla.')
    expect((await author.post(path, formOf())).status).toBe(409)
  })
})
