/** What concerns us today: the sentence, the items, yesterday, the sector, and that the watching works. */
import { organisationsOf } from '../../../platform/access.ts'
import { dayTitle } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Chip,
  EmptyState,
  Figure,
  HourStrip,
  html,
  Live,
  Notice,
  Page,
  Section,
  Statement,
  Tabs,
} from '../../../ui/index.ts'
import { BrokenKeys, LostAddresses } from '../../channels/pages.ts'
import type { MemberToday } from '../gather-member.ts'
import { Items } from './items.tsx'
import type { MemberProps } from './member-props.ts'
import { ViewTabs } from './views.tsx'
import { Works } from './works.tsx'

export function memberPage(props: MemberProps): string {
  const { frame, today, actor, org } = props
  const { t } = frame
  const several = organisationsOf(actor).length > 1
  return html(
    <Page {...frame} flash={props.flash}>
      <ViewTabs t={t} views={props.views} view={props.view} />
      {several && <Organisations {...props} />}
      {today.unruled.length > 0 && (
        <Notice title={t('sharing.home.title')}>
          <p>
            {t('sharing.home.what', { names: t.list(today.unruled) })}{' '}
            <a href="/sharing-rules">{t('sharing.home.do')}</a> ·{' '}
            <a href="/joining">{t('sharing.home.steps')}</a>
          </p>
        </Notice>
      )}
      <LostAddresses t={t} n={today.lostAddresses} />
      <BrokenKeys t={t} n={today.brokenKeys} />
      <Live id="today" topic="warnings">
        <State t={t} today={today} org={org} />
        {today.exercises > 0 && <ExerciseNotice t={t} n={today.exercises} />}
        {today.items.length > 0 ? (
          <Items {...props} several={several && org === null} />
        ) : (
          <Calm {...props} />
        )}
        {today.total > today.items.length && (
          <p>
            <a href={props.all ? '/warnings?state=concerning' : allOf(org)}>
              {t('home.more', { n: today.total - today.items.length })}
            </a>
          </p>
        )}
      </Live>
      <Yesterday {...props} />
      <Sector t={t} today={today} />
      <Live id="works" topic="derived" apply="now">
        <Works t={t} watching={today.watching} now={frame.now} zone={frame.zone} />
      </Live>
    </Page>,
  )
}

function Organisations({ frame, actor, today, org }: MemberProps) {
  const { t } = frame
  const all = [...today.counts.values()].reduce((sum, n) => sum + n, 0)
  const tabs = organisationsOf(actor).map((one) => ({
    key: String(one.id),
    label: one.name,
    href: `/?org=${one.id}`,
    count: today.counts.get(one.id) ?? 0,
  }))
  return (
    <Tabs
      t={t}
      label={t('home.organisations')}
      active={org === null ? 'all' : String(org)}
      tabs={[{ key: 'all', label: t('home.together'), href: '/', count: all }, ...tabs]}
    />
  )
}

/** All of it on this page, as many as the number says. */
const allOf = (org: number | null): string => `/?all=1${org === null ? '' : `&org=${org}`}`

function State({ t, today, org }: { t: T; today: MemberToday; org: number | null }) {
  if (today.total === 0) return <Statement>{t('home.state.none')}</Statement>
  return (
    <Statement tone={today.urgent > 0 ? 'urgent' : 'calm'}>
      <Figure href={allOf(org)}>{t('home.state.things', { n: today.total })}</Figure>{' '}
      {t('home.state.concern', { n: today.total })} {urgencyOf(today, t)}
    </Statement>
  )
}

function urgencyOf({ total, urgent }: MemberToday, t: T): string {
  if (urgent === 0) return t('home.state.calm')
  return t(urgent === total ? 'home.state.urgent.all' : 'home.state.urgent', { n: urgent })
}

function ExerciseNotice({ t, n }: { t: T; n: number }) {
  return (
    <Notice title={t('home.exercise.title')}>
      <p>
        <a href="/warnings?exercise=1&state=living">{t('home.exercise', { n })}</a>
      </p>
    </Notice>
  )
}

function Calm({ frame, today, firstRun }: MemberProps) {
  const { t } = frame
  if (firstRun)
    return (
      <EmptyState title={t('home.first.title')}>
        <p>{t('home.first.text')}</p>
        <p>
          <a href="/sensors">{t('home.first.sensors')}</a>
        </p>
      </EmptyState>
    )
  return (
    <EmptyState title={t('home.calm.title')}>
      <p>{t(today.yesterday.events > 0 ? 'home.calm.watching' : 'home.calm.quiet')}</p>
      <p>
        <a href="/suppressed">{t('home.calm.suppressed')}</a>
      </p>
    </EmptyState>
  )
}

function Yesterday({ frame, today, org }: MemberProps) {
  const { t } = frame
  const { yesterday } = today
  const href = `/days/${yesterday.day}${org === null ? '' : `?org=${org}`}`
  const listHref = (list: string, query: Record<string, string> = {}): string =>
    `/days/${yesterday.day}/${list}?${new URLSearchParams({ ...(org === null ? {} : { org: String(org) }), ...query })}`
  return (
    <Section title={t('home.yesterday')} actions={<a href={href}>{dayTitle(yesterday.day, t)}</a>}>
      {yesterday.events === 0 ? (
        <p class="muted">{t('home.yesterday.none')}</p>
      ) : (
        <>
          <p class="home-line">
            <Figure href={listHref('events')}>{t.number(yesterday.events)}</Figure>{' '}
            {t('home.yesterday.events', { n: yesterday.events })} {t('home.yesterday.from')}{' '}
            <Figure href={listHref('sources')}>{t.number(yesterday.sources)}</Figure>{' '}
            {t('home.yesterday.sources', { n: yesterday.sources })},{' '}
            {yesterday.droppedShare === null
              ? t('home.yesterday.unknown')
              : t('home.yesterday.dropped', { share: t.percent(yesterday.droppedShare) })}
            ,{' '}
            <Figure href={listHref('events', { verdict: 'through' })}>
              {t.number(yesterday.gotThrough)}
            </Figure>{' '}
            {t('home.yesterday.through', { n: yesterday.gotThrough })}.
          </p>
          <HourStrip
            t={t}
            title={t('home.yesterday.strip')}
            titleHidden
            points={yesterday.hours}
            zone={frame.zone}
            href={href}
          />
        </>
      )}
      {today.tests > 0 && (
        <p>
          <Chip yours href="/announced-tests">
            {t('home.tests', { n: today.tests })}
          </Chip>
        </p>
      )}
    </Section>
  )
}

function Sector({ t, today }: { t: T; today: MemberToday }) {
  const { sector } = today
  return (
    <Section
      title={t('home.sector')}
      actions={<a href={`/days/${today.yesterday.day}?scope=sector`}>{t('home.sector.open')}</a>}
    >
      {sector === null ? (
        <p class="muted">{t('home.sector.none')}</p>
      ) : (
        <p class="home-line">
          {t('home.sector.line', {
            events: t.about(sector.events),
            sources: t.about(sector.sources),
            share: t.percent(sector.dropped_share),
          })}{' '}
          {sector.usual.ratio !== null && t('home.sector.usual', { share: t.percent(sector.usual.ratio) })}
        </p>
      )}
    </Section>
  )
}
