/** A warning is revoked while somebody writes its next version: what they wrote is theirs still. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { draftOf, openWriting, type Writing } from '../../../../test/writing.ts'
import { asActor } from '../../../platform/access.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { change, save, submit } from './edit.ts'
import { derivationOf, noteSources } from './from-warnings.ts'
import { publish } from './publish.ts'
import { versionOf } from './read.ts'
import { revoke } from './revoke.ts'
import type { Draft } from './types.ts'

const hour = 3_600_000

describe('a change of a warning that is revoked', () => {
  let stage: Writing
  let db: Writing['db']
  beforeAll(async () => {
    stage = await openWriting()
    db = stage.db
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  const next: Partial<Draft> = {
    changeNote: 'Přibyla adresa.',
    texts: { ...draftOf().texts, cs: { ...draftOf().texts.cs, todo: 'Rozepsané znění.' } },
  }

  /** A warning, revoked while Karel's change of it waits for review; answers it and the draft that is left. */
  async function revokedWhileChanging(more: Partial<Draft> = {}): Promise<{ id: number; draft: number }> {
    const id = await stage.published(more)
    await change(db, id, stage.karel, tuesday)
    await save(db, id, stage.karel, draftOf({ ...more, ...next }), tuesday)
    await submit(db, id, stage.karel, tuesday)
    await stage.send(tuesday)
    stage.office.clear()
    await revoke(db, id, stage.karel, 'Omyl.', tuesday + hour)
    await revoke(db, id, stage.kveta, 'Omyl.', tuesday + hour)
    const { rows } = await db.engine.query<{ id: number }>(
      'select warning_id as id from written_sources where source_id = $1',
      [id],
    )
    return { id, draft: rows[0]?.id ?? 0 }
  }
  const working = (id: number) =>
    asActor(db, stage.karel, tuesday + hour, (tx) => versionOf(tx, id, 'working'))

  it('becomes a draft of its own, and its author is told', async () => {
    const { id, draft } = await revokedWhileChanging()
    expect(await working(id)).toBeNull()
    expect(await working(draft)).toMatchObject({
      no: 1,
      state: 'draft',
      author: stage.karel.person,
      texts: { cs: { todo: 'Rozepsané znění.' } },
    })
    const { rows } = await db.engine.query(
      `select object, detail from audit where verb = 'warnings.keepChange' order by id desc limit 1`,
    )
    expect(rows[0]).toMatchObject({ object: `written warning ${draft}` })
    await stage.send(tuesday + hour)
    expect(stage.to(stage.karel).map(({ text }) => text)).toContainEqual(
      expect.stringContaining(`/warnings/written/${draft}/edit`),
    )
    // To those for whom the warning was it is nothing.
    expect([await stage.sees(stage.jana, draft), await stage.sees(stage.tomas, draft)]).toEqual([
      false,
      false,
    ])
  })

  it('does not go out as if nothing had happened, nor wider than the warning was', async () => {
    const { id, draft } = await revokedWhileChanging({ tlp: 'AMBER' })
    await submit(db, draft, stage.karel, tuesday + hour)
    await expect(publish(db, draft, stage.kveta, tuesday + hour)).rejects.toThrow(WrongState)
    const version = await working(draft)
    const derived = version && (await asActor(db, stage.kveta, tuesday, (tx) => derivationOf(tx, version)))
    expect(derived?.sources).toMatchObject([{ id, news: 'revoked' }])
    expect(derived?.limit).toMatchObject({ tlp: 'AMBER' })
    await noteSources(db, draft, stage.karel, tuesday + hour)
    await publish(db, draft, stage.kveta, tuesday + hour)
    expect(await stage.sees(stage.jana, draft, tuesday + hour)).toBe(true)
  })

  it('is refused wider', async () => {
    const { draft } = await revokedWhileChanging({ tlp: 'AMBER' })
    await expect(
      save(db, draft, stage.karel, draftOf({ ...next, tlp: 'GREEN' }), tuesday + hour),
    ).rejects.toThrow(Invalid)
  })

  it('leaves no draft where nobody was writing', async () => {
    const id = await stage.published()
    await revoke(db, id, stage.karel, 'Omyl.', tuesday)
    await revoke(db, id, stage.kveta, 'Omyl.', tuesday)
    const { rows } = await db.engine.query('select 1 from written_sources where source_id = $1', [id])
    expect(rows).toEqual([])
  })
})
