/** The stored events one after another, as far as the actor of the transaction may read them. */
import type { Tx } from '../../../platform/database.ts'
import { isPrivate, parseNet } from '../../../values/address.ts'
import type { Register } from '../../members/index.ts'
import { copyOf } from '../copies.ts'
import { tlpOf } from '../derive.ts'
import type { Idea } from '../event.ts'
import { cut, unpack } from '../packed.ts'
import { insideOf, readStored } from '../read-record.ts'

interface Row {
  serial: number
  batch_id: number
  idx: number
  raw_off: number
  raw_len: number
  raw_size: number
  mine: boolean
  /** It concerns others too, and neither the sensor nor the coordination is the reader's. */
  shared: boolean
  /** Sources of another's event that enough members met. */
  seen: string[] | null
  at_ms: number
  received_ms: number
  format: string
  sender: string
  inline: boolean
  lenient: boolean
  zone: string
  inside: string[] | null
}

export interface LoggedEvent {
  serial: number
  sender: string
  size: number
  /** As understood at receipt; null when its bytes cannot be read any more. */
  idea: Idea | null
  /** What the reader gets: the event, its copy without what belongs to others, or what may be told of another's; null for nothing. */
  given(): Promise<Idea | null>
}

/** Unpacked bytes held at once. */
const mostUnpacked = 16 * 1024 * 1024

/** Events with `after` < serial <= `upto`, ascending, at most `limit`; with `others` also those of which only a part may be told. */
export async function* eventsBetween(
  tx: Tx,
  after: number,
  upto: number,
  limit: number,
  others: boolean,
  register: Register,
): AsyncGenerator<LoggedEvent> {
  const { rows } = await tx.query<Row & Record<string, unknown>>(
    'select * from events_after($1, $2, $3, $4)',
    [after, upto, limit, others],
  )
  let packs = new Map<number, Buffer>()
  for (const [i, row] of rows.entries()) {
    if (!packs.has(row.batch_id)) packs = await unpacked(tx, nextBatches(rows.slice(i)))
    const pack = packs.get(row.batch_id)
    const idea = pack ? await ideaOf(row, pack) : null
    yield {
      serial: row.serial,
      sender: row.sender,
      size: row.raw_len,
      idea,
      given: async () => {
        if (idea === null) return null
        if (!row.mine) return reduced(idea, row, register)
        return row.shared ? copyOf(tx, { batch: row.batch_id, idx: row.idx }, idea) : idea
      },
    }
  }
}

function nextBatches(rows: Row[]): number[] {
  const ids = new Set<number>()
  let size = 0
  for (const row of rows) {
    if (ids.has(row.batch_id)) continue
    size += row.raw_size
    if (ids.size > 0 && size > mostUnpacked) break
    ids.add(row.batch_id)
  }
  return [...ids]
}

async function unpacked(tx: Tx, batches: number[]): Promise<Map<number, Buffer>> {
  const { rows } = await tx.query<{ id: number; raw: Buffer }>('select id, raw from batch_bytes($1)', [
    batches,
  ])
  const packs = new Map<number, Buffer>()
  for (const { id, raw } of rows) packs.set(id, await unpack(raw))
  return packs
}

async function ideaOf(row: Row, pack: Buffer): Promise<Idea | null> {
  const bytes = cut(pack, row.raw_off, row.raw_len)
  const nets = (row.inside ?? []).map(parseNet).filter((net) => net !== null)
  const sensor = {
    name: row.sender,
    inline: row.inline,
    zone: row.zone,
    receivedMs: row.received_ms,
    ...insideOf(nets),
  }
  return readStored(row.format, pack, bytes, sensor, row.lenient)
}

/**
 * What is left of another member's event: no target, no node, no text; of the sources those that enough members met and
 * that are no address of a member. Judged when it is read.
 */
function reduced(event: Idea, row: Row, register: Register): Idea | null {
  const tlp = tlpOf(event)
  if (tlp !== 'CLEAR' && tlp !== 'GREEN') return null
  const sources = (row.seen ?? []).filter((text) => {
    const net = parseNet(text)
    return net !== null && !isPrivate(net) && register.touchedBy(net, row.at_ms).length === 0
  })
  if (sources.length === 0) return null
  const kept: Idea = { Format: 'IDEA0', ID: `hsoc-sector-${row.serial}` }
  for (const key of told) if (event[key] !== undefined) kept[key] = event[key]
  const v4 = sources.filter((a) => !a.includes(':'))
  const v6 = sources.filter((a) => a.includes(':'))
  kept.Source = [{ ...(v4.length > 0 ? { IP4: v4 } : {}), ...(v6.length > 0 ? { IP6: v6 } : {}) }]
  return kept
}

const told = [
  'DetectTime',
  'EventTime',
  'CeaseTime',
  'WinStartTime',
  'WinEndTime',
  'Category',
  'ConnCount',
  'FlowCount',
  'PacketCount',
  'ByteCount',
]
