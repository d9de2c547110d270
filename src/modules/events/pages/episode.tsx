/** One episode: what, whose, since when, is it still going on, what became of it, and what to do. */
import type { FastifyRequest } from 'fastify'
import { isCoordinator } from '../../../platform/access.ts'
import { dayOf } from '../../../platform/dates.ts'
import { frameOf } from '../../../platform/frame.ts'
import { actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Chip,
  Code,
  Details,
  Facts,
  html,
  List,
  ListRow,
  Notice,
  Page,
  Section,
  SeverityBadge,
  Statement,
  Steps,
  Time,
  Timeline,
} from '../../../ui/index.ts'
import { adviceFor, type Step, suppressionText } from '../advice.ts'
import type { EpisodeEvent } from '../queries/episode-events.ts'
import type { Episode } from '../queries/episodes.ts'
import type { Listed } from '../queries/keyset.ts'
import type { Hit } from '../slots.ts'
import { sourceLink } from './day-columns.tsx'
import { EventTable } from './event-table.tsx'
import { adviceSide, baseOf, className, familyName, overallVerdict, ownClassName, share } from './words.ts'

interface Props {
  episode: Episode
  events: Listed<EpisodeEvent>
  warnings: Hit[]
  zone: string
}

type Level = 0 | 1 | 2 | 3 | 4

export function episodeHtml(request: FastifyRequest, props: Props): string {
  const { t, now } = request
  const { episode, zone } = props
  const title = familyName(episode.family, t)
  return html(
    <Page
      {...frameOf(request, {
        title: episode.source ? `${title} · ${episode.source}` : title,
        active: 'days',
        zone,
      })}
      head={<h1>{title}</h1>}
      lead={episode.organisation ?? t('events.day.perimeter')}
      tlp="AMBER"
      {...(episode.organisation ? { organisation: episode.organisation } : {})}
      {...(episode.exercise ? { exercise: episode.exercise } : {})}
    >
      <Statement tone={episode.got_through > 0 && episode.severity >= 3 ? 'urgent' : 'calm'}>
        {sentence(episode, t)}
      </Statement>
      <About t={t} now={now} {...props} />
      <Outcome t={t} {...props} />
      <Section
        title={t('events.events')}
        id="events"
        actions={
          <a href={`/episodes/${episode.id}/events`}>{t('events.episode.all', { n: episode.events })}</a>
        }
      >
        <EventTable t={t} now={now} zone={zone} rows={props.events.rows} />
      </Section>
      {episode.org !== 0 && <Advice t={t} episode={episode} />}
      {(episode.severities.length > 1 || episode.continues !== null) && (
        <History t={t} now={now} {...props} />
      )}
      {isCoordinator(actorOf(request)) && episode.org !== 0 && (
        <p>
          <a href={`/days/${dayOf(Date.parse(episode.last_at), zone)}?org=${episode.org}`}>
            {t('events.episode.dayOf')}
          </a>
        </p>
      )}
    </Page>,
  )
}

function sentence(episode: Episode, t: T): string {
  const state = t(episode.open ? 'events.episode.sentenceOpen' : 'events.episode.sentenceClosed')
  const outcome = t(`events.episode.sentence.${overallVerdict(episode)}`, { n: episode.got_through })
  return `${state} ${outcome}`
}

function About({ t, now, episode, zone }: Props & { t: T; now: number }) {
  const name = episode.org === 0 ? className : ownClassName
  const when = (iso: string) => <Time t={t} at={Date.parse(iso)} now={now} zone={zone} as="short" />
  return (
    <Facts
      facts={[
        { label: t('events.severity'), value: <SeverityBadge t={t} severity={episode.severity as Level} /> },
        {
          label: t(
            adviceSide(episode.side) === 'source' && episode.org !== 0 ? 'events.ownHost' : 'events.source',
          ),
          value: episode.source ? sourceLink(episode.source, t) : '–',
        },
        { label: t('events.first'), value: when(episode.first_at) },
        {
          label: t('events.last'),
          value: when(episode.last_at),
          note: episode.open
            ? t('events.episode.open')
            : t('events.episode.closedAfter', { hours: episode.gap_hours }),
        },
        {
          label: t('events.events'),
          value: <a href={`/episodes/${episode.id}/events`}>{t.number(episode.events)}</a>,
          note: t('events.episode.occurrences', { n: episode.occurrences }),
        },
        {
          label: t('events.dropped'),
          value: share(episode.dropped_share, t),
          note: episode.unknown > 0 ? t('events.episode.unknown', { n: episode.unknown }) : undefined,
        },
        { label: t('events.kinds'), value: t.list(episode.classes.map((c) => name(c, t))) },
        episode.targets !== null && {
          label: t('events.episode.targets'),
          value:
            episode.targets > 1000
              ? t('events.episode.about', { n: t.number(episode.targets) })
              : t.number(episode.targets),
        },
        episode.ports.length > 0 && {
          label: t('events.day.byPort'),
          value: episode.ports.slice(0, 20).join(', '),
          note: episode.ports.length > 20 ? t('events.more', { n: episode.ports.length - 20 }) : undefined,
        },
        {
          label: t('events.detectors'),
          value: t.list(episode.detector_names.slice(0, 8)) || String(episode.detectors),
        },
        {
          label: t('events.sensors'),
          value: episode.sensors.slice(0, 8).map((sensor) =>
            sensor.name ? (
              <Chip key={sensor.id} href={`/sensors/${sensor.id}`}>
                {sensor.name}
              </Chip>
            ) : (
              <Chip key={sensor.id}>{t('events.sensorOfOthers')}</Chip>
            ),
          ),
        },
      ]}
    />
  )
}

/** Why there is, or is not, a warning. */
function Outcome({ t, episode, warnings, zone: _zone }: Props & { t: T }) {
  if (warnings.length > 0)
    return (
      <Section title={t('events.episode.warnings')} id="warnings">
        <List>
          {warnings.map((hit) => (
            <ListRow key={hit.href} href={hit.href} title={hit.title} meta={hit.meta} />
          ))}
        </List>
      </Section>
    )
  return (
    <Notice title={t('events.episode.outcome')}>
      <p>{outcomeWords(episode, t)}</p>
    </Notice>
  )
}

export function outcomeWords(episode: Pick<Episode, 'outcome' | 'outcome_detail'>, t: T): string {
  if (episode.outcome === null) return t('events.outcome.none')
  if (episode.outcome === 'warning') return t('events.outcome.warning')
  const params = Object.fromEntries(
    Object.entries(episode.outcome_detail).map(([key, value]) => [
      key,
      typeof value === 'number' ? value : String(value),
    ]),
  )
  try {
    return suppressionText(episode.outcome, t.lang, {
      value: '–',
      threshold: '–',
      rule: '–',
      report: '–',
      until: '–',
      filter: '–',
      list: '–',
      kind: '–',
      sensor: '–',
      exercise: '–',
      days: 30,
      test: '–',
      ...params,
    })
  } catch {
    return t('events.outcome.other', { code: episode.outcome })
  }
}

function Advice({ t, episode }: { t: T; episode: Episode }) {
  const main = [...episode.classes].sort((a, b) => b.length - a.length)[0] ?? episode.family
  const advice = adviceFor(baseOf(main), adviceSide(episode.side), t.lang, {
    verdict: overallVerdict(episode),
  })
  return (
    <Section title={t('events.advice.title')} id="advice">
      <p>
        {advice.happened} {advice.outcome}
      </p>
      <div class="split">
        <Section level={3} title={t('events.advice.quick')}>
          <Steps steps={advice.quick.map((step) => <OneStep key={step.id} t={t} step={step} />)} />
        </Section>
        <Section level={3} title={t('events.advice.today')}>
          <Steps steps={advice.today.map((step) => <OneStep key={step.id} t={t} step={step} />)} />
        </Section>
      </div>
      <Details summary={t('events.advice.manager')}>
        <p>{advice.manager}</p>
      </Details>
    </Section>
  )
}

function OneStep({ t, step }: { t: T; step: Step }) {
  return (
    <>
      {step.text}
      {step.windows && (
        <p>
          Windows: <Code t={t} text={step.windows} copy />
        </p>
      )}
      {step.linux && (
        <p>
          Linux: <Code t={t} text={step.linux} copy />
        </p>
      )}
    </>
  )
}

function History({ t, now, episode, zone }: Props & { t: T; now: number }) {
  return (
    <Section title={t('events.episode.history')} id="history">
      {episode.continues !== null && (
        <p>
          <a href={`/episodes/${episode.continues}`}>{t('events.episode.continues')}</a>
        </p>
      )}
      <Timeline
        t={t}
        now={now}
        zone={zone}
        items={episode.severities.map(({ at, severity }, i) => ({
          at: Date.parse(at),
          title: (
            <>
              {t(i === 0 ? 'events.episode.began' : 'events.episode.rose')}{' '}
              <SeverityBadge t={t} severity={severity as Level} />
            </>
          ),
        }))}
      />
    </Section>
  )
}
