import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../../test/front-door.ts'
import { addHospital, type Hospital } from '../../../../test/harness.ts'
import type { Actor } from '../../../platform/access.ts'
import { projectRoot } from '../../../platform/content.ts'

const fixture = readFileSync(join(projectRoot, 'test/fixtures/signatories-1250.csv'))
let door: FrontDoor
let lipova: Hospital
let vera: Actor
let jana: Actor

beforeAll(async () => {
  door = await openFrontDoor()
  lipova = await addHospital(door.db, 'Nemocnice Lipová', [])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
  jana = await door.person('Jana Nováková', [['representative', lipova]])
  const { cookie, csrf } = await door.signedIn(vera)
  const version = { number: '1', month: '2020-09', language: 'en', title: 'Memorandum', _csrf: csrf }
  expect((await door.post('/memorandum', version, { cookie })).statusCode).toBe(303)
})
afterAll(() => door.close())
beforeEach(() => door.forget())

/** A form as a browser sends it with a file. */
async function upload(who: Actor, file: Buffer, name = 'signatari.csv', fields: Record<string, string> = {}) {
  const { cookie, csrf } = await door.signedIn(who)
  const edge = '----hsoc'
  const field = (key: string, value: string) =>
    Buffer.from(`--${edge}\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`)
  return door.app.inject({
    method: 'POST',
    url: '/signature-lists',
    headers: { 'content-type': `multipart/form-data; boundary=${edge}`, cookie: `lang=en; ${cookie}` },
    payload: Buffer.concat([
      ...Object.entries({ version: '1', text: '', _csrf: csrf, ...fields }).map(([key, value]) =>
        field(key, value),
      ),
      Buffer.from(
        `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
      ),
      file,
      Buffer.from(`\r\n--${edge}--\r\n`),
    ]),
  })
}

async function posting(who: Actor) {
  const { cookie, csrf } = await door.signedIn(who)
  return (url: string, fields: Record<string, string>) =>
    door.post(url, { ...fields, _csrf: csrf }, { cookie: `lang=en; ${cookie}` })
}
const page = async (who: Actor, url: string): Promise<string> =>
  (await door.get(url, (await door.signedIn(who)).cookie)).body
const count = async (table: string): Promise<number> =>
  Number((await door.db.engine.query(`select count(*)::int as n from ${table}`)).rows[0]?.n)

describe('the page for lists of signatories', () => {
  it('takes a file, shows what it may mean, and records what was decided', async () => {
    const taken = await upload(vera, fixture)
    expect([taken.statusCode, taken.headers.location]).toEqual([303, expect.stringMatching(/\?done=taken$/)])
    const url = String(taken.headers.location).split('?')[0] ?? ''
    const shown = await page(vera, url)
    for (const text of [
      'month/day: 9/22/20 is 22 Sept 2020',
      '5 lines wait',
      'a company, or a part?',
      'the name is cut off',
    ])
      expect(shown).toContain(text)
    const post = await posting(vera)
    const early = await post(`${url}/decisions`, { act: 'apply' })
    expect([early.statusCode, early.body]).toEqual([
      422,
      expect.stringContaining('decided on all marked lines'),
    ])
    expect((await post(`${url}/decisions`, { act: 'accept', slashes: 'mdy' })).statusCode).toBe(303)
    expect(await page(vera, url)).toContain('1 line waits for your decision')
    const wrong = await post(`${url}/decisions`, { act: 'apply', 'other.8': 'Nikde', 'org.9': 'new' })
    expect([wrong.statusCode, wrong.body]).toEqual([
      422,
      expect.stringContaining('no organisation of this name'),
    ])
    expect((await post(`${url}/decisions`, { act: 'save', 'org.8': 'org:999' })).statusCode).toBe(422)
    expect((await post(`${url}/decisions`, { act: 'save', 'org.800': 'new' })).statusCode).toBe(422)
    expect(
      (await post(`${url}/decisions`, { act: 'save', 'other.8': 'nemocnice lipová', 'org.8': '' }))
        .statusCode,
    ).toBe(303)
    expect(await page(vera, url)).toContain('it is Nemocnice Lipová')
    expect(await count('signatures')).toBe(0)
    expect((await post(`${url}/decisions`, { act: 'apply', 'org.8': 'new' })).statusCode).toBe(303)
    expect(await page(vera, url)).toContain(
      '22 signatures, 21 institutions, 21 people; 19 dated, 3 without a date',
    )
    expect([await count('signatures'), await count('organisations')]).toEqual([22, 22])
    expect((await post(`${url}/decisions`, { act: 'apply' })).statusCode).toBe(409)
    const again = await upload(vera, fixture, 'jinak.csv')
    expect(again.headers.location).toBe(`${url}?done=known`)
    expect([await count('signatures'), await count('signature_lists')]).toEqual([22, 1])
    expect(await page(jana, '/memorandum')).toContain('Onkologický ústav Světlice')
    expect(await page(vera, '/members?q=Královéh&status=prospect')).toContain('Královéhradského kraje')
  })

  it('takes text that was copied out of a sheet, and Excel, with the columns in any order', async () => {
    const post = await posting(vera)
    const pasted = await post('/signature-lists', {
      version: '1',
      text: 'Datum podpisu\tJméno\tInstituce\n22. 9. 2020\tIng. Petr Nový\tNemocnice Lipová\n',
    })
    expect(pasted.statusCode).toBe(303)
    expect(await page(vera, String(pasted.headers.location))).toContain('22 Sept 2020')
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('List')
    sheet.addRows([
      ['Memorandum, signatories'],
      ['E-mail', 'Name', 'Institution', 'Date'],
      ['novy@lipova.example', 'Ing. Petr Nový', 'Nemocnice Lipová', new Date(Date.UTC(2020, 8, 22))],
    ])
    const excel = await upload(vera, Buffer.from(await book.xlsx.writeBuffer()), 'list.xlsx')
    expect(excel.statusCode).toBe(303)
    const shown = await page(vera, String(excel.headers.location))
    expect(shown).toContain('22 Sept 2020')
    expect(shown).toContain('novy@lipova.example')
  })

  it('marks broken accents and keeps them as they came', async () => {
    const post = await posting(vera)
    const taken = await post('/signature-lists', {
      version: '1',
      text: 'Instituce;Signatář\nNemocnice LipovĂˇ;Ing. ÄŚtirad Nový\nNemocnice P?íbramka;Jan Malý\n',
    })
    const shown = await page(vera, String(taken.headers.location))
    expect(shown.match(/Accents look broken here/g)).toHaveLength(3)
    expect(shown).toContain('Nemocnice LipovĂˇ')
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'x.csv', /list is empty/],
    ['blanks', Buffer.from('\n \n;;\n'), 'x.csv', /list is empty|no heading/],
    ['a heading only', Buffer.from('instituce;signatář\n'), 'x.csv', /no organisation below the heading/],
    ['no heading', Buffer.from('Nemocnice Lipová;Jan Malý\n'), 'x.csv', /no heading/],
    [
      'two blocks side by side',
      Buffer.from('instituce;jméno;instituce;jméno\nA;B;C;D\n'),
      'x.csv',
      /stands twice/,
    ],
    ['half a line', Buffer.from('instituce;signatář\nNemocnice;\n'), 'x.csv', /only an institution/],
    ['too much', Buffer.alloc(1_048_577, 'a'), 'x.csv', /at most 1048576/],
    ['far too much', Buffer.alloc(3_000_000, 'a'), 'x.csv', /at most 1048576/],
    [
      'too many lines',
      Buffer.from(`instituce;signatář\n${'A;B\n'.repeat(600)}`),
      'x.csv',
      /more than 500 lines/,
    ],
    [
      'an endless cell',
      Buffer.from(`instituce;signatář\n${'x'.repeat(3_000)};B\n`),
      'x.csv',
      /longer than 2000/,
    ],
    [
      'an open quote',
      Buffer.from('instituce;signatář\n"A;B\n'.repeat(3)),
      'x.csv',
      /quot|CSV|only an institution/i,
    ],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0', 'latin1'), 'x.png', /NUL bytes|neither/],
    ['half a workbook', Buffer.from('PK\x03\x04abc'), 'x.xlsx', /no Excel workbook/],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), 'x.xls', /old Excel/],
    ['UTF-16', Buffer.from('\ufeffinstituce;signatář\nA;B', 'utf16le'), 'x.csv', /UTF-16/],
    ['a turn of direction', Buffer.from('instituce;signatář\nA\u202eB;C\n'), 'x.csv', /invisible|control/],
  ])('refuses %s with a sentence', async (_what, bytes, name, sentence) => {
    const before = await count('signature_lists')
    const answer = await upload(vera, bytes, name)
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toMatch(sentence)
    expect(await count('signature_lists')).toBe(before)
  })

  it('shows a hostile text as text, and refuses a form that is none', async () => {
    const post = await posting(vera)
    const taken = await post('/signature-lists', {
      version: '1',
      text: `instituce;signatář\n<script>alert(1)</script>;'); drop table people; --\n`,
    })
    const shown = await page(vera, String(taken.headers.location))
    expect(shown).toContain('&lt;script>')
    expect(shown).not.toContain('<script>alert')
    expect(
      (await post('/signature-lists', { version: '7', text: 'instituce;signatář\nA;B' })).statusCode,
    ).toBe(404)
    expect((await post('/signature-lists', { version: 'x', text: 'a' })).statusCode).toBe(422)
    const { cookie } = await door.signedIn(vera)
    const broken = await door.app.inject({
      method: 'POST',
      url: '/signature-lists',
      headers: { 'content-type': 'multipart/form-data; boundary=x', cookie },
      payload: '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    })
    expect(broken.statusCode).toBeGreaterThanOrEqual(400)
    expect(broken.statusCode).toBeLessThan(500)
  })

  it('is for coordinators, and its files are taken by no other form', async () => {
    expect((await upload(jana, fixture)).statusCode).toBe(403)
    expect((await upload(vera, fixture, 'x.csv', { _csrf: 'x' })).statusCode).toBe(403)
    const post = await posting(jana)
    expect((await post('/signature-lists/1/decisions', { act: 'apply' })).statusCode).toBe(403)
    const { cookie } = await door.signedIn(jana)
    for (const url of ['/signature-lists', '/signature-lists/1'])
      expect((await door.get(url, cookie)).statusCode).toBe(403)
    expect((await door.get('/signature-lists/999', (await door.signedIn(vera)).cookie)).statusCode).toBe(404)
    const other = await door.app.inject({
      method: 'POST',
      url: '/memorandum',
      headers: { 'content-type': 'multipart/form-data; boundary=x', cookie },
      payload: '--x--\r\n',
    })
    expect(other.statusCode).toBe(415)
  })
})
