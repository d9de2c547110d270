/** Who sits in a group: names and organisations, never an address. */
import { Chip, EmptyState, Field, FilterBar, KeysetPager, Section, Table, Time } from '../../../ui/index.ts'
import { rosterPage, type Seated } from '../roster.ts'
import type { ShowProps } from './show-props.ts'
import { wayOf } from './words.ts'

export function Members(props: ShowProps) {
  const { frame, standing, seated } = props
  const { t } = frame
  if (!seated) {
    const why = standing.seats.length > 0 ? 'groups.members.notYet' : 'groups.members.hidden'
    return (
      <Section title={t('groups.members')} id="members">
        <p class="muted">{t(why)}</p>
      </Section>
    )
  }
  return (
    <Section title={t('groups.members')} id="members">
      <List {...props} seated={seated} />
    </Section>
  )
}

function List(props: ShowProps & { seated: NonNullable<ShowProps['seated']> }) {
  const { frame, group, standing, seated, filter } = props
  const { t } = frame
  const { rows, total, next } = seated
  const path = `/groups/${group.slug}`
  const own = standing.seats.map(({ org }) => org)
  const isLong = total > rosterPage || filter.q !== ''
  const page = (after?: string): string =>
    `${path}?${new URLSearchParams({ ...(filter.q ? { q: filter.q } : {}), ...(after ? { after } : {}) })}#members`
  return (
    <>
      {isLong && (
        <FilterBar t={t} action={path} reset={filter.q ? path : undefined}>
          <Field label={t('groups.members.q')} name="q" type="search" value={filter.q} maxlength={200} />
        </FilterBar>
      )}
      <Table
        caption={t('groups.members')}
        captionHidden
        rows={rows}
        rowKey={(row) => `${row.person}-${row.orgId}`}
        rowHref={standing.leads ? (row) => `${path}/members/${row.person}` : undefined}
        yours={(row) => own.includes(row.orgId)}
        empty={<EmptyState title={t(filter.q ? 'groups.members.nothing' : 'groups.members.none')} />}
        columns={columns(props)}
      />
      <KeysetPager
        t={t}
        newer={filter.after ? page() : undefined}
        older={next ? page(next) : undefined}
        shown={rows.length}
        total={next || filter.after || filter.q ? total : undefined}
      />
    </>
  )
}

const columns = ({ frame, group, standing }: ShowProps) => {
  const { t, now, zone } = frame
  const path = `/groups/${group.slug}/members`
  return [
    {
      key: 'name',
      label: t('groups.person'),
      main: true,
      cell: (row: Seated) => (
        <>
          {standing.leads ? <a href={`${path}/${row.person}`}>{row.name}</a> : row.name}{' '}
          {row.moderator && <Chip>{t('groups.moderator')}</Chip>}{' '}
          {row.muted && <Chip>{t('groups.muted')}</Chip>}
        </>
      ),
    },
    { key: 'org', label: t('groups.organisation'), cell: (row: Seated) => row.orgName },
    { key: 'way', label: t('groups.way'), cell: (row: Seated) => wayOf(row, frame) },
    {
      key: 'since',
      label: t('groups.since'),
      kind: 'time' as const,
      cell: (row: Seated) => <Time t={t} at={row.since} now={now} zone={zone} as="short" />,
    },
  ]
}
