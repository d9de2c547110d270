import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
} from '../../../../../test/harness.ts'
import { openPages } from '../../../../app.ts'
import type { Actor } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import type { App } from '../../../../platform/http.ts'
import { addKey } from '../../../members/keys.ts'
import { addRule, beginDuty } from '../../keep.ts'
import { reckonDue } from '../../reach/reckon.ts'
import { setSimple } from '../../simple.ts'

const monday = Date.parse('2026-10-19T05:00:00Z')

describe('duties for programs', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let lipova: Hospital
  let jana: Actor
  let petr: Actor
  let karel: Actor
  let cizi: Actor
  let id = 0
  let central = 0
  let key = ''

  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    const bukova = await addHospital(db, 'Nemocnice Buková', ['192.0.2.128/25'])
    jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    petr = await addPerson(db, 'Petr Dub', [['duty', lipova]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    cizi = await addPerson(db, 'Cyril Cizí', [['admin', bukova]])
    ;({ context, stop } = contextOf(db, () => monday))
    app = await openPages(context)
    const turns = { kind: 'weekly', length: 1, start: '2026-10-19T07:00' } as const
    await asEngine(db, async (tx) => {
      id = await beginDuty(tx, { org: lipova.id, name: 'Pohotovost IT', holidays: 'ignored' }, jana, monday)
      const people = [petr.person, jana.person]
      const rule = { weekdays: [1, 2, 3, 4, 5], from: '07:00', to: '19:00', rotation: turns, people }
      await addRule(tx, id, rule as Parameters<typeof addRule>[2], jana, monday)
      central = await beginDuty(tx, { org: null, name: 'CSIRT', holidays: 'ignored' }, karel, monday)
      await setSimple(tx, lipova.id, { people: [jana.person, petr.person], always: true }, jana, monday)
    })
    key = await keyWith(lipova.id, ['duty.read'])
  }, 60_000)
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await db?.drop()
  })

  const keyWith = async (org: number | null, scopes: string[]): Promise<string> =>
    (await asEngine(db, (tx) => addKey(tx, { org, label: 'Ústředna', scopes, days: 30 }, karel, monday))).key
  const headersOf = async (who: Actor | string | null) =>
    typeof who === 'string' ? { authorization: `Bearer ${who}` } : who ? await signedIn(who) : {}
  const signedIn = async (who: Actor) => {
    const { cookie, csrf } = await cookieOf(context, who)
    return { cookie, 'x-csrf-token': csrf }
  }
  const ask = async (who: Actor | string | null, url: string) => {
    const answer = await app.inject({ url: `/api/v1/duty/${url}`, headers: await headersOf(who) })
    return { status: answer.statusCode, body: answer.json() }
  }
  const say = async (
    who: Actor | string | null,
    method: 'POST' | 'PUT' | 'DELETE',
    url: string,
    body = {},
  ) => {
    const headers = await headersOf(who)
    const answer = await app.inject({ method, url: `/api/v1/duty/${url}`, headers, payload: body })
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }

  it('say who is on duty now, at another time, and through a range', async () => {
    for (const who of [jana, petr, karel, key])
      expect((await ask(who, `now?org=${lipova.id}`)).body).toMatchObject({
        at: '2026-10-19T05:00:00.000Z',
        schedules: [
          { id, organisation: 'Nemocnice Lipová', people: [{ id: petr.person, name: 'Petr Dub' }] },
        ],
      })
    const people = async (at: string) =>
      (await ask(key, `now?at=${encodeURIComponent(at)}`)).body.schedules[0].people.map(
        ({ name }: { name: string }) => name,
      )
    expect(await people('2026-10-26T07:30:00+01:00')).toEqual(['Jana Nováková'])
    expect(await people('2026-10-24T12:00:00Z')).toEqual([])
    const { body } = await ask(
      key,
      `schedules/${id}/shifts?from=2026-10-19T00:00:00Z&to=2026-10-20T00:00:00Z`,
    )
    expect(
      body.shifts.map((one: { from: string; people: { name: string }[] }) => [
        one.from,
        one.people.map(({ name }) => name),
      ]),
    ).toEqual([
      ['2026-10-19T00:00:00.000Z', []],
      ['2026-10-19T05:00:00.000Z', ['Petr Dub']],
      ['2026-10-19T17:00:00.000Z', []],
    ])
  })

  it('are listed page by page, each reader its own', async () => {
    const ids = async (who: Actor | string, query = '') =>
      (await ask(who, `schedules${query}`)).body.schedules.map((one: { id: number }) => one.id)
    expect(await ids(jana)).toEqual([id])
    expect(await ids(key)).toEqual([id])
    expect(await ids(cizi)).toEqual([])
    expect(await ids(karel)).toEqual([central, id])
    expect(await ids(await keyWith(null, ['duty.read']))).toEqual([central, id])
    const first = (await ask(karel, 'schedules?limit=1')).body
    expect([first.total, first.next]).toEqual([2, central])
    expect((await ask(karel, `schedules?limit=1&after=${first.next}`)).body).toMatchObject({
      ...{ schedules: [{ id }], next: null },
    })
  })

  it('are changed for a while by who keeps them, and by no key', async () => {
    const times = { from: '2026-10-19T10:00:00Z', to: '2026-10-19T12:00:00Z' }
    const body = { kind: 'replace', person: petr.person, stand_in: jana.person, ...times, note: 'lékař' }
    const url = `schedules/${id}/changes`
    const made = await say(jana, 'POST', url, body)
    expect(made).toMatchObject({ status: 201, body: { kind: 'replace', stand_in: jana.person } })
    const at = async () => (await ask(key, 'now?at=2026-10-19T11:00:00Z')).body.schedules[0].people
    expect(await at()).toEqual([{ id: jana.person, name: 'Jana Nováková' }])
    expect((await ask(petr, `schedules/${id}`)).body.changes).toEqual([made.body])
    const change = `${url}/${made.body.id}`
    for (const [who, status] of [
      [petr, 403],
      [cizi, 404],
      [karel, 403],
      [key, 403],
      [null, 401],
    ] as const) {
      expect((await say(who, 'POST', url, body)).status).toBe(status)
      expect((await say(who, 'DELETE', change)).status).toBe(status)
    }
    expect((await say(jana, 'DELETE', change)).status).toBe(204)
    expect((await say(jana, 'DELETE', change)).status).toBe(404)
    expect(await at()).toEqual([{ id: petr.person, name: 'Petr Dub' }])
  })

  it('refuse a change that makes no sense, with the field', async () => {
    const good = {
      kind: 'add',
      person: petr.person,
      from: '2026-10-20T10:00:00Z',
      to: '2026-10-20T12:00:00Z',
    }
    for (const [wrong, field] of [
      [{ person: cizi.person }, 'person'],
      [{ to: '2026-10-20T09:00:00Z' }, 'to'],
      [{ to: '2028-10-20T09:00:00Z' }, 'to'],
      [{ from: 'yesterday' }, 'from'],
      [{ from: '0001-01-01T00:00:00Z' }, 'from'],
      [{ kind: 'replace' }, 'stand_in'],
      [{ stand_in: 7 }, 'stand_in'],
      [{ kind: 'remove', person: karel.person }, 'person'],
      [{ note: 'x'.repeat(201) }, 'note'],
      [{ note: '\0' }, 'note'],
      [{ person: 1e12 }, 'person'],
    ] as const) {
      const { status, body } = await say(jana, 'POST', `schedules/${id}/changes`, { ...good, ...wrong })
      expect([wrong, status, Object.keys(body.fields ?? {})]).toEqual([wrong, 422, [field]])
    }
    for (const query of [
      '?from=2026-10-19T00:00:00Z&to=2026-10-19T00:00:00Z',
      '?from=2026-10-19T00:00:00Z&to=2027-10-19T00:00:00Z',
    ])
      expect((await ask(jana, `schedules/${id}/shifts${query}`)).status).toBe(422)
    for (const url of [
      'now?at=soon',
      'now?limit=0',
      'now?limit=1e9',
      'schedules?org=x',
      'schedules?after=-1',
    ])
      expect([url, (await ask(jana, url)).status]).toEqual([url, 422])
  })

  it('show an escalation with whom each step would reach, and keep a new version', async () => {
    const { policies } = (await ask(key, 'policies')).body
    expect(policies.map(({ kind, version }: { kind: string; version: number }) => [kind, version])).toEqual([
      ['member', 0],
      ['rollcall', 0],
    ])
    const url = `policies/${lipova.id}/member`
    const held = (await ask(key, url)).body
    expect(
      held.reaches.map((one: { people: { name: string }[] }) => one.people.map(({ name }) => name)),
    ).toEqual([['Petr Dub'], ['Petr Dub'], ['Jana Nováková'], [], ['Karel Koordinátor']])
    const step = { delay_min: 0, targets: [{ person: jana.person }], channels: ['mail'] }
    const body = {
      version: 0,
      repeat: 1,
      steps: [step, { ...step, delay_min: 10, targets: ['coordinator'] }],
    }
    expect((await say(petr, 'PUT', url, body)).status).toBe(403)
    expect((await say(key, 'PUT', url, body)).status).toBe(403)
    expect((await say(cizi, 'PUT', url, body)).status).toBe(404)
    const kept = await say(jana, 'PUT', url, body)
    expect([kept.status, kept.body.version, kept.body.steps]).toEqual([200, 1, body.steps])
    expect((await say(jana, 'PUT', url, body)).status).toBe(409)
    for (const wrong of [
      { ...body, version: 1, steps: [] },
      { ...body, version: 1, steps: [{ ...step, targets: [{ person: cizi.person }] }] },
      { ...body, version: 1, steps: [{ ...step, delay_min: 5 }, step] },
      { ...body, version: 1, steps: [{ ...step, delay_min: 1.5 }] },
    ])
      expect((await say(jana, 'PUT', url, wrong)).status).toBe(422)
    expect((await ask(karel, 'policies/csirt')).body).toMatchObject({ org: null, version: 0 })
    expect((await ask(jana, 'policies/csirt')).status).toBe(403)
    expect((await ask(key, 'policies/csirt')).status).toBe(403)
  })

  it('show and keep the three contacts of the simple form', async () => {
    const url = `contacts/${lipova.id}`
    expect((await ask(key, url)).body).toMatchObject({
      people: [{ name: 'Jana Nováková' }, { name: 'Petr Dub' }],
      always: true,
    })
    expect((await say(petr, 'PUT', url, { people: [petr.person] })).status).toBe(403)
    expect((await say(cizi, 'PUT', url, { people: [cizi.person] })).status).toBe(404)
    expect((await say(jana, 'PUT', url, { people: [cizi.person] })).status).toBe(422)
    expect((await say(jana, 'PUT', url, { people: [petr.person, petr.person] })).status).toBe(422)
    expect((await say(jana, 'PUT', url, { people: [petr.person] })).body).toMatchObject({
      people: [{ name: 'Petr Dub' }],
      always: false,
    })
  })

  it('tell the score to its organisation and the coordinators, others the sector without small numbers', async () => {
    await reckonDue(db, 'Europe/Prague', monday)
    const names = async (who: Actor | string) =>
      (await ask(who, 'reachability')).body.organisations.map(
        ({ organisation }: { organisation: string }) => organisation,
      )
    expect(await names(jana)).toEqual(['Nemocnice Lipová'])
    expect(await names(key)).toEqual(['Nemocnice Lipová'])
    expect(await names(cizi)).toEqual(['Nemocnice Buková'])
    expect((await names(karel)).sort()).toEqual(['Nemocnice Buková', 'Nemocnice Lipová'])
    expect((await ask(jana, 'reachability')).body.sector).toEqual({ good: null, fair: null, poor: null })
  })

  it('tell nothing to other organisations, to other keys, and to nobody', async () => {
    const range = 'from=2026-10-19T00:00:00Z&to=2026-10-20T00:00:00Z'
    const own = [
      `schedules/${id}`,
      `schedules/${id}/shifts?${range}`,
      `policies/${lipova.id}/member`,
      `policies/${lipova.id}/rollcall`,
      `contacts/${lipova.id}`,
    ]
    const all = ['schedules', 'now', 'policies', 'reachability', 'oncall', ...own]
    const foreign = await keyWith(cizi.engagements[0]?.org ?? 0, ['duty.read'])
    const other = await keyWith(lipova.id, ['warnings.read', 'events.read', 'atom', 'strict'])
    for (const url of own)
      for (const who of [cizi, foreign]) expect([url, (await ask(who, url)).status]).toEqual([url, 404])
    for (const url of all) {
      expect((await ask(other, url)).status).toBe(403)
      expect((await ask('hsk_unknown', url)).status).toBe(401)
      expect((await ask(null, url)).status).toBe(401)
      const told = JSON.stringify((await ask(foreign, url)).body)
      expect([url, /Lipová|Dub|Nováková/.test(told)]).toEqual([url, false])
    }
    for (const url of [`schedules/${central}`, `schedules/${central}/shifts?${range}`])
      for (const who of [jana, key]) expect((await ask(who, url)).status).toBe(404)
    expect((await ask(karel, `schedules/${id + 1_000}`)).status).toBe(404)
    await asEngine(db, (tx) =>
      tx.query('update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = $1', [
        petr.person,
        monday,
      ]),
    )
    expect((await ask(key, 'now')).body.schedules[0].people).toEqual([])
    const later = (await ask(key, `schedules/${id}/shifts?from=2026-11-02T08:00:00Z&to=2026-11-02T09:00:00Z`))
      .body
    expect(later.shifts.map((one: { people: [] }) => one.people)).toEqual([[]])
  })
})
