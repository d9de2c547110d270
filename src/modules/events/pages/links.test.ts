/** Pages are walked as a reader would: every link opens, and every number opens as many rows as it says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, createDatabase, type TestDatabase } from '../../../../test/harness.ts'
import { contextOf, openEventPages, type Reader, readerOf, simulateInto } from '../../../../test/sector.ts'
import type { App } from '../../../platform/http.ts'
import type { DayFigures } from '../queries/day.ts'

process.env.HSOC_STRICT_I18N = '1'
const day = '2026-03-03'
const now = Date.parse('2026-03-03T22:59:00Z')

let db: TestDatabase
let app: App
let coordinator: Reader
let member: Reader
let several: Reader

beforeAll(async () => {
  db = await createDatabase()
  const hospitals = [...(await simulateInto(db, day, 3_000, now)).values()]
  const context = contextOf(db, () => now)
  app = await openEventPages(context)
  const [first, second] = hospitals
  if (!first || !second) throw new Error('the demonstration has hospitals')
  coordinator = await readerOf(
    app,
    context,
    await addPerson(db, 'Petra Koordinátorová', [['coordinator', null]]),
  )
  member = await readerOf(app, context, await addPerson(db, 'Jan Správce', [['admin', first]], 'en'))
  several = await readerOf(
    app,
    context,
    await addPerson(db, 'Eva Dvojdomá', [
      ['admin', first],
      ['manager', second],
    ]),
  )
}, 300_000)
afterAll(async () => {
  await app.close()
  await db.drop()
})

const linksOf = (html: string): string[] => [
  ...new Set(
    [...html.matchAll(/href="(\/[^"#]*)"/g)]
      .map(([, href]) => (href ?? '').replaceAll('&amp;', '&'))
      .filter((href) => /^\/(days|episodes|events|sources|sensors|search|lists)\b/.test(href)),
  ),
]

/** One of each shape is walked: a list of a hundred events has a hundred links of one shape. */
const shapeOf = (href: string): string =>
  href
    .replace(/\d+/g, '9')
    .replace(/=[^&]*/g, '=')
    .replace(/sources\/[^?]*/, 'sources/a')

async function walk(reader: Reader, from: string[]): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  const shapes = new Set<string>()
  const waiting = [...from]
  while (waiting.length > 0) {
    const href = waiting.shift() as string
    const shape = shapeOf(href)
    if (shapes.has(shape)) continue
    shapes.add(shape)
    const { status, body, headers } = await reader.get(href)
    seen.set(href, status)
    if (status === 303) waiting.push(String(headers.location))
    if (String(headers['content-type']).includes('html')) waiting.push(...linksOf(body))
  }
  return seen
}

const starts = [
  '/days',
  `/days/${day}`,
  '/episodes',
  '/sensors',
  '/search?q=198.51.100.0/24',
  '/search?q=ssh',
  '/lists',
]

describe.each([
  ['a coordinator', () => coordinator],
  ['a member', () => member],
  ['a person of two organisations', () => several],
])('every link opens for %s', (_name, who) => {
  it('from the entrances on', async () => {
    const seen = await walk(who(), starts)
    expect(seen.size).toBeGreaterThan(25)
    expect([...seen].filter(([, status]) => status >= 400)).toEqual([])
  }, 300_000)
})

/** All rows of a list, page by page. */
async function countRows(
  reader: Reader,
  href: string,
): Promise<{ rows: number; total: number | null; distinct: number }> {
  const [path = '', query = ''] = href.split('?')
  const params = new URLSearchParams(query)
  params.set('limit', '400')
  const keys = new Set<string>()
  let rows = 0
  let total: number | null = null
  for (;;) {
    const { status, body } = await reader.get(`${path}.json?${params}`, { accept: 'application/json' })
    expect(status).toBe(200)
    const page = JSON.parse(body) as { rows: object[]; total: number; older: string | null }
    total ??= page.total
    rows += page.rows.length
    for (const row of page.rows) keys.add(JSON.stringify(row))
    if (!page.older) return { rows, total, distinct: keys.size }
    params.set('older', page.older)
  }
}

/** Lists that the page's numbers open, with the number each stands for. */
function numbersOf(figures: DayFigures, keep: string): [string, number][] {
  const to = (list: string, query = ''): string =>
    `/days/${day}/${list}?${[keep, query].filter(Boolean).join('&')}`
  const q = encodeURIComponent
  return [
    [to('events'), figures.events],
    [to('detections'), figures.detections],
    [to('sources'), figures.sources],
    [to('events', 'verdict=through'), figures.got_through],
    [to('events', 'verdict=dropped'), figures.dropped],
    [to('events', 'verdict=known'), figures.events - figures.unknown],
    ...figures.by_class
      .slice(0, 6)
      .map((kind): [string, number] => [to('events', `class=${kind.key}`), kind.events]),
    [to('events', 'verdict=unknown'), figures.unknown],
    ...figures.by_class
      .slice(0, 6)
      .map((kind): [string, number] => [to('detections', `class=${kind.key}`), kind.detections]),
    ...figures.by_organisation
      .slice(0, 3)
      .map((org): [string, number] => [`/days/${day}/events?org=${org.id}`, org.events]),
    ...figures.by_hour
      .filter((_, i) => i % 5 === 0)
      .map((hour): [string, number] => [to('detections', `hour=${hour.key.slice(0, 13)}`), hour.detections]),
    ...figures.by_hour
      .filter((_, i) => i % 5 === 0)
      .map((hour): [string, number] => [to('events', `hour=${hour.key.slice(0, 13)}`), hour.events]),
    ...figures.by_sensor
      .slice(0, 3)
      .map((s): [string, number] => [to('events', `sensor=${s.key}`), s.events]),
    ...figures.by_detector
      .slice(0, 3)
      .map((d): [string, number] => [to('events', `detector=${d.key}`), d.events]),
    ...figures.by_port.slice(0, 3).map((p): [string, number] => [to('events', `port=${p.key}`), p.events]),
    ...figures.top_sources.slice(0, 4).flatMap((s): [string, number][] => [
      [to('events', `source=${q(s.address)}`), s.events],
      [to('events', `source=${q(s.address)}&verdict=through`), s.got_through],
      [to('detections', `source=${q(s.address)}`), s.detections],
    ]),
  ]
}

describe.each([
  ['a coordinator', () => coordinator, ''],
  ['a coordinator at one organisation', () => coordinator, 'org=1'],
  ['a member', () => member, ''],
  ['a person of two organisations', () => several, ''],
])('every number opens as many rows as it says: %s', (_name, who, keep) => {
  it('on the daily view', async () => {
    const { body } = await who().get(`/days/${day}.json?${keep}`)
    const figures = JSON.parse(body) as DayFigures
    expect(figures.events).toBeGreaterThan(0)
    for (const [href, number] of numbersOf(figures, keep)) {
      const { rows, total, distinct } = await countRows(who(), href)
      expect({ href, rows, total, distinct }).toEqual({ href, rows: number, total: number, distinct: number })
    }
  }, 300_000)
})
