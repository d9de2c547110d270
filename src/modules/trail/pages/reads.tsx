/** Who looked at our data: the read ledger as those see it whose data it was. */
import type { FastifyRequest } from 'fastify'
import { frameOf } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { EmptyState, Field, FilterBar, html, KeysetPager, Page, Table, Time } from '../../../ui/index.ts'
import type { Read } from '../reads.ts'
import type { ReadsQuery } from '../schema.ts'
import { addressOf, Views } from './views.tsx'

interface Props {
  request: FastifyRequest
  given: ReadsQuery
  zone: string
  reads: Read[]
  next: string | null
  total: number
}

const path = '/trail/reads'

export function readsPage({ request, given, zone, reads, next, total }: Props): string {
  const { t, now } = request
  const frame = frameOf(request, { title: t('trail.reads.title'), active: 'trail', zone })
  const filtered = given.from !== undefined || given.to !== undefined || given.org !== undefined
  return html(
    <Page {...frame} lead={t('trail.reads.lead')}>
      <Views t={t} active={path} actor={request.actor} />
      <FilterBar t={t} action={path} reset={filtered ? path : undefined} hidden={{ org: given.org }}>
        <Field label={t('trail.from')} name="from" type="date" value={given.from ?? ''} />
        <Field label={t('trail.to')} name="to" type="date" value={given.to ?? ''} />
      </FilterBar>
      <Table
        caption={t('trail.reads.title')}
        captionHidden
        rows={reads}
        rowKey={(read) => read.id}
        columns={readColumns(t, now, zone)}
        empty={
          <EmptyState title={t(filtered ? 'trail.none' : 'trail.reads.empty')}>
            {t('trail.reads.what')}
          </EmptyState>
        }
      />
      <KeysetPager
        t={t}
        shown={reads.length}
        total={total}
        newer={given.after ? addressOf(path, { ...given, after: undefined }) : undefined}
        older={next ? addressOf(path, { ...given, after: next }) : undefined}
      />
    </Page>,
  )
}

/** Shown among what was read under one break-glass access as well. */
export const readColumns = (t: T, now: number, zone: string) => [
  {
    key: 'at',
    label: t('trail.at'),
    kind: 'time' as const,
    cell: (read: Read) => <Time t={t} at={read.lastAt} now={now} zone={zone} as="short" />,
  },
  { key: 'who', label: t('trail.who'), main: true, cell: (read: Read) => read.reader },
  {
    key: 'place',
    label: t('trail.reads.place'),
    cell: (read: Read) => (
      <>
        {placeOf(t, read)} {read.way !== 'page' && <span class="muted">{t(`trail.way.${read.way}`)}</span>}{' '}
        {read.glass !== null && <a href={`/trail/glass/${read.glass}`}>{t('trail.reads.glass')}</a>}
      </>
    ),
  },
  { key: 'org', label: t('trail.org'), cell: (read: Read) => read.orgName ?? '–' },
  {
    key: 'times',
    label: t('trail.reads.times'),
    kind: 'number' as const,
    help: t('trail.reads.times.help'),
    cell: (read: Read) => t.number(read.times),
  },
]

/** The part of an address that says which list or thing it was. */
export function areaOf(place: string): string {
  const [area = ''] = place.replace(/^\/(api\/v1\/)?/, '').split('/')
  return area.replace(/\.csv$/, '') || 'home'
}

function placeOf(t: T, { place, object }: Read): string {
  const key = `trail.place.${areaOf(place)}`
  const words = t.has(key) ? t(key) : place
  return object === '' ? words : `${words}: ${object}`
}
