/** Search over addresses, episodes and detectors, and what other modules add; and the warning lists in force. */
import type { FastifyRequest } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import {
  EmptyState,
  Field,
  FilterBar,
  html,
  List,
  ListRow,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import { ageDays, dateOfVersion, demotionLimitDays } from '../lists/age.ts'
import { type LoadedList, warningLists } from '../queries/lists.ts'
import { type Found, search } from '../queries/search.ts'
import { searchQuery } from '../schema.ts'
import type { Hit, Slots } from '../slots.ts'
import { EpisodeTable } from './episode-table.tsx'
import { readers, viewOf } from './view.ts'
import { groupName } from './words.ts'

export function mountSearch(app: App, context: Context, slots: Slots): void {
  const { db, settings } = context
  app.get(
    '/search',
    { config: { access: { who: readers } }, schema: { hide: true, querystring: searchQuery } },
    async (request, reply) => {
      const actor = actorOf(request)
      const { q } = request.query as { q: string }
      const answer = await asActor(db, actor, request.now, async (tx) => {
        const view = await viewOf(tx, actor, {})
        const found = await search(tx, q, view.orgs)
        const others: { title: string; hits: Hit[] }[] = []
        if (q.trim() !== '')
          for (const provider of slots.search ?? [])
            others.push({
              title: provider.title(request.t),
              hits: await provider.find(tx, q.trim(), request.t, 20),
            })
        return { found, others }
      })
      // One address and nothing else to choose from: its page is the answer.
      const { found, others } = answer
      if (found.address && found.sources.length === 1 && others.every((other) => other.hits.length === 0))
        return reply.redirect(`/sources/${encodeURIComponent(found.address)}`, 303)
      return reply.type('text/html; charset=utf-8').send(searchHtml(request, q, answer, settings.zone))
    },
  )

  app.get(
    '/lists',
    { config: { access: { who: readers } }, schema: { hide: true } },
    async (request, reply) => {
      const lists = await asActor(db, actorOf(request), request.now, warningLists)
      return reply.type('text/html; charset=utf-8').send(listsHtml(request, lists, settings.zone))
    },
  )
}

function searchHtml(
  request: FastifyRequest,
  q: string,
  { found, others }: { found: Found; others: { title: string; hits: Hit[] }[] },
  zone: string,
): string {
  const { t, now } = request
  const nothing =
    found.sources.length +
      found.episodes.length +
      found.detectors.length +
      others.reduce((sum, other) => sum + other.hits.length, 0) ===
    0
  return html(
    <Page
      {...frameOf(request, {
        title: q ? t('events.search.titleOf', { q }) : t('events.search.title'),
        active: 'search',
        zone,
      })}
      query={q}
    >
      <FilterBar t={t} action="/search">
        <Field
          type="search"
          name="q"
          label={t('events.search.label')}
          value={q}
          hint={t('events.search.hint')}
          maxlength={200}
          autofocus={q === ''}
        />
      </FilterBar>
      {q !== '' && nothing && (
        <EmptyState title={t('events.search.none')}>
          <p>{t('events.search.noneWhy')}</p>
        </EmptyState>
      )}
      {others.map(
        (other) =>
          other.hits.length > 0 && (
            <Section key={other.title} title={other.title}>
              <List label={other.title}>
                {other.hits.map((hit) => (
                  <ListRow key={hit.href} href={hit.href} title={hit.title} meta={hit.meta} />
                ))}
              </List>
            </Section>
          ),
      )}
      {found.sources.length > 0 && (
        <Section
          title={t('events.search.addresses')}
          lead={found.more ? t('events.search.more', { n: found.sources.length }) : undefined}
        >
          <List label={t('events.search.addresses')}>
            {found.sources.map((source) => (
              <ListRow
                key={source.address}
                href={`/sources/${encodeURIComponent(source.address)}`}
                title={source.address}
              />
            ))}
          </List>
        </Section>
      )}
      {found.episodes.length > 0 && (
        <Section title={t('events.episodes')}>
          <EpisodeTable t={t} now={now} zone={zone} rows={found.episodes} organisations />
        </Section>
      )}
      {found.detectors.length > 0 && (
        <Section title={t('events.detectors')}>
          <ul class="bullets">
            {found.detectors.map((detector) => (
              <li key={detector.id}>{detector.name}</li>
            ))}
          </ul>
        </Section>
      )}
    </Page>,
  )
}

function listsHtml(request: FastifyRequest, lists: LoadedList[], zone: string): string {
  const { t, now } = request
  const age = (list: LoadedList): number | null =>
    ageDays(
      { asOf: list.version_on ? new Date(list.version_on) : dateOfVersion(list.version) },
      new Date(now),
    )
  return html(
    <Page
      {...frameOf(request, { title: t('events.lists'), zone })}
      lead={t('events.lists.lead', { days: demotionLimitDays })}
    >
      <Table
        caption={t('events.lists')}
        captionHidden
        rows={lists}
        rowKey={(row) => row.name}
        empty={
          <EmptyState title={t('events.lists.none')}>
            <p>{t('events.lists.noneWhy')}</p>
          </EmptyState>
        }
        columns={[
          { key: 'name', label: t('events.lists.name'), main: true, cell: (row) => row.name },
          { key: 'group', label: t('events.lists.group'), cell: (row) => groupName(row.group, t) },
          { key: 'effect', label: t('events.lists.effect'), cell: (row) => t(`events.effect.${row.effect}`) },
          { key: 'version', label: t('events.lists.version'), cell: (row) => row.version },
          {
            key: 'age',
            label: t('events.lists.age'),
            kind: 'number',
            cell: (row) => {
              const days = age(row)
              return days === null ? t('events.lists.ageUnknown') : t('events.days', { n: days })
            },
          },
          {
            key: 'entries',
            label: t('events.lists.entries'),
            kind: 'number',
            cell: (row) => t.number(row.entries),
          },
          {
            key: 'loaded',
            label: t('events.lists.loaded'),
            kind: 'time',
            cell: (row) => <Time t={t} at={Date.parse(row.loaded_at)} now={now} zone={zone} as="short" />,
          },
        ]}
      />
    </Page>,
  )
}
