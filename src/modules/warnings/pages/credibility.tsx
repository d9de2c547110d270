/** Detectors whose weight false alarms have lowered, and the way back. */
import { Button, Chip, EmptyState, Form, html, Page, type PageProps, Table, Time } from '../../../ui/index.ts'
import type { Credibility } from '../credibility.ts'
import { kindOf } from './words.ts'

export interface CredibilityProps {
  frame: PageProps
  rows: Credibility[]
  restored: boolean
}

export function credibilityPage({ frame, rows, restored }: CredibilityProps): string {
  const { t, now, zone } = frame
  return html(
    <Page
      {...frame}
      lead={t('warnings.credibility.lead')}
      flash={restored ? { text: t('warnings.credibility.flash') } : undefined}
    >
      <Table<Credibility>
        caption={t('warnings.credibility.title')}
        captionHidden
        rows={rows}
        rowKey={(row) => `${row.detector}-${row.cls}-${row.org}`}
        columns={[
          {
            key: 'detector',
            label: t('warnings.detector'),
            main: true,
            cell: (row) => row.detectorName ?? `#${row.detector}`,
          },
          {
            key: 'kind',
            label: t('warnings.kind'),
            cell: (row) => kindOf(row.clsName.replace(/-(target|internal)$/, ''), t.lang),
          },
          {
            key: 'org',
            label: t('warnings.org'),
            cell: (row) => (row.org === 0 ? t('warnings.credibility.sector') : (row.orgName ?? '')),
          },
          {
            key: 'good',
            label: t('warnings.credibility.good'),
            kind: 'number',
            cell: (row) => t.number(row.good),
          },
          {
            key: 'bad',
            label: t('warnings.credibility.bad'),
            kind: 'number',
            cell: (row) => t.number(row.bad),
          },
          {
            key: 'mean',
            label: t('warnings.credibility.mean'),
            kind: 'number',
            help: t('warnings.credibility.mean.help'),
            cell: (row) => t.percent(row.mean),
          },
          {
            key: 'lowered',
            label: t('warnings.credibility.weight'),
            cell: (row) => (
              <Chip>{t(row.lowered ? 'warnings.credibility.lowered' : 'warnings.credibility.full')}</Chip>
            ),
          },
          {
            key: 'changed',
            label: t('warnings.rules.changed'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.changedAt} now={now} zone={zone} as="short" />,
          },
          {
            key: 'restore',
            label: t('warnings.credibility.restore'),
            cell: (row) =>
              row.good + row.bad > 0 && (
                <Form
                  action="/credibility/restoration"
                  csrf={frame.csrf}
                  hidden={{ detector: row.detector, cls: row.cls, org: row.org }}
                  label={t('warnings.credibility.restore')}
                >
                  <Button kind="quiet">{t('warnings.credibility.restore')}</Button>
                </Form>
              ),
          },
        ]}
        empty={
          <EmptyState title={t('warnings.credibility.none')}>
            <p>{t('warnings.credibility.none.why')}</p>
          </EmptyState>
        }
      />
    </Page>,
  )
}
