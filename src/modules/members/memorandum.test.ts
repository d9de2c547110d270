import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, type Hospital, tuesday } from '../../../test/harness.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { sets } from './memorandum.ts'

let door: FrontDoor
let lipova: Hospital
let dubova: Hospital
let jana: Actor
let dana: Actor
let vera: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', [])
  dubova = await addHospital(door.db, 'Nemocnice Dubová', [])
  jana = await door.person('Jana Nováková', [['admin', lipova]])
  dana = await door.person('Dana Dubová', [['admin', dubova]])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
  const post = await posting(vera)
  const both: Record<string, string>[] = [
    { number: '1', month: '2020-09', language: 'en', title: 'Memorandum of cooperation' },
    {
      number: '2',
      month: '2021-08',
      language: 'cs',
      title: 'Memorandum o spolupráci',
      text: 'Čl. 1\n\nČl. 2',
    },
  ]
  for (const version of both) expect((await post('/memorandum', version)).statusCode).toBe(303)
})
afterAll(() => door.close())
beforeEach(() => door.forget())

async function posting(who: Actor) {
  const { cookie, csrf } = await door.signedIn(who)
  return (url: string, fields: Record<string, string>) =>
    door.post(url, { ...fields, _csrf: csrf }, { cookie: `lang=en; ${cookie}` })
}
const page = async (who: Actor, url: string): Promise<string> =>
  (await door.get(url, (await door.signedIn(who)).cookie)).body
const signing = async (
  version: number,
  organisation: string,
  signatoryName: string,
  more: Record<string, string> = {},
) =>
  (await posting(vera))(`/memorandum/${version}/signatures`, {
    organisation,
    signatoryName,
    state: 'signed',
    ...more,
  })

describe('the memorandum', () => {
  it('has versions, each known by its number once', async () => {
    const post = await posting(vera)
    const twice = await post('/memorandum', { number: '2', month: '2022-01', title: 'Jiné', language: 'cs' })
    expect([twice.statusCode, twice.body]).toEqual([422, expect.stringContaining('a version of this number')])
    expect(twice.body).toContain('Jiné')
    const wrongs: Record<string, string>[] = [
      { number: '0' },
      { number: 'x' },
      { month: '2021-13' },
      { month: 'srpen' },
      { title: ' ' },
      { language: 'de' },
      { fileSha256: 'abc' },
    ]
    for (const wrong of wrongs) {
      const given = { number: '7', month: '2022-01', title: 'x', language: 'cs', ...wrong }
      expect([wrong, (await post('/memorandum', given)).statusCode]).toEqual([wrong, 422])
    }
    expect(
      (
        await post('/memorandum/2', {
          month: '2021-08',
          title: 'Memorandum v. 2',
          language: 'cs',
          text: 'Čl. 1\n\nČl. 2',
          fileSha256: 'A'.repeat(64),
        })
      ).statusCode,
    ).toBe(303)
    const shown = await page(jana, '/memorandum/2')
    for (const text of ['Memorandum v. 2', 'August 2021', 'Čl. 2', 'a'.repeat(64)])
      expect(shown).toContain(text)
    expect(shown).not.toContain('/memorandum/2/edit')
    expect((await door.get('/memorandum/9', (await door.signedIn(jana)).cookie)).statusCode).toBe(404)
    expect((await post('/memorandum/9', { month: '2021-08', title: 'x', language: 'cs' })).statusCode).toBe(
      404,
    )
  })

  it('is signed by two people of one organisation, and by one person for two', async () => {
    expect(
      (await signing(1, 'Nemocnice Lipová', 'Ing. Čtirad Lipový', { day: '22. 9. 2020' })).statusCode,
    ).toBe(303)
    expect(
      (await signing(1, 'nemocnice lipová', 'MUDr. Andrea Malá', { state: 'declared' })).statusCode,
    ).toBe(303)
    expect(
      (
        await signing(1, 'Nemocnice Dubová', 'Ing. Čtirad Lipový', {
          day: '2020-11',
          contact: 'jiny@dubova.example',
        })
      ).statusCode,
    ).toBe(303)
    const twice = await signing(1, 'Nemocnice Lipová', 'ING. ČTIRAD LIPOVÝ')
    expect([twice.statusCode, twice.body]).toEqual([422, expect.stringContaining('stands here already')])
    const shown = await page(jana, '/memorandum')
    for (const text of ['22 Sept 2020', 'November 2020', 'date not given', 'Nemocnice Dubová'])
      expect(shown).toContain(text)
    expect(shown).toContain('2 organisations. 1 signature gives no date.')
    // Who signed the first version has not signed the second.
    expect(shown).toContain('Nobody has signed this version yet.')
    expect(await page(vera, '/memorandum/2')).toContain('Signed an older version only')
  })

  it('shows addresses of a list to coordinators and the organisation itself only', async () => {
    expect(await page(vera, '/memorandum/1')).toContain('jiny@dubova.example')
    expect(await page(jana, '/memorandum/1')).not.toContain('jiny@dubova.example')
    const seen = (who: Actor | null): Promise<number> =>
      asActor(
        door.db,
        who,
        tuesday,
        async (tx) => (await tx.query('select address from signature_contacts')).rows.length,
      )
    expect([await seen(vera), await seen(dana), await seen(jana), await seen(null)]).toEqual([1, 1, 0, 0])
    // And it is nobody's sign-in.
    const { rows } = await door.db.engine.query(`select id from people where email like '%dubova.example'`)
    expect(rows).toEqual([])
  })

  it('refuses what cannot be a signature, with what was typed', async () => {
    const wrongs: Record<string, string>[] = [
      { organisation: 'Nikde' },
      { signatoryName: ' ' },
      { day: '9/8/20' },
      { day: '31. 2. 2020' },
      { state: 'maybe' },
      { contact: 'x' },
    ]
    for (const wrong of wrongs) {
      const answer = await signing(1, 'Nemocnice Dubová', 'Petr Nový', wrong)
      expect([wrong, answer.statusCode]).toEqual([wrong, 422])
      expect(answer.body).toContain(wrong.signatoryName === undefined ? 'Petr Nový' : 'Nemocnice Dubová')
    }
    expect((await signing(9, 'Nemocnice Dubová', 'Petr Nový')).statusCode).toBe(404)
  })

  it('lets a signature be put right or withdrawn; then others see it no longer', async () => {
    const { rows } = await door.db.engine.query<{ id: number }>(
      `select id from signatures where signatory_name = 'MUDr. Andrea Malá'`,
    )
    const url = `/signatures/${rows[0]?.id}`
    const post = await posting(vera)
    expect(
      (await post(url, { signatoryName: 'Ing. Čtirad Lipový', day: '', state: 'declared' })).statusCode,
    ).toBe(409)
    expect(
      (await post(url, { signatoryName: 'MUDr. Andrea Malá', day: '9/8/20', state: 'declared' })).statusCode,
    ).toBe(422)
    expect(
      (await post(url, { signatoryName: 'MUDr. Anreada Malá', day: '1. 10. 2020', state: 'withdrawn' }))
        .statusCode,
    ).toBe(303)
    expect(await page(dana, '/memorandum/1')).not.toContain('Malá')
    expect(await page(jana, '/memorandum/1')).toContain('Malá')
    expect(
      (await (await posting(jana))(url, { signatoryName: 'x', day: '', state: 'signed' })).statusCode,
    ).toBe(403)
    expect(
      (await post('/signatures/999999', { signatoryName: 'x', day: '', state: 'signed' })).statusCode,
    ).toBe(404)
  })

  it('counts those who take part and those who signed apart', async () => {
    const count = (who: Actor | null) => asActor(door.db, who, tuesday, sets)
    const before = await count(jana)
    expect(before).toEqual({ involved: 2, signed: 2 })
    await door.db.engine.query(`update organisations set status = 'prospect' where id = $1`, [dubova.id])
    await addHospital(door.db, 'Nemocnice Smrková', [])
    await addHospital(door.db, 'Nemocnice Habrová', [])
    expect(await count(jana)).toEqual({ involved: 3, signed: 2 })
    expect(await count(vera)).toEqual({ involved: 3, signed: 2 })
    expect(await count(null)).toEqual({ involved: 0, signed: 0 })
  })

  it('is changed by coordinators alone, also past the pages, and read by nobody who is signed out', async () => {
    for (const sql of [
      `insert into memorandum_versions (number, month, language, title, text, created_at, changed_at) values (8, '2026-01-01', 'cs', 'x', '', now(), now())`,
      `insert into signatories (name, created_at) values ('x', now())`,
      `insert into signature_contacts (signature_id, org_id, address, added_at) select id, org_id, 'x@x.example', now() from signatures limit 1`,
    ])
      await expect(asActor(door.db, jana, tuesday, (tx) => tx.query(sql))).rejects.toThrow(
        /row-level security/,
      )
    await asActor(door.db, jana, tuesday, async (tx) => {
      expect((await tx.query(`update signatures set state = 'withdrawn'`)).rowCount).toBe(0)
      expect((await tx.query(`update memorandum_versions set title = 'x'`)).rowCount).toBe(0)
    })
    expect((await door.get('/memorandum')).statusCode).toBe(303)
  })
})
