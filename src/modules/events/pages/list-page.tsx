/** The page of a list: what it was narrowed to, the rows, and the way to older ones. */
import type { FastifyRequest } from 'fastify'
import { clock, type Day, dayShort } from '../../../platform/dates.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  EmptyState,
  Field,
  FilterBar,
  html,
  KeysetPager,
  Page,
  Table,
} from '../../../ui/index.ts'
import { verdictFilters } from '../queries/counts.ts'
import type { Listed } from '../queries/keyset.ts'
import { hourStart, hoursOfDay } from '../queries/scope.ts'
import type { DayQuery } from '../schema.ts'
import type { ListColumn } from './day-columns.tsx'
import { link, type View } from './view.ts'
import { className, ownClassName } from './words.ts'

export interface ListPage<Row> {
  t: T
  now: number
  zone: string
  day: Day
  view: View
  query: DayQuery
  /** events, detections or sources. */
  name: string
  path: string
  title: string
  lead: string
  /** Classes of the day, for the filter. */
  kinds: string[]
  listed: Listed<Row>
  columns: ListColumn<Row>[]
}

/** The query's parameters that a link of this list keeps. */
const kept = (query: DayQuery): Record<string, string | number | undefined> => {
  const { older: _older, newer: _newer, limit, ...filters } = query
  return { ...filters, ...(limit === 100 ? {} : { limit }) }
}

export function listHtml<Row>(request: FastifyRequest, page: ListPage<Row>): string {
  const { t, zone, day, view, query, listed, columns, path } = page
  const here = link(`${path}.csv`, kept(query), { older: query.older, newer: query.newer })
  return html(
    <Page
      {...frameOf(request, { title: `${page.title} · ${page.lead}`, active: 'days', zone })}
      head={<h1>{page.title}</h1>}
      lead={page.lead}
      tlp="AMBER"
    >
      <Actions>
        <Button href={link(`/days/${day}`, view.keep)}>{`← ${dayShort(day, t)}`}</Button>
        <Button kind="quiet" href={here}>
          CSV
        </Button>
      </Actions>
      {page.name !== 'sources' && <Filters page={page} />}
      <p role="status">
        {listed.total === null ? t('events.list.uncounted') : t('events.list.total', { n: listed.total })}
      </p>
      <Table
        caption={page.title}
        captionHidden
        columns={columns}
        rows={listed.rows}
        rowKey={(row) => listed.rows.indexOf(row)}
        empty={
          <EmptyState title={t('events.list.empty')}>
            <p>{t('events.list.emptyWhy')}</p>
          </EmptyState>
        }
      />
      <KeysetPager
        t={t}
        shown={listed.rows.length}
        {...(listed.total === null ? {} : { total: listed.total })}
        {...(listed.newer ? { newer: link(path, kept(query), { newer: listed.newer }) } : {})}
        {...(listed.older ? { older: link(path, kept(query), { older: listed.older }) } : {})}
      />
    </Page>,
  )
}

function Filters<Row>({ page }: { page: ListPage<Row> }) {
  const { t, day, view, query, kinds, path, zone } = page
  const name = view.kind === 'perimeter' ? className : ownClassName
  const choose = (label: string, options: { value: string; label: string }[]) => [
    { value: '', label },
    ...options,
  ]
  const { org, sensor, detector, port } = query
  return (
    <FilterBar t={t} action={path} reset={link(path, view.keep)} hidden={{ org, sensor, detector, port }}>
      <Field
        type="select"
        name="class"
        label={t('events.kind')}
        value={query.class ?? ''}
        options={choose(
          t('events.filter.anyKind'),
          kinds
            .map((key) => ({ value: key, label: name(key, t) }))
            .sort((a, b) => a.label.localeCompare(b.label, t.locale)),
        )}
      />
      {page.name === 'events' && (
        <Field
          type="select"
          name="verdict"
          label={t('events.verdict')}
          value={query.verdict ?? ''}
          options={choose(
            t('events.filter.anyVerdict'),
            verdictFilters.map((value) => ({ value, label: t(`events.filter.${value}`) })),
          )}
        />
      )}
      <Field
        type="select"
        name="hour"
        label={t('events.hour')}
        value={query.hour ?? ''}
        options={choose(t('events.filter.anyHour'), hourOptions(day, zone, t))}
      />
      <Field name="source" label={t('events.source')} value={query.source ?? ''} mono maxlength={300} />
      {(sensor ?? detector ?? port) !== undefined && (
        <p class="muted">
          {t('events.filter.more', {
            what: t.list(
              [
                sensor && t('events.filter.sensor'),
                detector && t('events.filter.detector'),
                port !== undefined && t('events.filter.port', { port: String(port) }),
              ].filter((x): x is string => typeof x === 'string'),
            ),
          })}
        </p>
      )}
    </FilterBar>
  )
}

function hourOptions(day: Day, zone: string, t: T): { value: string; label: string }[] {
  const { first, last } = hoursOfDay(day, zone)
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    value: new Date(hourStart(first + i)).toISOString().slice(0, 13),
    label: `${clock(hourStart(first + i), t, zone)}–${clock(hourStart(first + i + 1), t, zone)}`,
  }))
}
