import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { type Happening, hostOf, openStage, type Stage } from '../../../test/warning-stage.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { checkVolumes } from './check-volumes.ts'
import { eventsOf, listWarnings } from './queries.ts'
import { change } from './rules.ts'
import { type Span, sectorEventsOf } from './sector-events.ts'
import type { WarningRow } from './types.ts'

const minute = 60_000
const day = 24 * 60 * minute

describe('one kind far above the sector’s usual hour', () => {
  let stage: Stage
  let coordinator: Actor
  beforeAll(async () => {
    stage = await openStage(6)
    coordinator = await addPerson(stage.db, 'Jana Dohledová', [['coordinator', null]])
    await change(stage.db, coordinator, 'W2', { params: { sectorEvents: 100 } }, 'malý sektor', tuesday - day)
    for (let d = 7; d >= 1; d--) await stage.happen(spread(10, tuesday - d * day), tuesday - d * day + 5000)
    await stage.happen(spread(300, tuesday), tuesday + 5000)
    await checkVolumes(stage.db, tuesday + minute)
  })
  afterAll(() => stage.db.drop())

  const spread = (n: number, at: number): Happening[] =>
    Array.from({ length: n }, (_, i) => ({
      at: at + i * 100,
      source: `198.51.100.${(i % 50) + 1}`,
      target: hostOf(i % 6),
    }))
  const kind = async (): Promise<WarningRow> => {
    const all = await asActor(stage.db, coordinator, tuesday, (tx) => listWarnings(tx, {}, null))
    const found = all.find((one) => one.title.words === 'W2-kind')
    if (!found) throw new Error('no row of one kind')
    return found
  }
  const listed = async (
    reader: Actor | null,
    cursor: Parameters<typeof eventsOf>[2] = null,
    limit = 1000,
  ) => {
    const { id } = await kind()
    return asActor(stage.db, reader, tuesday, (tx) => eventsOf(tx, id, cursor, limit))
  }

  it('opens as many events as it counts, page by page', async () => {
    expect(await kind()).toMatchObject({ org: null, events: 300 })
    expect(await listed(coordinator)).toHaveLength(300)
    const [newest, second, third] = await listed(coordinator, null, 3)
    expect(newest).toMatchObject({ source: '198.51.100.50', host: hostOf(5), side: 2, port: 22 })
    expect(second && (await listed(coordinator, second, 1))).toEqual([third])
    await stage.happen(spread(300, tuesday + 10 * minute), tuesday + 11 * minute)
    await checkVolumes(stage.db, tuesday + 12 * minute)
    expect(await kind()).toMatchObject({ events: 600 })
    expect(await listed(coordinator)).toHaveLength(600)
  })

  it('opens nothing to members, operators and visitors, whether they ask by the row or past it', async () => {
    const { id } = await kind()
    const { rows } = await stage.db.engine.query<Span>(
      `select 0 as org, 2 as side, lane, null as key, family_id as family, floor(extract(epoch from first_at) / 3600)::int as first,
         floor(extract(epoch from last_at) / 3600)::int as last from warnings where id = $1`,
      [id],
    )
    const behind = (who: Actor | null) =>
      asActor(stage.db, who, tuesday, (tx) => sectorEventsOf(tx, rows[0] as Span, null, 1000))
    expect(await behind(coordinator)).not.toEqual([])
    const admin = await addPerson(stage.db, 'Adam Správce', [['admin', stage.hospitals[0] ?? null]])
    const operator = await addPerson(stage.db, 'Oto Provozní', [['operator', null]])
    for (const who of [admin, operator, null])
      expect([who?.name, await listed(who), await behind(who)]).toEqual([who?.name, [], []])
  })
})
