/** What is planted in one member's data never shows in anybody else's, in whatever form and by whatever door. */
import { Writable } from 'node:stream'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPages } from '../src/app.ts'
import { openMailer, work } from '../src/modules/channels/index.ts'
import { mailWriters } from '../src/modules/warnings/index.ts'
import type { Actor, Role } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { App, Routed } from '../src/platform/http.ts'
import { createLogger } from '../src/platform/log.ts'
import { type Belongings, contextOf, cookieOf, keyOf, seedBelongings } from './belongings.ts'
import { type Canary, disguisesOf, finderOf, plant } from './canary-plant.ts'
import { fillRest } from './every-table.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'
import { openPostOffice } from './post-office.ts'

const memberRoles: Role[] = ['representative', 'security_manager', 'admin', 'duty', 'dpo', 'manager']

/** What others may see of a member, by column, and why. */
const told: Record<string, string> = {
  'signatures.institution': 'who signed the memorandum is read by everybody in the community',
  'signatures.signatory_name': 'as the institution',
}
/** What sensors of the member sent, byte by byte, as `seedBelongings` stored it. */
const inBytes: Canary[] = ['description', 'reject'].map((what) => ({
  place: `bytes of a ${what}`,
  core: `theirs-canary-${what}`,
  text: `theirs-canary-${what}`,
}))
/** Operators run the servers: which sensors there are is theirs to know. */
const toOperators = /^(sensors|sensor_certificates)\./

type Who = 'colleague' | 'manager' | 'operator' | 'key' | 'nobody' | 'owner' | 'coordinator'
const others: Who[] = ['colleague', 'manager', 'operator', 'key', 'nobody']

describe('canaries of one member', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let close: () => Promise<void>
  let lipova: Hospital
  let habrova: Hospital
  let theirs: Belongings
  let ours: Belongings
  let canaries: Canary[]
  let bare: string[]
  let empty: string[]
  let find: (text: string) => string[]
  let logged = ''
  const failed = new Set<string>()
  const people = {} as Record<Exclude<Who, 'key' | 'nobody'>, Actor>

  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.128/25'], { domains: ['lipova.example'] })
    habrova = await addHospital(db, 'Nemocnice Habrová', ['192.0.2.0/25'])
    theirs = await seedBelongings(db, lipova, 'theirs')
    ours = await seedBelongings(db, habrova, 'ours')
    const owner = new pg.Client({ connectionString: db.url })
    await owner.connect()
    await fillRest(owner, lipova)
    // Who stands on the public map wants to be named there; the rest could not come from the program and no page can draw it.
    await owner.query(`delete from site_showings; delete from warning_lists; delete from key_labels;
      update api_keys set expires_at = '2027-01-01' where expires_at = 'infinity'; update sensor_enrolments set expires_at = '2027-01-01';
      update sensor_certificates set not_after = '2027-01-01'`)
    ;({ canaries, bare, empty } = await plant(owner, lipova.id))
    await owner.end()
    canaries.push(...inBytes)
    find = finderOf(canaries)
    const made = contextOf(db)
    close = made.stop
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        logged += String(chunk)
        done()
      },
    })
    context = { ...made.context, log: createLogger('trace', sink) }
    app = await openPages(context)
    const all = (at: Hospital): [Role, Hospital][] => memberRoles.map((role) => [role, at])
    people.colleague = await addPerson(db, 'Kamil Vedlejší', all(habrova))
    people.manager = await addPerson(db, 'Marta Ředitelská', [['manager', habrova]])
    people.operator = await addPerson(db, 'Otto Provozní', [['operator', null]])
    people.owner = await addPerson(db, 'Olina Vlastní', all(lipova))
    people.coordinator = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
  }, 120_000)
  afterAll(async () => {
    await app?.close()
    await close?.()
    await db?.drop()
  })

  const walked = (method: string): Routed[] =>
    app.routed.filter(
      (route) =>
        route.method === method &&
        !['sensor', 'token'].includes(route.access.by ?? '') &&
        route.url !== '/live',
    )
  const urlOf = (route: Routed, things: Belongings): string =>
    route.url.replace(/\/\*$/, '/manifest.json').replace(/:([a-zA-Z]+)(\([^)]*\))?/g, (_, name: string) => {
      const kind = route.access.objects?.[name]
      const found = kind && kind !== 'other' ? things.ids[kind] : undefined
      return encodeURIComponent(found?.[name] ?? found?.id ?? things.ids.other?.[name] ?? 'x')
    })

  async function headersOf(who: Who): Promise<Record<string, string>> {
    if (who === 'nobody') return {}
    if (who === 'key') return { authorization: `Bearer ${keyOf('ours')}` }
    const { cookie, csrf } = await cookieOf(context, people[who])
    return { cookie, 'x-csrf-token': csrf }
  }
  async function get(who: Who, url: string): Promise<string> {
    const accept = url.startsWith('/api/') ? 'application/json' : 'text/html'
    const answer = await app.inject({ url, headers: { accept, ...(await headersOf(who)) } })
    // Whoever fails shows nothing, and proves nothing.
    if (answer.statusCode >= 500) failed.add(`${url} as ${who}`)
    // What says when it was answered differs by itself.
    const { date: _date, 'content-length': _length, ...headers } = answer.headers
    return `${JSON.stringify(headers)}\n${answer.body}`
  }
  const allowed = (who: Who, place: string): boolean =>
    place in told || (who === 'operator' && toOperators.test(place))
  /** What of them shows to somebody whom it does not concern. */
  const leaksIn = (who: Who, where: string, text: string): string[] =>
    find(text)
      .filter((place) => !allowed(who, place))
      .map((place) => `${where} as ${who} shows ${place}`)

  it('stand in every table that a member owns', () => {
    expect(canaries.length).toBeGreaterThan(40)
    for (const place of [
      'organisations.name',
      'people.email',
      'warning_log.detail',
      'sensors.name',
      'audit.detail',
    ])
      expect(canaries.map((canary) => canary.place)).toContain(place)
    // Lists of words, numbers in letters and digests take none; a free text that takes none is a hole in this test.
    expect(bare).toEqual([])
    // Lines of lists that only coordinators see, until they become a signature; and what coordinators write, which is no member's own.
    expect(empty.toSorted().join(' ')).toBe(
      'blocklist_sources broadcasts csaf_documents signature_list_lines written_grants written_indicators written_tombstones written_warnings',
    )
  })

  it('are found in every disguise', () => {
    const [canary] = canaries as [Canary]
    for (const said of disguisesOf(canary.core))
      expect(find(`x ${said.toUpperCase()} y`)).toContain(canary.place)
    for (const before of ['', 'a', 'bc'])
      for (const form of ['base64', 'base64url'] as const)
        expect(find(Buffer.from(`${before}${canary.text}`).toString(form))).toContain(canary.place)
    expect(find('kanarek')).toEqual([])
  })

  it('show to the member itself and to coordinators', async () => {
    const seen = { owner: new Set<string>(), coordinator: new Set<string>() }
    for (const who of ['owner', 'coordinator'] as const)
      for (const route of walked('GET'))
        for (const place of find(await get(who, urlOf(route, theirs)))) seen[who].add(place)
    expect([...failed]).toEqual([])
    expect(seen.owner.size).toBeGreaterThan(30)
    expect(seen.coordinator.size).toBeGreaterThan(30)
    for (const place of [
      'organisations.name',
      'warning_log.detail',
      'warnings.number',
      'people.name',
      'api_keys.label',
      ...inBytes.map(({ place }) => place),
    ])
      expect([place, seen.owner.has(place)]).toEqual([place, true])
    for (const place of Object.keys(told)) expect([place, seen.owner.has(place)]).toEqual([place, true])
  }, 120_000)

  it('show to nobody else on any page, in any export, feed or answer, of theirs or one’s own', async () => {
    const leaks: string[] = []
    const open = new Set<string>()
    for (const who of others)
      for (const route of walked('GET'))
        for (const things of [theirs, ours]) {
          const answer = await get(who, urlOf(route, things))
          leaks.push(...leaksIn(who, route.url, answer))
          for (const place of find(answer)) if (place in told) open.add(place)
        }
    expect([...new Set(leaks)]).toEqual([])
    // The walk would have seen them: what may be told it did see.
    expect([...open].sort()).toEqual(Object.keys(told).sort())
  }, 240_000)

  it('show to nobody in a refusal of a change', async () => {
    const leaks: string[] = []
    for (const who of ['colleague', 'operator', 'nobody'] as const)
      for (const route of walked('POST')) {
        const answer = await app.inject({
          method: 'POST',
          url: urlOf(route, theirs),
          headers: {
            accept: 'text/html',
            'content-type': 'application/x-www-form-urlencoded',
            ...(await headersOf(who)),
          },
          payload: new URLSearchParams(
            Object.entries(theirs.samples(route.access.sample ?? {})).map(([name, value]) => [
              name,
              String(value),
            ]),
          ).toString(),
        })
        if (who === 'operator' && route.url === '/account/data') continue // names members whose sensors it kept
        leaks.push(...leaksIn(who, `POST ${route.url}`, answer.body))
      }
    expect([...new Set(leaks)]).toEqual([])
  }, 120_000)

  it('are found by no search of others: what nobody has is answered alike', async () => {
    const ofPrograms = ['/search?q=', '/warnings?text=', '/trail?text=']
    const searches = [
      ...ofPrograms,
      ...ofPrograms.map((one) => `/api/v1${one}`),
      '/members?q=',
      '/people/search?q=',
    ]
    const never = 'neznamyxxq7'
    const plain = (text: string, asked: string): string =>
      disguisesOf(asked)
        .reduce((left, said) => left.replaceAll(said, 'ASKED'), text)
        .replace(/nonce(?:" content)?[-=]+"?[A-Za-z0-9+/=]+/g, '')
        .replace(/_csrf" value="[^"]*"|req-\w+/g, '')
    const differ: string[] = []
    for (const who of ['colleague', 'key'] as const)
      for (const search of searches) {
        const usual = plain(await get(who, search + never), never)
        for (const { place, core } of canaries)
          if (!(place in told) && plain(await get(who, search + core), core) !== usual)
            differ.push(`${search} as ${who}: ${place}`)
      }
    expect(differ).toEqual([])
    expect(await get('owner', `/warnings?text=${coreOf('warnings.number')}`)).toContain('href="/warnings/')
  }, 240_000)
  const coreOf = (place: string): string => canaries.find((canary) => canary.place === place)?.core ?? ''

  it('go out in no mail to others', async () => {
    const office = await openPostOffice()
    const mailer = openMailer(
      { smtpUrl: office.url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null },
      mailWriters,
    )
    const due = (to: Actor, org: Hospital, warning: string | undefined, kind: string) =>
      db.engine.query(
        `insert into deliveries (kind, topic, person_id, org_id, address, warning_id, severity, decided_at, due_at, readers, detail)
         values ($6::text, $7, $1, $2, $3, $4, 3, to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0), array[2, -$1::int, 1000 + 4 * $2::int], '{}')`,
        [to.person, org.id, to.email, warning, tuesday, kind, `${kind} ${to.person} ${warning}`],
      )
    for (const kind of ['new', 'update', 'talk']) {
      await due(people.owner, lipova, theirs.ids.warning?.id, kind)
      await due(people.colleague, habrova, ours.ids.warning?.id, kind)
      // A row that says too much: the mail is written as its reader, who may not.
      await due(people.manager, habrova, theirs.ids.warning?.id, kind)
    }
    await work(context, mailer, tuesday + 60_000)
    await work(context, mailer, tuesday + 2 * 86_400_000)
    const [own, foreign] = [people.owner.email, people.colleague.email].map((to) => office.to(to))
    expect(own?.length).toBeGreaterThan(0)
    expect(foreign?.length).toBeGreaterThan(0)
    expect(find(own?.map(({ subject, text, html }) => `${subject} ${text} ${html}`).join() ?? '')).toContain(
      'warnings.number',
    )
    const leaks = office.raw.flatMap((raw, i) => {
      const mail = office.mails[i]
      const to = JSON.stringify(mail?.to ?? '')
      return to.includes(own?.[0] ? people.owner.email : '-')
        ? []
        : leaksIn('colleague', `mail to ${to}`, `${raw} ${mail?.subject} ${mail?.text} ${mail?.html}`)
    })
    await mailer.close()
    await office.close()
    expect(leaks).toEqual([])
  })

  it('stand nowhere in the program’s log, not even when the database refuses a row and names it', async () => {
    const text = `'${coreOf('people.email')}'`
    const clash = await db.engine.query(`select ${text}::int`).catch((error: unknown) => error)
    expect(String(clash)).toContain(coreOf('people.email'))
    context.log.error({ err: clash, url: '/x' }, 'request failed')
    context.log.warn({ err: new Error('outer', { cause: clash }) }, 'work failed')
    expect(logged).toContain('22P02')
    expect(find(logged)).toEqual([])
  })
})
