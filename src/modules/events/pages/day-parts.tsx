/** The parts of a day: sources, organisations, sensors, detectors and ports. */
import { Bars, Chip, Code, Details, HourStrip, Sparkline, Table, Time } from '../../../ui/index.ts'
import type { OrganisationPart, PlainPart } from '../queries/day-parts.ts'
import type { TopSource } from '../queries/top-sources.ts'
import type { DayPage } from './day-page.ts'
import { link } from './view.ts'
import { groupName, labelTitle, oneEachGroup } from './words.ts'

export function Sources({ page, sources }: { page: DayPage; sources: TopSource[] }) {
  const { t, day, view, now, zone } = page
  return (
    <Table
      caption={t('events.day.sources')}
      captionHidden
      rows={sources}
      rowKey={(row) => row.key}
      rowHref={(row) => `/sources/${encodeURIComponent(row.address)}`}
      empty={<p class="muted">{t('events.none')}</p>}
      columns={[
        {
          key: 'address',
          label: t('events.source'),
          main: true,
          kind: 'mono',
          cell: (row) => (
            <Code t={t} text={row.address} href={`/sources/${encodeURIComponent(row.address)}`} />
          ),
        },
        {
          key: 'labels',
          label: t('events.labels'),
          cell: (row) =>
            oneEachGroup(row.labels).map((label) => (
              <Chip key={label.list} title={labelTitle(label, t)}>
                {groupName(label.group, t)}
              </Chip>
            )),
        },
        {
          key: 'hours',
          label: t('events.day.course'),
          cell: (row) => (
            <Sparkline
              title={t('events.day.courseOf', { address: row.address, n: Math.max(...row.hours) })}
              values={row.hours}
            />
          ),
        },
        {
          key: 'events',
          label: t('events.events'),
          kind: 'number',
          cell: (row) => (
            <a href={link(`/days/${day}/events`, view.keep, { source: row.address })}>
              {t.number(row.events)}
            </a>
          ),
        },
        {
          key: 'through',
          label: t('events.through'),
          kind: 'number',
          cell: (row) =>
            row.got_through > 0 ? (
              <a href={link(`/days/${day}/events`, view.keep, { source: row.address, verdict: 'through' })}>
                {t.number(row.got_through)}
              </a>
            ) : (
              '0'
            ),
        },
        {
          key: 'first',
          label: t('events.first'),
          kind: 'time',
          cell: (row) => <Time t={t} at={Date.parse(row.first_at)} now={now} zone={zone} as="clock" />,
        },
        {
          key: 'last',
          label: t('events.last'),
          kind: 'time',
          cell: (row) => <Time t={t} at={Date.parse(row.last_at)} now={now} zone={zone} as="clock" />,
        },
      ]}
    />
  )
}

export function Organisations({
  page,
  parts,
  hours,
}: {
  page: DayPage
  parts: OrganisationPart[]
  hours: number[]
}) {
  const { t, day, zone } = page
  const peak = Math.max(
    1,
    ...parts.flatMap((part) => part.hours.map((hour) => hour.dropped + hour.got_through + hour.unknown)),
  )
  return (
    <div class="multiples">
      {parts.map((part) => (
        <HourStrip
          key={part.key}
          t={t}
          compact
          title={t('events.day.ofOrganisation', {
            name: part.name ?? '–',
            events: t('events.n.events', { n: part.events }),
            through: part.got_through,
          })}
          href={link(`/days/${day}`, { org: part.id })}
          peak={peak}
          zone={zone}
          points={part.hours.map((hour, i) => ({
            at: hours[i] ?? 0,
            dropped: hour.dropped,
            passed: hour.got_through,
            unknown: hour.unknown,
          }))}
        />
      ))}
    </div>
  )
}

const most = 12

export function Plain({
  t,
  title,
  parts,
  nameless,
  href,
}: {
  t: DayPage['t']
  title: string
  parts: PlainPart[]
  nameless: string
  href: (key: string) => string
}) {
  if (parts.length === 0) return null
  const bars = (some: PlainPart[], hidden: boolean) => (
    <Bars
      t={t}
      title={title}
      titleHidden={hidden}
      valueLabel={t('events.events')}
      items={some.map((part) => ({
        key: part.key,
        name: part.name ?? nameless,
        value: part.events,
        passed: part.got_through,
        href: href(part.key),
      }))}
    />
  )
  return (
    <div>
      {bars(parts.slice(0, most), false)}
      {parts.length > most && (
        <Details summary={t('events.more', { n: parts.length - most })}>
          {bars(parts.slice(most), true)}
        </Details>
      )}
    </div>
  )
}
