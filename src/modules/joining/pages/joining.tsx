/** A new member's first steps: what is behind it, what comes next, and its test warning; for coordinators all newcomers. */
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  Field,
  type Flash,
  Form,
  html,
  Page,
  Section,
  Statement,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { Newcomer } from '../first-hour.ts'
import { type Deferrable, deferrable, isSettled, progressOf, type Step } from '../steps.ts'

export interface JoiningProps {
  frame: Frame
  org: number
  name: string
  steps: Step[]
  /** The reader acts for the organisation: what is to be done is the reader's. */
  isOwn: boolean
  mayTest: boolean
  mayDefer: boolean
  flash?: Flash | undefined
  refused?: { errors: Record<string, string>; given: Record<string, string> }
}

export function joiningPage(props: JoiningProps): string {
  const { frame, steps, name, flash } = props
  const { t } = frame
  const progress = progressOf(steps)
  return html(
    <Page {...frame} organisation={name} lead={t('joining.hour.lead', { name })} flash={flash}>
      <Statement>
        {progress.next === null
          ? t('joining.hour.all')
          : t('joining.hour.progress', { n: progress.settled, all: progress.all })}
      </Statement>
      <ol class="joining-steps">
        {steps.map((step) => (
          <li key={step.name} id={step.name}>
            <OneStep {...props} step={step} isNext={step === progress.next} />
          </li>
        ))}
      </ol>
    </Page>,
  )
}

function OneStep(props: JoiningProps & { step: Step; isNext: boolean }) {
  const { frame, step, isNext } = props
  const { t } = frame
  return (
    <Section title={t(`joining.hour.${step.name}`)}>
      <p>
        <Chip>{t(`joining.hour.state.${step.state}`)}</Chip>{' '}
        {isNext && <strong>{t('joining.hour.next')}</strong>}
      </p>
      <p>{sayingOf(step, t)}</p>
      {step.name === 'test' ? <Test {...props} /> : <Way {...props} />}
      {isDeferrable(step) && step.state !== 'done' && props.mayDefer && <Later {...props} step={step} />}
    </Section>
  )
}

const isDeferrable = (step: Step): step is Step & { name: Deferrable } =>
  (deferrable as readonly string[]).includes(step.name)

const sayingOf = (step: Step, t: T): string => t(`joining.hour.${step.name}.${step.state}`, step.said)

function Way({ frame: { t }, step, isNext, isOwn }: JoiningProps & { step: Step; isNext: boolean }) {
  const { href } = step
  const label = t(`joining.hour.${step.name}.go`)
  if (isSettled(step) || !isOwn) return null
  return isNext ? (
    <Actions>
      <Button kind="primary" href={href}>
        {label}
      </Button>
    </Actions>
  ) : (
    <p>
      <a href={href}>{label}</a>
    </p>
  )
}

function Test({ frame, org, step, mayTest }: JoiningProps & { step: Step }) {
  const { t } = frame
  return (
    <>
      {step.state !== 'open' && (
        <p>
          <a href={step.href}>{t('joining.hour.test.show')}</a>
        </p>
      )}
      {step.state !== 'waiting' && (
        <Form action={`/joining/${org}/test`} csrf={frame.csrf} label={t('joining.hour.test')}>
          <Actions>
            <Button
              kind={step.state === 'open' ? 'primary' : 'plain'}
              disabledReason={mayTest ? undefined : t('joining.hour.test.role')}
              consequence={mayTest ? t('joining.hour.test.what') : undefined}
            >
              {t(step.state === 'open' ? 'joining.hour.test.go' : 'joining.hour.test.again')}
            </Button>
          </Actions>
        </Form>
      )}
    </>
  )
}

function Later({ frame, org, step, refused }: JoiningProps & { step: Step & { name: Deferrable } }) {
  const { t } = frame
  if (step.state === 'off')
    return (
      <Form
        action={`/joining/${org}/${step.name}/deferral/withdrawal`}
        csrf={frame.csrf}
        label={t('joining.hour.takeUp')}
      >
        <Actions>
          <Button>{t('joining.hour.takeUp')}</Button>
        </Actions>
      </Form>
    )
  return (
    <details class="details" open={refused?.errors[step.name] !== undefined}>
      <summary>{t('joining.hour.later')}</summary>
      <div class="details-body narrow">
        <Form
          action={`/joining/${org}/${step.name}/deferral`}
          csrf={frame.csrf}
          label={t('joining.hour.later')}
        >
          <Field
            label={t('joining.hour.later.why')}
            name="reason"
            required
            maxlength={500}
            value={refused?.given[step.name]}
            error={refused?.errors[step.name]}
          />
          <Actions>
            <Button>{t('joining.hour.later.do')}</Button>
          </Actions>
        </Form>
      </div>
    </details>
  )
}

/** Which newcomer stands where, for coordinators. */
export function newcomersPage({ frame, rows }: { frame: Frame; rows: Newcomer[] }): string {
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={t('joining.newcomers.lead')}>
      <Table<Newcomer>
        caption={frame.title}
        captionHidden
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={(row) => `/joining/${row.id}`}
        empty={<EmptyState title={t('joining.newcomers.none')} />}
        columns={[
          {
            key: 'name',
            label: t('joining.field.organisation'),
            main: true,
            cell: (row) => <a href={`/joining/${row.id}`}>{row.name}</a>,
          },
          {
            key: 'settled',
            label: t('joining.newcomers.settled'),
            cell: ({ progress }) => t('joining.newcomers.of', { n: progress.settled, all: progress.all }),
          },
          {
            key: 'next',
            label: t('joining.newcomers.next'),
            cell: ({ progress }) =>
              progress.next === null
                ? t('joining.newcomers.finished')
                : t(`joining.hour.${progress.next.name}`),
          },
          {
            key: 'since',
            label: t('joining.newcomers.since'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.since} now={now} zone={zone} as="short" />,
          },
        ]}
      />
    </Page>,
  )
}

/** For whoever acts for several organisations. */
export function choosePage({ frame, own }: { frame: Frame; own: { id: number; name: string }[] }): string {
  return html(
    <Page {...frame} lead={frame.t('joining.hour.choose')}>
      <ul class="bullets">
        {own.map(({ id, name }) => (
          <li key={id}>
            <a href={`/joining/${id}`}>{name}</a>
          </li>
        ))}
      </ul>
    </Page>,
  )
}
