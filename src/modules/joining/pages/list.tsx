/** Applications: what waits first; for coordinators also how many wait in which region. */
import type { Frame } from '../../../platform/frame.ts'
import { Chip, EmptyState, html, Page, Section, Table, Tabs, Time } from '../../../ui/index.ts'
import { type ApplicationLine, mostListed } from '../queries.ts'
import type { RegisterLoad } from '../register.ts'
import type { State } from '../states.ts'
import { regionIn } from './words.ts'

export interface ListProps {
  frame: Frame
  rows: ApplicationLine[]
  /** Which are shown; null: those that wait. */
  state: State | null
  isCoordinator: boolean
  /** For coordinators: how many organisations wait, by region. */
  byRegion: Map<string | null, number>
  load: RegisterLoad | null
}

const tabs = ['open', 'approved', 'refused'] as const

export function listPage(props: ListProps): string {
  const { frame, rows, state, isCoordinator } = props
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={t(isCoordinator ? 'joining.list.lead' : 'joining.list.lead.manager')}>
      <Tabs
        t={t}
        label={t('joining.list.states')}
        active={state ?? 'open'}
        tabs={tabs.map((key) => ({
          key,
          label: t(`joining.list.tab.${key}`),
          href: key === 'open' ? '/applications' : `/applications?state=${key}`,
        }))}
      />
      <Table<ApplicationLine>
        caption={frame.title}
        captionHidden
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={(row) => `/applications/${row.id}`}
        empty={<EmptyState title={t('joining.list.none')}>{t('joining.list.none.what')}</EmptyState>}
        columns={[
          {
            key: 'organisation',
            label: t('joining.field.organisation'),
            main: true,
            cell: (row) => <a href={`/applications/${row.id}`}>{row.organisation}</a>,
          },
          { key: 'kind', label: t('joining.list.kind'), cell: (row) => t(`joining.kind.${row.kind}`) },
          { key: 'name', label: t('joining.label.applicant'), cell: (row) => row.name },
          { key: 'region', label: t('joining.field.region'), cell: (row) => regionIn(row.nuts3) ?? '–' },
          {
            key: 'state',
            label: t('joining.field.state'),
            cell: (row) => (
              <>
                <Chip>{t(`joining.state.${row.state}`)}</Chip>{' '}
                {row.confirmedAt === null && <Chip>{t('joining.unconfirmed')}</Chip>}
              </>
            ),
          },
          {
            key: 'applied',
            label: t('joining.field.appliedAt'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.appliedAt} now={now} zone={zone} as="short" />,
          },
        ]}
      />
      {rows.length >= mostListed && <p class="muted">{t('joining.list.most', { n: mostListed })}</p>}
      {isCoordinator && <Regions {...props} />}
      {isCoordinator && <Register {...props} />}
    </Page>,
  )
}

/** Which regions newcomers come from; a list says it as well as a map and can be read aloud. */
function Regions({ frame: { t }, byRegion }: ListProps) {
  if (byRegion.size === 0) return null
  const rows = [...byRegion].sort(([, a], [, b]) => b - a)
  return (
    <Section title={t('joining.list.regions')} id="regions">
      <ul class="bullets">
        {rows.map(([nuts3, n]) => (
          <li key={nuts3 ?? ''}>
            {regionIn(nuts3) ?? t('joining.region.none')}: {t.number(n)}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Register({ frame: { t, now, zone }, load }: ListProps) {
  return (
    <Section title={t('joining.register.title')} id="register">
      {load === null ? (
        <p>{t('joining.register.none')}</p>
      ) : (
        <p>
          {t('joining.register.loaded', { file: load.fileName, n: load.entries })}{' '}
          <Time t={t} at={load.loadedAt} now={now} zone={zone} as="short" />
        </p>
      )}
    </Section>
  )
}
