/**
 * The page behind the answer links of a mail. Mail gateways fetch links, so looking (GET, HEAD) changes nothing; a button does,
 * without sign-in. It shows no more than the mail did.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { Forbidden, Invalid, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import type { Access, App } from '../../../platform/http.ts'
import { type T, translator } from '../../../platform/i18n.ts'
import { text } from '../../../platform/page-routes.ts'
import { Actions, Button, Form, html, Notice, Page } from '../../../ui/index.ts'
import { formOf } from '../../warnings/index.ts'
import { answer } from '../answer.ts'
import { type CallLink, readLink, revokeLink } from '../links.ts'
import { getBroadcast, linesOf } from '../read.ts'
import type { Broadcast, OrgLine } from '../types.ts'
import { nameOf } from '../words.ts'
import { Answers, type Given, Standing } from './answering.tsx'
import { Marks } from './words.tsx'

const access: Access = { who: 'anyone', by: 'token', sample: { answer: 'seen' } }
const route = { config: { access }, schema: { hide: true } }

export function mountCallLink(app: App, context: Context): void {
  const tokenOf = (request: FastifyRequest): string => (request.params as { token: string }).token
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    link: CallLink,
    wrong?: { given: Given; status: number },
  ) => {
    const t = translator(link.actor.language)
    plain(reply).type('text/html; charset=utf-8')
    if (!link.alive) return reply.status(410).send(overPage(request, t))
    const { call, line } = await asReader(context.db, link.actor, request.now, async (tx) => ({
      call: await getBroadcast(tx, link.broadcast),
      line: (await linesOf(tx, link.broadcast)).find((one) => one.org === link.org),
    }))
    if (!line) return reply.status(410).send(overPage(request, t))
    return reply
      .status(wrong?.status ?? 200)
      .send(linkPage(request, { t, link, call, line, given: wrong?.given }))
  }

  app.get('/r/:token', route, async (request, reply) =>
    draw(request, reply, await readLink(context, tokenOf(request), request.now)),
  )

  app.post('/r/:token', route, async (request, reply) => {
    const link = await readLink(context, tokenOf(request), request.now)
    if (!link.alive) return draw(request, reply, link)
    const [code, note] = [text(request.body, 'answer'), text(request.body, 'note')]
    try {
      await asEngine(context.db, (tx) =>
        answer(tx, link.broadcast, { org: link.org, code, note, via: 'link' }, link.actor, request.now),
      )
    } catch (error) {
      if (error instanceof WrongState) return draw(request, reply, { ...link, alive: false })
      const errors =
        error instanceof Invalid ? error.fields : error instanceof Forbidden ? { answer: 'role' } : null
      if (!errors) throw error
      const status = error instanceof Invalid ? 422 : 403
      return draw(request, reply, link, { given: { org: link.org, note, errors }, status })
    }
    return plain(reply).redirect(`/r/${tokenOf(request)}?said=1`, 303)
  })

  app.post('/r/:token/withdrawal', route, async (request, reply) => {
    await readLink(context, tokenOf(request), request.now)
    await revokeLink(context, tokenOf(request), request.now)
    return plain(reply).redirect(`/r/${tokenOf(request)}`, 303)
  })
}

/** Nothing of this page may be kept, indexed, or told to the next site. */
const plain = (reply: FastifyReply): FastifyReply =>
  reply.headers({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'x-robots-tag': 'noindex' })

/** The frame of a visitor in the language of the link's owner, whoever may be signed in in this browser. */
const frame = (request: FastifyRequest, t: T, title: string) => {
  const { nonce, now, path, theme, zone } = frameOf(request, { title })
  return { t, title, nonce, now, path, theme, zone }
}

const overPage = (request: FastifyRequest, t: T): string =>
  html(
    <Page {...frame(request, t, t('mails.link.over'))} lead={t('rollcalls.link.over')}>
      <p>
        <a href="/sign-in">{t('mails.link.signIn')}</a>
      </p>
    </Page>,
  )

interface Shown {
  t: T
  link: CallLink
  call: Broadcast
  line: OrgLine
  given?: Given | undefined
}

function linkPage(request: FastifyRequest, { t, link, call, line, given }: Shown): string {
  const title = formOf(call.tlp) === 'notice' ? nameOf(call, t) : call.title
  const path = `/r/${(request.params as { token: string }).token}`
  const query = request.query as { answer?: unknown; said?: unknown }
  const drawn = frame(request, t, title)
  return html(
    <Page
      {...drawn}
      tlp={call.tlp}
      exercise={call.class === 'drill' ? t('rollcalls.mail.drill') : undefined}
      lead={t('mails.link.as', { name: link.actor.name, org: line.name })}
    >
      {query.said === '1' && <Notice kind="done" title={t('rollcalls.done.answered')} />}
      <Marks t={t} call={call} />
      <Standing frame={drawn} call={call} line={line} />
      <Answers
        t={t}
        action={path}
        call={call}
        line={line}
        given={given}
        chosen={typeof query.answer === 'string' ? query.answer : undefined}
      />
      <p>
        <a href={`/rollcalls/${call.id}`}>{t('mails.link.details')}</a>
      </p>
      <Form action={`${path}/withdrawal`} noTurbo label={t('mails.link.revoke')}>
        <p class="muted">{t('mails.link.forwarded', { name: link.actor.name })}</p>
        <Actions>
          <Button kind="quiet">{t('mails.link.revoke')}</Button>
        </Actions>
      </Form>
    </Page>,
  )
}
