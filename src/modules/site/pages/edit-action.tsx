/** One action for those who keep the plan: what happened, what shows it, when it is due. */
import { dayOf, dayShort } from '../../../platform/dates.ts'
import {
  Button,
  Chip,
  Facts,
  Field,
  type Flash,
  Form,
  html,
  Page,
  type PageProps,
  Section,
  Timeline,
  type TimelineItem,
} from '../../../ui/index.ts'
import { evidenceKinds, type Pair, transitions } from '../plan.ts'
import type { Action } from '../plan-read.ts'
import { type Errors, errorIn } from './edit-form.tsx'
import { ActionFields, type ActionForm, PairFields } from './edit-plan.tsx'
import { Due, PairText, pick } from './plan-words.tsx'

/** What was typed into each of the forms; only the refused one differs from its beginning. */
export interface ActionForms {
  update: { status: string; progress: string; text: Pair }
  evidence: { kind: string; label: Pair; link: string }
  date: { newOn: string; reason: Pair }
  words: Pick<ActionForm, 'title' | 'owner' | 'public'>
}

export type Refused = { form: keyof ActionForms; errors: Errors; given: Partial<ActionForms> }

export interface EditActionProps {
  frame: PageProps & { zone: string }
  action: Action
  refused?: Refused
  flash?: Flash
}

interface PartProps extends EditActionProps {
  forms: ActionForms
  errorsOf(form: keyof ActionForms): Errors
}

const emptyPair: Pair = { cs: '', en: '' }

export function editActionPage(props: EditActionProps): string {
  const { frame, action, refused } = props
  const { t } = frame
  const forms: ActionForms = {
    update: { status: action.status, progress: String(action.progress), text: emptyPair },
    evidence: { kind: 'document', label: emptyPair, link: '' },
    date: { newOn: action.dueOn, reason: emptyPair },
    words: action,
    ...refused?.given,
  }
  const part: PartProps = {
    ...props,
    forms,
    errorsOf: (form) => (refused?.form === form ? refused.errors : {}),
  }
  return html(
    <Page {...frame} flash={props.flash}>
      <p>
        <a href="/site/plan">{t('site.plan.edit.back')}</a>
      </p>
      <Facts
        facts={[
          { label: t('site.plan.status'), value: <Chip>{t(`site.plan.status.${action.status}`)}</Chip> },
          { label: t('site.plan.progress'), value: t.percent(action.progress / 100) },
          {
            label: t('site.plan.csv.due'),
            value: <Due t={t} action={action} />,
            note: action.overdue && t('site.plan.overdue'),
          },
          { label: t('site.plan.csv.owner'), value: action.owner },
          { label: t('site.plan.public'), value: t(action.public ? 'site.plan.yes' : 'site.plan.no') },
        ]}
      />
      <AddUpdate {...part} />
      <AddEvidence {...part} />
      {(action.status === 'planned' || action.status === 'running') && <MoveDate {...part} />}
      <Section title={t('site.plan.history')}>
        <Timeline t={t} now={frame.now} zone={frame.zone} items={historyOf(part)} />
      </Section>
      <Section title={t('site.plan.reword')}>
        <Form action={`/site/actions/${action.id}/words`} csrf={frame.csrf} label={t('site.plan.reword')}>
          <ActionFields t={t} given={forms.words} errors={part.errorsOf('words')} />
          <Button>{t('site.plan.save')}</Button>
        </Form>
      </Section>
    </Page>,
  )
}

function AddUpdate({ frame, action, forms, errorsOf }: PartProps) {
  const { t } = frame
  const errors = errorsOf('update')
  return (
    <Section title={t('site.plan.update.add')} lead={t('site.plan.update.lead')}>
      <Form action={`/site/actions/${action.id}/updates`} csrf={frame.csrf} label={t('site.plan.update.add')}>
        <Field
          label={t('site.plan.status')}
          name="status"
          type="select"
          value={forms.update.status}
          error={errorIn(t, errors, 'status')}
          options={transitions[action.status].map((status) => ({
            value: status,
            label: t(`site.plan.status.${status}`),
          }))}
        />
        <Field
          label={t('site.plan.progress')}
          name="progress"
          type="number"
          min={0}
          max={100}
          unit="%"
          value={forms.update.progress}
          error={errorIn(t, errors, 'progress')}
        />
        <PairFields
          t={t}
          name="text"
          label={t('site.plan.update.text')}
          pair={forms.update.text}
          errors={errors}
          longest={2_000}
          rows={3}
        />
        <Button kind="primary">{t('site.plan.update.do')}</Button>
      </Form>
    </Section>
  )
}

function AddEvidence({ frame, action, forms, errorsOf }: PartProps) {
  const { t } = frame
  const errors = errorsOf('evidence')
  return (
    <Section title={t('site.plan.evidence.add')}>
      <Form
        action={`/site/actions/${action.id}/evidence`}
        csrf={frame.csrf}
        label={t('site.plan.evidence.add')}
      >
        <Field
          label={t('site.plan.evidence.kind')}
          name="kind"
          type="select"
          value={forms.evidence.kind}
          options={evidenceKinds.map((kind) => ({ value: kind, label: t(`site.plan.evidence.${kind}`) }))}
        />
        <PairFields
          t={t}
          name="label"
          label={t('site.plan.evidence.label')}
          pair={forms.evidence.label}
          errors={errors}
          longest={200}
        />
        <Field
          label={t('site.plan.evidence.link')}
          name="link"
          required
          maxlength={500}
          value={forms.evidence.link}
          error={errorIn(t, errors, 'link')}
          hint={t('site.plan.evidence.link.hint')}
        />
        <Button>{t('site.plan.evidence.do')}</Button>
      </Form>
    </Section>
  )
}

function MoveDate({ frame, action, forms, errorsOf }: PartProps) {
  const { t } = frame
  const errors = errorsOf('date')
  return (
    <Section title={t('site.plan.date.move')} lead={t('site.plan.date.lead')}>
      <Form action={`/site/actions/${action.id}/dates`} csrf={frame.csrf} label={t('site.plan.date.move')}>
        <Field
          label={t('site.plan.date.new')}
          name="new_on"
          type="date"
          required
          value={forms.date.newOn}
          error={errorIn(t, errors, 'new_on')}
        />
        <PairFields
          t={t}
          name="reason"
          label={t('site.plan.date.reason')}
          pair={forms.date.reason}
          errors={errors}
          longest={400}
        />
        <Button>{t('site.plan.date.do')}</Button>
      </Form>
    </Section>
  )
}

/** Everything that was added, in order. */
function historyOf({ frame, action }: PartProps): TimelineItem[] {
  const { t, zone } = frame
  const day = (at: number) => dayShort(dayOf(at, zone), t, true)
  return [
    { at: action.createdAt, title: t('site.plan.history.created', { day: day(action.createdAt) }) },
    ...action.updates.map((update) => ({
      at: update.at,
      title: `${t(`site.plan.status.${update.status}`)}, ${t.percent(update.progress / 100)}`,
      body: <PairText t={t} pair={update.text} />,
    })),
    ...action.evidence.map((evidence) => ({
      at: evidence.at,
      title: t('site.plan.evidence'),
      body: <a href={evidence.link}>{pick(evidence.label, t.lang).text}</a>,
    })),
    ...action.dateChanges.map((change) => ({
      at: change.at,
      title: t('site.plan.moved.title', {
        from: dayShort(change.oldOn, t, true),
        to: dayShort(change.newOn, t, true),
      }),
      body: <PairText t={t} pair={change.reason} />,
    })),
  ].sort((a, b) => a.at - b.at)
}
