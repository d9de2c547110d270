/** Figures for everybody, each with its definition and the time it was counted. */
import { dayTitle, exact } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import { Definition, html, Page, type PageProps, Figures as Row, Section, Table } from '../../../ui/index.ts'
import type { Figures } from '../figures.ts'
import { counterNames } from '../showings.ts'

interface FiguresProps {
  frame: PageProps & { zone: string }
  figures: Figures
}

/** Fewer than five are never told. */
export const atLeast = (t: T, n: number | null): string => (n === null ? '< 5' : t.number(n))

export function figuresPage({ frame, figures }: FiguresProps): string {
  const { t, now, zone } = frame
  return html(
    <Page {...frame}>
      <Section title={t('site.figures.yesterday', { day: dayTitle(figures.yesterday, t) })}>
        <Yesterday {...{ frame, figures }} />
      </Section>
      <Section title={t('site.figures.community')}>
        <Row>
          {counterNames.map((name) => (
            <Definition
              key={name}
              t={t}
              value={atLeast(t, figures.counters[name])}
              label={t(`site.counter.${name}`)}
              definition={t(`site.counter.${name}.what`)}
            />
          ))}
        </Row>
        <p class="muted">{t('site.figures.counted', { when: exact(now, t, zone) })}</p>
      </Section>
    </Page>,
  )
}

function Yesterday({ frame, figures }: FiguresProps) {
  const { t, zone } = frame
  const { sector } = figures
  if (!sector) return <p>{t('site.figures.none')}</p>
  return (
    <>
      <Row>
        <Definition
          t={t}
          value={t.number(sector.events)}
          label={t('site.figures.events')}
          definition={t('site.figures.events.what')}
        />
        <Definition
          t={t}
          value={t.percent(sector.dropped_share, 1)}
          label={t('site.figures.dropped')}
          definition={t('site.figures.dropped.what')}
        />
        <Definition
          t={t}
          value={t.number(sector.sources)}
          label={t('site.figures.sources')}
          definition={t('site.figures.sources.what')}
        />
      </Row>
      {sector.by_class.length > 0 && (
        <Table
          caption={t('site.figures.kinds')}
          walkable={false}
          rows={sector.by_class.slice(0, 12)}
          rowKey={(row) => row.key}
          columns={[
            { key: 'kind', label: t('site.figures.kind'), main: true, cell: (row) => row.name },
            {
              key: 'events',
              label: t('site.figures.events'),
              kind: 'number',
              cell: (row) => t.number(row.events),
            },
            {
              key: 'dropped',
              label: t('site.figures.dropped'),
              kind: 'number',
              cell: (row) => t.percent(row.dropped_share, 1),
            },
          ]}
        />
      )}
      <p class="muted">
        {t('site.figures.rule')}{' '}
        {t('site.figures.counted', { when: exact(Date.parse(sector.changed_at), t, zone) })}
      </p>
    </>
  )
}
