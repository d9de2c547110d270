import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import { hostOf, openStage, type Stage } from '../../../../test/warning-stage.ts'
import { type Actor, asActor, type Role } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { addRule, beginDuty, change } from '../../duty/keep.ts'
import { setPolicy } from '../../duty/policies.ts'
import { defaultPolicies } from '../../duty/policy.ts'
import { answer } from '../answers.ts'
import { checkSensors } from '../check-sensors.ts'
import { listWarnings } from '../queries.ts'
import { beginDue } from './begin-due.ts'
import { climbs, close, take } from './board.ts'
import { runClimbs } from './run.ts'
import { isSettled } from './settled.ts'

const minute = 60_000
const hour = 60 * minute
const zone = 'Europe/Prague'
const attacker = '198.51.100.7'

describe('on call', () => {
  let stage: Stage
  let karel: Actor
  let duty: Actor
  let admin: Actor
  let manager: Actor
  let warning: number
  const start = tuesday
  const people = new Map<number, string>()

  const person = async (name: string, role: Role): Promise<Actor> => {
    const actor = await addPerson(stage.db, name, [
      [role, role === 'coordinator' ? null : (stage.hospitals[0] ?? null)],
    ])
    people.set(actor.person, name)
    return actor
  }
  beforeEach(async () => {
    stage = await openStage(1)
    karel = await person('Karel Koordinátor', 'coordinator')
    duty = await person('Petr Dub', 'duty')
    admin = await person('Jana Nováková', 'admin')
    manager = await person('Eva Malá', 'manager')
  })
  afterEach(() => stage.db.drop())

  const infected = async (at = start): Promise<void> => {
    await stage.happen([
      { at, source: hostOf(0), target: attacker, category: 'Malware.Trojan', verdict: 'passed' },
    ])
    const [opened] = await asActor(stage.db, admin, at, (tx) => listWarnings(tx, {}, null))
    expect(opened?.severity).toBe(4)
    warning = opened?.id ?? 0
  }
  const run = (at: number): Promise<number> => runClimbs(stage.db, zone, at)
  /** Who was told since the last time, by name, with the kind of the message. */
  const told = async (): Promise<string[]> => {
    const { rows } = await stage.db.engine.query<{ id: number; who: number; kind: string }>(
      `update deliveries set detail = detail || '{"read": true}' where not detail ? 'read' returning id, person_id as who, kind`,
    )
    return rows.map(({ who, kind }) => `${people.get(who) ?? who} ${kind}`).sort()
  }
  const board = (who: Actor = karel) => asActor(stage.db, who, start, climbs)
  const say = (who: Actor, at: number) => answer(stage.db, who, warning, { answer: 'seen', via: 'page' }, at)

  it('a critical warning climbs: duty again at 5, administrators at 10, the manager at 20, coordinators at 30', async () => {
    await infected()
    expect(await told()).toEqual(['Jana Nováková new', 'Petr Dub new'])
    await run(start)
    expect(await told()).toEqual([])
    const steps: [number, string[]][] = [
      [5, ['Petr Dub ladder']],
      [10, ['Jana Nováková ladder']],
      [20, ['Eva Malá ladder']],
      [30, ['Karel Koordinátor ladder']],
    ]
    for (const [at, who] of steps) {
      expect(await run(start + at * minute - 1)).toBe(0)
      expect(await run(start + at * minute)).toBeGreaterThan(0)
      expect([at, await told()]).toEqual([at, who])
    }
    expect((await board()).map(({ kind, cause, state }) => [kind, cause, state])).toEqual([
      ['csirt', 'handed-up', 'climbing'],
    ])
    expect(await board(admin)).toEqual([])
  })

  it('one whose steps cannot be read takes the usual ones, and one that fails keeps no other waiting', async () => {
    await infected()
    await told()
    await stage.db.engine.query(
      `update oncall_climbs set policy = '{"version":1,"repeat":0,"steps":[{"no":1,"delayMin":0,"targets":["of-a-later-version"],"channels":["mail"]}]}'`,
    )
    await run(start)
    await run(start + 5 * minute)
    expect(await told()).toEqual(['Petr Dub ladder'])
    // Its notice cannot be written any more; the other is about the same warning, and begins later.
    await stage.db.engine.query(
      `insert into oncall_climbs (kind, cause, warning_id, severity, notice_kind, policy, round_at, next_at, began_at, readers)
       select 'csirt', 'handed-up', warning_id, 4, 'ladder', $1, round_at, next_at, began_at, '{2}' from oncall_climbs;`,
      [JSON.stringify(defaultPolicies.csirt)],
    )
    const owner = new pg.Client({ connectionString: stage.db.url })
    await owner.connect()
    await owner.query(
      `create function fail_of_member() returns trigger language plpgsql as $$ begin if new.org_id is not null then raise 'no room'; end if; return new; end $$;
       create trigger fail_of_member before insert on oncall_steps for each row execute function fail_of_member()`,
    )
    const failed: object[] = []
    const at = start + 10 * minute
    await runClimbs(stage.db, zone, at, { error: (fields) => failed.push(fields) })
    expect(failed.length).toBeGreaterThan(0)
    expect(await told()).toContain('Karel Koordinátor ladder')
    await owner.query('drop trigger fail_of_member on oncall_steps')
    await owner.end()
    await run(at + minute)
    expect(await told()).toContain('Jana Nováková ladder')
  })

  it('the first answer stops it, and what waited to go out is taken back', async () => {
    await infected()
    await run(start)
    await run(start + 5 * minute)
    const { rows } = await stage.db.engine.query<{ topic: string }>(
      `select topic from deliveries where kind = 'ladder' and state = 'queued'`,
    )
    expect(rows.length).toBe(1)
    expect(await isSettled(stage.db.engine, rows[0]?.topic ?? '', start)).toBe(false)
    await say(manager, start + 6 * minute)
    expect(await isSettled(stage.db.engine, rows[0]?.topic ?? '', start)).toBe(true)
    expect(await run(start + 10 * minute)).toBe(0)
    const { rows: left } = await stage.db.engine.query<{ state: string; reason: string }>(
      `select state, reason from deliveries where kind = 'ladder'`,
    )
    expect(left).toEqual([{ state: 'dropped', reason: 'settled' }])
    expect(await board()).toEqual([])
  })

  it('a step is asked who it is when it fires: the hand-over in between reaches the next, through the change of the clock', async () => {
    // Summer time ends on 25 October 2026 at 3:00; the hand-over is at 7:00 by the wall clock.
    const handOver = Date.parse('2026-10-25T06:00:00Z')
    const ota = await person('Ota Nový', 'manager')
    await asEngine(stage.db, async (tx) => {
      const org = stage.hospitals[0]?.id ?? 0
      const id = await beginDuty(tx, { org, name: 'Pohotovost', holidays: 'ignored' }, admin, start)
      const rotation = { kind: 'daily', length: 1, start: '2026-10-24T07:00' } as const
      const rule = { from: '07:00', to: '07:00', rotation, people: [duty.person, ota.person] }
      await addRule(tx, id, { ...rule, weekdays: [1, 2, 3, 4, 5, 6, 7] }, admin, start)
    })
    await infected(handOver - 3 * minute)
    await run(handOver - 3 * minute)
    await told()
    await run(handOver + 2 * minute)
    expect(await told()).toEqual(['Ota Nový ladder'])
  })

  it('who left is told nothing, and where nobody of a step is there the next does not wait', async () => {
    await infected()
    await run(start)
    await told()
    await stage.db.engine.query(
      'update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = $1',
      [duty.person, start + minute],
    )
    await run(start + 5 * minute)
    expect(await told()).toEqual(['Jana Nováková ladder'])
  })

  it('where nobody can be reached at all the coordinators are told at once, and the board says so', async () => {
    await stage.db.engine.query(
      'update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = any ($1)',
      [[duty.person, admin.person, manager.person], start - 1],
    )
    await stage.happen([
      { at: start, source: hostOf(0), target: attacker, category: 'Malware.Trojan', verdict: 'passed' },
    ])
    await run(start)
    const [line] = await board()
    expect(line).toMatchObject({ kind: 'csirt', cause: 'nobody', state: 'climbing' })
    expect(await told()).toContain('Karel Koordinátor ladder')
  })

  it('a policy that is changed while something climbs changes nothing of it', async () => {
    await infected()
    const org = stage.hospitals[0]?.id ?? 0
    const policy = { ...defaultPolicies.member, steps: defaultPolicies.member.steps.slice(0, 1) }
    await asEngine(stage.db, (tx) => setPolicy(tx, { org, kind: 'member', policy }, admin, start))
    await run(start)
    await told()
    await run(start + 5 * minute)
    expect(await told()).toEqual(['Petr Dub ladder'])
  })

  it('two workers at the same time fire a step once', async () => {
    await infected()
    await told()
    await Promise.all([run(start), run(start), run(start + 1)])
    await Promise.all([1, 2, 3, 4].map(() => run(start + 5 * minute)))
    expect(await told()).toEqual(['Petr Dub ladder'])
    const { rows } = await stage.db.engine.query<{ n: number }>('select count(*)::int as n from oncall_steps')
    expect(rows[0]?.n).toBe(2)
  })

  it('of the coordinators is told three times more, then stays open; who takes it stops it for an hour', async () => {
    await infected()
    await run(start + 30 * minute)
    const began = start + 30 * minute
    for (let at = began; at <= began + 24 * hour; at += 5 * minute) await run(at)
    const [open] = await board()
    expect([open?.state, open?.round, open?.steps.length]).toEqual(['open', 4, 16])
    const at = began + 25 * hour
    const id = open?.id ?? 0
    const as = (who: Actor, deed: typeof take) => asEngine(stage.db, (tx) => deed(tx, id, who, at))
    await expect(as(admin, take)).rejects.toThrow('coordinators')
    await expect(as(karel, close)).rejects.toThrow('Take it')
    await as(karel, take)
    await expect(as(karel, take)).rejects.toThrow('already')
    await told()
    await run(at + hour - 1)
    expect(await told()).toEqual([])
    await run(at + hour)
    expect(await told()).toEqual(['Karel Koordinátor ladder'])
    await as(karel, take)
    await as(karel, close)
    expect(await board()).toEqual([])
    await run(at + 10 * hour)
    expect(await told()).toEqual([])
  })

  it('a feed that stays silent for an hour climbs to the coordinators once, and ends when it sends again', async () => {
    for (let i = 0; i < 8; i++)
      await stage.happen([{ at: start + i * 2 * minute, source: attacker, target: hostOf(0) }])
    const last = start + 14 * minute
    await checkSensors(stage.db, last + 20 * minute)
    expect(await beginDue(stage.db, last + 79 * minute)).toBe(0)
    expect(await beginDue(stage.db, last + 80 * minute)).toBe(1)
    expect(await beginDue(stage.db, last + 81 * minute)).toBe(0)
    expect((await board()).map(({ cause }) => cause)).toEqual(['sensor'])
    await told()
    await run(last + 80 * minute)
    expect(await told()).toEqual(['Karel Koordinátor ladder'])
    await stage.happen([{ at: last + 90 * minute, source: attacker, target: hostOf(0) }])
    await checkSensors(stage.db, last + 90 * minute)
    await run(last + 91 * minute)
    expect(await board()).toEqual([])
  })

  it('a change of a duty for an hour is who the step is in that hour', async () => {
    const org = stage.hospitals[0]?.id ?? 0
    await asEngine(stage.db, async (tx) => {
      const id = await beginDuty(tx, { org, name: 'Pohotovost', holidays: 'ignored' }, admin, start)
      const rule = { from: '07:00', to: '07:00', rotation: null, people: [duty.person] }
      await addRule(tx, id, { ...rule, weekdays: [1, 2, 3, 4, 5, 6, 7] }, admin, start)
      const instead = { kind: 'replace', person: duty.person, standIn: manager.person, note: '' } as const
      await change(tx, id, { ...instead, from: start, to: start + hour }, admin, start)
    })
    await infected(start + minute)
    await told()
    await run(start + minute)
    expect(await told()).toEqual(['Eva Malá new'])
  })
})
