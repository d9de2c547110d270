import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type FrontDoor, openFrontDoor } from '../../../test/front-door.ts'
import { addHospital, type Hospital, tuesday } from '../../../test/harness.ts'
import { openPages } from '../../app.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import type { App } from '../../platform/http.ts'

let door: FrontDoor
let lipova: Hospital
let vera: Actor
let jana: Actor

let app: App

beforeAll(async () => {
  door = await openFrontDoor()
  app = await openPages(door.context)
  lipova = await addHospital(door.db, 'Nemocnice Lipová', [])
  vera = await door.person('Věra Klidná', [['coordinator', null]])
  jana = await door.person('Jana Nováková', [['representative', lipova]])
  const versions: Record<string, string>[] = [
    {
      number: '1',
      month: '2020-09',
      language: 'en',
      title: 'Memorandum of cooperation',
      text: 'Part one\n\nPart two',
    },
    {
      number: '2',
      month: '2021-08',
      language: 'cs',
      title: 'Memorandum o spolupráci',
      fileSha256: 'b'.repeat(64),
    },
  ]
  for (const version of versions) await post('/memorandum', version)
  const signatures: [string, string, Record<string, string>][] = [
    ['MUDr. Andrea Zkušební', '22. 9. 2020', {}],
    ['Ing. Čtirad Vzorový', '', { nameShown: '1' }],
    ['Ing. Odvolaný Podpis', '1. 10. 2020', { nameShown: '1' }],
  ]
  for (const [signatoryName, day, more] of signatures)
    await post('/memorandum/1/signatures', {
      organisation: lipova.name,
      signatoryName,
      day,
      state: 'declared',
      contact: 'osobni@lipova.example',
      ...more,
    })
})
afterAll(async () => {
  await app.close()
  await door.close()
})

/** Pages are kept as drawn until their node has heard of a change, which takes a moment. */
const soon = (holds: () => Promise<void>): Promise<void> =>
  vi.waitFor(holds, { timeout: 10_000, interval: 20 })

const visit = (url: string) => app.inject({ url, headers: { accept: 'text/html' } })

async function post(url: string, fields: Record<string, string>, who = vera): Promise<number> {
  const { cookie, csrf } = await door.signedIn(who)
  return (await door.post(url, { ...fields, _csrf: csrf }, { cookie })).statusCode
}

const signatureOf = async (name: string): Promise<number> =>
  (await door.db.engine.query<{ id: number }>('select id from signatures where signatory_name = $1', [name]))
    .rows[0]?.id as number

const publish = (number: 1 | 2, published: boolean): Promise<number> =>
  post(`/memorandum/${number}`, {
    month: number === 1 ? '2020-09' : '2021-08',
    language: number === 1 ? 'en' : 'cs',
    title: number === 1 ? 'Memorandum of cooperation' : 'Memorandum o spolupráci',
    text: number === 1 ? 'Part one\n\nPart two' : '',
    ...(published ? { published: '1' } : {}),
  })

describe('the memorandum on the public web', () => {
  it('is not there before coordinators publish it', async () => {
    for (const url of ['/cs/memorandum', '/en/memorandum']) {
      const { statusCode, body } = await visit(url)
      expect(statusCode).toBe(200)
      for (const hidden of ['Part one', 'Memorandum of cooperation', 'Nemocnice Lipová'])
        expect(body).not.toContain(hidden)
    }
    expect((await visit('/cs/memorandum')).body).toContain('zatím není zveřejněno')
    for (const number of ['1', '2', '9', 'x', '-1', '999999999999'])
      expect((await visit(`/cs/memorandum/${number}`)).statusCode).toBe(404)
    expect((await visit('/sitemap.xml')).body).not.toContain('/memorandum/1')
  })

  it('shows a published version in both languages, with the institutions that signed it and no date guessed', async () => {
    expect(await publish(1, true)).toBe(303)
    await soon(async () => {
      expect((await visit('/cs/memorandum')).body).toContain('href="/cs/memorandum/1"')
    })
    const czech = (await visit('/cs/memorandum/1')).body
    for (const shown of [
      'Part one',
      'Nemocnice Lipová',
      'září 2020',
      'datum neuvedeno',
      'jen v angličtině',
      '1 instituce.',
    ])
      expect(czech).toContain(shown)
    expect(czech).toMatch(/<h1 lang="en"/)
    // The day is the document's; everybody reads the month.
    expect(czech).not.toContain('22. 9. 2020')
    expect((await visit('/en/memorandum/1')).body).toContain('September 2020')
    const all = (await visit('/cs/memorandum')).body
    expect(all).toContain('href="/cs/memorandum/1"')
    // The other version is still among members alone.
    expect(all).not.toContain('Memorandum o spolupráci')
    expect((await visit('/cs/memorandum/2')).statusCode).toBe(404)
    expect((await visit('/sitemap.xml')).body).toContain('/en/memorandum/1')
  })

  it('names only who agreed, never an address, and no signature that was withdrawn', async () => {
    const withdrawn = await signatureOf('Ing. Odvolaný Podpis')
    expect(
      await post(`/signatures/${withdrawn}`, {
        signatoryName: 'Ing. Odvolaný Podpis',
        day: '1. 10. 2020',
        state: 'withdrawn',
        nameShown: '1',
      }),
    ).toBe(303)
    await soon(async () => {
      expect((await visit('/cs/memorandum/1')).body).not.toContain('Odvolaný')
    })
    const { body } = await visit('/cs/memorandum/1')
    expect(body).toContain('Ing. Čtirad Vzorový')
    for (const hidden of ['Zkušební', 'Odvolaný', 'osobni@lipova.example', 'říjen 2020'])
      expect(body).not.toContain(hidden)
    const agreed = await signatureOf('MUDr. Andrea Zkušební')
    const given = {
      signatoryName: 'MUDr. Andrea Zkušební',
      day: '22. 9. 2020',
      state: 'declared',
      nameShown: '1',
    }
    // Only coordinators record who agreed.
    expect(await post(`/signatures/${agreed}`, given, jana)).toBe(403)
    expect(await post(`/signatures/${agreed}`, given)).toBe(303)
    await soon(async () => {
      expect((await visit('/cs/memorandum/1')).body).toContain('MUDr. Andrea Zkušební')
    })
  })

  it('leaves the tables themselves closed to visitors', async () => {
    const rows = (sql: string): Promise<unknown[]> =>
      asActor(door.db, null, tuesday, async (tx) => (await tx.query(sql)).rows)
    expect(await rows('select number from memorandum_versions')).toEqual([{ number: 1 }])
    expect(await rows('select id from signatures')).toEqual([])
    expect(await rows('select signatory_name from signatures')).toEqual([])
  })

  it('is taken back as it was put there', async () => {
    expect(await publish(1, false)).toBe(303)
    await soon(async () => {
      expect((await visit('/cs/memorandum/1')).statusCode).toBe(404)
    })
    expect((await visit('/cs/memorandum')).body).not.toContain('Nemocnice Lipová')
    // Among members it stays.
    const { cookie } = await door.signedIn(jana)
    expect((await door.get('/memorandum/1', cookie)).body).toContain('Part one')
  })
})
