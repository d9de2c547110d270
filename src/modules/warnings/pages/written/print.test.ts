import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../../test/belongings.ts'
import { tuesday } from '../../../../../test/harness.ts'
import { readPdf } from '../../../../../test/pdf-text.ts'
import { openWriting, type Writing } from '../../../../../test/writing.ts'
import { openPages } from '../../../../app.ts'
import type { Actor } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import type { App } from '../../../../platform/http.ts'

let stage: Writing
let context: Context
let app: App
let stop: () => Promise<void>

beforeAll(async () => {
  stage = await openWriting()
  ;({ context, stop } = contextOf(stage.db))
  app = await openPages(context)
})
afterAll(async () => {
  await app.close()
  await stop()
  await stage.close()
})
beforeEach(() => stage.clear())

const get = async (who: Actor | null, url: string) =>
  app.inject({ url, headers: { accept: 'text/html', ...(who ? await cookieOf(context, who) : {}) } })
const inEnglish = async (who: Actor, url: string) =>
  app.inject({
    url,
    headers: { accept: 'text/html', cookie: `lang=en; ${(await cookieOf(context, who)).cookie}` },
  })
const pdf = (who: Actor | null, id: number, more = '') => get(who, `/warnings/written/${id}/pdf${more}`)

it('a warning is printed as its reader may read it, with label, number and version, what to do, and whom to call', async () => {
  const id = await stage.published({ tlp: 'AMBER', actionBy: '2026-03-06', refs: 'https://csirt.example/1' })
  expect((await get(stage.jana, `/warnings/written/${id}`)).body).toContain(`/warnings/written/${id}/pdf`)
  const answer = await pdf(stage.jana, id)
  expect(answer.statusCode).toBe(200)
  expect(answer.headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store' })
  expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="HSOC-2026-\d{4}-v1\.pdf"$/)
  const read = await readPdf(answer.rawPayload)
  expect(read).toMatchObject({ title: 'Podvodné maily s fakturou', tagged: true })
  const [text] = read.pages
  for (const said of [
    'TLP:AMBER',
    'v1',
    'Několika nemocnicím přišly maily s přílohou faktura.zip.',
    'zablokujte přílohy ZIP',
    'Udělejte do 6. 3. 2026',
    'https://csirt.example/1',
    'Komu volat',
    'Jana Správná',
  ])
    expect(text).toContain(said)
  expect(
    (await readPdf((await inEnglish(stage.tomas, `/warnings/written/${id}/pdf`)).rawPayload)).pages[0],
  ).toContain('There is no English translation yet')
})

it('who may not read the page gets no document either, and TLP:RED is carried away by nobody', async () => {
  const id = await stage.published({ audience: 'organisations', orgs: [stage.jihlava.id] })
  expect((await pdf(stage.jana, id)).statusCode).toBe(200)
  for (const who of [stage.tomas, null]) expect((await pdf(who, id)).statusCode).toBe(404)
  expect((await pdf(stage.jana, 999_999)).statusCode).toBe(404)
  expect((await pdf(stage.karel, await stage.written())).statusCode).toBe(404)
  const red = await stage.published({
    tlp: 'RED',
    audience: 'organisations',
    orgs: [stage.jihlava.id],
    named: [stage.jana.person, stage.kveta.person],
  })
  const refused = await pdf(stage.jana, red)
  expect(refused.statusCode).toBe(403)
  expect(refused.body).toContain('TLP:RED zůstává na stránce')
  expect((await get(stage.jana, `/warnings/written/${red}`)).body).not.toContain('/pdf"')
  expect((await pdf(stage.tomas, red)).statusCode).toBe(404)
})

it('an earlier version is printed under the label of today, and a public one without a name on it', async () => {
  const id = await stage.published({ tlp: 'CLEAR', audience: 'public' })
  const open = await pdf(null, id)
  expect(open.statusCode).toBe(200)
  expect((await readPdf(open.rawPayload)).pages[0]).not.toContain('Jana')
  await stage.again(id, { tlp: 'GREEN' }, tuesday)
  expect((await pdf(null, id)).statusCode).toBe(404)
  const [past] = (await readPdf((await pdf(stage.jana, id, '?version=1')).rawPayload)).pages
  expect(past).toContain('TLP:GREEN')
  expect(past).toContain('v1')
})
