import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, cookieOf } from '../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
} from '../../../test/harness.ts'
import { openPages } from '../../app.ts'
import type { Actor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { withoutSecrets } from '../../platform/log.ts'

const hour = 3_600_000
const at = (text: string): number => Date.parse(text)

interface Read {
  head: Map<string, string>
  events: Map<string, string>[]
}

/** A reader of its own for RFC 5545: unfolds lines, keeps what stands in events; throws where the grammar is broken. */
function parse(text: string): Read {
  if (/[^\r]\n/.test(text) || !text.endsWith('END:VCALENDAR\r\n')) throw new Error('line ends')
  for (const line of text.split('\r\n'))
    if (Buffer.byteLength(line) > 75) throw new Error(`long line: ${line}`)
  const lines = text
    .replace(/\r\n[ \t]/g, '')
    .split('\r\n')
    .filter((line) => line !== '')
  const head = new Map<string, string>()
  const events: Map<string, string>[] = []
  const open: string[] = []
  for (const line of lines) {
    const [, name = '', value = ''] = /^([A-Z-]+(?:;[^:]*)?):(.*)$/.exec(line) ?? []
    if (name === '') throw new Error(`no property: ${line}`)
    if (name === 'BEGIN') {
      open.push(value)
      if (value === 'VEVENT') events.push(new Map())
    } else if (name === 'END') {
      if (open.pop() !== value) throw new Error(`not open: ${value}`)
    } else if (open.at(-1) === 'VEVENT') events.at(-1)?.set(name, value.replace(/\\([,;\\])/g, '$1'))
    else if (open.length === 1) head.set(name, value)
  }
  return { head, events }
}

/** `20261025T060000Z` in ms; NaN for anything that is no UTC. */
const utc = (text = ''): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))

describe('a calendar feed', () => {
  let db: TestDatabase
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let lipova: Hospital
  let jana: Actor
  let petr: Actor
  let karel: Actor
  let cizi: Actor
  let path = ''
  let now = at('2026-10-19T05:00:00Z')

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
    path = String(
      (await post(jana, '/duty', { org: String(lipova.id), name: 'Pohotovost IT' })).headers.location,
    )
    path = path.split('?')[0] ?? ''
    await post(jana, `${path}/rules`, {
      weekdays: ['1', '2', '3', '4', '5', '6', '7'],
      from: '07:00',
      to: '07:00',
      rotation: 'weekly',
      length: '1',
      start: '2026-10-19T07:00',
      people: [String(jana.person), String(petr.person)],
    })
  })
  afterAll(async () => {
    await app.close()
    await stop()
    await db.drop()
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
  const made = async (who: Actor, duty: string): Promise<string> => {
    const answer = await post(who, '/duty/feeds', { duty })
    expect(answer.statusCode).toBe(200)
    const address = /\/duty\/feeds\/[\w-]{32}\/duty\.ics/.exec(answer.body)?.[0] ?? ''
    expect(address).not.toBe('')
    return address
  }
  const fetched = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })
  const dutyId = (): string => path.split('/')[2] ?? ''

  it('of a duty tells who serves by the clock on the wall, through both changes of it', async () => {
    const feed = await made(petr, dutyId())
    const autumn = await fetched(feed)
    expect(autumn.headers['content-type']).toBe('text/calendar; charset=utf-8')
    const { head, events } = parse(autumn.body)
    expect(head.get('METHOD')).toBe('PUBLISH')
    expect(head.get('REFRESH-INTERVAL;VALUE=DURATION')).toBe('PT1H')
    expect(events.every((event) => !Number.isNaN(utc(event.get('DTSTAMP'))))).toBe(true)
    expect(new Set(events.map((event) => event.get('UID'))).size).toBe(events.length)
    const [first, second] = events
    expect([utc(first?.get('DTSTART')), utc(first?.get('DTEND'))]).toEqual([
      at('2026-10-19T05:00:00Z'),
      at('2026-10-26T06:00:00Z'),
    ])
    expect(first?.get('SUMMARY')).toBe('Pohotovost IT: Jana Nováková')
    expect(second?.get('SUMMARY')).toBe('Pohotovost IT: Petr Dub')
    expect(utc(events.at(-1)?.get('DTEND'))).toBe(at('2027-01-10T23:00:00Z'))
    now = at('2027-03-22T06:00:00Z')
    const spring = parse((await fetched(feed)).body).events
    expect(utc(spring[0]?.get('DTEND')) - utc(spring[0]?.get('DTSTART'))).toBe(167 * hour)
    now = at('2026-10-19T05:00:00Z')
  })

  it('stays the same through a day and is asked for again for nothing', async () => {
    const feed = await made(petr, dutyId())
    const first = await fetched(feed)
    now += hour
    const again = await fetched(feed, { 'if-none-match': String(first.headers.etag) })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    await post(jana, `${path}/changes`, {
      kind: 'replace',
      whom: String(jana.person),
      stand_in: String(petr.person),
      from: '2026-10-21T08:00',
      to: '2026-10-21T18:00',
    })
    const changed = await fetched(feed, { 'if-none-match': String(first.headers.etag) })
    expect(changed.statusCode).toBe(200)
    expect(parse(changed.body).events[1]?.get('SUMMARY')).toBe('Pohotovost IT: Petr Dub')
  })

  it('of a person has the own shifts alone', async () => {
    const { events } = parse((await fetched(await made(petr, ''))).body)
    expect(events.length).toBeGreaterThan(5)
    expect(new Set(events.map((event) => event.get('SUMMARY')))).toEqual(
      new Set(['Služba: Pohotovost IT (Nemocnice Lipová)']),
    )
    const nobodys = await fetched(await made(karel, ''))
    expect(parse(nobodys.body).events).toEqual([])
  })

  it('names gaps to those who keep the duty, and to nobody else', async () => {
    const begun = await post(jana, '/duty', { org: String(lipova.id), name: 'Noční' })
    const night = String(begun.headers.location).split('?')[0] ?? ''
    await post(jana, `${night}/rules`, {
      weekdays: '1',
      from: '22:00',
      to: '06:00',
      people: String(petr.person),
    })
    const titles = async (who: Actor) =>
      parse((await fetched(await made(who, night.split('/')[2] ?? ''))).body).events.map((event) =>
        event.get('SUMMARY'),
      )
    expect(await titles(jana)).toContain('Nikdo neslouží: Noční')
    for (const who of [petr, karel]) expect(new Set(await titles(who))).toEqual(new Set(['Noční: Petr Dub']))
  })

  it('ends with its address, and with whoever left', async () => {
    expect((await fetched('/duty/feeds/abcdefghijklmnopqrstuvwx/duty.ics')).statusCode).toBe(404)
    expect((await post(cizi, '/duty/feeds', { duty: dutyId() })).statusCode).toBe(404)
    for (const duty of ['x', '-1', '99999999999', "1'"])
      expect((await post(petr, '/duty/feeds', { duty })).statusCode).toBe(422)
    const feed = await made(jana, dutyId())
    const { rows } = await db.engine.query<{ id: number }>('select max(id) as id from duty_feeds')
    expect((await post(petr, `/duty/feeds/${rows[0]?.id}/end`, {})).statusCode).toBe(404)
    expect((await post(jana, `/duty/feeds/${rows[0]?.id}/end`, {})).statusCode).toBe(303)
    expect((await fetched(feed)).statusCode).toBe(404)
    const hana = await addPerson(db, 'Hana Odešlá', [['duty', lipova]])
    const theirs = await made(hana, dutyId())
    expect((await fetched(theirs)).statusCode).toBe(200)
    await db.engine.query(
      'update engagements set valid_to = to_timestamp($2 / 1000.0) where person_id = $1',
      [hana.person, now - 1],
    )
    expect((await fetched(theirs)).statusCode).toBe(404)
  })

  it('whose owner works elsewhere now shows nothing of where they were', async () => {
    const ivan = await addPerson(db, 'Ivan Přešlý', [['duty', lipova]])
    const feed = await made(ivan, dutyId())
    await db.engine.query(`update engagements set role = 'operator', org_id = null where person_id = $1`, [
      ivan.person,
    ])
    expect((await fetched(feed)).statusCode).toBe(404)
  })

  it('is kept as a hash, and its address stands in no log', async () => {
    const feed = await made(petr, dutyId())
    const token = feed.split('/')[3] ?? ''
    const { rows } = await db.engine.query<{ n: number }>(
      `select count(*)::int as n from duty_feeds f where f::text like '%' || $1 || '%'`,
      [token],
    )
    expect(rows[0]?.n).toBe(0)
    const { rows: trail } = await db.engine.query<{ text: string }>(
      `select string_agg(a::text, ' ') as text from audit a`,
    )
    expect(trail[0]?.text).not.toContain(token)
    expect(withoutSecrets(`GET ${feed} 500`)).toBe('GET /duty/feeds/***/duty.ics 500')
  })
})
