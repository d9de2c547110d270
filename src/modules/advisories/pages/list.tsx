/** Advisories, latest first: what they are about, how bad, and whether somebody already uses it. */
import { dayOf, dayShort, exact } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  EmptyState,
  Field,
  FilterBar,
  html,
  KeysetPager,
  List,
  ListRow,
  Page,
  severityNames,
} from '../../../ui/index.ts'
import type { AdvisoryLine } from '../queries.ts'
import type { ListQuery } from '../schema.ts'
import { Marks, Severity, scoreIn } from './words.tsx'

export interface ListProps {
  frame: Frame
  given: ListQuery
  coordinates: boolean
  rows: AdvisoryLine[]
  next: string | null
  total: number
  sources: { id: number; label: string }[]
}

export function listPage(props: ListProps): string {
  const { frame, given, coordinates, rows, next, total } = props
  const { t } = frame
  const filtered = Object.entries(given).some(([name, value]) => name !== 'after' && value !== undefined)
  return html(
    <Page {...frame} lead={t('advisories.lead')}>
      <Actions>
        <Button href="/matches">{t('advisories.matches')}</Button>
        {coordinates && <Button href="/advisories/new">{t('advisories.hand.new')}</Button>}
        {coordinates && <Button href="/advisories?waiting=1">{t('advisories.waits.list')}</Button>}
        {coordinates && <Button href="/advisories/sources">{t('advisories.sources.title')}</Button>}
      </Actions>
      {(filtered || total > 0) && <Filters {...props} filtered={filtered} />}
      {rows.length === 0 ? (
        <EmptyState title={t(filtered ? 'advisories.none.filtered' : 'advisories.none')}>
          {!filtered && t(coordinates ? 'advisories.none.coordinator' : 'advisories.none.member')}
        </EmptyState>
      ) : (
        <List label={frame.title}>
          {rows.map((row) => (
            <Row key={row.id} frame={frame} row={row} />
          ))}
        </List>
      )}
      <KeysetPager
        t={t}
        shown={rows.length}
        total={total}
        newer={given.after ? href({ ...given, after: undefined }) : undefined}
        older={next ? href({ ...given, after: next }) : undefined}
      />
    </Page>,
  )
}

function Filters({ frame: { t }, given, sources, filtered }: ListProps & { filtered: boolean }) {
  return (
    <FilterBar t={t} action="/advisories" reset={filtered ? '/advisories' : undefined}>
      <Field
        label={t('advisories.q')}
        name="q"
        type="search"
        value={given.q ?? ''}
        maxlength={200}
        placeholder={t('advisories.q.hint')}
      />
      <Field
        label={t('advisories.source')}
        name="source"
        type="select"
        value={given.source ?? ''}
        options={[
          { value: '', label: t('advisories.all') },
          ...sources.map(({ id, label }) => ({ value: String(id), label })),
        ]}
      />
      <Field
        label={t('advisories.severity')}
        name="severity"
        type="select"
        value={given.severity ?? ''}
        options={[
          { value: '', label: t('advisories.all') },
          ...[4, 3, 2, 1].map((level) => ({
            value: String(level),
            label: t('advisories.severity.least', { severity: t(`ui.severity.${severityNames[level]}`) }),
          })),
        ]}
      />
      <Field
        label={t('advisories.exploited.only')}
        name="exploited"
        type="checkbox"
        checked={given.exploited}
      />
      <Field label={t('advisories.safety.only')} name="safety" type="checkbox" checked={given.safety} />
    </FilterBar>
  )
}

function Row({ frame: { t, zone }, row }: { frame: Frame; row: AdvisoryLine }) {
  return (
    <ListRow
      href={`/advisories/${row.id}`}
      title={<span lang={row.lang ?? undefined}>{row.title}</span>}
      badge={<Severity t={t} severity={row.severity} />}
      meta={
        <>
          {row.publisher} · {row.trackingId}
          {row.seq > 1 &&
            ` · ${t('advisories.version.of', { version: row.kind === 'feed' ? row.seq : row.version })}`}
          {row.score !== null && ` · CVSS ${scoreIn(t, row.score)}`} ·{' '}
          <span title={exact(row.revisedAt, t, zone)}>{dayShort(dayOf(row.revisedAt, zone), t, true)}</span>
        </>
      }
    >
      <p class="row-meta">
        <Marks t={t} line={row} />
      </p>
    </ListRow>
  )
}

function href(given: ListQuery): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) search.set(name, value === true ? '1' : String(value))
  return `/advisories${search.size > 0 ? `?${search}` : ''}`
}
