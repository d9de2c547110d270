/** What needs a coordinator today. */
import type { T } from '../../../platform/i18n.ts'
import {
  Button,
  Definition,
  EmptyState,
  Facts,
  Figure,
  Figures,
  html,
  List,
  ListRow,
  Live,
  Notice,
  Page,
  type PageProps,
  Section,
  SeverityBadge,
  Statement,
  Time,
} from '../../../ui/index.ts'
import { BrokenKeys, LostAddresses } from '../../channels/pages.ts'
import { describeClass } from '../../events/index.ts'
import { saidIn, type WarningRow } from '../../warnings/index.ts'
import { nameOf, orgWords, titleOf, type Waiting } from '../../warnings/pages.ts'
import { decidedAt, decisions } from '../decisions.ts'
import type { CoordinatorToday } from '../gather-coordinator.ts'
import { ToCallSection } from './to-call.tsx'
import { type ViewProps, ViewTabs } from './views.tsx'
import { Works } from './works.tsx'

export interface CoordinatorProps extends ViewProps {
  frame: PageProps
  today: CoordinatorToday
}

export function coordinatorPage(props: CoordinatorProps): string {
  const { frame, today } = props
  const { t, now, zone } = frame
  const waiting = today.ages.reduce((sum, age) => sum + age.n, 0)
  const answered = waiting === 0 && today.questions.length === 0 && today.ownTotal === 0
  const undecided = Object.values(today.decisions).reduce((sum, n) => sum + n, 0)
  const toCall = today.calls.reduce((sum, one) => sum + one.orgs, 0)
  const calm = answered && undecided === 0 && toCall === 0
  // An emergency that nobody has looked at in time stands before everything else.
  const overdue = today.reviews.some((one) => one.why === 'overdue')
  return html(
    <Page {...frame}>
      <ViewTabs t={t} views={props.views} view={props.view} />
      <Live id="today" topic="warnings">
        {overdue && <Reviews t={t} today={today} now={now} zone={zone} />}
        <Statement>
          {calm
            ? t('home.c.calm')
            : answered
              ? undecided > 0
                ? t('decisions.only', { n: undecided })
                : t('home.c.calls.n', { n: toCall })
              : t('home.c.state', {
                  n: waiting,
                  unanswered: t('home.c.unanswered.n', { n: waiting }),
                  questions: t('home.c.questions.n', { n: today.questions.length }),
                  own: t('home.c.own.n', { n: today.ownTotal }),
                })}{' '}
          <a href="/sector">{t('home.c.sector')}</a>
        </Statement>
        <ToCallSection t={t} calls={today.calls} now={now} zone={zone} />
        {!overdue && <Reviews t={t} today={today} now={now} zone={zone} />}
        {today.climbing > 0 && (
          <Notice kind="wrong">
            <p>
              <a href="/oncall">{t('oncall.home', { n: today.climbing })}</a>
            </p>
          </Notice>
        )}
        {today.unattended > 0 && (
          <Notice kind="careful" actions={<a href="/unattended">{t('unattended.see')}</a>}>
            <p>
              <a href="/warnings?state=unattended">{t('unattended.home', { n: today.unattended })}</a>
            </p>
          </Notice>
        )}
        <LostAddresses t={t} n={today.lostAddresses} />
        <BrokenKeys t={t} n={today.brokenKeys} />
        <MessageFailures t={t} today={today} now={now} zone={zone} />
        <Section title={t('home.c.unanswered')} actions={<a href="/answers">{t('home.c.answers')}</a>}>
          <Figures>
            {today.ages.map((age) => (
              <Definition
                key={age.key}
                t={t}
                value={t.number(age.n)}
                label={t(`home.c.age.${age.key}`)}
                definition={t('home.c.age.definition')}
                href={hrefOf(age)}
              />
            ))}
          </Figures>
          {today.unanswered.length > 0 ? (
            <Rows t={t} rows={today.unanswered} now={now} zone={zone} />
          ) : (
            <p class="muted">{t('home.c.unanswered.none')}</p>
          )}
        </Section>
        <Section title={t('home.c.questions')}>
          {today.questions.length === 0 && <p class="muted">{t('home.c.questions.none')}</p>}
          <List label={t('home.c.questions')}>
            {today.questions.map((question) => (
              <ListRow
                key={question.warning.id}
                href={`/warnings/${question.warning.id}#talk`}
                fresh
                badge={<SeverityBadge t={t} severity={nameOf(question.warning.severity)} />}
                title={titleOf(question.warning.title, t.lang)}
                meta={
                  <>
                    <strong>{question.warning.orgName}</strong> · {question.person} ·{' '}
                    <Time t={t} at={question.at} now={now} zone={zone} />
                  </>
                }
              >
                <p class="row-say">{question.text}</p>
              </ListRow>
            ))}
          </List>
        </Section>
        <Section title={t('home.c.own')}>
          {today.own.length > 0 ? (
            <Rows t={t} rows={today.own} now={now} zone={zone} />
          ) : (
            <p class="muted">{t('home.c.own.none')}</p>
          )}
        </Section>
        {calm && (
          <EmptyState title={t('home.c.empty.title')}>
            <p>
              <Figure href="/warnings?state=living&kind=detected">{t.number(today.living)}</Figure>{' '}
              {t('home.c.empty.living', { n: today.living })}
            </p>
          </EmptyState>
        )}
      </Live>
      <Undecided t={t} today={today} />
      <Section title={t('home.c.sensors')} actions={<a href="/sensors">{t('home.c.sensors.open')}</a>}>
        <Live id="works" topic="derived" apply="now">
          <Works t={t} watching={today.watching} now={now} zone={zone} />
        </Live>
      </Section>
    </Page>,
  )
}

function Reviews({ t, today, now, zone }: Shown & { today: CoordinatorToday }) {
  if (today.reviews.length === 0) return null
  return (
    <Section title={t('home.c.reviews')} id="reviews">
      <List label={t('home.c.reviews')}>
        {today.reviews.map((one) => {
          const href = `/warnings/written/${one.warning}${one.why === 'review' ? '/edit' : ''}`
          return (
            <ListRow
              key={`${one.warning} ${one.why}`}
              href={href}
              fresh={one.why === 'overdue'}
              badge={<SeverityBadge t={t} severity={nameOf(one.severity)} />}
              title={[one.number, saidIn(one, t.lang).title].filter(Boolean).join(' ')}
              meta={
                <>
                  {one.author !== null && <>{t('home.c.reviews.by', { name: one.author })} · </>}
                  {t('home.from')} <Time t={t} at={one.since} now={now} zone={zone} as="short" />
                </>
              }
              actions={<Button href={href}>{t('home.c.reviews.do')}</Button>}
            >
              <p class="row-say">{t(`home.c.reviews.${one.why}`)}</p>
            </ListRow>
          )
        })}
      </List>
    </Section>
  )
}

/** What waits besides warnings; each count opens what it counts. */
function Undecided({ t, today }: { t: T; today: CoordinatorToday }) {
  return (
    <Section title={t('decisions.title')} id="decisions">
      <Facts
        facts={decisions.map((kind) => ({
          label: t(`decisions.${kind}`),
          value: <a href={decidedAt[kind]}>{t.number(today.decisions[kind])}</a>,
        }))}
      />
    </Section>
  )
}

const hrefOf = ({ filters }: Waiting): string =>
  `/warnings?kind=detected&${new URLSearchParams(Object.entries(filters).map(([name, value]) => [name, String(value)]))}`

interface Shown {
  t: T
  now: number
  zone?: string
}

function Rows({ t, rows, now, zone }: Shown & { rows: WarningRow[] }) {
  return (
    <List>
      {rows.map((row) => (
        <ListRow
          key={row.id}
          href={`/warnings/${row.id}`}
          badge={<SeverityBadge t={t} severity={nameOf(row.severity)} />}
          title={titleOf(row.title, t.lang)}
          meta={
            <>
              <strong>{orgWords(row, t)}</strong> ·{' '}
              {row.org === null && row.cls !== null && <>{describeClass(row.cls, t.lang)} · </>}
              {t('home.c.opened')} <Time t={t} at={row.openedAt} now={now} zone={zone} /> · {row.number}
            </>
          }
        />
      ))}
    </List>
  )
}

/** A queue is nothing unusual; one that has stood for so long means that nothing leaves. */
const stuckMs = 600_000

function MessageFailures({ t, today, now, zone }: Shown & { today: CoordinatorToday }) {
  const { ways, unset } = today.messages
  const open = <a href="/deliveries">{t('home.c.mails.open')}</a>
  return (
    <>
      {ways.map(({ channel, failed, oldestQueuedAt, last }) => {
        const stuck = oldestQueuedAt !== null && now - oldestQueuedAt > stuckMs
        if (failed === 0 && !stuck) return null
        return (
          <Notice key={channel} kind="careful" title={t(`home.c.mails.title.${channel}`)} actions={open}>
            {failed > 0 && <p>{t('home.c.mails.failed', { n: failed })}</p>}
            {stuck && (
              <p>
                {t('home.c.mails.stuck')} <Time t={t} at={oldestQueuedAt} now={now} zone={zone} />
              </p>
            )}
            {last.map((one, index) => (
              <p key={index} class="muted">
                {one.address}: {whyNot(one, t)}
              </p>
            ))}
          </Notice>
        )
      })}
      {unset.map((channel) => (
        <Notice key={channel} kind="careful" title={t(`home.c.mails.unset.${channel}`)} actions={open} />
      ))}
    </>
  )
}

/** What the other side said, else what we know of it in words. */
const whyNot = ({ reply, reason }: { reply: string | null; reason: string | null }, t: T): string => {
  const words = reason !== null && t.has(`mails.reason.${reason}`) ? t(`mails.reason.${reason}`) : null
  return reply ?? words ?? t('home.c.mails.unknown')
}
