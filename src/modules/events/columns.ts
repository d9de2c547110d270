/** Understood events as the arrays that `store_batch` takes: one text per column, written here because that is several
 * times quicker than having the driver serialise every element. */
import type { Dictionary } from './dictionary.ts'
import type { SourceKey } from './event.ts'
import type { Understood } from './understand.ts'

const laneCode = { real: 0, test: 1, exercise: 2 } as const
const array = (values: unknown[]): string => `{${values.join(',')}}`
const text = (value: string | null): string =>
  value === null ? 'NULL' : `"${value.replace(/[\\"]/g, '\\$&')}"`

/** The `e_*` parameters in their order. */
export function eventColumns(events: Understood[], dictionary: Dictionary): string[] {
  const column = (of: (event: Understood) => unknown): string => {
    const values = new Array<unknown>(events.length)
    for (let i = 0; i < events.length; i++) values[i] = of(events[i] as Understood)
    return array(values)
  }
  return [
    column((e) => e.key),
    column((e) => dictionary.detectorId(e.derived.detector)),
    column((e) => e.derived.detectedMs / 1000),
    column((e) => e.derived.hour),
    column((e) => laneCode[e.derived.lane]),
    column((e) => e.derived.archive),
    column((e) => e.matches.length > 0),
    column((e) => dictionary.classId(e.derived.targetClass)),
    column((e) => e.derived.targetSeverity),
    column((e) => e.derived.verdict),
    column((e) => e.derived.shareMicro),
    column((e) => Math.min(e.derived.weight, 2_147_483_647)),
    column((e) => dictionary.keyId(e.derived.keys[0] as SourceKey)),
    column((e) =>
      e.derived.keys.length > 1
        ? `"{${e.derived.keys
            .slice(1)
            .map((k) => dictionary.keyId(k))
            .join(',')}}"`
        : 'NULL',
    ),
    column((e) => e.derived.target ?? 'NULL'),
    column((e) => e.derived.port ?? 'NULL'),
    column((e) => e.flags),
    column((e) => text(e.derived.exercise)),
    column((e) => e.item.off),
    column((e) => e.item.len),
  ]
}

/** The `m_*` parameters in their order. */
export function matchColumns(events: Understood[], dictionary: Dictionary): string[] {
  const columns: unknown[][] = Array.from({ length: 9 }, () => [])
  events.forEach((event, i) => {
    for (const match of event.matches) {
      const row = [
        i + 1,
        match.org,
        match.side,
        dictionary.classId(match.className),
        dictionary.keyId(match.key),
        match.severity,
        match.network ?? 'NULL',
        match.host ?? 'NULL',
        match.peer ?? 'NULL',
      ]
      for (let c = 0; c < 9; c++) (columns[c] as unknown[]).push(row[c])
    }
  })
  return columns.map(array)
}
