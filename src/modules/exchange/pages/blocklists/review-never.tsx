/** The never-list: what coordinators put there, and what comes with the release. */
import { Button, Code, Details, EmptyState, Field, Form, Section, Table } from '../../../../ui/index.ts'
import { type CuratedEntry, criticalServices } from '../../../events/index.ts'
import type { NeverLine } from '../../blocklists/read-all.ts'
import type { ReviewProps } from './review-props.ts'
import { When } from './words.tsx'

export function Never(props: ReviewProps) {
  const { frame, never, forbid } = props
  const { t, csrf } = frame
  return (
    <Section title={t('blocklists.neverList')} id="never" lead={t('blocklists.neverList.lead')}>
      <Table<NeverLine>
        caption={t('blocklists.neverList')}
        captionHidden
        walkable={false}
        rows={never}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'value',
            label: t('blocklists.value'),
            main: true,
            cell: (row) => <Code t={t} text={row.value} />,
          },
          { key: 'why', label: t('blocklists.why'), cell: (row) => row.reason },
          { key: 'by', label: t('blocklists.by'), cell: (row) => row.by ?? '' },
          {
            key: 'at',
            label: t('blocklists.from'),
            kind: 'time',
            cell: (row) => <When frame={frame} at={row.addedAt} />,
          },
          { key: 'end', label: t('blocklists.neverList.end'), cell: (row) => <End {...props} row={row} /> },
        ]}
        empty={<EmptyState title={t('blocklists.neverList.none')} />}
      />
      <Details summary={t('blocklists.neverList.add')} open={forbid !== undefined}>
        <Form action="/blocklists/review/never" csrf={csrf} label={t('blocklists.neverList.add')}>
          <Field
            label={t('blocklists.neverList.value')}
            name="value"
            required
            mono
            value={forbid?.given.value}
            error={forbid?.errors.value}
          />
          <Field
            label={t('blocklists.why')}
            name="reason"
            required
            maxlength={500}
            value={forbid?.given.reason}
            error={forbid?.errors.reason}
          />
          <Button kind="primary">{t('blocklists.neverList.do')}</Button>
        </Form>
      </Details>
      <Details summary={t('blocklists.neverList.shipped')}>
        <Table<CuratedEntry>
          caption={t('blocklists.neverList.shipped')}
          captionHidden
          walkable={false}
          rows={criticalServices()}
          rowKey={(row) => row.value}
          columns={[
            {
              key: 'value',
              label: t('blocklists.value'),
              main: true,
              cell: (row) => row.value,
            },
            { key: 'why', label: t('blocklists.why'), cell: (row) => row.reason[t.lang] },
            {
              key: 'source',
              label: t('blocklists.neverList.source'),
              cell: (row) => <a href={row.source}>{row.source}</a>,
            },
          ]}
        />
      </Details>
    </Section>
  )
}

function End({ frame: { t, csrf }, row }: ReviewProps & { row: NeverLine }) {
  return (
    <Form
      action={`/blocklists/review/never/${row.id}/end`}
      csrf={csrf}
      label={`${t('blocklists.neverList.end')}: ${row.value}`}
    >
      <Button kind="quiet">{t('blocklists.neverList.end')}</Button>
    </Form>
  )
}
