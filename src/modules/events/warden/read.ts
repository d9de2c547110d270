/** getEvents: the log from a serial on, as much of it as the reader may see, with the reader's remembered place. */
import type { Actor } from '../../../platform/access.ts'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { parseNet } from '../../../values/address.ts'
import { parseTlp } from '../../../values/tlp.ts'
import type { Register } from '../../members/index.ts'
import { categories as knownCategories } from '../classes.ts'
import type { Idea } from '../event.ts'
import { cut, unpack } from '../intake.ts'
import type { Sensor } from '../sensors.ts'
import type { WardenError } from './answers.ts'
import { type Arguments, integer } from './query.ts'
import { knownTags } from './tags.ts'

export const readLimit = 1000
/** Events looked at in one call when filters pass few. */
const mostScanned = 20_000

interface Found {
  serial: number
  batch_id: number
  idx: number
  raw_off: number
  raw_len: number
  mine: boolean
  hour: number
  sender: string
}

export interface Page {
  lastid: number
  events: Idea[]
  /** Serials that were purged before the reader came for them. */
  gap: number
}

type Filter = (event: Idea, sender: string) => boolean

const tops = new Set(knownCategories.map((c) => c.top))
const categoryNames = new Set(knownCategories.map((c) => c.category))
const nameKnown = (key: string, value: string): boolean =>
  key === 'cat' ? categoryNames.has(value) || tops.has(value) : key === 'tag' ? knownTags.has(value) : true

function categoriesOf(event: Idea): Set<string> {
  const names = new Set<string>()
  const given = Array.isArray(event.Category) ? (event.Category as string[]) : []
  for (const name of given.length > 0 ? given : ['Other']) {
    names.add(name)
    names.add(name.split('.')[0] as string)
    if (!categoryNames.has(name)) names.add('Other')
  }
  return names
}

function tagsOf(event: Idea): Set<string> {
  const tags = new Set<string>()
  for (const node of Array.isArray(event.Node) ? (event.Node as { Type?: unknown; Tags?: unknown }[]) : [])
    for (const tag of [node.Type, node.Tags].flat()) if (typeof tag === 'string') tags.add(knownTags.has(tag) ? tag : 'Other')
  return tags
}

const inGroup = (sender: string, group: string): boolean => sender === group.toLowerCase() || sender.startsWith(`${group.toLowerCase()}.`)

/** The filter that the arguments ask for, or the error that they make. */
export function filterOf(args: Arguments): { filter: Filter | null; ownOnly: boolean } | { error: WardenError } {
  const tests: Filter[] = []
  const kinds = {
    cat: (values: string[]) => (e: Idea) => values.some((v) => categoriesOf(e).has(v)),
    tag: (values: string[]) => (e: Idea) => values.some((v) => tagsOf(e).has(v)),
    group: (values: string[]) => (_: Idea, sender: string) => values.some((v) => inGroup(sender, v)),
  }
  for (const [key, make] of Object.entries(kinds)) {
    const yes = args.get(key)
    const no = args.get(`no${key}`)
    if (yes && no)
      return { error: { error: 422, message: `Unrealizable conditions. Choose ${key} or no${key} option.`, [key]: yes, [`no${key}`]: no } }
    const wrong = [...(yes ?? []), ...(no ?? [])].find((value) => !nameKnown(key, value))
    if (wrong !== undefined) return { error: { error: 422, message: 'Wrong tag or category used in query.', key: wrong } }
    if (yes) tests.push(make(yes))
    if (no) {
      const test = make(no)
      tests.push((e, sender) => !test(e, sender))
    }
  }
  const ownOnly = ['tag', 'notag', 'group', 'nogroup'].some((key) => args.has(key))
  return { filter: tests.length === 0 ? null : (e, sender) => tests.every((test) => test(e, sender)), ownOnly }
}

/** The actor as whom a reading sensor reads: the CSIRT's scope, or its organisation's. */
export function actorOfReader(sensor: Sensor): Actor {
  const engagements: Actor['engagements'] =
    sensor.scope === 'all' && sensor.org === null
      ? [{ org: null, orgName: null, role: 'coordinator' }]
      : sensor.org === null ? [] : [{ org: sensor.org, orgName: null, role: 'admin' }]
  return { person: 0, name: sensor.name, email: '', language: 'en', engagements }
}

/** What is left of another member's event: no target, no node, a source only outside every member's networks. */
function reduced(event: Idea, serial: number, register: Register, atMs: number): Idea | null {
  const tlp = parseTlp(String((event as { TLP?: unknown }).TLP ?? ''))
  if (tlp !== 'CLEAR' && tlp !== 'GREEN') return null
  const addresses = (Array.isArray(event.Source) ? event.Source : []).flatMap((s) => {
    const source = s as { IP4?: unknown; IP6?: unknown }
    return [source.IP4, source.IP6].flat().filter((a): a is string => typeof a === 'string')
  })
  const foreign = addresses.filter((a) => {
    const net = parseNet(a)
    return net !== null && register.touchedBy(net, atMs).length === 0
  })
  if (foreign.length === 0) return null
  const kept: Idea = { Format: 'IDEA0', ID: `hsoc-sector-${serial}` }
  for (const key of ['DetectTime', 'EventTime', 'CeaseTime', 'WinStartTime', 'WinEndTime', 'Category', 'ConnCount', 'FlowCount', 'PacketCount', 'ByteCount'])
    if (event[key] !== undefined) kept[key] = event[key]
  kept.Source = [{ IP4: foreign.filter((a) => a.includes('.')), IP6: foreign.filter((a) => a.includes(':')) }]
  return kept
}

async function bytesOf(tx: Tx, found: Found[], others: boolean): Promise<Map<number, Buffer>> {
  const packs = new Map<number, Buffer>()
  for (const batch of new Set(found.map((f) => f.batch_id))) {
    const { rows } = await tx.query<{ raw: Buffer | null }>('select batch_bytes($1, $2) as raw', [batch, others])
    if (rows[0]?.raw) packs.set(batch, await unpack(rows[0].raw))
  }
  return packs
}

const max = async (tx: Tx): Promise<number> => Number((await tx.query<{ n: number }>('select last_serial() as n')).rows[0]?.n ?? 0)

interface Wanted {
  after: number
  count: number
  filter: Filter | null
  others: boolean
}

async function page(tx: Tx, wanted: Wanted, register: Register): Promise<Page> {
  const events: Idea[] = []
  let { after } = wanted
  let scanned = 0
  const newest = await max(tx)
  while (events.length < wanted.count && scanned < mostScanned) {
    const { rows } = await tx.query<Found>('select * from events_after($1, $2, $3)', [after, Math.min(wanted.count, 500), wanted.others])
    if (rows.length === 0) {
      after = newest
      break
    }
    const packs = await bytesOf(tx, rows, wanted.others)
    for (const row of rows) {
      if (events.length >= wanted.count) break
      after = row.serial
      scanned++
      const pack = packs.get(row.batch_id)
      if (!pack) continue
      const event = JSON.parse(cut(pack, row.raw_off, row.raw_len).toString('utf8').replace(/^\uFEFF/, '')) as Idea
      if (wanted.filter && !wanted.filter(event, row.sender)) continue
      const given = row.mine ? event : reduced(event, row.serial, register, row.hour * 3_600_000)
      if (given) events.push(given)
    }
  }
  return { lastid: events.length === 0 ? Math.max(after, 0) : after, events, gap: 0 }
}

/** One call. `id` absent: from the remembered place; zero or less: counted from the end; `count` 0 moves nothing. */
export async function read(context: Context, sensor: Sensor, args: Arguments, register: Register, now: number): Promise<Page | { error: WardenError }> {
  const filters = filterOf(args)
  if ('error' in filters) return filters
  const others = sensor.scope === 'sector' && !filters.ownOnly
  const given = integer(args, 'id')
  const asked = integer(args, 'count')
  const count = Math.min(asked === null || asked < 0 ? 1000 : asked, readLimit)
  const place = given === null ? await remembered(context, sensor) : null
  const result = await asActor(context.db, actorOfReader(sensor), now, async (tx) => {
    const newest = await max(tx)
    if (given === null && place === null) return { lastid: newest, events: [], gap: 0 }
    let after = given ?? (place as number)
    if (given !== null && given <= 0) after = Math.max(newest + given, 0)
    if (count === 0) return { lastid: after, events: [], gap: 0, still: true }
    if (after > newest) return { lastid: newest, events: [], gap: 0 }
    const first = Number((await tx.query<{ n: number }>('select first_serial() as n')).rows[0]?.n ?? 0)
    const found = await page(tx, { after, count, filter: filters.filter, others }, register)
    return { ...found, gap: first > 1 && after < first - 1 ? first - 1 - after : 0 }
  })
  if (!('still' in result)) await remember(context, sensor, result.lastid)
  return { lastid: result.lastid, events: result.events, gap: result.gap }
}

async function remembered(context: Context, sensor: Sensor): Promise<number | null> {
  const { rows } = await context.db.engine.query<{ serial: number }>('select serial from reader_cursors where sensor_id = $1', [sensor.id])
  return rows[0]?.serial ?? null
}

async function remember(context: Context, sensor: Sensor, serial: number): Promise<void> {
  await context.db.engine.query(
    `insert into reader_cursors (sensor_id, serial, previous_serial) values ($1, $2, $2)
     on conflict (sensor_id) do update set previous_serial = reader_cursors.serial, serial = excluded.serial`,
    [sensor.id, serial],
  )
}
