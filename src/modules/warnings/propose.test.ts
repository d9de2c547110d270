import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { type Happening, hostOf, openStage, type Stage } from '../../../test/warning-stage.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { announceTest, withdrawTest } from './announced.ts'
import { answer } from './answers.ts'
import { closeOver, endQuiet } from './over.ts'
import { countWarnings, episodesOf, eventsOf, getWarning, listWarnings, timeline } from './queries.ts'
import { suppressed, suppressedCounts } from './suppressed.ts'
import type { WarningRow } from './types.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const attacker = '198.51.100.7'

describe('from events to warnings', () => {
  let stage: Stage
  let coordinator: Actor
  beforeEach(async () => {
    stage = await openStage()
    coordinator = await addPerson(stage.db, 'Jana Dohledová', [['coordinator', null]])
  })
  afterEach(() => stage.db.drop())

  const seenBy = (actor: Actor): Promise<WarningRow[]> =>
    asActor(stage.db, actor, tuesday, (tx) => listWarnings(tx, {}, null))
  const adminOf = (n: number): Promise<Actor> =>
    addPerson(stage.db, `Správce ${n}`, [['admin', stage.hospitals[n] ?? null]])
  const reasons = (): Promise<string[]> =>
    asActor(stage.db, coordinator, tuesday, async (tx) =>
      (await suppressedCounts(tx, {})).map((row) => row.outcome),
    )

  it('an attack that gets through becomes a warning for the right hospital, and for nobody else', async () => {
    const [ours, theirs] = [await adminOf(0), await adminOf(1)]
    const done = await stage.happen([
      { source: attacker, target: hostOf(0) },
      { at: tuesday + minute, source: attacker, target: hostOf(0), verdict: 'passed' },
    ])
    expect(done.opened).toBe(1)
    const [warning, ...more] = await seenBy(ours)
    expect(more).toEqual([])
    expect(warning).toMatchObject({
      rule: 'W3',
      severity: 3,
      org: stage.hospitals[0]?.id,
      state: 'open',
      answer: 'pending',
      events: 2,
      going: true,
      cls: 'attempt-login-ssh',
    })
    expect(warning?.number).toMatch(/^HSOC-D-2026-\d{6}$/)
    expect(await seenBy(theirs)).toEqual([])
    await expect(
      asActor(stage.db, theirs, tuesday, (tx) => getWarning(tx, warning?.id ?? 0)),
    ).rejects.toThrow('no such warning')
    const shown = await asActor(stage.db, ours, tuesday, (tx) => getWarning(tx, warning?.number ?? ''))
    expect(shown.explanation).toMatchObject({
      words: 'W3',
      hosts: [hostOf(0)],
      sources: [attacker],
      verdicts: { dropped: 1, passed: 1, partial: 0, unknown: 0 },
      network: { text: '192.0.2.0/28' },
      done: 'partly',
      thresholds: [
        { name: 'events', threshold: 1, value: 1 },
        { name: 'severity', threshold: 1, value: 2 },
      ],
    })
    const [episodes, events] = await asActor(stage.db, ours, tuesday, async (tx) => [
      await episodesOf(tx, shown.id),
      await eventsOf(tx, shown.id, null),
    ])
    expect(episodes.map((e) => e.outcome)).toEqual(['warning'])
    expect(events.map((e) => e.verdict)).toEqual([2, 1])
  })

  it('what was only dropped never warns and says why', async () => {
    const many: Happening[] = Array.from({ length: 200 }, (_, i) => ({
      at: tuesday + i * 1000,
      source: attacker,
      target: hostOf(0),
      category: 'Recon.Scanning',
    }))
    expect(await stage.happen(many)).toMatchObject({ opened: 0 })
    expect(await reasons()).toEqual(['dropped-only'])
    const rows = await asActor(stage.db, await adminOf(0), tuesday, (tx) =>
      suppressed(tx, { text: attacker }, null),
    )
    expect(rows).toMatchObject([{ outcome: 'dropped-only', events: 200, key: { text: attacker } }])
  })

  it('every own host that misbehaves is told, whatever became of its traffic', async () => {
    const own = hostOf(2, 5)
    await stage.happen([
      { source: own, target: '203.0.113.5', category: 'Recon.Scanning', verdict: 'dropped' },
      {
        at: tuesday + minute,
        source: own,
        target: '203.0.113.6',
        category: 'Malware.Trojan',
        verdict: 'passed',
        port: 443,
      },
    ])
    const found = await seenBy(await adminOf(2))
    expect(found.map((w) => [w.rule, w.severity])).toEqual([['W1', 4]])
  })

  it('an own host that is only odd is counted, not told', async () => {
    await stage.happen([
      { source: hostOf(1), target: '203.0.113.5', category: 'Anomaly.Connection', verdict: 'passed' },
    ])
    expect(await reasons()).toEqual(['quiet-class'])
  })

  it('the host that answers its attacker within half an hour makes it critical', async () => {
    await stage.happen([
      { source: attacker, target: hostOf(0), category: 'Attempt.Exploit', verdict: 'passed', port: 443 },
    ])
    await stage.happen([
      {
        at: tuesday + 20 * minute,
        source: hostOf(0),
        target: attacker,
        category: 'Anomaly.Connection',
        verdict: 'passed',
      },
    ])
    const [warning] = await seenBy(coordinator)
    expect(warning).toMatchObject({ rule: 'W3', severity: 4, title: { words: 'W3-raised' } })
    const story = await asActor(stage.db, coordinator, tuesday, (tx) => timeline(tx, warning?.id ?? 0))
    expect(story.map((line) => line.kind)).toEqual(['opened', 'told', 'raised', 'told'])
  })

  it('who answered done is told again when the host turns out to have answered its attacker', async () => {
    await stage.happen([
      { source: attacker, target: hostOf(0), category: 'Attempt.Exploit', verdict: 'passed', port: 443 },
    ])
    const admin = await adminOf(0)
    const [told] = await seenBy(admin)
    await answer(stage.db, admin, told?.id ?? 0, { answer: 'done', via: 'page' }, tuesday + 10 * minute)
    const back: Happening = {
      at: tuesday + 8 * minute,
      source: hostOf(0),
      target: attacker,
      category: 'Anomaly.Connection',
      verdict: 'passed',
    }
    await stage.happen([back], tuesday + 12 * minute)
    const [warning, ...more] = await seenBy(admin)
    expect(more).toEqual([])
    expect(warning).toMatchObject({ id: told?.id, state: 'reopened', severity: 4, answer: 'pending' })
    const story = await asActor(stage.db, admin, tuesday, (tx) => timeline(tx, told?.id ?? 0))
    expect(story.map((line) => line.kind).slice(-2)).toEqual(['reopened', 'told'])
    await answer(stage.db, admin, told?.id ?? 0, { answer: 'done', via: 'page' }, tuesday + 20 * minute)
    await stage.happen([{ ...back, at: tuesday + 9 * minute }], tuesday + 21 * minute)
    expect(await seenBy(admin)).toMatchObject([{ state: 'closed', severity: 4, answer: 'done' }])
  })

  it('one trouble is one warning that lives', async () => {
    for (let i = 0; i < 6; i++)
      await stage.happen([
        { at: tuesday + i * 3 * hour, source: attacker, target: hostOf(0), verdict: 'passed' },
      ])
    const found = await seenBy(coordinator)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ events: 6, lastAt: tuesday + 15 * hour })
    const story = await asActor(stage.db, coordinator, tuesday, (tx) => timeline(tx, found[0]?.id ?? 0))
    expect(story.filter((line) => line.kind === 'told')).toHaveLength(1)
  })

  it('closes when it is over and quiet, and tells of a relapse when it comes back', async () => {
    await stage.happen([{ source: attacker, target: hostOf(0), verdict: 'passed' }])
    await stage.wait(tuesday + 32 * hour)
    await endQuiet(stage.db, tuesday + 32 * hour)
    expect(await closeOver(stage.db, tuesday + 32 * hour)).toBe(1)
    expect((await seenBy(coordinator))[0]).toMatchObject({ state: 'closed', going: false })
    await stage.happen([{ at: tuesday + 40 * hour, source: attacker, target: hostOf(0), verdict: 'passed' }])
    const [warning] = await seenBy(coordinator)
    expect(warning).toMatchObject({ state: 'reopened', answer: 'pending', events: 2 })
    const story = await asActor(stage.db, coordinator, tuesday, (tx) => timeline(tx, warning?.id ?? 0))
    expect(story.map((line) => line.kind)).toEqual(['opened', 'told', 'closed', 'reopened', 'relapse'])
  })

  it('an announced test is silent, visibly, until it is withdrawn', async () => {
    const admin = await adminOf(0)
    const ids = await announceTest(
      stage.db,
      admin,
      {
        org: stage.hospitals[0]?.id ?? 0,
        addresses: '198.51.100.0/28',
        startsAt: tuesday - hour,
        endsAt: tuesday + day,
        note: 'Zkouška odolnosti',
      },
      tuesday,
    )
    await stage.happen([
      { source: attacker, target: hostOf(0), verdict: 'passed' },
      { source: attacker, target: hostOf(1), verdict: 'passed' },
    ])
    expect((await seenBy(coordinator)).map((w) => w.org)).toEqual([stage.hospitals[1]?.id])
    const rows = await asActor(stage.db, admin, tuesday, (tx) =>
      suppressed(tx, { outcome: 'announced-test' }, null),
    )
    expect(rows).toMatchObject([{ outcomeDetail: { test: '198.51.100.0/28', until: tuesday + day } }])
    await withdrawTest(stage.db, admin, ids[0] ?? 0, tuesday + minute)
    await stage.happen([{ at: tuesday + 2 * minute, source: attacker, target: hostOf(0), verdict: 'passed' }])
    expect(await seenBy(admin)).toHaveLength(1)
  })

  it('an exercise goes the same way, apart and marked; trials and archives never warn', async () => {
    await stage.happen(
      [
        { source: attacker, target: hostOf(0), verdict: 'passed', exercise: 'podzim' },
        {
          source: attacker,
          target: hostOf(1),
          verdict: 'passed',
          more: { Category: ['Attempt.Login', 'Test'] },
        },
        { at: tuesday - 40 * day, source: attacker, target: hostOf(2), verdict: 'passed' },
      ],
      tuesday,
    )
    expect(await seenBy(coordinator)).toEqual([])
    const marked = await asActor(stage.db, coordinator, tuesday, (tx) =>
      listWarnings(tx, { exercise: true }, null),
    )
    expect(marked).toMatchObject([{ rule: 'W3', lane: 2, exercise: 'podzim' }])
    // What a sensor of the perimeter tries out is no member's episode at all.
    expect(await reasons()).toEqual(['archive-only'])
  })

  it('filters and counts agree with the list', async () => {
    for (let n = 0; n < 4; n++)
      await stage.happen([
        { at: tuesday + n * minute, source: `198.18.${n + 1}.1`, target: hostOf(n), verdict: 'passed' },
      ])
    await asActor(stage.db, coordinator, tuesday, async (tx) => {
      expect(await countWarnings(tx, {})).toBe(4)
      const first = await listWarnings(tx, {}, null, 3)
      const last = first.at(-1)
      const rest = await listWarnings(tx, {}, { at: last?.openedAt ?? 0, id: last?.id ?? 0 }, 3)
      expect([...first, ...rest].map((w) => w.org)).toEqual([3, 2, 1, 0].map((n) => stage.hospitals[n]?.id))
      for (const filters of [
        { text: '198.18.2.1' },
        { org: stage.hospitals[1]?.id ?? 0 },
        { text: 'zkušební 2' },
      ])
        expect([await countWarnings(tx, filters), (await listWarnings(tx, filters, null)).length]).toEqual([
          1, 1,
        ])
      expect(await countWarnings(tx, { severity: 4 })).toBe(0)
      expect(await countWarnings(tx, { state: 'living', rule: 'W3', answer: 'pending' })).toBe(4)
    })
  })
})
