/** The inventory as a list: searched, filtered, in any order; and how to begin while it is empty. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Chip,
  type Column,
  EmptyState,
  Field,
  FilterBar,
  type Flash,
  html,
  Page,
  Table,
  Time,
} from '../../../ui/index.ts'
import { type Asset, kinds } from '../asset.ts'
import type { Sort } from '../queries.ts'
import type { ListQuery } from '../schema.ts'
import type { Standing } from '../support/standing.ts'
import { InventoryTabs, SupportChip } from './parts.tsx'
import { inventoryOf, kindIn, nameOf, segmentedIn } from './words.ts'

export interface Row extends Asset {
  standing: Standing
}

export interface ListProps {
  frame: Frame
  org: number
  /** Of the organisation. */
  name: string
  rows: Row[]
  count: { rows: number; pieces: number }
  query: ListQuery
  departments: string[]
  zones: string[]
  mayKeep: boolean
  /** Where the next page begins. */
  next: string | null
  flash?: Flash | undefined
}

/** What of the query stays in the address. */
export function addressOf(path: string, query: ListQuery, change: Partial<ListQuery> = {}): string {
  const words = new URLSearchParams()
  for (const [key, value] of Object.entries({ ...query, after: undefined, ...change }))
    if (value !== undefined && value !== '') words.set(key, value)
  const text = words.toString()
  return text ? `${path}?${text}` : path
}

const isFiltered = ({ q, kind, department, zone, segmented, patients, removed }: ListQuery): boolean =>
  [q, kind, department, zone, segmented, patients, removed].some((one) => one !== undefined && one !== '')

export function listPage(props: ListProps): string {
  const { frame, org, name, rows, count, query, mayKeep } = props
  const { t } = frame
  const base = inventoryOf(org)
  const isEmpty = count.rows === 0 && !isFiltered(query)
  return html(
    <Page
      {...frame}
      organisation={name}
      lead={t('assets.lead', { name, n: count.rows, pieces: t('assets.pieces', { n: count.pieces }) })}
      flash={props.flash}
    >
      <InventoryTabs frame={frame} org={org} active="list" />
      {isEmpty ? (
        <Begin {...props} />
      ) : (
        <>
          <Actions>
            {mayKeep && (
              <Button kind="primary" href={`${base}/new`}>
                {t('assets.add')}
              </Button>
            )}
            {mayKeep && <Button href={`${base}/import`}>{t('assets.import')}</Button>}
            <Button kind="quiet" href={addressOf(`${base}.csv`, query)}>
              CSV
            </Button>
            <Button kind="quiet" href={addressOf(`${base}/print`, query)}>
              {t('assets.print')}
            </Button>
          </Actions>
          <Filters {...props} />
          <Table<Row>
            caption={t('assets.title')}
            captionHidden
            rows={rows}
            rowKey={(row) => row.id}
            rowHref={(row) => `${base}/${row.id}`}
            columns={columnsOf(props)}
            empty={
              <EmptyState title={t('assets.notFound')}>
                <p>
                  <a href={base}>{t('assets.notFound.all')}</a>
                </p>
              </EmptyState>
            }
          />
          <Pager {...props} />
        </>
      )}
    </Page>,
  )
}

function Begin({ frame: { t }, org, mayKeep }: ListProps) {
  const base = inventoryOf(org)
  if (!mayKeep)
    return (
      <EmptyState title={t('assets.empty')}>
        <p>{t('assets.empty.reader')}</p>
      </EmptyState>
    )
  return (
    <EmptyState
      title={t('assets.empty')}
      actions={
        <>
          <Button kind="primary" href={`${base}/import`}>
            {t('assets.import')}
          </Button>
          <Button href={`${base}/new`}>{t('assets.add')}</Button>
        </>
      }
    >
      <p>{t('assets.empty.keeper')}</p>
      <p>{t('assets.empty.why')}</p>
    </EmptyState>
  )
}

function Filters({ frame: { t }, org, query, departments, zones }: ListProps) {
  const any = (label: string, values: { value: string; label: string }[]) => [{ value: '', label }, ...values]
  const asOptions = (values: string[]) => values.map((value) => ({ value, label: value }))
  return (
    <FilterBar
      t={t}
      action={inventoryOf(org)}
      {...(isFiltered(query) ? { reset: inventoryOf(org) } : {})}
      hidden={{ sort: query.sort, down: query.down }}
    >
      <Field label={t('assets.search')} name="q" type="search" value={query.q ?? ''} maxlength={200} />
      <Field
        label={t('assets.field.kind')}
        name="kind"
        type="select"
        value={query.kind ?? ''}
        options={any(
          t('assets.any.kind'),
          kinds.map((value) => ({ value, label: kindIn(value, t) })),
        )}
      />
      <Field
        label={t('assets.field.department')}
        name="department"
        type="select"
        value={query.department ?? ''}
        options={any(t('assets.any.department'), asOptions(departments))}
      />
      <Field
        label={t('assets.field.zone')}
        name="zone"
        type="select"
        value={query.zone ?? ''}
        options={any(t('assets.any.zone'), asOptions(zones))}
      />
      <Field
        label={t('assets.field.segmented')}
        name="segmented"
        type="select"
        value={query.segmented ?? ''}
        options={any(
          t('assets.any.segmented'),
          ['yes', 'no', 'unknown'].map((value) => ({ value, label: t(`assets.segmented.${value}`) })),
        )}
      />
      <Field
        label={t('assets.field.patientSafety')}
        name="patients"
        type="checkbox"
        checked={query.patients === '1'}
      />
      <Field label={t('assets.removed')} name="removed" type="checkbox" checked={query.removed === '1'} />
    </FilterBar>
  )
}

function columnsOf({ frame, org, query }: ListProps): Column<Row>[] {
  const { t, now, zone } = frame
  const base = inventoryOf(org)
  const [by, down] = [query.sort ?? 'product', query.down === '1']
  const sort = (key: Sort): NonNullable<Column<Row>['sort']> => ({
    href: addressOf(base, query, { sort: key, down: by === key && !down ? '1' : undefined }),
    ...(by === key ? { direction: down ? ('desc' as const) : ('asc' as const) } : {}),
  })
  return [
    {
      ...{ key: 'product', label: t('assets.what'), main: true, sort: sort('product') },
      cell: (row) => (
        <>
          <a href={`${base}/${row.id}`}>{nameOf(row)}</a>{' '}
          {row.version && <span class="muted">{row.version}</span>}{' '}
          {row.patientSafety && <Chip>{t('assets.patients.chip')}</Chip>}
        </>
      ),
    },
    { key: 'kind', label: t('assets.field.kind'), sort: sort('kind'), cell: (row) => kindIn(row.kind, t) },
    {
      ...{ key: 'quantity', label: t('assets.field.quantity'), kind: 'number', sort: sort('quantity') },
      cell: (row) => t.number(row.quantity),
    },
    {
      ...{ key: 'department', label: t('assets.field.department'), sort: sort('department') },
      cell: (row) => row.department,
    },
    { key: 'zone', label: t('assets.field.zone'), sort: sort('zone'), cell: (row) => row.zone },
    {
      ...{ key: 'segmented', label: t('assets.field.segmented') },
      cell: (row) => segmentedIn(row.segmented, t),
    },
    {
      ...{ key: 'support', label: t('assets.support') },
      cell: (row) => <SupportChip t={t} standing={row.standing} />,
    },
    {
      ...{ key: 'changed', label: t('assets.changed'), kind: 'time', sort: sort('changed') },
      cell: (row) => <Time t={t} at={row.changedAt} now={now} zone={zone} as="short" />,
    },
  ]
}

function Pager({ frame: { t }, org, rows, count, query, next }: ListProps) {
  const base = inventoryOf(org)
  return (
    <nav class="pager" aria-label={t('ui.pager.label')}>
      {query.after && (
        <a rel="first" href={addressOf(base, query)} class="button">
          {t('assets.pager.first')}
        </a>
      )}
      <span class="muted">{t('ui.pager.of', { n: count.rows, shown: rows.length })}</span>
      {next && (
        <a rel="next" href={addressOf(base, query, { after: next })} class="button">
          {t('assets.pager.next')}
        </a>
      )}
    </nav>
  )
}

/** The same for paper: everything that the filter lets through, on as many pages as it takes. */
export function printPage(props: Omit<ListProps, 'departments' | 'zones' | 'next' | 'mayKeep'>): string {
  const { frame, org, name, rows, count, query } = props
  const { t } = frame
  const all = columnsOf({ ...props, departments: [], zones: [], next: null, mayKeep: false })
  return html(
    <Page
      {...frame}
      organisation={name}
      lead={t('assets.lead', { name, n: count.rows, pieces: t('assets.pieces', { n: count.pieces }) })}
    >
      <p class="no-print">
        <a href={addressOf(inventoryOf(org), query)}>{t('assets.print.back')}</a> · {t('assets.print.how')}
      </p>
      {count.rows > rows.length && <p>{t('assets.print.part', { n: rows.length })}</p>}
      <Table<Row>
        caption={t('assets.title')}
        captionHidden
        walkable={false}
        rows={rows}
        rowKey={(row) => row.id}
        columns={all.map(({ sort: _sort, ...column }) => column)}
        empty={<p class="muted">{t('assets.notFound')}</p>}
      />
    </Page>,
  )
}
