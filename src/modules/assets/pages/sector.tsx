/** What the sector runs, in sums that name nobody; and the table of dates with its sources. */
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { EmptyState, html, Page, Section, Table, Time } from '../../../ui/index.ts'
import type { Dim, Sum } from '../sums.ts'
import { lastDay, type SupportRow, type Tables } from '../support/table.ts'
import { dayIn, inventoryOf, kindIn, tableVersionIn } from './words.ts'

interface SectorProps {
  frame: Frame
  sums: Sum[]
  at: number | null
  rows: SupportRow[]
}

const shown: Dim[] = ['kind', 'medical-support', 'medical-segmented', 'support', 'ended']

function itemIn(dim: Dim, item: string, rows: SupportRow[], t: T): string {
  if (dim === 'kind') return kindIn(item, t)
  if (dim === 'medical-segmented') return t(`assets.segmented.${item}`)
  if (dim !== 'ended') return t(`assets.sum.support.${item}`)
  const row = rows.find(({ id }) => id === item)
  return row ? `${row.vendor} ${row.product}` : t('assets.sum.own')
}

export function sectorPage({ frame, sums, at, rows }: SectorProps): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('assets.sector.lead')}>
      {at === null && (
        <EmptyState title={t('assets.sector.none')}>
          <p>{t('assets.sector.none.why')}</p>
        </EmptyState>
      )}
      {shown.map((dim) => {
        const found = sums.filter((sum) => sum.dim === dim)
        return (
          found.length > 0 && (
            <Section key={dim} title={t(`assets.sector.${dim}`)}>
              <Table<Sum>
                caption={t(`assets.sector.${dim}`)}
                captionHidden
                walkable={false}
                rows={found}
                rowKey={(sum) => sum.item}
                columns={[
                  {
                    key: 'item',
                    label: t('assets.sector.item'),
                    main: true,
                    cell: (sum) => itemIn(dim, sum.item, rows, t),
                  },
                  {
                    key: 'pieces',
                    label: t('assets.sector.pieces'),
                    kind: 'number',
                    cell: (sum) => t('assets.sector.about', { n: sum.pieces }),
                  },
                  { key: 'band', label: t('assets.sector.band'), kind: 'number', cell: (sum) => sum.band },
                ]}
              />
            </Section>
          )
        )
      })}
      {at !== null && (
        <p class="muted">
          {t('assets.sector.at')} <Time t={t} at={at} now={frame.now} zone={frame.zone} as="short" />
        </p>
      )}
    </Page>,
  )
}

/** "2014-04-08", "listopad 2017" as the source says it, or "nejpozději" with the day of the source. */
function endIn(row: SupportRow, t: T): string {
  if (row.endedBy !== undefined) return t('assets.table.endedBy', { day: dayIn(lastDay(row.endedBy), t) })
  const ends = row.ends ?? ''
  return ends.length === 10 ? dayIn(ends, t) : t('assets.table.within', { when: ends })
}

export function tablePage({ frame, tables }: { frame: Frame; tables: Tables }): string {
  const { t } = frame
  const rows = [...tables.rows].sort((a, b) =>
    `${a.vendor} ${a.product}`.localeCompare(`${b.vendor} ${b.product}`, t.locale),
  )
  const versionsOf = ({ versions: { below, upTo, is } = {} }: SupportRow): string =>
    [below && `< ${below}`, upTo && `≤ ${upTo}`, is && `${is}.x`].filter(Boolean).join(' ')
  return html(
    <Page {...frame} lead={t('assets.table.lead')}>
      <p>
        {t('assets.table.version', { version: tableVersionIn(tables.shipped, t) })}{' '}
        {tables.loaded && t('assets.table.beside', { version: tableVersionIn(tables.loaded.version, t) })}
      </p>
      <Table<SupportRow>
        caption={t('assets.table.title')}
        captionHidden
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { key: 'vendor', label: t('assets.field.vendor'), cell: (row) => row.vendor },
          { key: 'product', label: t('assets.field.product'), main: true, cell: (row) => row.product },
          { key: 'versions', label: t('assets.field.version'), cell: versionsOf },
          { key: 'ends', label: t('assets.field.supportEndsOn'), cell: (row) => endIn(row, t) },
          {
            key: 'source',
            label: t('assets.table.source'),
            cell: (row) => (
              <a href={row.url} rel="noreferrer">
                {row.source}
              </a>
            ),
          },
        ]}
      />
    </Page>,
  )
}

/** Whoever acts for several organisations chooses whose inventory. */
export function choosePage({ frame, own }: { frame: Frame; own: { id: number; name: string }[] }): string {
  return html(
    <Page {...frame} lead={frame.t('assets.choose')}>
      <ul class="bullets">
        {own.map(({ id, name }) => (
          <li key={id}>
            <a href={inventoryOf(id)}>{name}</a>
          </li>
        ))}
      </ul>
    </Page>,
  )
}
