/** The daily view's figures for a spreadsheet: one table of parts, each row saying what it counts. */

import { csvFile } from '../../../platform/csv.ts'
import type { Day } from '../../../platform/dates.ts'
import type { DayFigures } from '../queries/day.ts'
import type { SectorDay } from '../queries/sector.ts'

const head = [
  'day',
  'part',
  'key',
  'name',
  'events',
  'detections',
  'sources',
  'dropped',
  'got_through',
  'unknown',
  'dropped_share',
  'dropped_known_share',
  'usual_events',
]

type Line = {
  events?: number
  detections?: number
  sources?: number
  dropped?: number
  got_through?: number
  unknown?: number
  dropped_share?: number | null
  dropped_known_share?: number | null
  usual?: number | null
}

/** The same figures as the page, in CSV; a day of which nothing may be told is a head alone. */
export function dayCsv(day: Day, figures: DayFigures | SectorDay | null): string {
  if (!figures) return csvFile(head, [])
  const row = (
    part: string,
    key: string,
    name: string | null,
    line: Line,
  ): (string | number | null | undefined)[] => [
    day,
    part,
    key,
    name,
    line.events,
    line.detections,
    line.sources,
    line.dropped,
    line.got_through,
    line.unknown,
    line.dropped_share,
    line.dropped_known_share,
    line.usual,
  ]
  const parts = (part: string, of: ({ key: string; name: string | null } & Line)[]) =>
    of.map((line) => row(part, line.key, line.name, line))
  const own = 'by_sensor' in figures ? figures : null
  return csvFile(head, [
    row('day', day, null, { ...figures, usual: figures.usual.events }),
    ...parts('class', figures.by_class),
    ...parts('hour', figures.by_hour),
    ...parts('sensor', own?.by_sensor ?? []),
    ...parts('detector', own?.by_detector ?? []),
    ...parts('port', own?.by_port ?? []),
    ...parts('organisation', own?.by_organisation ?? []),
    ...(own?.top_sources ?? []).map((source) =>
      row('source', source.address, source.labels.map((l) => l.list).join(' '), source),
    ),
  ])
}
