import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getAs, postAs } from '../../../test/asking.ts'
import { contextOf } from '../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { openPostOffice, type PostOffice } from '../../../test/post-office.ts'
import { openPages } from '../../app.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import type { App } from '../../platform/http.ts'
import { type Mailer, openMailer, work } from '../channels/index.ts'
import { mergePeople } from '../members/doubles/merging.ts'
import { endEngagement } from '../members/people.ts'
import { mailWriters } from '../warnings/index.ts'
import { eraseOnRequest } from './request.ts'

let db: TestDatabase
let app: App
let lipova: Hospital
let vera: Actor
let olga: Actor
let dpo: Actor
let now = tuesday
let context: ReturnType<typeof contextOf>['context']
let close: () => Promise<void>
let office: PostOffice
let mailer: Mailer

beforeAll(async () => {
  db = await createDatabase()
  lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  vera = await addPerson(db, 'Věra Klidná', [['coordinator', null]])
  olga = await addPerson(db, 'Olga Druhá', [['coordinator', null]])
  dpo = await addPerson(db, 'Dita Ochranná', [['dpo', lipova]])
  const made = contextOf(db, () => now)
  context = made.context
  app = await openPages(context)
  office = await openPostOffice()
  mailer = openMailer({ smtpUrl: office.url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null }, mailWriters)
  close = async () => {
    await mailer.close()
    await office.close()
    await app.close()
    await made.stop()
  }
}, 60_000)
afterAll(async () => {
  await close?.()
  await db?.drop()
})

const get = (url: string, by: Actor | null) => getAs({ app, context }, by, url)
const post = async (url: string, by: Actor | null, fields: Record<string, string>, laterMs = 0) => {
  const answer = await postAs({ app, context }, by, url, fields, () => {
    now += laterMs
  })
  now -= laterMs
  return answer
}
const asked = {
  asker: 'Člověk sám, dopisem',
  identity: 'Zpětné volání na číslo z knihy',
  reason: 'Odchází z nemocnice',
}
const sure = { ...asked, sure: '1' }
const all = async <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  (await db.engine.query(sql, values)).rows as T[]
const leave = (person: Actor) =>
  asEngine(db, (tx) =>
    endEngagement(tx, { person: person.person, org: lipova.id, role: 'admin' }, vera, tuesday),
  )
const erasedAt = async ({ person }: Actor): Promise<unknown> =>
  (await all<{ at: unknown }>('select erased_at as at from people where id = $1', [person]))[0]?.at
const letters = (template: string) =>
  all<{ address: string; person: number | null }>(
    `select address, person_id as person from deliveries where detail->>'template' = $1 order by id`,
    [template],
  )

describe('a request for data', () => {
  it('begins with the address or the number, and says what is nobody’s', async () => {
    const jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    expect((await get('/processing', vera)).body).toContain('href="/people/data"')
    expect((await get('/processing', dpo)).body).not.toContain('href="/people/data"')
    const choose = (person: string) => post('/people/data/choice', vera, { person })
    for (const one of [jana.email.toUpperCase(), String(jana.person)])
      expect((await choose(one)).headers.location).toBe(`/people/${jana.person}/data`)
    for (const one of ['', 'nikdo@people.example', '0', "' or 1=1 --", 'a\0b', 'x'.repeat(9_000)]) {
      const wrong = await choose(one)
      expect([one.slice(0, 20), wrong.statusCode]).toEqual([one.slice(0, 20), 422])
      expect(wrong.body).toContain('Účet s touto adresou ani číslem tu není.')
    }
    for (const id of ['0', '999999', 'x', '99999999999'])
      expect((await get(`/people/${id}/data`, vera)).statusCode).toBe(404)
  })

  it('is nothing for anybody but coordinators: not the data-protection officer, nor the person itself', async () => {
    const petr = await addPerson(db, 'Petr Dub', [['admin', lipova]])
    const dub = await addHospital(db, 'Nemocnice Dub', ['198.51.100.0/25'])
    const strangers = [
      null,
      dpo,
      petr,
      await addPerson(db, 'Cizí Zástupce', [['representative', dub]]),
      await addPerson(db, 'Cizí Ochránce', [['dpo', dub]]),
      await addPerson(db, 'Ota Provozní', [['operator', null]]),
    ]
    const before = await all('select 1 from audit')
    for (const who of strangers) {
      for (const answer of [
        await get('/people/data', who),
        await get(`/people/${petr.person}/data`, who),
        await post('/people/data/choice', who, { person: petr.email }),
        await post(`/people/${petr.person}/data`, who, { ...asked, as: 'json' }),
        await post(`/people/${petr.person}/erasure`, who, sure),
      ]) {
        expect([who?.name, [303, 403].includes(answer.statusCode)]).toEqual([who?.name, true])
        expect(answer.headers.location ?? '/sign-in').toMatch(/^\/sign-in/)
        if (who !== petr) expect(answer.body).not.toContain(petr.email)
      }
      if (who) await expect(eraseOnRequest(db, petr.person, asked, who, now)).rejects.toThrow('coordinators')
    }
    expect(await erasedAt(petr)).toBeNull()
    expect(await all('select 1 from audit')).toHaveLength(before.length)
  })

  it('asks for a fresh proof, and for who, how and why', async () => {
    const eva = await addPerson(db, 'Eva Tichá', [['admin', lipova]])
    const url = `/people/${eva.person}/data`
    const stale = await post(url, vera, { ...asked, as: 'json' }, 15 * 60_000)
    expect(stale.statusCode).toBe(403)
    expect(stale.body).not.toContain('"parts"')
    expect((await post(`/people/${eva.person}/erasure`, vera, sure, 15 * 60_000)).statusCode).toBe(403)
    const empty = await post(url, vera, { asker: ' ', identity: '', reason: '<b>kvůli' })
    expect(empty.statusCode).toBe(422)
    expect(empty.body).toContain('Napište, kdo žádá')
    expect(empty.body).toContain('Napište, jak jste ověřili')
    expect(empty.body).toContain('&lt;b>kvůli')
    expect((await post(url, vera, { ...asked, asker: 'x'.repeat(201) })).statusCode).toBe(422)
    expect((await post(url, vera, { ...asked, reason: 'x'.repeat(1_001) })).statusCode).toBe(422)
    expect((await post(url, vera, { ...asked, reason: 'x'.repeat(400_000) })).statusCode).toBe(413)
    expect(await letters('person-exported')).toEqual([])
  })

  it('hands everything out as JSON or as a page, with a line, a letter and an entry of who looked', async () => {
    const iva = await addPerson(db, 'Iva Malá', [['admin', lipova]])
    const shown = await get(`/people/${iva.person}/data`, vera)
    expect(shown.body).toContain('Iva Malá')
    expect(shown.body).toContain('Dokud trvá některá role, vymazat nelze.')
    expect(shown.body).not.toContain(`action="/people/${iva.person}/erasure"`)
    const json = await post(`/people/${iva.person}/data`, vera, { ...asked, as: 'json' })
    expect(json.headers['content-disposition']).toContain(`hsoc-person-${iva.person}.json`)
    expect([json.json().person, json.body.includes(iva.email), json.body.includes(vera.email)]).toEqual([
      iva.person,
      true,
      false,
    ])
    now += 1
    const read = await post(`/people/${iva.person}/data`, vera, { ...asked, as: 'page' })
    expect(read.body).toContain('Nemocnice Lipová')
    expect(await letters('person-exported')).toEqual([
      { address: iva.email, person: null },
      { address: iva.email, person: null },
    ])
    const lines = await all(`select actor, detail from audit where verb = 'privacy.export' and object = $1`, [
      `person ${iva.person}`,
    ])
    expect(lines).toEqual([
      { actor: vera.email, detail: asked },
      { actor: vera.email, detail: asked },
    ])
    const looks = await all<{ place: string }>('select place from trail_reads where org_id = $1', [lipova.id])
    expect(looks.map(({ place }) => place)).toContain('/people/:person/data')
  })
})

describe('erasing on request', () => {
  it('shows what goes and what stays, erases after the tick, and forgets the address with the letter', async () => {
    const gita = await addPerson(db, 'Gita Odcházející', [['admin', lipova]])
    await leave(gita)
    const url = `/people/${gita.person}/erasure`
    const shown = (await get(`/people/${gita.person}/data`, vera)).body
    for (const words of [
      'Co zůstane',
      'Role v organizacích',
      'zůstane pod číslem osoby',
      'Účet: jméno, adresa',
    ])
      expect(shown).toContain(words)
    const unticked = await post(url, vera, asked)
    expect(unticked.statusCode).toBe(422)
    expect(unticked.body).toContain('Potvrďte, že jste si prošli')
    expect(unticked.body).toContain('Odchází z nemocnice')
    expect(await erasedAt(gita)).toBeNull()
    const named = { ...sure, asker: `Gita Odcházející, ${gita.email}` }
    const done = await post(url, vera, named)
    expect([done.statusCode, done.headers.location]).toEqual([303, `/people/${gita.person}/data?done=erased`])
    const after = await get(String(done.headers.location), vera)
    expect(after.body).toContain('Údaje jsou vymazány.')
    expect(after.body).not.toContain('Gita')
    const [line] = await all<{ actor: string; detail: Record<string, string> }>(
      `select actor, detail from audit where verb = 'privacy.ask-erase' and object = $1`,
      [`person ${gita.person}`],
    )
    expect(line).toEqual({
      actor: vera.email,
      detail: { ...asked, asker: `person ${gita.person}, person ${gita.person}` },
    })
    expect(await letters('person-erased')).toEqual([{ address: gita.email, person: null }])
    await work(context, mailer, now)
    const [mail] = office.to(gita.email)
    expect(mail?.subject).toBe('hSOC: vaše údaje jsou vymazány')
    expect(mail?.text).toContain('Zpětné volání na číslo z knihy')
    const kept = await all('select address, detail, reply from deliveries where topic like $1', [
      `person-erased:${gita.person}:%`,
    ])
    expect(kept).toEqual([{ address: `person-${gita.person}@erased.invalid`, detail: {}, reply: null }])
    expect((await post(url, vera, sure)).statusCode).toBe(409)
    expect((await post(`/people/${gita.person}/data`, vera, asked)).statusCode).toBe(409)
  })

  it('forgets the address as well where no mail server took the letter for a day', async () => {
    const lada = await addPerson(db, 'Lada Nezastižená', [['admin', lipova]])
    await leave(lada)
    expect((await post(`/people/${lada.person}/erasure`, vera, sure)).statusCode).toBe(303)
    await work(context, { ...mailer, transport: null }, now)
    expect(await letters('person-erased')).toEqual([{ address: lada.email, person: null }])
    await work(context, mailer, now + 2 * 86_400_000)
    expect(await all('select 1 from deliveries where address = $1', [lada.email])).toEqual([])
    expect(office.to(lada.email)).toEqual([])
  })

  it('is refused while a role lasts, to oneself, and of whoever answers or answered for the sector', async () => {
    const staying = await addPerson(db, 'Sára Stálá', [['admin', lipova]])
    const once = await addPerson(db, 'Bývalá Koordinátorka', [])
    await all(
      `insert into engagements (person_id, role, valid_from, valid_to) values ($1, 'coordinator', to_timestamp(0), to_timestamp(1))`,
      [once.person],
    )
    await all('select people_set_readers($1)', [once.person])
    const shut = await addPerson(db, 'Odebraná Koordinátorka', [['coordinator', null]])
    await all('update people set disabled_at = now() where id = $1', [shut.person])
    for (const [who, words] of [
      [staying, 'Dokud trvá některá role'],
      [vera, 'To jste vy'],
      [olga, 'jeden koordinátor nevymaže'],
      [once, 'jeden koordinátor nevymaže'],
      [shut, 'jeden koordinátor nevymaže'],
    ] as const) {
      const refused = await post(`/people/${who.person}/erasure`, vera, sure)
      expect([who.name, refused.statusCode]).toEqual([who.name, 409])
      expect(refused.body).toContain(words)
      expect(await erasedAt(who)).toBeNull()
    }
    const own = await post(`/people/${vera.person}/data`, vera, asked)
    expect([own.statusCode, own.body.includes('href="/account/data"')]).toEqual([409, true])
  })

  it('takes a human as a whole: merged accounts go with the one that goes on, and not by themselves', async () => {
    const people = [
      await addPerson(db, 'Ida První', [['admin', lipova]]),
      await addPerson(db, 'Ida Druhá', [['admin', lipova]]),
      await addPerson(db, 'Ida Třetí', [['admin', lipova]]),
    ] as const
    const [first, second, third] = people
    for (const [one, into] of [
      [first, second],
      [second, third],
    ] as const)
      await asEngine(db, (tx) =>
        mergePeople(tx, { person: one.person, into: into.person, reason: 'Táž' }, vera, tuesday),
      )
    await leave(third)
    const single = await post(`/people/${first.person}/erasure`, vera, sure)
    expect([single.statusCode, single.body.includes('sloučen do jiného')]).toEqual([409, true])
    expect((await get(`/people/${third.person}/data`, vera)).body).toContain(
      `href="/people/${second.person}/data"`,
    )
    expect((await post(`/people/${third.person}/erasure`, vera, sure)).statusCode).toBe(303)
    for (const one of people) expect([one.name, await erasedAt(one)]).not.toEqual([one.name, null])
  })
})
