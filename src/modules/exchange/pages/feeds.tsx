/** What programs may fetch of warnings, and how to set them up. */
import type { Frame } from '../../../platform/frame.ts'
import { CodeBlock, EmptyState, html, Page, Section } from '../../../ui/index.ts'
import { warningsFeed } from '../../site/pages.ts'
import { doors, metadataPath } from '../csaf/places.ts'

interface FeedsProps {
  frame: Frame
  baseUrl: string
  groups: { slug: string; name: string }[]
  /** Those that the reader leads, and makes keys for. */
  led: { slug: string; name: string }[]
  /** The reader may make keys. */
  makesKeys: boolean
  /** Of the key that signs; null until something was signed. */
  fingerprint: string | null
}

export function feedsPage({ frame, baseUrl, groups, led, makesKeys, fingerprint }: FeedsProps): string {
  const { t, actor } = frame
  const open = baseUrl + warningsFeed(t.lang)
  const keyed = `${baseUrl}/feeds/warnings.atom`
  return html(
    <Page
      {...frame}
      lead={t('feeds.lead')}
      meta={<link rel="alternate" type="application/atom+xml" href={open} title={t('feeds.title.public')} />}
    >
      <Section title={t('feeds.title.public')} id="public" lead={t('feeds.public.lead')}>
        <CodeBlock t={t} label="Atom" text={open} />
      </Section>
      <Section title={t('feeds.key.title')} id="key" lead={t('feeds.key.lead')}>
        <ol class="bullets">
          <li>
            {makesKeys ? <a href="/keys">{t('feeds.key.make')}</a> : t('feeds.key.make')}:{' '}
            {t('feeds.key.right')}
          </li>
          <li>{t('feeds.key.enter')}</li>
        </ol>
        <CodeBlock t={t} label={t('feeds.key.basic')} text={keyed} />
        <CodeBlock t={t} label={t('feeds.key.path')} text={`${baseUrl}/feeds/k/hsk_…/warnings.atom`} />
        <p class="muted">{t('feeds.key.careful')}</p>
      </Section>
      {actor && (
        <Section title={t('feeds.groups.title')} id="groups" lead={t('feeds.groups.lead')}>
          {groups.length === 0 ? (
            <EmptyState title={t('feeds.groups.none')}>
              <p>
                <a href="/groups">{t('feeds.groups.see')}</a>
              </p>
            </EmptyState>
          ) : (
            <ul class="bullets">
              {groups.map(({ slug, name }) => (
                <li key={slug}>
                  <a href={`/feeds/groups/${slug}/warnings.atom`} data-turbo="false">
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          )}
          {led.length > 0 && (
            <>
              <p>{t('feeds.groupKeys.yours')}</p>
              <ul class="bullets">
                {led.map(({ slug, name }) => (
                  <li key={slug}>
                    <a href={`/feeds/groups/${slug}/keys`}>{t('feeds.groupKeys.title', { name })}</a>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Section>
      )}
      <Section title={t('feeds.csaf.title')} id="csaf" lead={t('feeds.csaf.lead')}>
        <CodeBlock t={t} label="provider-metadata.json" text={baseUrl + metadataPath} />
        <p>
          {t('feeds.csaf.open')}{' '}
          <a href={`${doors.open.base}/`} data-turbo="false">
            {doors.open.base}/
          </a>
        </p>
        <p>{t('feeds.csaf.protected', { path: `${doors.protected.base}/` })}</p>
        <CodeBlock
          t={t}
          label="curl"
          text={`curl -u hsoc:hsk_… '${baseUrl}${doors.protected.base}/changes.csv'`}
        />
        {fingerprint && (
          <p>
            {t('feeds.csaf.key')} <code class="address">{fingerprint}</code>
          </p>
        )}
      </Section>
      <Section title={t('feeds.rest.title')} id="rest" lead={t('feeds.rest.lead')}>
        <p>
          <a href="/api">{t('feeds.rest.api')}</a>
        </p>
      </Section>
    </Page>,
  )
}
