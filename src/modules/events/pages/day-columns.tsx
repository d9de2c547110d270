/** Columns of the day's lists: how a cell is drawn, and what of it goes into CSV. */
import type { ComponentChildren } from 'preact'
import type { T } from '../../../platform/i18n.ts'
import { Chip, Code, type Column, SeverityBadge, Time } from '../../../ui/index.ts'
import type { DetectionRow } from '../queries/detection-list.ts'
import type { EventRow } from '../queries/event-list.ts'
import { hourStart } from '../queries/scope.ts'
import type { SourceRow } from '../queries/source-list.ts'
import { link, type View } from './view.ts'
import { className, groupName, labelTitle, oneEachGroup, ownClassName, verdictName } from './words.ts'

/** A column with its cell for a spreadsheet. */
export interface ListColumn<Row> extends Column<Row> {
  plain(row: Row): string | number | null
}

export interface ColumnContext {
  t: T
  now: number
  zone: string
  day: string
  view: View
}

export const sourceLink = (text: string, t: T): ComponentChildren =>
  text === 'none' ? (
    t('events.noSource')
  ) : (
    <Code t={t} text={text} href={`/sources/${encodeURIComponent(text)}`} />
  )

type Level = 0 | 1 | 2 | 3 | 4
export const severity = (value: number, t: T): ComponentChildren => (
  <SeverityBadge t={t} severity={value as Level} />
)

const kind = ({ view, t }: ColumnContext, name: string): string =>
  view.kind === 'perimeter' ? className(name, t) : ownClassName(name, t)

const whose = <Row extends { organisation: string | null }>({ view, t }: ColumnContext): ListColumn<Row>[] =>
  view.orgs.length > 1
    ? [
        {
          key: 'organisation',
          label: t('events.organisation'),
          cell: (row) => row.organisation ?? '',
          plain: (row) => row.organisation,
        },
      ]
    : []

export function eventColumns(context: ColumnContext): ListColumn<EventRow>[] {
  const { t, now, zone, view } = context
  return [
    {
      key: 'at',
      label: t('events.time'),
      kind: 'time',
      main: true,
      cell: (row) => (
        <a href={`/events/${row.batch}/${row.idx}`}>
          <Time t={t} at={Date.parse(row.at)} now={now} zone={zone} as="short" />
        </a>
      ),
      plain: (row) => row.at,
    },
    ...whose<EventRow>(context),
    {
      key: 'kind',
      label: t('events.kind'),
      cell: (row) => kind(context, row.class),
      plain: (row) => row.class,
    },
    {
      key: 'severity',
      label: t('events.severity'),
      cell: (row) => severity(row.severity, t),
      plain: (row) => row.severity,
    },
    {
      key: 'source',
      label: t('events.source'),
      kind: 'mono',
      cell: (row) => (row.source ? sourceLink(row.source, t) : ''),
      plain: (row) => row.source,
    },
    {
      key: 'target',
      label: view.kind === 'perimeter' ? t('events.target') : t('events.ownHost'),
      kind: 'mono',
      cell: (row) => [row.host, row.port].filter((x) => x !== null).join(' : '),
      plain: (row) => row.host,
    },
    {
      key: 'verdict',
      label: t('events.verdict'),
      cell: (row) => verdictName(row.verdict, t),
      plain: (row) => t(`events.verdict.${row.verdict}`),
    },
    {
      key: 'detector',
      label: t('events.detector'),
      cell: (row) => row.detector ?? '',
      plain: (row) => row.detector,
    },
  ]
}

export function detectionColumns(context: ColumnContext): ListColumn<DetectionRow>[] {
  const { t, now, zone, day, view } = context
  const events = (row: DetectionRow, filter: Record<string, string> = {}): string =>
    link(`/days/${day}/events`, view.keep, {
      hour: new Date(hourStart(row.hour)).toISOString().slice(0, 13),
      class: row.class,
      source: row.source ?? '',
      ...filter,
    })
  return [
    {
      key: 'hour',
      label: t('events.hour'),
      kind: 'time',
      cell: (row) => <Time t={t} at={hourStart(row.hour)} now={now} zone={zone} as="clock" />,
      plain: (row) => new Date(hourStart(row.hour)).toISOString(),
    },
    ...whose<DetectionRow>(context),
    {
      key: 'kind',
      label: t('events.kind'),
      main: true,
      cell: (row) => <a href={events(row)}>{kind(context, row.class)}</a>,
      plain: (row) => row.class,
    },
    {
      key: 'source',
      label: t('events.source'),
      kind: 'mono',
      cell: (row) => (row.source ? sourceLink(row.source, t) : ''),
      plain: (row) => row.source,
    },
    {
      key: 'severity',
      label: t('events.severity'),
      cell: (row) => severity(row.severity, t),
      plain: (row) => row.severity,
    },
    {
      key: 'events',
      label: t('events.events'),
      kind: 'number',
      cell: (row) => t.number(row.events),
      plain: (row) => row.events,
    },
    {
      key: 'dropped',
      label: t('events.dropped'),
      kind: 'number',
      cell: (row) => t.number(row.dropped),
      plain: (row) => row.dropped,
    },
    {
      key: 'through',
      label: t('events.through'),
      kind: 'number',
      cell: (row) => t.number(row.got_through),
      plain: (row) => row.got_through,
    },
  ]
}

export function sourceColumns({ t, now, zone, day, view }: ColumnContext): ListColumn<SourceRow>[] {
  const events = (row: SourceRow, filter: Record<string, string> = {}): string =>
    link(`/days/${day}/events`, view.keep, { source: row.address, ...filter })
  return [
    {
      key: 'address',
      label: t('events.source'),
      kind: 'mono',
      main: true,
      cell: (row) => sourceLink(row.address, t),
      plain: (row) => row.address,
    },
    {
      key: 'labels',
      label: t('events.labels'),
      cell: (row) =>
        oneEachGroup(row.labels).map((label) => (
          <Chip key={label.list} title={labelTitle(label, t)}>
            {groupName(label.group, t)}
          </Chip>
        )),
      plain: (row) => row.labels.map((label) => label.list).join(' '),
    },
    {
      key: 'events',
      label: t('events.events'),
      kind: 'number',
      cell: (row) => <a href={events(row)}>{t.number(row.events)}</a>,
      plain: (row) => row.events,
    },
    {
      key: 'detections',
      label: t('events.detections'),
      kind: 'number',
      cell: (row) => (
        <a href={link(`/days/${day}/detections`, view.keep, { source: row.address })}>
          {t.number(row.detections)}
        </a>
      ),
      plain: (row) => row.detections,
    },
    {
      key: 'through',
      label: t('events.through'),
      kind: 'number',
      cell: (row) =>
        row.got_through > 0 ? (
          <a href={events(row, { verdict: 'through' })}>{t.number(row.got_through)}</a>
        ) : (
          '0'
        ),
      plain: (row) => row.got_through,
    },
    {
      key: 'first',
      label: t('events.first'),
      kind: 'time',
      cell: (row) => <Time t={t} at={Date.parse(row.first_at)} now={now} zone={zone} as="clock" />,
      plain: (row) => row.first_at,
    },
    {
      key: 'last',
      label: t('events.last'),
      kind: 'time',
      cell: (row) => <Time t={t} at={Date.parse(row.last_at)} now={now} zone={zone} as="clock" />,
      plain: (row) => row.last_at,
    },
  ]
}
