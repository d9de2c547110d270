/** The plan for those who keep it: what is due soon, every goal with its actions, and adding to them. */
import { type Day, dayOf } from '../../../platform/dates.ts'
import type { Lang, T } from '../../../platform/i18n.ts'
import { langs } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Chip,
  Details,
  EmptyState,
  Field,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
  Table,
} from '../../../ui/index.ts'
import { placePath } from '../places.ts'
import type { Pair } from '../plan.ts'
import { type Action, dueSoon, type Goal } from '../plan-read.ts'
import { type Errors, errorIn } from './edit-form.tsx'
import { Due, PairText } from './plan-words.tsx'

export interface GoalForm {
  title: Pair
  paragraph: string
}

export interface ActionForm {
  goal: string
  title: Pair
  owner: string
  start: Day
  due: Day
  public: boolean
}

export interface EditPlanProps {
  frame: PageProps & { zone: string }
  goals: Goal[]
  flash?: Flash
  /** What was refused, with what was typed. */
  goal?: { given: GoalForm; errors: Errors }
  action?: { given: ActionForm; errors: Errors }
}

const emptyPair: Pair = { cs: '', en: '' }

/** One field a language. */
export function PairFields(props: {
  t: T
  name: string
  label: string
  pair: Pair
  errors: Errors
  longest: number
  rows?: number
  hint?: string
}) {
  const { t, name, pair, errors } = props
  return (
    <>
      {langs.map((lang: Lang) => (
        <Field
          key={lang}
          label={t('site.field.pair', { field: props.label, lang: t(`site.lang.${lang}`) })}
          name={`${name}_${lang}`}
          value={pair[lang]}
          maxlength={props.longest}
          error={errorIn(t, errors, `${name}_${lang}`)}
          {...(props.rows ? { type: 'textarea' as const, rows: props.rows } : {})}
          {...(props.hint ? { hint: props.hint } : {})}
        />
      ))}
    </>
  )
}

export function editPlanPage(props: EditPlanProps): string {
  const { frame, goals } = props
  const { t } = frame
  return html(
    <Page {...frame} lead={t('site.plan.edit.lead')} flash={props.flash}>
      <DueSoon {...props} />
      <Actions>
        <Button href={placePath('plan', t.lang)} kind="quiet">
          {t('site.edit.look')}
        </Button>
      </Actions>
      {goals.length === 0 && <EmptyState title={t('site.plan.none')} />}
      {goals.map((goal) => (
        <OneGoal key={goal.id} frame={frame} goal={goal} />
      ))}
      {goals.length > 0 && <NewAction {...props} />}
      <Section title={t('site.plan.goal.add')}>
        <GoalFields
          frame={frame}
          action="/site/goals"
          given={props.goal?.given ?? { title: emptyPair, paragraph: '' }}
          errors={props.goal?.errors ?? {}}
        />
      </Section>
    </Page>,
  )
}

/** Whom to remind: what is due within two weeks, and what is late. */
function DueSoon({ frame, goals }: EditPlanProps) {
  const { t, now, zone } = frame
  const today = dayOf(now, zone)
  const near = goals
    .flatMap((goal) => goal.actions)
    .filter((action) => action.overdue || dueSoon(action, today) !== null)
  if (near.length === 0) return null
  return (
    <Notice kind="careful" title={t('site.plan.soon')}>
      <ul>
        {near.map((action) => (
          <li key={action.id}>
            <a href={`/site/actions/${action.id}`}>
              <PairText t={t} pair={action.title} plain />
            </a>
            {' · '}
            {action.owner}
            {' · '}
            {action.overdue
              ? t('site.plan.overdue')
              : t('site.plan.soon.days', { n: dueSoon(action, today) ?? 0 })}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function OneGoal({ frame, goal }: { frame: PageProps & { zone: string }; goal: Goal }) {
  const { t } = frame
  return (
    <Section
      title={goal.title[t.lang] || goal.title.cs || goal.title.en}
      lead={goal.paragraph && t('site.plan.paragraph', { paragraph: goal.paragraph })}
    >
      <Table<Action>
        caption={t('site.plan.actions')}
        captionHidden
        rows={goal.actions}
        rowKey={(action) => action.id}
        rowHref={(action) => `/site/actions/${action.id}`}
        empty={<p class="muted">{t('site.plan.actions.none')}</p>}
        columns={[
          {
            key: 'title',
            label: t('site.plan.action'),
            main: true,
            cell: (action) => (
              <a href={`/site/actions/${action.id}`}>
                <PairText t={t} pair={action.title} />
              </a>
            ),
          },
          {
            key: 'status',
            label: t('site.plan.status'),
            cell: (action) => (
              <>
                <Chip>{t(`site.plan.status.${action.status}`)}</Chip>{' '}
                {action.overdue && <strong>{t('site.plan.overdue')}</strong>}
              </>
            ),
          },
          {
            key: 'progress',
            label: t('site.plan.progress'),
            kind: 'number',
            cell: (action) => t.percent(action.progress / 100),
          },
          { key: 'due', label: t('site.plan.csv.due'), cell: (action) => <Due t={t} action={action} /> },
          {
            key: 'public',
            label: t('site.plan.public'),
            cell: (action) => t(action.public ? 'site.plan.yes' : 'site.plan.no'),
          },
        ]}
      />
      <Details summary={t('site.plan.goal.reword')}>
        <GoalFields frame={frame} action={`/site/goals/${goal.id}`} given={goal} errors={{}} />
      </Details>
    </Section>
  )
}

function GoalFields(props: { frame: PageProps; action: string; given: GoalForm; errors: Errors }) {
  const { frame, given, errors } = props
  const { t } = frame
  return (
    <Form action={props.action} csrf={frame.csrf}>
      <PairFields
        t={t}
        name="title"
        label={t('site.plan.goal')}
        pair={given.title}
        errors={errors}
        longest={200}
      />
      <Field
        label={t('site.plan.csv.paragraph')}
        name="paragraph"
        value={given.paragraph}
        maxlength={80}
        error={errorIn(t, errors, 'paragraph')}
      />
      <Button>{t('site.plan.save')}</Button>
    </Form>
  )
}

function NewAction({ frame, goals, action }: EditPlanProps) {
  const { t, now, zone } = frame
  const today = dayOf(now, zone)
  const errors = action?.errors ?? {}
  const given = action?.given ?? {
    goal: '',
    title: emptyPair,
    owner: '',
    start: today,
    due: '',
    public: false,
  }
  return (
    <Section title={t('site.plan.action.add')}>
      <Form action="/site/actions" csrf={frame.csrf} label={t('site.plan.action.add')}>
        <Field
          label={t('site.plan.goal')}
          name="goal"
          type="select"
          value={given.goal}
          options={goals.map((goal) => ({
            value: String(goal.id),
            label: goal.title[t.lang] || goal.title.cs || goal.title.en,
          }))}
        />
        <ActionFields t={t} given={given} errors={errors} />
        <Field
          label={t('site.plan.csv.start')}
          name="start"
          type="date"
          required
          value={given.start}
          error={errorIn(t, errors, 'start')}
        />
        <Field
          label={t('site.plan.csv.first_due')}
          name="due"
          type="date"
          required
          value={given.due}
          error={errorIn(t, errors, 'due')}
          hint={t('site.plan.due.hint')}
        />
        <Button kind="primary">{t('site.plan.action.add.do')}</Button>
      </Form>
    </Section>
  )
}

export function ActionFields(props: {
  t: T
  given: Pick<ActionForm, 'title' | 'owner' | 'public'>
  errors: Errors
}) {
  const { t, given, errors } = props
  return (
    <>
      <PairFields
        t={t}
        name="title"
        label={t('site.plan.action')}
        pair={given.title}
        errors={errors}
        longest={200}
      />
      <Field
        label={t('site.plan.csv.owner')}
        name="owner"
        required
        value={given.owner}
        maxlength={80}
        error={errorIn(t, errors, 'owner')}
        hint={t('site.plan.owner.hint')}
      />
      <Field type="checkbox" name="public" label={t('site.plan.public.show')} checked={given.public} />
    </>
  )
}
