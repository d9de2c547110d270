/** Which organisations that a group is meant for have nobody there. */
import type { Frame } from '../../../platform/frame.ts'
import { EmptyState, html, Page, Table } from '../../../ui/index.ts'
import { kindIn } from '../../members/pages.ts'
import type { Uncovered } from '../coverage.ts'
import type { Group } from '../groups.ts'
import { whoMayJoin } from './words.ts'

export function coveragePage({
  frame,
  group,
  rows,
}: {
  frame: Frame
  group: Group
  rows: Uncovered[]
}): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('groups.coverage.lead', { n: rows.length })}>
      <p class="muted">{whoMayJoin(group, t)}</p>
      <Table
        caption={frame.title}
        captionHidden
        rows={rows}
        rowKey={(row) => row.orgId}
        rowHref={(row) => `/members/${row.orgId}`}
        empty={<EmptyState title={t('groups.coverage.none')} />}
        columns={[
          {
            key: 'name',
            label: t('groups.organisation'),
            main: true,
            cell: (row) => <a href={`/members/${row.orgId}`}>{row.name}</a>,
          },
          { key: 'kind', label: t('members.member.kind'), cell: (row) => kindIn(row.kind, t) },
          { key: 'region', label: t('members.member.region'), cell: (row) => row.region },
          {
            key: 'why',
            label: t('groups.coverage.why'),
            cell: (row) => t(row.silent ? 'groups.coverage.silent' : 'groups.coverage.nobody'),
          },
          {
            key: 'people',
            label: t('groups.coverage.do'),
            cell: (row) => <a href={`/members/${row.orgId}/people`}>{t('groups.coverage.people')}</a>,
          },
        ]}
      />
      <p>
        <a href={`/groups/${group.slug}`}>{t('groups.member.back', { group: group.name })}</a>
      </p>
    </Page>,
  )
}
