/**
 * What the pages behind the answer links of mails share. Mail gateways and previews fetch links, so looking (GET, HEAD) changes
 * nothing; a button does, without sign-in. Such a page shows no more than the mail did.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ComponentChildren } from 'preact'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { Access, App } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import { Actions, Button, Form, html, Page, type PageProps } from '../../../ui/index.ts'

const access: Access = { who: 'anyone', by: 'token', sample: { answer: 'seen' } }
export const byLink = { config: { access }, schema: { hide: true } }

export const tokenOf = (request: FastifyRequest): string => (request.params as { token: string }).token

/** Nothing of this page may be kept, indexed, or told to the next site. */
export const plain = (reply: FastifyReply): FastifyReply =>
  reply.headers({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'x-robots-tag': 'noindex' })

/** The frame of a visitor in the language of the link's owner, whoever may be signed in in this browser. */
export const frameByLink = (request: FastifyRequest, t: T, title: string) => {
  const { nonce, now, path, theme, zone } = frameOf(request, { title })
  return { t, title, nonce, now, path, theme, zone }
}

/** The link has been revoked, or what it answered is over. */
export const sendOver = (request: FastifyRequest, reply: FastifyReply, t: T, lead: string): FastifyReply =>
  reply.status(410).send(
    html(
      <Page {...frameByLink(request, t, t('mails.link.over'))} lead={lead}>
        <p>
          <a href="/sign-in">{t('mails.link.signIn')}</a>
        </p>
      </Page>,
    ),
  )

interface LinkPageProps {
  frame: ReturnType<typeof frameByLink>
  tlp: PageProps['tlp']
  exercise?: PageProps['exercise']
  /** As whom and for which organisation the link answers. */
  name: string
  org: string
  /** Of the link itself, and of what it answers. */
  path: string
  about: string
  children: ComponentChildren
}

/** What there is to answer, the way to all of it, and the end of a link that was forwarded. */
export function LinkPage({ frame, tlp, exercise, name, org, path, about, children }: LinkPageProps) {
  const { t } = frame
  return (
    <Page {...frame} tlp={tlp} exercise={exercise} lead={t('mails.link.as', { name, org })}>
      {children}
      <p>
        <a href={about}>{t('mails.link.details')}</a>
      </p>
      <Form action={`${path}/withdrawal`} noTurbo label={t('mails.link.revoke')}>
        <p class="muted">{t('mails.link.forwarded', { name })}</p>
        <Actions>
          <Button kind="quiet">{t('mails.link.revoke')}</Button>
        </Actions>
      </Form>
    </Page>
  )
}

interface Links {
  readLink(context: Context, token: string, now: number): Promise<unknown>
  revokeLink(context: Context, token: string, now: number): Promise<void>
}

/** Ends a link; `at` is the letter under which links of its kind live. */
export function mountWithdrawal(app: App, context: Context, at: string, links: Links): void {
  app.post(`/${at}/:token/withdrawal`, byLink, async (request, reply) => {
    await links.readLink(context, tokenOf(request), request.now)
    await links.revokeLink(context, tokenOf(request), request.now)
    return plain(reply).redirect(`/${at}/${tokenOf(request)}`, 303)
  })
}
