/** Who had a warning and is left out by a narrower version finds that it is not for them any more, on pages and by programs. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { revoke } from './revoke.ts'
import { countWithTombstones, listWithTombstones, tombstoneOf } from './tombstones.ts'

const hour = 3_600_000
const later = tuesday + 9 * hour

describe('a narrower version', () => {
  let stage: Writing
  beforeAll(async () => {
    stage = await openWriting()
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())

  const stone = (actor: Actor | null, id: number) =>
    asActor(stage.db, actor, later, (tx) => tombstoneOf(tx, id))
  const list = (actor: Actor, state?: 'revoked' | 'published') =>
    asActor(stage.db, actor, later, async (tx) => [
      (await listWithTombstones(tx, { state }, null, 50)).map((row) => row.id),
      await countWithTombstones(tx, { state }),
    ])
  const onlyJihlava = () => ({
    audience: 'organisations' as const,
    orgs: [stage.jihlava.id],
    tlp: 'AMBER' as const,
  })

  it('leaves a stone to those who are out, once, and its content to those who are not', async () => {
    const { jana, tomas, karel } = stage
    const id = await stage.published({ tlp: 'GREEN' })
    expect(await stone(tomas, id)).toBeNull()
    await stage.again(id, { tlp: 'AMBER' }, tuesday + hour)
    // The label alone is narrower: all still read it.
    expect(await stone(tomas, id)).toBeNull()
    await stage.again(id, onlyJihlava(), tuesday + 2 * hour)
    await stage.again(id, onlyJihlava(), tuesday + 3 * hour)
    expect(await stone(tomas, id)).toEqual({
      id,
      number: expect.stringMatching(/^HSOC-2026-/),
      stands: 'withdrawn',
      revokedAt: tuesday + 2 * hour,
      reason: null,
    })
    for (const other of [jana, karel, null]) expect(await stone(other, id)).toBeNull()
    expect(await list(tomas)).toEqual([[id], 1])
    // It is not revoked, and says nothing of what is out.
    expect(await list(tomas, 'revoked')).toEqual([[], 0])
    expect(await list(tomas, 'published')).toEqual([[], 0])
    expect(await list(jana)).toEqual([[id], 1])
    for (const from of ['written_warnings', 'written_versions', 'written_indicators'])
      expect(
        (await asActor(stage.db, tomas, later, (tx) => tx.query(`select 1 from ${from}`))).rowCount,
      ).toBe(0)
  })

  it('and its end: each knows what became of what they had', async () => {
    const id = await stage.published({ tlp: 'GREEN' })
    await stage.again(id, onlyJihlava(), tuesday + hour)
    await revoke(stage.db, id, stage.karel, 'Omyl.', tuesday + 2 * hour)
    await revoke(stage.db, id, stage.kveta, 'Omyl.', tuesday + 2 * hour)
    expect(await stone(stage.tomas, id)).toMatchObject({ stands: 'withdrawn', revokedAt: tuesday + hour })
    expect(await stone(stage.jana, id)).toMatchObject({ stands: 'revoked', revokedAt: tuesday + 2 * hour })
    expect(await list(stage.jana, 'revoked')).toEqual([[id], 1])
  })
})
