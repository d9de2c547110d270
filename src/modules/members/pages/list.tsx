import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { Code, EmptyState, Field, FilterBar, html, KeysetPager, Page, Table } from '../../../ui/index.ts'
import type { Choices, Filter, MemberLine } from '../members.ts'
import { kindIn } from './names.ts'

export interface ListProps {
  frame: Frame
  filter: Filter
  rows: MemberLine[]
  total: number
  choices: Choices
  /** Whether there are rows after these. */
  hasMore: boolean
}

const shownPrefixes = 3

export function listPage(props: ListProps): string {
  const { frame, rows, total, filter, hasMore } = props
  const { t } = frame
  const last = rows.at(-1)
  return html(
    <Page {...frame} lead={t('members.list.lead', { n: total })}>
      <p>
        <a href="/memorandum">{t('organisations.memorandum')}</a> ·{' '}
        <a href="/people/search">{t('finding.link')}</a>
      </p>
      <Filters {...props} />
      <Table
        caption={t('members.list.caption')}
        captionHidden
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={(row) => `/members/${row.id}`}
        empty={<Nothing t={t} isFiltered={isFiltered(filter)} />}
        columns={[
          {
            key: 'name',
            label: t('members.member.name'),
            main: true,
            cell: (row) => <Name t={t} row={row} />,
          },
          { key: 'kind', label: t('members.member.kind'), cell: (row) => kindIn(row.kind, t) },
          { key: 'region', label: t('members.member.region'), cell: (row) => row.region },
          {
            key: 'status',
            label: t('organisations.status.title'),
            cell: (row) => t(row.mergedInto ? 'merging.status' : `organisations.status.${row.status}`),
          },
          {
            key: 'prefixes',
            label: t('members.member.prefixes'),
            kind: 'mono',
            cell: (row) => <Prefixes t={t} row={row} />,
          },
          {
            key: 'people',
            label: t('members.member.people'),
            kind: 'number',
            cell: (row) => <a href={`/members/${row.id}#people`}>{t.number(row.people)}</a>,
          },
        ]}
      />
      <KeysetPager
        t={t}
        newer={filter.after ? hrefOf({ ...filter, after: undefined }) : undefined}
        older={hasMore && last ? hrefOf({ ...filter, after: last.id }) : undefined}
        shown={rows.length}
        total={hasMore || filter.after ? total : undefined}
      />
    </Page>,
  )
}

const isFiltered = ({ q, kind, region, status, after }: Filter): boolean =>
  Boolean(q || kind || region || status || after)

function hrefOf(filter: Filter): string {
  const { q, kind, region, status, after } = filter
  const set = Object.entries({ q, kind, region, status, after }).filter(([, value]) => value)
  return `/members?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}`
}

function Filters({ frame: { t }, filter, choices }: ListProps) {
  return (
    <FilterBar t={t} action="/members" reset={isFiltered(filter) ? '/members' : undefined}>
      <Field label={t('members.list.q')} name="q" type="search" value={filter.q} maxlength={200} />
      <Field
        label={t('members.list.kind')}
        name="kind"
        type="select"
        value={filter.kind}
        options={[
          { value: '', label: t('members.list.any.kind') },
          ...choices.kinds
            .map((kind) => ({ value: kind, label: kindIn(kind, t) }))
            .sort((a, b) => a.label.localeCompare(b.label, t.locale)),
        ]}
      />
      <Field
        label={t('members.list.region')}
        name="region"
        type="select"
        value={filter.region}
        options={[
          { value: '', label: t('members.list.any.region') },
          ...choices.regions.map((region) => ({ value: region, label: region })),
        ]}
      />
      <Field
        label={t('organisations.status.title')}
        name="status"
        type="select"
        value={filter.status}
        options={[
          { value: '', label: t('organisations.status.any') },
          ...choices.statuses.map((status) => ({
            value: status,
            label: t(`organisations.status.${status}`),
          })),
        ]}
      />
    </FilterBar>
  )
}

function Nothing({ t, isFiltered }: { t: T; isFiltered: boolean }) {
  if (isFiltered) return <EmptyState title={t('members.list.nothing')} />
  return (
    <EmptyState title={t('members.list.empty')}>
      <p>{t('members.list.empty.how')}</p>
      <p>
        <Code t={t} text="bin/hsoc members import members.csv" copy />
      </p>
    </EmptyState>
  )
}

/** What it was called, too: whoever looks for the old name has to understand why this one was found. */
function Name({ t, row }: { t: T; row: MemberLine }) {
  return (
    <>
      <a href={`/members/${row.id}`}>{row.name}</a>
      {row.formerly.length > 0 && (
        <div class="muted">{t('merging.list.formerly', { list: t.list(row.formerly) })}</div>
      )}
      {row.mergedInto && <div class="muted">{t('merging.list.into', { name: row.mergedInto.name })}</div>}
    </>
  )
}

function Prefixes({ t, row }: { t: T; row: MemberLine }) {
  const hidden = row.prefixes.length - shownPrefixes
  return (
    <>
      {row.prefixes.slice(0, shownPrefixes).map((text) => (
        <div key={text}>{text}</div>
      ))}
      {hidden > 0 && <a href={`/members/${row.id}#networks`}>{t('members.list.more', { n: hidden })}</a>}
    </>
  )
}
