import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
import type { Actor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import { projectRoot } from '../../../platform/content.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { type App, openApp } from '../../../platform/http.ts'
import { readCatalogue } from '../../../platform/i18n.ts'
import { errorPage } from '../../../refusals.tsx'
import { COORDINATORS, person as personScope, readersOfOrg } from '../../../values/scopes.ts'
import { closeDay, seal } from '../chain.ts'
import { mountTrail } from '../routes.ts'

/** What the pattern finds in the program's code, without its tests. */
const codeWith = (pattern: RegExp, folder = ''): string[] => {
  const root = join(projectRoot, 'src', folder)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?<!\.test)\.tsx?$/.test(path))
    .flatMap((path) => [...readFileSync(join(root, path), 'utf8').matchAll(pattern)])
    .map(([, word]) => word as string) // every pattern has one group
}

describe('the trail', () => {
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  let app: App
  let lipova: Hospital
  let habrova: Hospital
  const people = {} as Record<'jana' | 'hana' | 'karel' | 'olga', Actor>

  beforeAll(async () => {
    db = await createDatabase()
    ;({ context, stop } = contextOf(db))
    app = await openApp(context, errorPage)
    mountTrail(app, context)
    await app.ready()
    lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    habrova = await addHospital(db, 'Nemocnice Habrová', ['192.0.2.128/25'])
    people.jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    people.hana = await addPerson(db, 'Hana Tichá', [['admin', habrova]])
    people.karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    people.olga = await addPerson(db, 'Olga Provozní', [['operator', null]])
    const write = (
      n: number,
      actor: Actor | null,
      verb: string,
      object: string,
      org: Hospital | null,
      readers: number[],
    ) =>
      asEngine(db, (tx) =>
        record(tx, {
          at: tuesday + n * 1000,
          actor,
          verb,
          object,
          org: org?.id ?? null,
          detail: { secret: `<b>${n}</b>` },
          readers,
        }),
      )
    await write(1, people.jana, 'warnings.note', 'warning 1', lipova, [COORDINATORS, readersOfOrg(lipova.id)])
    await write(2, people.hana, 'warnings.note', 'warning 2', habrova, [
      COORDINATORS,
      readersOfOrg(habrova.id),
    ])
    await write(3, people.jana, 'members.change-wishes', `person ${people.jana.person}`, null, [
      COORDINATORS,
      personScope(people.jana.person),
    ])
    await write(4, null, 'members.sign-in-refused', 'unknown person', null, [COORDINATORS])
    for (let n = 10; n < 130; n++)
      await write(n, people.karel, 'rules.change', 'rule W3', null, [COORDINATORS])
    await seal(db)
    await closeDay(db, 'Europe/Prague', tuesday)
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  const get = async (who: keyof typeof people | null, url: string) =>
    app.inject({
      url,
      headers: { ...(who ? await cookieOf(context, people[who]) : {}), 'accept-language': 'en' },
    })
  const lines = async (who: keyof typeof people, query = '') =>
    JSON.parse((await get(who, `/api/v1/trail${query}`)).body)

  it('is read by those whom its lines concern, and by nobody signed out', async () => {
    expect((await get(null, '/trail')).statusCode).toBe(303)
    expect((await get(null, '/api/v1/trail')).statusCode).toBe(401)
    const seen = async (who: keyof typeof people) =>
      (await lines(who)).lines.map(
        ({ verb, object }: { verb: string; object: string }) => `${verb} ${object}`,
      )
    expect(await seen('jana')).toEqual([
      `members.change-wishes person ${people.jana.person}`,
      'warnings.note warning 1',
    ])
    expect(await seen('hana')).toEqual(['warnings.note warning 2'])
    expect(await seen('olga')).toEqual([])
    expect((await lines('karel')).total).toBe(124)
  })

  it('gives a member no line, name or count of another one, whatever is asked for', async () => {
    for (const query of ['', '?text=warning', '?text=Hana', `?org=${habrova.id}`, '?area=warnings&text=2']) {
      const page = (await get('jana', `/trail${query}`)).body
      expect(page).not.toContain('Habrová')
      expect(page).not.toContain('Hana Tichá')
      expect(page).not.toContain('hana')
    }
    expect(await lines('jana', `?org=${habrova.id}`)).toEqual({ lines: [], total: 0, next: null })
    expect((await lines('jana')).lines[0].seq).toBeNull()
  })

  it('is filtered, and pages without losing a line', async () => {
    expect((await lines('karel', '?area=rules')).total).toBe(120)
    expect((await lines('karel', '?text=nov%C3%A1kov%C3%A1')).total).toBe(2)
    expect((await lines('karel', `?org=${lipova.id}`)).total).toBe(1)
    expect((await lines('karel', '?from=2026-03-04')).total).toBe(0)
    expect((await lines('karel', '?from=2026-03-03&to=2026-03-03')).total).toBe(124)
    expect((await lines('karel', '?to=2026-03-02')).total).toBe(0)
    const first = await lines('karel')
    const second = await lines('karel', `?after=${first.next}`)
    const ids = [...first.lines, ...second.lines].map(({ id }: { id: number }) => id)
    expect([ids.length, new Set(ids).size, second.next]).toEqual([124, 124, null])
  })

  it.each(['?from=yesterday', '?to=2026-02-30', '?area=x', '?after=1', '?org=0', `?text=${'x'.repeat(201)}`])(
    'refuses %s by name',
    async (query) => {
      expect((await get('karel', `/api/v1/trail${query}`)).statusCode).toBe(422)
    },
  )

  it('shows as text whatever was written, and what is looked for as it is', async () => {
    const page = (await get('karel', '/trail?text=%25')).body
    expect(page).toContain('Podle tohoto filtru nic není')
    expect((await get('jana', '/trail')).body).toContain('&lt;b>1')
  })

  it('names who proved who they are, and nobody where nobody did', async () => {
    await asEngine(db, (tx) => {
      const line = { at: tuesday, object: `person ${people.hana.person}`, readers: [COORDINATORS] }
      return record(tx, {
        ...line,
        actor: { person: people.hana.person },
        verb: 'members.sign-in',
        detail: { way: 'password' },
      })
    })
    const [line] = (await lines('karel', '?text=hana&area=members')).lines
    expect(line).toMatchObject({
      verb: 'members.sign-in',
      actor: people.hana.email,
      person: people.hana.name,
    })
    expect((await get('karel', '/trail?text=unknown')).body).toContain('nepřihlášený')
  })

  it('names the successor of an account as a person, and that of an organisation as an organisation', async () => {
    const merged = (verb: string, object: string, into: number) =>
      asEngine(db, (tx) =>
        record(tx, {
          at: tuesday,
          actor: people.karel,
          verb,
          object,
          detail: { into },
          readers: [COORDINATORS],
        }),
      )
    await merged('members.merge-people', `person ${people.jana.person}`, people.hana.person)
    await merged('members.merge', `organisation ${lipova.id}`, habrova.id)
    const shown = async (verb: string) => {
      const { body } = await get('karel', `/trail?area=members&text=${encodeURIComponent(verb)}`)
      return (body.match(/nástupce: [^<]+/g) ?? []).map((said) => said.trim())
    }
    expect(await shown(`person ${people.jana.person}`)).toEqual(['nástupce: Hana Tichá'])
    expect(await shown(`organisation ${lipova.id}`)).toEqual(['nástupce: Nemocnice Habrová'])
  })

  it('shows the ends of the chain to those who answer for the installation', async () => {
    const { rows } = await db.engine.query<{ head: string }>(
      `select seq || ':' || encode(link, 'hex') as head from trail_heads`,
    )
    for (const who of ['karel', 'olga'] as const)
      expect((await get(who, '/trail')).body).toContain(rows[0]?.head)
    expect((await get('jana', '/trail')).body).not.toContain(rows[0]?.head)
  })

  it('has words for every verb that the program writes', () => {
    const verbs = codeWith(
      /(?:verb:|(?:trail|note|organisationLine)\(\w+,(?: \w+ \?)?)\s*'([a-z]+\.[A-Za-z-]+)'/g,
    )
    // Modules whose verbs are put together from a word of their own.
    const own = (folder: string, area: string, pattern: RegExp): void => {
      const found = codeWith(pattern, folder)
      expect(found.length).toBeGreaterThan(3)
      verbs.push(...found.map((word) => `${area}.${word}`))
    }
    own('modules/site', 'site', /(?:note\(tx, actor|change\(db, actor, now), '([A-Za-z]+)'/g)
    own('modules/members/claims', 'members', /note\(\s*tx,\s*'([a-z-]+)'/g)
    own('modules/members/contacts', 'members', /note\(\s*tx,\s*'([a-z-]+)'/g)
    own('modules/assets', 'assets', /note\(\s*tx,\s*(?:yes \? )?'([a-z-]+)'/g)
    own('modules/trail', 'trail', /trail\(tx, '([a-z-]+)'/g)
    expect(verbs.length).toBeGreaterThan(20)
    for (const lang of ['cs', 'en'] as const) {
      const words = readCatalogue(lang)
      expect(verbs.filter((verb) => !(`trail.verb.${verb}` in words))).toEqual([])
    }
  })
})
