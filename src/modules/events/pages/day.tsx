/** The daily view: one day of the perimeter, of the reader's organisations, or of the published sector. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asActor, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { addDays, type Day, dayOf, dayShort, dayTitle, isDay } from '../../../platform/dates.ts'
import { NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  CalendarHeat,
  EmptyState,
  html,
  Page,
  Section,
  type Tab,
  Tabs,
} from '../../../ui/index.ts'
import { calendar } from '../queries/calendar.ts'
import type { DayFigures } from '../queries/day.ts'
import { type KeptDays, keepDays } from '../queries/day-kept.ts'
import { hoursOfDay } from '../queries/scope.ts'
import { type SectorDay, sectorDay } from '../queries/sector.ts'
import { DayBody } from './day-body.tsx'
import { dayCsv } from './day-files.ts'
import type { DayPage } from './day-page.ts'
import { SectorBody } from './sector-body.tsx'
import { link, readers, type View, viewOf } from './view.ts'

type Figures = { own: DayFigures } | { sector: SectorDay | null }

async function read(tx: Tx, page: DayPage, actor: Actor, figuresOf: KeptDays): Promise<Figures> {
  const { day, zone, view, now, t } = page
  if (view.kind === 'sector') return { sector: await sectorDay(tx, { day, zone, lang: t.lang }) }
  return { own: await figuresOf(tx, { day, zone, org: view.orgs, now, lang: t.lang }, actor) }
}

/** `/days` opens the day that is worth looking at: today, or yesterday before anything came today. */
async function newest(tx: Tx, page: Omit<DayPage, 'day'>): Promise<Day> {
  const today = dayOf(page.now, page.zone)
  if (page.view.kind === 'sector')
    return (await sectorDay(tx, { day: today, zone: page.zone })) ? today : addDays(today, -1)
  const days = await calendar(tx, page.view.orgs, today, page.zone, 1)
  return days.has(today) ? today : addDays(today, -1)
}

export function mountDays(app: App, context: Context): void {
  const { db, settings } = context
  const zone = settings.zone
  const figuresOf = keepDays()

  app.get(
    '/days',
    { config: { access: { who: readers } }, schema: { hide: true } },
    async (request, reply) => {
      const actor = actorOf(request)
      const to = await asActor(db, actor, request.now, async (tx) => {
        const view = await viewOf(tx, actor, request.query)
        return link(`/days/${await newest(tx, { t: request.t, now: request.now, zone, view })}`, view.keep)
      })
      return reply.redirect(to, 303)
    },
  )

  app.get(
    '/days/:day',
    { config: { access: { who: readers } }, schema: { hide: true } },
    async (request, reply) => {
      const [, day = '', file] =
        /^([^.]*)(?:\.(csv|json))?$/.exec((request.params as { day: string }).day) ?? []
      if (!isDay(day)) throw new NotFound('There is no such day.')
      const actor = actorOf(request)
      const { t, now } = request
      return asActor(db, actor, now, async (tx) => {
        const page: DayPage = { t, now, zone, day, view: await viewOf(tx, actor, request.query) }
        const figures = await read(tx, page, actor, figuresOf)
        if (file) return sendFile(reply, file, page, figures)
        const until = dayOf(now, zone)
        const days =
          page.view.kind === 'sector'
            ? new Map<Day, number>()
            : await calendar(tx, page.view.orgs, until, zone)
        return reply.type('text/html; charset=utf-8').send(draw(request, page, figures, days, until))
      })
    },
  )
}

function sendFile(reply: FastifyReply, file: string, page: DayPage, figures: Figures): FastifyReply {
  const found = 'own' in figures ? figures.own : figures.sector
  if (file === 'json') return reply.send(found ?? { day: page.day, published: false })
  return reply
    .type('text/csv; charset=utf-8')
    .header(
      'content-disposition',
      `attachment; filename="hsoc-${page.day}${page.view.keep ? `-${page.view.keep.replace('=', '-')}` : ''}.csv"`,
    )
    .send(dayCsv(page.day, found))
}

function draw(
  request: FastifyRequest,
  page: DayPage,
  figures: Figures,
  days: Map<Day, number>,
  until: Day,
): string {
  const { t, day, view, zone } = page
  const whose = whoseDay(view, t)
  const here = (other: Day): string => link(`/days/${other}`, view.keep)
  const tomorrow = addDays(day, 1)
  const empty = 'own' in figures ? figures.own.events === 0 : figures.sector === null
  return html(
    <Page
      {...frameOf(request, { title: `${dayTitle(day, t)} · ${whose}`, active: 'days', zone })}
      head={<h1>{capital(dayTitle(day, t))}</h1>}
      lead={whose}
      tlp={view.kind === 'sector' ? 'GREEN' : 'AMBER'}
    >
      <Actions>
        <Button href={here(addDays(day, -1))}>{`← ${dayShort(addDays(day, -1), t)}`}</Button>
        <Button href={here(tomorrow)} disabledReason={tomorrow > until ? t('events.day.notYet') : undefined}>
          {`${dayShort(tomorrow, t)} →`}
        </Button>
        <Button kind="quiet" href={link(`/days/${day}.csv`, view.keep)}>
          CSV
        </Button>
        <Button kind="quiet" href={link(`/days/${day}.json`, view.keep)}>
          JSON
        </Button>
      </Actions>
      <Whose request={request} page={page} />
      {empty ? (
        <Empty page={page} figures={figures} />
      ) : 'own' in figures ? (
        <DayBody page={page} figures={figures.own} />
      ) : (
        figures.sector && <SectorBody page={page} figures={figures.sector} />
      )}
      {days.size > 0 && (
        <Section title={t('events.day.calendar')} id="calendar">
          <CalendarHeat
            t={t}
            title={t('events.day.calendar')}
            titleHidden
            values={days}
            until={until}
            selected={day}
            hrefOf={here}
          />
        </Section>
      )}
    </Page>,
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function whoseDay(view: View, t: T): string {
  if (view.kind === 'perimeter') return t('events.day.perimeter')
  if (view.kind === 'sector') return t('events.day.sector')
  return t.list(view.organisations.map((org) => org.name))
}

function Whose({ request, page }: { request: FastifyRequest; page: DayPage }) {
  const { t, day, view } = page
  const actor = actorOf(request)
  const own = organisationsOf(actor)
  const to = (keep: string): string => link(`/days/${day}`, keep)
  const coordinator = actor.engagements.some((e) => e.role === 'coordinator')
  const tabs: Tab[] = coordinator
    ? view.kind === 'perimeter' && own.length === 0
      ? []
      : [{ key: '', label: t('events.day.perimeter'), href: to('') }]
    : [
        {
          key: '',
          label: t(own.length > 1 ? 'events.day.allYours' : 'events.day.yours', { n: own.length }),
          href: to(''),
        },
      ]
  const others =
    coordinator && view.kind === 'own' ? view.organisations : own.length > 1 || coordinator ? own : []
  tabs.push(...others.map((org) => ({ key: `org=${org.id}`, label: org.name, href: to(`org=${org.id}`) })))
  if (!coordinator)
    tabs.push({ key: 'scope=sector', label: t('events.day.sectorTab'), href: to('scope=sector') })
  const active = own.length === 1 && !coordinator && view.kind === 'own' ? '' : view.keep
  return tabs.length > 1 ? <Tabs t={t} label={t('events.day.whose')} tabs={tabs} active={active} /> : null
}

function Empty({ page, figures }: { page: DayPage; figures: Figures }) {
  const { t, day, now, zone } = page
  if ('sector' in figures)
    return (
      <EmptyState title={t('events.day.sectorEmpty')}>
        <p>{t('events.day.sectorEmptyWhy')}</p>
      </EmptyState>
    )
  const running = hoursOfDay(day, zone).last >= Math.floor(now / 3_600_000)
  return (
    <EmptyState title={t('events.day.empty')}>
      <p>
        {figures.own.purged
          ? t('events.day.purged')
          : running
            ? t('events.day.emptyRunning')
            : t('events.day.emptyOver')}
      </p>
    </EmptyState>
  )
}
