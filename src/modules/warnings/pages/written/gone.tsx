/** A revoked warning for those who had it: that it is revoked, and nothing of what it said. */
import { Actions, Button, Facts, html, Notice, Page, type PageProps, Time } from '../../../../ui/index.ts'
import type { Tombstone } from '../../written/tombstones.ts'

export function gonePage({ frame, gone }: { frame: PageProps & { zone: string }; gone: Tombstone }): string {
  const { t, now, zone } = frame
  return html(
    <Page {...frame} title={t('written.gone.title', { number: gone.number })}>
      <Notice kind="wrong" title={t('written.revoked')}>
        <p>{t('written.gone.lead')}</p>
      </Notice>
      <Facts
        facts={[
          {
            label: t('written.gone.when'),
            value: <Time t={t} at={gone.revokedAt} now={now} zone={zone} />,
          },
          gone.reason !== null && { label: t('written.gone.reason'), value: gone.reason },
        ]}
      />
      <Actions>
        <Button href="/warnings/written">{t('written.gone.all')}</Button>
      </Actions>
    </Page>,
  )
}
