/** "Why did I get nothing?": everything that led to no warning, each with the rule that kept it silent. */
import { short } from '../../../platform/dates.ts'
import type { Params, T } from '../../../platform/i18n.ts'
import {
  Code,
  EmptyState,
  Field,
  FilterBar,
  html,
  KeysetPager,
  Page,
  type PageProps,
  SeverityBadge,
  Table,
  Tabs,
  Time,
} from '../../../ui/index.ts'
import { suppressionText } from '../../events/index.ts'
import type { SuppressedRow } from '../suppressed.ts'
import type { Outcome } from '../types.ts'
import { queryWith } from './access.ts'
import { nameOf } from './both-cells.tsx'
import type { Query } from './filters.ts'
import { episodeHref } from './links.ts'
import { kindOf } from './words.ts'

export const periods = ['1', '7', '30'] as const

export interface SuppressedProps {
  frame: PageProps
  rows: SuppressedRow[]
  counts: { outcome: Outcome; n: number; events: number }[]
  query: Query
  organisations: { id: number; name: string }[]
  more: boolean
}

const kept = (query: Query): Query => ({
  outcome: query.outcome,
  org: query.org,
  text: query.text,
  days: query.days,
})

export function suppressedPage(props: SuppressedProps): string {
  const { frame, rows, counts, query } = props
  const { t, now, zone } = frame
  const all = counts.reduce((sum, one) => sum + one.n, 0)
  const total = query.outcome ? (counts.find((one) => one.outcome === query.outcome)?.n ?? 0) : all
  const last = rows.at(-1)
  const tabs = counts.map((one) => ({
    key: one.outcome,
    label: t(`warnings.outcome.${one.outcome}`),
    count: one.n,
    href: `/suppressed${queryWith(kept(query), { outcome: one.outcome })}`,
  }))
  return html(
    <Page
      {...frame}
      lead={t('warnings.suppressed.lead', {
        n: all,
        events: counts.reduce((sum, one) => sum + one.events, 0),
      })}
    >
      <Filter {...props} />
      <Tabs
        t={t}
        label={t('warnings.suppressed.reasons')}
        active={query.outcome ?? 'all'}
        tabs={[
          {
            key: 'all',
            label: t('warnings.suppressed.all'),
            count: all,
            href: `/suppressed${queryWith(kept(query), { outcome: null })}`,
          },
          ...tabs,
        ]}
      />
      <Table<SuppressedRow>
        caption={t('warnings.suppressed.caption')}
        captionHidden
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={(row) => episodeHref(row.id)}
        columns={[
          {
            key: 'last',
            label: t('warnings.last'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.lastAt} now={now} zone={zone} as="short" />,
          },
          {
            key: 'source',
            label: t('warnings.source'),
            kind: 'mono',
            main: true,
            cell: (row) => <Code t={t} text={row.key.text} href={episodeHref(row.id)} />,
          },
          { key: 'kind', label: t('warnings.kind'), cell: (row) => kindOf(row.family, t.lang) },
          ...(props.organisations.length > 1
            ? [{ key: 'org', label: t('warnings.org'), cell: (row: SuppressedRow) => row.orgName ?? '' }]
            : []),
          { key: 'events', label: t('warnings.events'), kind: 'number', cell: (row) => t.number(row.events) },
          {
            key: 'severity',
            label: t('warnings.severity'),
            cell: (row) => <SeverityBadge t={t} severity={nameOf(row.severity)} />,
          },
          {
            key: 'reason',
            label: t('warnings.suppressed.reason'),
            cell: (row) => reasonOf(row, t, now, zone),
          },
        ]}
        empty={
          <EmptyState title={t('warnings.suppressed.none')}>
            <p>{t('warnings.suppressed.none.why')}</p>
          </EmptyState>
        }
      />
      <KeysetPager
        t={t}
        shown={rows.length}
        total={total}
        newer={query.after ? `/suppressed${queryWith(kept(query))}` : undefined}
        older={
          props.more && last
            ? `/suppressed${queryWith(kept(query), { after: `${last.lastAt}-${last.id}` })}`
            : undefined
        }
      />
      <p class="muted">{t('warnings.suppressed.note')}</p>
    </Page>,
  )
}

function Filter({ frame, query, organisations }: SuppressedProps) {
  const { t } = frame
  return (
    <FilterBar
      t={t}
      action="/suppressed"
      hidden={{ outcome: query.outcome }}
      reset={query.text || query.org || query.outcome ? '/suppressed' : undefined}
    >
      <Field
        label={t('warnings.suppressed.search')}
        name="text"
        type="search"
        value={query.text}
        maxlength={200}
      />
      <Field
        label={t('warnings.suppressed.period')}
        name="days"
        type="select"
        value={query.days ?? '7'}
        options={periods.map((days) => ({
          value: days,
          label: t('warnings.suppressed.days', { n: Number(days) }),
        }))}
      />
      {organisations.length > 1 && (
        <Field
          label={t('warnings.org')}
          name="org"
          type="select"
          value={query.org}
          options={[
            { value: '', label: t('warnings.filter.any') },
            ...organisations.map((one) => ({ value: String(one.id), label: one.name })),
          ]}
        />
      )}
    </FilterBar>
  )
}

const places = [
  'value',
  'threshold',
  'rule',
  'report',
  'until',
  'filter',
  'list',
  'kind',
  'sensor',
  'exercise',
  'days',
  'test',
]

/** The reason in words, with the figures that decided. */
export function reasonOf(
  row: Pick<SuppressedRow, 'outcome' | 'outcomeDetail' | 'family'>,
  t: T,
  now: number,
  zone?: string,
): string {
  if (!row.outcome) return t('warnings.outcome.waiting')
  const params: Params = {}
  for (const place of places) {
    const value = row.outcomeDetail[place]
    params[place] = typeof value === 'number' || typeof value === 'string' ? value : '–'
  }
  params.kind = kindOf(row.family, t.lang)
  const until = row.outcomeDetail.until
  const at = typeof until === 'number' ? until : Date.parse(String(until))
  if (!Number.isNaN(at)) params.until = short(at, now, t, zone)
  return suppressionText(row.outcome, t.lang, params)
}
