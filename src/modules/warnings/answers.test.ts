import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { hostOf, openStage, type Stage } from '../../../test/warning-stage.ts'
import { type Actor, asActor, type Role } from '../../platform/access.ts'
import { answer, answersOf, answerTimes } from './answers.ts'
import { credibilityList, restoreCredibility } from './credibility.ts'
import { runLadders } from './notices.ts'
import { getWarning, listWarnings, timeline } from './queries.ts'
import { ask, assign, assignable, note, reply } from './talk.ts'
import { type AnswerWord, answerWords, type WarningDetail } from './types.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const attacker = '198.51.100.7'

describe('answering a warning', () => {
  let stage: Stage
  let coordinator: Actor
  let admin: Actor
  let id: number
  beforeEach(async () => {
    stage = await openStage(2)
    coordinator = await addPerson(stage.db, 'Jana Dohledová', [['coordinator', null]])
    admin = await person('admin')
    await stage.happen([{ source: attacker, target: hostOf(0), verdict: 'passed' }])
    const [opened] = await asActor(stage.db, coordinator, tuesday, (tx) => listWarnings(tx, {}, null))
    id = opened?.id ?? 0
  })
  afterEach(() => stage.db.drop())

  const person = (role: Role, n = 0): Promise<Actor> =>
    addPerson(stage.db, `${role} ${n}`, [[role, stage.hospitals[n] ?? null]])
  const shown = (now = tuesday): Promise<WarningDetail> =>
    asActor(stage.db, coordinator, now, (tx) => getWarning(tx, id))
  const say = (who: Actor, word: AnswerWord, now: number, text?: string) =>
    answer(stage.db, who, id, { answer: word, note: text, via: 'page' }, now)
  const log = async (): Promise<string[]> =>
    (await asActor(stage.db, coordinator, tuesday, (tx) => timeline(tx, id))).map((line) => line.kind)

  it('is refused to whom the role does not allow it, and to strangers', async () => {
    const manager = await person('manager')
    for (const word of answerWords.filter((w) => w !== 'seen'))
      await expect(say(manager, word, tuesday)).rejects.toThrow('role')
    await expect(say(await person('admin', 1), 'seen', tuesday)).rejects.toThrow('no such warning')
    await expect(
      say(await addPerson(stage.db, 'Petr Provozní', [['operator', null]]), 'seen', tuesday),
    ).rejects.toThrow('no such warning')
    expect(await shown()).toMatchObject({ answer: 'pending', answeredAt: null })
  })

  it('the last permitted answer wins, a later seen never undoes done, and all are kept', async () => {
    const manager = await person('manager')
    expect(await say(manager, 'seen', tuesday + 5 * minute)).toMatchObject({
      counted: true,
      answer: 'seen',
      state: 'open',
    })
    expect(await say(admin, 'working', tuesday + 10 * minute)).toMatchObject({ answer: 'working' })
    expect(await say(admin, 'done', tuesday + 20 * minute, 'přeinstalováno')).toMatchObject({
      answer: 'done',
      state: 'closed',
    })
    expect(await say(manager, 'seen', tuesday + 30 * minute)).toEqual({
      counted: false,
      repeated: false,
      answer: 'done',
      state: 'closed',
    })
    const given = await asActor(stage.db, admin, tuesday, (tx) => answersOf(tx, id))
    expect(given.map((a) => [a.answer, a.counted, a.person])).toEqual([
      ['seen', true, 'manager 0'],
      ['working', true, 'admin 0'],
      ['done', true, 'admin 0'],
      ['seen', false, 'manager 0'],
    ])
    expect(await shown()).toMatchObject({
      answer: 'done',
      state: 'closed',
      answeredBy: 'admin 0',
      firstAnswerAt: tuesday + 5 * minute,
      ladderDueAt: null,
    })
    expect(await log()).toEqual(['opened', 'told', 'answer', 'answer', 'answer', 'closed', 'answer'])
  })

  it('pressing twice changes nothing', async () => {
    await say(admin, 'done', tuesday + minute)
    expect(await say(admin, 'done', tuesday + 2 * minute)).toMatchObject({ counted: true, repeated: true })
    expect(await asActor(stage.db, admin, tuesday, (tx) => answersOf(tx, id))).toHaveLength(1)
  })

  it('going back to work needs a note and reopens', async () => {
    await say(admin, 'done', tuesday + minute)
    await expect(say(admin, 'working', tuesday + 2 * minute)).rejects.toThrow('note')
    expect(await say(admin, 'working', tuesday + 2 * minute, 'ještě ne')).toMatchObject({
      answer: 'working',
      state: 'reopened',
    })
  })

  it('done and back again: reopened, pending and told at once; late news of before is not', async () => {
    await say(admin, 'done', tuesday + hour)
    await stage.happen(
      [{ at: tuesday + 30 * minute, source: attacker, target: hostOf(0), verdict: 'passed' }],
      tuesday + 2 * hour,
    )
    expect(await shown()).toMatchObject({ state: 'closed', events: 2 })
    await stage.happen([{ at: tuesday + 3 * hour, source: attacker, target: hostOf(0), verdict: 'passed' }])
    const reopened = { state: 'reopened', answer: 'pending', answeredAt: null, answeredBy: null, events: 3 }
    expect(await shown()).toMatchObject(reopened)
    expect((await log()).slice(-2)).toEqual(['reopened', 'relapse'])
  })

  it('a coordinator answers by telephone on behalf of the member', async () => {
    await answer(
      stage.db,
      coordinator,
      id,
      { answer: 'working', org: stage.hospitals[0]?.id ?? null, via: 'page', note: 'telefonicky' },
      tuesday,
    )
    const [given] = await asActor(stage.db, admin, tuesday, (tx) => answersOf(tx, id))
    expect(given).toMatchObject({ answer: 'working', via: 'coordinator', note: 'telefonicky' })
    await expect(
      answer(
        stage.db,
        coordinator,
        id,
        { answer: 'done', org: stage.hospitals[1]?.id ?? null, via: 'page' },
        tuesday,
      ),
    ).rejects.toThrow('member')
  })

  it('leaves a line in the trail that the member and the coordinators can read', async () => {
    await say(admin, 'seen', tuesday)
    const read = (who: Actor) =>
      asActor(stage.db, who, tuesday, (tx) => tx.query('select verb, actor, object from audit'))
    expect((await read(coordinator)).rows).toEqual([
      { verb: 'warnings.answer', actor: admin.email, object: `warning ${id}` },
    ])
    expect((await read(await person('duty', 1))).rows).toEqual([])
  })

  it('the ladder climbs until somebody answers', async () => {
    const due = (await shown()).ladderDueAt
    expect(due).toBe(tuesday + 4 * hour)
    expect(await runLadders(stage.db, tuesday + 4 * hour - 1)).toBe(0)
    expect(await runLadders(stage.db, tuesday + 4 * hour)).toBe(1)
    expect(await runLadders(stage.db, tuesday + 4 * hour)).toBe(0)
    expect(await shown()).toMatchObject({ ladderStep: 1, ladderDueAt: tuesday + 8 * hour })
    await say(await person('manager'), 'seen', tuesday + 5 * hour)
    expect(await runLadders(stage.db, tuesday + 9 * hour)).toBe(0)
  })

  it('figures of answering: how many, how fast', async () => {
    await stage.happen([{ source: '203.0.113.9', target: hostOf(1), verdict: 'passed' }])
    await say(admin, 'seen', tuesday + 12 * minute)
    const figures = await asActor(stage.db, coordinator, tuesday + day, (tx) =>
      answerTimes(tx, tuesday - day, tuesday + day),
    )
    expect(figures).toMatchObject({ asked: 2, answered: 1, medianMinutes: 12, inTime: 1 })
    expect(figures.organisations.map((o) => [o.name, o.answered])).toEqual([
      ['Nemocnice Zkušební 1', 1],
      ['Nemocnice Zkušební 2', 0],
    ])
  })

  it('five false alarms lower a detector’s word there, never for critical, until it is restored', async () => {
    for (let n = 0; n < 5; n++) {
      const at = tuesday + n * 8 * day
      const source = `198.18.${n}.1`
      await stage.happen([{ at, source, target: hostOf(0), verdict: 'passed' }])
      const [fresh] = await asActor(stage.db, admin, at, (tx) => listWarnings(tx, { text: source }, null))
      expect(fresh?.severity).toBe(3)
      await answer(stage.db, admin, fresh?.id ?? 0, { answer: 'false_alarm', via: 'page' }, at)
    }
    const learned = await asActor(stage.db, admin, tuesday, (tx) => credibilityList(tx))
    const org = stage.hospitals[0]?.id ?? 0
    expect(learned).toMatchObject([{ org, bad: 5, good: 0, lowered: true }])
    const later = tuesday + 60 * day
    const severityOf = async (source: string, target: string): Promise<number | undefined> =>
      (await asActor(stage.db, coordinator, later, (tx) => listWarnings(tx, { text: source }, null))).find(
        (w) => w.title.side === 'target' && target,
      )?.severity
    await stage.happen([{ at: later, source: '198.18.90.1', target: hostOf(0), verdict: 'passed' }])
    expect(await severityOf('198.18.90.1', hostOf(0))).toBe(2)
    await stage.happen([{ at: later, source: '198.18.91.1', target: hostOf(1), verdict: 'passed' }])
    expect(await severityOf('198.18.91.1', hostOf(1))).toBe(3)
    await expect(
      restoreCredibility(
        stage.db,
        admin,
        { detector: learned[0]?.detector ?? 0, cls: learned[0]?.cls ?? 0, org },
        later,
      ),
    ).rejects.toThrow('coordinator')
    await restoreCredibility(
      stage.db,
      coordinator,
      { detector: learned[0]?.detector ?? 0, cls: learned[0]?.cls ?? 0, org },
      later,
    )
    await stage.happen([{ at: later + minute, source: '198.18.92.1', target: hostOf(0), verdict: 'passed' }])
    expect(await severityOf('198.18.92.1', hostOf(0))).toBe(3)
  })

  it('a false alarm stays silent for its threshold, and says so', async () => {
    await say(admin, 'false_alarm', tuesday + minute)
    await stage.happen([{ at: tuesday + hour, source: attacker, target: hostOf(0), verdict: 'passed' }])
    expect(await shown()).toMatchObject({ state: 'closed', answer: 'done' })
    const { rows } = await stage.db.engine.query(
      `select outcome, outcome_detail->>'report' as report from episodes where org_id > 0`,
    )
    expect(rows).toEqual([{ outcome: 'within-report-threshold', report: (await shown()).number }])
  })

  it('carries notes, questions with their answer, and an assignee', async () => {
    await note(stage.db, admin, id, 'Volali jsme dodavateli.', tuesday)
    await ask(stage.db, admin, id, 'Je to známá kampaň?', tuesday + minute)
    await expect(reply(stage.db, admin, id, 'Ano.', tuesday + 2 * minute)).rejects.toThrow('coordinators')
    await reply(stage.db, coordinator, id, 'Zatím ne.', tuesday + 2 * minute)
    const people = await asActor(stage.db, admin, tuesday, (tx) => assignable(tx, id))
    expect(people.map((p) => p.name)).toEqual(['admin 0'])
    await assign(stage.db, admin, id, admin.person, tuesday + 3 * minute)
    expect(await shown()).toMatchObject({ assignee: 'admin 0', assigneeId: admin.person })
    await expect(assign(stage.db, admin, id, coordinator.person, tuesday)).rejects.toThrow('assignable')
    await expect(note(stage.db, await person('manager'), id, 'x', tuesday)).rejects.toThrow('role')
    await expect(note(stage.db, admin, id, ' ', tuesday)).rejects.toThrow('Text')
    expect((await log()).slice(-4)).toEqual(['note', 'question', 'reply', 'assigned'])
  })
})
