/** A file's way into the inventory and out again, by the verbs and by the pages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { openPages } from '../../../app.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import type { App } from '../../../platform/http.ts'
import { translator } from '../../../platform/i18n.ts'
import { changeAsset } from '../assets.ts'
import { everyAsset, historyOf } from '../queries.ts'
import { apply, undo } from './apply.ts'
import { readAssets } from './read.ts'
import { decide, forgetFiles, preview, sheets, takeIn } from './store.ts'

let db: TestDatabase
let app: App
let close: () => Promise<void>
let horni: Hospital
let karel: Actor
let vera: Actor
let petr: Actor
let signedIn: (who: Actor) => Promise<{ cookie: string; csrf: string }>
beforeAll(async () => {
  db = await createDatabase()
  horni = await addHospital(db, 'Nemocnice Horní Výmysl', [])
  const dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', [])
  karel = await addPerson(db, 'Karel Správce', [['admin', horni]])
  vera = await addPerson(db, 'Věra Ředitelka', [['manager', horni]])
  petr = await addPerson(db, 'Petr Cizí', [['admin', dolni]])
  const made = contextOf(db)
  app = await openPages(made.context)
  close = made.stop
  signedIn = (who) => cookieOf(made.context, who)
})
afterAll(async () => {
  await app?.close()
  await close?.()
  await db?.drop()
})

const as = <T>(work: Parameters<typeof asActor<T>>[3], by = karel): Promise<T> =>
  asActor(db, by, tuesday, work)
async function bring(text: string): Promise<number> {
  const bytes = Buffer.from(text)
  const { read } = await readAssets(bytes, 'technika.csv', 'medical', translator('cs'))
  if (!read) throw new Error('the file cannot be read')
  return as((tx) => takeIn(tx, { org: horni.id, bytes, fileName: 'technika.csv', read }, karel, tuesday))
}
const which = (sheet: number) => ({ org: horni.id, sheet })
const say = (sheet: number, said: [number, string][], rest: 'proposals' | 'skip' | null = null) =>
  as((tx) => decide(tx, which(sheet), new Map(said), rest, karel))
const carryOut = (sheet: number) => as((tx) => apply(tx, which(sheet), karel, tuesday))
const all = () => as((tx) => everyAsset(tx, horni.id))
const count = async () => (await all()).length

const table =
  'Výrobce;Model;Verze;Počet;Oddělení\nPhilips;MX800;C.03;4;JIP\nPhilips;MX800;C.03;2;JIP\nBD;Alaris System;9.7;14;ARO\n'

describe('a file with assets', () => {
  it('changes nothing until its questions are decided and somebody carries it out', async () => {
    const sheet = await bring(table)
    expect(await bring(table)).toBe(sheet)
    expect(await count()).toBe(0)
    await expect(carryOut(sheet)).rejects.toMatchObject({ fields: { sheet: 'undecided' } })
    await say(sheet, [[3, 'merge']])
    expect(await carryOut(sheet)).toMatchObject({ added: 2, changed: 1, undecided: 0 })
    expect((await all()).map(({ product, quantity }) => [product, quantity])).toEqual([
      ['Alaris System', 14],
      ['MX800', 6],
    ])
    await expect(carryOut(sheet)).rejects.toMatchObject({ name: 'WrongState' })
  })

  it('changes nothing when it comes again', async () => {
    const sheet = await bring(table)
    const { proposed } = await as((tx) => preview(tx, horni.id, sheet))
    expect(proposed.map(({ kind }) => kind)).toEqual(['same', 'same', 'same'])
    expect(await carryOut(sheet)).toMatchObject({ added: 0, changed: 0, same: 3 })
    expect(await count()).toBe(2)
  })

  it('is undone but for what somebody changed since', async () => {
    const sheet = await bring(
      'Výrobce;Model;Verze;Počet;Oddělení\nPhilips;MX800;C.03;9;JIP\nBD;Alaris System;12.3;14;ARO\nNové;X1;;1;\nNové;X2;;1;\n',
    )
    await say(sheet, [], 'proposals')
    expect(await carryOut(sheet)).toMatchObject({ added: 2, changed: 2 })
    const [alaris] = await all()
    expect(alaris?.version).toBe('12.3')
    const x1 = (await all()).find(({ product }) => product === 'X1')
    await as((tx) => changeAsset(tx, x1?.id ?? 0, { zone: 'VLAN 7' }, karel, tuesday + 1))
    expect(await as((tx) => undo(tx, which(sheet), karel, tuesday + 2))).toEqual({ undone: 3, kept: 1 })
    expect((await all()).map(({ product, version, quantity }) => [product, version, quantity])).toEqual([
      ['Alaris System', '9.7', 14],
      ['X1', null, 1],
      ['MX800', 'C.03', 6],
    ])
    await expect(as((tx) => undo(tx, which(sheet), karel, tuesday))).rejects.toMatchObject({
      name: 'WrongState',
    })
    expect((await as((tx) => historyOf(tx, alaris?.id ?? 0))).map(({ way, file }) => [way, file])).toEqual([
      ['changed', null],
      ['changed', 'technika.csv'],
      ['made', 'technika.csv'],
    ])
  })

  it('refuses a decision that is none, a double whose line is left out, and whoever may not', async () => {
    const sheet = await bring('Model;Oddělení\nY;JIP\nY;JIP\n')
    await expect(say(sheet, [[2, 'merge']])).rejects.toMatchObject({ fields: { 'line.2': 'decision' } })
    await say(sheet, [
      [2, 'skip'],
      [3, 'merge'],
    ])
    await expect(carryOut(sheet)).rejects.toMatchObject({ fields: { 'line.3': 'twin' } })
    for (const [who, name] of [
      [vera, 'Forbidden'],
      [petr, 'NotFound'],
    ] as const) {
      await expect(as((tx) => apply(tx, which(sheet), who, tuesday), who)).rejects.toMatchObject({ name })
      await expect(as((tx) => decide(tx, which(sheet), new Map(), null, who), who)).rejects.toMatchObject({
        name,
      })
    }
    await expect(as((tx) => preview(tx, horni.id, sheet), petr)).rejects.toMatchObject({ name: 'NotFound' })
    expect((await as((tx) => tx.query('update asset_imports set counts = null'), vera)).rowCount).toBe(0)
  })

  it('is forgotten when nobody carries it out', async () => {
    const before = (await as((tx) => sheets(tx, horni.id))).length
    expect(await forgetFiles(db, tuesday + 29 * 86_400_000)).toBe(0)
    expect(await forgetFiles(db, tuesday + 31 * 86_400_000)).toBe(1)
    expect((await as((tx) => sheets(tx, horni.id))).length).toBe(before - 1)
  })
})

describe('a very long file', () => {
  it('is looked at and carried out in one go, and is the same the second time', async () => {
    const row = (n: number): string => `Výrobce ${n % 50};Typ ${n};1.${n % 7};2;Oddělení ${n % 30}`
    const text = `Výrobce;Model;Verze;Počet;Oddělení\n${Array.from({ length: 5_000 }, (_, n) => row(n)).join('\n')}\n`
    const before = await count()
    expect(await carryOut(await bring(text))).toMatchObject({ added: 5_000 })
    expect(await count()).toBe(before + 5_000)
    expect(await carryOut(await bring(text))).toMatchObject({ added: 0, same: 5_000 })
    const twice = await bring(`Model\n${'Stejný\n'.repeat(9_000)}`)
    await say(twice, [], 'proposals')
    expect(await carryOut(twice)).toMatchObject({ added: 1, changed: 8_999 })
  })
})

describe('the pages of a file', () => {
  async function post(
    who: Actor,
    url: string,
    fields: Record<string, string>,
    file?: { name: string; text: string },
  ) {
    const { cookie, csrf } = await signedIn(who)
    const edge = 'hranice'
    const part = (head: string, content: string): string =>
      `--${edge}\r\ncontent-disposition: form-data; ${head}\r\n\r\n${content}\r\n`
    const payload =
      Object.entries({ ...fields, _csrf: csrf })
        .map(([name, value]) => part(`name="${name}"`, value))
        .join('') +
      (file
        ? part(`name="file"; filename="${file.name}"\r\ncontent-type: application/octet-stream`, file.text)
        : '') +
      `--${edge}--\r\n`
    const headers = { cookie, accept: 'text/html', 'content-type': `multipart/form-data; boundary=${edge}` }
    return app.inject({ method: 'POST', url, headers, payload })
  }
  const see = async (who: Actor, url: string) =>
    app.inject({ url, headers: { ...(await signedIn(who)), accept: 'text/html' } })
  const base = () => `/members/${horni.id}/inventory/import`

  it('upload, questions, carrying out and undoing need no script', async () => {
    const nmap =
      '<nmaprun><host><status state="up"/><address addr="192.0.2.9" addrtype="ipv4"/><ports><port portid="22"><state state="open"/><service product="OpenSSH" version="9.9" method="probed"/></port></ports></host></nmaprun>'
    const taken = await post(karel, base(), { kind: 'medical' }, { name: 'sken.xml', text: nmap })
    expect([taken.statusCode, taken.headers.location]).toMatchObject([
      303,
      expect.stringMatching(/done=taken$/),
    ])
    const page = await see(karel, String(taken.headers.location))
    expect(page.body).toContain('OpenSSH')
    expect(page.body).toContain('1 nová položka')
    const url = String(taken.headers.location).replace(/\?.*/, '')
    expect((await post(karel, `${url}/decisions`, { act: 'apply' })).headers.location).toContain(
      'done=applied',
    )
    expect((await see(karel, url)).body).toContain('Vrátit zápis zpět')
    expect((await post(karel, `${url}/withdrawal`, {})).headers.location).toContain('done=undone')
    expect((await see(vera, url)).body).toContain('Zápis byl vrácen zpět')
  })

  it('a file that cannot be read is told why, and pasted text is not lost', async () => {
    const refused = await post(karel, base(), { kind: 'network', text: 'a;b\n1;2\n' })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('a;b')
    expect(
      (await post(karel, base(), { kind: 'medical' }, { name: 'x.json', text: '{"a":1}' })).body,
    ).toContain('CycloneDX')
    expect(
      (
        await post(
          karel,
          base(),
          { kind: 'medical' },
          { name: 'x.csv', text: 'a'.repeat(8 * 1024 * 1024 + 1) },
        )
      ).statusCode,
    ).toBe(422)
    expect((await post(vera, base(), { kind: 'medical', text: 'Model\nX\n' })).statusCode).toBe(403)
    expect((await post(petr, base(), { kind: 'medical', text: 'Model\nX\n' })).statusCode).toBe(404)
  })

  it('says of each line which kind it would be', async () => {
    const taken = await post(karel, base(), {
      kind: 'medical',
      text: 'Výrobce;Model\nMicrosoft;Windows XP\nPumpy;Kapka\n',
    })
    const { body } = await see(karel, String(taken.headers.location).replace(/\?.*/, ''))
    const facts = [...body.matchAll(/<span class="muted">([^<]+)/g)].map((one) => one[1]?.split(',')[0])
    expect(facts).toEqual(expect.arrayContaining(['systém', 'zdravotnický prostředek']))
  })

  it('a choice that is left open is told above the list, and those made are kept', async () => {
    const taken = await post(karel, base(), {
      kind: 'medical',
      text: 'Model;Oddělení\nQ;JIP\nQ;JIP\nQ;JIP\n',
    })
    const url = String(taken.headers.location).replace(/\?.*/, '')
    const asked = await post(karel, `${url}/decisions`, { act: 'apply', 'line.3': 'add' })
    expect([asked.statusCode, asked.body.includes('rozhodněte všechny otázky')]).toEqual([422, true])
    expect((await see(karel, url)).body).toContain('1 řádek čeká')
    const kept = await post(karel, `${url}/decisions`, { act: 'accept' })
    expect(kept.headers.location).toContain('done=saved')
  })
})
