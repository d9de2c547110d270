/** The escalations that the reader may see: of the own organisations, or of the coordinators. */
import type { Frame } from '../../../platform/frame.ts'
import { EmptyState, html, List, ListRow, Notice, Page } from '../../../ui/index.ts'
import type { PolicyKind } from '../policy.ts'

export interface PolicyEntry {
  href: string
  kind: PolicyKind
  of: string
  steps: number
  /** 0: what ships with the platform. */
  version: number
  nobody: boolean
}

export function policiesPage({ frame, entries }: { frame: Frame; entries: PolicyEntry[] }): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('duty.policies.lead')}>
      {entries.length === 0 ? (
        <EmptyState title={t('duty.policies.none')} />
      ) : (
        <List label={t('duty.policies')}>
          {entries.map(({ href, kind, of, steps, version, nobody }) => (
            <ListRow key={href} href={href} title={t(`duty.policy.kind.${kind}`)} meta={of}>
              <p class="row-meta">
                {t('duty.policy.steps', { n: steps })}{' '}
                {version === 0 ? t('duty.policy.shipped') : t('duty.policy.version', { n: version })}
              </p>
              {nobody && (
                <Notice kind="wrong">
                  {t(kind === 'csirt' ? 'duty.policy.nobody.csirt' : 'duty.policy.nobody')}
                </Notice>
              )}
            </ListRow>
          ))}
        </List>
      )}
      <p>
        <a href="/duty">{t('duty.back')}</a>
      </p>
    </Page>,
  )
}
