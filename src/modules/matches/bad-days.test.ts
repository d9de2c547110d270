/** Bad days of an advisory that meets inventories: taken back while mails go out, answered twice, by who left, with markup, for fewer eyes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../test/match-stage.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { answer, type NewAnswer } from './answers.ts'
import { matchAt } from './read.ts'

let stage: MatchStage
let source: number
let sylva: Actor
let dana: Actor
beforeAll(async () => {
  stage = await openMatchStage()
  source = await stage.sourceOf('Výrobce pump')
  sylva = await addPerson(stage.db, 'Sylva Bezpečná', [['security_manager', stage.lipova]])
  dana = await addPerson(stage.db, 'Dana Druhá', [['admin', stage.lipova]])
  for (const who of [stage.jana, stage.ota]) await stage.own(who, pump)
  await stage.step()
})
afterAll(() => stage.close())

const hour = 3_600_000
const subjects = (who: Actor, about: string) =>
  stage.mailsTo(who).flatMap(({ subject }) => (subject?.includes(about) ? [subject] : []))
const itemOf = async (who: Actor, id: string) =>
  (await stage.items(who, 'all')).find(({ trackingId }) => trackingId === id)
const statesOf = async (who: Actor) =>
  (
    await stage.db.engine.query<{ said: string }>(
      `select concat_ws(' ', d.kind, d.state) as said from deliveries d join match_items i on i.id = d.match_id
       join advisories a on a.id = i.advisory_id where d.address = $1 and a.tracking_id = 'D-1' order by d.id`,
      [who.email],
    )
  ).rows.map(({ said }) => said)
const mailFor = (who: Actor, state: string) =>
  stage.db.engine.query(`update deliveries set state = $2 where address = $1 and state = 'queued'`, [
    who.email,
    state,
  ])

describe('an advisory that is taken back in the middle of delivery', () => {
  it('goes to nobody else; who has it, or may have it in a moment, is told; who has not, hears nothing', async () => {
    await stage.given(source, { id: 'D-1', title: 'Pumpa v nebezpečí' })
    await stage.step()
    // One has it, one is being sent at this moment, one waits.
    await mailFor(stage.jana, 'sent')
    await mailFor(dana, 'sending')
    await stage.given(source, {
      ...{ id: 'D-1', version: '2', title: 'WITHDRAWN: Pumpa v nebezpečí', revisedAt: tuesday },
    })
    await stage.step(tuesday + hour)
    expect(await statesOf(stage.jana)).toEqual(['new sent', 'revoked queued'])
    expect(await statesOf(dana)).toEqual(['new sending', 'revoked queued'])
    expect(await statesOf(stage.ota)).toEqual(['new dropped'])
    await stage.send(tuesday + hour)
    expect(subjects(stage.jana, 'Už se vás netýká')).toHaveLength(1)
    expect(stage.mailsTo(stage.ota)).toEqual([])
    expect(await itemOf(stage.ota, 'D-1')).toMatchObject({ state: 'gone', closedWhy: 'withdrawn' })
  })
})

describe('an advisory whose label is raised after it came', () => {
  it('is gone for who may not read it any more; the mail about that says nothing of it', async () => {
    await stage.given(source, { id: 'D-2', title: 'Tajná pumpa' })
    await stage.step()
    await mailFor(stage.jana, 'sent')
    await stage.given(source, {
      ...{ id: 'D-2', version: '2', title: 'Tajná pumpa', tlp: 'AMBER', revisedAt: tuesday },
    })
    await stage.step(tuesday + hour)
    await stage.send(tuesday + hour)
    expect(await itemOf(stage.jana, 'D-2')).toBeUndefined()
    const told = stage.mailsTo(stage.jana).at(-1)
    expect(told?.subject).toContain('Už se vás netýká')
    expect(`${told?.subject} ${told?.text} ${told?.html}`).not.toContain('Tajná')
    expect(stage.mailsTo(stage.ota)).toEqual([])
  })
})

describe('an advisory with markup in it', () => {
  it('is a text like any other, in the subject and in both parts of the mail', async () => {
    const title = 'Pumpa <img src=x onerror="alert(1)"> & <script>spol.</script>'
    await stage.given(source, { id: 'D-3', title })
    await stage.step()
    await stage.send()
    const mail = stage.mailsTo(stage.jana).find(({ subject }) => subject?.includes('<img'))
    expect(mail?.subject).toContain(title)
    expect(mail?.text).toContain(title)
    expect(mail?.html).toContain('&lt;img src=x')
    expect(mail?.html).not.toMatch(/<img|<script/)
  })
})

describe('answers', () => {
  const say = async (who: Actor, given: NewAnswer) =>
    answer(stage.db, (await itemOf(stage.jana, 'D-3'))?.id ?? 0, given, who, tuesday + hour)
  const standing = async () => {
    const id = (await itemOf(stage.jana, 'D-3'))?.id ?? 0
    const item = await asActor(stage.db, stage.jana, tuesday, (tx) => matchAt(tx, id))
    return [item.answer, item.conflict]
  }

  it('of two people who say opposite things the higher role stands, and the conflict shows', async () => {
    await say(sylva, { answer: 'not_affected', note: 'Pumpy nejsou v síti.' })
    expect(await standing()).toEqual(['not_affected', false])
    expect(await say(stage.jana, { answer: 'working', note: 'Jsou.' })).toEqual({
      ...{ counted: false, conflict: true, answer: 'not_affected' },
    })
    expect(await standing()).toEqual(['not_affected', true])
    await say(sylva, { answer: 'working', note: 'Přece jen jsou.' })
    expect(await standing()).toEqual(['working', false])
  })

  it('of somebody who left count for nobody, and what they said stays with the organisation', async () => {
    await stage.db.engine.query('update engagements set valid_to = $2 where person_id = $1', [
      sylva.person,
      new Date(tuesday),
    ])
    const gone = { ...sylva, engagements: [] }
    await expect(say(gone, { answer: 'done' })).rejects.toMatchObject({ name: 'NotFound' })
    expect(await standing()).toEqual(['working', false])
  })
})
