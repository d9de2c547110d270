/** All periods of keeping on one page. */
import type { T } from '../../../platform/i18n.ts'
import { html, Page, type PageProps, Table, Time } from '../../../ui/index.ts'
import type { Period } from '../periods.ts'
import { Views } from './views.tsx'

export interface PeriodsProps {
  frame: PageProps
  periods: Period[]
  /** What the configuration says of raw events; null when it leaves it to the table. */
  rawDays: number | null
}

export function periodsPage({ frame, periods, rawDays }: PeriodsProps): string {
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={t('privacy.periods.lead')}>
      <Views t={t} active="/retention" roles={frame.actor?.roles ?? []} />
      <Table<Period>
        caption={t('privacy.periods.title')}
        captionHidden
        rows={periods}
        rowKey={(row) => row.what}
        rowHref={(row) => `/retention/${row.what}`}
        columns={[
          {
            key: 'what',
            label: t('privacy.periods.what'),
            main: true,
            cell: (row) => <a href={`/retention/${row.what}`}>{t(`privacy.what.${row.what}`)}</a>,
          },
          {
            key: 'days',
            label: t('privacy.periods.days'),
            kind: 'time',
            cell: (row) => t('privacy.days', { n: daysOf(row, rawDays) }),
          },
          { key: 'basis', label: t('privacy.periods.basis'), cell: (row) => basisOf(row, t) },
          {
            key: 'changed',
            label: t('privacy.periods.changed'),
            kind: 'time',
            cell: (row) =>
              row.version === 1 ? (
                t('privacy.period.delivered')
              ) : (
                <Time t={t} at={row.changedAt} now={now} zone={zone} as="short" />
              ),
          },
        ]}
      />
      <p class="muted">{t('privacy.periods.always')}</p>
    </Page>,
  )
}

export const basisOf = (period: Period, t: T): string => (t.lang === 'cs' ? period.basisCs : period.basisEn)

/** The configuration goes before the table for raw events alone. */
export const daysOf = ({ what, days }: Period, rawDays: number | null): number =>
  what === 'raw_events' && rawDays !== null ? rawDays : days
