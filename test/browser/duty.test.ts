/** Duties as people use them: on a phone, by who keeps them and who reads. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addRule, beginDuty, change } from '../../src/modules/duty/keep.ts'
import { begin } from '../../src/modules/warnings/oncall/climb.ts'
import { runClimbs } from '../../src/modules/warnings/oncall/run.ts'
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
    const { rows } = await stage.db.engine.query<{ id: number; org: number }>(
      `select id, org_id as org from warnings where org_id is not null and state <> 'closed' and answer = 'pending' order by severity desc limit 2`,
    )
    await asEngine(stage.db, async (tx) => {
      for (const [i, { id: warning, org: whose }] of rows.entries()) {
        const thing = { warning, written: null, org: whose, severity: 4 }
        await begin(tx, { kind: 'member', cause: 'critical', ...thing }, evening - 6 * 60_000)
        if (i === 0) await begin(tx, { kind: 'csirt', cause: 'nobody', ...thing }, evening - 6 * 60_000)
      }
    })
    await runClimbs(stage.db, 'Europe/Prague', evening - 6 * 60_000)
    await runClimbs(stage.db, 'Europe/Prague', evening)
  }, 300_000)
  afterAll(() => stage?.close())

  it('are sound for who keeps them, who reads them, who has none, and coordinators', async () => {
    const { admin, manager, newcomer, coordinator } = stage.people
    expect(await look(stage, admin, ['/duty', '/duty/new', full, empty])).toEqual([])
    expect(await look(stage, manager, ['/duty', full])).toEqual([])
    expect(await look(stage, newcomer, ['/duty'])).toEqual([])
    expect(await look(stage, coordinator, ['/duty', full])).toEqual([])
  })

  it('by days, in a calendar, with their escalations and what is under way are sound too', async () => {
    const { admin, manager, newcomer, coordinator } = stage.people
    const org = stage.hospitals[0]?.id ?? 0
    const steps = `/duty/policies/${org}/member`
    const days = `${full}/calendar`
    const month = [
      days,
      `${days}?view=week&day=2026-10-25`,
      '/duty/feeds',
      '/duty/policies',
      steps,
      '/oncall',
    ]
    expect(await look(stage, admin, month)).toEqual([])
    expect(await look(stage, manager, [days, steps, '/oncall'])).toEqual([])
    expect(await look(stage, newcomer, ['/duty/feeds', '/oncall'])).toEqual([])
    expect(await look(stage, coordinator, ['/duty/policies', '/duty/policies/csirt', '/oncall'])).toEqual([])
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
