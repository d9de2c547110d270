/** The episodes and events behind a warning; each opens its own page. */
import type { T } from '../../../platform/i18n.ts'
import { Code, Section, SeverityBadge, Table, Time } from '../../../ui/index.ts'
import { verdicts } from '../../events/index.ts'
import type { EpisodeRow, EventRow, WarningDetail } from '../types.ts'
import { nameOf } from './both-cells.tsx'
import { episodeHref, eventHref, sourceHref } from './links.ts'
import type { ShowData } from './show-data.ts'
import { kindOf } from './words.ts'

interface Props {
  t: T
  data: ShowData
  now: number
  zone?: string
  coordinator: boolean
}

export function Evidence(props: Props) {
  const { t, data } = props
  const { warning } = data
  const last = data.events.at(-1)
  const sources = sourcesBehind(warning)
  if (sources) return <Sources t={t} sources={sources} />
  return (
    <Section
      title={t('warnings.evidence')}
      id="evidence"
      lead={t('warnings.evidence.lead', { n: warning.events })}
    >
      {data.episodes.length > 0 && <Episodes {...props} />}
      <Events {...props} />
      {data.moreEvents && last && (
        <p>
          <a
            class="button"
            href={`/warnings/${warning.id}?events=${last.at}-${last.batch}-${last.idx}#evidence`}
          >
            {t('warnings.evidence.older')}
          </a>
        </p>
      )}
    </Section>
  )
}

export interface SourcesBehind {
  /** How many there are; the list holds the first fifty. */
  n: number
  top: string[]
}

/** What stands behind the coordinators' quiet row of dropped scans: sources, each with a history of its own, and no events. */
export const sourcesBehind = ({ explanation }: WarningDetail): SourcesBehind | null =>
  explanation.words === 'W2-dropped'
    ? { n: Number(explanation.params.n ?? explanation.sources.length), top: explanation.sources }
    : null

function Sources({ t, sources: { n, top } }: { t: T; sources: SourcesBehind }) {
  return (
    <Section title={t('warnings.evidence')} id="evidence" lead={t('campaigns.sources.lead', { n })}>
      {top.length < n && <p class="muted">{t('campaigns.sources.most', { n: top.length })}</p>}
      <Table<string>
        caption={t('campaigns.sources')}
        rows={top}
        rowKey={(source) => source}
        rowHref={(source) => sourceHref(source)}
        columns={[
          {
            key: 'source',
            label: t('warnings.source'),
            kind: 'mono',
            main: true,
            cell: (source) => <a href={sourceHref(source)}>{source}</a>,
          },
        ]}
      />
    </Section>
  )
}

function Episodes({ t, data, now, zone }: Props) {
  return (
    <Table<EpisodeRow>
      caption={t('warnings.episodes')}
      walkable={false}
      rows={data.episodes}
      rowKey={(row) => row.id}
      rowHref={(row) => episodeHref(row.id)}
      columns={[
        {
          key: 'key',
          label: t('warnings.source'),
          kind: 'mono',
          main: true,
          cell: (row) => <a href={episodeHref(row.id)}>{row.key.text}</a>,
        },
        {
          key: 'first',
          label: t('warnings.from'),
          kind: 'time',
          cell: (row) => <Time t={t} at={row.firstAt} now={now} zone={zone} as="short" />,
        },
        {
          key: 'last',
          label: t('warnings.until'),
          kind: 'time',
          cell: (row) =>
            row.open ? t('warnings.going') : <Time t={t} at={row.lastAt} now={now} zone={zone} as="short" />,
        },
        { key: 'events', label: t('warnings.events'), kind: 'number', cell: (row) => t.number(row.events) },
        {
          key: 'dropped',
          label: t('warnings.dropped'),
          kind: 'number',
          cell: (row) => t.percent(shareOf(row)),
        },
        {
          key: 'targets',
          label: t('warnings.targets'),
          kind: 'number',
          cell: (row) => (row.targets === null ? '' : t.number(row.targets)),
        },
      ]}
    />
  )
}

/** Dropped among events whose verdict is known. */
function shareOf({ verdicts }: EpisodeRow): number | null {
  const known = verdicts.dropped + verdicts.passed + verdicts.partial
  return known === 0 ? null : verdicts.dropped / known
}

function Events({ t, data, now, zone }: Props) {
  return (
    <Table<EventRow>
      caption={t('warnings.evidence.events')}
      rows={data.events}
      rowKey={(row) => `${row.batch}-${row.idx}-${row.side}`}
      rowHref={(row) => eventHref(row)}
      columns={[
        {
          key: 'at',
          label: t('warnings.time'),
          kind: 'time',
          main: true,
          cell: (row) => (
            <a href={eventHref(row)}>
              <Time t={t} at={row.at} now={now} zone={zone} as="short" />
            </a>
          ),
        },
        { key: 'kind', label: t('warnings.kind'), cell: (row) => kindOf(row.cls, t.lang) },
        {
          key: 'other',
          label: t('warnings.otherEnd'),
          kind: 'mono',
          cell: (row) => <OtherEnd t={t} row={row} />,
        },
        {
          key: 'host',
          label: t('warnings.host'),
          kind: 'mono',
          cell: (row) => row.host && <Code t={t} text={row.host} />,
        },
        { key: 'port', label: t('warnings.port'), kind: 'number', cell: (row) => row.port },
        {
          key: 'verdict',
          label: t('warnings.verdict'),
          cell: (row) => t(`warnings.verdict.${verdicts[row.verdict] ?? 'unknown'}`),
        },
        {
          key: 'severity',
          label: t('warnings.severity'),
          cell: (row) => <SeverityBadge t={t} severity={nameOf(row.severity)} />,
        },
        { key: 'detector', label: t('warnings.detector'), cell: (row) => row.detector ?? row.sensor },
      ]}
      empty={<p class="muted">{t('warnings.evidence.none')}</p>}
    />
  )
}

/** Who attacked us, or with whom our own host spoke. */
function OtherEnd({ t, row }: { t: T; row: EventRow }) {
  const text = row.side === 2 ? row.source : row.peer
  return text === null ? null : <Code t={t} text={text} href={sourceHref(text)} />
}
