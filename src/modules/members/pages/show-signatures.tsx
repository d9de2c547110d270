import type { Frame } from '../../../platform/frame.ts'
import { Chip, Section, Table } from '../../../ui/index.ts'
import type { SignatureLine } from '../signatures.ts'
import { signedIn } from './names.ts'

/** What the organisation signed, under which version, and what is missing. */
export function OwnSignatures({ frame: { t }, signatures }: { frame: Frame; signatures: SignatureLine[] }) {
  return (
    <Section title={t('memorandum.own')} id="memorandum">
      <Table
        caption={t('memorandum.own')}
        captionHidden
        rows={signatures}
        rowKey={(row) => row.id}
        empty={<p class="muted">{t('memorandum.own.none')}</p>}
        columns={[
          {
            key: 'version',
            label: t('memorandum.version'),
            main: true,
            cell: (row) => (
              <a href={`/memorandum/${row.version}`}>{t('memorandum.version.n', { n: row.version })}</a>
            ),
          },
          { key: 'who', label: t('memorandum.signatory'), cell: (row) => row.signatoryName },
          {
            key: 'day',
            label: t('memorandum.day'),
            kind: 'time',
            cell: (row) => signedIn(row, t),
          },
          {
            key: 'state',
            label: t('memorandum.state'),
            cell: (row) => <Chip>{t(`memorandum.state.${row.state}`)}</Chip>,
          },
        ]}
      />
    </Section>
  )
}
