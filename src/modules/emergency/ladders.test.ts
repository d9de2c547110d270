import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Calling, callOf, minute, openCalling } from '../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { setPolicy as setOwn } from '../duty/policies.ts'
import { defaultPolicies, type Policy, type Step, type Target } from '../duty/policy.ts'
import { againToSilent } from './again.ts'
import { answer } from './answer.ts'
import { callSteps, withinSector } from './ladders.ts'
import { previewOf } from './preview.ts'
import type { Draft } from './types.ts'

const step = (delayMin: number, targets: Target[], channels: Step['channels'] = ['mail']): Step => ({
  ...{ no: 1, delayMin, targets, channels },
})
const policyOf = (steps: Step[], repeat = 0, version = 0): Policy => ({
  ...{ version, repeat },
  steps: steps.map((one, i) => ({ ...one, no: i + 1 })),
})
const brief = ({ steps }: Policy): string[] =>
  steps.map(
    (one) => `${one.no} ${one.delayMin} ${one.targets.includes('coordinator') ? 'call list' : one.channels}`,
  )

describe('what an organisation cannot put off', () => {
  const sector = defaultPolicies.rollcall

  it('is the first message, and a coordinator at the telephone at the sector’s time', () => {
    const late = policyOf([step(45, [{ role: 'manager' }]), step(120, [{ role: 'admin' }])])
    expect(brief(withinSector(late, sector))).toEqual(['1 0 mail', '2 30 call list', '3 120 mail'])
    const eager = policyOf([step(0, [{ role: 'duty' }]), step(5, ['coordinator'], ['phone'])])
    expect(brief(withinSector(eager, sector))).toEqual(['1 0 mail', '2 5 call list'])
    const slow = policyOf([step(0, [{ role: 'duty' }]), step(300, ['coordinator'], ['phone'])])
    expect(brief(withinSector(slow, sector))).toEqual(['1 0 mail', '2 30 call list', '3 300 call list'])
  })

  it('and what repeats comes again, a coordinator but once', () => {
    const twice = policyOf(
      [step(0, [{ role: 'duty' }]), step(4, [{ role: 'admin' }]), step(25, ['coordinator'])],
      2,
    )
    expect(brief(withinSector(twice, sector))).toEqual([
      ...['1 0 mail', '2 4 mail', '3 9 mail', '4 13 mail', '5 18 mail', '6 22 mail', '7 25 call list'],
    ])
  })
})

describe('the own steps of an organisation', () => {
  let stage: Calling
  let lipova: Hospital
  let bukova: Hospital
  let jana: Actor
  let eva: Actor
  let adam: Actor
  const engine = <R>(work: Parameters<typeof asEngine<R>>[1]) => asEngine(stage.db, work)
  const own = (...steps: Step[]) =>
    engine((tx) =>
      setOwn(tx, { org: lipova.id, kind: 'rollcall', policy: policyOf(steps) }, jana, tuesday - minute),
    )
  const told = (): [number, number, number] => [
    stage.office.to(jana.email).length,
    stage.office.to(eva.email).length,
    stage.office.to(adam.email).length,
  ]
  const preview = async (more: Partial<Draft> = {}, now = tuesday) =>
    (await engine((tx) => previewOf(tx, callOf(more), now))).lines.find(({ org }) => org === lipova.id)
  const force = (policy: Policy | null) => engine((tx) => callSteps(tx, lipova.id, policy, tuesday))

  beforeAll(async () => {
    stage = await openCalling()
    lipova = await stage.hospital('Nemocnice Lipová')
    bukova = await stage.hospital('Nemocnice Buková')
    jana = await stage.person('Jana Nováková', [['admin', lipova]])
    eva = await stage.person('Eva Malá', [['manager', lipova]])
    adam = await stage.person('Adam Buk', [['admin', bukova]])
  })
  afterAll(() => stage.close())
  beforeEach(async () => {
    await stage.clear()
    await stage.owner('delete from duty_policies; update engagements set valid_to = $$infinity$$')
  })

  it('are what a call goes up there, while others go by the sector’s, and a coordinator calls at the sector’s time', async () => {
    await own(step(0, [{ person: eva.person }]), step(3, [{ role: 'admin' }]))
    expect((await preview())?.whose).toBe('own')
    expect((await preview())?.steps.map(({ delayMin, people }) => [delayMin, people[0]?.name])).toEqual([
      [0, 'Eva Malá'],
      [3, 'Jana Nováková'],
    ])
    const id = await stage.released()
    await stage.tick(tuesday)
    expect(told()).toEqual([0, 1, 1])
    await stage.tick(tuesday + 3 * minute - 1)
    expect(told()).toEqual([0, 1, 1])
    await stage.tick(tuesday + 3 * minute)
    expect(told()).toEqual([1, 1, 1])
    await stage.tick(tuesday + 10 * minute)
    await stage.tick(tuesday + 20 * minute)
    expect(told()).toEqual([1, 1, 3])
    expect((await stage.line(id, lipova)).state).toBe('pending')
    await stage.tick(tuesday + 30 * minute)
    expect((await stage.line(id, lipova)).state).toBe('handed_to_operator')
    await engine((tx) =>
      againToSilent(tx, stage.context.settings.secret, id, stage.karel, tuesday + 31 * minute),
    )
    await stage.tick(tuesday + 31 * minute)
    expect(told().slice(0, 2)).toEqual([2, 1])
  })

  it('stay as they were at the release, whatever is set after it', async () => {
    await own(step(0, [{ person: eva.person }]), step(3, [{ role: 'admin' }]))
    const id = await stage.released()
    await engine((tx) =>
      setOwn(
        tx,
        { org: lipova.id, kind: 'rollcall', policy: policyOf([step(0, [{ role: 'admin' }])], 0, 1) },
        jana,
        tuesday,
      ),
    )
    await stage.tick(tuesday)
    expect(told()).toEqual([0, 1, 1])
    await engine((tx) =>
      answer(tx, id, { org: lipova.id, code: 'seen', note: '', via: 'page' }, eva, tuesday + minute),
    )
    // Whoever saw it is asked once more at the deadline, by the first of the steps of then.
    await stage.tick(tuesday + 60 * minute)
    expect(stage.office.to(eva.email)).toHaveLength(2)
  })

  it('give way to those of the sector while they reach nobody, and the preview says so', async () => {
    await own(step(0, [{ person: eva.person }]))
    await stage.owner(
      `update engagements set valid_to = to_timestamp(${tuesday - 1} / 1000.0) where person_id = ${eva.person}`,
    )
    expect((await preview())?.whose).toBe('nobody')
    expect((await force(policyOf([step(0, [{ person: eva.person }])]))).whose).toBe('nobody')
    await stage.released()
    await stage.tick(tuesday)
    expect(told()).toEqual([1, 0, 1])
  })

  it('hold for drills, less the managers where a drill spares them, and for tests by the one way', async () => {
    await own(step(0, [{ role: 'manager' }]), step(3, [{ role: 'admin' }], ['sms', 'mail']))
    expect((await preview({ class: 'drill' }))?.steps.map(({ people }) => people[0]?.name)).toEqual([
      'Eva Malá',
      'Jana Nováková',
    ])
    expect((await preview({ class: 'drill', withManagers: false }))?.steps).toMatchObject([
      { no: 1, people: [{ name: 'Jana Nováková' }] },
    ])
    expect((await preview({ class: 'test', channel: 'mail' }))?.steps).toMatchObject([
      { no: 1, people: [{ name: 'Eva Malá', channel: 'mail' }] },
    ])
    await stage.released({ class: 'drill' })
    await stage.tick(tuesday)
    expect(told()).toEqual([0, 1, 1])
  })

  it('are counted from the release, through the hour in which the clock goes back', async () => {
    await own(step(0, [{ person: eva.person }]), step(90, [{ role: 'admin' }]))
    // Summer time ends on 25 October 2026 at 3:00.
    const night = Date.parse('2026-10-25T00:30:00Z')
    await stage.released({}, night)
    await stage.tick(night)
    await stage.tick(night + 90 * minute - 1)
    expect(told().slice(0, 2)).toEqual([0, 1])
    await stage.tick(night + 90 * minute)
    expect(told().slice(0, 2)).toEqual([1, 1])
  })

  it('are shown as what holds on the page of the escalation, and without them those of the sector', async () => {
    expect((await force(null)).policy).toEqual(defaultPolicies.rollcall)
    const held = await force(policyOf([step(10, [{ role: 'admin' }])]))
    expect([held.whose, brief(held.policy)]).toEqual(['own', ['1 0 mail', '2 30 call list']])
  })
})
