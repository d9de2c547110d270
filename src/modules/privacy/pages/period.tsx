/** One period of keeping: what it is and was, and for operators another one, after what would go was shown. */
import { type Actor, isOperator } from '../../../platform/access.ts'
import { bounds } from '../../../platform/retention.ts'
import {
  Actions,
  Button,
  Facts,
  Field,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { Period } from '../periods.ts'
import { basisOf, daysOf } from './periods.tsx'

export interface PeriodProps {
  frame: PageProps
  actor: Actor
  /** The newest first. */
  versions: [Period, ...Period[]]
  rawDays: number | null
  /** What was typed as days, and what it is when it lies within the bounds. */
  asked: string
  days: number | null
  /** How much would go with it. */
  goes: number | null
  errors: Record<string, string>
  given: { reason: string; basisCs: string; basisEn: string } | undefined
  done: boolean
}

export function periodPage(props: PeriodProps): string {
  const { frame, versions, rawDays } = props
  const { t } = frame
  const [present] = versions
  const isConfigured = present.what === 'raw_events' && rawDays !== null
  return html(
    <Page
      {...frame}
      lead={t(`privacy.what.${present.what}.is`)}
      flash={props.done ? { kind: 'done', text: t('privacy.period.set') } : undefined}
    >
      <p>
        <a href="/retention">{t('privacy.periods.all')}</a>
      </p>
      <Facts
        facts={[
          {
            label: t('privacy.periods.days'),
            value: t('privacy.days', { n: daysOf(present, rawDays) }),
            note: isConfigured ? t('privacy.period.configured') : undefined,
          },
          { label: t('privacy.period.bounds'), value: t('privacy.period.within', bounds[present.what]) },
          { label: t('privacy.periods.basis'), value: basisOf(present, t) },
        ]}
      />
      {isOperator(props.actor) && <Another {...props} />}
      <History {...props} />
    </Page>,
  )
}

function Another(props: PeriodProps) {
  const { frame, versions, asked, days, errors } = props
  const { t } = frame
  const [present] = versions
  const { least, most } = bounds[present.what]
  return (
    <Section title={t('privacy.period.other')} lead={t('privacy.period.other.lead')}>
      <div class="narrow">
        <Form action={`/retention/${present.what}`} method="get" label={t('privacy.period.other')}>
          <Field
            label={t('privacy.periods.days')}
            name="days"
            type="number"
            min={least}
            max={most}
            required
            value={asked || present.days}
            error={errors.days}
            unit={t('privacy.period.unit')}
          />
          <Actions>
            <Button>{t('privacy.period.preview')}</Button>
          </Actions>
        </Form>
      </div>
      {days !== null && <Setting {...props} days={days} />}
    </Section>
  )
}

function Setting({ frame, versions, days, goes, errors, given }: PeriodProps & { days: number }) {
  const { t } = frame
  const [present] = versions
  return (
    <>
      <Notice
        kind={goes ? 'careful' : 'note'}
        title={goes ? t('privacy.period.goes', { n: goes }) : t('privacy.period.nothing')}
      >
        <p>
          {t(goes ? 'privacy.period.goes.when' : 'privacy.period.nothing.is', {
            days: t('privacy.days', { n: days }),
          })}
        </p>
      </Notice>
      <div class="narrow">
        <Form
          action={`/retention/${present.what}`}
          csrf={frame.csrf}
          hidden={{ version: present.version, days }}
          label={t('privacy.period.set.do')}
        >
          <Field
            label={t('privacy.period.reason')}
            name="reason"
            type="textarea"
            rows={2}
            required
            maxlength={1000}
            value={given?.reason}
            error={errors.reason}
          />
          {(['basisCs', 'basisEn'] as const).map((name) => (
            <Field
              key={name}
              label={t(`privacy.period.${name}`)}
              name={name}
              type="textarea"
              rows={3}
              required
              maxlength={1000}
              value={given?.[name] ?? present[name]}
              error={errors[name]}
            />
          ))}
          <Actions>
            <Button kind={goes ? 'danger' : 'primary'}>{t('privacy.period.set.do')}</Button>
          </Actions>
        </Form>
      </div>
    </>
  )
}

function History({ frame, versions }: PeriodProps) {
  const { t, now, zone } = frame
  return (
    <Section title={t('privacy.period.history')}>
      <Table<Period>
        caption={t('privacy.period.history')}
        captionHidden
        walkable={false}
        rows={versions}
        rowKey={(row) => row.version}
        columns={[
          {
            key: 'at',
            label: t('privacy.periods.changed'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.changedAt} now={now} zone={zone} as="short" />,
          },
          {
            key: 'days',
            label: t('privacy.periods.days'),
            main: true,
            cell: (row) => t('privacy.days', { n: row.days }),
          },
          {
            key: 'why',
            label: t('privacy.period.why'),
            cell: (row) => (row.version === 1 ? t('privacy.period.delivered') : row.reason),
          },
          { key: 'by', label: t('privacy.period.by'), cell: (row) => row.by ?? '–' },
        ]}
      />
    </Section>
  )
}
