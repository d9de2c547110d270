/**
 * What the figures are held against, on the same machine, database and events: A1 one row per commit through pg; A2
 * COPY of the events as jsonb, 500 per commit, three indexes, one connection; A3 JSON.parse of the same batches.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import copy from 'pg-copy-streams'
import { type Body, bodyReader, type Prepared } from './bodies.ts'
import { since } from './statistics.ts'

interface Event {
  ID: string
  DetectTime: string
  Source: { IP4?: string[]; IP6?: string[] }[]
}

const sourceOf = (event: Event): string => event.Source[0]?.IP4?.[0] ?? event.Source[0]?.IP6?.[0] ?? ''

async function fresh(owner: pg.Pool, name: string): Promise<void> {
  await owner.query(`drop table if exists ${name}`)
  await owner.query(
    `create table ${name} (id text not null, detected_at timestamptz not null, source text not null, event jsonb not null)`,
  )
  await owner.query(`create unique index on ${name} (id)`)
  await owner.query(`create index on ${name} (detected_at)`)
  await owner.query(`create index on ${name} (source, detected_at)`)
}

export const openYardsticks = async (owner: pg.Pool): Promise<void> => {
  await fresh(owner, 'yard_copy')
  await fresh(owner, 'yard_row')
}

export async function clearYardsticks(owner: pg.Pool): Promise<void> {
  await owner.query('truncate yard_copy')
  await owner.query('truncate yard_row')
}

function* read(prepared: Prepared, most: number): Generator<{ body: Body; bytes: Buffer }> {
  const reader = bodyReader(prepared.file)
  let events = 0
  for (const body of prepared.bodies) {
    if (events >= most) break
    yield { body, bytes: reader.read(body) }
    events += body.events
  }
  reader.close()
}

/** Text of COPY: backslashes doubled; JSON.stringify writes no tab or line end by itself. */
const line = (event: Event): string =>
  `${event.ID}\t${event.DetectTime}\t${sourceOf(event)}\t${JSON.stringify(event).replaceAll('\\', '\\\\')}\n`

/** Rows a second; the lines are made before the clock runs. */
export async function copyRate(owner: pg.Pool, prepared: Prepared, most: number): Promise<number> {
  let spent = 0
  let rows = 0
  const client = await owner.connect()
  try {
    for (const { body, bytes } of read(prepared, most)) {
      const text = Buffer.from((JSON.parse(bytes.toString()) as Event[]).map(line).join(''))
      const from = performance.now()
      await client.query('begin')
      await pipeline(
        Readable.from([text], { objectMode: false }),
        client.query(copy.from('copy yard_copy (id, detected_at, source, event) from stdin')),
      )
      await client.query('commit')
      spent += since(from)
      rows += body.events
    }
  } finally {
    client.release()
  }
  return (rows / spent) * 1000
}

export async function rowRate(owner: pg.Pool, prepared: Prepared, most: number): Promise<number> {
  const [first] = read(prepared, Math.min(most, 1))
  const all = [...read(prepared, most)].flatMap(({ bytes }) => JSON.parse(bytes.toString()) as Event[])
  const rows = all.slice(0, first ? most : 0)
  const client = await owner.connect()
  const from = performance.now()
  try {
    for (const event of rows)
      await client.query('insert into yard_row (id, detected_at, source, event) values ($1, $2, $3, $4)', [
        event.ID,
        event.DetectTime,
        sourceOf(event),
        JSON.stringify(event),
      ])
  } finally {
    client.release()
  }
  return (rows.length / since(from)) * 1000
}

/** Events a second that JSON.parse reads, from bytes. */
export function parseRate(prepared: Prepared, most: number): number {
  let spent = 0
  let events = 0
  for (const { body, bytes } of read(prepared, most)) {
    const from = performance.now()
    JSON.parse(bytes.toString())
    spent += since(from)
    events += body.events
  }
  return (events / spent) * 1000
}
