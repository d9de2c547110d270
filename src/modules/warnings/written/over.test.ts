/** A warning whose time is over while it is being changed, or found out to be wrong afterwards; and what is left of a revoked one. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import { draftOf, openWriting, type Writing } from '../../../../test/writing.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { NotFound, WrongState } from '../../../platform/errors.ts'
import { forgetDeliveries } from '../../channels/index.ts'
import { toldOf } from '../../channels/why.ts'
import { change, save, submit } from './edit.ts'
import { publish } from './publish.ts'
import { getWritten, versionOf } from './read.ts'
import { expire, revoke } from './revoke.ts'
import { countWithTombstones, listWithTombstones, tombstoneOf } from './tombstones.ts'
import type { Draft } from './types.ts'

const hour = 3_600_000
const after = tuesday + 2 * hour

describe('a warning whose time is over', () => {
  let stage: Writing
  let db: Writing['db']
  beforeAll(async () => {
    stage = await openWriting()
    db = stage.db
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  const changed: Partial<Draft> = {
    changeNote: 'Platí déle.',
    validUntil: tuesday + 9 * hour,
    texts: { ...draftOf().texts, cs: { ...draftOf().texts.cs, todo: 'Nové znění.' } },
  }
  async function changing(inReview: boolean): Promise<number> {
    const id = await stage.published({ validUntil: tuesday + hour })
    await change(db, id, stage.karel, tuesday)
    await save(db, id, stage.karel, draftOf(changed), tuesday)
    if (inReview) await submit(db, id, stage.karel, tuesday)
    await stage.send(tuesday)
    stage.office.clear()
    await expire(db, after)
    await stage.send(after)
    return id
  }
  const working = (id: number) => asActor(db, stage.kveta, after, (tx) => versionOf(tx, id, 'working'))

  it('keeps the change that is being written, and says so to who writes and who reviews it', async () => {
    const id = await changing(true)
    expect(await working(id)).toMatchObject({ state: 'review', texts: { cs: { todo: 'Nové znění.' } } })
    for (const one of [stage.karel, stage.kveta])
      expect(stage.to(one).map(({ subject }) => subject)).toEqual([
        expect.stringContaining('PLATNOST SKONČILA:'),
      ])
    expect(stage.to(stage.jana)).toEqual([])
    await publish(db, id, stage.kveta, after)
    expect([await stage.sees(stage.jana, id, after), await stage.sees(stage.tomas, id, after)]).toEqual([
      true,
      true,
    ])
  })

  it('tells of a draft its writers alone', async () => {
    const id = await changing(false)
    expect((await working(id))?.state).toBe('draft')
    expect([stage.to(stage.karel).length, stage.to(stage.kveta).length]).toEqual([1, 0])
  })

  it('can be revoked, by two, and whoever had it is told', async () => {
    const id = await stage.published({ validUntil: tuesday + hour })
    await stage.send(tuesday)
    await expire(db, after)
    stage.office.clear()
    expect(await revoke(db, id, stage.karel, 'Adresa je vaše vlastní.', after)).toEqual({ asked: true })
    expect(await revoke(db, id, stage.kveta, 'Adresa je vaše vlastní.', after)).toEqual({
      asked: false,
      told: 2,
    })
    await stage.send(after)
    for (const one of [stage.jana, stage.tomas])
      expect(stage.to(one)[0]?.text).toContain('Adresa je vaše vlastní.')
    expect((await asActor(db, stage.karel, after, (tx) => getWritten(tx, id))).state).toBe('revoked')
    await expect(revoke(db, id, stage.karel, 'Znovu.', after)).rejects.toThrow(WrongState)
    expect(await stoneFor(stage.jana, id)).toMatchObject({ reason: 'Adresa je vaše vlastní.' })
  })

  it('is known to whoever had it as long as it is out, however old the messages are', async () => {
    const id = await stage.published({ severity: 1 })
    const over = await stage.published({ validUntil: tuesday + hour })
    await stage.send(tuesday)
    // What waited for a digest went out in one.
    await db.engine.query(
      `with d as (insert into deliveries (kind, topic, address, person_id, state, decided_at, due_at, sent_at, readers)
         select 'digest', 'day ' || person_id, address, person_id, 'sent', decided_at, due_at, decided_at, readers from deliveries where written_id = $1 and kind = 'new' returning id, person_id)
       update deliveries x set state = 'digested', digest_id = d.id from d where x.written_id = $1 and x.person_id = d.person_id and x.kind = 'new'`,
      [id],
    )
    await expire(db, after)
    const later = tuesday + 4_000 * 24 * hour
    await forgetDeliveries(db, later)
    expect([(await stage.states(id)).length, await stage.states(over)]).toEqual([2, []])
    await revoke(db, id, stage.karel, 'Omyl.', later)
    expect(await revoke(db, id, stage.kveta, 'Omyl.', later)).toEqual({ asked: false, told: 2 })
    await stage.send(later)
    await forgetDeliveries(db, later + 4_000 * 24 * hour)
    expect(await stage.states(id)).toEqual([])
  })

  const stoneFor = (actor: Actor | null, id: number) => asActor(db, actor, after, (tx) => tombstoneOf(tx, id))
  async function revoked(more: Partial<Draft>): Promise<number> {
    const id = await stage.published(more)
    await revoke(db, id, stage.karel, 'Byl to omyl.', after)
    await revoke(db, id, stage.kveta, 'Byl to omyl.', after)
    return id
  }

  it('leaves to those who had it that it is revoked, and to nobody else', async () => {
    const { jana, tomas, karel } = stage
    const outsider = await addPerson(db, 'Nikdo Odnikud', [])
    const id = await revoked({ audience: 'organisations', orgs: [stage.jihlava.id], tlp: 'AMBER' })
    const stone = {
      id,
      number: expect.stringMatching(/^HSOC-2026-/),
      stands: 'revoked',
      revokedAt: after,
      reason: 'Byl to omyl.',
    }
    expect(await stoneFor(jana, id)).toEqual(stone)
    for (const other of [tomas, outsider, null]) expect(await stoneFor(other, id)).toBeNull()
    // Who may read all of it gets that.
    expect(await stoneFor(karel, id)).toBeNull()
    const list = (actor: Actor, state?: 'revoked' | 'published') =>
      asActor(db, actor, after, async (tx) => [
        (await listWithTombstones(tx, { state }, null, 50)).map((row) => row.id),
        await countWithTombstones(tx, { state }),
      ])
    expect(await list(jana, 'revoked')).toEqual([[id], 1])
    expect(await list(jana)).toEqual([[id], 1])
    expect(await list(jana, 'published')).toEqual([[], 0])
    expect(await list(tomas, 'revoked')).toEqual([[], 0])
    expect(await list(karel, 'revoked')).toEqual([[id], 1])
    expect(await asActor(db, jana, after, (tx) => toldOf(tx, { written: id }, jana))).toMatchObject({
      not: [],
    })
    await expect(asActor(db, tomas, after, (tx) => toldOf(tx, { written: id }, tomas))).rejects.toThrow(
      NotFound,
    )
    // Nothing of what it said can be read any more.
    for (const from of ['written_warnings', 'written_versions', 'written_named', 'written_indicators'])
      expect((await asActor(db, jana, after, (tx) => tx.query(`select 1 from ${from}`))).rowCount).toBe(0)
    await expect(
      asActor(db, karel, after, (tx) => tx.query(`update written_tombstones set readers = '{1}'`)),
    ).rejects.toThrow(/permission denied/)
  })

  it('keeps the reason where the label does not let it stand, and to the named what was for them by name', async () => {
    const strict = await revoked({ tlp: 'AMBER+STRICT' })
    expect(await stoneFor(stage.jana, strict)).toMatchObject({ reason: null })
    const red = await revoked({
      tlp: 'RED',
      audience: 'organisations',
      orgs: [stage.jihlava.id],
      named: [stage.jana.person, stage.karel.person, stage.kveta.person],
    })
    expect(await stoneFor(stage.jana, red)).toMatchObject({ reason: null })
    expect(await stoneFor(stage.tomas, red)).toBeNull()
  })

  it('shows one list through its pages, whole ones and revoked ones', async () => {
    const ids: number[] = []
    for (const at of [1, 2, 3]) ids.push(await stage.published({}, tuesday + at * 60_000))
    const [first = 0, second = 0] = ids
    for (const [id, at] of [
      [first, 3],
      [second, 4],
    ] as const)
      for (const by of [stage.karel, stage.kveta]) await revoke(db, id, by, 'Omyl.', tuesday + at * hour)
    const pages = await asActor(db, stage.jana, tuesday + 5 * hour, async (tx) => {
      const [one] = await listWithTombstones(tx, {}, null, 1)
      const rest = await listWithTombstones(tx, {}, { at: tuesday + 4 * hour, id: second }, 50)
      return [one?.id, ...rest.map((row) => row.id)]
    })
    expect(pages).toEqual([second, first, ids[2]])
  })
})
