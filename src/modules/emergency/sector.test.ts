import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Calling, minute, openCalling } from '../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { answer } from './answer.ts'
import { figuresOf } from './figures.ts'
import { getBroadcast, linesOf } from './read.ts'

const members = 46

describe('a call of the whole sector', () => {
  let stage: Calling
  const hospitals: { hospital: Hospital; duty: Actor }[] = []
  beforeAll(async () => {
    stage = await openCalling()
    for (let i = 1; i <= members; i++) {
      const hospital = await stage.hospital(`Nemocnice číslo ${i}`)
      const duty = await stage.person(`Služba ${i}`, [['duty', hospital]])
      await stage.person(`Vedení ${i}`, [['manager', hospital]])
      hospitals.push({ hospital, duty })
    }
  })
  afterAll(() => stage.close())

  it('goes through its four steps; who answers is left in peace, and all others go on', async () => {
    const id = await stage.released()
    const answering = async (from: number, to: number, now: number): Promise<void> => {
      for (const { hospital, duty } of hospitals.slice(from, to))
        await asEngine(stage.db, (tx) =>
          answer(tx, id, { org: hospital.id, code: '1', note: '', via: 'page' }, duty, now),
        )
    }
    await stage.tick(tuesday)
    expect(stage.office.mails).toHaveLength(members)
    await answering(0, 20, tuesday + 5 * minute)
    await stage.tick(tuesday + 10 * minute)
    expect(stage.office.mails).toHaveLength(members + 26)
    await answering(20, 30, tuesday + 15 * minute)
    await stage.tick(tuesday + 20 * minute)
    expect(stage.office.mails).toHaveLength(members + 26 + 2 * 16)
    await answering(30, 40, tuesday + 25 * minute)
    await stage.tick(tuesday + 30 * minute)
    const lines = await asEngine(stage.db, (tx) => linesOf(tx, id))
    expect(lines.filter(({ state }) => state === 'handed_to_operator')).toHaveLength(6)
    expect(lines.slice(0, 6).every(({ state }) => state === 'handed_to_operator')).toBe(true)
    const figures = figuresOf(await asEngine(stage.db, (tx) => getBroadcast(tx, id)), lines)
    expect(figures).toMatchObject({ asked: members, answered: 40, inTime: 40, silent: 6, median: 5 })
    const { rows } = await stage.db.engine.query<{ n: number }>(
      `select count(*)::int as n from (select 1 from rollcall_attempts group by org_id, step, round, channel, address having count(*) > 1) twice`,
    )
    expect(rows[0]?.n).toBe(0)
  })
})
