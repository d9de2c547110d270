/** For those who run the servers: the sensors' health, and nothing of what they report. */
import { EmptyState, html, Live, Page, type PageProps, Statement, Table, Time } from '../../../ui/index.ts'
import type { SensorHealth, Watching } from '../watching.ts'
import { type ViewProps, ViewTabs } from './views.tsx'

export interface OperatorProps extends ViewProps {
  frame: PageProps
  watching: Watching
}

export function operatorPage({ frame, watching, views, view }: OperatorProps): string {
  const { t, now, zone } = frame
  const ill = watching.sensors.filter((one) => one.health === 'silent' || one.health === 'never').length
  return html(
    <Page {...frame} lead={t('home.o.lead')}>
      <ViewTabs t={t} views={views} view={view} />
      <Live id="sensors" topic="derived" apply="now">
        <Statement>
          {ill === 0 ? t('home.o.healthy', { n: watching.sensors.length }) : t('home.o.ill', { n: ill })}
        </Statement>
        <Table<SensorHealth>
          caption={t('home.o.sensors')}
          rows={watching.sensors}
          rowKey={(row) => row.id}
          rowHref={(row) => `/sensors/${row.id}`}
          columns={[
            {
              key: 'name',
              label: t('home.o.sensor'),
              main: true,
              cell: (row) => <a href={`/sensors/${row.id}`}>{row.name}</a>,
            },
            { key: 'health', label: t('home.o.health'), cell: (row) => t(`home.health.${row.health}`) },
            {
              key: 'seen',
              label: t('home.o.seen'),
              kind: 'time',
              cell: (row) =>
                row.lastSeenAt !== null && <Time t={t} at={row.lastSeenAt} now={now} zone={zone} />,
            },
          ]}
          empty={
            <EmptyState title={t('home.o.none')}>
              <p>{t('home.o.none.why')}</p>
            </EmptyState>
          }
        />
      </Live>
      <p>
        <a href="/metrics" data-turbo="false">
          {t('home.o.operations')}
        </a>
      </p>
    </Page>,
  )
}
