/** The sector for members: the published figures, which name nobody and open no rows. */
import {
  Bars,
  Definition,
  Figure,
  Figures,
  HourStrip,
  Notice,
  Section,
  Statement,
  Time,
} from '../../../ui/index.ts'
import type { SectorDay } from '../queries/sector.ts'
import type { DayPage } from './day-page.ts'
import { Numeral } from './numeral.tsx'
import { rich } from './rich.tsx'
import { className, compareUsual, share } from './words.ts'

export function SectorBody({ page, figures }: { page: DayPage; figures: SectorDay }) {
  const { t, now, zone } = page
  return (
    <>
      <Statement>
        {rich(t, 'events.day.sentence', {
          events: (
            <Numeral
              text={t.about(figures.events)}
              exact={t.number(figures.events)}
              word={t('events.word.events', { n: figures.events })}
            />
          ),
          detections: (
            <Numeral
              text={t.about(figures.detections)}
              exact={t.number(figures.detections)}
              word={t('events.word.detections', { n: figures.detections })}
            />
          ),
          sources: (
            <Numeral
              text={t.about(figures.sources)}
              exact={t.number(figures.sources)}
              word={t('events.word.sources', { n: figures.sources })}
            />
          ),
          dropped: <Figure>{share(figures.dropped_share, t)}</Figure>,
        })}
      </Statement>
      <Figures>
        <Definition
          t={t}
          value={t.number(figures.events)}
          label={t('events.events')}
          definition={t('events.def.events')}
          compare={compareUsual(figures.usual.ratio, t)}
        />
        <Definition
          t={t}
          value={t.number(figures.detections)}
          label={t('events.detections')}
          definition={t('events.def.detections')}
        />
        <Definition
          t={t}
          value={t.number(figures.sources)}
          label={t('events.sources')}
          definition={t('events.def.sourcesSector')}
        />
        <Definition
          t={t}
          value={share(figures.dropped_share, t)}
          label={t('events.droppedOfKnown', { known: share(figures.dropped_known_share, t) })}
          definition={t('events.def.droppedSector')}
        />
        {figures.members_from !== null && (
          <Definition
            t={t}
            value={t(`events.band.${figures.members_from}`)}
            label={t('events.concerned')}
            definition={t('events.def.concernedBand')}
          />
        )}
      </Figures>
      <Section title={t('events.day.hours')} id="hours">
        <HourStrip
          t={t}
          title={t('events.day.hours')}
          titleHidden
          zone={zone}
          points={figures.by_hour.map((hour) => ({
            at: Date.parse(hour.key),
            dropped: 'hidden' in hour ? 0 : hour.dropped,
            passed: 'hidden' in hour ? 0 : hour.got_through,
            unknown: 'hidden' in hour ? 0 : hour.unknown,
          }))}
        />
      </Section>
      <Section title={t('events.day.kinds')} id="kinds">
        <Bars
          t={t}
          title={t('events.day.kinds')}
          titleHidden
          nameLabel={t('events.kind')}
          valueLabel={t('events.events')}
          items={figures.by_class.slice(0, 25).map((kind) => ({
            key: kind.key,
            name: className(kind.key, t),
            value: kind.events,
            passed: kind.got_through,
            ...(kind.usual === null ? {} : { usual: Math.round(kind.usual) }),
          }))}
        />
      </Section>
      <Notice title={t('events.sector.whatTitle')}>
        <p>{t('events.sector.what')}</p>
        {figures.incomplete && <p>{t('events.sector.incomplete')}</p>}
        <p class="muted">
          {t('events.day.changed')}{' '}
          <Time t={t} at={Date.parse(figures.changed_at)} now={now} zone={zone} as="exact" />.
        </p>
      </Notice>
    </>
  )
}
