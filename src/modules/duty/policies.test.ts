import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { openPages } from '../../app.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { asEngine } from '../../platform/database.ts'
import type { App } from '../../platform/http.ts'
import { policyOf, setPolicy, versionsOf } from './policies.ts'
import { defaultPolicies, type Policy } from './policy.ts'

describe('the escalation of an organisation', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let lipova: Hospital
  let jana: Actor
  let petr: Actor
  let karel: Actor
  let cizi: Actor
  const now = tuesday

  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    const bukova = await addHospital(db, 'Nemocnice Buková', ['192.0.2.128/25'])
    jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    petr = await addPerson(db, 'Petr Dub', [['duty', lipova]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    cizi = await addPerson(db, 'Cyril Cizí', [['admin', bukova]])
    ;({ context, stop } = contextOf(db, () => now))
    app = await openPages(context)
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  const get = async (who: Actor, url: string) =>
    app.inject({ url, headers: { accept: 'text/html', cookie: (await cookieOf(context, who)).cookie } })
  const post = async (who: Actor, url: string, fields: Record<string, string | string[]>) => {
    const { cookie, csrf } = await cookieOf(context, who)
    const body = new URLSearchParams({ _csrf: csrf })
    for (const [key, values] of Object.entries(fields))
      for (const one of [values].flat()) body.append(key, one)
    return app.inject({
      method: 'POST',
      url,
      payload: body.toString(),
      headers: { accept: 'text/html', cookie, 'content-type': 'application/x-www-form-urlencoded' },
    })
  }
  const path = (): string => `/duty/policies/${lipova.id}/member`
  const right = { base: '0', repeat: '2', delay_1: '0', to_1: ['duty', 'admin'], by_1: ['mail', 'sms'] }
  const held = (): Promise<Policy> => asEngine(db, (tx) => policyOf(tx, lipova.id, 'member'))

  it('is what hSOC ships until somebody changes it, and shows by name whom it would reach', async () => {
    expect(await held()).toEqual(defaultPolicies.member)
    const page = (await get(petr, path())).body
    expect(page).toContain('Petr Dub')
    expect(page).toContain('Jana Nováková')
    expect(page).toContain('Karel Koordinátor')
    expect(page).toContain('Petr Dub: nemá ověřené číslo')
    expect(page).not.toContain('Uložit kroky')
    expect((await get(jana, path())).body).toContain('Uložit kroky')
  })

  it('is read by its people and the coordinators, kept by who keeps its duties, and is nobody else’s', async () => {
    expect((await get(karel, path())).statusCode).toBe(200)
    expect((await get(cizi, path())).statusCode).toBe(404)
    expect((await post(cizi, path(), right)).statusCode).toBe(404)
    expect((await post(petr, path(), right)).statusCode).toBe(403)
    expect((await post(karel, path(), right)).statusCode).toBe(403)
    expect((await get(jana, '/duty/policies/csirt')).statusCode).toBe(403)
    expect((await get(jana, '/duty/policies/999999/member')).statusCode).toBe(404)
    expect((await get(jana, '/duty/policies/x/member')).statusCode).toBe(404)
    expect(await held()).toEqual(defaultPolicies.member)
  })

  it('is tried before it is kept, and every version is kept', async () => {
    const tried = await post(jana, path(), { ...right, try: '1' })
    expect(tried.body).toContain('zatím neuložené')
    expect((await held()).version).toBe(0)
    expect((await post(jana, path(), right)).headers.location).toBe(`${path()}?done=kept`)
    const later = { ...right, base: '1', delay_2: '60', to_2: `person:${petr.person}`, by_2: 'mail' }
    expect((await post(jana, path(), later)).statusCode).toBe(303)
    expect(await held()).toMatchObject({ version: 2, repeat: 2, steps: [{ no: 1 }, { no: 2, delayMin: 60 }] })
    const versions = await asActor(db, karel, now, (tx) => versionsOf(tx, lipova.id, 'member'))
    expect(versions.map(({ version, by }) => [version, by])).toEqual([
      [2, 'Jana Nováková'],
      [1, 'Jana Nováková'],
    ])
    expect(await asActor(db, cizi, now, (tx) => versionsOf(tx, lipova.id, 'member'))).toEqual([])
    const { rows } = await db.engine.query<{ n: number }>(
      `select count(*)::int as n from audit where verb = 'duty.set-policy'`,
    )
    expect(rows[0]?.n).toBe(2)
  })

  it('is not overwritten by who looked at an earlier version', async () => {
    const late = await post(jana, path(), { ...right, base: '1' })
    expect(late.statusCode).toBe(422)
    expect(late.body).toContain('Mezitím vzniklo jiné znění')
  })

  it('says so when its steps reach nobody', async () => {
    const nobody = { base: '2', repeat: '0', delay_1: '0', to_1: 'manager', by_1: 'mail' }
    expect((await post(jana, path(), nobody)).statusCode).toBe(303)
    const words = 'Žádný krok teď nikoho nezastihne'
    expect((await get(jana, path())).body).toContain(words)
    expect((await get(jana, '/duty/policies')).body).toContain(words)
  })

  it('refuses what is no escalation by its field, and keeps what was typed', async () => {
    const base = { base: '3', repeat: '0' }
    const wrong: [Record<string, string | string[]>, string][] = [
      [base, 'potřebuje aspoň jeden krok'],
      [{ ...base, delay_1: '9001', to_1: 'duty', by_1: 'mail' }, 'nejvýš 9000 minut'],
      [{ ...base, delay_1: '7', by_1: 'mail' }, 'Vyberte, koho krok osloví'],
      [{ ...base, delay_1: '7', to_1: 'duty' }, 'Vyberte aspoň jednu cestu'],
      [{ ...base, delay_1: '7', to_1: `person:${cizi.person}`, by_1: 'mail' }, 'které k organizaci patří'],
      [{ ...base, delay_1: '7', to_1: 'schedule:999', by_1: 'mail' }, 'které k organizaci patří'],
    ]
    for (const [fields, words] of wrong) {
      const answer = await post(jana, path(), fields)
      expect([answer.statusCode, answer.body.includes(words), words]).toEqual([422, true, words])
    }
    for (const hostile of [
      {},
      { base: 'x', repeat: '0' },
      { ...right, to_1: 'root' },
      { ...right, delay_1: '-1' },
    ])
      expect((await post(jana, path(), hostile as Record<string, string>)).statusCode).toBe(422)
    expect((await held()).version).toBe(3)
  })

  it('of the coordinators is kept by them', async () => {
    const given = { base: '0', repeat: '3', delay_1: '0', to_1: 'duty', by_1: ['sms', 'mail'] }
    expect((await post(karel, '/duty/policies/csirt', given)).statusCode).toBe(303)
    expect((await get(karel, '/duty/policies/csirt')).body).toContain('Karel Koordinátor')
    await expect(
      asEngine(db, (tx) =>
        setPolicy(tx, { org: null, kind: 'csirt', policy: defaultPolicies.csirt }, jana, now),
      ),
    ).rejects.toThrow('kept by')
  })
})
