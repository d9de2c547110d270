/** For whom a warning is, as its editor takes it and its page says it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../../../test/harness.ts'
import { openPagesStage, type PagesStage, textOf, type Visitor } from '../../../../../test/warning-pages.ts'
import { draftOf } from '../../../../../test/writing.ts'
import { readDraft } from '../../written/draft.ts'
import { create } from '../../written/edit.ts'
import { publish } from '../../written/publish.ts'
import { typedIn } from './form.ts'

describe('for whom a warning is', () => {
  let stage: PagesStage
  let author: Visitor
  beforeAll(async () => {
    stage = await openPagesStage()
    author = await stage.as(stage.people.coordinator)
  })
  afterAll(() => stage?.close())

  it('says of one for no organisation how many people have it', async () => {
    const { coordinator } = stage.people
    const second = await addPerson(stage.db, 'Druhý Koordinátor', [['coordinator', null]])
    const draft = draftOf({ kind: 'emergency', severity: 4, tlp: 'AMBER', audience: 'coordinators' })
    const id = await create(stage.db, coordinator, draft, tuesday)
    await publish(stage.db, id, second, tuesday)
    const page = textOf((await author.get(`/warnings/written/${id}`)).body)
    expect(page).toContain('2 lidé')
    expect(page).not.toContain('Nikdo to nedostane')
  })

  it('refuses more addresses or organisations than it can hold, and leaves none of them out', async () => {
    const named = Array.from({ length: 501 }, (_, i) => `nikdo${i}@nemocnice.example`).join('\n')
    const { cs } = draftOf().texts
    const fields = { kind: 'info', severity: '2', tlp: 'RED', audience: 'coordinators', cs_title: cs.title }
    const answer = await author.post('/warnings/written', { ...fields, named })
    expect([answer.status, textOf(answer.body)]).toEqual([
      422,
      expect.stringContaining('je toho příliš mnoho'),
    ])
    const body = { orgs: Array.from({ length: 3_000 }, (_, i) => String(i + 1)) }
    const orgs = typedIn(body).orgs.map(Number)
    expect(() => readDraft(draftOf({ audience: 'organisations', orgs }))).toThrow(
      expect.objectContaining({ fields: { orgs: 'many' } }),
    )
    expect(readDraft(draftOf({ audience: 'organisations', orgs: orgs.slice(0, 2_000) })).orgs.length).toBe(
      2_000,
    )
  })
})
