import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tuesday } from '../../../test/harness.ts'
import { type MergingStage, openMergingStage } from '../../../test/merging-stage.ts'
import { openWarning } from '../../../test/warned.ts'
import { type Actor, asActor, asReader } from '../../platform/access.ts'
import { NotFound } from '../../platform/errors.ts'
import { readerOf } from '../channels/recipients.ts'
import { add } from '../events/sensors.ts'
import { answerByLink, makeLink, readLink } from '../warnings/action-links.ts'
import { runningTests } from '../warnings/announced-match.ts'
import { addVersion } from './memorandum.ts'
import { sign, signatures } from './signatures.ts'

let stage: MergingStage
beforeAll(async () => {
  stage = await openMergingStage()
})
afterAll(() => stage.door.close())
beforeEach(() => stage.door.forget())

describe('what was merged is reached', () => {
  it('from a mail: written as the successor’s person, answered by its link, and no longer once undone', async () => {
    const { door, two, merging, undoing } = stage
    const { old, into, ivo } = await two()
    const { id } = await openWarning(door.db, { org: old })
    await merging(old, into)
    const { rows } = await door.db.engine.query<{ id: number }>(
      `insert into deliveries (kind, topic, person_id, org_id, address, warning_id, severity, decided_at, due_at, readers)
       values ('new', $1, $2, $3, $4, $5, 3, now(), now(), '{2}') returning id`,
      [`warning ${id}`, ivo.person, old.id, ivo.email, id],
    )
    const to = { delivery: rows[0]?.id ?? 0, warning: id, person: ivo.person, actions: ['working' as const] }
    const written = { person: ivo.person, org: old.id, as: 'member' as const }
    expect((await readerOf(door.db.engine, written, tuesday))?.roles).toEqual(['admin'])
    const contact = await readerOf(door.db.engine, { ...written, person: null }, tuesday)
    expect(contact?.actor).toMatchObject({ name: into.name, engagements: [{ org: old.id }] })
    const token = await makeLink(door.context, to, tuesday)
    const link = await readLink(door.context, token, tuesday)
    const given = await answerByLink(door.context, link, { answer: 'working', note: null }, tuesday)
    expect(given.counted).toBe(true)
    await undoing(old)
    await expect(readLink(door.context, token, tuesday)).rejects.toThrow(NotFound)
    expect((await readerOf(door.db.engine, written, tuesday))?.roles).toEqual([])
  })

  it('with its sensors, which the successor’s people look after', async () => {
    const { door, two, merging, undoing, present } = stage
    const { n, old, into, ivo, jana } = await two()
    const name = `cz.hsoc.stara${n}`
    await add(
      door.db.engine,
      { name, member: old.name, rights: ['write'], secret: true, certCn: null },
      'k',
      tuesday,
    )
    const mine = async (who: Actor) =>
      asReader(door.db, await present(who), tuesday, async (tx) => {
        const { rows } = await tx.query<{ own: boolean }>(
          'select actor_owns_sensor(id) as own from sensors where name = $1',
          [name],
        )
        return rows.map(({ own }) => own)
      })
    expect([await mine(jana), await mine(ivo)]).toEqual([[true], []])
    await merging(old, into)
    expect([await mine(jana), await mine(ivo)]).toEqual([[], [true]])
    await undoing(old)
    expect([await mine(jana), await mine(ivo)]).toEqual([[true], []])
  })

  it('with its signatures, named as they were given and as the institution is called today', async () => {
    const { door, vera, two, merging, present } = stage
    const { old, into, ivo } = await two()
    const other = await two()
    const version = {
      number: '7',
      month: '2021-08',
      language: 'cs',
      title: 'Memorandum',
      text: 'x',
      fileSha256: '',
      published: '',
    }
    const sets = () =>
      asReader(
        door.db,
        vera,
        tuesday,
        async (tx) => (await tx.query('select * from memorandum_sets()')).rows[0],
      )
    await asActor(door.db, vera, tuesday, async (tx) => {
      await addVersion(tx, version, vera, tuesday)
      for (const [organisation, signatoryName] of [
        [old.name, 'MUDr. Andrea Smyšlená'],
        [into.name, 'Ing. Čtirad Pohádka'],
      ] as const)
        await sign(
          tx,
          7,
          { organisation, signatoryName, day: '', state: 'declared', contact: '', nameShown: '' },
          vera,
          tuesday,
        )
    })
    const before = (await sets()) as { involved: number; signed: number }
    await merging(old, into)
    expect(await sets()).toEqual({ involved: before.involved - 1, signed: before.signed - 1 })
    for (const who of [ivo, other.jana]) {
      const lines = await asReader(door.db, await present(who), tuesday, (tx) =>
        signatures(tx, { version: 7 }),
      )
      expect(lines.map(({ institution, nowName }) => [institution, nowName])).toEqual([
        [into.name, null],
        [old.name, into.name],
      ])
    }
    const visitors = await asReader(door.db, null, tuesday, (tx) =>
      tx.query('select * from signed_and_merged($1)', [old.id]),
    )
    expect(visitors.rowCount).toBe(0)
  })

  it('by the tests it had announced, which cover the successor too', async () => {
    const { door, two, merging } = stage
    const { old, into, petr } = await two()
    await door.db.engine.query(
      `insert into announced_tests (org_id, net_from, net_to, text, starts_at, ends_at, note, announced_by, announced_at)
       values ($1, '192.0.2.250', '192.0.2.250', '192.0.2.250', to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0) + interval '1 day', '', $3, to_timestamp($2 / 1000.0))`,
      [old.id, tuesday, petr.person],
    )
    const covered = async () =>
      (await runningTests(door.db.engine, tuesday))
        .filter(({ text }) => text === '192.0.2.250')
        .map(({ org }) => org)
    expect(await covered()).toEqual([old.id])
    await merging(old, into)
    expect((await covered()).toSorted()).toEqual([old.id, into.id].toSorted())
  })
})
