import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  EmptyState,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { LineError } from '../import/types.ts'
import type { List } from '../lists/store.ts'
import type { VersionLine } from '../memorandum.ts'
import { FaultList } from './fault-list.tsx'

export interface ListsProps {
  frame: Frame
  versions: VersionLine[]
  lists: (List & { lines: number })[]
  /** What keeps a list from being read, with what was typed. */
  refused?: { errors: LineError[]; text: string; version: string }
}

/** Lists that came, and the door for the next one. */
export function listsPage(props: ListsProps): string {
  const { frame, lists } = props
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={t('lists.lead')}>
      <TakeIn {...props} />
      <Section title={t('lists.came')}>
        <Table
          caption={t('lists.came')}
          captionHidden
          rows={lists}
          rowKey={(row) => row.id}
          rowHref={(row) => `/signature-lists/${row.id}`}
          empty={<p class="muted">{t('lists.none')}</p>}
          columns={[
            {
              key: 'file',
              label: t('lists.file'),
              main: true,
              cell: (row) => <a href={`/signature-lists/${row.id}`}>{row.fileName}</a>,
            },
            {
              key: 'version',
              label: t('memorandum.version'),
              cell: (row) => t('memorandum.version.n', { n: row.version }),
            },
            { key: 'lines', label: t('lists.lines'), kind: 'number', cell: (row) => t.number(row.lines) },
            {
              key: 'at',
              label: t('lists.uploaded'),
              kind: 'time',
              cell: (row) => <Time t={t} at={row.uploadedAt} now={now} zone={zone} as="short" />,
            },
            { key: 'by', label: t('lists.by'), cell: (row) => row.uploadedBy },
            {
              key: 'state',
              label: t('lists.state'),
              cell: (row) => t(row.appliedAt === null ? 'lists.state.waits' : 'lists.state.applied'),
            },
          ]}
        />
      </Section>
    </Page>,
  )
}

function TakeIn({ frame: { t, csrf }, versions, refused }: ListsProps) {
  if (versions.length === 0)
    return (
      <EmptyState
        title={t('memorandum.none')}
        actions={<Button href="/memorandum/new">{t('memorandum.new')}</Button>}
      >
        <p>{t('lists.needsVersion')}</p>
      </EmptyState>
    )
  return (
    <Section title={t('lists.take')} lead={t('lists.take.lead')}>
      {refused && (
        <Notice kind="wrong" title={t('lists.refused')}>
          <FaultList t={t} faults={refused.errors} />
        </Notice>
      )}
      <div class="narrow">
        <Form
          action="/signature-lists"
          csrf={csrf}
          enctype="multipart/form-data"
          label={t('lists.take')}
          noTurbo
        >
          <Field
            label={t('lists.version')}
            name="version"
            type="select"
            value={refused?.version}
            options={versions.map((one) => ({
              value: String(one.number),
              label: t('memorandum.version.title', { n: one.number, title: one.title }),
            }))}
            hint={t('lists.version.hint')}
          />
          <Field label={t('lists.file')} name="file" type="file" hint={t('lists.file.hint')} />
          <Field
            label={t('lists.text')}
            name="text"
            type="textarea"
            rows={6}
            value={refused?.text}
            hint={t('lists.text.hint')}
          />
          <Actions>
            <Button kind="primary">{t('lists.take.do')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}
