/** Written warnings as those who write, approve, read and answer them see them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { create, submit } from '../../src/modules/warnings/written/edit.ts'
import { publish } from '../../src/modules/warnings/written/publish.ts'
import type { Actor } from '../../src/platform/access.ts'
import { addPerson } from '../harness.ts'
import { draftOf } from '../writing.ts'
import { look } from './looking.ts'
import { evening, openStage, type Stage } from './stage.ts'

describe('written warnings', { timeout: 240_000 }, () => {
  let stage: Stage
  let second: Actor
  let published: string
  let waiting: string
  let draft: string

  beforeAll(async () => {
    stage = await openStage(2_000)
    const { db, people } = stage
    second = await addPerson(db, 'Koordinátor Druhý', [['coordinator', null]])
    const begun = () => create(db, people.coordinator, draftOf(), evening)
    const [one, two, three] = [await begun(), await begun(), await begun()]
    await submit(db, one, people.coordinator, evening)
    await submit(db, two, people.coordinator, evening)
    await publish(db, one, second, evening)
    ;[published, waiting, draft] = [one, two, three].map((id) => `/warnings/written/${id}`) as [
      string,
      string,
      string,
    ] // three of three
  }, 300_000)
  afterAll(() => stage?.close())

  it('are sound for who writes and who approves', async () => {
    const { coordinator } = stage.people
    const pages = [
      '/warnings/written',
      '/warnings/written/new',
      `${draft}/edit`,
      `${waiting}/edit`,
      published,
      `${published}/board`,
    ]
    expect(await look(stage, coordinator, [...pages, '/warnings/single-duty'])).toEqual([])
    expect(await look(stage, second, [`${waiting}/edit`])).toEqual([])
  })

  it('are sound for who reads and answers, and for who has none', async () => {
    const { admin, manager, newcomer } = stage.people
    expect(await look(stage, admin, ['/warnings/written', published])).toEqual([])
    expect(await look(stage, manager, [published])).toEqual([])
    expect(await look(stage, newcomer, ['/warnings/written?text=nic'])).toEqual([])
    expect(await look(stage, admin, [draft], 404)).toEqual([])
  })
})
