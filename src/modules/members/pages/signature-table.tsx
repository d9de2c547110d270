import type { Frame } from '../../../platform/frame.ts'
import { Chip, Table } from '../../../ui/index.ts'
import type { SignatureLine } from '../signatures.ts'
import { signedIn } from './names.ts'

/** Who signed one version. Addresses are shown to coordinators alone, and are nothing to write to. */
export function SignatureTable(props: { frame: Frame; signatures: SignatureLine[]; isCoordinator: boolean }) {
  const { frame, signatures, isCoordinator } = props
  const { t } = frame
  const organisations = new Set(
    signatures.filter((one) => one.state !== 'withdrawn').map((one) => one.nowOrg ?? one.org),
  ).size
  const undated = signatures.filter((one) => one.day === null).length
  return (
    <>
      {signatures.length > 0 && (
        <p>
          {t('memorandum.count', { n: organisations })}
          {undated > 0 && ` ${t('memorandum.count.undated', { n: undated })}`}
        </p>
      )}
      <Table
        caption={t('memorandum.signatures')}
        captionHidden
        rows={signatures}
        rowKey={(row) => row.id}
        empty={<p class="muted">{t('memorandum.nobody')}</p>}
        columns={[
          {
            key: 'institution',
            label: t('memorandum.institution'),
            main: true,
            cell: (row) => (
              <>
                {isCoordinator ? <a href={`/members/${row.org}`}>{row.institution}</a> : row.institution}
                {row.nowName && <div class="muted">{t('merging.signature.now', { name: row.nowName })}</div>}
              </>
            ),
          },
          { key: 'who', label: t('memorandum.signatory'), cell: (row) => row.signatoryName },
          {
            key: 'day',
            label: t('memorandum.day'),
            kind: 'time',
            cell: (row) =>
              row.day === null ? <span class="muted">{signedIn(row, t)}</span> : signedIn(row, t),
          },
          {
            key: 'state',
            label: t('memorandum.state'),
            cell: (row) => <Chip>{t(`memorandum.state.${row.state}`)}</Chip>,
          },
          ...(isCoordinator
            ? [
                {
                  key: 'contacts',
                  label: t('memorandum.contacts'),
                  help: t('memorandum.contacts.what'),
                  cell: (row: SignatureLine) => row.contacts.join(', '),
                },
                {
                  key: 'edit',
                  label: t('memorandum.edit'),
                  cell: (row: SignatureLine) => (
                    <a
                      href={`/signatures/${row.id}`}
                      aria-label={t('memorandum.edit.what', { name: row.signatoryName })}
                    >
                      {t('memorandum.edit')}
                    </a>
                  ),
                },
              ]
            : []),
        ]}
      />
    </>
  )
}
