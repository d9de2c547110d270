import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, type Hospital, tuesday } from '../../../test/harness.ts'
import { openWarning } from '../../../test/warned.ts'
import { type Actor, asActor, asReader, organisationsOf, organisationsRead } from '../../platform/access.ts'
import { useKey } from '../../platform/api-keys.ts'
import { asEngine } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { hashToken, newToken, sessionOf } from '../../platform/sessions.ts'
import { parseNet } from '../../values/address.ts'
import { recipientsOf } from '../channels/recipients.ts'
import { answer } from '../warnings/answers.ts'
import { countWarnings, getWarning, listWarnings } from '../warnings/index.ts'
import { applyImport } from './apply-import.ts'
import { parseMembers } from './import/parse.ts'
import { addKey } from './keys.ts'
import { removePerson } from './managing.ts'
import { count, get, list } from './members.ts'
import { merge, undoableDays, unmerge } from './merging.ts'
import { organisationNamed } from './named.ts'
import { loadRegister } from './register.ts'
import { move } from './status.ts'

const day = 86_400_000
let door: FrontDoor
let vera: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  vera = await door.person('Věra Klidná', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

let numbers = 0
/** Two hospitals of their own for each test, with a representative and an administrator. */
async function two() {
  const n = ++numbers
  const old = await addHospital(door.db, `Nemocnice Stará ${n}`, [`192.0.2.${16 * n}/28`], {
    domains: [`stara${n}.example`],
  })
  const into = await addHospital(door.db, `Nemocnice Nová ${n}`, [`198.51.100.${16 * n}/28`])
  const jana = await door.person(`Jana Stará ${n}`, [['representative', old]])
  const petr = await door.person(`Petr Starý ${n}`, [['admin', old]])
  const nela = await door.person(`Nela Nová ${n}`, [['representative', into]])
  const ivo = await door.person(`Ivo Nový ${n}`, [['admin', into]])
  return { n, old, into, jana, petr, nela, ivo, host: `192.0.2.${16 * n + 1}` }
}

const merging = (
  old: Hospital,
  into: Hospital,
  people: number[] = [],
  { by = vera, at = tuesday, reason = 'Sloučeny zřizovatelem' } = {},
): Promise<number> =>
  asEngine(door.db, (tx) => merge(tx, { org: old.id, into: into.id, reason, people }, by, at))
const undoing = (old: Hospital, { by = vera, at = tuesday, reason = 'Omyl' } = {}): Promise<void> =>
  asEngine(door.db, (tx) => unmerge(tx, { org: old.id, reason }, by, at))

/** The person as the next request would find them. */
async function present(actor: Actor, at = tuesday): Promise<Actor> {
  const token = newToken()
  await door.db.engine.query(
    `insert into sessions (token_hash, person_id, csrf, created_at, seen_at, expires_at, ways) values ($1, $2, 'x', to_timestamp(0), to_timestamp(0), 'infinity', '{password}')`,
    [hashToken(token), actor.person],
  )
  const session = await sessionOf(door.context, token, at)
  if (!session) throw new Error(`${actor.name} has no session`)
  return session.actor
}
async function ownersOf(host: string, at: number): Promise<number[]> {
  const net = parseNet(host)
  const register = await loadRegister(door.db.engine)
  return net ? register.ownersOf(net, at).map(({ org }) => org) : []
}
const one = async <T>(sql: string, values: unknown[] = []): Promise<T> =>
  (await door.db.engine.query(sql, values)).rows[0] as T
const reads = (actor: Actor, id: number, at = tuesday) =>
  asReader(door.db, actor, at, (tx) => getWarning(tx, id)).then(
    (found) => found.id === id,
    (error) => !(error instanceof NotFound),
  )

describe('two hospitals that merge', () => {
  it('keep what was theirs; the networks go on under the new one, and come back', async () => {
    const { old, into, host, n } = await two()
    await merging(old, into, [], { at: tuesday })
    expect(await ownersOf(host, tuesday - 1)).toEqual([old.id])
    expect(await ownersOf(host, tuesday)).toEqual([into.id])
    const register = await loadRegister(door.db.engine)
    expect(register.ownersOfHost(`www.stara${n}.example`, tuesday)).toEqual([into.id])
    expect(register.ownersOfHost(`www.stara${n}.example`, tuesday - 1)).toEqual([old.id])
    expect(
      await one('select status, merged_into, present_id from organisations where id = $1', [old.id]),
    ).toEqual({
      status: 'left',
      merged_into: into.id,
      present_id: into.id,
    })
    await undoing(old, { at: tuesday + day })
    expect(await ownersOf(host, tuesday + day - 1)).toEqual([into.id])
    expect(await ownersOf(host, tuesday + day)).toEqual([old.id])
    expect(
      await one('select status, merged_into, present_id from organisations where id = $1', [old.id]),
    ).toEqual({
      status: 'participant',
      merged_into: null,
      present_id: null,
    })
    const moves = await door.db.engine.query(
      'select from_status, to_status, reason from organisation_moves where org_id = $1 order by id',
      [old.id],
    )
    expect(moves.rows).toEqual([
      { from_status: 'participant', to_status: 'left', reason: 'Sloučeny zřizovatelem' },
      { from_status: 'left', to_status: 'participant', reason: 'Omyl' },
    ])
  })

  it('gives back what the successor still holds, as it holds it now', async () => {
    const { old, into, host } = await two()
    await door.db.engine.query(
      `insert into networks (org_id, net_from, net_to, text, recorded_at, role) select $1, net_from, net_to, text, recorded_at, 'provider' from networks
       where org_id = $2`,
      [into.id, old.id],
    )
    await door.db.engine.query(
      `insert into networks (org_id, net_from, net_to, text, recorded_at) values ($1, '203.0.113.0', '203.0.113.7', '203.0.113.0/29', to_timestamp(0))`,
      [old.id],
    )
    await merging(old, into)
    expect(await ownersOf(host, tuesday)).toEqual([into.id])
    await door.db.engine.query(
      `update networks set closed_at = to_timestamp($2 / 1000.0), valid_to = to_timestamp($2 / 1000.0) where org_id = $1 and text = '203.0.113.0/29'
         and closed_at is null`,
      [into.id, tuesday + day],
    )
    await undoing(old, { at: tuesday + 2 * day })
    expect((await ownersOf(host, tuesday + 2 * day)).toSorted()).toEqual([old.id, into.id].toSorted())
    expect(await ownersOf('203.0.113.1', tuesday + 2 * day)).toEqual([])
  })

  it('lets people of the new one read and answer the old one’s open warning, until it is undone', async () => {
    const { old, into, jana, nela, ivo } = await two()
    const lipova = await addHospital(door.db, `Nemocnice Lipová ${numbers}`, [])
    const lev = await door.person(`Lev Lipový ${numbers}`, [['representative', lipova]])
    const { id } = await openWarning(door.db, { org: old })
    const other = await openWarning(door.db, { org: lipova })
    expect(await reads(await present(ivo), id)).toBe(false)
    await merging(old, into)
    const [janaNow, neleNow, ivoNow, levNow] = [
      await present(jana),
      await present(nela),
      await present(ivo),
      await present(lev),
    ]
    expect(organisationsOf(ivoNow).map((org) => org.id)).toEqual([into.id])
    expect(organisationsRead(ivoNow).toSorted()).toEqual([old.id, into.id].toSorted())
    expect([await reads(ivoNow, id), await reads(neleNow, id), await reads(vera, id)]).toEqual([
      true,
      true,
      true,
    ])
    // Nobody else gained anything, and the new one's people nothing of anybody else.
    expect([await reads(janaNow, id), await reads(levNow, id), await reads(ivoNow, other.id)]).toEqual([
      false,
      false,
      false,
    ])
    expect([organisationsRead(janaNow), organisationsRead(levNow)]).toEqual([[], [lipova.id]])
    const done = await answer(door.db, ivoNow, id, { answer: 'working', note: null, via: 'page' }, tuesday)
    expect(done).toMatchObject({ counted: true })
    const told = await asEngine(door.db, (tx) =>
      recipientsOf(tx, { org: old.id, to: 'security', severity: 3, now: tuesday }),
    )
    expect(told.people.map(({ person }) => person)).toEqual([ivo.person])
    await undoing(old)
    expect([await reads(await present(ivo), id), await reads(await present(jana), id)]).toEqual([false, true])
    await expect(
      answer(door.db, await present(ivo), id, { answer: 'done', note: null, via: 'page' }, tuesday),
    ).rejects.toThrow(NotFound)
  })

  it('are counted and found as one, and each count is the rows behind it', async () => {
    const { n, old, into, ivo } = await two()
    await openWarning(door.db, { org: old })
    await openWarning(door.db, { org: into })
    await merging(old, into)
    for (const who of [await present(ivo), vera]) {
      const [rows, total] = await asReader(door.db, who, tuesday, async (tx) => [
        await listWarnings(tx, { org: into.id, state: 'living' }, null),
        await countWarnings(tx, { org: into.id, state: 'living' }),
      ])
      expect([rows.map((row) => row.org).toSorted(), total]).toEqual([[old.id, into.id].toSorted(), 2])
    }
    const found = await asReader(door.db, vera, tuesday, async (tx) => ({
      rows: await list(tx, { q: `nemocnice stara ${n}` }),
      total: await count(tx, { q: `nemocnice stara ${n}` }),
      left: await list(tx, { q: `nemocnice stara ${n}`, status: 'left' }),
      named: await organisationNamed(tx, `NEMOCNICE  stará ${n}`),
    }))
    expect(found).toMatchObject({
      rows: [{ id: into.id, formerly: [`Nemocnice Stará ${n}`] }],
      total: 1,
      left: [{ id: old.id, mergedInto: { id: into.id, name: into.name } }],
      named: { id: into.id, name: into.name },
    })
    expect(await asReader(door.db, vera, tuesday, (tx) => get(tx, into.id))).toMatchObject({
      mergedInto: null,
      formerly: [{ id: old.id, name: old.name }],
    })
  })

  it('carry only the people chosen, and those removed meanwhile do not come back', async () => {
    const { old, into, jana, petr, nela, host } = await two()
    await merging(old, into, [jana.person, petr.person])
    expect((await present(petr)).engagements).toEqual(
      expect.arrayContaining([
        { org: into.id, orgName: into.name, role: 'admin' },
        { org: old.id, orgName: old.name, role: 'admin', through: into.id },
      ]),
    )
    await asEngine(door.db, async (tx) =>
      removePerson(tx, { org: into.id, person: petr.person }, await present(nela), tuesday + 1),
    )
    await undoing(old, { at: tuesday + 2 })
    expect(await ownersOf(host, tuesday + 2)).toEqual([old.id])
    door.now = tuesday + 3
    expect((await present(jana, tuesday + 3)).engagements).toEqual([
      { org: old.id, orgName: old.name, role: 'representative' },
    ])
    expect((await present(petr, tuesday + 3)).engagements).toEqual([])
    expect((await present(nela, tuesday + 3)).engagements).toEqual([
      { org: into.id, orgName: into.name, role: 'representative' },
    ])
  })

  it('rests the old one’s keys; the new one’s read both', async () => {
    const { old, into, jana, nela } = await two()
    const [oldKey, newKey] = await asEngine(door.db, async (tx) => {
      const wanted = { label: 'SIEM', scopes: ['warnings.read'], days: 90 }
      return [
        await addKey(tx, { ...wanted, org: old.id }, jana, tuesday),
        await addKey(tx, { ...wanted, org: into.id }, nela, tuesday),
      ]
    })
    const use = async (made: { key: string } | undefined) => {
      const asked = { scope: 'warnings.read', route: '/api/v1/warnings' } as const
      const used = await useKey(door.context, made?.key ?? '', asked, tuesday)
      return 'actor' in used
        ? await asReader(door.db, used.actor, tuesday, (tx) => countWarnings(tx, {}))
        : used.refused
    }
    const { id } = await openWarning(door.db, { org: old })
    await door.db.engine.query(
      'update warnings set readers = readers || (1000 + 4 * org_id + 1) where id = $1',
      [id],
    )
    expect([await use(oldKey), await use(newKey)]).toEqual([1, 0])
    await merging(old, into)
    expect([await use(oldKey), await use(newKey)]).toEqual(['unknown', 1])
    await undoing(old)
    expect([await use(oldKey), await use(newKey)]).toEqual([1, 0])
  })
})

describe('a merger', () => {
  it('is a coordinator’s, with a reason, between two that stand for themselves', async () => {
    const { old, into, jana, nela } = await two()
    const third = await addHospital(door.db, `Nemocnice Třetí ${numbers}`, [])
    for (const by of [jana, nela]) await expect(merging(old, into, [], { by })).rejects.toThrow(Forbidden)
    await expect(merging(old, into, [], { reason: ' ' })).rejects.toThrow(Invalid)
    await expect(merging(old, into, [], { reason: 'x'.repeat(1_001) })).rejects.toThrow(Invalid)
    await expect(merging(old, into, [nela.person])).rejects.toThrow(Invalid)
    await expect(merging(old, old)).rejects.toThrow(WrongState)
    await expect(merging(old, { id: 999_999, name: '' })).rejects.toThrow(NotFound)
    expect(await one('select count(*) as n from organisation_merges where org_id = $1', [old.id])).toEqual({
      n: 0,
    })
    await merging(old, into)
    await expect(merging(old, third)).rejects.toThrow('merged')
    await expect(merging(into, old)).rejects.toThrow('into-merged')
    await expect(merging(third, old)).rejects.toThrow('into-merged')
    await expect(
      asActor(door.db, vera, tuesday, (tx) =>
        move(tx, old.id, { to: 'participant', reason: 'x', rulesAccepted: true }, vera, tuesday),
      ),
    ).rejects.toThrow()
    const left = await addHospital(door.db, `Nemocnice Odešlá ${numbers}`, [])
    await door.db.engine.query(`update organisations set status = 'left' where id = $1`, [left.id])
    await expect(merging(third, left)).rejects.toThrow('into-left')
    await merging(left, third)
    await undoing(left)
    expect(await one('select status from organisations where id = $1', [left.id])).toEqual({ status: 'left' })
  })

  it('of two at once, each into the other, is one', async () => {
    const { old, into } = await two()
    const both = await Promise.allSettled([merging(old, into), merging(into, old)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('can be undone for thirty days by a coordinator, the later one of a chain first', async () => {
    const { old, into, nela, ivo } = await two()
    const last = await addHospital(door.db, `Nemocnice Krajská ${numbers}`, [])
    const kara = await door.person(`Kára Krajská ${numbers}`, [['admin', last]])
    const { id } = await openWarning(door.db, { org: old })
    await merging(old, into)
    await merging(into, last, [], { at: tuesday + day })
    expect(organisationsRead(await present(kara)).toSorted()).toEqual([old.id, into.id, last.id].toSorted())
    expect(await reads(await present(kara), id)).toBe(true)
    await expect(undoing(old, { at: tuesday + day })).rejects.toThrow(WrongState)
    await expect(undoing(into, { by: nela })).rejects.toThrow(Forbidden)
    await expect(undoing(into, { reason: '' })).rejects.toThrow(Invalid)
    await expect(undoing(last)).rejects.toThrow(WrongState)
    await expect(undoing({ id: 999_999, name: '' })).rejects.toThrow(NotFound)
    await undoing(into, { at: tuesday + day + 1 })
    expect(organisationsRead(await present(kara))).toEqual([last.id])
    expect(organisationsRead(await present(ivo)).toSorted()).toEqual([old.id, into.id].toSorted())
    await expect(undoing(into, { at: tuesday + day + 2 })).rejects.toThrow(WrongState)
    await expect(undoing(old, { at: tuesday + undoableDays * day })).rejects.toThrow(WrongState)
    await undoing(old, { at: tuesday + undoableDays * day - 1 })
  })

  it('is no second chance for an import: a line with the old name waits for a person', async () => {
    const { old, into, n } = await two()
    await merging(old, into)
    const before = await one('select count(*) as n from networks where closed_at is null')
    const read = await parseMembers(
      Buffer.from(`name;prefixes\nNemocnice Stará ${n};192.0.2.0/24\n`),
      'members.csv',
    )
    const plan = await asEngine(door.db, (tx) => applyImport(tx, read.rows, vera, tuesday))
    expect([plan.changed, plan.unclear.map(({ ids }) => ids)]).toEqual([[], [[old.id, into.id]]])
    expect(await one('select count(*) as n from networks where closed_at is null')).toEqual(before)
  })

  it('cannot be made past the verb', async () => {
    const { old, into, nela } = await two()
    for (const who of [nela, vera])
      for (const sql of [
        `update organisations set merged_into = ${into.id}, present_id = ${into.id}, status = 'left' where id = ${old.id}`,
        `insert into organisation_merges (org_id, into_id, from_status, reason, person_id, actor, at)
         values (${old.id}, ${into.id}, 'x', 'x', ${who.person}, 'x', now())`,
      ])
        await expect(asActor(door.db, who, tuesday, (tx) => tx.query(sql))).rejects.toThrow(
          /permission denied/,
        )
  })
})
