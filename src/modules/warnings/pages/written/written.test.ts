import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
} from '../../../../../test/harness.ts'
import { seenIn } from '../../../../../test/seen.ts'
import { openPages } from '../../../../app.ts'
import type { Actor } from '../../../../platform/access.ts'
import type { App } from '../../../../platform/http.ts'

const form = {
  kind: 'campaign',
  severity: '3',
  tlp: 'GREEN',
  audience: 'all_members',
  group: '',
  named: '',
  all: '1',
  prefixes: '',
  domains: '',
  actionBy: '2026-03-06',
  validUntil: '',
  refs: 'https://csirt.example/zpravy/1',
  changeNote: '',
  cs_title: 'Podvodné maily s fakturou',
  cs_happened: 'Přišly maily <script>alert(1)</script>.',
  cs_concerns: 'Všech.',
  cs_todo: 'Zablokujte ZIP.',
  en_title: '',
  en_happened: '',
  en_concerns: '',
  en_todo: '',
}

describe('the pages of written warnings', () => {
  let db: TestDatabase
  let app: App
  let stop: () => Promise<void>
  let jihlava: Hospital
  let trest: Hospital
  const people: Record<string, Actor> = {}
  const sessions: Record<string, { cookie: string; csrf: string }> = {}

  beforeAll(async () => {
    db = await createDatabase()
    jihlava = await addHospital(db, 'Nemocnice Jihlavka', ['192.0.2.0/25'])
    trest = await addHospital(db, 'Nemocnice Třešť', ['198.51.100.0/24'])
    people.jana = await addPerson(db, 'Jana Správná', [['admin', jihlava]])
    people.tomas = await addPerson(db, 'Tomáš Služba', [['duty', trest]])
    people.karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    people.kveta = await addPerson(db, 'Květa Koordinátorka', [['coordinator', null]])
    const made = contextOf(db)
    app = await openPages(made.context)
    stop = made.stop
    for (const [name, actor] of Object.entries(people)) sessions[name] = await cookieOf(made.context, actor)
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  const get = (who: string | null, url: string, more: InjectOptions = {}) =>
    app.inject({
      url,
      headers: {
        accept: url.startsWith('/api') ? 'application/json' : 'text/html',
        ...(who ? { cookie: sessions[who]?.cookie } : {}),
      },
      ...more,
    })
  const post = (who: string, url: string, fields: Record<string, string | string[]> = {}) => {
    const body = new URLSearchParams({ _csrf: sessions[who]?.csrf ?? '' })
    for (const [name, value] of Object.entries(fields))
      for (const one of [value].flat()) body.append(name, one)
    return app.inject({
      method: 'POST',
      url,
      payload: body.toString(),
      headers: {
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
        cookie: sessions[who]?.cookie,
      },
    })
  }
  /** Looks at the page, and sends its form. */
  async function confirm(who: string, path: string, noun: string, fields: Record<string, string> = {}) {
    const page = await get(who, noun === 'revocation' ? path : `${path}/edit`)
    return post(who, `${path}/${noun}`, { seen: seenIn(page.body, noun), ...fields })
  }
  async function published(more: Record<string, string | string[]> = {}): Promise<string> {
    const made = await post('karel', '/warnings/written', { ...form, ...more })
    expect(made.statusCode).toBe(303)
    const path = String(made.headers.location).replace(/\/edit.*$/, '')
    expect((await post('karel', `${path}/review`)).statusCode).toBe(303)
    const out = await confirm('kveta', path, 'publication')
    expect(out.statusCode).toBe(303)
    return path
  }

  it('leads from a template to a warning that its members read, with the text harmless', async () => {
    const begun = await get('karel', '/warnings/written/new?template=phishing')
    expect(begun.body).toContain('vydávají za důvěryhodné')
    const path = await published()
    const read = await get('jana', path)
    expect(read.statusCode).toBe(200)
    for (const said of [
      'Podvodné maily s fakturou',
      'TLP:GREEN',
      'Zablokujte ZIP.',
      '&lt;script',
      'Udělejte do 6. 3. 2026',
    ])
      expect(read.body).toContain(said)
    expect(read.body).not.toContain('<script>alert')
    expect(read.body).not.toMatch(/Odvolat|Karel/)
    expect((await get('jana', '/warnings/written')).body).toContain('Podvodné maily s fakturou')
    expect((await get('jana', '/search?q=fakturou')).body).toContain('Podvodné maily s fakturou')
    expect((await get(null, path)).statusCode).toBe(404)
  })

  it('shows before it goes who will get it, how and why, and says when nobody will', async () => {
    const made = await post('karel', '/warnings/written', {
      ...form,
      all: '',
      prefixes: '192.0.2.7',
      audience: 'organisations',
      orgs: [String(jihlava.id), String(trest.id)],
    })
    const page = (await get('karel', String(made.headers.location))).body
    for (const said of [
      'Napíšeme 2 lidem',
      'vaše síť 192.0.2.0/25',
      people.jana?.email ?? '-',
      'mailem hned',
      'v souhrnu',
      'Mail ponese celý text',
    ])
      expect(page).toContain(said)
    const empty = await post('karel', '/warnings/written', { ...form, audience: 'organisations' })
    expect((await get('karel', String(empty.headers.location))).body).toContain('Nikdo to nedostane')
  })

  it('answers 404 for what is hidden, in page, list, search and API alike', async () => {
    const path = await published({
      audience: 'organisations',
      orgs: [String(jihlava.id)],
      cs_title: 'Jen pro Jihlavku',
    })
    const id = path.split('/').at(-1)
    for (const url of [path, `/api/v1/written-warnings/${id}`, `${path}?version=1`])
      expect([url, (await get('tomas', url)).statusCode]).toEqual([url, 404])
    for (const url of ['/warnings/written', '/search?q=Jihlavku', '/api/v1/written-warnings', '/warnings'])
      expect(
        (await get('tomas', url)).body.replaceAll('q=Jihlavku', '').replaceAll('value="Jihlavku"', ''),
      ).not.toContain('Jen pro Jihlavku')
    const api = await get('jana', `/api/v1/written-warnings/${id}`)
    expect(api.json()).toMatchObject({
      version: 1,
      tlp: 'GREEN',
      state: 'published',
      cs: { title: 'Jen pro Jihlavku' },
    })
  })

  it('a public one is read by anybody, signed in or not', async () => {
    const path = await published({ tlp: 'CLEAR', audience: 'public', cs_title: 'Pro všechny' })
    expect((await get(null, path)).body).toContain('Pro všechny')
  })

  it('refuses the pairs that cannot be with a sentence, and keeps what was written', async () => {
    for (const [audience, tlp, sentence] of [
      ['public', 'GREEN', 'veřejně lze sdílet jen TLP:CLEAR'],
      ['all_members', 'RED', 'TLP:RED je jen pro jmenované osoby'],
    ] as const) {
      const answer = await post('karel', '/warnings/written', { ...form, audience, tlp })
      expect(answer.statusCode).toBe(422)
      expect(answer.body).toContain(sentence)
      expect(answer.body).toContain('Zablokujte ZIP.')
    }
  })

  it('answers wrong, hostile, huge and empty forms with what is wrong', async () => {
    const wrong: [Record<string, string | string[]>, string][] = [
      [{ prefixes: '192.0.2.999' }, 'není adresa ani síť'],
      [{ domains: 'http://x' }, 'není doménové jméno'],
      [{ cs_title: 'x'.repeat(201) }, 'je příliš dlouhé'],
      [{ cs_todo: 'x'.repeat(8_001) }, 'je příliš dlouhé'],
      [{ tlp: 'PURPLE' }, 'není vyplněno, jak má být'],
      [{ severity: '4' }, 'patří k sobě'],
      [{ audience: 'group', group: '' }, 'skupina není vybrána'],
      [{ audience: 'organisations', orgs: ['99999'] }, 'to neznáme'],
      [{ audience: 'organisations', orgs: ["1'; drop table people"] }, 'není vyplněno'],
      [{ tlp: 'RED', audience: 'coordinators', named: 'nikdo@people.example' }, 'to neznáme'],
      [{ tlp: 'RED', audience: 'coordinators', named: people.jana?.email ?? '-' }, 'není z okruhu'],
      [{ validUntil: 'zítra' }, 'není vyplněno'],
      [{ actionBy: '2026-02-31' }, 'není vyplněno'],
    ]
    for (const [more, sentence] of wrong) {
      const answer = await post('karel', '/warnings/written', { ...form, ...more })
      expect([more, answer.statusCode]).toEqual([more, 422])
      expect(answer.body).toContain(sentence)
    }
    expect((await post('karel', '/warnings/written', {})).statusCode).toBe(422)
    expect(
      (await post('karel', '/warnings/written', { ...form, refs: 'x'.repeat(300_000) })).statusCode,
    ).toBe(413)
    expect((await post('jana', '/warnings/written', form)).statusCode).toBe(403)
  })

  it('says why its author cannot publish it, and shows what a new version changed', async () => {
    const made = await post('karel', '/warnings/written', form)
    const path = String(made.headers.location).replace(/\/edit.*$/, '')
    await post('karel', `${path}/review`)
    expect((await get('karel', `${path}/edit`)).body).toContain('vydá ho jiný koordinátor')
    const refused = await post('karel', `${path}/publication`)
    expect([refused.statusCode, refused.body.includes('než kdo ho psal')]).toEqual([403, true])
    await confirm('kveta', path, 'publication')
    await post('karel', `${path}/change`)
    await confirm('karel', path, 'draft', {
      ...form,
      cs_todo: 'Zablokujte ZIP i RAR.',
      changeNote: 'Přibyl RAR.',
    })
    await post('karel', `${path}/review`)
    await confirm('kveta', path, 'publication')
    const read = (await get('jana', path)).body
    for (const said of ['Přibyl RAR.', 'Zablokujte ZIP i RAR.', 'verze 2', `${path}?version=1`])
      expect(read).toContain(said)
    const old = (await get('jana', `${path}?version=1`)).body
    expect(old).toContain('Toto je dřívější verze 1')
  })

  it('declares single duty beforehand on its page', async () => {
    const late = await post('karel', '/warnings/single-duty', {
      starts: '2026-03-03T08:00',
      ends: '2026-03-03T20:00',
      reason: 'Sám ve službě',
    })
    expect([late.statusCode, late.body.includes('ohlašuje se předem')]).toEqual([422, true])
    const done = await post('karel', '/warnings/single-duty', {
      starts: '2026-03-03T18:00',
      ends: '2026-03-04T06:00',
      reason: 'Sám ve službě',
    })
    expect(done.statusCode).toBe(303)
    expect((await get('kveta', '/warnings/single-duty')).body).toContain('Sám ve službě')
    expect((await get('jana', '/warnings/single-duty')).statusCode).toBe(403)
  })

  it('revokes with a second coordinator, and leaves to members that it is revoked', async () => {
    const path = await published()
    const asked = await confirm('karel', path, 'revocation', { reason: 'Omyl.' })
    expect(asked.headers.location).toBe(`${path}?said=asked`)
    expect((await confirm('karel', path, 'revocation', { reason: 'Omyl.' })).statusCode).toBe(403)
    expect((await confirm('kveta', path, 'revocation', { reason: '' })).statusCode).toBe(422)
    expect((await confirm('kveta', path, 'revocation', { reason: 'Omyl.' })).headers.location).toBe(
      '/warnings/written?said=revoked',
    )
    const id = path.split('/').at(-1)
    const [number] = /HSOC-\d+-\d+/.exec((await get('karel', path)).body) ?? ['-']
    const left = await get('jana', path)
    expect([left.statusCode, left.body.includes(`Varování ${number} je odvolané`)]).toEqual([200, true])
    expect(left.body).toContain('Omyl.')
    expect(left.body).not.toMatch(/Podvodné|Zablokujte|Karel|Květa/)
    for (const list of ['/warnings/written', '/warnings/written?state=revoked'])
      expect((await get('jana', list)).body).toContain(`href="${path}" class="number">${number}`)
    expect((await get('jana', `${path}/messages`)).statusCode).toBe(200)
    const gone = { id: Number(id), number, state: 'revoked', revoked_at: expect.any(String), reason: 'Omyl.' }
    expect((await get('jana', `/api/v1/written-warnings/${id}`)).json()).toEqual(gone)
    expect((await get('jana', '/api/v1/written-warnings?state=revoked')).json().warnings).toEqual([gone])
    for (const more of ['/pdf', '/versions', '/board'])
      expect((await get('jana', `${path}${more}`)).statusCode).toBeGreaterThanOrEqual(403)
    expect(
      (await post('jana', `${path}/answer`, { org: String(jihlava.id), answer: 'seen' })).statusCode,
    ).toBe(404)
    for (const url of [path, `/api/v1/written-warnings/${id}`])
      expect((await get(null, url)).statusCode).toBeGreaterThanOrEqual(400)
    expect((await get('karel', path)).body).toContain('Toto varování je odvolané')
  })
})
