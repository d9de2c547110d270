/** What climbs now: what it is, whom the steps told, who is next; coordinators take and close what came to them. */
import type { Frame } from '../../../../platform/frame.ts'
import {
  Actions,
  Button,
  Chip,
  Details,
  EmptyState,
  Form,
  html,
  Live,
  Notice,
  Page,
  Section,
  SeverityBadge,
  Time,
} from '../../../../ui/index.ts'
import type { ClimbLine } from '../../oncall/board.ts'

export interface OncallProps {
  frame: Frame
  climbs: ClimbLine[]
  /** The reader takes and closes. */
  coordinates: boolean
  done: 'taken' | 'closed' | undefined
}

export function oncallPage({ frame, climbs, coordinates, done }: OncallProps): string {
  const { t } = frame
  const parts = [
    { title: t('oncall.central'), lines: climbs.filter(({ kind }) => kind === 'csirt') },
    { title: t('oncall.members'), lines: climbs.filter(({ kind }) => kind === 'member') },
  ]
  return html(
    <Page
      {...frame}
      lead={t(coordinates ? 'oncall.lead' : 'oncall.lead.member')}
      flash={done ? { kind: 'done', text: t(`oncall.done.${done}`) } : undefined}
    >
      <Live id="oncall" topic="warnings">
        {climbs.length === 0 && <EmptyState title={t('oncall.none')}>{t('oncall.none.what')}</EmptyState>}
        {parts.map(
          ({ title, lines }) =>
            lines.length > 0 && (
              <Section key={title} title={title}>
                {lines.map((one) => (
                  <Climb key={one.id} frame={frame} one={one} coordinates={coordinates} />
                ))}
              </Section>
            ),
        )}
      </Live>
      <p>
        <a href="/duty/policies">{t('oncall.policies')}</a>
        {coordinates && (
          <>
            {' · '}
            <a href="/oncall/heartbeats">{t('oncall.hearts')}</a>
          </>
        )}
      </p>
    </Page>,
  )
}

interface Part {
  frame: Frame
  one: ClimbLine
  coordinates: boolean
}

const hrefOf = ({ warning, written }: ClimbLine): string =>
  warning === null ? `/warnings/written/${written}` : `/warnings/${warning}`

function Climb({ frame, one, coordinates }: Part) {
  const { t, now, zone } = frame
  const { number, orgName, cause, state, severity, kind } = one
  return (
    <article class="climb">
      <h3>
        <a href={hrefOf(one)}>{number ?? t('oncall.thing')}</a>
        {orgName && ` · ${orgName}`}
        {one.heartbeat && ` · ${one.heartbeat}`}
      </h3>
      <p class="row-meta">
        <SeverityBadge t={t} severity={severity} /> <Chip>{t(`oncall.state.${state}`)}</Chip>{' '}
        {t(`oncall.cause.${cause}`)} · {t('oncall.since')}{' '}
        <Time t={t} at={one.beganAt} now={now} zone={zone} as="short" />
      </p>
      {state === 'open' && <Notice kind="wrong">{t('oncall.open')}</Notice>}
      {cause === 'nobody' && kind === 'csirt' && <Notice kind="careful">{t('oncall.nobody')}</Notice>}
      {one.takenBy && (
        <p>
          {t('oncall.takenBy', { name: one.takenBy })}{' '}
          {one.takenAt !== null && <Time t={t} at={one.takenAt} now={now} zone={zone} as="short" />}
        </p>
      )}
      <Next frame={frame} one={one} />
      <Told frame={frame} one={one} />
      {coordinates && kind === 'csirt' && <Deeds frame={frame} one={one} />}
    </article>
  )
}

function Next({ frame, one }: Omit<Part, 'coordinates'>) {
  const { t, now, zone } = frame
  if (one.nextAt === null) return null
  return (
    <p>
      {t('oncall.next', { n: one.nextNo, of: one.policy.steps.length })}{' '}
      <Time t={t} at={one.nextAt} now={now} zone={zone} as="short" />
    </p>
  )
}

function Told({ frame, one }: Omit<Part, 'coordinates'>) {
  const { t, now, zone } = frame
  if (one.steps.length === 0) return <p>{t('oncall.notYet')}</p>
  return (
    <Details summary={t('oncall.told', { n: one.steps.length })}>
      <ol class="climb-steps" reversed>
        {one.steps.map((step) => (
          <li key={`${step.round} ${step.no}`}>
            <Time t={t} at={step.at} now={now} zone={zone} as="short" />
            {': '}
            {step.people.join(', ') || t('oncall.step.nobody')}
            {step.people.length > 0 && step.reached === 0 && ` (${t('oncall.step.unreached')})`}
          </li>
        ))}
      </ol>
      {one.org !== null && (
        <p>
          <a href={`/members/${one.org}/contacts`}>{t('oncall.contacts')}</a>
        </p>
      )}
    </Details>
  )
}

function Deeds({ frame, one }: Omit<Part, 'coordinates'>) {
  const { t, csrf } = frame
  return (
    <Actions>
      {one.state === 'taken' ? (
        <Form action={`/oncall/${one.id}/closing`} csrf={csrf}>
          <Button kind="primary">{t('oncall.close')}</Button>
        </Form>
      ) : (
        <Form action={`/oncall/${one.id}/taking`} csrf={csrf}>
          <Button kind="primary" consequence={t('oncall.take.what')}>
            {t('oncall.take')}
          </Button>
        </Form>
      )}
    </Actions>
  )
}
