import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { openWarning } from '../../../test/warned.ts'
import { openPages } from '../../app.ts'
import { type Actor, asActor, asReader } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine } from '../../platform/database.ts'
import type { App } from '../../platform/http.ts'
import { hashToken } from '../../platform/sessions.ts'
import { openGlass, remindOfGlass, reviewGlass } from './glass.ts'
import { work } from './jobs.ts'

const minute = 60_000
const day = 24 * 60 * minute
const secret = 'Podezřelý je notebook účetní'
const reason = 'Nemocnice nebere telefon a útok trvá.'

describe('break-glass access', () => {
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  let node: App
  let other: App
  let now = tuesday
  let lipova: Hospital
  let habrova: Hospital
  let warning: number
  const people = {} as Record<'vera' | 'olga' | 'jana' | 'petr' | 'dana' | 'hana' | 'otto' | 'both', Actor>

  beforeAll(async () => {
    db = await createDatabase()
    ;({ context, stop } = contextOf(db, () => now))
    node = await openPages(context)
    other = await openPages(context)
    lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    habrova = await addHospital(db, 'Nemocnice Habrová', ['192.0.2.128/25'])
    people.vera = await addPerson(db, 'Věra Klidná', [['coordinator', null]])
    people.olga = await addPerson(db, 'Olga Druhá', [['coordinator', null]])
    people.jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    people.petr = await addPerson(db, 'Petr Dub', [['representative', lipova]])
    people.dana = await addPerson(db, 'Dana Pověřená', [['dpo', lipova]])
    people.hana = await addPerson(db, 'Hana Tichá', [['admin', habrova]])
    people.otto = await addPerson(db, 'Otto Provozní', [['operator', null]])
    people.both = await addPerson(db, 'Běta Dvojí', [
      ['coordinator', null],
      ['admin', habrova],
    ])
    warning = (await openWarning(db, { org: lipova })).id
    await writes('jana', warning, secret)
  })
  afterAll(async () => {
    await node.close()
    await other.close()
    await stop()
    await db.drop()
  })
  // Openings can only be added to: each test has a day of its own.
  beforeEach(() => {
    now += 10 * day
  })

  type Name = keyof typeof people
  const get = async (who: Name | null, url: string, at: App = node) =>
    at.inject({
      url,
      headers: {
        accept: 'text/html',
        ...(who ? { cookie: (await cookieOf(context, people[who])).cookie } : {}),
      },
    })
  const post = async (who: Name | null, url: string, fields: Record<string, string> = {}, at: App = node) => {
    const session = who && (await cookieOf(context, people[who]))
    return at.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams({ ...fields, ...(session ? { _csrf: session.csrf } : {}) }).toString(),
      headers: {
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
        ...(session ? { cookie: session.cookie } : {}),
      },
    })
  }
  /** An internal note. */
  const writes = async (who: Name, id: number, text: string) =>
    expect((await post(who, `/warnings/${id}/note`, { text, internal: '1' })).statusCode).toBe(303)
  const opens = (who: Name | null = 'vera', org = lipova.id, why = reason) =>
    post(who, '/trail/glass', { org: String(org), reason: why })
  /** Opens it and answers its address. */
  const opened = async (who: Name = 'vera', org = lipova.id): Promise<string> => {
    const answer = await opens(who, org)
    expect(answer.statusCode).toBe(303)
    return String(answer.headers.location)
  }
  const reads = async (who: Name, at: App = node): Promise<boolean> =>
    (await get(who, `/warnings/${warning}`, at)).body.includes(secret)
  const mailed = async (template: string): Promise<string[]> =>
    (
      await db.engine.query<{ address: string }>(
        `select address from deliveries where detail->>'template' = $1 and decided_at >= to_timestamp($2 / 1000.0) order by address`,
        [template, now],
      )
    ).rows.map(({ address }) => address)

  it('shows its holder, and nobody else, what the organisation keeps to itself, in every form', async () => {
    expect([await reads('jana'), await reads('vera'), await reads('olga')]).toEqual([true, false, false])
    await opened()
    expect([await reads('jana'), await reads('vera'), await reads('olga')]).toEqual([true, true, false])
    expect((await get('vera', `/api/v1/warnings/${warning}`)).body).toContain(secret)
    expect((await get('otto', `/warnings/${warning}`)).statusCode).toBe(403)
    const line = `warnings.note`
    expect((await get('vera', '/api/v1/trail')).body).toContain(line)
    expect((await get('olga', '/api/v1/trail')).body).not.toContain(line)
    expect((await get('jana', '/api/v1/trail')).body).toContain(line)
  })

  it('ends by itself after an hour, on every node, and not a moment later', async () => {
    await opened()
    now += 60 * minute - 1
    expect([await reads('vera'), await reads('vera', other)]).toEqual([true, true])
    now += 1
    expect([await reads('vera'), await reads('vera', other)]).toEqual([false, false])
  })

  it('ends at a click of any coordinator, at once on every node, and not twice', async () => {
    const path = await opened()
    now += minute
    expect((await post('olga', `${path}/end`, {}, other)).statusCode).toBe(303)
    expect([await reads('vera'), await reads('vera', other)]).toEqual([false, false])
    expect((await post('vera', `${path}/end`)).statusCode).toBe(409)
  })

  it('ends the open streams of its holder when it is opened and when it is ended', async () => {
    const heard: string[] = []
    const off = context.bus.on('people', (person) => heard.push(person))
    const path = await opened()
    await expect.poll(() => heard).toEqual([String(people.vera.person)])
    now += minute
    await post('vera', `${path}/end`)
    await expect.poll(() => heard).toHaveLength(2)
    off()
  })

  it('opens one organisation, not another, and only one at a time', async () => {
    const foreign = (await openWarning(db, { org: habrova })).id
    await writes('hana', foreign, 'Jen naše věc')
    await opened()
    expect((await get('vera', `/warnings/${foreign}`)).body).not.toContain('Jen naše věc')
    expect((await opens('vera', habrova.id)).statusCode).toBe(409)
    // Another coordinator may look at the same time, at the same or at another.
    expect((await opens('olga', habrova.id)).statusCode).toBe(303)
    expect((await get('olga', `/warnings/${foreign}`)).body).toContain('Jen naše věc')
    expect(await reads('olga')).toBe(false)
  })

  it('tells the representative, the data-protection officer and the other coordinators by mail at once', async () => {
    await opened()
    const told = [people.petr, people.dana, people.olga, people.both].map(({ email }) => email).sort()
    expect(await mailed('glass-opened')).toEqual(told)
    // Where there is neither a representative nor an officer: whoever works there.
    now += day
    await opened('vera', habrova.id)
    expect(await mailed('glass-opened')).toEqual(
      [people.hana, people.olga, people.both].map(({ email }) => email).sort(),
    )
  })

  it('stands above every page of its holder and of the organisation, while it lasts', async () => {
    const path = await opened()
    // Those of the tests before may stand there too, as reviewed by nobody.
    const banner = `<a href="${path}">Podrobnosti</a>`
    for (const url of ['/', '/warnings', '/account', '/trail'])
      expect([url, (await get('vera', url)).body.includes(banner)]).toEqual([url, true])
    expect((await get('jana', '/warnings')).body).toContain('Věra Klidná má do')
    for (const who of ['olga', 'hana', 'otto'] as const)
      expect([who, (await get(who, '/account')).body.includes(banner)]).toEqual([who, false])
    expect((await get('vera', '/warnings')).body).toContain(`action="${path}/end"`)
    now += 60 * minute
    for (const who of ['vera', 'jana'] as const)
      expect((await get(who, '/account')).body).not.toContain(banner)
  })

  it('marks in the ledger what was read meanwhile, and the organisation sees it all', async () => {
    const path = await opened()
    await reads('vera')
    await reads('olga')
    now += 61 * minute
    await reads('vera')
    const seen = JSON.parse((await get('jana', `/api/v1${path.replace('/trail', '')}`)).body)
    expect(seen.reads.map((read: { reader: string; place: string }) => [read.reader, read.place])).toEqual([
      ['Věra Klidná', '/warnings/:id'],
    ])
    const page = (await get('jana', path)).body
    for (const words of [reason, 'Věra Klidná', `varování: ${warning}`]) expect(page).toContain(words)
    expect((await get('jana', '/trail/reads')).body).toContain(`href="${path}"`)
    const lines = JSON.parse((await get('jana', '/api/v1/trail')).body).lines
    expect(lines[0]).toMatchObject({ verb: 'trail.open-glass', org: lipova.id, detail: { reason } })
    expect((await get('jana', '/trail')).body).toContain('otevření nouzového přístupu')
  })

  it('is reviewed by another coordinator, after its end, once; the organisation gets the finding', async () => {
    const path = await opened()
    const finding = { verdict: 'justified', finding: 'Útok trval, nikdo nebral telefon.' }
    expect((await post('olga', `${path}/review`, finding)).statusCode).toBe(409)
    now += 60 * minute
    expect((await post('vera', `${path}/review`, finding)).statusCode).toBe(409)
    for (const wrong of [
      { verdict: 'justified' },
      { ...finding, verdict: 'perhaps' },
      { ...finding, finding: ' krátký ' },
    ]) {
      const refused = await post('olga', `${path}/review`, wrong)
      expect(refused.statusCode).toBe(422)
      expect(refused.body).toContain('field-error')
    }
    expect((await post('olga', `${path}/review`, finding)).statusCode).toBe(303)
    expect(await mailed('glass-reviewed')).toEqual(
      [people.petr, people.dana, people.olga, people.both].map(({ email }) => email).sort(),
    )
    expect((await post('both', `${path}/review`, finding)).statusCode).toBe(409)
    expect((await get('petr', path)).body).toContain(finding.finding)
  })

  it('that nobody reviews is shown loudly and mailed to the coordinators every day until somebody does', async () => {
    const path = await opened()
    now += day - 1
    const remind = () => asEngine(db, (tx) => remindOfGlass(tx, now))
    // Those of the tests before have waited longer.
    await remind()
    expect(await mailed('glass-unreviewed')).not.toContain(path)
    const due = async (): Promise<number> => {
      await work(context, now)
      const { rows } = await db.engine.query<{ n: number }>(
        `select count(*)::int as n from deliveries where detail->>'template' = 'glass-unreviewed' and detail->>'glass' = $1`,
        [path.split('/').at(-1)],
      )
      return rows[0]?.n ?? 0
    }
    expect(await due()).toBe(0)
    now += 1
    expect([await due(), await due()]).toEqual([3, 3])
    expect((await get('olga', '/warnings')).body).toContain('nikdo včas neposoudil')
    expect((await get('jana', path)).body).toContain('měl být posouzen a není')
    now += day
    expect(await due()).toBe(6)
    await post('olga', `${path}/review`, { verdict: 'unjustified', finding: 'Stačilo zavolat řediteli.' })
    now += day
    expect(await due()).toBe(6)
    expect((await get('vera', path)).body).toContain('posouzen jako neoprávněný')
  })

  it('can be commented on by the organisation and by coordinators', async () => {
    const path = await opened()
    expect(
      (await post('petr', `${path}/comments`, { text: 'Byli jsme na schůzi, <b>volali jste dvakrát</b>.' }))
        .statusCode,
    ).toBe(303)
    const page = (await get('olga', path)).body
    expect(page).toContain('&lt;b>volali jste dvakrát')
    for (const text of ['', '   ', 'x'.repeat(4_001)])
      expect((await post('petr', `${path}/comments`, { text })).statusCode).toBe(422)
    expect((await post('hana', `${path}/comments`, { text: 'Nic mi do toho není.' })).statusCode).toBe(404)
    expect((await post('otto', `${path}/comments`, { text: 'Nic mi do toho není.' })).statusCode).toBe(403)
  })

  describe('is refused', () => {
    it.each(['petr', 'dana', 'jana', 'otto'] as const)('to %s', async (who) => {
      expect((await opens(who)).statusCode).toBe(403)
      expect(await reads('vera')).toBe(false)
    })

    it('to who is signed out, and to a form of another site', async () => {
      expect((await opens(null)).headers.location).toMatch(/^\/sign-in/)
      const { cookie } = await cookieOf(context, people.vera)
      const forged = await node.inject({
        method: 'POST',
        url: '/trail/glass',
        payload: `org=${lipova.id}&reason=${encodeURIComponent(reason)}`,
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      })
      expect(forged.statusCode).toBe(403)
    })

    it.each(['', '         ', 'krátký', 'x'.repeat(1_001)])(
      'without a reason worth the name: "%.12s"',
      async (why) => {
        const answer = await opens('vera', lipova.id, why)
        expect(answer.statusCode).toBe(422)
        expect(answer.body).toContain('Napište důvod')
        expect(answer.body).toContain(why.trim().slice(0, 9))
        expect(await reads('vera')).toBe(false)
      },
    )

    it.each(['0', '999999', 'x', '-1', ''])('to an organisation that is none: "%s"', async (org) => {
      const answer = await post('vera', '/trail/glass', { org, reason })
      expect([answer.statusCode, answer.body.includes(reason)]).toEqual([422, true])
    })

    it('to one’s own organisation', async () => {
      expect((await opens('both', habrova.id)).statusCode).toBe(422)
    })

    it('without a fresh proof, and asks for one with what was typed kept', async () => {
      const { cookie, csrf } = await cookieOf(context, people.vera)
      now += 15 * minute
      const asked = await node.inject({
        method: 'POST',
        url: '/trail/glass',
        payload: new URLSearchParams({ _csrf: csrf, org: String(lipova.id), reason }).toString(),
        headers: { cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      })
      expect([asked.statusCode, asked.body.includes(reason)]).toEqual([403, true])
      expect(await reads('vera')).toBe(false)
    })

    it('to keys, whoever has it open', async () => {
      const key = 'hsk_glass'
      await db.engine.query(
        `insert into api_keys (key_hash, org_id, label, scopes, made_by, made_at, expires_at)
         values ($1, null, 'Nástěnka', '{warnings.read}', $3, to_timestamp($2 / 1000.0), 'infinity') on conflict do nothing`,
        [hashToken(key), tuesday, people.vera.person],
      )
      await opened()
      const headers = { authorization: `Bearer ${key}` }
      const { statusCode, body } = await node.inject({ url: `/api/v1/warnings/${warning}`, headers })
      expect([statusCode, body.includes(secret)]).toEqual([200, false])
      for (const url of ['/api/v1/glass', '/api/v1/trail'])
        expect((await node.inject({ url, headers })).statusCode).toBe(403)
    })

    it('to a coordinator who is one no more, in the middle of it', async () => {
      const gone = await addPerson(db, `Gita Odešlá ${now}`, [['coordinator', null]])
      await asActor(db, gone, now, (tx) => openGlass(tx, { org: lipova.id, reason }, gone, now))
      const seen = (actor: Actor) =>
        asReader(
          db,
          actor,
          now,
          async (tx) => (await tx.query('select 1 from warning_log where readers is not null')).rowCount,
        )
      expect(await seen(gone)).toBeGreaterThan(0)
      expect(await seen({ ...gone, engagements: [] })).toBe(0)
    })

    it('by the database itself: a longer one, one in another’s name, a review of one’s own, a change of what was written', async () => {
      const insert = `insert into glass_openings (org_id, person_id, opener, reason, opened_at, ends_at, review_due_at, readers)
        values ($1, $2, 'x', $3, actor_now(), actor_now() + make_interval(mins => $4), actor_now(), array[2, 1000 + 4 * $1])`
      const tries = (as: Actor, person: Actor, minutes = 60) =>
        asActor(db, as, now, (tx) => tx.query(insert, [lipova.id, person.person, reason, minutes]))
      await expect(tries(people.vera, people.vera, 61)).rejects.toThrow(/check constraint/)
      await expect(tries(people.vera, people.olga)).rejects.toThrow(/row-level security/)
      await expect(tries(people.petr, people.petr)).rejects.toThrow(/row-level security/)
      await expect(tries(people.otto, people.otto)).rejects.toThrow(/row-level security/)
      const id = await asActor(db, people.vera, now, (tx) =>
        openGlass(tx, { org: lipova.id, reason }, people.vera, now),
      )
      now += day
      const own = `update glass_openings set reviewed_by = $2, reviewer = 'x', reviewed_at = actor_now(), verdict = 'justified', finding = 'Bylo to potřeba.' where id = $1`
      const judged = await asActor(db, people.vera, now, (tx) => tx.query(own, [id, people.vera.person]))
      expect(judged.rowCount).toBe(0)
      await expect(
        asActor(db, people.vera, now, (tx) =>
          reviewGlass(tx, id, { verdict: 'justified', finding: 'Bylo to potřeba.' }, people.vera, now),
        ),
      ).rejects.toThrow(/Another/)
      for (const change of [
        `update glass_openings set reason = 'něco úplně jiného'`,
        'delete from glass_openings',
        `update glass_comments set text = 'x'`,
      ])
        await expect(asActor(db, people.vera, now, (tx) => tx.query(change))).rejects.toThrow(
          /permission denied/,
        )
    })

    it('for writing: under it nobody adds a line in the organisation’s name', async () => {
      await opened()
      expect((await post('vera', `/warnings/${warning}/note`, { text: 'x', internal: '1' })).statusCode).toBe(
        403,
      )
      const forged = `insert into warning_log (warning_id, at, kind, person_id, readers) values ($1, actor_now(), 'note', $2, $3)`
      const readers = [1000 + 4 * lipova.id, 1000 + 4 * lipova.id + 3]
      await expect(
        asActor(db, people.vera, now, (tx) => tx.query(forged, [warning, people.vera.person, readers])),
      ).rejects.toThrow(/row-level security/)
    })

    it.each(['0', '999999', 'x', '1e9', '%00'])('for what is not there: %s', async (id) => {
      expect((await get('vera', `/trail/glass/${id}`)).statusCode).toBe(404)
    })
  })

  it('concerns the organisation and coordinators: others see none of it', async () => {
    const path = await opened()
    expect((await get('hana', path)).statusCode).toBe(404)
    expect(
      JSON.parse((await get('hana', '/api/v1/glass')).body).openings.map((one: { org: number }) => one.org),
    ).not.toContain(lipova.id)
    for (const url of [path, '/trail/glass', '/api/v1/glass'])
      expect([url, (await get('otto', url)).statusCode]).toEqual([url, 403])
    expect((await get('otto', '/trail')).body).not.toContain('/trail/glass')
  })
})
