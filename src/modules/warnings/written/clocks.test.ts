import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { addDays, dayBounds, dayOf } from '../../../platform/dates.ts'
import { answer } from './answers.ts'
import { linesOf } from './board-read.ts'
import { deadlineOf, ladderOf, listedOf, nextOf } from './clocks.ts'
import { revoke } from './revoke.ts'
import { runClocks } from './run-clocks.ts'
import type { Draft } from './types.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

describe('the clocks of a written warning', () => {
  let stage: Writing
  let marie: Actor
  let olga: Actor
  beforeAll(async () => {
    stage = await openWriting()
    marie = await addPerson(stage.db, 'Marie Bezpečná', [['security_manager', stage.jihlava]])
    olga = await addPerson(stage.db, 'Olga Ředitelka', [['manager', stage.jihlava]])
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  const pass = async (at: number): Promise<void> => {
    await runClocks(stage.db, at)
    await stage.send(at)
  }
  /** Single mails about it, without digests. */
  const to = (one: Actor) => stage.to(one).filter(({ subject }) => /HSOC-2026-\d+ v\d/.test(subject ?? ''))
  const mails = (...people: Actor[]): number[] => people.map((one) => to(one).length)
  const says = (who: Actor, id: number, word: 'seen' | 'working' | 'done', at: number) => {
    const org = who.engagements[0]?.org ?? 0
    return answer(stage.db, who, id, { org, answer: word, via: 'page' }, at)
  }
  const lineOf = async (id: number, at: number) =>
    (await asActor(stage.db, stage.karel, at, (tx) => linesOf(tx, id))).find(
      (one) => one.org === stage.jihlava.id,
    )
  /** The steps that were made at Jihlava. */
  const made = async (id: number): Promise<string[]> =>
    (
      await stage.db.engine.query<{ s: string }>(
        `select kind || ' ' || step || ' ' || told as s from written_steps where warning_id = $1 and org_id = $2 order by id`,
        [id, stage.jihlava.id],
      )
    ).rows.map((row) => row.s)
  const tomorrow = (n: number): string => addDays(dayOf(tuesday), n)
  const seven = (n: number): number => dayBounds(tomorrow(n)).from + 7 * hour

  it('of high severity: four hours, eight, a day; an answer of one hospital stops it there alone', async () => {
    const id = await stage.published({ severity: 3 })
    await pass(tuesday)
    expect(mails(stage.jana, stage.tomas, marie, olga, stage.karel)).toEqual([1, 1, 0, 0, 0])
    await says(stage.tomas, id, 'seen', tuesday + minute)
    await pass(tuesday + 4 * hour - 1)
    expect(mails(marie)).toEqual([0])
    await pass(tuesday + 4 * hour)
    await pass(tuesday + 4 * hour + minute)
    expect(mails(stage.jana, marie, olga)).toEqual([1, 1, 0])
    expect(to(marie)[0]?.text).toContain('Na toto varování jste zatím neodpověděli')
    await pass(tuesday + 8 * hour)
    expect(mails(marie, olga, stage.karel)).toEqual([1, 1, 1])
    expect(to(stage.karel)[0]?.text).toContain('Komu zavolat, ukazuje přehled odpovědí')
    expect((await lineOf(id, tuesday + 9 * hour))?.listed?.why).toBe('phone')
    await pass(tuesday + 24 * hour)
    expect(mails(stage.jana, stage.tomas, marie, olga, stage.karel, stage.kveta)).toEqual([1, 1, 1, 1, 2, 2])
    expect(await made(id)).toEqual(['ladder 1 1', 'ladder 2 1', 'ladder 3 0'])
    expect((await lineOf(id, tuesday + day))?.listed).toEqual({ why: 'silent', since: tuesday + 24 * hour })
    await says(stage.jana, id, 'working', tuesday + 25 * hour)
    expect((await lineOf(id, tuesday + 25 * hour))?.listed).toBeNull()
    await pass(tuesday + 9 * day)
    expect(mails(marie, olga, stage.karel)).toEqual([1, 1, 2])
  })

  it('of medium severity: after two working days and five, and not in between', async () => {
    const id = await stage.published({ severity: 2 })
    const [second, list] = ladderOf(2, tuesday)
    expect([second?.at, list?.at].map((at) => dayOf(at ?? 0))).toEqual([tomorrow(2), tomorrow(7)])
    await pass((second?.at ?? 0) - 1)
    expect(mails(marie)).toEqual([0])
    await pass(second?.at ?? 0)
    expect(mails(marie, olga, stage.karel)).toEqual([1, 0, 0])
    await pass(list?.at ?? 0)
    expect(mails(marie, olga, stage.karel)).toEqual([1, 0, 1])
    expect(await made(id)).toEqual(['ladder 1 1', 'ladder 2 0'])
  })

  it('with two workers goes once, and late after a stop only with its last step', async () => {
    const id = await stage.published({ severity: 3 })
    const at = tuesday + 9 * hour
    const [one, two] = await Promise.all([runClocks(stage.db, at), runClocks(stage.db, at)])
    expect(one + two).toBe(2)
    await stage.send(at)
    expect(mails(marie, olga)).toEqual([0, 1])
    expect(await made(id)).toEqual(['ladder 2 1'])
  })

  it('around the day by which to act: the morning before, of and after it, then the call list', async () => {
    const id = await stage.published({ severity: 4, kind: 'emergency', actionBy: tomorrow(3) })
    // Its own message waits some seconds for the call that may be made of it.
    await pass(tuesday + 15_000)
    await says(stage.jana, id, 'working', tuesday + minute)
    await says(stage.tomas, id, 'done', tuesday + minute)
    const at: number[] = []
    for (const n of [2, 3, 4, 5, 6]) {
      await pass(seven(n) - minute)
      await pass(seven(n))
      await pass(seven(n) + minute)
      at.push(...mails(stage.jana))
    }
    expect(at).toEqual([2, 3, 4, 4, 4])
    expect(to(stage.jana)[1]?.text).toContain('Termín opatření se blíží nebo už uplynul')
    expect(mails(stage.tomas, stage.karel)).toEqual([1, 1])
    expect((await lineOf(id, seven(6)))?.listed).toEqual({ why: 'deadline', since: seven(5) })
    await says(stage.jana, id, 'done', seven(6))
    expect((await lineOf(id, seven(6)))?.listed).toBeNull()
  })

  it('reminds nobody of a day that was near already when the warning came out', async () => {
    await stage.published({ severity: 2, actionBy: tomorrow(1) }, tuesday)
    await pass(tuesday + minute)
    expect(mails(stage.jana)).toEqual([1])
    await pass(seven(1))
    expect(mails(stage.jana)).toEqual([2])
  })

  it('of another day by which to act begins anew', async () => {
    const id = await stage.published({ severity: 2, actionBy: tomorrow(2) })
    await pass(seven(1))
    expect(await made(id)).toEqual(['deadline 1 1'])
    await stage.again(id, { severity: 2, actionBy: tomorrow(5), substantive: false }, seven(1) + hour)
    await pass(seven(2))
    expect(await made(id)).toEqual(['deadline 1 1'])
    await pass(seven(4))
    expect(await made(id)).toEqual(['deadline 1 1', 'ladder 1 1', 'deadline 1 1'])
  })

  it('stands still after revoking, expiry and narrowing away, for who is not asked, and begins anew with a new substance', async () => {
    const revoked = await stage.published({ severity: 3 })
    await revoke(stage.db, revoked, stage.karel, 'Omyl', tuesday + hour)
    await revoke(stage.db, revoked, stage.kveta, 'Omyl', tuesday + hour)
    const over = await stage.published({ severity: 3, validUntil: tuesday + 2 * hour })
    const rules = { all: false, prefixes: ['198.51.100.0/24'], domains: [], kinds: [], regions: [] }
    const elsewhere = await stage.published({ severity: 3, rules })
    const narrowed = await stage.published({ severity: 3 })
    const only = { audience: 'organisations', orgs: [stage.trest.id], severity: 3 } satisfies Partial<Draft>
    await stage.again(narrowed, { ...only, substantive: false }, tuesday + hour)
    const anew = await stage.published({ severity: 3 })
    await runClocks(stage.db, tuesday + 8 * hour)
    for (const id of [revoked, over, elsewhere, narrowed]) expect([id, await made(id)]).toEqual([id, []])
    expect(await made(anew)).toEqual(['ladder 2 1'])
    await stage.again(anew, { severity: 3 }, tuesday + 8 * hour)
    await runClocks(stage.db, tuesday + 12 * hour - 1)
    expect(await made(anew)).toEqual(['ladder 2 1'])
    await runClocks(stage.db, tuesday + 12 * hour)
    expect(await made(anew)).toEqual(['ladder 2 1', 'ladder 1 1'])
  })

  it('keeps back what was answered while it waited', async () => {
    const id = await stage.published({ severity: 3 })
    await stage.send(tuesday)
    await runClocks(stage.db, tuesday + 4 * hour)
    await says(stage.jana, id, 'seen', tuesday + 4 * hour)
    await stage.send(tuesday + 4 * hour)
    expect(mails(marie)).toEqual([0])
  })

  it('of TLP:RED reminds the named alone', async () => {
    const id = await stage.published({
      ...{ severity: 3, tlp: 'RED', audience: 'organisations', orgs: [stage.jihlava.id] },
      ...{ named: [stage.jana, stage.karel, stage.kveta].map((one) => one.person) },
    })
    await pass(tuesday)
    for (const hours of [4, 8, 24]) await pass(tuesday + hours * hour)
    expect(mails(marie, olga, stage.kveta)).toEqual([0, 0, 1])
    expect(to(stage.jana)).toHaveLength(3)
    expect((await lineOf(id, tuesday + day))?.listed?.why).toBe('silent')
  })
})

describe('what comes next', () => {
  const of = {
    ...{ answer: 'pending' as const, askedAt: tuesday, publishedAt: tuesday, severity: 3, ladderStep: 0 },
    ...{ actionBy: null, deadlineStep: 0 },
  }
  it('is the earlier of the two clocks, nothing for who has done it, and counts hours through summer time', () => {
    expect(nextOf(of)).toMatchObject({ clock: 'ladder', no: 1, at: tuesday + 4 * hour })
    expect(nextOf({ ...of, actionBy: '2020-01-01', ladderStep: 3 })).toBeNull()
    expect(nextOf({ ...of, answer: 'done' })).toBeNull()
    expect(listedOf({ ...of, ladderStep: 1 })).toBeNull()
    expect(deadlineOf('2026-03-29').map(({ at }) => new Date(at).toISOString().slice(0, 13))).toEqual([
      ...['2026-03-28T06', '2026-03-29T05', '2026-03-30T05', '2026-03-31T05'],
    ])
  })
})
