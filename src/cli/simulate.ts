/** `hsoc simulate`: a made-up day of a made-up sector, into a file or straight into this installation. */
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { createSector, createSensors, demoSector, demoSensors } from '../demo/sector.ts'
import { openIntake } from '../modules/events/intake.ts'
import { splitArray } from '../modules/events/json-bytes.ts'
import { enabled, type Sensor } from '../modules/events/sensors.ts'
import type { DayOptions } from '../modules/events/simulate/setup.ts'
import { generateBatches, truthOf, writeDay } from '../modules/events/simulate/simulate.ts'
import { loadRegister } from '../modules/members/index.ts'
import { addDays, dayOf, isDay } from '../platform/dates.ts'
import { Invalid } from '../platform/errors.ts'
import { type Call, type Command, counted, Misuse } from './command.ts'
import { understandNow } from './ingest.ts'
import type { Installation } from './terminal.ts'

const mostEvents = 20_000_000

function optionsOf(call: Call): DayOptions {
  const { t, terminal } = call
  const day = call.text('day') ?? addDays(dayOf(terminal.now()), -1)
  if (!isDay(day)) throw new Misuse(t('cli.not_a_day', { word: day }))
  const events = call.text('events') ?? '1990000'
  if (!/^\d+$/.test(events) || Number(events) < 2_000 || Number(events) > mostEvents)
    throw new Misuse(t('cli.not_events', { word: events, most: mostEvents }))
  return {
    seed: call.text('seed') ?? '1',
    day,
    events: Number(events),
    organisations: demoSector().organisations,
  }
}

async function simulate(call: Call): Promise<number> {
  const options = optionsOf(call)
  const out = call.text('out')
  const truth = call.text('truth')
  if (!out && !truth && !call.on('send')) throw new Misuse(call.t('cli.simulate_where'))
  if (out) await write(call, options, out)
  if (truth) await writeTruth(call, options, truth)
  return call.on('send') ? call.terminal.installation((open) => send(call, open, options)) : 0
}

async function write(call: Call, options: DayOptions, out: string): Promise<void> {
  const { terminal, t } = call
  const stream = out === '-' ? process.stdout : createWriteStream(out)
  const bar = terminal.progress(t('cli.writing'), null)
  const ticking = setInterval(
    () => bar.at('bytesWritten' in stream ? Math.round(stream.bytesWritten / 1e6) : 0, 'MB'),
    500,
  )
  try {
    const done = await writeDay(options, stream)
    if (stream !== process.stdout) {
      stream.end()
      await finished(stream)
    }
    terminal.err(t('cli.simulated', { day: options.day, ...counted({ events: done.events }, t) }))
  } catch (error) {
    throw new Invalid(t('cli.cannot_write', { file: out, why: (error as Error).message }))
  } finally {
    clearInterval(ticking)
    bar.end()
  }
}

async function writeTruth(call: Call, options: DayOptions, file: string): Promise<void> {
  const stream = createWriteStream(file)
  const incidents = truthOf(options)
  stream.end(incidents.map((one) => `${JSON.stringify(one)}\n`).join(''))
  await finished(stream).catch((error: Error) => {
    throw new Invalid(call.t('cli.cannot_write', { file, why: error.message }))
  })
  call.terminal.err(call.t('cli.truth_written', { n: incidents.length, file }))
}

/** Stores the day as its sensors would have sent it, each batch received when its last event was detected, at the latest now. */
async function send(call: Call, open: Installation, options: DayOptions): Promise<number> {
  const { terminal, t } = call
  const now = terminal.now()
  if (call.on('sector')) {
    await createSector(open.db, null, now)
    await createSensors(open.db, open.config.secret, now)
  }
  const sensors = new Map((await enabled(open.db.engine)).map((one) => [one.name, one]))
  const missing = demoSensors().find((one) => !sensors.has(one.name))
  if (missing) throw new Invalid(t('cli.no_demo_sensor', { name: missing.name }))
  const register = await loadRegister(open.db.engine)
  const intake = openIntake(open.db, () => register)
  const bar = terminal.progress(t('cli.sending'), options.events ?? null)
  const sum = { sent: 0, stored: 0, duplicate: 0 }
  for (const batch of generateBatches(options)) {
    const bytes = Buffer.from(batch.text)
    const ranges = splitArray(bytes)
    const ideas = JSON.parse(batch.text) as Record<string, unknown>[] // the generator writes valid messages
    const done = await intake.store({
      sensor: sensors.get(batch.sensor) as Sensor, // looked up above
      format: 'idea',
      receivedMs: Math.min(now, batch.toMs + 1_000),
      bytes,
      items: ideas.map((idea, i) => {
        const { start, end } = ranges[i] as { start: number; end: number } // one range an element
        return { idea, off: start, len: end - start }
      }),
      account: { refused: 0, reasons: {} },
    })
    sum.sent += batch.count
    sum.stored += done.stored
    sum.duplicate += done.duplicate
    bar.at(sum.sent)
  }
  bar.end()
  await understandNow(call, open)
  terminal.out(t('cli.sent', { ...sum, day: options.day }))
  return 0
}

export const simulateCommands: Command[] = [
  {
    words: 'simulate',
    operands: [],
    flags: {
      seed: { value: 'N' },
      day: { value: 'DAY' },
      events: { value: 'N' },
      out: { value: 'FILE|-' },
      truth: { value: 'FILE' },
      send: {},
      sector: {},
    },
    run: simulate,
  },
]
