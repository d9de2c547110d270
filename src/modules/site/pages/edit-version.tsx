/** One version for its editors: its words, what it changed, and publishing it. */
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Chip,
  Details,
  Facts,
  Field,
  Form,
  html,
  Page,
  type PageProps,
  Section,
  Time,
} from '../../../ui/index.ts'
import { compare } from '../compare.ts'
import type { EditedText, Version, VersionLine } from '../texts-edit.ts'
import { Prose } from './text.tsx'

interface VersionProps {
  frame: PageProps & { zone: string }
  text: EditedText
  version: Version
  /** What it is compared with. */
  against: Version | null
  /** For the field of planned publishing. */
  publishAt: string
  error?: string
}

export function versionPage(props: VersionProps): string {
  const { frame, text, version, against } = props
  const { t, now, zone } = frame
  return html(
    <Page {...frame}>
      <p>
        <a href={`/site/texts/${text.id}?lang=${version.lang}`}>{t('site.versions.back')}</a>
      </p>
      <Facts
        facts={[
          { label: t('site.versions.state'), value: <Chip>{t(`site.state.${version.state}`)}</Chip> },
          { label: t('site.field.lang'), value: t(`site.lang.${version.lang}`) },
          {
            label: t('site.edit.saved'),
            value: <Time t={t} at={version.savedAt} now={now} zone={zone} as="short" />,
            note: version.savedBy ?? 'hSOC',
          },
          version.publishAt !== null && {
            label: t('site.versions.from'),
            value: <Time t={t} at={version.publishAt} now={now} zone={zone} as="short" />,
          },
          version.until !== null && {
            label: t('site.versions.until'),
            value: <Time t={t} at={version.until} now={now} zone={zone} as="short" />,
          },
          version.restored !== null && {
            label: t('site.versions.restored'),
            value: t('site.versions.one', { no: version.restored }),
          },
        ]}
      />
      <Publishing {...props} />
      {against && <Comparison t={t} text={text} version={version} against={against} />}
      <Section title={t('site.preview.look')}>
        <div lang={version.lang}>
          <h3>{version.title}</h3>
          <p class="page-lead">{version.summary}</p>
          <Prose markdown={version.body} />
        </div>
      </Section>
      <Details summary={t('site.versions.source')}>
        <pre class="code-block">{version.body}</pre>
      </Details>
    </Page>,
  )
}

function Publishing({ frame, text, version, publishAt, error }: VersionProps) {
  const { t, csrf, zone } = frame
  const path = `/site/versions/${version.id}`
  const newest = text.versions.find((line) => line.lang === version.lang)
  return (
    <Section title={t('site.publish.title')}>
      <Actions>
        <Button href={`${path}/preview`}>{t('site.preview.full')}</Button>
      </Actions>
      {version.state === 'draft' && (
        <Form action={`${path}/publication`} csrf={csrf}>
          <Button kind="primary">{t('site.publish.now')}</Button>
        </Form>
      )}
      {(version.state === 'draft' || version.state === 'planned') && (
        <Form action={`${path}/publication`} csrf={csrf} label={t('site.publish.plan')}>
          <Field
            label={t('site.publish.at', { zone })}
            name="at"
            type="datetime-local"
            required
            value={publishAt}
            error={error}
          />
          <Button>{t('site.publish.plan')}</Button>
        </Form>
      )}
      {version.state === 'planned' && (
        <Form action={`${path}/publication/withdrawal`} csrf={csrf}>
          <Button>{t('site.publish.unplan')}</Button>
        </Form>
      )}
      {newest?.id !== version.id && (
        <Form action={`${path}/restoration`} csrf={csrf}>
          <Button consequence={t('site.restore.what')}>{t('site.restore')}</Button>
        </Form>
      )}
    </Section>
  )
}

interface ComparisonProps {
  t: T
  text: EditedText
  version: Version
  against: Version
}

function Comparison({ t, text, version, against }: ComparisonProps) {
  const others = text.versions.filter((line) => line.lang === version.lang && line.id !== version.id)
  return (
    <Section title={t('site.compare.title', { no: against.no })} id="compare">
      <OthersToCompare {...{ t, version, against, others }} />
      {(['title', 'summary', 'body'] as const).map((field) => (
        <div key={field}>
          <h3>{t(`site.field.${field}`)}</h3>
          {against[field] === version[field] ? (
            <p class="muted">{t('site.compare.same')}</p>
          ) : (
            <Changes t={t} before={against[field]} after={version[field]} />
          )}
        </div>
      ))}
    </Section>
  )
}

function OthersToCompare(props: { t: T; version: Version; against: Version; others: VersionLine[] }) {
  const { t, version, against, others } = props
  return (
    <Form action={`/site/versions/${version.id}`} method="get" label={t('site.compare.with')}>
      <Field
        label={t('site.compare.with')}
        name="with"
        type="select"
        value={String(against.id)}
        options={others.map((line) => ({
          value: String(line.id),
          label: `${t('site.versions.one', { no: line.no })} (${t(`site.state.${line.state}`)})`,
        }))}
      />
      <Button>{t('site.compare.do')}</Button>
    </Form>
  )
}

function Changes({ t, before, after }: { t: T; before: string; after: string }) {
  return (
    <div class="site-changes">
      {compare(before, after).map((piece, index) => {
        if (piece.kind === 'same') return <span key={index}>{piece.text}</span>
        const Tag = piece.kind === 'added' ? 'ins' : 'del'
        return (
          <Tag key={index}>
            <span class="visually-hidden">
              {t(piece.kind === 'added' ? 'ui.diff.after' : 'ui.diff.before')}{' '}
            </span>
            {piece.text}
          </Tag>
        )
      })}
    </div>
  )
}
