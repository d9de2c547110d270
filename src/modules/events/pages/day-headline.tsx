/** The figures of a day: as one sentence, and each with its definition. */
import { Definition, Figure, Figures, Statement } from '../../../ui/index.ts'
import type { DayProps } from './day-page.ts'
import { Numeral } from './numeral.tsx'
import { rich } from './rich.tsx'
import { link } from './view.ts'
import { compareUsual, share } from './words.ts'

export function Sentence({ page, figures }: DayProps) {
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

export function Headline({ page, figures }: DayProps) {
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
