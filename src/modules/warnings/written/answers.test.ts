import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { addDays, dayOf } from '../../../platform/dates.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { contradict, transitions } from './answer-rules.ts'
import { type AnswerResult, answer } from './answers.ts'
import { answersTo, figuresOf, type Line, linesOf } from './board-read.ts'
import { askedOf } from './concerning.ts'
import { readLink, revokeLink } from './links.ts'
import { remind } from './remind.ts'
import { revoke } from './revoke.ts'
import { type AnswerWord, answerWords, type Standing } from './types.ts'

const minute = 60_000
const hour = 60 * minute

describe('answers to written warnings', () => {
  let stage: Writing
  let db: Writing['db']
  let manager: Actor
  let security: Actor
  beforeAll(async () => {
    stage = await openWriting()
    db = stage.db
    manager = await addPerson(db, 'Radka Ředitelka', [['manager', stage.jihlava]])
    security = await addPerson(db, 'Marek Manažer', [['security_manager', stage.jihlava]])
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  const say = (
    by: Actor,
    id: number,
    word: AnswerWord,
    more: object = {},
    now = tuesday,
  ): Promise<AnswerResult> =>
    answer(db, by, id, { org: stage.jihlava.id, answer: word, via: 'page', ...more }, now)
  const board = (id: number, by = stage.karel): Promise<Line[]> =>
    asActor(db, by, tuesday, (tx) => linesOf(tx, id))
  const line = async (id: number): Promise<Line | undefined> =>
    (await board(id)).find((one) => one.org === stage.jihlava.id)

  it('lead from where to where, and a later seen never undoes done', async () => {
    const id = await stage.published({ severity: 3 })
    expect(await say(stage.jana, id, 'seen')).toMatchObject({ counted: true, answer: 'seen' })
    await say(stage.jana, id, 'mitigated', { plannedOn: '2026-03-20', affected: 14 })
    expect(await line(id)).toMatchObject({ answer: 'mitigated', plannedOn: '2026-03-20', affected: 14 })
    await say(stage.jana, id, 'done')
    expect(await say(stage.jana, id, 'seen')).toMatchObject({ counted: false, answer: 'done' })
    await expect(say(stage.jana, id, 'working')).rejects.toMatchObject({ fields: { note: 'note' } })
    await say(stage.jana, id, 'working', { note: 'Vrátilo se to.' })
    expect(await line(id)).toMatchObject({ answer: 'working', doneAt: null })
    expect(Object.keys(transitions).length).toBe(answerWords.length + 1)
  })

  it('that it is mitigated say for which day the repair is planned, today or later', async () => {
    const id = await stage.published({ severity: 3 })
    const today = dayOf(tuesday)
    for (const [plannedOn, why] of [
      [undefined, 'lack'],
      ['', 'lack'],
      [addDays(today, -1), 'past'],
    ] as const)
      await expect(say(stage.jana, id, 'mitigated', { plannedOn })).rejects.toMatchObject({
        fields: { plannedOn: why },
      })
    await say(stage.jana, id, 'mitigated', { plannedOn: today })
    const concerns = async (day: string): Promise<number> =>
      (await asActor(db, stage.jana, tuesday, (tx) => askedOf(tx, [stage.jihlava.id], day))).length
    expect([await concerns(addDays(today, -1)), await concerns(today)]).toEqual([0, 1])
    // As it could be answered before a day was needed: it comes back after thirty.
    await db.engine.query('update written_asked set planned_on = null where warning_id = $1', [id])
    expect([await concerns(addDays(today, 29)), await concerns(addDays(today, 30))]).toEqual([0, 1])
  })

  it('are refused by role, to strangers, to what is over, and when they say nothing sensible', async () => {
    const id = await stage.published({ severity: 3, audience: 'organisations', orgs: [stage.jihlava.id] })
    for (const word of answerWords.filter((one) => one !== 'seen'))
      await expect(say(manager, id, word, { plannedOn: '2026-03-20' })).rejects.toThrow(Forbidden)
    expect((await say(manager, id, 'seen')).counted).toBe(true)
    await expect(say(stage.tomas, id, 'seen')).rejects.toThrow(NotFound)
    await expect(say(stage.tomas, id, 'seen', { org: stage.trest.id })).rejects.toThrow(NotFound)
    for (const [more, field] of [
      [{ plannedOn: 'brzy' }, 'plannedOn'],
      [{ affected: -1 }, 'affected'],
      [{ affected: 1.5 }, 'affected'],
      [{ note: 'x'.repeat(4_001) }, 'note'],
    ] as const)
      await expect(say(stage.jana, id, 'working', more)).rejects.toMatchObject({
        fields: { [field]: expect.any(String) },
      })
    await expect(say(stage.jana, id, 'maybe' as AnswerWord)).rejects.toThrow(Invalid)
    await revoke(db, id, stage.karel, 'Omyl.', tuesday)
    await revoke(db, id, stage.kveta, 'Omyl.', tuesday)
    await expect(say(stage.jana, id, 'done')).rejects.toThrow(NotFound)
    await expect(say(stage.karel, id, 'done', { note: 'x' })).rejects.toThrow(WrongState)
  })

  it('of two people who say opposite things the higher role stands, and the conflict shows', async () => {
    const id = await stage.published({ severity: 3 })
    await say(security, id, 'working')
    expect(await say(stage.jana, id, 'not_affected', { note: 'To nemáme.' })).toEqual({
      counted: false,
      conflict: true,
      answer: 'working',
    })
    expect(await line(id)).toMatchObject({ answer: 'working', conflict: true })
    const other = await stage.published({ severity: 3 })
    await say(stage.jana, other, 'not_affected')
    expect(await say(security, other, 'working', { note: 'Máme.' })).toEqual({
      counted: true,
      conflict: true,
      answer: 'working',
    })
    // Who finishes the work contradicts nobody, whatever the role.
    expect(await say(stage.jana, other, 'done')).toEqual({ counted: true, conflict: false, answer: 'done' })
    const all: Standing[] = ['pending', ...answerWords]
    for (const a of all) for (const b of all) expect(contradict(a, b)).toBe(contradict(b, a))
  })

  it('of somebody who has left stay with the organisation, and the link of the mail with nobody', async () => {
    const id = await stage.published({ severity: 3 })
    await stage.send(tuesday)
    const token = /https:\/\/hsoc\.example\/w\/([\w-]+)/.exec(stage.to(stage.tomas)[0]?.text ?? '')?.[1] ?? ''
    const link = await readLink(stage.context, token, tuesday)
    expect(link).toMatchObject({ warning: id, org: stage.trest.id, alive: true })
    await answer(db, link.actor, id, { org: link.org, answer: 'working', via: 'mail' }, tuesday)
    await db.engine.query(
      `update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = $1`,
      [stage.tomas.person, tuesday + minute],
    )
    await expect(readLink(stage.context, token, tuesday + hour)).rejects.toThrow(NotFound)
    const [kept] = await asActor(db, stage.karel, tuesday + hour, (tx) => answersTo(tx, id))
    expect(kept).toMatchObject({
      org: stage.trest.id,
      answer: 'working',
      via: 'mail',
      person: 'Tomáš Služba',
    })
    await db.engine.query(`update engagements set valid_to = 'infinity' where person_id = $1`, [
      stage.tomas.person,
    ])
    await revokeLink(stage.context, token, tuesday)
    expect((await readLink(stage.context, token, tuesday)).alive).toBe(false)
    await expect(readLink(stage.context, 'nonsense', tuesday)).rejects.toThrow(NotFound)
  })

  it('a coordinator passes on what was said on the telephone, with who said it', async () => {
    const id = await stage.published({ severity: 3 })
    await expect(say(stage.karel, id, 'working')).rejects.toMatchObject({ fields: { note: 'behalf' } })
    await say(stage.karel, id, 'working', { note: 'Volala paní Správná.' })
    const [kept] = await asActor(db, stage.karel, tuesday, (tx) => answersTo(tx, id))
    expect(kept).toMatchObject({ via: 'coordinator', role: 'coordinator', note: 'Volala paní Správná.' })
  })

  it('a member sees its own line and no other', async () => {
    const id = await stage.published({ severity: 3 })
    await say(stage.jana, id, 'working')
    expect((await board(id, stage.jana)).map((one) => one.org)).toEqual([stage.jihlava.id])
    expect((await asActor(db, stage.tomas, tuesday, (tx) => answersTo(tx, id))).length).toBe(0)
  })

  it('are asked again of the silent alone, at most once an hour', async () => {
    const id = await stage.published({ severity: 3 })
    await say(stage.jana, id, 'seen')
    await stage.send(tuesday)
    stage.office.clear()
    expect(await remind(db, id, stage.karel, tuesday + hour)).toBe(1)
    await expect(remind(db, id, stage.karel, tuesday + hour + minute)).rejects.toThrow(WrongState)
    await stage.send(tuesday + hour)
    expect(stage.to(stage.jana)).toEqual([])
    expect(stage.to(stage.tomas)[0]?.text).toContain('You have not answered this warning yet')
    await expect(remind(db, id, stage.jana, tuesday + hour)).rejects.toThrow(Forbidden)
  })

  it('are counted as the sharing rule’s example counts them', () => {
    const times = [12, 25, 40, 90, null]
    const lines = times.map(
      (after, i): Line => ({
        org: i,
        name: 'x',
        region: null,
        phone: null,
        asked: true,
        reasons: [],
        owns: null,
        answer: after === null ? 'pending' : 'seen',
        plannedOn: null,
        affected: 2,
        conflict: false,
        askedAt: tuesday,
        answeredAt: null,
        firstAnswerAt: after === null ? null : tuesday + after * minute,
        doneAt: null,
        remindedAt: null,
        outAt: null,
        aimAt: tuesday + 60 * minute,
        next: null,
        listed: null,
      }),
    )
    expect(figuresOf(lines)).toEqual({
      asked: 5,
      answered: 4,
      done: 0,
      medianToAnswer: 32.5,
      meanToAnswer: 41.75,
      meanToDone: null,
      affected: 10,
      inTime: 3,
    })
    expect(figuresOf(lines.map((line) => ({ ...line, aimAt: null }))).inTime).toBeNull()
    expect(figuresOf([])).toMatchObject({ asked: 0, medianToAnswer: null, meanToAnswer: null })
  })
})
