import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor, password } from '../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../test/harness.ts'
import { testSecret } from '../../../test/postgres-setup.ts'
import type { Actor } from '../../platform/access.ts'
import { unseal } from '../../platform/seal.ts'

let door: FrontDoor
let lipova: Hospital
let habrova: Hospital
let renata: Actor
let jana: Actor
let hana: Actor
let karel: Actor
const day = 86_400_000
const eva = { email: 'eva@lipova.example', name: 'Eva Nová', role: 'duty', language: 'cs' }
const chosen = { password, again: password }

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  habrova = await addHospital(door.db, 'Nemocnice Habrová', ['192.0.2.128/25'])
  renata = await door.person('Renata Zástupná', [['representative', lipova]])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  hana = await door.person('Hana Cizí', [['representative', habrova]])
  karel = await door.person('Karel Koordinátor', [['coordinator', null]])
})
afterAll(() => door.close())
beforeEach(async () => {
  await door.forget()
  await door.db.engine.query(
    `update invitations set ended_at = created_at, outcome = 'withdrawn' where ended_at is null`,
  )
  await door.db.engine.query(
    `update engagements set valid_to = valid_from from people p where p.id = person_id and p.email like 'eva%'`,
  )
  await door.db.engine.query(`update people set password_hash = null where email like 'eva%'`)
})

async function act(who: Actor, url: string, fields: Record<string, string> = {}) {
  const { cookie, csrf } = await door.signedIn(who)
  return door.post(url, { ...fields, _csrf: csrf }, { cookie: `lang=en; ${cookie}` })
}
const invite = (who: Actor, wanted: object = {}, org = lipova) =>
  act(who, `/members/${org.id}/invitations`, { ...eva, ...wanted })
/** The link of the mail that was queued last. */
async function link(): Promise<string> {
  const { rows } = await door.db.engine.query<{ sealed: string }>(
    `select detail->>'sealed' as sealed from deliveries where detail->>'template' = 'invitation' order by id desc limit 1`,
  )
  return `/invitation/${unseal(testSecret, rows[0]?.sealed as string)}`
}
const roles = async (email: string): Promise<string[]> =>
  (
    await door.db.engine.query<{ role: string }>(
      `select e.role from engagements e join people p on p.id = e.person_id where p.email = $1 and e.valid_to = 'infinity' order by 1`,
      [email],
    )
  ).rows.map(({ role }) => role)

describe('an invitation', () => {
  it('brings somebody new in: a mail, a password, a role', async () => {
    expect((await invite(renata)).headers.location).toBe(`/members/${lipova.id}/people?done=invited`)
    const url = await link()
    const page = await door.get(url)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Renata Zástupná invites you to act for Nemocnice Lipová as: duty')
    expect(await roles(eva.email)).toEqual([])
    expect((await door.post(url, chosen)).headers.location).toBe('/sign-in?done=joined')
    expect(await roles(eva.email)).toEqual(['duty'])
    expect((await door.knock(eva.email, password)).statusCode).toBe(303)
    const { rows } = await door.db.engine.query(
      `select verb, actor from audit where verb in ('members.invite', 'members.accept-invitation') order by id desc limit 2`,
    )
    expect(rows).toEqual([
      { verb: 'members.accept-invitation', actor: eva.email },
      { verb: 'members.invite', actor: renata.email },
    ])
  })

  it('works once, and looking does not use it up', async () => {
    await invite(renata)
    const url = await link()
    for (let i = 0; i < 5; i++) await door.get(url)
    const both = await Promise.all([door.post(url, chosen), door.post(url, chosen)])
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([303, 410])
    expect((await door.get(url)).statusCode).toBe(410)
  })

  it('is over after a week', async () => {
    await invite(renata)
    const url = await link()
    door.now += 7 * day - 1
    expect((await door.get(url)).statusCode).toBe(200)
    door.now += 1
    expect((await door.get(url)).statusCode).toBe(410)
    expect((await door.post(url, chosen)).statusCode).toBe(410)
    expect(await roles(eva.email)).toEqual([])
  })

  it('is nobody else’s: who is known signs in as the very person, whoever it was forwarded to is refused', async () => {
    await invite(renata, { email: hana.email, name: 'Hana C.' })
    const url = await link()
    expect((await door.get(url)).body).toContain(`/sign-in?back=${encodeURIComponent(url)}`)
    expect((await door.post(url, chosen)).statusCode).toBe(422)
    expect((await act(jana, url)).statusCode).toBe(422)
    expect((await door.get(url, (await door.signedIn(jana)).cookie)).body).toContain('The invitation is for')
    expect((await door.knock(hana.email, password)).statusCode).toBe(303)
    expect((await act(hana, url)).headers.location).toBe(`/members/${lipova.id}`)
    expect(await roles(hana.email)).toEqual(['duty', 'representative'])
    await door.db.engine.query(
      `update engagements set valid_to = valid_from where person_id = $1 and role = 'duty'`,
      [hana.person],
    )
  })

  it('says nothing of a known person beyond the address that was typed', async () => {
    await invite(renata, { email: hana.email, name: 'Někdo' })
    const page = (await door.get(`/members/${lipova.id}/people`, (await door.signedIn(renata)).cookie)).body
    expect(page).toContain('Někdo')
    expect(page).not.toContain('Hana Cizí')
    expect(page).not.toContain('Habrová')
  })

  it('is withdrawn by those who manage, and replaced by a newer one', async () => {
    await invite(renata)
    const [first, url] = [await link(), await link()]
    const { rows } = await door.db.engine.query<{ id: number }>('select max(id) as id from invitations')
    const path = `/members/${lipova.id}/invitations/${rows[0]?.id}/withdrawal`
    expect((await act(jana, path)).statusCode).toBe(403)
    expect((await act(hana, path)).statusCode).toBe(404)
    expect((await act(hana, path.replace(`/${lipova.id}/`, `/${habrova.id}/`))).statusCode).toBe(409)
    expect((await act(renata, path)).statusCode).toBe(303)
    expect((await act(renata, path)).statusCode).toBe(409)
    expect((await door.post(url, chosen)).statusCode).toBe(410)
    await invite(renata)
    const older = await link()
    await invite(renata)
    expect((await door.get(first)).statusCode).toBe(410)
    expect((await door.get(older)).statusCode).toBe(410)
    expect((await door.get(await link())).statusCode).toBe(200)
  })

  it('dies with the right of whoever sent it', async () => {
    const robert = await door.person('Robert Druhý', [['representative', lipova]])
    await invite(robert)
    const url = await link()
    expect((await act(renata, `/members/${lipova.id}/people/${robert.person}/removal`)).statusCode).toBe(303)
    expect((await door.post(url, chosen)).statusCode).toBe(410)
    expect(await roles(eva.email)).toEqual([])
  })

  it('dies with the organisation’s leaving and with the access of whom it was for', async () => {
    await invite(karel, {}, habrova)
    const url = await link()
    await door.db.engine.query(`update organisations set status = 'left' where id = $1`, [habrova.id])
    expect((await door.post(url, chosen)).statusCode).toBe(410)
    await door.db.engine.query(`update organisations set status = 'participant' where id = $1`, [habrova.id])
    await door.db.engine.query('update people set disabled_at = now() where email = $1', [eva.email])
    expect((await door.post(url, chosen)).statusCode).toBe(410)
    expect((await invite(renata)).statusCode).toBe(422)
    await door.db.engine.query('update people set disabled_at = null where email = $1', [eva.email])
  })

  it('is refused to whoever does not manage, and for roles above one’s own', async () => {
    expect((await invite(jana)).statusCode).toBe(403)
    expect((await invite(hana)).statusCode).toBe(404)
    await act(renata, `/members/${lipova.id}/people/${jana.person}/delegation`)
    expect((await invite(jana, { role: 'representative' })).statusCode).toBe(403)
    expect((await invite(jana)).statusCode).toBe(303)
    await act(renata, `/members/${lipova.id}/people/${jana.person}/delegation/withdrawal`)
    expect((await door.get(await link())).statusCode).toBe(410)
  })

  it.each([
    [{ email: 'nobody' }, 'e-mail address'],
    [{ email: '' }, 'e-mail address'],
    [{ email: `${'x'.repeat(260)}@lipova.example` }, 'e-mail address'],
    [{ email: 'a\0b@lipova.example' }, 'list'],
    [{ email: 'a@b.example\r\nBcc: x@y.example' }, 'e-mail address'],
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'list'],
    [{ role: 'coordinator' }, 'list'],
    [{ role: '' }, 'list'],
    [{ email: 'jana-novakova@people.example', role: 'admin' }, 'has this role'],
  ])('of %j is refused with what to do, and what was typed stays', async (wanted, said) => {
    const given = 'role' in wanted && wanted.role === 'admin' ? { ...wanted, email: jana.email } : wanted
    const answer = await invite(renata, given)
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain(said)
    if (!('name' in wanted)) expect(answer.body).toContain('Eva Nová')
  })

  it.each([
    [{ password: 'short', again: 'short' }, 422],
    [{ password: eva.email, again: eva.email }, 422],
    [{ password, again: 'another one entirely' }, 422],
    [{}, 422],
    [{ password: 'x'.repeat(20_000), again: 'x'.repeat(20_000) }, 422],
  ])('stays good when the password %j will not do', async (fields, status) => {
    await invite(renata)
    const url = await link()
    expect((await door.post(url, fields as Record<string, string>)).statusCode).toBe(status)
    expect((await door.post(url, chosen)).statusCode).toBe(303)
  })

  it.each(['x', 'x'.repeat(500), '%00', '..%2f..'])('of a made-up link %s is over', async (token) => {
    expect([410, 404]).toContain((await door.get(`/invitation/${token}`)).statusCode)
  })

  it('is one of at most fifty open ones', async () => {
    await door.db.engine.query(
      `insert into invitations (org_id, person_id, name, role, token_hash, invited_by, created_at, expires_at)
       select $1, $2, 'x', 'duty', sha256(n::text::bytea), $2, to_timestamp($3 / 1000.0), to_timestamp($3 / 1000.0) + interval '1 day' from generate_series(1, 50) n`,
      [lipova.id, renata.person, door.now],
    )
    expect((await invite(renata)).statusCode).toBe(422)
  })
})
