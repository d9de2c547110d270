/** A warning for those who had it: that it is revoked or not for them any more, and nothing of what it said. */
import { Actions, Button, Facts, html, Notice, Page, type PageProps, Time } from '../../../../ui/index.ts'
import type { Tombstone } from '../../written/tombstones.ts'

export function gonePage({ frame, gone }: { frame: PageProps & { zone: string }; gone: Tombstone }): string {
  const { t, now, zone } = frame
  const { stands } = gone
  return html(
    <Page {...frame} title={t(`written.gone.title.${stands}`, { number: gone.number })}>
      <Notice kind="wrong" title={t(`written.${stands}`)}>
        <p>{t(`written.gone.lead.${stands}`)}</p>
      </Notice>
      <Facts
        facts={[
          {
            label: t(`written.gone.when.${stands}`),
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
