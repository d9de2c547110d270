import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addHospital, tuesday } from '../../../../test/harness.ts'
import { draftOf, openWriting, type Writing } from '../../../../test/writing.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { Forbidden, Invalid, WrongState } from '../../../platform/errors.ts'
import { declare } from './duty.ts'
import { create, discard, save, sendBack, submit } from './edit.ts'
import { judge, publish } from './publish.ts'
import { getWritten, versionOf } from './read.ts'
import { expire, revoke } from './revoke.ts'
import type { Draft } from './types.ts'

const hour = 3_600_000
const minute = 60_000

describe('the life of a warning that somebody writes', () => {
  let stage: Writing
  let db: Writing['db']
  let jana: Actor
  let karel: Actor
  let kveta: Actor
  beforeAll(async () => {
    stage = await openWriting()
    ;({ db, jana, karel, kveta } = stage)
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  it('goes from its author to another coordinator and out, with a number of the year', async () => {
    const id = await stage.written()
    expect(await stage.sees(jana, id)).toBe(false)
    expect(await stage.sees(kveta, id)).toBe(true)
    await expect(publish(db, id, kveta, tuesday)).rejects.toThrow(WrongState)
    await submit(db, id, karel, tuesday)
    await expect(publish(db, id, karel, tuesday)).rejects.toThrow(Forbidden)
    expect(await publish(db, id, kveta, tuesday)).toMatchObject({
      number: 'HSOC-2026-0001',
      no: 1,
      told: 2,
      anybody: true,
    })
    expect(await stage.sees(jana, id)).toBe(true)
    expect(await stage.sees(null, id)).toBe(false)
    expect((await publish(db, await second(), kveta, tuesday)).number).toBe('HSOC-2026-0002')
    async function second(): Promise<number> {
      const other = await stage.written()
      await submit(db, other, karel, tuesday)
      return other
    }
  })

  it('is not for who edited it last to publish', async () => {
    const id = await stage.written()
    await save(db, id, kveta, draftOf(), tuesday)
    await submit(db, id, karel, tuesday)
    await expect(publish(db, id, kveta, tuesday)).rejects.toThrow(Forbidden)
  })

  it('comes back with a note, and is thrown away without a trace for members', async () => {
    const id = await stage.written()
    await submit(db, id, karel, tuesday)
    await expect(save(db, id, karel, draftOf(), tuesday)).rejects.toThrow(WrongState)
    await expect(sendBack(db, id, kveta, ' ', tuesday)).rejects.toThrow(Invalid)
    await sendBack(db, id, kveta, 'Chybí lhůta.', tuesday)
    const working = await asActor(db, karel, tuesday, (tx) => versionOf(tx, id, 'working'))
    expect(working).toMatchObject({ state: 'draft', reviewNote: 'Chybí lhůta.' })
    await discard(db, id, karel, tuesday)
    expect(await stage.sees(karel, id)).toBe(false)
  })

  it('asks for the Czech parts before anybody looks at it', async () => {
    const texts = { cs: { title: 'Jen název', happened: '', concerns: '', todo: '' }, en: draftOf().texts.en }
    const id = await stage.written({ texts })
    await expect(submit(db, id, karel, tuesday)).rejects.toMatchObject({
      fields: { 'texts.cs.happened': 'lack', 'texts.cs.concerns': 'lack', 'texts.cs.todo': 'lack' },
    })
  })

  it('is written and published by coordinators alone', async () => {
    await expect(create(db, jana, draftOf(), tuesday)).rejects.toThrow(Forbidden)
    const id = await stage.written()
    for (const deed of [
      () => save(db, id, jana, draftOf(), tuesday),
      () => submit(db, id, jana, tuesday),
      () => publish(db, id, jana, tuesday),
      () => revoke(db, id, jana, 'Proto.', tuesday),
      () => judge(db, id, jana, tuesday),
      () =>
        declare(db, jana, { startsAt: tuesday, endsAt: tuesday + hour, reason: 'Sám ve službě' }, tuesday),
    ])
      await expect(deed()).rejects.toThrow(Forbidden)
    // Nor does the database let a member write past the verbs.
    await expect(
      asActor(db, jana, tuesday, (tx) =>
        tx.query(
          `insert into written_warnings (author_id, created_at, changed_at, readers, readers_after) values ($1, now(), now(), '{1}', '{1}')`,
          [jana.person],
        ),
      ),
    ).rejects.toThrow(/row-level security/)
    const { rowCount } = await asActor(db, jana, tuesday, (tx) =>
      tx.query(`update written_warnings set readers = '{1}'`),
    )
    expect(rowCount).toBe(0)
  })

  describe('an emergency', () => {
    const emergency: Partial<Draft> = { kind: 'emergency', severity: 4 }

    it('goes out without review by two persons, and by one only in a period declared beforehand', async () => {
      const id = await stage.written(emergency)
      await expect(publish(db, id, karel, tuesday)).rejects.toThrow(Forbidden)
      const times = {
        startsAt: tuesday + hour,
        endsAt: tuesday + 9 * hour,
        reason: 'Noc, Květa je na dovolené',
      }
      await expect(
        declare(db, karel, { ...times, startsAt: tuesday - minute }, tuesday),
      ).rejects.toMatchObject({
        fields: { startsAt: 'past' },
      })
      await declare(db, karel, times, tuesday)
      await expect(publish(db, id, karel, tuesday)).rejects.toThrow(Forbidden)
      const night = tuesday + 2 * hour
      await publish(db, id, karel, night)
      const out = await asActor(db, kveta, night, (tx) => versionOf(tx, id, 'published'))
      expect(out).toMatchObject({ reviewDueAt: night + 24 * hour, judgedAt: null })
      await expect(judge(db, id, karel, night)).rejects.toThrow(Forbidden)
      await judge(db, id, kveta, night + hour)
      await expect(judge(db, id, kveta, night + hour)).rejects.toThrow(WrongState)
      const two = await stage.written(emergency)
      await publish(db, two, kveta, tuesday)
      expect(
        (await asActor(db, karel, tuesday, (tx) => versionOf(tx, two, 'published')))?.reviewDueAt,
      ).toBeNull()
    })

    it('is the only kind that one person may release at all', async () => {
      await declare(
        db,
        karel,
        { startsAt: tuesday, endsAt: tuesday + hour, reason: 'Sám ve službě' },
        tuesday,
      )
      const id = await stage.written({ severity: 3 })
      await submit(db, id, karel, tuesday)
      await expect(publish(db, id, karel, tuesday)).rejects.toThrow(Forbidden)
    })
  })

  it('is over at the moment it says, and its state follows', async () => {
    const id = await stage.published({ validUntil: tuesday + hour })
    expect(await stage.sees(jana, id, tuesday + hour - 1)).toBe(true)
    expect(await stage.sees(jana, id, tuesday + hour)).toBe(false)
    expect(await stage.sees(karel, id, tuesday + hour)).toBe(true)
    expect(await expire(db, tuesday + hour)).toBe(1)
    expect(await expire(db, tuesday + hour)).toBe(0)
    expect((await asActor(db, karel, tuesday + hour, (tx) => getWritten(tx, id))).state).toBe('expired')
  })

  it('reaches nobody when its audience turns out empty, and says so', async () => {
    const empty = await stage.written({ audience: 'organisations', orgs: [] })
    await expect(submit(db, empty, karel, tuesday)).rejects.toMatchObject({ fields: { orgs: 'lack' } })
    const gone = await addHospital(db, 'Nemocnice, která odešla', [])
    await db.engine.query(`update organisations set status = 'left' where id = $1`, [gone.id])
    const id = await stage.written({ audience: 'organisations', orgs: [gone.id] })
    await submit(db, id, karel, tuesday)
    expect(await publish(db, id, kveta, tuesday)).toMatchObject({ told: 0, anybody: false })
    expect([await stage.sees(kveta, id), await stage.sees(jana, id)]).toEqual([true, false])
    expect(await stage.states(id)).toEqual([])
  })
})
