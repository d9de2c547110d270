/** Who answered and how long it took: the sector as a whole with its trend, then by organisation. */
import { duration } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Definition,
  EmptyState,
  Figures,
  html,
  Page,
  type PageProps,
  Section,
  Sparkline,
  Table,
  Tabs,
} from '../../../ui/index.ts'
import type { AnswerTimes } from '../answers.ts'

export const periods = ['7', '30', '90'] as const

export interface AnswersProps {
  frame: PageProps
  times: AnswerTimes
  before: AnswerTimes
  /** Median minutes of the last twelve weeks, the oldest first. */
  trend: (number | null)[]
  days: (typeof periods)[number]
  from: number
}

type Row = AnswerTimes['organisations'][number]

export function answersPage({ frame, times, before, trend, days, from }: AnswersProps): string {
  const { t } = frame
  const median = minutes(times.medianMinutes, t)
  const list = `/warnings?kind=detected&severity=2&from=${from}`
  return html(
    <Page {...frame} lead={t('warnings.answers.lead')}>
      <Tabs
        t={t}
        label={t('warnings.suppressed.period')}
        active={days}
        tabs={periods.map((one) => ({
          key: one,
          label: t('warnings.suppressed.days', { n: Number(one) }),
          href: `/answers?days=${one}`,
        }))}
      />
      <Figures>
        <Definition
          t={t}
          value={median}
          label={t('warnings.answers.median')}
          definition={t('warnings.answers.median.what')}
          compare={t('warnings.answers.before', { value: minutes(before.medianMinutes, t) })}
        />
        <Definition
          t={t}
          value={t.percent(share(times.answered, times.asked))}
          label={t('warnings.answers.answered')}
          definition={t('warnings.answers.answered.what', { answered: times.answered, asked: times.asked })}
          compare={t('warnings.answers.before', { value: t.percent(share(before.answered, before.asked)) })}
        />
        <Definition
          t={t}
          value={t.percent(share(times.inTime, times.asked))}
          label={t('warnings.answers.inTime')}
          definition={t('warnings.answers.inTime.what')}
          compare={t('warnings.answers.before', { value: t.percent(share(before.inTime, before.asked)) })}
        />
      </Figures>
      <Section title={t('warnings.answers.trend')}>
        <Sparkline
          title={t('warnings.answers.trend.what', {
            values: trend.map((value) => minutes(value, t)).join(', '),
          })}
          values={trend}
        />
      </Section>
      <Section title={t('warnings.answers.byOrg')}>
        <Table<Row>
          caption={t('warnings.answers.byOrg')}
          captionHidden
          rows={times.organisations}
          rowKey={(row) => row.id}
          rowHref={(row) => `${list}&org=${row.id}`}
          columns={[
            {
              key: 'org',
              label: t('warnings.org'),
              main: true,
              cell: (row) => <a href={`${list}&org=${row.id}`}>{row.name}</a>,
            },
            {
              key: 'asked',
              label: t('warnings.answers.asked'),
              kind: 'number',
              cell: (row) => t.number(row.asked),
            },
            {
              key: 'answered',
              label: t('warnings.answers.given'),
              kind: 'number',
              cell: (row) => t.number(row.answered),
            },
            {
              key: 'median',
              label: t('warnings.answers.median'),
              kind: 'number',
              cell: (row) => minutes(row.medianMinutes, t),
            },
            {
              key: 'inTime',
              label: t('warnings.answers.inTime'),
              kind: 'number',
              cell: (row) => t.percent(share(row.inTime, row.asked)),
            },
          ]}
          empty={
            <EmptyState title={t('warnings.answers.none')}>
              <p>{t('warnings.answers.none.why')}</p>
            </EmptyState>
          }
        />
      </Section>
    </Page>,
  )
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

const minutes = (value: number | null, t: T): string =>
  value === null ? t('warnings.answers.nothing') : duration(Math.max(1_000, value * 60_000))
