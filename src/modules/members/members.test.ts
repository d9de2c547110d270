import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'

let door: FrontDoor
let lipova: Hospital
let dubova: Hospital
let jana: Actor
let vera: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25', '2001:db8:1::/48'], {
    domains: ['lipova.example'],
  })
  dubova = await addHospital(door.db, 'Nemocnice Dubová', ['198.51.100.0/24'])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

describe('the register', () => {
  it('opens one’s own organisation and hides that there are others', async () => {
    const { cookie } = await door.signedIn(jana)
    const own = await door.get(`/members/${lipova.id}`, cookie)
    expect(own.statusCode).toBe(200)
    for (const fact of ['192.0.2.0/25', '2001:db8:1::/48', 'lipova.example', jana.email])
      expect(own.body).toContain(fact)
    for (const id of [dubova.id, 999_999, 'x', '1e9', '-1', '99999999999999999999', '%00']) {
      expect((await door.get(`/members/${id}`, cookie)).statusCode).toBe(404)
      expect((await door.get(`/api/v1/members/${id}`, cookie)).statusCode).toBe(404)
    }
    expect((await door.get('/members', cookie)).statusCode).toBe(403)
    const { members, total } = (await door.get('/api/v1/members', cookie)).json()
    expect([members.map((one: { name: string }) => one.name), total]).toEqual([['Nemocnice Lipová'], 1])
    expect((await door.get(`/api/v1/members/${lipova.id}`, cookie)).json()).toMatchObject({
      name: 'Nemocnice Lipová',
      people: expect.arrayContaining([expect.objectContaining({ email: jana.email, roles: ['admin'] })]),
      networks: [
        { text: '192.0.2.0/25', from: null, to: null },
        { text: '2001:db8:1::/48', from: null, to: null },
      ],
      sensors: 0,
    })
  })

  it('lists all for a coordinator, and finds by name, domain, address, kind and region', async () => {
    await addHospital(door.db, 'Záchranná služba Žďár', ['203.0.113.0/28'], { kind: 'ambulance' })
    const { cookie } = await door.signedIn(vera)
    const names = async (query: string): Promise<string[]> =>
      (await door.get(`/api/v1/members?${query}`, cookie))
        .json()
        .members.map((one: { name: string }) => one.name)
    expect(await names('')).toEqual(['Nemocnice Dubová', 'Nemocnice Lipová', 'Záchranná služba Žďár'])
    expect(await names('q=zdar')).toEqual(['Záchranná služba Žďár'])
    expect(await names('q=LIPOVÁ')).toEqual(['Nemocnice Lipová'])
    expect(await names('q=lipova.example')).toEqual(['Nemocnice Lipová'])
    expect(await names('q=198.51.100.7')).toEqual(['Nemocnice Dubová'])
    expect(await names('q=2001:db8:1:2::3')).toEqual(['Nemocnice Lipová'])
    expect(await names('q=203.0.113.200')).toEqual([])
    expect(await names('kind=ambulance')).toEqual(['Záchranná služba Žďár'])
    expect(await names(`region=${encodeURIComponent('Kraj Vysočina')}&kind=ambulance`)).toHaveLength(1)
    expect(await names('region=Jinde')).toEqual([])
    expect(await names('q=%25')).toEqual([])
    expect(await names('q=%00&after=x&kind=a&kind=b')).toHaveLength(3)
    expect(await names(`after=${dubova.id}`)).toEqual(['Nemocnice Lipová', 'Záchranná služba Žďár'])
    const whole = (await door.get('/members', cookie)).body
    const kinds = /<select[^>]*name="kind"[^>]*>(.*?)<\/select>/.exec(whole)?.[1] ?? ''
    const labels = [...kinds.matchAll(/<option value="[^"]+"[^>]*>([^<]+)/g)].map((match) => match[1] ?? '')
    expect(labels.length).toBeGreaterThan(1)
    expect(labels).toEqual([...labels].sort((a, b) => a.localeCompare(b, 'en')))
    const page = await door.get('/members?q=lipova', cookie)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(`href="/members/${lipova.id}"`)
    expect(page.body).not.toContain('Dubová')
    expect((await door.get('/members?q=nothing-like-it', cookie)).body).toContain('No organisation fits')
  })

  it('shows an operator nothing of it', async () => {
    const { cookie } = await door.signedIn(await door.person('Ota Provozní', [['operator', null]]))
    expect((await door.get('/members', cookie)).statusCode).toBe(403)
    expect((await door.get(`/members/${lipova.id}`, cookie)).statusCode).toBe(404)
    expect((await door.get('/api/v1/members', cookie)).json().members).toEqual([])
  })
})
