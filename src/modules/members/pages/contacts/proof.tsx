/** The link that proves an address: what it asks, and that it is done. Looking alone proves nothing. */
import type { Frame } from '../../../../platform/frame.ts'
import { Button, EmptyState, Form, html, Page } from '../../../../ui/index.ts'
import type { Asked } from '../../contacts/verify.ts'

export const proofPage = ({ frame, token, asked }: { frame: Frame; token: string; asked: Asked }): string =>
  html(
    <Page
      {...frame}
      lead={frame.t('contacts.proof.lead', { organisation: asked.orgName, value: asked.value })}
      narrow
    >
      <p>{frame.t('contacts.proof.what', { name: asked.name })}</p>
      <Form action={`/contact-proof/${encodeURIComponent(token)}`} csrf={frame.csrf} noTurbo>
        <Button kind="primary">{frame.t('contacts.proof.do')}</Button>
      </Form>
    </Page>,
  )

export const provedPage = ({ frame, asked }: { frame: Frame; asked: Asked }): string =>
  html(
    <Page {...frame} title={frame.t('contacts.proof.done')} narrow>
      <p>{frame.t('contacts.proof.doneWhat', { organisation: asked.orgName, value: asked.value })}</p>
    </Page>,
  )

export const proofOverPage = (frame: Frame): string =>
  html(
    <Page {...frame} narrow>
      <EmptyState title={frame.t('contacts.proof.over')}>
        <p>{frame.t('contacts.proof.overWhat')}</p>
      </EmptyState>
    </Page>,
  )
