/** How well organisations can be reached: the own with what to do next, all for coordinators, the distribution for everybody. */
import type { Frame } from '../../../platform/frame.ts'
import { Chip, EmptyState, Figure, html, Notice, Page, Section, Table, Time } from '../../../ui/index.ts'
import type { ScoreLine } from '../reach/reckon.ts'
import { bandOf, mostPoints, nextStep, type Part, parts } from '../reach/score.ts'

export interface ReachProps {
  frame: Frame
  own: ScoreLine[]
  /** Of others: coordinators alone read them. */
  others: ScoreLine[]
  distribution: Map<string, number>
}

/** Where what the part asks for is done. */
const hrefOf = (part: Part, org: number): string =>
  part === 'always' ? `/duty/simple/${org}` : part === 'lastCall' ? '/duty' : `/members/${org}/contacts`

export function reachPage({ frame, own, others, distribution }: ReachProps): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('reach.lead')}>
      {own.map((one) => (
        <Own key={one.org} frame={frame} one={one} />
      ))}
      {own.length === 0 && others.length === 0 && (
        <EmptyState title={t('reach.none')}>{t('reach.none.what')}</EmptyState>
      )}
      {others.length > 0 && <Others frame={frame} others={others} />}
      <Section title={t('reach.sector')} lead={t('reach.sector.lead')}>
        {distribution.size === 0 ? (
          <p>{t('reach.sector.few')}</p>
        ) : (
          <ul>
            {(['good', 'fair', 'poor'] as const).map((band) => (
              <li key={band}>
                {t(`reach.band.${band}`)}: <strong>{distribution.get(band) ?? t('reach.under5')}</strong>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {own.length === 0 && others.every(({ lastCall }) => lastCall === null) && (
        <Notice>{t('reach.noDrill')}</Notice>
      )}
      <p>
        <a href="/duty">{t('duty.back')}</a>
      </p>
    </Page>,
  )
}

function Own({ frame, one }: { frame: Frame; one: ScoreLine }) {
  const { t, now, zone } = frame
  const next = nextStep(one.parts)
  return (
    <Section title={one.name}>
      <p>
        <Figure>{t.number(one.score)}</Figure> {t('reach.of100')}{' '}
        <Chip>{t(`reach.band.${bandOf(one.score)}`)}</Chip>
      </p>
      {next && (
        <Notice kind="careful" title={t('reach.next')}>
          <a href={hrefOf(next.part, one.org)}>{t(`reach.do.${next.part}`)}</a>: +{next.gain}
        </Notice>
      )}
      <Table<Part>
        caption={t('reach.parts')}
        captionHidden
        rows={[...parts]}
        rowKey={(part) => part}
        columns={[
          { key: 'part', label: t('reach.part'), main: true, cell: (part) => t(`reach.part.${part}`) },
          {
            key: 'points',
            label: t('reach.points'),
            kind: 'number',
            cell: (part) => `${one.parts[part]} / ${mostPoints[part]}`,
          },
        ]}
      />
      {one.lastCall === null && <p>{t('reach.noDrill.own')}</p>}
      <p class="row-meta">
        {t('reach.reckoned')} <Time t={t} at={one.at} now={now} zone={zone} as="short" />
      </p>
    </Section>
  )
}

function Others({ frame, others }: { frame: Frame; others: ScoreLine[] }) {
  const { t } = frame
  const bands = (['good', 'fair', 'poor'] as const).map((band) => {
    const n = others.filter(({ score }) => bandOf(score) === band).length
    return `${t(`reach.band.${band}`)}: ${t.number(n)}`
  })
  return (
    <Section title={t('reach.all')} lead={bands.join(' · ')}>
      <Table<ScoreLine>
        caption={t('reach.all')}
        captionHidden
        rows={others}
        rowKey={({ org }) => org}
        columns={[
          {
            key: 'name',
            label: t('reach.organisation'),
            main: true,
            cell: ({ org, name }) => <a href={`/members/${org}/contacts`}>{name}</a>,
          },
          { key: 'score', label: t('reach.points'), kind: 'number', cell: ({ score }) => score },
          {
            key: 'band',
            label: t('reach.band'),
            cell: ({ score }) => <Chip>{t(`reach.band.${bandOf(score)}`)}</Chip>,
          },
          {
            key: 'next',
            label: t('reach.next'),
            cell: ({ parts: points }) => {
              const next = nextStep(points)
              return next ? `${t(`reach.do.${next.part}`)}: +${next.gain}` : '–'
            },
          },
        ]}
      />
    </Section>
  )
}
