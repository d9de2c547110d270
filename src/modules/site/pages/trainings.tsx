/** Trainings that are announced, with the reader's own places; and those that were, with whether the reader was there. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Chip, EmptyState, Form, html, Page, Section, Time } from '../../../ui/index.ts'
import type { Training } from '../trainings-read.ts'

interface TrainingsProps {
  frame: Frame
  trainings: Training[]
  organisations: { id: number; name: string }[]
  /** Coordinators note who was there. */
  mayNote: boolean
  done?: 'signed' | 'withdrawn'
}

export function trainingsPage(props: TrainingsProps): string {
  const { frame, trainings, done } = props
  const { t, now } = frame
  const coming = trainings.filter(({ startsAt }) => startsAt > now)
  const past = trainings.filter(({ startsAt }) => startsAt <= now)
  return html(
    <Page
      {...frame}
      lead={t('trainings.lead')}
      flash={done ? { kind: 'done', text: t(`trainings.done.${done}`) } : undefined}
    >
      <Section title={t('trainings.coming')}>
        {coming.length === 0 ? (
          <EmptyState title={t('trainings.none')}>{t('trainings.none.what')}</EmptyState>
        ) : (
          coming.map((training) => <One key={training.id} {...props} training={training} />)
        )}
      </Section>
      {past.length > 0 && (
        <Section title={t('trainings.past')}>
          {past.map((training) => (
            <One key={training.id} {...props} training={training} />
          ))}
        </Section>
      )}
    </Page>,
  )
}

function One({ frame, training, organisations, mayNote }: TrainingsProps & { training: Training }) {
  const { t, now, zone } = frame
  const { own, orgs } = training
  const attended = own.filter((place) => place.attended)
  return (
    <Section
      level={3}
      title={training.title}
      lead={
        <>
          <Time t={t} at={training.startsAt} now={now} zone={zone} as="short" />
          {training.place && ` · ${training.place}`}{' '}
          {training.cancelled && <Chip>{t('trainings.cancelled')}</Chip>}
        </>
      }
    >
      {attended.map(({ orgName }) => (
        <p key={orgName}>{t('trainings.attended', { organisation: orgName })}</p>
      ))}
      {orgs.map((name) => (
        <p key={name}>{t('trainings.attended.org', { organisation: name })}</p>
      ))}
      {organisations.map((org) => (
        <Place key={org.id} frame={frame} training={training} org={org} several={organisations.length > 1} />
      ))}
      {mayNote && (
        <p>
          <a href={`/trainings/${training.id}`}>{t('trainings.roll')}</a>
        </p>
      )}
    </Section>
  )
}

function Place({
  frame,
  training,
  org,
  several,
}: {
  frame: Frame
  training: Training
  org: { id: number; name: string }
  several: boolean
}) {
  const { t, csrf, now } = frame
  const place = training.own.find((one) => one.org === org.id)
  const begun = training.startsAt <= now || training.cancelled
  const holds = place !== undefined && !place.withdrawn
  const path = `/trainings/${training.id}/place`
  const label = several ? ` (${org.name})` : ''
  if (begun)
    return holds && !place.attended ? (
      <p class="muted">{t('trainings.signed', { organisation: org.name })}</p>
    ) : null
  if (!holds && !training.signUp) return <p class="muted">{t('trainings.closed')}</p>
  return (
    <Form
      action={holds ? `${path}/withdrawal` : path}
      csrf={csrf}
      hidden={{ org: String(org.id) }}
      label={training.title}
    >
      {holds && <p>{t('trainings.signed', { organisation: org.name })}</p>}
      <Actions>
        <Button kind={holds ? 'plain' : 'primary'}>
          {t(holds ? 'trainings.takeBack' : 'trainings.signUp')}
          {label}
        </Button>
      </Actions>
    </Form>
  )
}
