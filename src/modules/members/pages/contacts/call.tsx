/** What a coordinator has before them while calling: the number and the code to read out. Shown this once. */
import type { Frame } from '../../../../platform/frame.ts'
import { Actions, Button, html, Page, Steps, Time } from '../../../../ui/index.ts'
import type { Point } from '../../contacts/points.ts'
import { Value } from './parts.tsx'

interface CallProps {
  frame: Frame
  org: number
  number: number
  point: Point
  code: string
  until: number
}

export function callPage({ frame, org, number, point, code, until }: CallProps): string {
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={t('contacts.call.lead')} narrow>
      <Steps
        steps={[
          <>
            {t('contacts.call.dial', { name: point.name })}{' '}
            <Value channel={point.channel} value={point.value} />
          </>,
          <>
            {t('contacts.call.read')} <strong class="contact-code">{code.replace(/(\d{3})/, '$1 ')}</strong>
          </>,
          t('contacts.call.typed'),
        ]}
      />
      <p class="muted">
        {t('contacts.call.until')} <Time t={t} at={until} now={now} zone={zone} as="clock" />.{' '}
        {t('contacts.call.honest')}
      </p>
      <Actions>
        <Button href={`/members/${org}/contacts/${number}`}>{t('contacts.call.back')}</Button>
      </Actions>
    </Page>,
  )
}
