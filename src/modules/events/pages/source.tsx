/** What an address has done to the reader, and to the sector in figures that name nobody. */
import type { FastifyRequest } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Bars,
  Code,
  EmptyState,
  html,
  List,
  ListRow,
  Page,
  type PageProps,
  Section,
  type Severity,
  Statement,
  severityNames,
  TimelineBar,
} from '../../../ui/index.ts'
import { type SourceHistory, sourceHistory, sourceText } from '../queries/source.ts'
import type { Slots } from '../slots.ts'
import { EpisodeTable } from './episode-table.tsx'
import { Numeral } from './numeral.tsx'
import { rich } from './rich.tsx'
import { About, type Known, Labels, Sector } from './source-parts.tsx'
import { link, readers, viewOf } from './view.ts'
import { className, familyName, ownClassName } from './words.ts'

export function mountSource(app: App, context: Context, slots: Slots): void {
  const { db, settings } = context
  const zone = settings.zone
  app.get(
    '/sources/:address',
    { config: { access: { who: readers, objects: { address: 'source' } } }, schema: { hide: true } },
    async (request, reply) => {
      const actor = actorOf(request)
      const { address } = request.params as { address: string }
      const found = await asActor(db, actor, request.now, async (tx) => {
        const view = await viewOf(tx, actor, { org: (request.query as { org?: string }).org })
        const history = await sourceHistory(tx, address, { whose: view.orgs, zone, now: request.now })
        const warnings = history
          ? ((await slots.episodeWarnings?.(
              tx,
              history.episodes.map((e) => e.id),
              request.t,
            )) ?? [])
          : []
        return { view, history, warnings }
      })
      const frame = {
        ...frameOf(request, { title: sourceText(address).slice(0, 100), active: 'days', zone }),
        query: sourceText(address).slice(0, 100),
        tlp: 'AMBER' as const,
      }
      reply.type('text/html; charset=utf-8')
      // The same answer whether nobody or only somebody else met it.
      if (!found.history) return reply.status(404).send(unknownHtml(request, frame, sourceText(address)))
      return reply.send(knownHtml(request, frame, { ...found, history: found.history, zone }))
    },
  )
}

function unknownHtml({ t }: FastifyRequest, frame: PageProps, address: string): string {
  return html(
    <Page
      {...frame}
      head={
        <h1>
          <Code t={t} text={address.slice(0, 100)} />
        </h1>
      }
    >
      <EmptyState title={t('events.source.unknown')}>
        <p>{t('events.source.unknownWhy')}</p>
      </EmptyState>
    </Page>,
  )
}

function knownHtml(request: FastifyRequest, frame: PageProps, known: Known): string {
  const { t, now } = request
  const { history, view, zone, warnings } = known
  return html(
    <Page
      {...frame}
      head={
        <h1>
          <Code t={t} text={history.source} copy />
        </h1>
      }
      lead={
        view.kind === 'perimeter' ? t('events.day.perimeter') : t.list(view.organisations.map((o) => o.name))
      }
      side={<Labels t={t} now={now} {...known} />}
    >
      <Statement>{told(t, history)}</Statement>
      <About t={t} now={now} {...known} />
      <Section title={t('events.source.timeline')} id="timeline">
        <TimelineBar
          t={t}
          title={t('events.source.timeline')}
          titleHidden
          from={now - history.days * 86_400_000}
          to={now}
          now={now}
          zone={zone}
          spans={history.episodes.map((episode) => ({
            from: Date.parse(episode.first_at),
            to: Date.parse(episode.last_at),
            label: familyName(episode.family, t),
            href: `/episodes/${episode.id}`,
            severity: severityNames[episode.severity] as Severity,
            passed: episode.got_through > 0,
          }))}
        />
      </Section>
      <Section title={t('events.source.whatItDid')} id="kinds">
        <Bars
          t={t}
          title={t('events.source.whatItDid')}
          titleHidden
          valueLabel={t('events.events')}
          items={history.by_class.map((kind) => ({
            key: kind.key,
            name: (view.kind === 'perimeter' ? className : ownClassName)(kind.key, t),
            value: kind.events,
            passed: kind.got_through,
          }))}
        />
      </Section>
      <Sector t={t} request={request} {...known} />
      {warnings.length > 0 && (
        <Section title={t('events.source.warnings')} id="warnings">
          <List>
            {warnings.map((hit) => (
              <ListRow key={hit.href} href={hit.href} title={hit.title} meta={hit.meta} />
            ))}
          </List>
        </Section>
      )}
      <Section
        title={t('events.episodes')}
        id="episodes"
        actions={
          <a href={link('/episodes', view.keep, { source: history.source })}>
            {t('events.source.allEpisodes')}
          </a>
        }
      >
        <EpisodeTable
          t={t}
          now={now}
          zone={zone}
          rows={history.episodes}
          organisations={view.orgs.length > 1}
        />
      </Section>
    </Page>,
  )
}

function told(t: T, history: SourceHistory) {
  if (history.counts.events === 0) return t('events.source.quiet', { days: history.days })
  return rich(
    t,
    history.counts.got_through > 0 ? 'events.source.sentenceThrough' : 'events.source.sentence',
    {
      events: (
        <Numeral
          text={t.about(history.counts.events)}
          exact={t.number(history.counts.events)}
          word={t('events.word.events', { n: history.counts.events })}
        />
      ),
      through: (
        <Numeral
          text={t.about(history.counts.got_through)}
          exact={t.number(history.counts.got_through)}
          word={t('events.word.events', { n: history.counts.got_through })}
        />
      ),
    },
    { days: history.days },
  )
}
