/** The parts of a source: what is known of it, what the sector met, on which lists it stands. */
import type { FastifyRequest } from 'fastify'
import { isCoordinator } from '../../../platform/access.ts'
import { dayShort } from '../../../platform/dates.ts'
import { actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import { Bars, Chip, Facts, Section, Sparkline, Time } from '../../../ui/index.ts'
import type { SourceHistory } from '../queries/source.ts'
import type { Hit } from '../slots.ts'
import { link, type View } from './view.ts'
import { familyName, groupName, labelTitle, share } from './words.ts'

export interface Known {
  view: View
  history: SourceHistory
  warnings: Hit[]
  zone: string
}

export function About({ t, now, history, zone, view }: Known & { t: T; now: number }) {
  const when = (iso: string | null) =>
    iso ? <Time t={t} at={Date.parse(iso)} now={now} zone={zone} as="short" /> : '–'
  const busiest = history.by_day.reduce(
    (best, day) => (day.events > best.events ? day : best),
    history.by_day[0] ?? { day: '', events: 0, got_through: 0 },
  )
  return (
    <Facts
      facts={[
        {
          label: t('events.first'),
          value: when(history.first_at),
          note: t('events.source.window', { days: history.days }),
        },
        { label: t('events.last'), value: when(history.last_at) },
        { label: t('events.dropped'), value: share(history.counts.dropped_share, t) },
        { label: t('events.detections'), value: t.number(history.detections) },
        busiest.events > 0 && {
          label: t('events.source.busiest'),
          value: (
            <a href={link(`/days/${busiest.day}/events`, view.keep, { source: history.source })}>
              {dayShort(busiest.day, t)}: {t('events.n.events', { n: busiest.events })}
            </a>
          ),
        },
        {
          label: t('events.source.days'),
          value: (
            <Sparkline
              title={t('events.source.daysOf', { days: history.days })}
              values={history.by_day.map((day) => day.events)}
            />
          ),
        },
      ]}
    />
  )
}

/** Members learn a band; coordinators see whom it met. */
export function Sector({ t, request, history, zone: _zone }: Known & { t: T; request: FastifyRequest }) {
  if (isCoordinator(actorOf(request)) && history.by_organisation.length > 0)
    return (
      <Section title={t('events.source.organisations', { n: history.by_organisation.length })} id="sector">
        <Bars
          t={t}
          title={t('events.day.organisations')}
          titleHidden
          valueLabel={t('events.events')}
          items={history.by_organisation.map((org) => ({
            key: String(org.id),
            name: org.name,
            value: org.events,
            passed: org.got_through,
            href: link(`/sources/${encodeURIComponent(history.source)}`, { org: org.id }),
          }))}
        />
      </Section>
    )
  return (
    <Section title={t('events.source.sector')} id="sector">
      {history.seen.length === 0 ? (
        <p>{t('events.source.noStatement')}</p>
      ) : (
        <ul class="bullets">
          {history.seen.map(({ family, band }) => (
            <li key={family}>
              {t('events.source.seen', { kind: familyName(family, t), band: bandWords(band, t) })}
            </li>
          ))}
        </ul>
      )}
      <p class="muted">{t('events.source.sectorWhy')}</p>
    </Section>
  )
}

/** "5–10", "more than 20". */
const bandWords = (band: string, t: T): string => t(`events.band.${/^\d+/.exec(band)?.[0] ?? '5'}`)

export function Labels({ t, now, history, zone }: Known & { t: T; now: number }) {
  return (
    <Section title={t('events.labels')} id="labels">
      {history.labels.length === 0 ? (
        <p class="muted">{t('events.source.noLabels')}</p>
      ) : (
        <ul class="rows">
          {history.labels.map((label) => (
            <li key={label.list} class="row">
              <div class="row-body">
                <p class="row-title">
                  <Chip>{groupName(label.group, t)}</Chip>
                </p>
                <p class="row-meta">
                  {labelTitle(label, t)}
                  {label.since && (
                    <>
                      {' '}
                      · {t('events.label.since')}{' '}
                      <Time t={t} at={Date.parse(label.since)} now={now} zone={zone} />
                    </>
                  )}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
      <p class="muted">
        {t('events.source.labelsWhy')} <a href="/lists">{t('events.lists')}</a>
      </p>
    </Section>
  )
}
