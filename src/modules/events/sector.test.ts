/** The sector for members: told from five organisations on, in nothing that concerns fewer, and to nobody else's rows. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { hostOf, openStage, type Stage } from '../../../test/warning-stage.ts'
import { asActor } from '../../platform/access.ts'
import { publishable } from '../../values/cells.ts'
import { sectorDay } from './queries/index.ts'
import { publishSector } from './sector.ts'

const zone = 'Europe/Prague'
const day = '2026-03-03'
let stage: Stage
beforeEach(async () => {
  stage = await openStage(8)
})
afterEach(() => stage.db.drop())

/** What a member reads after a source came to the first `count` hospitals by one kind, and to the first by another. */
async function told(count: number) {
  const hits = Array.from({ length: count }, (_, n) => ({ source: '198.51.100.7', target: hostOf(n) }))
  await stage.happen([...hits, { source: '198.51.100.8', target: hostOf(0), category: 'Attempt.Exploit' }])
  await publishSector(stage.db, zone, tuesday)
  const member = await addPerson(stage.db, 'Jan Správce', [['admin', stage.hospitals[0] ?? null]])
  const figures = await asActor(stage.db, member, tuesday, (tx) => sectorDay(tx, { day, zone }))
  const rows = await asActor(stage.db, member, tuesday, async (tx) =>
    (await tx.query('select distinct org_id from totals')).rows.map((row) => row.org_id),
  )
  return { figures, rows, own: stage.hospitals[0]?.id }
}

describe('the sector as a member sees it', () => {
  it('says nothing of four organisations', async () => {
    const { figures, rows, own } = await told(4)
    expect(figures).toBeNull()
    expect(rows).toEqual([own])
  })

  it('speaks from five on, and of no kind that fewer met', async () => {
    const { figures, rows, own } = await told(5)
    expect(figures).toMatchObject({ events: 6, sources: 2, members_from: 5, incomplete: true })
    // Beside the one kind that may be told the hidden one would be had by subtraction.
    expect(figures?.by_class).toEqual([])
    expect(rows).toEqual([own])
  })
})

describe('what may stand beside a published total', () => {
  const cell = (item: string, orgs: number, events = 10) => ({
    item,
    events,
    orgs: Array.from({ length: orgs }, (_, n) => n + 1),
  })
  it.each([
    ['four and many', [cell('few', 4), cell('many', 8)], []],
    ['five and many', [cell('five', 5), cell('many', 8)], ['five', 'many']],
    [
      'one hidden takes the next smallest with it',
      [cell('few', 4), cell('five', 5), cell('many', 8)],
      ['many'],
    ],
    [
      'two hidden of five together',
      [cell('a', 2), { item: 'b', events: 1, orgs: [7, 8, 9] }, cell('many', 8)],
      ['many'],
    ],
    ['nothing of the kind that nobody met', [cell('none', 0), cell('many', 8)], ['none', 'many']],
  ])('%s', (_, cells, open) => {
    expect([...publishable(cells)].sort()).toEqual([...open].sort())
  })
})
