import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { newest, translated, written } from '../../../test/public-web.ts'
import { type Actor, asActor, asReader } from '../../platform/access.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { publish, unplan, withdraw } from './publishing.ts'
import { loadStarting, startingPages, startingWords } from './starting.ts'
import { create, faultsOf, restore, save } from './texts.ts'
import { editedText, version } from './texts-edit.ts'
import { publicPages, publicText, wordsFor } from './texts-read.ts'

const hour = 3_600_000

describe('texts of the public web', () => {
  let db: TestDatabase
  let coordinator: Actor
  let admin: Actor
  beforeAll(async () => {
    db = await createDatabase()
    coordinator = await addPerson(db, 'Koordinátorka Vzorová', [['coordinator', null]])
    const hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    admin = await addPerson(db, 'Správce Zkušební', [['representative', hospital]])
  })
  afterAll(() => db.drop())

  const words = (title: string, body = 'Text') => ({ title, summary: 'Souhrn', body })
  const draft = (slug: string, now = tuesday) =>
    create(db, coordinator, { kind: 'page', lang: 'cs', slugs: { cs: slug, en: slug }, ...words(slug) }, now)
  /** What a visitor reads at an address. */
  const read = (slug: string, now: number, lang: 'cs' | 'en' = 'cs', as: Actor | null = null) =>
    asReader(db, as, now, async (tx) => wordsFor(await publicText(tx, 'page', lang, slug), lang))
  const latest = async (id: number, now: number, lang: 'cs' | 'en' = 'cs') =>
    (await newest(db, coordinator, id, lang, now)).id

  it('a draft is seen by nobody but coordinators', async () => {
    const id = await draft('koncept')
    for (const as of [null, admin]) await expect(read('koncept', tuesday, 'cs', as)).rejects.toThrow(NotFound)
    const rows = await asReader(db, admin, tuesday, (tx) =>
      tx.query(
        'select 1 from site_pages where id = $1 union all select 1 from site_versions where page_id = $1',
        [id],
      ),
    )
    expect(rows.rows).toEqual([])
  })

  it('a version is read from the moment it was planned for, and the one before it until then', async () => {
    const id = await draft('planovana')
    await publish(db, coordinator, await latest(id, tuesday), tuesday, tuesday)
    const next = { ...words('Druhá'), lang: 'cs' as const, base: 1, matches: false }
    const second = await save(db, coordinator, id, next, tuesday)
    await publish(db, coordinator, second, tuesday + hour, tuesday)
    expect((await read('planovana', tuesday + hour - 1)).words.title).toBe('planovana')
    expect((await read('planovana', tuesday + hour)).words.title).toBe('Druhá')
    const states = async (now: number) =>
      (await asActor(db, coordinator, now, (tx) => editedText(tx, id, now))).versions.map(
        (line) => line.state,
      )
    expect(await states(tuesday)).toEqual(['planned', 'public'])
    expect(await states(tuesday + hour)).toEqual(['public', 'past'])
  })

  it('a planned version can be called back, and the one before it stays', async () => {
    const id = await draft('odvolana')
    await publish(db, coordinator, await latest(id, tuesday), tuesday, tuesday)
    const next = { ...words('Později'), lang: 'cs' as const, base: 1, matches: false }
    const second = await save(db, coordinator, id, next, tuesday)
    await publish(db, coordinator, second, tuesday + hour, tuesday)
    await unplan(db, coordinator, second, tuesday)
    expect((await read('odvolana', tuesday + 2 * hour)).words.title).toBe('odvolana')
    await expect(unplan(db, coordinator, second, tuesday)).rejects.toThrow(WrongState)
  })

  it('a version that came between does not outlive the planned one', async () => {
    const id = await draft('mezitim')
    await publish(db, coordinator, await latest(id, tuesday), tuesday + 2 * hour, tuesday)
    const next = { ...words('Mezitím'), lang: 'cs' as const, base: 1, matches: false }
    await publish(db, coordinator, await save(db, coordinator, id, next, tuesday), tuesday, tuesday)
    expect((await read('mezitim', tuesday + hour)).words.title).toBe('Mezitím')
    expect((await read('mezitim', tuesday + 2 * hour)).words.title).toBe('mezitim')
  })

  it('what was withdrawn is gone, with what was planned, and versions stay', async () => {
    const id = await draft('stazena')
    await publish(db, coordinator, await latest(id, tuesday), tuesday, tuesday)
    const next = { ...words('Chystaná'), lang: 'cs' as const, base: 1, matches: false }
    await publish(db, coordinator, await save(db, coordinator, id, next, tuesday), tuesday + hour, tuesday)
    await withdraw(db, coordinator, id, 'cs', tuesday + 1)
    for (const at of [1, 2 * hour]) await expect(read('stazena', tuesday + at)).rejects.toThrow(NotFound)
    await expect(withdraw(db, coordinator, id, 'cs', tuesday + 2)).rejects.toThrow(WrongState)
    await publish(db, coordinator, await latest(id, tuesday), tuesday + 3, tuesday + 3)
    expect((await read('stazena', tuesday + 3)).words.title).toBe('Chystaná')
  })

  it('an older version is restored as a new draft with the same words', async () => {
    const id = await draft('obnovena')
    const first = await latest(id, tuesday)
    const next = { ...words('Jiná', 'Jiný\r\ntext'), lang: 'cs' as const, base: 1, matches: false }
    await save(db, coordinator, id, next, tuesday)
    const restored = await restore(db, coordinator, first, tuesday)
    const found = await asActor(db, coordinator, tuesday, (tx) => version(tx, restored, tuesday))
    expect(found).toMatchObject({ no: 3, restored: 1, title: 'obnovena', body: 'Text', state: 'draft' })
    await expect(restore(db, coordinator, restored, tuesday)).rejects.toThrow(WrongState)
    await publish(db, coordinator, first, tuesday, tuesday)
    await expect(publish(db, coordinator, first, tuesday, tuesday + 1)).rejects.toThrow(WrongState)
  })

  it('nobody overwrites what somebody else saved meanwhile', async () => {
    const id = await draft('soubeh')
    const next = { ...words('Moje'), lang: 'cs' as const, base: 1, matches: false }
    const both = await Promise.allSettled([
      save(db, coordinator, id, next, tuesday),
      save(db, coordinator, id, next, tuesday),
    ])
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(save(db, coordinator, id, next, tuesday)).rejects.toThrow(WrongState)
  })

  it('says of a translation whether it is missing or behind', async () => {
    const id = await written(db, coordinator, { kind: 'page', slug: 'preklad', ...words('Česky') }, tuesday)
    expect(await read('preklad', tuesday, 'en')).toMatchObject({ lang: 'cs', state: 'missing' })
    await translated(db, coordinator, id, words('English'), tuesday + 1)
    for (const lang of ['cs', 'en'] as const)
      expect(await read('preklad', tuesday + 1, lang)).toMatchObject({ lang, state: 'own' })
    const next = { ...words('Nově'), lang: 'cs' as const, base: 1, matches: false }
    await publish(
      db,
      coordinator,
      await save(db, coordinator, id, next, tuesday + 2),
      tuesday + 2,
      tuesday + 2,
    )
    expect(await read('preklad', tuesday + 2, 'en')).toMatchObject({ lang: 'en', state: 'older' })
    expect(await read('preklad', tuesday + 2, 'cs')).toMatchObject({ state: 'own' })
  })

  it('only coordinators write, and the database says so too', async () => {
    const id = await draft('cizi')
    const next = { ...words('Cizí'), lang: 'cs' as const, base: 1, matches: false }
    const first = await latest(id, tuesday)
    await expect(save(db, admin, id, next, tuesday)).rejects.toThrow(Forbidden)
    await expect(publish(db, admin, first, tuesday, tuesday)).rejects.toThrow(Forbidden)
    await expect(withdraw(db, admin, id, 'cs', tuesday)).rejects.toThrow(Forbidden)
    await expect(restore(db, admin, first, tuesday)).rejects.toThrow(Forbidden)
    await expect(
      asActor(db, admin, tuesday, (tx) =>
        tx.query(
          `insert into site_versions (page_id, lang, no, title, summary, body, saved_at) values ($1, 'cs', 9, 'x', '', '', now())`,
          [id],
        ),
      ),
    ).rejects.toThrow(/row-level security/)
    const changed = await asActor(db, admin, tuesday, (tx) =>
      tx.query('update site_versions set publish_at = now() where id = $1', [first]),
    )
    expect(changed.rowCount).toBe(0)
    await expect(
      asActor(db, coordinator, tuesday, (tx) =>
        tx.query(`update site_versions set body = 'x' where id = $1`, [first]),
      ),
    ).rejects.toThrow(/permission denied/)
  })

  it.each([
    ['no title', { title: ' ' }, { title: 'title' }],
    ['a long title', { title: 'a'.repeat(161) }, { title: 'title-long' }],
    ['a long summary', { summary: 'a'.repeat(401) }, { summary: 'summary-long' }],
    ['a long text', { body: 'a'.repeat(9_001) }, { body: 'body-long' }],
    [
      'characters that cannot be kept',
      { title: 'a\0b', body: 'a\u0001' },
      { title: 'characters', body: 'characters' },
    ],
    ['half a character', { summary: '\ud800' }, { summary: 'characters' }],
  ])('refuses %s by name', async (_what, wrong, fields) => {
    const wanted = {
      kind: 'page' as const,
      lang: 'cs' as const,
      slugs: { cs: 'x', en: 'x' },
      ...words('x'),
      ...wrong,
    }
    const refused = await create(db, coordinator, wanted, tuesday).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Invalid)
    expect((refused as Invalid).fields).toEqual(fields)
  })

  it('refuses addresses that are taken or are none', async () => {
    await draft('obsazena')
    for (const [slug, word] of [
      ['obsazena', 'slug-taken'],
      ['akcni-plan', 'slug-taken'],
      ['Velká písmena', 'slug'],
      ['../etc', 'slug'],
      ['a'.repeat(81), 'slug'],
    ] as const) {
      const wanted = {
        kind: 'page' as const,
        lang: 'cs' as const,
        slugs: { cs: slug, en: '' },
        ...words('Adresa'),
      }
      const refused = await create(db, coordinator, wanted, tuesday).catch((error: unknown) => error)
      expect((refused as Invalid).fields).toMatchObject({ slug_cs: word })
    }
  })

  it('begins with the texts of the release, once', async () => {
    expect(await loadStarting(db, tuesday)).toBe(0)
    const fresh = await createDatabase()
    const loaded = await Promise.all([loadStarting(fresh, tuesday), loadStarting(fresh, tuesday)])
    expect(loaded.sort()).toEqual([0, startingPages().length])
    const pages = await asReader(fresh, null, tuesday, publicPages)
    expect(pages.map((text) => text.key)).toEqual(
      expect.arrayContaining(['home', 'about', 'join', 'contact', 'privacy', 'accessibility']),
    )
    for (const text of pages)
      for (const lang of ['cs', 'en'] as const)
        expect(wordsFor(text, lang)).toMatchObject({ lang, state: 'own' })
    for (const { key } of startingPages())
      for (const lang of ['cs', 'en'] as const)
        expect([key, lang, faultsOf(startingWords(key, lang))]).toEqual([key, lang, {}])
    expect(startingWords('about', 'cs').summary).toContain('není to úplné řešení ani dohledové centrum')
    await fresh.drop()
  })

  it('leaves a line in the trail for every change', async () => {
    const { rows } = await db.engine.query<{ verb: string }>(
      `select distinct verb from audit where verb like 'site.%' order by verb`,
    )
    expect(rows.map((row) => row.verb)).toEqual([
      'site.create',
      'site.publish',
      'site.restore',
      'site.save',
      'site.unplan',
      'site.withdraw',
    ])
  })
})
