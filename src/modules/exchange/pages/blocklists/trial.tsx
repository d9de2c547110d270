/** The dry run: choices, and what of yesterday they would have blocked. */
import { dayTitle } from '../../../../platform/dates.ts'
import type { Frame } from '../../../../platform/frame.ts'
import {
  Actions,
  Button,
  Code,
  Details,
  EmptyState,
  Field,
  Figure,
  Form,
  html,
  Page,
  Section,
  Statement,
  Table,
} from '../../../../ui/index.ts'
import { describeClass } from '../../../events/index.ts'
import { type Blocked, mostShown, type Trial } from '../../blocklists/trial.ts'
import { type Choices, kinds } from '../../blocklists/types.ts'
import { kindOptions, kindWord, pathOf, sourceOptions, When } from './words.tsx'

interface TrialProps {
  frame: Frame
  org: number
  name: string
  choices: Choices
  trial: Trial
  mayKeep: boolean
}

export function trialPage(props: TrialProps): string {
  const { frame, org, name, trial } = props
  const { t } = frame
  const { events, passed, sources } = trial
  return html(
    <Page {...frame} organisation={name} lead={t('blocklists.trial.lead')}>
      <Statement tone={passed > 0 ? 'urgent' : 'calm'}>
        {t('blocklists.trial.would', { day: dayTitle(trial.day, t) })} <Figure>{t.number(events)}</Figure>{' '}
        {t('blocklists.trial.connections', { n: events })}
      </Statement>
      <p>{t('blocklists.trial.passed', { n: passed, sources })}</p>
      <p class="muted">
        {t('blocklists.trial.sizes', {
          sizes: t.list(kinds.map((kind) => `${kindWord(kind, t)} ${t.number(trial.sizes[kind])}`)),
        })}
      </p>
      <Choosing {...props} />
      <Section title={t('blocklists.trial.list')}>
        <Table<Blocked>
          caption={t('blocklists.trial.list')}
          captionHidden
          rows={trial.blocked}
          rowKey={(row) => row.source}
          columns={[
            {
              key: 'source',
              label: t('blocklists.trial.source'),
              main: true,
              kind: 'mono',
              cell: (row) => (
                <Code t={t} text={row.source} href={`/sources/${encodeURIComponent(row.source)}`} />
              ),
            },
            {
              key: 'by',
              label: t('blocklists.trial.by'),
              kind: 'mono',
              cell: (row) => (row.value === row.source ? '' : row.value),
            },
            {
              key: 'what',
              label: t('blocklists.trial.what'),
              cell: (row) =>
                t.list(
                  row.classes.slice(0, 3).map((name) => describeClass(name.replace(/-own$/, ''), t.lang)),
                ),
            },
            {
              key: 'events',
              label: t('blocklists.trial.events'),
              kind: 'number',
              cell: (row) => t.number(row.events),
            },
            {
              key: 'passed',
              label: t('blocklists.trial.through'),
              kind: 'number',
              cell: (row) => t.number(row.passed),
            },
            {
              key: 'first',
              label: t('blocklists.trial.first'),
              kind: 'time',
              cell: (row) => <When frame={frame} at={row.first} />,
            },
            {
              key: 'last',
              label: t('blocklists.trial.last'),
              kind: 'time',
              cell: (row) => <When frame={frame} at={row.last} />,
            },
          ]}
          empty={<EmptyState title={t('blocklists.trial.none')}>{t('blocklists.trial.noneWhy')}</EmptyState>}
        />
        {sources > mostShown && <p class="muted">{t('blocklists.trial.more', { n: sources - mostShown })}</p>}
        <Details summary={t('blocklists.trial.how')}>
          <p>{t('blocklists.trial.howText')}</p>
        </Details>
      </Section>
      <p>
        <a href={pathOf(org)}>{t('blocklists.back')}</a>
      </p>
    </Page>,
  )
}

/** The same fields to try and to keep: the first asks the address again, the second changes something. */
function Choosing({ frame: { t, csrf }, org, choices, mayKeep }: TrialProps) {
  const kept = {
    confidence: String(choices.confidence),
    days: String(choices.maxDays),
    // Repeated names would be lost in hidden fields.
    words: [...choices.kinds, ...choices.sources].join(' '),
  }
  return (
    <Section title={t('blocklists.choices')}>
      <Form
        action={`${pathOf(org)}/trial`}
        method="get"
        label={t('blocklists.trial.do')}
        hidden={{ chosen: '1' }}
      >
        <Boxes legend={t('blocklists.kinds')} name="kinds" options={kindOptions(t)} chosen={choices.kinds} />
        <Boxes
          legend={t('blocklists.sources')}
          name="sources"
          options={sourceOptions(t)}
          chosen={choices.sources}
          hint={t('blocklists.strict.hint')}
        />
        <Field
          label={t('blocklists.sure')}
          name="confidence"
          type="select"
          value={choices.confidence}
          options={(['1', '2'] as const).map((value) => ({
            value,
            label: t(`blocklists.confidence.${value}`),
          }))}
        />
        <Field
          label={t('blocklists.maxDays')}
          name="days"
          type="number"
          min={1}
          max={365}
          value={choices.maxDays}
          unit={t('blocklists.daysUnit')}
        />
        <Actions>
          <Button>{t('blocklists.trial.do')}</Button>
        </Actions>
      </Form>
      {mayKeep && (
        <Form action={`${pathOf(org)}/choices`} csrf={csrf} label={t('blocklists.trial.keep')} hidden={kept}>
          <Button kind="primary">{t('blocklists.trial.keep')}</Button>
        </Form>
      )}
    </Section>
  )
}

interface BoxesProps {
  legend: string
  name: string
  options: { value: string; label: string }[]
  chosen: readonly string[]
  hint?: string
}

function Boxes({ legend, name, options, chosen, hint }: BoxesProps) {
  return (
    <fieldset class="field">
      <legend>{legend}</legend>
      {options.map(({ value, label }) => (
        <Field
          key={value}
          label={label}
          name={name}
          type="checkbox"
          value={value}
          checked={chosen.includes(value)}
        />
      ))}
      {hint && <p class="muted">{hint}</p>}
    </fieldset>
  )
}
