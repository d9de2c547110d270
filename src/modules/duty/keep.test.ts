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
import type { App } from '../../platform/http.ts'
import { duties, dutyAt, scheduleOf } from './read.ts'
import { onDuty } from './rota.ts'

const hour = 3_600_000

describe('duties', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let lipova: Hospital
  let jana: Actor
  let petr: Actor
  let cizi: Actor
  let karel: Actor
  const now = tuesday

  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
    const bukova = await addHospital(db, 'Nemocnice Buková', ['192.0.2.128/25'])
    jana = await addPerson(db, 'Jana Nováková', [['admin', lipova]])
    petr = await addPerson(db, 'Petr Dub', [['duty', lipova]])
    cizi = await addPerson(db, 'Cyril Cizí', [['admin', bukova]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    ;({ context, stop } = contextOf(db, () => now))
    app = await openPages(context)
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
  })

  const get = async (who: Actor | null, url: string) =>
    app.inject({
      url,
      headers: { accept: 'text/html', cookie: who ? (await cookieOf(context, who)).cookie : '' },
    })
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
  const begun = async (who: Actor, org: string, name: string): Promise<string> => {
    const answer = await post(who, '/duty', { org, name, holidays: 'ignored' })
    expect(answer.statusCode).toBe(303)
    return /^\/duty\/\d+/.exec(String(answer.headers.location))?.[0] ?? ''
  }
  const idOf = (path: string): number => Number(path.split('/')[2])
  const onDutyAt = (who: Actor, path: string, at = now): Promise<number[]> =>
    asActor(db, who, at, async (tx) =>
      onDuty(scheduleOf(await dutyAt(tx, idOf(path), at), 'Europe/Prague'), at),
    )
  const always = { weekdays: ['1', '2', '3', '4', '5', '6', '7'], from: '07:00', to: '07:00' }

  it('are begun by who keeps them, and told by name and hour', async () => {
    const path = await begun(jana, String(lipova.id), 'Pohotovost IT')
    expect((await get(jana, path)).body).toContain('Služba zatím nemá žádné pravidlo')
    const people = [String(jana.person), String(petr.person), '']
    const turns = { rotation: 'weekly', length: '1', start: '2026-03-02T07:00', people }
    expect((await post(jana, `${path}/rules`, { ...always, ...turns })).headers.location).toBe(
      `${path}?done=rule`,
    )
    expect(await onDutyAt(jana, path)).toEqual([jana.person])
    expect(await onDutyAt(jana, path, tuesday + 7 * 24 * hour)).toEqual([petr.person])
    const body = (await get(petr, '/duty')).body
    expect(body).toContain('Jana Nováková')
    expect(body).toContain('je služba bez mezery')
    const page = (await get(petr, path)).body
    expect(page).toContain('každý den celý den od 07:00; střídání po 1 týdnu')
    expect(page).not.toContain('Přidat pravidlo')
  })

  it('are read by the coordinators, and are nobody else’s', async () => {
    const path = await begun(jana, String(lipova.id), 'Síť')
    expect((await get(karel, path)).statusCode).toBe(200)
    expect((await get(karel, '/duty')).body).toContain('Služby členů')
    for (const url of [path, `${path}/end`]) expect((await get(cizi, url)).statusCode).toBe(404)
    expect((await get(cizi, '/duty')).body).not.toContain('Síť')
    expect((await get(null, path)).headers.location).toContain('/sign-in')
    expect((await post(karel, `${path}/rules`, { ...always, people: String(jana.person) })).statusCode).toBe(
      403,
    )
    expect((await post(petr, `${path}/rules`, { ...always, people: String(jana.person) })).statusCode).toBe(
      403,
    )
    expect((await post(cizi, `${path}/rules`, { ...always, people: String(jana.person) })).statusCode).toBe(
      404,
    )
    expect((await post(cizi, '/duty', { org: String(lipova.id), name: 'x' })).statusCode).toBe(403)
    expect((await post(petr, '/duty', { org: '', name: 'x' })).statusCode).toBe(403)
  })

  it('of the coordinators are theirs alone', async () => {
    const path = await begun(karel, '', 'CSIRT')
    expect((await post(karel, `${path}/rules`, { ...always, people: String(karel.person) })).statusCode).toBe(
      303,
    )
    expect(await onDutyAt(karel, path)).toEqual([karel.person])
    expect((await get(jana, path)).statusCode).toBe(404)
    expect((await post(karel, `${path}/rules`, { ...always, people: String(jana.person) })).statusCode).toBe(
      422,
    )
  })

  it('change for a while, and back', async () => {
    const path = await begun(jana, String(lipova.id), 'Výjimky')
    await post(jana, `${path}/rules`, { ...always, people: String(jana.person) })
    const leave = { from: '2026-03-03T08:00', to: '2026-03-03T18:00', note: 'lékař' }
    const swap = { ...leave, kind: 'replace', whom: String(jana.person), stand_in: String(petr.person) }
    expect((await post(jana, `${path}/changes`, swap)).statusCode).toBe(303)
    expect(await onDutyAt(jana, path)).toEqual([petr.person])
    expect((await get(jana, path)).body).toContain('Petr Dub místo Jana Nováková')
    const { changes } = await asActor(db, jana, now, (tx) => dutyAt(tx, idOf(path), now))
    await post(jana, `${path}/changes/${changes[0]?.id}/withdrawal`, {})
    expect(await onDutyAt(jana, path)).toEqual([jana.person])
    expect((await post(jana, `${path}/changes/${changes[0]?.id}/withdrawal`, {})).statusCode).toBe(404)
  })

  it('leave a gap where somebody stopped acting, at once, and say so', async () => {
    const hana = await addPerson(db, 'Hana Odešlá', [['duty', lipova]])
    const path = await begun(jana, String(lipova.id), 'Odchod')
    await post(jana, `${path}/rules`, { ...always, people: String(hana.person) })
    expect(await onDutyAt(jana, path)).toEqual([hana.person])
    await db.engine.query(
      'update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = $1',
      [hana.person, now - 1],
    )
    expect(await onDutyAt(jana, path)).toEqual([])
    const body = (await get(jana, path)).body
    expect(body).toContain('Za organizaci už nepůsobí: Hana Odešlá')
    expect(body).toContain('krát nikdo neslouží')
    const again = await post(jana, `${path}/rules`, { ...always, people: String(hana.person) })
    expect(again.statusCode).toBe(422)
    expect(again.body).toContain('Vyberte lidi, kteří tu působí.')
  })

  it('refuse what is wrong by its field, and keep what was typed', async () => {
    const path = await begun(jana, String(lipova.id), 'Chyby')
    const own = String(jana.person)
    const wrong: [Record<string, string | string[]>, string][] = [
      [{ ...always, weekdays: [], people: own }, 'Vyberte aspoň jeden den.'],
      [{ ...always, from: '25:00', people: own }, 'Zadejte čas jako 07:00.'],
      [{ ...always, people: [own, String(petr.person)] }, 'Bez střídání slouží jen jeden'],
      [{ ...always, rotation: 'weekly', length: '0', start: '2026-03-02T07:00', people: own }, 'od 1 do 366'],
      [{ ...always, rotation: 'weekly', start: '2026-02-30T07:00', people: own }, 'Zadejte datum a čas.'],
      [{ ...always, people: '999999' }, 'Vyberte lidi, kteří tu působí.'],
    ]
    for (const [fields, words] of wrong) {
      const answer = await post(jana, `${path}/rules`, fields)
      expect([answer.statusCode, answer.body.includes(words), words]).toEqual([422, true, words])
    }
    const changed = async (fields: Record<string, string>) =>
      (await post(jana, `${path}/changes`, { kind: 'add', whom: own, ...fields })).body
    expect(await changed({ from: '2026-03-04T08:00', to: '2026-03-04T07:00' })).toContain(
      'Konec musí být po začátku',
    )
    expect(await changed({ from: '2026-03-01T08:00', to: '2026-03-02T07:00' })).toContain(
      'Konec musí být po začátku',
    )
    expect(await changed({ from: '2026-03-01T08:00', to: '2028-03-02T07:00' })).toContain('nejvýš rok')
    expect(await changed({ from: 'zítra', to: '2026-03-04T07:00' })).toContain('Zadejte datum a čas.')
    const absent = { kind: 'remove', from: '2026-03-04T08:00', to: '2026-03-05T07:00' }
    expect(await changed(absent)).toContain('Tento člověk tu službu nemá.')
    for (const hostile of [{ name: '' }, { name: 'Chyby' }, { name: 'x\0y' }, { name: 'x'.repeat(5_000) }])
      expect((await post(jana, '/duty', { org: String(lipova.id), ...hostile })).statusCode).toBe(422)
    expect((await get(jana, '/duty/99999999999')).statusCode).toBe(404)
    expect((await get(jana, '/duty/x')).statusCode).toBe(404)
  })

  it('end, and leave their trail', async () => {
    const path = await begun(jana, String(lipova.id), 'Konec')
    expect((await post(jana, `${path}/end`, {})).headers.location).toBe('/duty?done=ended')
    expect((await get(jana, path)).statusCode).toBe(404)
    expect((await asActor(db, jana, now, duties)).map(({ name }) => name)).not.toContain('Konec')
    const { rows } = await db.engine.query<{ verb: string }>(
      'select verb from audit where object = $1 order by id',
      [`duty ${idOf(path)}`],
    )
    expect(rows.map(({ verb }) => verb)).toEqual(['duty.begin', 'duty.end'])
    await begun(jana, String(lipova.id), 'Konec')
  })
})
