/** What an organisation lets through, and the form for more. */
import { Button, Chip, Code, Details, EmptyState, Field, Form, Section, Table } from '../../../../ui/index.ts'
import type { ExceptionLine } from '../../blocklists/read-own.ts'
import type { OwnProps } from './own-props.ts'
import { pathOf, When } from './words.tsx'

export function Exceptions(props: OwnProps) {
  const { frame, exceptions, mayKeep, mayReport } = props
  const { t } = frame
  return (
    <Section title={t('blocklists.exceptions')} id="exceptions" lead={t('blocklists.exceptions.lead')}>
      <Table<ExceptionLine>
        caption={t('blocklists.exceptions')}
        captionHidden
        walkable={false}
        rows={exceptions}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'value',
            label: t('blocklists.value'),
            main: true,
            cell: (row) => <Code t={t} text={row.value} />,
          },
          { key: 'why', label: t('blocklists.why'), cell: (row) => <Why {...props} row={row} /> },
          { key: 'by', label: t('blocklists.by'), cell: (row) => row.by ?? row.device ?? '' },
          {
            key: 'at',
            label: t('blocklists.from'),
            kind: 'time',
            cell: (row) => <When frame={frame} at={row.madeAt} />,
          },
          ...(mayKeep
            ? [
                {
                  key: 'end',
                  label: t('blocklists.exception.end'),
                  cell: (row: ExceptionLine) => <End {...props} row={row} />,
                },
              ]
            : []),
        ]}
        empty={<EmptyState title={t('blocklists.exceptions.none')} />}
      />
      {(mayKeep || mayReport) && <ExceptionForm {...props} />}
    </Section>
  )
}

function Why({ frame: { t }, row }: OwnProps & { row: ExceptionLine }) {
  return (
    <>
      {row.broke && <Chip>{t('blocklists.broke.chip')}</Chip>} {row.reason}
    </>
  )
}

function End({ frame: { t, csrf }, org, row }: OwnProps & { row: ExceptionLine }) {
  return (
    <Form
      action={`${pathOf(org)}/exceptions/${row.id}/end`}
      csrf={csrf}
      label={t('blocklists.exception.endWhat', { value: row.value })}
    >
      <Button kind="quiet">{t('blocklists.exception.end')}</Button>
    </Form>
  )
}

function ExceptionForm({ frame: { t, csrf }, org, exception, mayKeep }: OwnProps) {
  return (
    <Details summary={t('blocklists.exception.add')} open={exception !== undefined}>
      <Form action={`${pathOf(org)}/exceptions`} csrf={csrf} label={t('blocklists.exception.add')}>
        <Field
          label={t('blocklists.value')}
          name="value"
          required
          mono
          value={exception?.given.value}
          hint={t('blocklists.value.hint')}
          error={exception?.errors.value}
        />
        <Field label={t('blocklists.why')} name="reason" maxlength={500} value={exception?.given.reason} />
        <Field
          label={t('blocklists.broke.check')}
          name="broke"
          type="checkbox"
          value="1"
          checked={exception?.given.broke ?? !mayKeep}
          hint={t('blocklists.broke.hint')}
        />
        <Button kind="primary">{t('blocklists.exception.do')}</Button>
      </Form>
    </Details>
  )
}
