/** One duty: who has it now and in the coming weeks, what that follows from, and for who keeps it the forms to change it. */
import { short } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import { instantOf } from '../../../platform/local-time.ts'
import {
  Button,
  Details,
  EmptyState,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { Duty, DutyChange, DutyRule } from '../read.ts'
import type { Shift } from '../rota.ts'
import { ChangeFields, type GivenChange, type GivenRule, type Person, RuleFields } from './forms.tsx'
import { gapWords, namesOf, nowWords, shownMs, shownShifts } from './words.tsx'

export const showDone = ['begun', 'rule', 'rule-ended', 'change', 'withdrawn'] as const

export interface ShowProps {
  frame: Frame
  duty: Duty
  mayKeep: boolean
  /** Who may be put on duty: for who keeps it. */
  people: Person[]
  done: (typeof showDone)[number] | undefined
  rule?: { given: GivenRule; errors: Record<string, string> }
  change?: { given: GivenChange; errors: Record<string, string> }
}

export function showPage(props: ShowProps): string {
  const { frame, duty, mayKeep, done } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={duty.orgName ?? t('duty.coordinators')}
      flash={done ? { text: t(`duty.done.${done}`) } : undefined}
    >
      {duty.rules.length === 0 && duty.changes.length === 0 ? (
        <EmptyState title={t('duty.empty')}>
          {mayKeep ? t('duty.empty.keep') : t('duty.empty.read')}
        </EmptyState>
      ) : (
        <Now {...props} />
      )}
      <Rules {...props} />
      <Changes {...props} />
      {mayKeep && (
        <Section title={t('duty.end')}>
          <Form action={`/duty/${duty.id}/end`} csrf={frame.csrf}>
            <Button kind="danger" consequence={t('duty.end.what')}>
              {t('duty.end.do')}
            </Button>
          </Form>
        </Section>
      )}
      <p>
        <a href="/duty">{t('duty.back')}</a>
      </p>
    </Page>,
  )
}

function Now({ frame, duty }: ShowProps) {
  const { t, now, zone } = frame
  const gone = [...duty.people.values()].filter(({ acts }) => !acts)
  return (
    <>
      <Section title={t('duty.present')}>
        <p>{nowWords(frame, duty)}</p>
        <p>{gapWords(frame, duty)}</p>
        <p>
          <a href={`/duty/${duty.id}/calendar`}>{t('duty.calendar')}</a>
          {' · '}
          <a href={`/duty/feeds?duty=${duty.id}`}>{t('duty.feed.add')}</a>
        </p>
        {gone.length > 0 && (
          <Notice kind="careful">
            {t('duty.gone', { people: gone.map(({ name }) => name).join(', ') })}
          </Notice>
        )}
      </Section>
      <Section title={t('duty.weeks')}>
        <Table<Shift>
          caption={t('duty.weeks')}
          captionHidden
          rows={shownShifts(frame, duty).slice(0, 200)}
          rowKey={({ from }) => from}
          columns={[
            {
              key: 'who',
              label: t('duty.who'),
              main: true,
              cell: ({ people }) => namesOf(frame, duty, people),
            },
            {
              key: 'from',
              label: t('duty.from'),
              kind: 'time',
              cell: ({ from }) => <Time t={t} at={from} now={now} zone={zone} as="short" />,
            },
            {
              key: 'to',
              label: t('duty.to'),
              kind: 'time',
              cell: ({ to }) =>
                to < now + shownMs ? (
                  <Time t={t} at={to} now={now} zone={zone} as="short" />
                ) : (
                  t('duty.further')
                ),
            },
          ]}
        />
      </Section>
    </>
  )
}

/** "Mon, Tue 07:00 to 19:00", with how turns go. */
function windowIn({ t, now, zone }: Frame, rule: DutyRule): string {
  const days =
    rule.weekdays.length === 7
      ? t('duty.everyDay')
      : rule.weekdays.map((day) => t(`duty.weekday.${day}`)).join(', ')
  const hours = rule.from === rule.to ? t('duty.wholeDay', { from: rule.from }) : `${rule.from}–${rule.to}`
  if (!rule.rotation) return `${days} ${hours}`
  const { kind, length, start } = rule.rotation
  const since = short(instantOf(start, zone) ?? 0, now, t, zone)
  return `${days} ${hours}; ${t(`duty.turns.${kind}`, { n: length })}, ${t('duty.since')} ${since}`
}

function Rules(props: ShowProps) {
  const { frame, duty, mayKeep, people, rule } = props
  const { t, csrf } = frame
  return (
    <Section title={t('duty.rules')}>
      {duty.rules.length > 0 && (
        <ul>
          {duty.rules.map((one) => (
            <li key={one.id}>
              <strong>{namesOf(frame, duty, one.people)}</strong>: {windowIn(frame, one)}
              {mayKeep && (
                <Form action={`/duty/${duty.id}/rules/${one.id}/end`} csrf={csrf}>
                  <Button kind="quiet">{t('duty.rule.end')}</Button>
                </Form>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayKeep && (
        <Details summary={t('duty.rule.add')} open={rule !== undefined || duty.rules.length === 0}>
          <Form action={`/duty/${duty.id}/rules`} csrf={csrf} label={t('duty.rule.add')}>
            <RuleFields frame={frame} people={people} {...rule} />
          </Form>
        </Details>
      )}
    </Section>
  )
}

function changeIn(frame: Frame, duty: Duty, one: DutyChange): string {
  const person = namesOf(frame, duty, [one.person])
  const by = one.standIn === null ? '' : namesOf(frame, duty, [one.standIn])
  return frame.t(`duty.change.is.${one.kind}`, { person, by })
}

function Changes(props: ShowProps) {
  const { frame, duty, mayKeep, people, change } = props
  const { t, csrf, now, zone } = frame
  return (
    <Section title={t('duty.changes')} lead={t('duty.changes.lead')}>
      {duty.changes.length > 0 && (
        <ul>
          {duty.changes.map((one) => (
            <li key={one.id}>
              <strong>{changeIn(frame, duty, one)}</strong>{' '}
              <Time t={t} at={one.from} now={now} zone={zone} as="short" />
              {' – '}
              <Time t={t} at={one.to} now={now} zone={zone} as="short" />
              {one.note && ` · ${one.note}`}
              {mayKeep && (
                <Form action={`/duty/${duty.id}/changes/${one.id}/withdrawal`} csrf={csrf}>
                  <Button kind="quiet">{t('duty.change.withdraw')}</Button>
                </Form>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayKeep && (
        <Details summary={t('duty.changes.add')} open={change !== undefined}>
          <Form action={`/duty/${duty.id}/changes`} csrf={csrf} label={t('duty.changes.add')}>
            <ChangeFields frame={frame} people={people} {...change} />
          </Form>
        </Details>
      )}
    </Section>
  )
}
