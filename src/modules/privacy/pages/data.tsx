/** One's own data: what it is and how to have it, and the same to be read. */
import type { ComponentChildren } from 'preact'
import { exact } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Facts,
  Form,
  html,
  Page,
  type PageProps,
  Section,
  Table,
} from '../../../ui/index.ts'
import type { AccountSlots } from '../../members/index.ts'
import type { Part, PersonData, Row } from '../export.ts'

/** The way here from the account. */
export const dataSlot: Pick<AccountSlots, 'end'> = {
  end: ({ t }) => (
    <Section title={t('privacy.data.link')} lead={t('privacy.data.link.lead')}>
      <Actions>
        <Button href="/account/data">{t('privacy.data.open')}</Button>
      </Actions>
    </Section>
  ),
}

export function askPage({ frame, days }: { frame: PageProps; days: number }): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('privacy.data.lead')}>
      <Form action="/account/data" csrf={frame.csrf} noTurbo label={t('privacy.data.title')}>
        <Actions>
          <Button kind="primary" name="as" value="page">
            {t('privacy.data.read')}
          </Button>
          <Button name="as" value="json">
            {t('privacy.data.json')}
          </Button>
        </Actions>
      </Form>
      <p>{t('privacy.data.rights', { days: t('privacy.days', { n: days }) })}</p>
      <p>{t('privacy.data.not')}</p>
    </Page>,
  )
}

export function dataPage({ frame, data }: { frame: PageProps; data: PersonData }): string {
  const { t } = frame
  const zone = frame.zone ?? 'Europe/Prague'
  return html(
    <Page {...frame} lead={t('privacy.data.lead')}>
      <Facts
        facts={[
          { label: t('privacy.data.made'), value: exact(Date.parse(data.made), t, zone) },
          { label: t('privacy.data.person'), value: String(data.person) },
        ]}
      />
      {data.parts.map((part) => (
        <PartOf key={`${part.table} ${part.relation}`} part={part} t={t} zone={zone} />
      ))}
      <p>{t('privacy.data.not')}</p>
    </Page>,
  )
}

/** What anybody reads on a page or prints; everything is in the file. */
const mostOnPage = 500

function PartOf({ part, t, zone }: { part: Part; t: T; zone: string }) {
  const title = t(`privacy.table.${part.table}`)
  const rows = part.rows.slice(0, mostOnPage)
  return (
    <Section
      title={title}
      lead={t(part.relation === 'about' ? 'privacy.data.about' : 'privacy.data.made_by')}
    >
      <Table<Row>
        caption={title}
        captionHidden
        walkable={false}
        rows={rows}
        rowKey={(row) => rows.indexOf(row)}
        columns={part.columns.map((column, i) => ({
          key: column,
          label: t(`privacy.column.${column}`),
          main: i === 0,
          cell: (row) => wordOf(column, row[column], t) ?? shown(row[column], t, zone),
        }))}
      />
      {part.rows.length > rows.length && <p class="muted">{t('privacy.data.cut', { n: mostOnPage })}</p>}
    </Section>
  )
}

/** Words for what the program calls by a word of its own. */
function wordOf(column: string, value: unknown, t: T): string | null {
  const key = { verb: `trail.verb.${value}`, role: `ui.role.${value}` }[column]
  return key !== undefined && t.has(key) ? t(key) : null
}

function shown(value: unknown, t: T, zone: string): ComponentChildren {
  if (value === null || value === undefined || value === '') return '–'
  if (value instanceof Date) return exact(value.getTime(), t, zone)
  if (typeof value === 'boolean') return t(value ? 'privacy.data.yes' : 'privacy.data.no')
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return '–'
  if (Array.isArray(value)) return value.map(String).join(', ')
  return typeof value === 'object' ? <code>{JSON.stringify(value)}</code> : String(value)
}
