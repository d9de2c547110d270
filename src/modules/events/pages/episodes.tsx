/** Episodes as a list, one by one, and the events behind one. */
import type { FastifyRequest } from 'fastify'
import { asActor, isCoordinator, organisationsRead } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { csvFile } from '../../../platform/csv.ts'
import { dayOf } from '../../../platform/dates.ts'
import { NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { Code, Field, FilterBar, html, KeysetPager, Page, severityNames } from '../../../ui/index.ts'
import { episodeEvents } from '../queries/episode-events.ts'
import { type Episode, type EpisodeRow, episodeOf, episodesOf } from '../queries/episodes.ts'
import type { Listed } from '../queries/keyset.ts'
import { type EpisodeQuery, episodeQuery } from '../schema.ts'
import type { Slots } from '../slots.ts'
import { episodeHtml } from './episode.tsx'
import { EpisodeTable } from './episode-table.tsx'
import { EventTable } from './event-table.tsx'
import { idParam, link, readers, type View, viewOf } from './view.ts'
import { familyName, verdictName } from './words.ts'

const hidden = { hide: true }

export function mountEpisodes(app: App, context: Context, slots: Slots): void {
  const { db, settings } = context
  const zone = settings.zone

  app.get(
    '/episodes',
    { config: { access: { who: readers } }, schema: { ...hidden, querystring: episodeQuery } },
    async (request, reply) => {
      const actor = actorOf(request)
      const query = request.query as EpisodeQuery
      const made = await asActor(db, actor, request.now, async (tx) => {
        const view = await viewOf(tx, actor, query)
        return {
          view,
          listed: await episodesOf(
            tx,
            filterOf(view, query),
            { older: query.older, newer: query.newer },
            query.limit,
          ),
        }
      })
      const organisations = isCoordinator(actor) || organisationsRead(actor).length > 1
      return reply
        .type('text/html; charset=utf-8')
        .send(listHtml(request, { ...made, query, zone, organisations }))
    },
  )

  app.get(
    '/episodes/:id',
    { config: { access: { who: readers, objects: { id: 'episode' } } }, schema: hidden },
    async (request, reply) => {
      const actor = actorOf(request)
      return asActor(db, actor, request.now, async (tx) => {
        const episode = await episodeOf(tx, idParam(request))
        if (!episode) throw new NotFound('There is no such episode.')
        if ('alias' in episode) return reply.redirect(`/episodes/${episode.alias}`, 303)
        const events = await episodeEvents(tx, episode, {}, 20)
        const warnings = (await slots.episodeWarnings?.(tx, [episode.id], request.t)) ?? []
        return reply
          .type('text/html; charset=utf-8')
          .send(episodeHtml(request, { episode, events, warnings, zone }))
      })
    },
  )

  app.get(
    '/episodes/:id/events',
    { config: { access: { who: readers, objects: { id: 'episode' } } }, schema: hidden },
    async (request, reply) => {
      const actor = actorOf(request)
      const { older, newer, format } = request.query as { older?: string; newer?: string; format?: string }
      return asActor(db, actor, request.now, async (tx) => {
        const episode = await episodeOf(tx, idParam(request))
        if (!episode) throw new NotFound('There is no such episode.')
        if ('alias' in episode) return reply.redirect(`/episodes/${episode.alias}/events`, 303)
        const events = await episodeEvents(tx, episode, { older, newer })
        if (format === 'csv')
          return reply
            .type('text/csv; charset=utf-8')
            .header('content-disposition', `attachment; filename="hsoc-episode-${episode.id}.csv"`)
            .send(
              csvFile(
                ['at', 'class', 'verdict', 'host', 'peer', 'port', 'detector'],
                events.rows.map((e) => [
                  e.at,
                  e.class,
                  verdictName(e.verdict, request.t),
                  e.host,
                  e.peer,
                  e.port,
                  e.detector,
                ]),
              ),
            )
        return reply.type('text/html; charset=utf-8').send(eventsHtml(request, episode, events, zone))
      })
    },
  )
}

export const filterOf = (view: View, query: EpisodeQuery) => ({
  whose: view.orgs,
  open: query.open ? true : undefined,
  through: query.through ? true : undefined,
  severity: query.severity,
  source: query.source,
  outcome: query.outcome,
})

interface ListProps {
  view: View
  query: EpisodeQuery
  listed: Listed<EpisodeRow>
  zone: string
  organisations: boolean
}

function listHtml(request: FastifyRequest, { view, query, listed, zone, organisations }: ListProps): string {
  const { t, now } = request
  const { older: _older, newer: _newer, limit: _limit, ...filters } = query
  return html(
    <Page
      {...frameOf(request, { title: t('events.episodes'), active: 'days', zone })}
      lead={t('events.episode.lead')}
      tlp="AMBER"
    >
      <FilterBar t={t} action="/episodes" reset={link('/episodes', view.keep)} hidden={{ org: query.org }}>
        <Field
          type="select"
          name="severity"
          label={t('events.severity')}
          value={query.severity ?? ''}
          options={[
            { value: '', label: t('events.filter.anySeverity') },
            ...severityNames.slice(1).map((name, i) => ({
              value: String(i + 1),
              label: t('events.filter.atLeast', { severity: t(`ui.severity.${name}`) }),
            })),
          ]}
        />
        <Field name="source" label={t('events.source')} value={query.source ?? ''} mono maxlength={300} />
        <Field type="checkbox" name="open" label={t('events.filter.open')} checked={query.open === '1'} />
        <Field
          type="checkbox"
          name="through"
          label={t('events.filter.somethingThrough')}
          checked={query.through === '1'}
        />
      </FilterBar>
      <EpisodeTable t={t} now={now} zone={zone} rows={listed.rows} organisations={organisations} />
      <KeysetPager
        t={t}
        shown={listed.rows.length}
        {...(listed.newer ? { newer: link('/episodes', filters, { newer: listed.newer }) } : {})}
        {...(listed.older ? { older: link('/episodes', filters, { older: listed.older }) } : {})}
      />
    </Page>,
  )
}

function eventsHtml(
  request: FastifyRequest,
  episode: Episode,
  events: Awaited<ReturnType<typeof episodeEvents>>,
  zone: string,
): string {
  const { t, now } = request
  const path = `/episodes/${episode.id}/events`
  return html(
    <Page
      {...frameOf(request, {
        title: t('events.episode.eventsOf', { kind: familyName(episode.family, t) }),
        active: 'days',
        zone,
      })}
      tlp="AMBER"
    >
      <p>
        <a href={`/episodes/${episode.id}`}>{t('events.episode.back')}</a> ·{' '}
        {episode.source && <Code t={t} text={episode.source} />} · <a href={`${path}?format=csv`}>CSV</a>
      </p>
      <p role="status">{t('events.list.total', { n: events.total ?? events.rows.length })}</p>
      <EventTable t={t} now={now} zone={zone} rows={events.rows} />
      <KeysetPager
        t={t}
        shown={events.rows.length}
        {...(events.total === null ? {} : { total: events.total })}
        {...(events.newer ? { newer: link(path, { newer: events.newer }) } : {})}
        {...(events.older ? { older: link(path, { older: events.older }) } : {})}
      />
      {events.rows.length === 0 && (
        <p class="muted">
          {t('events.day.purged')} {dayOf(Date.parse(episode.first_at), zone)}
        </p>
      )}
    </Page>,
  )
}
