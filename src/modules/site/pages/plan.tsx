/** The action plan as everybody reads it: every goal, every action, every slip with its reason. */
import { dayOf, dayShort } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import { Chip, Details, EmptyState, html, Page, type PageProps, Section } from '../../../ui/index.ts'
import { placePath } from '../places.ts'
import type { Action, Goal } from '../plan-read.ts'
import { Due, PairText } from './plan-words.tsx'

interface PlanProps {
  frame: PageProps & { zone: string }
  goals: Goal[]
}

export interface PlanTally {
  actions: number
  done: number
  overdue: number
  moved: number
}

export function tallyOf(goals: Goal[]): PlanTally {
  const actions = goals.flatMap((goal) => goal.actions)
  return {
    actions: actions.length,
    done: actions.filter((action) => action.status === 'done').length,
    overdue: actions.filter((action) => action.overdue).length,
    moved: actions.filter((action) => action.dateChanges.length > 0).length,
  }
}

export function PlanSentence({ t, tally }: { t: T; tally: PlanTally }) {
  const parts = (['done', 'overdue', 'moved'] as const).map((part) =>
    t(`site.plan.state.${part}`, { n: tally[part] }),
  )
  return <p class="statement">{t('site.plan.state', { n: tally.actions, parts: t.list(parts) })}</p>
}

export function planPage({ frame, goals }: PlanProps): string {
  const { t } = frame
  const path = placePath('plan', t.lang)
  return html(
    <Page {...frame}>
      {goals.length === 0 ? (
        <EmptyState title={t('site.plan.none')} />
      ) : (
        <PlanSentence t={t} tally={tallyOf(goals)} />
      )}
      {goals.map((goal) => (
        <Section
          key={goal.id}
          id={`goal-${goal.id}`}
          title={goal.title[t.lang] || goal.title.cs || goal.title.en}
          lead={goal.paragraph && t('site.plan.paragraph', { paragraph: goal.paragraph })}
        >
          {goal.actions.map((action) => (
            <OneAction key={action.id} frame={frame} action={action} />
          ))}
        </Section>
      ))}
      <p class="muted">
        {t('site.plan.other')} <a href={`${path}.csv`}>CSV</a>, <a href={`${path}.atom`}>Atom</a>
      </p>
    </Page>,
  )
}

interface ActionProps {
  frame: PageProps & { zone: string }
  action: Action
}

function OneAction({ frame, action }: ActionProps) {
  const { t, zone } = frame
  const last = action.updates.at(-1)
  return (
    <article class="plan-action" id={`action-${action.id}`}>
      <h3>
        <PairText t={t} pair={action.title} />
      </h3>
      <div class="plan-marks">
        <Chip>{t(`site.plan.status.${action.status}`)}</Chip>
        {action.overdue && <span class="plan-overdue">{t('site.plan.overdue')}</span>}
        <Progress t={t} percent={action.progress} />
        <span class="muted">{t('site.plan.owner', { owner: action.owner })}</span>
      </div>
      <p>
        <Due t={t} action={action} />
      </p>
      {action.dateChanges.length > 0 && (
        <ul class="bullets">
          {action.dateChanges.map((change) => (
            <li key={change.id}>
              {t('site.plan.moved', {
                when: dayShort(dayOf(change.at, zone), t, true),
                from: dayShort(change.oldOn, t, true),
                to: dayShort(change.newOn, t, true),
              })}{' '}
              <PairText t={t} pair={change.reason} />
            </li>
          ))}
        </ul>
      )}
      {last && (
        <p>
          {action.status === 'stopped' && <strong>{t('site.plan.stopped')} </strong>}
          <PairText t={t} pair={last.text} />{' '}
          <span class="muted">{dayShort(dayOf(last.at, zone), t, true)}</span>
        </p>
      )}
      <EvidenceList t={t} action={action} />
      {action.updates.length > 1 && (
        <Details summary={t('site.plan.updates', { n: action.updates.length })}>
          <ol class="bullets">
            {action.updates.map((update) => (
              <li key={update.id}>
                {dayShort(dayOf(update.at, zone), t, true)} · {t(`site.plan.status.${update.status}`)} ·{' '}
                {t.percent(update.progress / 100)}: <PairText t={t} pair={update.text} />
              </li>
            ))}
          </ol>
        </Details>
      )}
    </article>
  )
}

/** The number says it; the bar repeats it to the eye. */
function Progress({ t, percent }: { t: T; percent: number }) {
  return (
    <span class="plan-progress">
      <svg class="plan-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="10" />
        <rect width={percent} height="10" />
      </svg>
      {t.percent(percent / 100)}
    </span>
  )
}

function EvidenceList({ t, action }: { t: T; action: Action }) {
  if (action.evidence.length === 0) return null
  return (
    <p>
      {t('site.plan.evidence')}{' '}
      {action.evidence.map((evidence, index) => (
        <span key={evidence.id}>
          {index > 0 && ', '}
          <a href={evidence.link}>
            <PairText t={t} pair={evidence.label} plain />
          </a>{' '}
          <span class="muted">({t(`site.plan.evidence.${evidence.kind}`)})</span>
        </span>
      ))}
    </p>
  )
}
