/** A day's figures drawn: the sentence, the hours, the kinds, the sources, and where each number comes from. */
import { Bars, Details, type HourPoint, HourStrip, Notice, Section, Time } from '../../../ui/index.ts'
import { Headline, Sentence } from './day-headline.tsx'
import type { DayProps } from './day-page.ts'
import { Organisations, Plain, Sources } from './day-parts.tsx'
import { link } from './view.ts'
import { className, ownClassName } from './words.ts'

/** The URL form of an hour: UTC, `2026-03-03T13`. */
export const hourKey = (iso: string): string => iso.slice(0, 13)

export function DayBody({ page, figures }: DayProps) {
  const { t, day, view, now, zone } = page
  const to = (list: string, filter: Record<string, string | number> = {}): string =>
    link(`/days/${day}/${list}`, view.keep, filter)
  const name = view.kind === 'perimeter' ? className : ownClassName
  const points = figures.by_hour.map(
    (hour): HourPoint => ({
      at: Date.parse(hour.key),
      dropped: hour.dropped,
      passed: hour.got_through,
      unknown: hour.unknown,
      href: to('events', { hour: hourKey(hour.key) }),
    }),
  )
  return (
    <>
      <Sentence page={page} figures={figures} />
      <Headline page={page} figures={figures} />
      {figures.silent.length > 0 && (
        <Notice kind="careful" title={t('events.day.silent', { n: figures.silent.length })}>
          <ul>
            {figures.silent.map((sensor) => (
              <li key={sensor.id}>
                <a href={`/sensors/${sensor.id}`}>{sensor.name}</a> – {t('events.day.lastHeard')}{' '}
                <Time t={t} at={Date.parse(sensor.last_heard_at)} now={now} zone={zone} as="short" />
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Section title={t('events.day.hours')} id="hours">
        <HourStrip t={t} title={t('events.day.hours')} titleHidden points={points} zone={zone} />
      </Section>
      <Section
        title={t('events.day.kinds')}
        id="kinds"
        lead={figures.usual.days > 0 ? t('events.day.kindsUsual', { n: figures.usual.days }) : undefined}
      >
        <Bars
          t={t}
          title={t('events.day.kinds')}
          titleHidden
          nameLabel={t('events.kind')}
          valueLabel={t('events.events')}
          items={figures.by_class
            .filter((kind) => kind.events > 0)
            .slice(0, 25)
            .map((kind) => ({
              key: kind.key,
              name: name(kind.key, t),
              value: kind.events,
              passed: kind.got_through,
              ...(kind.usual === null ? {} : { usual: Math.round(kind.usual) }),
              href: to('events', { class: kind.key }),
            }))}
        />
      </Section>
      <Section
        title={t('events.day.sources')}
        id="sources"
        actions={<a href={to('sources')}>{t('events.day.allSources', { n: figures.sources })}</a>}
      >
        <Sources page={page} sources={figures.top_sources} />
      </Section>
      {figures.by_organisation.length > 0 && (
        <Section
          title={t('events.day.organisations')}
          id="organisations"
          lead={t('events.day.organisationsLead')}
        >
          <Organisations
            page={page}
            parts={figures.by_organisation}
            hours={figures.by_hour.map((hour) => Date.parse(hour.key))}
          />
        </Section>
      )}
      <Section title={t('events.day.breakdowns')} id="breakdowns">
        <div class="multiples">
          <Plain
            t={t}
            title={t('events.day.bySensor')}
            parts={figures.by_sensor}
            nameless={t('events.sensorOfOthers')}
            href={(key) => to('events', { sensor: key })}
          />
          <Plain
            t={t}
            title={t('events.day.byDetector')}
            parts={figures.by_detector}
            nameless={t('events.unnamed')}
            href={(key) => to('events', { detector: key })}
          />
          <Plain
            t={t}
            title={t('events.day.byPort')}
            parts={figures.by_port}
            nameless="–"
            href={(key) => to('events', { port: key })}
          />
        </div>
      </Section>
      <Provenance page={page} figures={figures} />
    </>
  )
}

function Provenance({ page, figures }: DayProps) {
  const { t, now, zone } = page
  return (
    <Section title={t('events.day.provenance')} id="provenance">
      <p class="muted">
        {t('events.day.reading')} {t('events.day.revision', { revision: figures.revision })}{' '}
        {figures.changed_at && (
          <>
            {t('events.day.changed')}{' '}
            <Time t={t} at={Date.parse(figures.changed_at)} now={now} zone={zone} as="exact" />.
          </>
        )}{' '}
        {figures.purged && t('events.day.purged')}
      </p>
      <Details summary={t('events.day.queries')}>
        <dl>
          {Object.entries(figures.queries).map(([name, query]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code class="address">{query.replace(/\s+/g, ' ')}</code>
              </dd>
            </div>
          ))}
        </dl>
      </Details>
    </Section>
  )
}
