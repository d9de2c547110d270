import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callAs } from '../../../../test/asking.ts'
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
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import type { App } from '../../../platform/http.ts'
import { addKey } from '../../members/keys.ts'
import { mostBytes } from '../import/line.ts'

const table = [
  'Výrobce;Produkt;Verze;Počet;Oddělení',
  'Philips;IntelliVue MX800;B.1;3;ARO',
  'B. Braun;Infusomat;2.0;8;JIP',
  ';;;;',
  'Philips;IntelliVue MX800;B.1;2;ARO',
].join('\n')

describe('files with assets from programs', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let lipova: Hospital
  let adam: Actor
  let mana: Actor
  let cyril: Actor
  let karel: Actor
  let both: Actor
  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    const bukova = await addHospital(db, 'Nemocnice Buková', ['192.0.2.128/25'])
    adam = await addPerson(db, 'Adam Správce', [['admin', lipova]])
    mana = await addPerson(db, 'Mána Ředitelka', [['manager', lipova]])
    cyril = await addPerson(db, 'Cyril Cizí', [['admin', bukova]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    both = await addPerson(db, 'Běta Obojí', [
      ['admin', lipova],
      ['admin', bukova],
    ])
    ;({ context, stop } = contextOf(db))
    app = await openPages(context)
  }, 60_000)
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await db?.drop()
  })

  type Call = Parameters<typeof callAs>[2]
  const call = async (who: Actor | string | null, what: Call, body?: object, more = {}) => {
    const answer = await callAs({ app, context }, who, what, body, more)
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }
  const at = 'assets/imports'
  const sent = async (text = table) =>
    (await call(adam, `POST ${at}`, { kind: 'medical', name: 'majetek.csv', text })).body
  const counts = { added: 0, changed: 0, same: 0, skipped: 0, undecided: 0 }

  it('are looked at, decided, carried out once, and undone', async () => {
    const taken = await sent()
    expect(taken).toMatchObject({ org: lipova.id, name: 'majetek.csv', format: 'table', applied_at: null })
    const read = async (query = '') => (await call(adam, `GET ${at}/${taken.id}${query}`)).body
    const { lines, would, next } = await read()
    expect(lines.map((one: { kind: string; proposal: string }) => [one.kind, one.proposal])).toEqual([
      ['new', 'add'],
      ['new', 'add'],
      ['double', 'merge'],
    ])
    expect(lines[0].values).toMatchObject({ product: 'IntelliVue MX800', quantity: 3, department: 'ARO' })
    expect([would, next]).toEqual([{ ...counts, added: 2, undecided: 1 }, null])
    expect((await read('?kind=double')).lines).toHaveLength(1)
    const first = await read('?limit=1')
    expect([first.lines.length, first.next]).toEqual([1, lines[0].line])
    expect((await read(`?after=${first.next}&undecided=1`)).lines).toHaveLength(1)

    const early = await call(adam, `PUT ${at}/${taken.id}/application`)
    expect([early.status, early.body.fields]).toEqual([422, { sheet: 'undecided' }])
    const [one, two, twin] = lines.map(({ line }: { line: number }) => line)
    const decide = (line: number, decision: string | null) =>
      call(adam, `PUT ${at}/${taken.id}/decisions`, { decisions: [{ line, decision }] })
    const wrong = await decide(one, 'take')
    expect([wrong.status, wrong.body.fields]).toEqual([422, { [`line.${one}`]: 'decision' }])
    expect((await decide(twin, 'merge')).body).toEqual({ ...counts, added: 2, changed: 1 })
    expect((await decide(twin, null)).body).toEqual({ ...counts, added: 2, undecided: 1 })
    await decide(two, 'skip')
    const rest = await call(adam, `PUT ${at}/${taken.id}/decisions`, { rest: 'proposals' })
    expect(rest.body).toEqual({ ...counts, added: 1, changed: 1, skipped: 1 })
    const done = await call(adam, `PUT ${at}/${taken.id}/application`)
    expect([done.status, done.body]).toEqual([200, rest.body])
    const { assets } = (await call(adam, 'GET assets')).body
    expect(assets).toMatchObject([{ product: 'IntelliVue MX800', quantity: 5, source: 'table' }])
    expect((await call(adam, `PUT ${at}/${taken.id}/application`)).status).toBe(409)
    expect(await read()).toMatchObject({ lines: [], counts: rest.body })

    const { id } = await sent('Výrobce;Produkt;Verze;Počet;Oddělení\nPhilips;IntelliVue MX800;B.1;9;ARO')
    const beside = (await call(adam, `GET ${at}/${id}`)).body.lines[0]
    expect(beside).toMatchObject({ kind: 'changed', asset: assets[0].id, changes: ['quantity'] })
    expect((await call(adam, `DELETE ${at}/${taken.id}/application`)).body).toEqual({ undone: 1, kept: 0 })
    expect((await call(adam, `DELETE ${at}/${taken.id}/application`)).status).toBe(409)
    expect((await call(adam, 'GET assets')).body.total).toBe(0)
    const { imports } = (await call(mana, `GET ${at}`)).body
    expect(imports.map((file: { id: number }) => file.id)).toEqual([id, taken.id])
  })

  it('come as a form too, and in the other formats, told by what they hold', async () => {
    const nmap = `<?xml version="1.0"?><nmaprun scanner="nmap"><host><status state="up"/><address addr="192.0.2.10" addrtype="ipv4"/>
      <ports><port protocol="tcp" portid="22"><state state="open"/><service name="ssh" product="OpenSSH" version="8.4"/></port></ports></host></nmaprun>`
    const bom = JSON.stringify({
      ...{ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 },
      components: [
        { type: 'library', name: 'openssl', version: '3.0.1', purl: 'pkg:deb/debian/openssl@3.0.1' },
      ],
    })
    expect((await sent(nmap)).format).toBe('nmap')
    expect((await sent(bom)).format).toBe('cyclonedx')
    const { cookie, csrf } = await cookieOf(context, adam)
    const form = async (content: string | Buffer, token = csrf) => {
      const parts = [
        '--x\r\ncontent-disposition: form-data; name="kind"\r\n\r\nmedical\r\n',
        '--x\r\ncontent-disposition: form-data; name="file"; filename="sken.xml"\r\n',
        'content-type: application/octet-stream\r\n\r\n',
      ]
      const answer = await app.inject({
        ...{ method: 'POST', url: `/api/v1/${at}` },
        payload: Buffer.concat([
          Buffer.from(parts.join('')),
          Buffer.from(content),
          Buffer.from('\r\n--x--\r\n'),
        ]),
        headers: { cookie, 'x-csrf-token': token, 'content-type': 'multipart/form-data; boundary=x' },
      })
      return { status: answer.statusCode, body: answer.json() }
    }
    expect(await form(`${nmap} `)).toMatchObject({ status: 201, body: { format: 'nmap', name: 'sken.xml' } })
    expect((await form(nmap, 'x')).status).toBe(403)
    const long = await form(Buffer.alloc(mostBytes + 1, 'a'))
    expect([long.status, Object.keys(long.body.fields)]).toEqual([422, ['file']])
    expect((await form(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).status).toBe(422)
  })

  it('are of their organisation alone, and only its keepers decide', async () => {
    const { id } = await sent()
    const calls: [Call, object?][] = [
      [`POST ${at}`, { org: lipova.id, text: table }],
      [`GET ${at}?org=${lipova.id}`],
      [`GET ${at}/${id}`],
      [`PUT ${at}/${id}/decisions`, { rest: 'proposals' }],
      [`PUT ${at}/${id}/application`],
      [`DELETE ${at}/${id}/application`],
    ]
    const { key } = await asEngine(db, (tx) =>
      addKey(tx, { org: lipova.id, label: 'Sken', scopes: ['assets.read'], days: 30 }, karel, tuesday),
    )
    for (const [what, given] of calls) {
      expect([what, (await call(cyril, what, given)).status]).toEqual([what, 404])
      expect([what, (await call(karel, what, given)).status]).toEqual([what, 403])
      expect([what, (await call(null, what, given)).status]).toEqual([what, 401])
      expect([what, (await call(key, what, given)).status]).toEqual([what, 403])
      expect([what, (await call(mana, what, given)).status]).toEqual([
        what,
        what.startsWith('GET') ? 200 : 403,
      ])
      if (what.startsWith('GET')) continue
      for (const more of [{ 'x-csrf-token': 'x' }, { 'sec-fetch-site': 'cross-site' }])
        expect([what, (await call(adam, what, given, more)).status]).toEqual([what, 403])
    }
    expect((await call(adam, `GET ${at}/${id}`)).body.would).toEqual({ ...counts, added: 2, undecided: 1 })
    const which = await call(both, `POST ${at}`, { text: table })
    expect([which.status, which.body.fields]).toEqual([422, { org: 'one of your organisations' }])
  })

  it('are refused whole where they cannot be read, and never break anything', async () => {
    const long = 'x'.repeat(1_000_001)
    for (const text of ['', ' ', '{', '{"a":', '<x>', '<?xml version="1.0"?><x/>', 'a\0b', long, '\ud800'])
      expect([text.slice(0, 30), (await call(adam, `POST ${at}`, { text })).status]).toEqual([
        text.slice(0, 30),
        422,
      ])
    expect((await call(adam, `POST ${at}`, { text: `${long}${long}` })).status).toBe(413)
    const { id } = await sent()
    const wrong: object[] = [
      { decisions: [{ line: -1, decision: 'add' }] },
      { decisions: [{ line: 2, decision: 'burn' }] },
      { decisions: Array.from({ length: 10_001 }, (_, line) => ({ line, decision: 'add' })) },
      { decisions: 'all' },
      { rest: 'burn' },
      [],
    ]
    for (const body of wrong)
      expect(
        (await call(adam, `PUT ${at}/${id}/decisions`, body)).status,
        JSON.stringify(body).slice(0, 60),
      ).toBe(422)
    for (const strange of ['0', '-1', '99999999999', 'x', '%00'])
      expect((await call(adam, `GET ${at}/${strange}`)).status).toBe(422)
    expect((await call(adam, `GET ${at}/2000000000`)).status).toBe(404)
  })
})
