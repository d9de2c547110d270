import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import { asActor } from '../../../platform/access.ts'
import { declare } from '../written/duty.ts'
import { judge, publish } from '../written/publish.ts'
import type { Draft } from '../written/types.ts'
import { beginDue } from './begin-due.ts'
import { climbs } from './board.ts'
import { runClimbs } from './run.ts'

const minute = 60_000
const hour = 60 * minute
const emergency: Partial<Draft> = { kind: 'emergency', severity: 4 }

describe('an emergency that somebody wrote', () => {
  let stage: Writing
  beforeAll(async () => {
    stage = await openWriting()
  })
  afterAll(() => stage.close())
  beforeEach(async () => {
    await stage.db.engine.query(
      'update oncall_climbs set ended_at = now(), state = $1, ended_why = $2, next_at = null',
      ['ended', 'over'],
    )
    await stage.clear()
  })
  const pass = async (at: number): Promise<void> => {
    await beginDue(stage.db, at)
    await runClimbs(stage.db, 'Europe/Prague', at)
    await stage.send(at)
  }
  const board = () => asActor(stage.db, stage.karel, tuesday, climbs)

  it('climbs nowhere: those whom it asks are called up their steps by a roll-call (emergency)', async () => {
    await publish(stage.db, await stage.written(emergency), stage.kveta, tuesday)
    for (let at = tuesday; at <= tuesday + 31 * minute; at += minute) await pass(at)
    expect(await board()).toEqual([])
    expect([stage.to(stage.jana).length, stage.to(stage.tomas).length]).toEqual([1, 1])
  })

  it('of lower severity has its own clock (written/clocks.ts) and climbs nowhere either', async () => {
    await stage.published({ severity: 3 })
    await pass(tuesday + minute)
    expect(await board()).toEqual([])
  })

  it('whose review is overdue calls the coordinators until somebody reviews it', async () => {
    const reviews = async () => (await board()).filter(({ cause }) => cause === 'review').length
    const reason = 'Noc, Květa je na dovolené'
    const times = { startsAt: tuesday + hour, endsAt: tuesday + 9 * hour, reason }
    await declare(stage.db, stage.karel, times, tuesday)
    const id = await stage.written(emergency)
    const night = tuesday + 2 * hour
    await publish(stage.db, id, stage.karel, night)
    await pass(night + 24 * hour - 1)
    expect(await reviews()).toBe(0)
    await pass(night + 24 * hour)
    expect(await reviews()).toBe(1)
    expect(stage.to(stage.kveta).at(-1)?.text).toContain('nikdo další neposoudil')
    await judge(stage.db, id, stage.kveta, night + 25 * hour)
    await pass(night + 25 * hour)
    expect(await reviews()).toBe(0)
  })
})
