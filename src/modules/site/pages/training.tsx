/** One training for coordinators: whether people sign up, who comes, and who was there. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Page, Section, Time } from '../../../ui/index.ts'
import type { Roll } from '../trainings-read.ts'

interface TrainingProps {
  frame: Frame
  roll: Roll
  /** An organisation that was typed and not found. */
  typed?: string
  error?: string
  done?: 'opened' | 'closed' | 'noted'
}

export function trainingPage(props: TrainingProps): string {
  const { frame, roll, done } = props
  const { t, now, zone } = frame
  const { training } = roll
  return html(
    <Page
      {...frame}
      lead={
        <>
          <Time t={t} at={training.startsAt} now={now} zone={zone} as="short" />
          {training.place && ` · ${training.place}`}
        </>
      }
      flash={done ? { kind: 'done', text: t(`trainings.roll.${done}`) } : undefined}
    >
      <SignUp {...props} />
      {training.startsAt > now || training.cancelled ? <Comers {...props} /> : <Attendance {...props} />}
      <p>
        <a href="/trainings">{t('trainings.back')}</a>
      </p>
    </Page>,
  )
}

function SignUp({ frame: { t, csrf, now }, roll: { training } }: TrainingProps) {
  if (training.startsAt <= now || training.cancelled) return null
  return (
    <Section title={t('trainings.signing')}>
      <p>{t(training.signUp ? 'trainings.signing.on' : 'trainings.signing.off')}</p>
      <Form
        action={`/trainings/${training.id}/sign-up`}
        csrf={csrf}
        hidden={{ open: training.signUp ? 'no' : 'yes' }}
      >
        <Button>{t(training.signUp ? 'trainings.signing.close' : 'trainings.signing.open')}</Button>
      </Form>
    </Section>
  )
}

const whoIs = ({ name, orgName, email }: Roll['people'][number]): string => `${name}, ${orgName} (${email})`

function Comers({ frame: { t }, roll }: TrainingProps) {
  return (
    <Section title={t('trainings.comers')}>
      {roll.people.length === 0 ? (
        <p>{t('trainings.comers.none')}</p>
      ) : (
        <ul>
          {roll.people.map((one) => (
            <li key={one.id}>{whoIs(one)}</li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Attendance({ frame: { t, csrf }, roll, typed, error }: TrainingProps) {
  const { training, people, orgs } = roll
  return (
    <Section title={t('trainings.attendance')} lead={t('trainings.attendance.lead')}>
      <Form action={`/trainings/${training.id}/attendance`} csrf={csrf}>
        <fieldset class="field">
          <legend>{t('trainings.people')}</legend>
          {people.length === 0 && <p>{t('trainings.comers.none')}</p>}
          {people.map((one) => (
            <Field
              key={one.id}
              label={whoIs(one)}
              name="places"
              type="checkbox"
              value={one.id}
              checked={one.attended}
            />
          ))}
        </fieldset>
        <fieldset class="field">
          <legend>{t('trainings.orgs')}</legend>
          {orgs.map((one) => (
            <Field key={one.org} label={one.name} name="orgs" type="checkbox" value={one.org} checked />
          ))}
          <Field
            label={t('trainings.more')}
            name="organisation"
            maxlength={200}
            value={typed}
            error={error}
            hint={t('trainings.more.hint')}
          />
        </fieldset>
        <Actions>
          <Button kind="primary">{t('trainings.note')}</Button>
        </Actions>
      </Form>
    </Section>
  )
}
