/** The list of warnings: filters in the address, as many rows as the count says, newest first. */

import type { ComponentChildren } from 'preact'
import type { Actor } from '../../../platform/access.ts'
import { isCoordinator, organisationsRead } from '../../../platform/access.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  EmptyState,
  Field,
  FilterBar,
  html,
  KeysetPager,
  Live,
  Page,
  type PageProps,
  Table,
} from '../../../ui/index.ts'
import { ruleBook } from '../rules.ts'
import { queryWith } from './access.ts'
import {
  type CellProps,
  EventsCell,
  hrefOf,
  LastCell,
  nameOf,
  OpenedCell,
  OrgCell,
  SeverityCell,
  StandingCell,
  TitleCell,
} from './both-cells.tsx'
import { type BothRow, cursorAfter, kindChoices } from './both-lists.ts'
import { kept, type Query, standings } from './filters.ts'

export interface ListProps {
  frame: PageProps
  actor: Actor
  rows: BothRow[]
  total: number
  query: Query
  organisations: { id: number; name: string }[]
  /** A further page exists. */
  more: boolean
}

export function listPage(props: ListProps): string {
  const { frame, rows, total, query } = props
  const { t } = frame
  const coordinator = isCoordinator(props.actor)
  const cell = (Cell: (of: CellProps) => ComponentChildren) => (one: BothRow) =>
    Cell({ t, one, now: frame.now, zone: frame.zone, coordinator })
  const filtered = Object.values(kept(query)).some(Boolean)
  const last = rows.at(-1)
  return html(
    <Page {...frame} lead={t(filtered ? 'warnings.list.found' : 'warnings.list.all', { n: total })}>
      <Filter {...props} filtered={filtered} />
      <Live id="warnings-list" topic="warnings">
        <Table<BothRow>
          caption={t('warnings.list.caption')}
          captionHidden
          rows={rows}
          rowKey={(one) => `${one.from} ${one.row.id}`}
          rowHref={hrefOf}
          columns={[
            { key: 'severity', label: t('warnings.severity'), cell: cell(SeverityCell) },
            { key: 'title', label: t('warnings.what'), main: true, cell: cell(TitleCell) },
            ...(organisationsRead(props.actor).length > 1 || coordinator
              ? [{ key: 'org', label: t('warnings.org'), cell: cell(OrgCell) }]
              : []),
            { key: 'standing', label: t('warnings.standing'), cell: cell(StandingCell) },
            { key: 'opened', label: t('warnings.opened'), kind: 'time' as const, cell: cell(OpenedCell) },
            { key: 'last', label: t('warnings.last'), kind: 'time' as const, cell: cell(LastCell) },
            { key: 'events', label: t('warnings.events'), kind: 'number' as const, cell: cell(EventsCell) },
          ]}
          empty={<Empty t={t} filtered={filtered} />}
        />
      </Live>
      <KeysetPager
        t={t}
        shown={rows.length}
        total={total}
        newer={query.after ? `/warnings${queryWith(kept(query))}` : undefined}
        older={
          props.more && last ? `/warnings${queryWith(kept(query), { after: cursorAfter(last) })}` : undefined
        }
      />
      <p class="muted no-print">
        <a href={`/warnings.csv${queryWith(kept(query), { kind: null })}`} data-turbo="false">
          {t('warnings.list.csv')}
        </a>
        {' · '}
        <a href={`/api/v1/warnings${queryWith(kept(query), { kind: null })}`} data-turbo="false">
          JSON
        </a>
        {' · '}
        <a href="/suppressed">{t('warnings.list.suppressed')}</a>
      </p>
    </Page>,
  )
}

function Empty({ t, filtered }: { t: T; filtered: boolean }) {
  return (
    <EmptyState title={t(filtered ? 'warnings.list.noneFound' : 'warnings.list.none')}>
      <p>{filtered ? <a href="/warnings">{t('warnings.list.reset')}</a> : t('warnings.list.noneWhy')}</p>
    </EmptyState>
  )
}

function Filter({ frame, actor, query, organisations, filtered }: ListProps & { filtered: boolean }) {
  const { t } = frame
  const any = { value: '', label: t('warnings.filter.any') }
  return (
    <FilterBar
      t={t}
      action="/warnings"
      reset={filtered ? '/warnings' : undefined}
      hidden={{ from: query.from, to: query.to }}
    >
      <Field label={t('warnings.filter.text')} name="text" type="search" value={query.text} maxlength={200} />
      <Field
        label={t('warnings.filter.kind')}
        name="kind"
        type="select"
        value={query.kind}
        options={[any, ...kindChoices.map((value) => ({ value, label: t(`warnings.kind.${value}`) }))]}
      />
      <Field
        label={t('warnings.filter.state')}
        name="state"
        type="select"
        value={query.state}
        options={[
          any,
          ...[
            'concerning',
            'living',
            'open',
            'reopened',
            'closed',
            ...(isCoordinator(actor) ? ['unattended'] : []),
          ].map((value) => ({
            value,
            label: t(`warnings.state.${value}`),
          })),
        ]}
      />
      <Field
        label={t('warnings.filter.severity')}
        name="severity"
        type="select"
        value={query.severity}
        options={[
          any,
          ...[4, 3, 2, 1].map((level) => ({
            value: String(level),
            label: t('warnings.filter.atLeast', { severity: t(`ui.severity.${nameOf(level)}`) }),
          })),
        ]}
      />
      <Field
        label={t('warnings.standing')}
        name="answer"
        type="select"
        value={query.answer}
        options={[any, ...standings.map((value) => ({ value, label: t(`warnings.standing.${value}`) }))]}
      />
      <Field
        label={t('warnings.rule')}
        name="rule"
        type="select"
        value={query.rule}
        options={[any, ...ruleBook().map((one) => ({ value: one.rule, label: one.name[t.lang] }))]}
      />
      {organisations.length > 1 && (
        <Field
          label={t('warnings.org')}
          name="org"
          type="select"
          value={query.org}
          options={[any, ...organisations.map((one) => ({ value: String(one.id), label: one.name }))]}
        />
      )}
      <Field
        label={t('warnings.filter.exercise')}
        name="exercise"
        type="checkbox"
        checked={query.exercise === '1'}
      />
    </FilterBar>
  )
}
