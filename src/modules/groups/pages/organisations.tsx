/** Three sets of organisations, none of which follows from another, and the rows of the third. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Definition,
  EmptyState,
  Field,
  Figures,
  FilterBar,
  html,
  KeysetPager,
  Page,
  Table,
} from '../../../ui/index.ts'
import type { SeatedOrganisation } from '../coverage.ts'
import type { Group } from '../groups.ts'

export interface OrganisationsProps {
  frame: Frame
  sets: { involved: number; signed: number }
  /** Organisations that sit in at least one group. */
  seated: number
  groups: Group[]
  rows: SeatedOrganisation[]
  next: number | undefined
  filter: { q: string; after?: number | undefined }
}

export function organisationsPage(props: OrganisationsProps): string {
  const { frame, sets, seated, groups, rows, next, filter } = props
  const { t } = frame
  const page = (after?: number): string =>
    `/groups/organisations?${new URLSearchParams({ ...(filter.q ? { q: filter.q } : {}), ...(after ? { after: String(after) } : {}) })}`
  return html(
    <Page {...frame} lead={t('groups.organisations.lead')}>
      <Figures>
        <Definition
          t={t}
          value={t.number(sets.involved)}
          label={t('memorandum.involved', { n: sets.involved })}
          definition={t('memorandum.involved.what')}
          href="/members"
        />
        <Definition
          t={t}
          value={t.number(sets.signed)}
          label={t('memorandum.signed', { n: sets.signed })}
          definition={t('memorandum.signed.what')}
          href="/memorandum"
        />
        <Definition
          t={t}
          value={t.number(seated)}
          label={t('groups.seated', { n: seated })}
          definition={t('groups.seated.what')}
          href="#seated"
        />
      </Figures>
      <FilterBar t={t} action="/groups/organisations" reset={filter.q ? '/groups/organisations' : undefined}>
        <Field label={t('groups.organisation')} name="q" type="search" value={filter.q} maxlength={200} />
      </FilterBar>
      <div id="seated">
        <Table
          caption={t('groups.organisations.caption')}
          rows={rows}
          rowKey={(row) => row.orgId}
          rowHref={(row) => `/members/${row.orgId}`}
          empty={<EmptyState title={t('groups.organisations.none')} />}
          columns={[
            {
              key: 'name',
              label: t('groups.organisation'),
              main: true,
              cell: (row) => <a href={`/members/${row.orgId}`}>{row.name}</a>,
            },
            {
              key: 'status',
              label: t('organisations.status.title'),
              cell: (row) => t(`organisations.status.${row.status}`),
            },
            ...groups
              .filter(({ closedAt }) => closedAt === null)
              .map((group) => ({
                key: group.slug,
                label: group.name,
                kind: 'number' as const,
                cell: (row: SeatedOrganisation) => {
                  const n = row.seats[group.id]
                  if (!n) return ''
                  return (
                    <a href={`/groups/${group.slug}?${new URLSearchParams({ q: row.name })}#members`}>
                      {t.number(n)}
                    </a>
                  )
                },
              })),
          ]}
        />
      </div>
      <KeysetPager
        t={t}
        newer={filter.after ? page() : undefined}
        older={next ? page(next) : undefined}
        shown={rows.length}
        total={filter.q ? undefined : seated}
      />
      <p>
        <a href="/groups">{t('groups.back')}</a>
      </p>
    </Page>,
  )
}
