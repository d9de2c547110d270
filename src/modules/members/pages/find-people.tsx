/** People found by a part of their name, address or organisation. */
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { EmptyState, Field, FilterBar, html, KeysetPager, Page, Table } from '../../../ui/index.ts'
import type { FoundPerson } from '../find-people.ts'
import { placesOf } from '../search.ts'

export interface FindPeopleProps {
  frame: Frame
  q: string
  /** Whether the reader answers requests of people for their data. */
  handsOut: boolean
  rows: FoundPerson[]
  total: number
  isFirst: boolean
  hasMore: boolean
}

export function findPeoplePage({
  frame,
  q,
  rows,
  total,
  isFirst,
  hasMore,
  handsOut,
}: FindPeopleProps): string {
  const { t } = frame
  const last = rows.at(-1)
  return html(
    <Page {...frame} lead={`${t('finding.lead')} ${t('finding.hint')}`}>
      <FilterBar t={t} action="/people/search" reset={q ? '/people/search' : undefined}>
        <Field label={t('finding.q')} name="q" type="search" value={q} maxlength={200} autofocus={q === ''} />
      </FilterBar>
      {q !== '' && (
        <>
          <Table
            caption={t('finding.found', { n: total })}
            rows={rows}
            rowKey={(row) => row.id}
            empty={
              <EmptyState title={t('finding.none')}>
                <p>{t('finding.noneWhy')}</p>
              </EmptyState>
            }
            columns={[
              { key: 'name', label: t('people.name'), main: true, cell: (row) => row.name },
              {
                key: 'email',
                label: t('people.email'),
                cell: (row) => <a href={`mailto:${row.email}`}>{row.email}</a>,
              },
              { key: 'where', label: t('finding.where'), cell: (row) => <Places t={t} person={row} /> },
              ...(handsOut
                ? [
                    {
                      key: 'data',
                      label: t('finding.data'),
                      cell: (row: FoundPerson) => <DataOf t={t} person={row} />,
                    },
                  ]
                : []),
            ]}
          />
          <KeysetPager
            t={t}
            newer={isFirst ? undefined : hrefOf(q)}
            older={hasMore && last ? hrefOf(q, last.id) : undefined}
            shown={rows.length}
            total={hasMore || !isFirst ? total : undefined}
          />
        </>
      )}
    </Page>,
  )
}

const hrefOf = (q: string, after?: number): string =>
  `/people/search?${new URLSearchParams({ q, ...(after ? { after: String(after) } : {}) })}`

/** Whoever asks for their data is found here first; the request itself is answered there. */
function DataOf({ t, person }: { t: T; person: FoundPerson }) {
  return (
    <a href={`/people/${person.id}/data`} aria-label={t('finding.dataOf', { name: person.name })}>
      {t('finding.dataSee')}
    </a>
  )
}

function Places({ t, person }: { t: T; person: FoundPerson }) {
  return (
    <>
      {placesOf(person, t).map(({ org, name, roles }) => (
        <div key={org ?? 0}>
          {org !== null && <a href={`/members/${org}#people`}>{name}</a>} <span class="muted">{roles}</span>
        </div>
      ))}
    </>
  )
}
