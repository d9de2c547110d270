/** Sensors: a list with health, and one sensor with its account. Operators see the accounting, never content. */
import type { FastifyRequest } from 'fastify'
import { asActor, isCoordinator, isOperator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import { EmptyState, html, Live, Page, Sparkline, Statement, Table, Time } from '../../../ui/index.ts'
import { certificatesFor } from '../queries/certificates.ts'
import {
  accountOf,
  type Health,
  refusalsOf,
  rejectsOf,
  type SensorHealth,
  sensorHealth,
} from '../queries/sensors.ts'
import { lossOf } from '../warden/loss.ts'
import { mountCertificates } from './certificates.tsx'
import { Enrol } from './enrol.tsx'
import { sensorHtml } from './sensor.tsx'
import { HealthChip } from './sensor-health.tsx'
import { idParam } from './view.ts'
import { watchers, weekMs } from './watchers.ts'

export function mountSensors(app: App, context: Context): void {
  const { db, settings } = context
  mountCertificates(app, context)
  app.get(
    '/sensors',
    { config: { access: { who: watchers } }, schema: { hide: true } },
    async (request, reply) => {
      const sensors = await asActor(db, actorOf(request), request.now, (tx) =>
        sensorHealth(tx, { now: request.now }),
      )
      return reply.type('text/html; charset=utf-8').send(listHtml(request, sensors, settings))
    },
  )
  app.get(
    '/sensors/:id',
    { config: { access: { who: watchers, objects: { id: 'sensor' } } }, schema: { hide: true } },
    async (request, reply) => {
      const { now } = request
      const found = await asActor(db, actorOf(request), now, async (tx) => {
        const id = idParam(request, 'id', 2_147_483_647)
        const [sensor] = await sensorHealth(tx, { now, id })
        if (!sensor) throw new NotFound('There is no such sensor.')
        return {
          sensor,
          account: await accountOf(tx, id, now - weekMs, now + 1),
          refusals: await refusalsOf(tx, id, now - weekMs, now + 1),
          rejects: await rejectsOf(tx, id),
          loss: await lossOf(tx, sensor, now - weekMs, now + 1),
          certificates: await certificatesFor(tx, id, now),
        }
      })
      return reply.type('text/html; charset=utf-8').send(sensorHtml(request, { ...found, settings }))
    },
  )
}

function listHtml(request: FastifyRequest, sensors: SensorHealth[], settings: Context['settings']): string {
  const { t, now } = request
  const actor = actorOf(request)
  const wide = isCoordinator(actor) || isOperator(actor)
  return html(
    <Page {...frameOf(request, { title: t('events.sensors'), active: 'sensors', zone: settings.zone })}>
      {sensors.length === 0 ? (
        <EmptyState title={t('events.sensor.none')}>
          <p>{t('events.sensor.noneWhy')}</p>
        </EmptyState>
      ) : (
        <Live id="sensors" topic="derived" apply="now">
          <Statement>{summary(sensors, t)}</Statement>
          <Table
            caption={t('events.sensors')}
            captionHidden
            rows={sensors}
            rowKey={(row) => row.id}
            rowHref={(row) => `/sensors/${row.id}`}
            columns={[
              {
                key: 'name',
                label: t('events.sensor'),
                main: true,
                cell: (row) => <a href={`/sensors/${row.id}`}>{row.name}</a>,
              },
              {
                key: 'health',
                label: t('events.state'),
                cell: (row) => <HealthChip t={t} health={row.health} />,
              },
              ...(wide
                ? [
                    {
                      key: 'organisation',
                      label: t('events.organisation'),
                      cell: (row: SensorHealth) =>
                        row.organisation ?? (row.org === null ? t('events.perimeter') : ''),
                    },
                  ]
                : []),
              {
                key: 'last',
                label: t('events.sensor.lastSeen'),
                kind: 'time',
                cell: (row) =>
                  row.last_seen_at ? (
                    <Time t={t} at={Date.parse(row.last_seen_at)} now={now} zone={settings.zone} />
                  ) : (
                    '–'
                  ),
              },
              {
                key: 'course',
                label: t('events.sensor.day'),
                cell: (row) => (
                  <Sparkline
                    title={t('events.sensor.courseOf', { name: row.name, n: Math.max(...row.hours) })}
                    values={row.hours}
                  />
                ),
              },
              {
                key: 'stored',
                label: t('events.account.stored'),
                kind: 'number',
                cell: (row) => t.number(row.day.stored),
              },
              {
                key: 'refused',
                label: t('events.account.refused'),
                kind: 'number',
                cell: (row) => t.number(row.day.refused),
              },
            ]}
          />
        </Live>
      )}
      <Enrol t={t} name="cz.example.ids" settings={settings} />
    </Page>,
  )
}

function summary(sensors: SensorHealth[], t: T): string {
  const count = (health: Health): number => sensors.filter((sensor) => sensor.health === health).length
  const parts = (['silent', 'losing', 'waiting', 'well'] as const)
    .filter((health) => count(health) > 0)
    .map((health) => t(`events.sensor.count.${health}`, { n: count(health) }))
  return `${t.list(parts)}.`
}
