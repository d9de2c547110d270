/** The record of processing on one page, made to be printed. */
import type { T } from '../../../platform/i18n.ts'
import { Facts, html, Page, type PageProps, Section, Table, Time } from '../../../ui/index.ts'
import type { Chapter, Entry } from '../record.ts'
import { Views } from './views.tsx'

export function processingPage({ frame, chapters }: { frame: PageProps; chapters: Chapter[] }): string {
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={t('privacy.processing.lead')}>
      <Views t={t} active="/processing" roles={frame.actor?.roles ?? []} />
      <p class="muted">
        {t('privacy.processing.made')} <Time t={t} at={now} now={now} zone={zone} as="short" />
      </p>
      {chapters.map((chapter) => (
        <ChapterPart key={chapter.activity} t={t} chapter={chapter} />
      ))}
      <p>{t('privacy.processing.security')}</p>
      <p>{t('privacy.processing.outside')}</p>
    </Page>,
  )
}

const said = ['purpose', 'people', 'basis', 'recipients'] as const

function ChapterPart({ t, chapter: { activity, entries } }: { t: T; chapter: Chapter }) {
  const title = t(`privacy.activity.${activity}`)
  return (
    <Section title={title} id={activity}>
      <Facts
        facts={said.map((name) => ({
          label: t(`privacy.processing.${name}`),
          value: t(`privacy.activity.${activity}.${name}`),
        }))}
      />
      <Table<Entry>
        caption={title}
        captionHidden
        walkable={false}
        rows={entries}
        rowKey={(row) => row.table}
        columns={[
          {
            key: 'data',
            label: t('privacy.processing.data'),
            main: true,
            cell: (row) => t(`privacy.table.${row.table}`),
          },
          { key: 'kept', label: t('privacy.processing.kept'), cell: (row) => keptOf(row, t) },
          {
            key: 'erased',
            label: t('privacy.processing.erased'),
            cell: (row) => t(`privacy.erase.${row.erased}`),
          },
        ]}
      />
    </Section>
  )
}

const keptOf = ({ kept }: Entry, t: T): string =>
  typeof kept === 'number' ? t('privacy.days', { n: kept }) : t(`privacy.kept.${kept}`)
