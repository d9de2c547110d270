import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import answer from './fixtures/eve-answer.json' with { type: 'json' }
import { readRecords, type SensorFacts, toIdea } from './index.ts'

const receivedMs = Date.UTC(2026, 2, 3, 8, 0, 0)
const listening: SensorFacts = { name: 'cz.hsoc.nem_a.suri1', inline: false, receivedMs }

const question = {
  ...answer,
  flow: undefined,
  direction: undefined,
  alert: { ...answer.alert, action: 'allowed' },
}

describe('drops beside alerts', () => {
  const drop = { ...answer, event_type: 'drop', alert: undefined, drop: { reason: 'rules' } }
  const ids = async (records: object[]) => {
    async function* body() {
      yield Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    }
    const found: string[] = []
    let echoes = 0
    for await (const item of readRecords(body(), { format: 'eve' })) {
      const outcome = toIdea('eve', item, listening)
      if ('idea' in outcome) found.push(String(outcome.idea.ID))
      else if ('skip' in outcome && outcome.skip === 'drop-of-alert') echoes += 1
    }
    return { found: found.sort(), echoes }
  }
  const other = (n: number) => ({ ...answer, flow_id: 1000 + n, src_port: 20000 + n, event_type: 'flow' })
  const filler = (count: number) => Array.from({ length: count }, (_, n) => other(n))

  it('a drop before or after its alert is no second event', async () => {
    expect(await ids([answer, drop])).toMatchObject({ echoes: 1, found: [expect.any(String)] })
    expect(await ids([drop, answer])).toEqual(await ids([answer, drop]))
    expect(await ids([drop, ...filler(900), answer])).toEqual(await ids([answer, drop]))
    expect(await ids([answer, ...filler(900), drop])).toEqual(await ids([answer, drop]))
  })

  it('a drop is known by its ends where the flow has no number, or the packet goes the other way', async () => {
    const { flow_id: _, ...numberless } = drop
    const { src_ip, src_port, dest_ip, dest_port } = answer
    const turned = {
      ...numberless,
      src_ip: dest_ip,
      src_port: dest_port,
      dest_ip: src_ip,
      dest_port: src_port,
    }
    expect((await ids([turned, answer])).echoes).toBe(1)
  })

  it('another second, another flow or no alert: the drop stands', async () => {
    expect(
      (await ids([answer, { ...drop, timestamp: '2026-03-03T08:50:12.000000+0100' }])).found,
    ).toHaveLength(2)
    expect((await ids([answer, { ...drop, flow_id: 72, src_port: 1 }])).found).toHaveLength(2)
    expect((await ids([drop])).found).toHaveLength(1)
  })

  it('any order gives the same events', async () => {
    const records = [answer, drop, question, { ...drop, flow_id: 9, dest_port: 9 }, other(1)]
    const wanted = await ids(records)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(records, { minLength: records.length }), async (shuffled) => {
        expect(await ids(shuffled)).toEqual(wanted)
      }),
      { numRuns: 200 },
    )
  })
})
