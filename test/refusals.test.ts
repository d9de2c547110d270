/** What verbs refuse with reads in the reader's own language on pages, and in English for programs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPages } from '../src/app.ts'
import type { Actor } from '../src/platform/access.ts'
import { projectRoot } from '../src/platform/content.ts'
import type { App } from '../src/platform/http.ts'
import { readCatalogue } from '../src/platform/i18n.ts'
import { refusedKey } from '../src/refusals.tsx'
import { contextOf, cookieOf } from './belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase } from './harness.ts'

/** Sentences with which a verb says no to somebody; a code of one word is put into words where it is caught. */
function sentences(): string[] {
  const modules = join(projectRoot, 'src', 'modules')
  const files = readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
  )
  const said = files.flatMap((file) =>
    [
      ...readFileSync(join(modules, file), 'utf8').matchAll(/new (?:Forbidden|WrongState)\(\s*'([^']+)'/g),
    ].map((match) => match[1] ?? ''),
  )
  // Who is not signed in is led to the sign-in before a page of refusal is drawn.
  return said.filter((text) => text.includes(' ') && text !== 'Sign in first')
}

describe('the reasons of refusals', () => {
  it('have words for pages, each of them and no others', () => {
    const wanted = new Set(sentences().map(refusedKey))
    const known = Object.keys(readCatalogue('cs')).filter((key) => key.startsWith('refused.'))
    expect(wanted.size).toBeGreaterThan(100)
    expect(known.sort()).toEqual([...wanted].sort())
  })
})

describe('a refusal', () => {
  let db: TestDatabase
  let app: App
  let stop: () => Promise<void>
  let context: ReturnType<typeof contextOf>['context']
  let admin: Actor
  let representative: Actor
  let org: number

  beforeAll(async () => {
    db = await createDatabase()
    const made = contextOf(db)
    context = made.context
    stop = made.stop
    app = await openPages(context)
    const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/24'])
    org = lipova.id
    representative = await addPerson(db, 'Ludmila Bájná', [['representative', lipova]])
    admin = await addPerson(db, 'Vendelín Vymyšlený', [['admin', lipova]])
  }, 120_000)
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await db?.drop()
  })

  async function refused(lang: string, accept: string): Promise<string> {
    const { cookie, csrf } = await cookieOf(context, admin)
    const answer = await app.inject({
      method: 'POST',
      url: `/members/${org}/people/${representative.person}/removal`,
      headers: {
        cookie: cookie.replace('lang=cs', `lang=${lang}`),
        accept,
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: new URLSearchParams({ _csrf: csrf }).toString(),
    })
    expect(answer.statusCode).toBe(403)
    return answer.body
  }

  it('gives its reason on a Czech page in Czech, on an English one and to programs in English', async () => {
    const czech = await refused('cs', 'text/html')
    expect(czech).toContain('Lidi spravuje jen zástupce organizace a koho tím pověří.')
    expect(czech).not.toContain('Only the representative')
    expect(await refused('en', 'text/html')).toContain(
      'Only the representative and whom it lets may manage people.',
    )
    expect(JSON.parse(await refused('cs', 'application/json')).message).toBe(
      'Only the representative and whom it lets may manage people',
    )
  })
})
