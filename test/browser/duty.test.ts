/** Duties as people use them: on a phone, by who keeps them and who reads. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addRule, beginDuty, change } from '../../src/modules/duty/keep.ts'
import { asEngine } from '../../src/platform/database.ts'
import { look } from './looking.ts'
import { evening, openStage, type Stage } from './stage.ts'

const hour = 3_600_000

describe('duties', { timeout: 240_000 }, () => {
  let stage: Stage
  let full: string
  let empty: string

  beforeAll(async () => {
    stage = await openStage(2_000)
    const { admin, two, manager } = stage.people
    const org = stage.hospitals[0]?.id ?? 0
    ;[full, empty] = await asEngine(stage.db, async (tx) => {
      const begin = (name: string) => beginDuty(tx, { org, name, holidays: 'sunday' }, admin, evening)
      const [duty, bare] = [await begin('Pohotovost IT'), await begin('Servis přístrojů')]
      const week = { weekdays: [1, 2, 3, 4, 5, 6, 7] as const, from: '07:00', to: '07:00' }
      const rotation = { kind: 'weekly', length: 1, start: '2026-03-02T07:00' } as const
      const people = [admin.person, two.person, manager.person]
      await addRule(tx, duty, { ...week, weekdays: [...week.weekdays], rotation, people }, admin, evening)
      const leave = { kind: 'replace', person: admin.person, standIn: two.person, note: 'dovolená' } as const
      await change(tx, duty, { ...leave, from: evening, to: evening + 20 * hour }, admin, evening)
      return [`/duty/${duty}`, `/duty/${bare}`]
    })
  }, 300_000)
  afterAll(() => stage?.close())

  it('are sound for who keeps them, who reads them, who has none, and coordinators', async () => {
    const { admin, manager, newcomer, coordinator } = stage.people
    expect(await look(stage, admin, ['/duty', '/duty/new', full, empty])).toEqual([])
    expect(await look(stage, manager, ['/duty', full])).toEqual([])
    expect(await look(stage, newcomer, ['/duty'])).toEqual([])
    expect(await look(stage, coordinator, ['/duty', full])).toEqual([])
  })

  it('get a rule by keyboard and form alone', async () => {
    const { page, context } = await stage.open(stage.people.admin, { width: 360, script: false })
    await page.goto(stage.base + empty)
    await page.getByLabel('1. v pořadí').selectOption({ label: stage.people.two.name })
    await page.getByRole('button', { name: 'Přidat pravidlo' }).press('Enter')
    expect(await page.getByText('Pravidlo je přidáno.').count()).toBe(1)
    expect(await page.getByText(`Právě slouží: ${stage.people.two.name}`).count()).toBe(1)
    await context.close()
  })
})
