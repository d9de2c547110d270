/** Exercises: everybody sees them, coordinators open them. */
import { type Actor, isCoordinator } from '../../../platform/access.ts'
import {
  Button,
  Code,
  EmptyState,
  Field,
  type Flash,
  Form,
  html,
  Page,
  type PageProps,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { Exercise } from '../exercises.ts'
import { PeriodFields } from './period-fields.tsx'

export interface ExerciseForm {
  id: string
  title: string
  starts: string
  ends: string
}

export interface ExercisesProps {
  frame: PageProps
  actor: Actor
  exercises: Exercise[]
  flash?: Flash
  errors?: Record<string, string>
  given?: ExerciseForm
}

const hourMs = 3_600_000

export function exercisesPage(props: ExercisesProps): string {
  const { frame, exercises } = props
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={t('warnings.exercises.lead')} flash={props.flash}>
      <Table<Exercise>
        caption={t('warnings.exercises.title')}
        captionHidden
        rows={exercises}
        rowKey={(row) => row.id}
        columns={[
          { key: 'title', label: t('warnings.exercises.name'), main: true, cell: (row) => row.title },
          {
            key: 'id',
            label: t('warnings.exercises.label'),
            kind: 'mono',
            cell: (row) => <Code t={t} text={row.id} copy />,
          },
          {
            key: 'state',
            label: t('warnings.exercises.state'),
            cell: (row) => t(`warnings.exercises.state.${stateOf(row, now)}`),
          },
          {
            key: 'starts',
            label: t('warnings.tests.starts'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.startsAt} now={now} zone={zone} as="short" />,
          },
          {
            key: 'ends',
            label: t('warnings.tests.ends'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.endsAt} now={now} zone={zone} as="short" />,
          },
          {
            key: 'warnings',
            label: t('warnings.exercises.warnings'),
            kind: 'number',
            cell: (row) => (
              <a href={`/warnings?exercise=1&text=${encodeURIComponent(row.id)}`}>{t.number(row.warnings)}</a>
            ),
          },
        ]}
        empty={
          <EmptyState title={t('warnings.exercises.none')}>
            <p>{t('warnings.exercises.none.why')}</p>
          </EmptyState>
        }
      />
      {isCoordinator(props.actor) && <Create {...props} />}
    </Page>,
  )
}

const stateOf = (row: Exercise, now: number): 'waiting' | 'running' | 'over' =>
  row.endsAt <= now ? 'over' : row.startsAt > now ? 'waiting' : 'running'

function Create({ frame, errors, given }: ExercisesProps) {
  const { t, now } = frame
  const zone = frame.zone ?? 'Europe/Prague'
  return (
    <Section title={t('warnings.exercises.create')} lead={t('warnings.exercises.create.lead')}>
      <Form action="/exercises" csrf={frame.csrf} label={t('warnings.exercises.create')}>
        <Field
          label={t('warnings.exercises.label')}
          name="id"
          mono
          required
          maxlength={64}
          value={given?.id}
          error={errors?.id}
          hint={t('warnings.exercises.label.hint')}
        />
        <Field
          label={t('warnings.exercises.name')}
          name="title"
          required
          maxlength={200}
          value={given?.title}
          error={errors?.title}
        />
        <PeriodFields t={t} zone={zone} given={given} errors={errors} from={now} to={now + 8 * hourMs} />
        <Button kind="primary">{t('warnings.exercises.create.do')}</Button>
      </Form>
    </Section>
  )
}
