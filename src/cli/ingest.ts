/** `hsoc ingest`: a file of events through the same code as the doors, understood at once. */
import { createReadStream, openSync, statSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { condenseAll } from '../modules/events/condense.ts'
import { FeedStopped, feed, type Summary } from '../modules/events/feed.ts'
import { openIntake } from '../modules/events/intake.ts'
import { openLabeller } from '../modules/events/labels.ts'
import { begin, otherFormats } from '../modules/events/likeness.ts'
import { keep } from '../modules/events/rejects.ts'
import { enabled, type Sensor } from '../modules/events/sensors.ts'
import { formats } from '../modules/events/sources/index.ts'
import { loadRegister } from '../modules/members/index.ts'
import { work as workRules } from '../modules/warnings/index.ts'
import { record } from '../platform/audit.ts'
import { asEngine } from '../platform/database.ts'
import { Invalid, NotFound } from '../platform/errors.ts'
import { COORDINATORS } from '../values/scopes.ts'
import { type Call, type Command, Misuse, unreadable } from './command.ts'
import { nearestWord } from './nearest.ts'
import { knownSensor } from './sensor-lines.ts'
import type { Installation } from './terminal.ts'

function formatOf(call: Call): string {
  const said = call.text('format') ?? 'idea'
  const found = formats().find((one) => one === said.toLowerCase())
  if (found) return found
  const near = nearestWord(said, formats())
  throw new Misuse(
    call.t('cli.unknown_format', { word: said, formats: formats().join(', ') }) +
      (near ? ` ${call.t('cli.did_you_mean', { near })}` : ''),
  )
}

function receivedOf(call: Call): number | null {
  const said = call.text('received')
  if (said === undefined) return null
  const ms = /^\d{4}-\d{2}-\d{2}/.test(said) ? Date.parse(said) : Number.NaN
  if (Number.isNaN(ms)) throw new Misuse(call.t('cli.not_a_time', { word: said }))
  return ms
}

interface Source {
  chunks: AsyncIterable<Uint8Array>
  /** Bytes on disk; null when nobody knows. */
  size: number | null
  read(): number
}

/** A file or standard input; a name that ends in .gz is unpacked on the way. */
function sourceOf(file: string, call: Call): Source {
  let read = 0
  const counted = (stream: NodeJS.ReadableStream): NodeJS.ReadableStream =>
    stream.on('data', (part: Buffer) => {
      read += part.length
    })
  if (file === '-') return { chunks: process.stdin, size: null, read: () => read }
  try {
    const fd = openSync(file, 'r')
    if (statSync(file).isDirectory()) throw new Invalid(call.t('cli.is_folder', { file }))
    const stream = createReadStream(file, { fd, highWaterMark: 1 << 18 })
    counted(stream).pause()
    const chunks = file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream
    if (chunks !== stream) stream.on('error', (error) => chunks.destroy(error))
    return { chunks, size: statSync(file).size, read: () => read }
  } catch (error) {
    if (error instanceof Invalid) throw error
    throw unreadable(file, error, call.t)
  }
}

async function sensorOf(open: Installation, call: Call): Promise<Sensor> {
  const { name, disabled } = await knownSensor(open, call.text('sensor') ?? '', call)
  const sensor = (await enabled(open.db.engine)).find((one) => one.name === name)
  if (!sensor || disabled) throw new NotFound(call.t('cli.sensor_is_disabled', { name }))
  if (!sensor.write && !sensor.test) throw new Invalid(call.t('cli.sensor_may_not_write', { name }))
  return sensor
}

const otherwise = ({ t }: Call, file: string, format: string, [first = '', ...more]: string[]): string =>
  more.length === 0
    ? t('cli.other_format', { file, format, other: first })
    : t('cli.other_formats', { file, format, others: [first, ...more].join(', ') })

async function read(
  call: Call,
  open: Installation,
  format: string,
  received: number | null,
): Promise<Summary> {
  const { terminal, t } = call
  const file = call.operands[0] ?? '-'
  const sensor = await sensorOf(open, call)
  const register = await loadRegister(open.db.engine)
  const source = sourceOf(file, call)
  const bar = terminal.progress(t('cli.reading'), source.size)
  const clock = received === null ? terminal.now : () => received
  try {
    // Standard input may be written at this moment: what comes first is enough, or nothing would happen until more has come.
    const begun = await begin(source.chunks, source.size === null)
    const others = await otherFormats(begun, format, sensor, clock())
    if (others.length > 0) throw new Invalid(otherwise(call, file, format, others))
    return await feed(begun.chunks, {
      sensor,
      format,
      intake: openIntake(open.db, () => register),
      clock,
      keepRejects: (rejects) => keep(open.db.engine, rejects, clock()),
      progress: (sum) => bar.at(source.read(), t('cli.count.events', { n: sum.stored + sum.duplicate })),
    })
  } finally {
    bar.end()
  }
}

/**
 * What the worker would do with the events: figures, labels and, when no server runs, the rules. With a server both may
 * condense: they take turns.
 */
export async function understandNow(call: Call, open: Installation): Promise<void> {
  const { terminal, t } = call
  const bar = terminal.progress(t('cli.condensing'), null)
  const ticking = setInterval(() => bar.at(0), 500)
  try {
    await condenseAll(open.db, open.config.zone, terminal.now())
    if (await open.serverRuns()) return
    const labeller = openLabeller(open.context)
    while ((await labeller.work(terminal.now())) > 0);
    await workRules(open.context, terminal.now())
  } finally {
    clearInterval(ticking)
    bar.end()
  }
}

/** The newest batch; whatever is stored from now on stands behind it. */
async function newestBatch(open: Installation): Promise<number> {
  const { rows } = await open.db.engine.query<{ id: number }>(
    'select coalesce(max(id), 0) as id from batches',
  )
  return rows[0]?.id ?? 0
}

/** Events behind that batch that came too late to warn (derive.ts); tests and exercises do not count anyway. */
async function archivedSince(open: Installation, batch: number, sensor: string): Promise<number> {
  const { rows } = await open.db.engine.query<{ n: number }>(
    `select count(*)::int as n from events e join sensors s on s.id = e.sensor_id
     where e.batch_id > $1 and s.name = lower($2) and e.archive and e.lane = 0`,
    [batch, sensor],
  )
  return rows[0]?.n ?? 0
}

interface Taken extends Summary {
  /** Of the stored ones, those more than 30 days old when they came: for statistics only. */
  archived: number
}

const rejected = (sum: Summary): number => sum.quarantined

function show(call: Call, sum: Taken, tookMs: number): void {
  const { terminal, t } = call
  if (call.on('json')) {
    terminal.json({ ...sum, seconds: tookMs / 1000 })
    return
  }
  terminal.out(t('cli.ingested', { n: sum.lines, stored: sum.stored, duplicate: sum.duplicate }))
  terminal.out(
    t('cli.ingested_rest', { skipped: sum.skipped, blank: sum.blank, quarantined: sum.quarantined }),
  )
  if (sum.archived > 0)
    terminal.out(
      t(sum.archived < sum.stored ? 'cli.ingested_archive' : 'cli.ingested_archive_all', { n: sum.archived }),
    )
  if (sum.conflicts > 0) terminal.out(t('cli.ingested_conflicts', { n: sum.conflicts }))
  for (const error of sum.errors)
    terminal.err(t('cli.refused_line', { line: error.line, id: error.id ?? '-', reason: error.reason }))
  if (rejected(sum) > sum.errors.length)
    terminal.err(t('cli.refused_more', { n: rejected(sum) - sum.errors.length }))
}

async function ingest(call: Call): Promise<number> {
  const { terminal, t } = call
  const format = formatOf(call)
  const received = receivedOf(call)
  const began = terminal.now()
  return terminal.installation(async (open) => {
    let sum: Summary
    let broken: unknown = null
    const before = await newestBatch(open)
    const isBeside = await open.serverRuns()
    if (isBeside) terminal.err(t('cli.ingest_beside'))
    try {
      sum = await read(call, open, format, received)
    } catch (error) {
      if (!(error instanceof FeedStopped)) throw error
      sum = error.summary
      broken = error.cause ?? error
    }
    await note(call, open, sum)
    const archived = sum.stored > 0 ? await archivedSince(open, before, call.text('sensor') ?? '') : 0
    await understandNow(call, open)
    show(call, { ...sum, archived }, terminal.now() - began)
    if (broken !== null) {
      terminal.err(t('cli.ingest_stopped', { why: (broken as Error).message }))
      return 1
    }
    if (rejected(sum) > 0 && !call.on('allow-rejects')) {
      terminal.err(t('cli.rejects_fail', { n: rejected(sum) }))
      return 1
    }
    return 0
  })
}

const note = (call: Call, open: Installation, sum: Summary): Promise<void> =>
  asEngine(open.db, (tx) =>
    record(tx, {
      at: call.terminal.now(),
      actor: open.operator,
      verb: 'events.ingest',
      object: `sensor ${call.text('sensor')}`,
      detail: { stored: sum.stored, duplicate: sum.duplicate, refused: sum.quarantined },
      readers: [COORDINATORS],
    }),
  )

export const ingestCommands: Command[] = [
  {
    words: 'ingest',
    operands: ['FILE|-'],
    flags: {
      sensor: { value: 'NAME', needed: true },
      format: { value: 'idea|eve|csv|PROFILE' },
      received: { value: 'TIME' },
      'allow-rejects': {},
      json: {},
    },
    run: ingest,
  },
]
