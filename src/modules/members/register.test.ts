import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addHospital,
  bounds,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { type Net, parseNet } from '../../values/address.ts'
import { loadRegister, type Register } from './register.ts'

const net = (text: string): Net => parseNet(text) as Net
const day = 86_400_000

describe('whose is it', () => {
  let db: TestDatabase
  let region: Hospital
  let clinic: Hospital
  let hospital: Hospital
  let register: Register

  const claim = (
    org: Hospital,
    text: string,
    more: { visible?: boolean; from?: number; to?: number; role?: string } = {},
  ): Promise<unknown> =>
    db.engine.query(
      `insert into networks (org_id, net_from, net_to, text, role, visible_to_parent, valid_from, valid_to, recorded_at)
       values ($1, $2, $3, $4, $5, $6, coalesce(to_timestamp($7::float8 / 1000), '-infinity'), coalesce(to_timestamp($8::float8 / 1000), 'infinity'), now())`,
      [
        org.id,
        ...bounds(net(text)),
        net(text).text,
        more.role ?? 'owner',
        more.visible ?? false,
        more.from ?? null,
        more.to ?? null,
      ],
    )
  const owners = (text: string, at = tuesday): number[] =>
    register.ownersOf(net(text), at).map((record) => record.org)

  beforeAll(async () => {
    db = await createDatabase()
    region = await addHospital(db, 'Kraj Smyšlený', ['198.18.0.0/16'])
    clinic = await addHospital(db, 'Poliklinika Vymyšlená', [])
    hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['2001:db8:5::/48'], {
      domains: ['horni-vymysl.example'],
    })
    await claim(clinic, '198.18.5.0/24', { visible: true, role: 'delegated' })
    await claim(hospital, '198.18.9.0/28')
    await claim(clinic, '198.18.9.0/28', { role: 'provider' })
    await claim(hospital, '192.0.2.0/24', { to: tuesday })
    await claim(clinic, '192.0.2.0/24', { from: tuesday })
    register = await loadRegister(db.engine)
  })
  afterAll(() => db.drop())

  it('belongs to the longest prefix', () => {
    expect(owners('198.18.7.7')).toEqual([region.id])
    expect(owners('198.18.5.7')).toEqual([clinic.id])
    expect(owners('2001:db8:5:1::9')).toEqual([hospital.id])
    expect(owners('203.0.113.1')).toEqual([])
  })

  it('is also shown to the one who delegated it, when the record says so', () => {
    expect(register.ownersOf(net('198.18.5.7'), tuesday)[0]?.parents).toEqual([region.id])
    expect(register.ownersOf(net('198.18.9.3'), tuesday)[0]?.parents).toEqual([])
  })

  it('names all holders of an equal range, the owner first', () => {
    expect(owners('198.18.9.3')).toEqual([hospital.id, clinic.id])
  })

  it('is as it was at the time of the event', () => {
    expect(owners('192.0.2.1', tuesday - day)).toEqual([hospital.id])
    expect(owners('192.0.2.1', tuesday)).toEqual([clinic.id])
    expect(owners('192.0.2.1', tuesday - 1)).toEqual([hospital.id])
  })

  it('knows domains and their sub-domains', () => {
    expect(register.ownersOfHost('www.horni-vymysl.example', tuesday)).toEqual([hospital.id])
    expect(register.ownersOfHost('horni-vymysl.example', tuesday)).toEqual([hospital.id])
    expect(register.ownersOfHost('jiny-horni-vymysl.example', tuesday)).toEqual([])
  })
})
