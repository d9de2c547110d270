/** What stands on an organisation's lists, with since when it is on which of its firewalls. */
import {
  Button,
  Chip,
  Code,
  EmptyState,
  Field,
  FilterBar,
  Form,
  KeysetPager,
  Section,
  Table,
} from '../../../../ui/index.ts'
import type { Entry } from '../../blocklists/read-own.ts'
import type { OwnProps } from './own-props.ts'
import { pathOf, When } from './words.tsx'

export function Entries(props: OwnProps) {
  const { frame, org, lists, entries, mayReport } = props
  const { t } = frame
  const { shown, find, next } = entries
  const all = lists.reduce((sum, one) => sum + one.entries, 0)
  if (all === 0 && find === '') return null
  const query = (more: Record<string, string>) =>
    `${pathOf(org)}?${new URLSearchParams({ find, ...more })}#entries`
  return (
    <Section title={t('blocklists.entries')} id="entries" lead={t('blocklists.entries.lead')}>
      <FilterBar action={pathOf(org)} t={t} reset={find === '' ? undefined : pathOf(org)}>
        <Field label={t('blocklists.find')} name="find" type="search" value={find} mono />
      </FilterBar>
      <Table<Entry>
        caption={t('blocklists.entries')}
        captionHidden
        rows={shown}
        rowKey={(row) => row.item}
        columns={[
          {
            key: 'value',
            label: t('blocklists.value'),
            main: true,
            cell: (row) => <Code t={t} text={row.value} />,
          },
          {
            key: 'kind',
            label: t('blocklists.kind'),
            cell: (row) => <Chip>{t(`indicators.kind.${row.kind}`)}</Chip>,
          },
          {
            key: 'confidence',
            label: t('blocklists.sure'),
            cell: (row) => t(`blocklists.sure.${row.confidence}`),
          },
          {
            key: 'seen',
            label: t('blocklists.seen'),
            kind: 'time',
            cell: (row) => <When frame={frame} at={row.seenAt} />,
          },
          {
            key: 'ends',
            label: t('blocklists.ends'),
            kind: 'time',
            cell: (row) => <When frame={frame} at={row.endsAt} />,
          },
          {
            key: 'since',
            label: t('blocklists.since'),
            kind: 'time',
            cell: (row) => <When frame={frame} at={row.sinceAt} />,
          },
          { key: 'on', label: t('blocklists.on'), cell: (row) => <On {...props} row={row} /> },
          ...(mayReport
            ? [
                {
                  key: 'broke',
                  label: t('blocklists.broke'),
                  cell: (row: Entry) => <Broke {...props} row={row} />,
                },
              ]
            : []),
        ]}
        empty={<EmptyState title={t('blocklists.entries.none')} />}
      />
      <KeysetPager t={t} shown={shown.length} older={next === null ? undefined : query({ after: next })} />
    </Section>
  )
}

function On({ frame, row }: OwnProps & { row: Entry }) {
  const { t } = frame
  if (row.on.length === 0) return <>{t('blocklists.on.none')}</>
  return (
    <>
      {row.on.map(({ label, at }) => (
        <p key={label} class="row-meta">
          {label}: <When frame={frame} at={at} />
        </p>
      ))}
    </>
  )
}

function Broke({ frame: { t, csrf }, org, row }: OwnProps & { row: Entry }) {
  return (
    <Form
      action={`${pathOf(org)}/exceptions`}
      csrf={csrf}
      label={t('blocklists.broke.what', { value: row.value })}
      hidden={{ value: row.value, broke: '1' }}
    >
      <Button kind="quiet">{t('blocklists.broke')}</Button>
    </Form>
  )
}
