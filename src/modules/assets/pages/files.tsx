/** Files with assets: those that came, and the door for the next one. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Details,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import { kinds } from '../asset.ts'
import type { Problem } from '../import/read.ts'
import type { Sheet } from '../import/store.ts'
import { InventoryTabs } from './parts.tsx'
import { inventoryOf, kindIn } from './words.ts'

type SheetLine = Omit<Sheet, 'lines'>

export interface FilesProps {
  frame: Frame
  org: number
  /** Of the organisation. */
  name: string
  files: SheetLine[]
  mayKeep: boolean
  /** What keeps a file from being read, with what was typed. */
  refused?: { problems: Problem[]; text: string; kind: string } | undefined
}

const stateOf = (file: SheetLine): 'waits' | 'applied' | 'undone' =>
  file.undoneAt !== null ? 'undone' : file.appliedAt !== null ? 'applied' : 'waits'

export function filesPage(props: FilesProps): string {
  const { frame, org, name, files, mayKeep } = props
  const { t } = frame
  return html(
    <Page {...frame} organisation={name} lead={t('assets.files.lead')}>
      <InventoryTabs frame={frame} org={org} active="files" />
      {mayKeep ? <TakeIn {...props} /> : <p>{t('assets.files.reader')}</p>}
      <Section title={t('assets.files.came')}>
        <Table<SheetLine>
          caption={t('assets.files.came')}
          captionHidden
          rows={files}
          rowKey={(file) => file.id}
          rowHref={(file) => `${inventoryOf(org)}/import/${file.id}`}
          empty={<p class="muted">{t('assets.files.none')}</p>}
          columns={[
            {
              ...{ key: 'file', label: t('assets.files.file'), main: true },
              cell: (file) => <a href={`${inventoryOf(org)}/import/${file.id}`}>{file.fileName}</a>,
            },
            { key: 'by', label: t('assets.files.by'), cell: (file) => file.taker },
            {
              ...{ key: 'at', label: t('assets.files.at'), kind: 'time' },
              cell: (file) => <Time t={t} at={file.takenAt} now={frame.now} zone={frame.zone} as="short" />,
            },
            {
              key: 'state',
              label: t('assets.files.state'),
              cell: (file) => t(`assets.files.${stateOf(file)}`),
            },
          ]}
        />
      </Section>
    </Page>,
  )
}

function TakeIn({ frame: { t, csrf }, org, refused }: FilesProps) {
  return (
    <Section title={t('assets.files.take')} lead={t('assets.files.take.lead')}>
      {refused && (
        <Notice kind="wrong" title={t('assets.files.refused')}>
          <ul>
            {refused.problems.map((one) => (
              <li key={`${one.line} ${one.problem}`}>
                {one.line > 0 && `${t('assets.files.line', { n: String(one.line) })}: `}
                {one.value !== '' && <q>{one.value}</q>} {one.problem}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div class="narrow">
        <Form
          action={`${inventoryOf(org)}/import`}
          csrf={csrf}
          enctype="multipart/form-data"
          label={t('assets.files.take')}
          noTurbo
        >
          <Field label={t('assets.files.file')} name="file" type="file" hint={t('assets.files.hint')} />
          <Field
            label={t('assets.files.kind')}
            name="kind"
            type="select"
            value={refused?.kind ?? 'medical'}
            hint={t('assets.files.kind.hint')}
            options={kinds.map((value) => ({ value, label: kindIn(value, t) }))}
          />
          <Details summary={t('assets.files.paste')} open={Boolean(refused?.text)}>
            <Field
              label={t('assets.files.text')}
              name="text"
              type="textarea"
              rows={6}
              value={refused?.text}
              hint={t('assets.files.text.hint')}
            />
          </Details>
          <Actions>
            <Button kind="primary">{t('assets.files.do')}</Button>
          </Actions>
        </Form>
      </div>
      <Details summary={t('assets.files.columns')}>
        <p>{t('assets.files.columns.what')}</p>
      </Details>
    </Section>
  )
}
