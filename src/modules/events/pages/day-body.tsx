/** A day's figures drawn: the sentence, the hours, the kinds, the sources, and where each number comes from. */
import {
  Bars,
  Chip,
  Code,
  Definition,
  Details,
  Figure,
  Figures,
  type HourPoint,
  HourStrip,
  Notice,
  Section,
  Sparkline,
  Statement,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { DayFigures, OrganisationPart, PlainPart } from '../queries/day.ts'
import type { TopSource } from '../queries/top-sources.ts'
import type { DayPage } from './day.tsx'
import { rich } from './rich.tsx'
import { link } from './view.ts'
import { className, compareUsual, groupName, labelTitle, oneEachGroup, ownClassName, share } from './words.ts'

type Props = { page: DayPage; figures: DayFigures }

/** The URL form of an hour: UTC, `2026-03-03T13`. */
export const hourKey = (iso: string): string => iso.slice(0, 13)

export function DayBody({ page, figures }: Props) {
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

function Sentence({ page, figures }: Props) {
  const { t, day, view } = page
  const to = (list: string, filter: Record<string, string> = {}): string =>
    link(`/days/${day}/${list}`, view.keep, filter)
  return (
    <Statement>
      {rich(t, view.kind === 'perimeter' ? 'events.day.sentence' : 'events.day.sentenceOwn', {
        events: (
          <Numeral
            href={to('events')}
            text={t.about(figures.events)}
            exact={t.number(figures.events)}
            word={t('events.word.events', { n: figures.events })}
          />
        ),
        detections: (
          <Numeral
            href={to('detections')}
            text={t.about(figures.detections)}
            exact={t.number(figures.detections)}
            word={t('events.word.detections', { n: figures.detections })}
          />
        ),
        sources: (
          <Numeral
            href={to('sources')}
            text={t.about(figures.sources)}
            exact={t.number(figures.sources)}
            word={t('events.word.sources', { n: figures.sources })}
          />
        ),
        dropped: (
          <Figure href={to('events', { verdict: 'dropped' })}>{share(figures.dropped_share, t)}</Figure>
        ),
      })}{' '}
      {figures.got_through > 0 &&
        rich(t, 'events.day.through', {
          through: (
            <Numeral
              href={to('events', { verdict: 'through' })}
              text={t.about(figures.got_through)}
              exact={t.number(figures.got_through)}
              word={t('events.word.events', { n: figures.got_through })}
            />
          ),
        })}
    </Statement>
  )
}

/** A numeral with its noun; the exact number on hover. */
export function Numeral({
  href,
  text,
  exact,
  word,
}: {
  href?: string
  text: string
  exact: string
  word: string
}) {
  return (
    <>
      <Figure href={href} title={exact}>
        {text}
      </Figure>{' '}
      {word}
    </>
  )
}

function Headline({ page, figures }: Props) {
  const { t, day, view } = page
  const to = (list: string, filter: Record<string, string> = {}): string =>
    link(`/days/${day}/${list}`, view.keep, filter)
  return (
    <Figures>
      <Definition
        t={t}
        value={t.number(figures.events)}
        label={t('events.events')}
        definition={t(view.kind === 'perimeter' ? 'events.def.events' : 'events.def.eventsOwn')}
        href={to('events')}
        compare={compareUsual(figures.usual.ratio, t)}
      />
      <Definition
        t={t}
        value={t.number(figures.detections)}
        label={t('events.detections')}
        definition={t(view.kind === 'perimeter' ? 'events.def.detections' : 'events.def.detectionsOwn')}
        href={to('detections')}
      />
      <Definition
        t={t}
        value={t.number(figures.sources)}
        label={t('events.sources')}
        definition={t('events.def.sources', { others: figures.other_keys })}
        href={to('sources')}
      />
      <Definition
        t={t}
        value={share(figures.dropped_share, t)}
        label={t('events.droppedOfKnown', { known: share(figures.dropped_known_share, t) })}
        definition={t('events.def.dropped', {
          dropped: figures.dropped,
          partial: figures.partial,
          known: figures.events - figures.unknown,
          detections: share(figures.dropped_share_detections, t),
        })}
      />
      <Definition
        t={t}
        value={t.number(figures.got_through)}
        label={t('events.through')}
        definition={t('events.def.through', { passed: figures.passed, partial: figures.partial })}
        href={to('events', { verdict: 'through' })}
      />
      <Definition
        t={t}
        value={t.number(figures.occurrences)}
        label={t('events.occurrences')}
        definition={t('events.def.occurrences')}
      />
      {figures.organisations !== null && (
        <Definition
          t={t}
          value={t.number(figures.organisations)}
          label={t('events.concerned')}
          definition={t('events.def.concerned')}
          href="#organisations"
        />
      )}
    </Figures>
  )
}

function Sources({ page, sources }: { page: DayPage; sources: TopSource[] }) {
  const { t, day, view, now, zone } = page
  return (
    <Table
      caption={t('events.day.sources')}
      captionHidden
      rows={sources}
      rowKey={(row) => row.key}
      rowHref={(row) => `/sources/${encodeURIComponent(row.address)}`}
      empty={<p class="muted">{t('events.none')}</p>}
      columns={[
        {
          key: 'address',
          label: t('events.source'),
          main: true,
          kind: 'mono',
          cell: (row) => (
            <Code t={t} text={row.address} href={`/sources/${encodeURIComponent(row.address)}`} />
          ),
        },
        {
          key: 'labels',
          label: t('events.labels'),
          cell: (row) =>
            oneEachGroup(row.labels).map((label) => (
              <Chip key={label.list} title={labelTitle(label, t)}>
                {groupName(label.group, t)}
              </Chip>
            )),
        },
        {
          key: 'hours',
          label: t('events.day.course'),
          cell: (row) => (
            <Sparkline
              title={t('events.day.courseOf', { address: row.address, n: Math.max(...row.hours) })}
              values={row.hours}
            />
          ),
        },
        {
          key: 'events',
          label: t('events.events'),
          kind: 'number',
          cell: (row) => (
            <a href={link(`/days/${day}/events`, view.keep, { source: row.address })}>
              {t.number(row.events)}
            </a>
          ),
        },
        {
          key: 'through',
          label: t('events.through'),
          kind: 'number',
          cell: (row) =>
            row.got_through > 0 ? (
              <a href={link(`/days/${day}/events`, view.keep, { source: row.address, verdict: 'through' })}>
                {t.number(row.got_through)}
              </a>
            ) : (
              '0'
            ),
        },
        {
          key: 'first',
          label: t('events.first'),
          kind: 'time',
          cell: (row) => <Time t={t} at={Date.parse(row.first_at)} now={now} zone={zone} as="clock" />,
        },
        {
          key: 'last',
          label: t('events.last'),
          kind: 'time',
          cell: (row) => <Time t={t} at={Date.parse(row.last_at)} now={now} zone={zone} as="clock" />,
        },
      ]}
    />
  )
}

function Organisations({
  page,
  parts,
  hours,
}: {
  page: DayPage
  parts: OrganisationPart[]
  hours: number[]
}) {
  const { t, day, zone } = page
  const peak = Math.max(
    1,
    ...parts.flatMap((part) => part.hours.map((hour) => hour.dropped + hour.got_through + hour.unknown)),
  )
  return (
    <div class="multiples">
      {parts.map((part) => (
        <HourStrip
          key={part.key}
          t={t}
          compact
          title={t('events.day.ofOrganisation', {
            name: part.name ?? '–',
            events: t('events.n.events', { n: part.events }),
            through: part.got_through,
          })}
          href={link(`/days/${day}`, { org: part.id })}
          peak={peak}
          zone={zone}
          points={part.hours.map((hour, i) => ({
            at: hours[i] ?? 0,
            dropped: hour.dropped,
            passed: hour.got_through,
            unknown: hour.unknown,
          }))}
        />
      ))}
    </div>
  )
}

const most = 12

function Plain({
  t,
  title,
  parts,
  nameless,
  href,
}: {
  t: DayPage['t']
  title: string
  parts: PlainPart[]
  nameless: string
  href: (key: string) => string
}) {
  if (parts.length === 0) return null
  const bars = (some: PlainPart[], hidden: boolean) => (
    <Bars
      t={t}
      title={title}
      titleHidden={hidden}
      valueLabel={t('events.events')}
      items={some.map((part) => ({
        key: part.key,
        name: part.name ?? nameless,
        value: part.events,
        passed: part.got_through,
        href: href(part.key),
      }))}
    />
  )
  return (
    <div>
      {bars(parts.slice(0, most), false)}
      {parts.length > most && (
        <Details summary={t('events.more', { n: parts.length - most })}>
          {bars(parts.slice(most), true)}
        </Details>
      )}
    </div>
  )
}

function Provenance({ page, figures }: Props) {
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
