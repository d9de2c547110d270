/** Cuts a request body into records, one at a time, in memory that does not grow with the body. */
import { csvSplitter } from './csv.ts'
import { type AlertMemory, withEchoes } from './echoes.ts'
import { jsonSplitter } from './json-records.ts'
import type { RecordItem, Splitter } from './record.ts'

export interface ReadOptions {
  /** A name of `formats()`: `csv` is read as CSV, all others as JSON. */
  format: string
  /** Longer records become an error and reading goes on behind them; 5 MiB when absent. */
  maxRecordBytes?: number
  /** EVE only: alerts of the sensor's earlier batches, to recognise drops that arrive in a later one. */
  alerts?: AlertMemory
}

export const defaultMaxRecordBytes = 5 * 1024 * 1024
/** Big chunks are taken in pieces, so that the records found in one are never many. */
const piece = 64 * 1024

/**
 * Records of a body. JSON may be NDJSON, one object, objects printed over several lines, an array in any layout; the
 * first byte that is not blank tells which. A broken line, an unreadable or too large record is an item with `error`
 * and what follows is read on. Never throws by itself: an error of `chunks` passes through.
 */
export async function* readRecords(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<RecordItem> {
  const items = split(chunks, splitterFor(options))
  yield* options.format === 'eve' ? withEchoes(items, options.alerts) : items
}

function splitterFor({ format, maxRecordBytes = defaultMaxRecordBytes }: ReadOptions): Splitter {
  return format === 'csv' ? csvSplitter({ maxRecordBytes }) : jsonSplitter({ maxRecordBytes })
}

async function* split(chunks: AsyncIterable<Uint8Array>, splitter: Splitter): AsyncGenerator<RecordItem> {
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += piece) {
      yield* splitter.push(chunk.subarray(from, from + piece))
    }
  }
  yield* splitter.end()
}
