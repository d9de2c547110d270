/**
 * The sector's day by the machines' door until the program's own daily view is correct: each figure equal to that of
 * the ledger in bodies.ts, which reads the same messages and shares nothing with the product.
 */
import { fullDay, prepareSectorDay, type SectorDay, send, until } from './load.ts'
import { openReader, type Reader } from './reader.ts'
import type { Figure, Options } from './report.ts'
import { startServer } from './server.ts'
import { openStage } from './stage.ts'
import { median, rounded } from './statistics.ts'
import { clearYardsticks, copyRate, openYardsticks } from './yardsticks.ts'

interface View {
  events: number
  detections: number
  sources: number
  dropped_share: number | null
  dropped_known_share: number | null
}

/** The product keeps the dropped part of each partial event in millionths. */
const shareGap = 1e-6
/** Rows a second of A2 for which the absolute aims are stated. */
const statedCopy = 40_000

/** What is not (yet) as counted beside the product; empty when the view is correct. */
function differences(view: View, { events, told }: SectorDay): string[] {
  const whole = (name: string, seen: number, counted: number): string[] =>
    seen === counted ? [] : [`${name} ${seen}, counted ${counted}`]
  const share = (name: string, seen: number | null, counted: number): string[] =>
    seen !== null && Math.abs(seen - counted) < shareGap ? [] : [`${name} ${seen}, counted ${counted}`]
  return [
    ...whole('events', view.events, events),
    ...whole('detections', view.detections, told.detections),
    ...whole('sources', view.sources, told.sources),
    ...share('dropped share', view.dropped_share, told.droppedShare),
    ...share('known share', view.dropped_known_share, told.known / events),
  ]
}

const viewOf = async (reader: Reader, day: string): Promise<View> =>
  JSON.parse((await reader.get(`/api/v1/days/${day}`)).text) as View

export async function measureDay(options: Options, say: (line: string) => void): Promise<Figure[]> {
  say(`filling ${options.keys.toLocaleString('en')} keys`)
  const stage = await openStage({ keys: options.keys })
  try {
    const prepared = await prepareSectorDay(stage, options, 1)
    say(
      `${prepared.events.toLocaleString('en')} events, ${Math.round(prepared.bytes / prepared.events)} bytes each`,
    )
    const copied = await yardstick(stage.owner, prepared)
    const server = await startServer(stage)
    try {
      const reader = await openReader(stage, server, stage.coordinator)
      const sent = await send(stage, server, prepared, options)
      say(`accepted in ${rounded((sent.toMs - sent.fromMs) / 1000)} s`)
      let left: string[] = []
      const isCorrect = async (): Promise<boolean> => {
        left = differences(await viewOf(reader, prepared.day), prepared)
        return left.length === 0
      }
      await until(isCorrect, {
        withinMs: 900_000,
        everyMs: 100,
        otherwise: () => `the daily view is not correct after 15 minutes: ${left.join('; ')}`,
      })
      const seconds = (Date.now() - sent.fromMs) / 1000
      say(`correct after ${rounded(seconds)} s`)
      reader.close()
      copied.push(...(await yardstick(stage.owner, prepared)))
      const lagS = seconds - (sent.toMs - sent.fromMs) / 1000
      return [figureOf(prepared, seconds, lagS, median(copied))]
    } finally {
      await server.stop()
    }
  } finally {
    await stage.close()
  }
}

/** A2 before and after, because a machine changes its pace in minutes. */
async function yardstick(owner: Parameters<typeof copyRate>[0], prepared: SectorDay): Promise<number[]> {
  await openYardsticks(owner)
  const rate = await copyRate(owner, prepared, 100_000)
  await clearYardsticks(owner)
  return [rate]
}

function figureOf(prepared: SectorDay, seconds: number, lagS: number, copied: number): Figure {
  const perSecond = prepared.events / seconds
  return {
    name: 'day',
    what: "the sector's day to a correct daily view, in seconds of a machine where A2 is 40,000 rows/s",
    value: rounded(((fullDay / perSecond) * copied) / statedCopy),
    unit: 's',
    must: 100,
    aim: 40,
    smaller: true,
    detail: {
      wall_s: rounded(seconds),
      after_the_last_acknowledgement_s: rounded(lagS),
      events: prepared.events,
      part_of_a_full_day: rounded(prepared.events / fullDay),
      events_per_s: rounded(perSecond),
      times_A2: rounded(perSecond / copied),
      A2_rows_per_s: rounded(copied),
      agreed: {
        events: prepared.events,
        detections: prepared.told.detections,
        sources: prepared.told.sources,
        dropped_share: rounded(prepared.told.droppedShare, 6),
        known_share: rounded(prepared.told.known / prepared.events, 6),
      },
    },
  }
}
