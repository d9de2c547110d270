/** Whom of the sector nobody could reach tonight: a line an organisation, the worst first. */
import { dayOf } from '../../../../platform/dates.ts'
import type { Frame } from '../../../../platform/frame.ts'
import { EmptyState, html, Page, Statement, Table, Time } from '../../../../ui/index.ts'
import { counted, type StandingLine } from '../../contacts/standings.ts'

export function standingsPage({ frame, lines }: { frame: Frame; lines: StandingLine[] }): string {
  const { t, now, zone } = frame
  const { stale, noNight } = counted(lines, dayOf(now, zone))
  return html(
    <Page {...frame} lead={t('contacts.standings.lead')}>
      <Statement tone={noNight > 0 ? 'urgent' : 'calm'}>
        {t('contacts.standings.noNight', { n: noNight })} {t('contacts.standings.stale', { n: stale })}
      </Statement>
      <Table<StandingLine>
        caption={t('contacts.standings')}
        captionHidden
        rows={lines}
        rowKey={(row) => row.org}
        rowHref={(row) => `/members/${row.org}/contacts`}
        empty={<EmptyState title={t('contacts.standings.none')} />}
        columns={[
          {
            key: 'name',
            label: t('contacts.organisation'),
            main: true,
            cell: (row) => <a href={`/members/${row.org}/contacts`}>{row.name}</a>,
          },
          {
            key: 'attested',
            label: t('contacts.attested'),
            kind: 'time',
            cell: (row) =>
              row.attestedAt === null ? (
                t('contacts.attested.never')
              ) : (
                <Time t={t} at={row.attestedAt} now={now} zone={zone} />
              ),
          },
          {
            key: 'entries',
            label: t('contacts.entries'),
            kind: 'number',
            cell: (row) => t.number(row.entries),
          },
          { key: 'gaps', label: t('contacts.gaps'), cell: (row) => <Gaps t={t} row={row} /> },
        ]}
      />
    </Page>,
  )
}

/** The attestation has a column of its own. */
function Gaps({ t, row }: { t: Frame['t']; row: StandingLine }) {
  const gaps = row.gaps.filter((gap) => !gap.startsWith('attestation.'))
  if (row.entries === 0) return <>{t('contacts.none')}</>
  if (gaps.length === 0) return <>{t('contacts.standings.noGap')}</>
  return (
    <ul class="bullets">
      {gaps.map((gap) => (
        <li key={gap}>{t(`contacts.gap.${gap}`)}</li>
      ))}
    </ul>
  )
}
