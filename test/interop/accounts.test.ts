/** What became of everything a sensor sent, hour by hour, and who may read it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountOf, refusalsOf, rejectsOf, sensorHealth } from '../../src/modules/events/queries/sensors.ts'
import { verify } from '../../src/modules/events/verify.ts'
import { type Actor, asActor } from '../../src/platform/access.ts'
import type { Tx } from '../../src/platform/database.ts'
import { addHospital, addPerson, tuesday } from '../harness.ts'
import { eventOf, eventsOf, type Machines, openMachinesHere } from './machines.ts'
import { ndjson, post } from './poster.ts'

const name = 'cz.hsoc.nem_a.books'
const hour = 3_600_000
let here: Machines
let key: string
let id: number
let people: Record<'coordinator' | 'owner' | 'stranger' | 'operator', Actor>
const as = <R>(who: Actor, work: (tx: Tx) => Promise<R>): Promise<R> =>
  asActor(here.db, who, here.now.ms, work)

beforeAll(async () => {
  here = await openMachinesHere()
  const horni = await addHospital(here.db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
  const dolni = await addHospital(here.db, 'Nemocnice Dolní Výmysl', ['192.0.2.128/25'])
  people = {
    coordinator: await addPerson(here.db, 'Petra Koordinátorová', [['coordinator', null]]),
    owner: await addPerson(here.db, 'Jan Majitel', [['admin', horni]]),
    stranger: await addPerson(here.db, 'Karel Cizí', [['admin', dolni]]),
    operator: await addPerson(here.db, 'Olga Provozní', [['operator', null]]),
  }
  key = await here.addSensor(name, { rights: ['write', 'read'], member: horni.name })
  id = (await here.db.engine.query<{ id: number }>('select id from sensors')).rows[0]?.id ?? 0
})
afterAll(() => here.close())

describe('the account of a sensor', () => {
  beforeAll(async () => {
    const at = (ms: number) => new Date(ms).toISOString()
    here.now.ms = tuesday
    const mixed = [
      ...eventsOf(name, 'a', 10),
      eventOf(name, 'late', { DetectTime: at(tuesday - 25 * hour) }),
      eventOf(name, 'future', { DetectTime: at(tuesday + 2 * hour) }),
      eventOf(name, 'bad id'),
      eventOf(name, 'no-kind', { Category: ['a b'] }),
    ]
    await post(here.port, ndjson(mixed), { key })
    await post(here.port, `${ndjson(mixed.slice(0, 3))}broken {\n`, { key })
    await post(here.port, ndjson([eventOf(name, 'a-0', { Note: 'another' })]), { key })
    here.now.ms = tuesday + hour
    await here.sender(name, { secret: key }).sendEvents([...eventsOf(name, 'b', 4), { ID: 'x' }])
    await here.sender(name, { secret: key }).raw('sendEvents', { run: 'r', seq: 1 }, '[]')
    await here.sender(name, { secret: key }).raw('sendEvents', { run: 'r', seq: 4, lost: 9 }, '[]')
    await here.condense()
  })

  it('balances in each hour: received is stored, known, refused and put off', async () => {
    const account = await as(people.owner, (tx) => accountOf(tx, id, tuesday - hour, tuesday + 2 * hour))
    expect(account.map(({ at }) => at)).toEqual([
      new Date(tuesday + hour).toISOString(),
      new Date(tuesday).toISOString(),
    ])
    for (const one of account)
      expect(one.received).toBe(one.stored + one.duplicate + one.refused + one.deferred)
    expect(account[1]).toMatchObject({
      received: 19,
      stored: 13,
      duplicate: 3,
      refused: 3,
      conflict: 1,
      late: 1,
      future: 1,
      requests: 3,
    })
    expect(account[0]).toMatchObject({ received: 5, stored: 4, refused: 1, lost: 9 })
    expect((await verify(here.db, { zone: 'Europe/Prague' })).ok).toBe(true)
  })

  it('says why, most frequent first, as often as was refused', async () => {
    const reasons = await as(people.owner, (tx) => refusalsOf(tx, id, tuesday, tuesday + hour))
    expect(reasons.reduce((sum, { n }) => sum + n, 0)).toBe(3)
    expect(reasons.map(({ reason }) => reason).join()).toMatch(/ID.*|Category/)
  })

  it('has the gaps of a sender that counts its batches', async () => {
    const { rows } = await here.db.engine.query(
      'select run, seq from sensor_batches where sensor_id = $1 order by seq',
      [id],
    )
    expect(rows).toEqual([
      { run: 'r', seq: 1 },
      { run: 'r', seq: 4 },
    ])
    const span = { from: new Date(tuesday).toISOString(), to: new Date(tuesday + 2 * hour).toISOString() }
    const loss = JSON.parse((await here.sender(name, { secret: key }).raw('getLoss', span)).body)
    expect(loss.batches).toMatchObject({ announced: 4, received: 2, missing: [[2, 3]] })
    const [health] = await as(people.owner, (tx) => sensorHealth(tx, { now: here.now.ms, id }))
    expect(health?.health).toBe('losing')
  })

  it('turns silent after three times its usual pause, never before a quarter of an hour', async () => {
    const healthAt = async (now: number) =>
      (await as(people.owner, (tx) => sensorHealth(tx, { now, id })))[0]?.health
    await here.db.engine.query('delete from sensor_minutes')
    await here.db.engine.query(
      `insert into sensor_minutes select $1, to_timestamp($2 / 1000.0) - n * interval '20 minutes' from generate_series(0, 200) n`,
      [id, tuesday + hour],
    )
    await here.db.engine.query('update loss set refused = 0, lost = 0')
    expect(await healthAt(tuesday + hour)).toBe('well')
    expect(await healthAt(tuesday + hour + 59 * 60_000)).not.toBe('silent')
    expect(await healthAt(tuesday + hour + 61 * 60_000)).toBe('silent')
    await here.db.engine.query('delete from sensor_minutes')
    expect(await healthAt(tuesday + hour + 14 * 60_000)).not.toBe('silent')
    expect(await healthAt(tuesday + hour + 16 * 60_000)).toBe('silent')
  })

  it('is read by the owner, coordinators and (figures alone) operators; samples by the first two', async () => {
    const seen = async (who: Actor) =>
      as(who, async (tx) => [
        (await accountOf(tx, id, tuesday, tuesday + 2 * hour)).length,
        (await refusalsOf(tx, id, tuesday, tuesday + 2 * hour)).length > 0,
        (await rejectsOf(tx, id)).map(({ line }) => line).sort().length,
      ])
    expect(await seen(people.owner)).toEqual([2, true, 4])
    expect(await seen(people.coordinator)).toEqual([2, true, 4])
    expect(await seen(people.operator)).toEqual([2, true, 0])
    expect(await seen(people.stranger)).toEqual([0, false, 0])
    const samples = await as(people.owner, (tx) => rejectsOf(tx, id))
    expect(samples.find(({ event_id }) => event_id === 'bad id')?.sample).toContain('"bad id"')
    expect(samples.find(({ sample }) => sample.includes('broken'))).toMatchObject({ line: 4 })
  })
})
