/** What people write on a warning: notes, questions with replies, who takes care of it, whom to call. */
import { type Actor, isCoordinator } from '../../../platform/access.ts'
import type { T } from '../../../platform/i18n.ts'
import { Button, Details, Field, Form, Section, Time } from '../../../ui/index.ts'
import { maySpeakFor } from '../may.ts'
import type { TimelineItem, WarningDetail } from '../types.ts'

interface TalkProps {
  t: T
  warning: WarningDetail
  log: TimelineItem[]
  actor: Actor
  csrf: string
  now: number
  zone?: string
  errors?: Record<string, string>
  given?: string
}

export const mayWrite = (actor: Actor, org: number | null): boolean =>
  isCoordinator(actor) || (org !== null && maySpeakFor(actor, org))

const spoken = ['note', 'question', 'reply']

export function Talk({ t, warning, log, actor, csrf, now, zone, errors, given }: TalkProps) {
  const said = log.filter((item) => spoken.includes(item.kind))
  const coordinator = isCoordinator(actor)
  const open = Boolean(errors?.text)
  return (
    <Section title={t('warnings.talk')} id="talk">
      {said.length === 0 && <p class="muted">{t('warnings.talk.none')}</p>}
      {said.map((item) => (
        <blockquote key={item.id} class={`talk talk-${item.kind}`}>
          <p class="muted">
            <strong>{t(item.internal ? 'glass.note' : `warnings.talk.${item.kind}`)}</strong> · {item.person}{' '}
            · <Time t={t} at={item.at} now={now} zone={zone} />
          </p>
          <p class="said">{String(item.detail.text ?? '')}</p>
        </blockquote>
      ))}
      {mayWrite(actor, warning.org) ? (
        <div class="no-print talk-forms">
          <Write
            t={t}
            csrf={csrf}
            action={`/warnings/${warning.id}/note`}
            name="note"
            internal={warning.org !== null && maySpeakFor(actor, warning.org)}
            open={open}
            errors={errors}
            given={given}
          />
          <Write
            t={t}
            csrf={csrf}
            action={`/warnings/${warning.id}/${coordinator ? 'reply' : 'question'}`}
            name={coordinator ? 'reply' : 'question'}
            open={open || (coordinator && said.at(-1)?.kind === 'question')}
            errors={errors}
            given={given}
          />
        </div>
      ) : (
        <p class="muted">{t('warnings.talk.mayNot')}</p>
      )}
    </Section>
  )
}

function Write(props: {
  t: T
  csrf: string
  action: string
  name: 'note' | 'question' | 'reply'
  open: boolean
  /** May be kept from the coordinators. */
  internal?: boolean
  errors?: Record<string, string>
  given?: string
}) {
  const { t, name } = props
  return (
    <Details summary={t(`warnings.talk.write.${name}`)} open={props.open}>
      <Form action={props.action} csrf={props.csrf} label={t(`warnings.talk.write.${name}`)}>
        <Field
          label={t(`warnings.talk.field.${name}`)}
          name="text"
          type="textarea"
          rows={3}
          maxlength={4000}
          required
          value={props.given}
          error={props.errors?.text}
          hint={t(`warnings.talk.hint.${name}`)}
        />
        {props.internal && (
          <Field
            label={t('glass.note.internal')}
            name="internal"
            type="checkbox"
            hint={t('glass.note.hint')}
          />
        )}
        <Button>{t(`warnings.talk.send.${name}`)}</Button>
      </Form>
    </Details>
  )
}

export function Assignee({
  t,
  warning,
  people,
  actor,
  csrf,
}: {
  t: T
  warning: WarningDetail
  people: { id: number; name: string }[]
  actor: Actor
  csrf: string
}) {
  return (
    <Section title={t('warnings.assignee')} id="assignee">
      <p>{warning.assignee ?? <span class="muted">{t('warnings.assignee.nobody')}</span>}</p>
      {mayWrite(actor, warning.org) && people.length > 0 && (
        <Form
          action={`/warnings/${warning.id}/assignee`}
          csrf={csrf}
          class="no-print"
          label={t('warnings.assignee')}
        >
          <Field
            label={t('warnings.assignee.choose')}
            name="person"
            type="select"
            value={warning.assigneeId ?? ''}
            options={[
              { value: '', label: t('warnings.assignee.nobody') },
              ...people.map((one) => ({ value: String(one.id), label: one.name })),
            ]}
          />
          <Button>{t('warnings.assignee.save')}</Button>
        </Form>
      )}
    </Section>
  )
}

export function Phone({ t, phone }: { t: T; phone: string | null }) {
  return (
    <Section title={t('warnings.phone')} id="phone">
      {phone ? (
        <p>
          <a href={`tel:${phone.replace(/[^+\d]/g, '')}`} class="phone">
            {phone}
          </a>
          <br />
          <span class="muted">{t('warnings.phone.when')}</span>
        </p>
      ) : (
        <p class="muted">{t('warnings.phone.none')}</p>
      )}
    </Section>
  )
}
