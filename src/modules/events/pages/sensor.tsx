/** One sensor: how it does, what became of everything it sent, and what was refused and why. */
import type { FastifyRequest } from 'fastify'
import { isCoordinator, organisationsRead } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { duration } from '../../../platform/dates.ts'
import { frameOf } from '../../../platform/frame.ts'
import { actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Bars,
  Details,
  Facts,
  html,
  Notice,
  Page,
  Section,
  Statement,
  Table,
  Time,
} from '../../../ui/index.ts'
import { mayManage } from '../may.ts'
import type { SensorCertificates } from '../queries/certificates.ts'
import type { RejectSample, SensorHealth, SensorHour } from '../queries/sensors.ts'
import type { Loss } from '../warden/loss.ts'
import { Certificates } from './certificates.tsx'
import { Enrol } from './enrol.tsx'
import { visible } from './event.tsx'
import { HealthChip, healthSentence } from './sensor-health.tsx'

interface Props {
  sensor: SensorHealth
  account: SensorHour[]
  refusals: { reason: string; n: number }[]
  rejects: RejectSample[]
  loss: Loss
  certificates: SensorCertificates
  settings: Context['settings']
}

export function sensorHtml(request: FastifyRequest, props: Props): string {
  const { t, now } = request
  const { sensor, settings } = props
  const actor = actorOf(request)
  const mine = isCoordinator(actor) || (sensor.org !== null && organisationsRead(actor).includes(sensor.org))
  const frame = frameOf(request, { title: sensor.name, active: 'sensors', zone: settings.zone })
  const { said } = request.query as { said?: unknown }
  return html(
    <Page
      {...frame}
      flash={said === 'revoked' ? { text: t('events.certificates.revoked') } : undefined}
      lead={sensor.organisation ?? (sensor.org === null ? t('events.day.perimeter') : undefined)}
    >
      <Statement tone={sensor.health === 'silent' ? 'urgent' : 'calm'}>{healthSentence(sensor, t)}</Statement>
      <About t={t} now={now} sensor={sensor} zone={settings.zone} />
      <Certificates
        t={t}
        now={now}
        zone={settings.zone}
        csrf={frame.csrf}
        sensor={sensor}
        certificates={props.certificates}
        manages={mayManage(actor, sensor)}
      />
      <Balance t={t} now={now} {...props} />
      <Gaps t={t} now={now} loss={props.loss} zone={settings.zone} />
      {props.refusals.length > 0 && (
        <Section title={t('events.refusals')} id="refusals" lead={t('events.refusals.lead')}>
          <Bars
            t={t}
            title={t('events.refusals')}
            titleHidden
            valueLabel={t('events.records')}
            items={props.refusals.map(({ reason, n }) => ({ key: reason, name: reason, value: n }))}
          />
          {mine ? (
            <Rejects t={t} now={now} zone={settings.zone} rejects={props.rejects} />
          ) : (
            <Notice>
              <p>{t('events.rejects.ownerOnly')}</p>
            </Notice>
          )}
        </Section>
      )}
      <Details summary={t('events.enrol.title')} open={sensor.health === 'waiting'}>
        <Enrol t={t} name={sensor.name} settings={settings} />
      </Details>
    </Page>,
  )
}

function About({ t, now, sensor, zone }: { t: T; now: number; sensor: SensorHealth; zone: string }) {
  const when = (iso: string | null) => (iso ? <Time t={t} at={Date.parse(iso)} now={now} zone={zone} /> : '–')
  return (
    <Facts
      facts={[
        { label: t('events.state'), value: <HealthChip t={t} health={sensor.health} /> },
        {
          label: t('events.sensor.lastSeen'),
          value: when(sensor.last_seen_at),
          note:
            sensor.quiet_after === null
              ? undefined
              : t('events.sensor.habit', { minutes: Math.round(sensor.quiet_after) }),
        },
        { label: t('events.sensor.newest'), value: when(sensor.newest_event_at) },
        {
          label: t('events.sensor.rights'),
          value: t.list(sensor.rights.map((right) => t(`events.right.${right}`))) || '–',
        },
        { label: t('events.sensor.since'), value: when(sensor.created_at) },
        sensor.cert_cn !== null && { label: t('events.sensor.certificate'), value: sensor.cert_cn },
        sensor.disabled_at !== null && {
          label: t('events.sensor.disabledAt'),
          value: when(sensor.disabled_at),
        },
      ]}
    />
  )
}

const parts = ['stored', 'duplicate', 'refused', 'deferred'] as const
const remarks = ['conflict', 'late', 'future', 'repaired', 'lost'] as const

/** received = stored + duplicate + refused + deferred, as an account that has to balance. */
function Balance({ t, now, sensor, account, settings }: Props & { t: T; now: number }) {
  const { day } = sensor
  const sum = parts.reduce((total, part) => total + day[part], 0)
  return (
    <Section title={t('events.account')} id="account" lead={t('events.account.lead')}>
      <table class="table table-small">
        <caption class="visually-hidden">{t('events.account')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('events.account.item')}</th>
            <th scope="col" class="cell-number">
              {t('events.records')}
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('events.account.received')}</th>
            <td class="cell-number">{t.number(day.received)}</td>
          </tr>
          {parts.map((part) => (
            <tr key={part}>
              <th scope="row">− {t(`events.account.${part}`)}</th>
              <td class="cell-number">{t.number(day[part])}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('events.account.difference')}</th>
            <td class="cell-number">{t.number(day.received - sum)}</td>
          </tr>
        </tfoot>
      </table>
      <p>{day.received === sum ? t('events.account.balances') : t('events.account.differs')}</p>
      <Facts
        facts={remarks.map(
          (name) => day[name] > 0 && { label: t(`events.account.${name}`), value: t.number(day[name]) },
        )}
      />
      <Details summary={t('events.account.hours')}>
        <Table
          caption={t('events.account.hours')}
          captionHidden
          walkable={false}
          rows={account}
          rowKey={(row) => row.at}
          empty={<p class="muted">{t('events.none')}</p>}
          columns={[
            {
              key: 'at',
              label: t('events.hour'),
              kind: 'time',
              main: true,
              cell: (row) => <Time t={t} at={Date.parse(row.at)} now={now} zone={settings.zone} as="short" />,
            },
            {
              key: 'received',
              label: t('events.account.received'),
              kind: 'number',
              cell: (row) => t.number(row.received),
            },
            ...[...parts, ...remarks].map((name) => ({
              key: name,
              label: t(`events.account.${name}`),
              kind: 'number' as const,
              cell: (row: SensorHour) => t.number(row[name]),
            })),
          ]}
        />
      </Details>
    </Section>
  )
}

/** Numbered batches that never came, and pauses. */
function Gaps({ t, now, loss, zone }: { t: T; now: number; loss: Loss; zone: string }) {
  const at = (iso: string) => <Time t={t} at={Date.parse(iso)} now={now} zone={zone} as="short" />
  if (loss.batches.announced === 0 && loss.silent.length === 0) return null
  return (
    <Section title={t('events.gaps')} id="gaps">
      {loss.batches.announced > 0 && (
        <p>
          {t('events.gaps.batches', {
            announced: loss.batches.announced,
            received: loss.batches.received,
            retries: loss.batches.retries,
          })}
        </p>
      )}
      {loss.batches.missing.length > 0 && (
        <Notice kind="careful" title={t('events.gaps.missing')}>
          <p>
            {loss.batches.missing
              .slice(0, 50)
              .map(([from, to]) => (from === to ? String(from) : `${from}–${to}`))
              .join(', ')}
          </p>
        </Notice>
      )}
      {loss.silent.length > 0 && (
        <Details summary={t('events.gaps.silent', { n: loss.silent.length })}>
          <ul class="bullets">
            {loss.silent.map(([since, until]) => (
              <li key={since}>
                {at(since)} – {at(until)} ({duration(Date.parse(until) - Date.parse(since))})
              </li>
            ))}
          </ul>
        </Details>
      )}
    </Section>
  )
}

function Rejects({ t, now, zone, rejects }: { t: T; now: number; zone: string; rejects: RejectSample[] }) {
  return (
    <Table
      caption={t('events.rejects')}
      rows={rejects}
      rowKey={(row) => row.id}
      empty={<p class="muted">{t('events.rejects.none')}</p>}
      columns={[
        {
          key: 'at',
          label: t('events.time'),
          kind: 'time',
          cell: (row) => <Time t={t} at={Date.parse(row.at)} now={now} zone={zone} as="short" />,
        },
        { key: 'line', label: t('events.rejects.where'), cell: (row) => `${row.format} ${row.line}` },
        { key: 'reason', label: t('events.rejects.reason'), main: true, cell: (row) => row.reason },
        { key: 'sample', label: t('events.rejects.sample'), cell: (row) => <Sample row={row} /> },
      ]}
    />
  )
}

/** The sample with the part that the reason names marked: `Source/0/IP4: …` marks `"IP4"` and what follows it. */
function Sample({ row }: { row: RejectSample }) {
  const text = visible(Buffer.from(row.sample))
  const span = offending(text, row.reason)
  if (!span) return <code class="address">{text}</code>
  return (
    <code class="address">
      {text.slice(0, span[0])}
      <mark>{text.slice(...span)}</mark>
      {text.slice(span[1])}
    </code>
  )
}

/** Where in the sample the thing that a reason names stands, from its key to the end of its value; null when it is not there. */
export function offending(text: string, reason: string): [number, number] | null {
  const path =
    reason
      .split(': ', 1)[0]
      ?.split(/[/.]/)
      .filter((part) => part !== '' && !/^\d+$/.test(part)) ?? []
  let from = 0
  let found = -1
  for (const part of path) {
    const at = text.indexOf(`"${part}"`, from)
    if (at < 0) break
    found = at
    from = at + part.length + 2
  }
  if (found < 0) return null
  const value = /^\s*:\s*(?:"(?:[^"\\]|\\.)*"?|\[[^\]]*\]?|[^,}\]]*)/.exec(text.slice(from))?.[0] ?? ''
  return [found, from + value.length]
}
