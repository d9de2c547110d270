import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, minute, openFrontDoor, password, tokenIn } from '../../../test/front-door.ts'
import { addHospital } from '../../../test/harness.ts'
import { byPassword, codeAt, csrfIn, enrol, passkeysAt } from '../../../test/signing-in.ts'
import type { Actor } from '../../platform/access.ts'
import { tidy } from './index.ts'

const day = 24 * 60 * minute
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'

let door: FrontDoor
let jana: Actor
let petr: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  const lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  petr = await door.person('Petr Dub', [['admin', lipova]])
})
afterAll(() => door.close())
beforeEach(() => door.forget())

const deviceIn = (answer: Awaited<ReturnType<typeof door.post>>): string =>
  answer.cookies.find((cookie) => cookie.name === 'hsoc_device')?.value ?? ''
const comes = (who: Actor, device = '', agent = firefox) =>
  door.knock(who.email, password, { cookie: `hsoc_device=${device}`, 'user-agent': agent })
const mails = async (): Promise<{ person_id: number; detail: Record<string, string> }[]> =>
  (await door.db.engine.query(`select person_id, detail from deliveries where kind = 'account' order by id`))
    .rows

describe('a new device', () => {
  it('is told by mail, but not the first one, nor one that was seen before', async () => {
    const first = deviceIn(await comes(jana))
    expect(first).toMatch(/^[\w-]{32}$/)
    const second = deviceIn(await comes(jana))
    expect(await mails()).toEqual([
      {
        person_id: jana.person,
        detail: {
          template: 'new-device',
          agent: firefox,
          address: '127.0.0.1',
          at: '2026-03-03T08:00:00.000Z',
        },
      },
    ])
    for (const device of [first, second]) expect(deviceIn(await comes(jana, device))).toBe(device)
    expect(await mails()).toHaveLength(1)
    const { rows } = await door.db.engine.query('select token_hash::text as hash from devices')
    expect(JSON.stringify(rows)).not.toContain(first)
  })

  it('is one for each person, and what is no name of ours counts as none', async () => {
    const device = deviceIn(await comes(jana))
    await comes(petr, deviceIn(await comes(petr)))
    await comes(petr, device)
    expect((await mails()).map((mail) => mail.person_id)).toEqual([petr.person])
    expect(deviceIn(await comes(jana, "' or 1=1 --"))).toMatch(/^[\w-]{32}$/)
    expect(await mails()).toHaveLength(2)
  })

  it('is told when its sign-in is whole: after the second factor, and by a passkey alike', async () => {
    const { withPasskey, use, toUse } = passkeysAt(door)
    const { device } = await withPasskey(jana)
    await door.db.engine.query('delete from deliveries')
    await comes(jana)
    expect(await mails()).toEqual([])
    await use(device.use((await toUse()).challenge))
    expect((await mails()).map((mail) => mail.detail.template)).toEqual(['new-device'])
  })

  it('that stays away for 400 days is forgotten', async () => {
    await comes(jana)
    await tidy(door.db, door.now + 401 * day)
    expect((await door.db.engine.query('select 1 from devices')).rows).toEqual([])
  })

  it('is refused without a trace when the sign-in is', async () => {
    const answer = await door.knock(jana.email, 'guess')
    expect(answer.cookies).toEqual([])
    expect((await door.db.engine.query('select 1 from devices')).rows).toEqual([])
  })
})

it('a change of the means of sign-in is told by one mail each', async () => {
  const app = await enrol(door, await byPassword(door, jana))
  await door.post('/account/recovery-codes', { _csrf: app.csrf }, { cookie: app.cookie })
  door.now += minute
  const half = await byPassword(door, jana, '/sign-in/second')
  const whole = await door.post(
    '/sign-in/second',
    { code: codeAt(app.secret, door.now), _csrf: half.csrf },
    { cookie: half.cookie },
  )
  const cookie = `hsoc_session=${tokenIn(whole)}`
  const csrf = csrfIn((await door.get('/account/means', cookie)).body)
  await door.post('/account/totp/removal', { _csrf: csrf }, { cookie })
  const told = (await mails()).filter((mail) => mail.detail.template === 'means-changed')
  expect(told.map((mail) => mail.detail.verb)).toEqual(['add-totp', 'make-codes', 'remove-totp'])
})

describe('the list of sessions', () => {
  it('says from where, whose range that is, and which wait for the second factor', async () => {
    const app = await enrol(door, await byPassword(door, jana))
    await door.db.engine.query(`update sessions set address = '192.0.2.7'`)
    await comes(jana)
    const { body } = await door.get('/account', app.cookie)
    expect(body).toMatch(/192\.0\.2\.7<\/code> Nemocnice Lipová/)
    expect(body).toMatch(/127\.0\.0\.1<\/code> <\/td>/)
    expect(body).toContain('Firefox on Windows')
    expect(body.match(/waits for the second factor/g)).toHaveLength(1)
  })

  it('ends one other session of oneself, never the own one or that of somebody else', async () => {
    const [here, there, foreign] = [
      await door.signedIn(jana),
      await door.signedIn(jana),
      await door.signedIn(petr),
    ]
    const names = async (cookie: string) =>
      [...(await door.get('/account', cookie)).body.matchAll(/name="session" value="([^"]+)"/g)].map(
        (m) => m[1] ?? '',
      )
    const end = (session: string) =>
      door.post('/account/sessions/end', { session, _csrf: here.csrf }, { cookie: here.cookie })
    const [name = ''] = await names(here.cookie)
    const [own = ''] = await names(there.cookie)
    await door.signedIn(petr)
    const [petrs = ''] = await names(foreign.cookie)
    expect((await end(own)).statusCode).toBe(409)
    expect((await end(petrs)).statusCode).toBe(303)
    expect((await end(name)).headers.location).toBe('/account?done=ended-one')
    expect((await end('no such session')).statusCode).toBe(303)
    expect((await end('x'.repeat(5_000))).statusCode).toBe(422)
    expect(await names(foreign.cookie)).toEqual([petrs])
    expect((await door.get('/account', there.cookie)).statusCode).toBe(303)
    expect((await door.get('/account', here.cookie)).statusCode).toBe(200)
  })
})
