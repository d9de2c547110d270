/** A changed sensor: what the doors know of it a moment later, and what may not change any more. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { asEngine } from '../../platform/database.ts'
import { change, hasSent, type SensorChange } from './sensor-change.ts'
import { add, disable, enabled, type NewSensor } from './sensors.ts'

const key = 'a key of this installation, long enough'

let db: TestDatabase
let hospital: number
beforeAll(async () => {
  db = await createDatabase()
  hospital = (await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/24'])).id
  await addHospital(db, 'Nemocnice Javorová', ['198.51.100.0/24'])
})
afterAll(() => db.drop())

const added = async (name: string, more: Partial<NewSensor> = {}) => {
  const fresh = { name, member: null, rights: ['write'], secret: false, certCn: null, ...more }
  return (await add(db.engine, fresh, key, tuesday)).id
}
const changed = (name: string, wanted: SensorChange) => asEngine(db, (tx) => change(tx, name, wanted))
const known = async (name: string) => (await enabled(db.engine)).find((one) => one.name === name)

describe('a change', () => {
  it('leaves what it does not name', async () => {
    await added('cz.lipova.fw', {
      member: 'Nemocnice Lipová',
      certCn: 'fw',
      inside: ['10.0.0.0/8'],
      lenient: true,
    })
    const before = await known('cz.lipova.fw')
    await changed('cz.lipova.fw', { rights: ['read', 'test'] })
    expect(await known('cz.lipova.fw')).toEqual({ ...before, read: true, write: false, test: true })
    await changed('cz.lipova.fw', { lenient: false, defaultVerdict: 1, scope: 'sector', batch: true })
    expect(await known('cz.lipova.fw')).toMatchObject({
      ...{ lenient: false, defaultVerdict: 1, scope: 'sector', batch: true },
      ...{ certCn: 'fw', org: hospital, inside: before?.inside },
    })
    await changed('cz.lipova.fw', { certCn: null, inside: [] })
    expect(await known('cz.lipova.fw')).toMatchObject({ certCn: null, inside: [], org: hospital })
  })

  it('takes the ranges behind the sensor to its new member', async () => {
    await added('cz.moved.fw', { member: 'Nemocnice Lipová', inside: ['10.0.0.0/8'] })
    await changed('cz.moved.fw', { member: 'nemocnice javorová' })
    const moved = await known('cz.moved.fw')
    expect(moved?.inside.map(({ org }) => org)).toEqual([moved?.org])
    expect(moved?.org).not.toBe(hospital)
    await expect(changed('cz.moved.fw', { member: null })).rejects.toThrow(/need a member/)
    expect(await known('cz.moved.fw')).toEqual(moved)
  })

  it.each<[string, SensorChange, string, RegExp]>([
    ['cz.nobody', { rights: ['read'] }, 'NotFound', /no enabled sensor/],
    ['cz.lipova.gone', { rights: ['read'] }, 'NotFound', /no enabled sensor/],
    ['cz.lipova.one', { rights: [] }, 'Invalid', /--rights/],
    ['cz.lipova.one', { rights: ['boss'] }, 'Invalid', /not "boss"/],
    ['cz.lipova.one', { certCn: 'OTHER' }, 'WrongState', /exists already/],
    ['cz.lipova.one', { member: 'Nikdo' }, 'NotFound', /Nikdo/],
    ['cz.lipova.one', { inside: ['10.0.0.0/99'] }, 'Invalid', /no address range/],
    ['cz.lipova.one', { inside: ['10.0.0.0/8'] }, 'Invalid', /need a member/],
  ])('of %s to %j is refused', async (name, wanted, error, sentence) => {
    if (!(await known('cz.lipova.one'))) {
      await added('cz.lipova.one')
      await added('cz.lipova.other', { certCn: 'other' })
      await added('cz.lipova.gone')
      await disable(db.engine, 'cz.lipova.gone', tuesday)
    }
    const before = await enabled(db.engine)
    const refused = await changed(name, wanted).then(null, (thrown: Error) => thrown)
    expect(refused).toMatchObject({ name: error, message: expect.stringMatching(sentence) })
    expect(await enabled(db.engine)).toEqual(before)
  })

  it('leaves the member and the zone of a sensor that has sent', async () => {
    const id = await added('cz.lipova.sent')
    expect(await hasSent(db.engine, 'cz.lipova.sent')).toBe(false)
    await changed('cz.lipova.sent', { zone: 'Europe/Prague', member: 'Nemocnice Lipová' })
    await db.engine.query(
      `insert into requests (sensor_id, at, received, stored, duplicate, refused) values ($1, now(), 1, 0, 0, 1)`,
      [id],
    )
    expect(await hasSent(db.engine, 'CZ.lipova.sent')).toBe(true)
    for (const wanted of [{ zone: 'UTC' }, { member: 'Nemocnice Javorová' }, { member: null }])
      await expect(changed('cz.lipova.sent', wanted)).rejects.toMatchObject({ name: 'WrongState' })
    await changed('cz.lipova.sent', { rights: ['write', 'read'] })
    expect(await known('cz.lipova.sent')).toMatchObject({ read: true, zone: 'Europe/Prague', org: hospital })
  })
})
