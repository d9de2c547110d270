import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { draftOf, openWriting, type Writing } from '../../../../test/writing.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { Forbidden, Invalid, WrongState } from '../../../platform/errors.ts'
import { change, discard, save, sendBack, submit } from './edit.ts'
import { publish } from './publish.ts'
import { listWritten, versionOf } from './read.ts'
import { revoke } from './revoke.ts'
import type { Draft } from './types.ts'

const minute = 60_000

describe('a new version, and the end of all', () => {
  let stage: Writing
  let db: Writing['db']
  let jana: Actor
  let tomas: Actor
  let karel: Actor
  let kveta: Actor
  beforeAll(async () => {
    stage = await openWriting()
    ;({ db, jana, tomas, karel, kveta } = stage)
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  it('replaces the one before for everybody, asks anew when its substance changed, and stops what still waits', async () => {
    const id = await stage.published({ severity: 3 })
    await db.engine.query(`update written_asked set answer = 'done' where warning_id = $1`, [id])
    await stage.again(id, { severity: 3, substantive: false }, tuesday + minute)
    expect(await stage.states(id)).toEqual([
      'new dropped superseded',
      'new dropped superseded',
      'update queued',
      'update queued',
    ])
    const answers = async () =>
      (
        await db.engine.query<{ answer: string }>('select answer from written_asked where warning_id = $1', [
          id,
        ])
      ).rows.map((row) => row.answer)
    expect(await answers()).toEqual(['done', 'done'])
    await stage.again(id, { severity: 3 }, tuesday + 2 * minute)
    expect(await answers()).toEqual(['pending', 'pending'])
    const rows = await asActor(db, jana, tuesday + 3 * minute, (tx) => listWritten(tx, {}, null))
    expect(rows.map((row) => [row.id, row.version, row.shown.no])).toEqual([[id, 3, 3]])
  })

  it('is not seen before it is out', async () => {
    const id = await stage.published()
    await change(db, id, karel, tuesday)
    expect(await asActor(db, jana, tuesday, (tx) => versionOf(tx, id, 'working'))).toBeNull()
    await expect(change(db, id, kveta, tuesday)).rejects.toThrow(WrongState)
    await discard(db, id, kveta, tuesday)
    expect(await stage.sees(jana, id)).toBe(true)
  })

  it('needs a note of what changed, and is never wider', async () => {
    const id = await stage.published({ tlp: 'AMBER' })
    await change(db, id, karel, tuesday)
    await expect(submit(db, id, karel, tuesday)).rejects.toMatchObject({ fields: { changeNote: 'lack' } })
    const refused = async (more: Partial<Draft>, fields: object) => {
      await save(db, id, karel, draftOf({ tlp: 'AMBER', changeNote: 'x', ...more }), tuesday)
      await submit(db, id, karel, tuesday)
      await expect(publish(db, id, kveta, tuesday)).rejects.toMatchObject({ fields })
      await sendBack(db, id, kveta, 'x', tuesday)
    }
    await refused({ tlp: 'GREEN' }, { tlp: 'wider' })
    await refused({ tlp: 'CLEAR', audience: 'public' }, { tlp: 'wider', audience: 'wider' })
  })

  it('with a narrower label says so to whom it stays for, and is gone for everybody else', async () => {
    const id = await stage.published({ severity: 3 })
    await stage.send(tuesday)
    stage.office.clear()
    await stage.again(
      id,
      { severity: 3, tlp: 'AMBER', audience: 'organisations', orgs: [stage.jihlava.id] },
      tuesday + minute,
    )
    await stage.send(tuesday + minute)
    expect(stage.to(jana)[0]?.subject).toMatch(/^\[TLP:AMBER\] HSOC-2026-\d{4} v2 Podvodné/)
    expect(stage.to(jana)[0]?.text).toContain('dříve TLP:GREEN, nyní TLP:AMBER')
    expect(stage.to(jana)[0]?.text).not.toContain('faktura.zip')
    expect(stage.to(tomas)[0]?.subject).toMatch(/^\[TLP:AMBER\] HSOC-2026-\d{4} v1 REVOKED: Podvodné/)
    expect(stage.to(tomas)[0]?.text).toContain('no longer meant for you')
    const later = tuesday + 2 * minute
    expect(await stage.sees(tomas, id, later)).toBe(false)
    expect(await asActor(db, tomas, later, (tx) => versionOf(tx, id, 1))).toBeNull()
    expect((await asActor(db, jana, later, (tx) => versionOf(tx, id, 1)))?.no).toBe(1)
  })

  describe('revoked', () => {
    it('takes two persons, and tells those who had it', async () => {
      const id = await stage.published({ severity: 3 })
      await stage.send(tuesday)
      stage.office.clear()
      await expect(revoke(db, id, karel, '', tuesday)).rejects.toThrow(Invalid)
      expect(await revoke(db, id, karel, 'Byl to omyl.', tuesday)).toEqual({ asked: true })
      await expect(revoke(db, id, karel, 'Byl to omyl.', tuesday)).rejects.toThrow(Forbidden)
      expect(await stage.sees(jana, id)).toBe(true)
      expect(await revoke(db, id, kveta, 'Byl to omyl.', tuesday)).toEqual({ asked: false, told: 2 })
      expect(await stage.sees(jana, id)).toBe(false)
      expect(await stage.sees(kveta, id)).toBe(true)
      await stage.send(tuesday + minute)
      expect(stage.to(jana)[0]?.subject).toMatch(/v1 ZRUŠENO: Podvodné maily/)
      expect(stage.to(jana)[0]?.text).toContain('Důvod: Byl to omyl.')
      expect(stage.to(tomas)[0]?.subject).toMatch(/v1 REVOKED: /)
      await expect(revoke(db, id, kveta, 'Znovu', tuesday)).rejects.toThrow(WrongState)
    })

    it('in the middle of delivery: what waits stays here, who has it is told, what is being sent again is not', async () => {
      const id = await stage.published({ severity: 3 })
      const [first, other] = (
        await db.engine.query<{ id: number }>(
          `select id from deliveries where written_id = $1 and kind = 'new' order by id`,
          [id],
        )
      ).rows.map((row) => row.id)
      // Jana has it; Tomáš's server said "later" while ours held his copy in its hands.
      await db.engine.query(`update deliveries set due_at = due_at + interval '1 hour' where id = $1`, [
        other,
      ])
      await stage.send(tuesday)
      await db.engine.query(
        `update deliveries set state = 'sending', attempts = 1, claimed_at = to_timestamp($2 / 1000.0) where id = $1`,
        [other, tuesday],
      )
      stage.office.clear()
      await revoke(db, id, karel, 'Omyl.', tuesday + minute)
      await revoke(db, id, kveta, 'Omyl.', tuesday + minute)
      await stage.send(tuesday + 10 * minute)
      expect(stage.to(jana).map((mail) => mail.subject)).toEqual([expect.stringMatching(/ZRUŠENO/)])
      expect(stage.to(tomas).filter((mail) => !/REVOKED/.test(mail.subject ?? ''))).toEqual([])
      expect(await stage.states(id)).toEqual([
        'new sent',
        'new dropped may-not-read',
        'revoked sent',
        expect.stringMatching(/^revoked/),
      ])
      expect(first).toBeLessThan(other as number)
    })

    it('leaves nobody but its author with a TLP:RED one', async () => {
      const id = await stage.published({ tlp: 'RED', audience: 'coordinators', named: [kveta.person] })
      await revoke(db, id, karel, 'Omyl.', tuesday)
      await revoke(db, id, kveta, 'Omyl.', tuesday)
      expect([await stage.sees(karel, id), await stage.sees(kveta, id)]).toEqual([true, false])
    })
  })
})
