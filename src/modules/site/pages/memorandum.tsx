/** The memorandum for everybody: its versions, each to be read and printed, and who signed. */

import { monthTitle } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import { Code, EmptyState, html, Notice, Page, type PageProps, Section, Table } from '../../../ui/index.ts'
import type { PublicSignature, Version, VersionLine } from '../../members/index.ts'
import { signedIn } from '../../members/pages.ts'
import { versionPath } from '../places.ts'

interface MemorandumProps {
  frame: PageProps
  versions: VersionLine[]
  signatures: PublicSignature[]
}

export function memorandumPage({ frame, versions, signatures }: MemorandumProps): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      {versions.length === 0 && <EmptyState title={t('site.memorandum.none')} />}
      {versions.length > 0 && (
        <Section title={t('site.memorandum.versions')}>
          <ul class="bullets">
            {versions.map((one) => (
              <li key={one.number}>
                <a href={versionPath(one.number, t.lang)}>
                  {t('site.memorandum.version', { n: one.number })}:{' '}
                  <span lang={foreignTo(t, one)}>{one.title}</span>
                </a>{' '}
                <span class="muted">{aboutOf(one, t)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {versions.length > 0 && <Signatories t={t} signatures={signatures} versions />}
    </Page>,
  )
}

interface VersionProps {
  frame: PageProps
  version: Version
  signatures: PublicSignature[]
}

export function memorandumVersionPage({ frame, version, signatures }: VersionProps): string {
  const { t } = frame
  const foreign = foreignTo(t, version)
  return html(
    <Page {...frame} head={<h1 lang={foreign}>{version.title}</h1>} lead={aboutOf(version, t)}>
      {foreign && (
        <Notice kind="note">
          <p>{t(`site.memorandum.only.${version.language}`)}</p>
        </Notice>
      )}
      <div class="prose" lang={foreign}>
        {version.text === ''
          ? t('site.memorandum.noText')
          : version.text.split(/\n{2,}/).map((part) => <p key={part}>{part}</p>)}
      </div>
      {version.fileSha256 && (
        <p class="muted">
          {t('site.memorandum.sha256')} <Code t={t} text={version.fileSha256} />
        </p>
      )}
      <Signatories t={t} signatures={signatures.filter((one) => one.version === version.number)} />
    </Page>,
  )
}

const foreignTo = (t: T, { language }: VersionLine): string | undefined =>
  language === t.lang ? undefined : language

const aboutOf = (one: VersionLine, t: T): string =>
  `${t('site.memorandum.version', { n: one.number })}, ${monthTitle(one.month, t)}, ${t(`site.memorandum.language.${one.language}`)}`

function Signatories({
  t,
  signatures,
  versions,
}: {
  t: T
  signatures: PublicSignature[]
  versions?: boolean
}) {
  const institutions = new Set(signatures.map((one) => one.institution)).size
  return (
    <Section
      title={t('site.memorandum.signatories')}
      lead={signatures.length > 0 ? t('site.memorandum.count', { n: institutions }) : undefined}
    >
      <Table
        caption={t('site.memorandum.signatories')}
        captionHidden
        rows={signatures.map((one, i) => ({ ...one, key: i }))}
        rowKey={(row) => row.key}
        empty={<p class="muted">{t('site.memorandum.nobody')}</p>}
        columns={[
          {
            key: 'institution',
            label: t('site.memorandum.institution'),
            main: true,
            cell: (row) => row.institution,
          },
          ...(signatures.some((one) => one.signatory !== null)
            ? [
                {
                  key: 'who',
                  label: t('site.memorandum.signatory'),
                  cell: (row: PublicSignature) => row.signatory ?? '',
                },
              ]
            : []),
          ...(versions
            ? [
                {
                  key: 'version',
                  label: t('site.memorandum.versionShort'),
                  cell: (row: PublicSignature) => (
                    <a href={versionPath(row.version, t.lang)}>
                      {t('site.memorandum.version', { n: row.version })}
                    </a>
                  ),
                },
              ]
            : []),
          { key: 'day', label: t('site.memorandum.signed'), kind: 'time', cell: (row) => signedIn(row, t) },
        ]}
      />
      <p class="muted">{t('site.memorandum.names')}</p>
    </Section>
  )
}
