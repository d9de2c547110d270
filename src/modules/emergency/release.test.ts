import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Calling, callOf, minute, openCalling } from '../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../test/harness.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { declare } from '../warnings/written/duty.ts'
import { answer } from './answer.ts'
import { create, discard, save } from './draft.ts'
import { lastDrill } from './drills.ts'
import { close } from './end.ts'
import { figuresOf } from './figures.ts'
import { getBroadcast, linesOf } from './read.ts'
import { judge, release } from './release.ts'
import { protect } from './windows.ts'

const hour = 60 * minute
const day = 24 * hour

describe('who releases what, and what becomes of drills', () => {
  let stage: Calling
  let lipova: Hospital
  let bukova: Hospital
  let jana: Actor
  let adam: Actor
  const engine = <R>(work: Parameters<typeof asEngine<R>>[1]) => asEngine(stage.db, work)
  const drafted = (more = {}) => engine((tx) => create(tx, callOf(more), stage.karel, tuesday))

  beforeAll(async () => {
    stage = await openCalling()
    lipova = await stage.hospital('Nemocnice Lipová')
    bukova = await stage.hospital('Nemocnice Buková')
    jana = await stage.person('Jana Nováková', [['admin', lipova]])
    adam = await stage.person('Adam Buk', [['admin', bukova]])
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  it('an emergency is not released by its author or last editor alone, but in a declared period, with a review due', async () => {
    const id = await drafted()
    await expect(engine((tx) => release(tx, id, stage.karel, tuesday))).rejects.toThrow('Somebody else')
    await engine((tx) => save(tx, id, callOf(), stage.kveta, tuesday))
    await expect(engine((tx) => release(tx, id, stage.kveta, tuesday))).rejects.toThrow('Somebody else')
    await expect(engine((tx) => release(tx, id, jana, tuesday))).rejects.toThrow(
      'Coordinators lead roll-calls',
    )
    await declare(
      stage.db,
      stage.karel,
      { startsAt: tuesday, endsAt: tuesday + hour, reason: 'Noční služba' },
      tuesday,
    )
    await engine((tx) => release(tx, id, stage.karel, tuesday))
    const call = await engine((tx) => getBroadcast(tx, id))
    expect(call).toMatchObject({ state: 'approved', number: '1/2026', reviewDueAt: tuesday + day })
    await expect(engine((tx) => judge(tx, id, stage.karel, tuesday))).rejects.toThrow('Somebody else')
    await engine((tx) => judge(tx, id, stage.kveta, tuesday))
    await expect(engine((tx) => judge(tx, id, stage.kveta, tuesday))).rejects.toThrow('Nothing waits')
    await expect(engine((tx) => save(tx, id, callOf(), stage.kveta, tuesday))).rejects.toThrow(
      'The call is out already',
    )
    await expect(engine((tx) => discard(tx, id, stage.kveta, tuesday))).rejects.toThrow(
      'The call is out already',
    )
  })

  it('a draft is seen by coordinators alone, and after the release by those whom it asks', async () => {
    const id = await drafted({ orgs: [lipova.id] })
    const sees = (who: Actor) =>
      asActor(stage.db, who, tuesday, (tx) => getBroadcast(tx, id)).then(
        () => true,
        () => false,
      )
    expect([await sees(stage.kveta), await sees(jana), await sees(adam)]).toEqual([true, false, false])
    await engine((tx) => release(tx, id, stage.kveta, tuesday))
    expect([await sees(jana), await sees(adam)]).toEqual([true, false])
  })

  it('what cannot be is refused field by field', async () => {
    for (const [more, field] of [
      [{ title: ' ' }, 'title'],
      [{ title: 'x'.repeat(121) }, 'title'],
      [{ withinMin: 4 }, 'within'],
      [{ withinMin: Number.NaN }, 'within'],
      [{ answers: [] }, 'answers'],
      [
        {
          answers: [
            { code: '1', cs: 'Ano', en: '', needsNote: false },
            { code: '2', cs: 'Ne', en: 'No', needsNote: false },
          ],
        },
        'answers',
      ],
      [{ class: 'test' }, 'channel'],
      [{ mode: 'quorum', quorum: 1 }, 'quorum'],
    ] as const)
      await expect(drafted(more)).rejects.toMatchObject({ fields: { [field]: expect.any(String) } })
    const empty = await drafted({ kinds: ['pharmacy'] })
    await expect(engine((tx) => release(tx, empty, stage.kveta, tuesday))).rejects.toThrow(
      'Nobody would be asked',
    )
  })

  it('a drill says so everywhere, spares who is protected or had one lately, and is counted apart', async () => {
    await engine((tx) =>
      protect(
        tx,
        { org: bukova.id, from: tuesday - hour, to: tuesday + hour, reason: 'Operace' },
        adam,
        tuesday,
      ),
    )
    const id = await stage.released({ class: 'drill', withManagers: false })
    await stage.tick(tuesday)
    expect(stage.office.mails).toHaveLength(1)
    expect(stage.office.mails[0]?.subject).toMatch(/CVIČENÍ/)
    expect(stage.office.mails[0]?.text).toMatch(/CVIČENÍ/)
    await engine((tx) =>
      answer(tx, id, { org: lipova.id, code: '1', note: '', via: 'page' }, jana, tuesday + minute),
    )
    const lines = await engine((tx) => linesOf(tx, id))
    expect(lines.map(({ org, excused }) => [org, excused])).toEqual([
      [lipova.id, null],
      [bukova.id, 'Operace'],
    ])
    await stage.tick(tuesday + 3 * hour + minute)
    expect(await stage.state(id)).toBe('closed')
    expect(await engine((tx) => lastDrill(tx, lipova.id))).toMatchObject({
      broadcast: id,
      kind: 'drill',
      outcome: 'in_time',
    })
    expect(await engine((tx) => lastDrill(tx, bukova.id))).toMatchObject({ outcome: 'excused' })
    // Cooling: Lipová had its drill, Buková did not.
    const next = await stage.released({ class: 'drill' }, tuesday + 2 * day)
    expect((await engine((tx) => linesOf(tx, next))).map(({ org }) => org)).toEqual([bukova.id])
    await stage.released({ class: 'drill', orgs: [lipova.id] }, tuesday + 15 * day)
    const real = await stage.released()
    await engine((tx) => close(tx, real, stage.karel, tuesday))
    expect(await engine((tx) => lastDrill(tx, lipova.id))).toMatchObject({ broadcast: id })
  })

  it('a test tries one way once and asks for no answer', async () => {
    const id = await stage.released({ class: 'test', channel: 'mail', body: '' })
    await stage.tick(tuesday)
    await stage.tick(tuesday + 30 * minute)
    expect((await stage.attempts(id)).sort()).toEqual(['1 mail Adam Buk sent', '1 mail Jana Nováková sent'])
    expect(stage.office.mails[0]?.subject).toContain('TEST 1/2026')
  })

  it('the figures are those of the worked example', () => {
    const call = { releasedAt: 0, deadlineAt: hour }
    const line = (n: number, more: object) =>
      Array.from({ length: n }, (_, i) => ({
        state: 'answered' as const,
        excused: null,
        firstAt: (i + 1) * minute,
        answeredAt: (i + 1) * minute,
        ...more,
      }))
    const silent = { firstAt: null, answeredAt: null }
    const figures = figuresOf(call, [
      ...line(40, {}),
      ...line(2, { firstAt: hour + 1, answeredAt: hour + 1 }),
      ...line(2, { ...silent, state: 'pending', excused: 'Operace' }),
      ...line(1, { ...silent, state: 'no_contact' }),
      ...line(1, { ...silent, state: 'handed_to_operator' }),
    ])
    expect(figures).toMatchObject({ asked: 46, excused: 2, noContact: 1, inTime: 40, late: 2, silent: 2 })
    expect(Math.round((figures.share ?? 0) * 1_000) / 10).toBe(90.9)
    expect([figures.median, figures.p90]).toEqual([21, 38])
    expect(figuresOf(call, []).share).toBeNull()
  })
})
