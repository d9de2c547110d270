import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { addRule, beginDuty, change } from './keep.ts'
import { defaultPolicies, policyShape, type Target } from './policy.ts'
import { peopleOf } from './targets.ts'

const hour = 3_600_000

describe('whom a step reaches', () => {
  let db: TestDatabase
  let lipova: Hospital
  let jana: Actor
  let petr: Actor
  let eva: Actor
  let karel: Actor
  const now = tuesday
  const whom = (org: number | null, target: Target, at = now) =>
    asEngine(db, (tx) => peopleOf(tx, org, target, at))

  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    petr = await addPerson(db, 'Petr Dub', [['duty', lipova]])
    eva = await addPerson(db, 'Eva Malá', [['manager', lipova]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
  })
  afterAll(() => db.drop())

  it('without a schedule the people with the role are reached', async () => {
    expect(await whom(lipova.id, { role: 'duty' })).toEqual([petr.person])
    expect(await whom(lipova.id, { role: 'manager' })).toEqual([eva.person])
    expect(await whom(lipova.id, { role: 'security_manager' })).toEqual([])
    expect(await whom(lipova.id, 'coordinator')).toEqual([karel.person])
  })

  it('with a schedule whoever is on duty at that moment is, and after the hand-over the next', async () => {
    const schedule = await asEngine(db, async (tx) => {
      const id = await beginDuty(tx, { org: lipova.id, name: 'Pohotovost', holidays: 'ignored' }, jana, now)
      const rule = { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00', rotation: null } as const
      await addRule(tx, id, { ...rule, weekdays: [...rule.weekdays], people: [eva.person] }, jana, now)
      const from = now + hour
      await change(
        tx,
        id,
        { kind: 'replace', person: eva.person, standIn: jana.person, from, to: from + hour, note: '' },
        jana,
        now,
      )
      return id
    })
    expect(await whom(lipova.id, { role: 'duty' })).toEqual([eva.person])
    expect(await whom(lipova.id, { role: 'duty' }, now + hour)).toEqual([jana.person])
    expect(await whom(lipova.id, { schedule }, now)).toEqual([eva.person])
    expect(await whom(null, { schedule }, now)).toEqual([])
  })

  it('nobody who left is reached, whatever the schedule says', async () => {
    await db.engine.query(
      'update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = $1',
      [eva.person, now],
    )
    expect(await whom(lipova.id, { person: eva.person })).toEqual([])
    expect(await whom(lipova.id, { role: 'duty' })).toEqual([petr.person])
  })
})

describe('a policy', () => {
  it('that ships with the platform is one', () => {
    for (const policy of Object.values(defaultPolicies))
      expect(policyShape.safeParse(policy).success).toBe(true)
  })

  it('is refused with steps out of order, without targets, or with a delay beyond its limit', () => {
    const step = { no: 1, delayMin: 5, targets: [{ role: 'duty' }], channels: ['mail'] }
    const isPolicy = (...steps: object[]) => policyShape.safeParse({ version: 1, repeat: 0, steps }).success
    expect(isPolicy(step, { ...step, no: 2 })).toBe(true)
    expect(isPolicy()).toBe(false)
    expect(isPolicy({ ...step, no: 2 })).toBe(false)
    expect(isPolicy(step, { ...step, no: 2, delayMin: 4 })).toBe(false)
    expect(isPolicy({ ...step, targets: [] })).toBe(false)
    expect(isPolicy({ ...step, targets: [{ role: 'coordinator' }] })).toBe(false)
    expect(isPolicy({ ...step, delayMin: 9_001 })).toBe(false)
    expect(isPolicy({ ...step, extra: 1 })).toBe(false)
  })
})
