/** What concerns an organisation, by urgency; for coordinators how many are concerned, and names that wait for them. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  Field,
  FilterBar,
  type Flash,
  html,
  KeysetPager,
  List,
  ListRow,
  Page,
  Section,
  SeverityBadge,
  Table,
  Time,
} from '../../../ui/index.ts'
import { type MatchLine, states } from '../read.ts'
import type { ListQuery } from '../schema.ts'
import type { Counted, Held } from '../sector.ts'
import { concernsWords, sureWords } from '../words.ts'
import { HeldNames } from './held.tsx'
import { standingWords } from './words.ts'

export interface ListProps {
  frame: Frame
  given: ListQuery
  /** Of the reader; none for a coordinator alone. */
  own: { id: number; name: string }[]
  rows: MatchLine[]
  next: string | null
  total: number
  /** For coordinators. */
  sector: { held: Held[]; counted: Counted[] } | null
  flash?: Flash | undefined
}

export function listPage(props: ListProps): string {
  const { frame, own, sector } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      title={t(own.length > 0 ? 'matches.title' : 'matches.title.coordinator')}
      lead={t(own.length > 0 ? 'matches.lead' : 'matches.lead.coordinator')}
      flash={props.flash}
    >
      {own.length > 0 && <Own {...props} />}
      {sector && (
        <>
          <Section title={t('matches.held')} id="held">
            {sector.held.length === 0 && <p class="muted">{t('matches.held.none')}</p>}
            <HeldNames frame={frame} held={sector.held} titled />
          </Section>
          <Section title={t('matches.counts')} id="counts" lead={t('matches.band.what')}>
            <Counts frame={frame} counted={sector.counted} />
          </Section>
        </>
      )}
    </Page>,
  )
}

function Own(props: ListProps) {
  const { frame, given, rows, next, total } = props
  const { t } = frame
  const filtered = Object.entries(given).some(([name, value]) => name !== 'after' && value !== undefined)
  return (
    <>
      <Filters {...props} filtered={filtered} />
      {rows.length === 0 ? (
        <EmptyState title={t(filtered ? 'matches.none.filtered' : 'matches.none')}>
          {!filtered && (
            <>
              <p>{t('matches.none.what')}</p>
              <Actions>
                <Button href="/inventory">{t('matches.inventory')}</Button>
              </Actions>
            </>
          )}
        </EmptyState>
      ) : (
        <List label={t('matches.list')}>
          {rows.map((row) => (
            <Row key={row.id} {...props} row={row} />
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
    </>
  )
}

function Filters({ frame: { t }, given, own, filtered }: ListProps & { filtered: boolean }) {
  return (
    <FilterBar t={t} action="/matches" reset={filtered ? '/matches' : undefined}>
      <Field
        label={t('matches.filter.state')}
        name="state"
        type="select"
        value={given.state ?? 'living'}
        options={['living', ...states, 'all'].map((state) => ({
          value: state,
          label: t(`matches.state.${state}`),
        }))}
      />
      {own.length > 1 && (
        <Field
          label={t('matches.filter.org')}
          name="org"
          type="select"
          value={given.org ?? ''}
          options={[
            { value: '', label: t('matches.filter.all') },
            ...own.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
        />
      )}
      <Field
        label={t('matches.filter.q')}
        name="q"
        type="search"
        value={given.q ?? ''}
        maxlength={200}
        placeholder={t('matches.filter.q.hint')}
      />
      <Field label={t('matches.filter.safety')} name="safety" type="checkbox" checked={given.safety} />
      <Field
        label={t('matches.filter.exploited')}
        name="exploited"
        type="checkbox"
        checked={given.exploited}
      />
    </FilterBar>
  )
}

function Row({ frame: { t, now, zone }, own, row }: ListProps & { row: MatchLine }) {
  return (
    <ListRow
      href={`/matches/${row.id}`}
      title={<span lang={row.lang ?? undefined}>{row.title}</span>}
      badge={<SeverityBadge t={t} severity={row.severity} />}
      meta={
        <>
          {own.length > 1 && `${row.orgName} · `}
          {row.publisher} · {row.trackingId} · <Time t={t} at={row.openedAt} now={now} zone={zone} />
        </>
      }
    >
      <p>{row.closedWhy === null ? concernsWords(t, row) : t(`matches.closed.${row.closedWhy}`)}</p>
      <p class="row-meta">
        {row.patientSafety && <Chip>{t('advisories.safety')}</Chip>}{' '}
        {row.exploited && <Chip>{t('advisories.exploited')}</Chip>}{' '}
        <Chip>{t(`matches.state.${row.state}`)}</Chip>{' '}
        {[...(row.closedWhy === null ? [sureWords(t, row.sure)] : []), standingWords(t, row)].join(' · ')}
      </p>
    </ListRow>
  )
}

function Counts({ frame: { t }, counted }: { frame: Frame; counted: Counted[] }) {
  return (
    <Table<Counted>
      caption={t('matches.counts')}
      captionHidden
      rows={counted}
      rowKey={(row) => row.advisory}
      empty={<p class="muted">{t('matches.counts.none')}</p>}
      columns={[
        {
          key: 'title',
          label: t('matches.advisory'),
          main: true,
          cell: (row) => (
            <a href={`/advisories/${row.advisory}`} lang={row.lang ?? undefined}>
              {row.title}
            </a>
          ),
        },
        { key: 'band', label: t('matches.band'), cell: (row) => t('matches.band.said', { band: row.band }) },
      ]}
    />
  )
}

function href(given: ListQuery): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) search.set(name, value === true ? '1' : String(value))
  return `/matches${search.size > 0 ? `?${search}` : ''}`
}
