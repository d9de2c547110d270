import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import { asActor } from '../../../platform/access.ts'
import { beat, outagesSince } from './beat.ts'

const minute = 60_000
const night = Date.parse('2026-03-10T01:00:00Z')

describe('an outage of the installation', () => {
  let stage: Writing
  beforeAll(async () => {
    stage = await openWriting()
  })
  afterAll(async () => {
    await stage.close()
  })
  const outages = () => asActor(stage.db, stage.jana, night, (tx) => outagesSince(tx, night))

  it('is none while some node lives, nor at the first start, nor for a restart', async () => {
    for (const at of [0, 10_000, 5_000, 4 * minute]) expect(await beat(stage.db, night + at)).toBeNull()
    expect(await outages()).toEqual([])
  })

  it('of a quarter of an hour is told once to administrators, those on duty and coordinators, with what to look at', async () => {
    const [from, to] = [night + 4 * minute, night + 24 * minute]
    const both = await Promise.all([beat(stage.db, to), beat(stage.db, to)])
    expect(both.filter((one) => one !== null)).toEqual([{ from, to }])
    expect(await outages()).toEqual([{ from, to }])
    await stage.send(to + minute)
    for (const one of [stage.jana, stage.tomas, stage.karel, stage.kveta])
      expect(stage.to(one).length).toBe(1)
    const [mail] = stage.to(stage.jana)
    expect(mail?.subject).toBe('hSOC 20 min nepracoval')
    expect(mail?.text).toContain('záznamy svého firewallu')
    expect(stage.to(stage.tomas)[0]?.subject).toBe('hSOC was down for 20 min')
  })

  it('of six minutes stands on the page alone', async () => {
    const before = stage.to(stage.jana).length
    const to = night + 30 * minute
    await beat(stage.db, to)
    expect((await outages()).length).toBe(2)
    await stage.send(to + minute)
    expect(stage.to(stage.jana).length).toBe(before)
  })

  it('is nothing that a visitor reads', async () => {
    const visitor = await asActor(stage.db, null, night, (tx) => tx.query('select id from beats')).catch(
      (error: Error) => error.message,
    )
    expect(visitor).toContain('permission denied')
  })
})
