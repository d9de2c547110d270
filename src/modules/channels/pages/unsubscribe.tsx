/**
 * The page behind "fewer mails" and the door for one-click programs of mail providers (RFC 8058): a POST needs no cookie, no
 * token and no body, and answers 200. Looking (GET, HEAD) changes nothing.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, wantsPage } from '../../../platform/http.ts'
import { Actions, Button, Form, html, Notice, Page } from '../../../ui/index.ts'
import {
  type Choice,
  choices,
  choose,
  type Link,
  leave,
  readToken,
  type Standing,
  standing,
} from '../unsubscribe.ts'

const access: Access = { who: 'anyone', by: 'token' }
const route = { config: { access }, schema: { hide: true } }

/** Providers send a form, a multipart form, or nothing at all; we need at most one field of ours. */
const bodyBytes = 65_536

export async function mountUnsubscribe(app: App, context: Context): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: bodyBytes }, (_request, body, done) =>
      done(null, body),
    )

    scope.get('/u/:token', route, async (request, reply) => {
      const link = linkOf(context, request)
      return answer(request, reply, link, await standing(context.db, link), false)
    })

    scope.post('/u/:token', route, async (request, reply) => {
      const link = linkOf(context, request)
      const wish = wishOf(request.body)
      if (wish === 'leave') await leave(context.db, link, request.now)
      else await choose(context.db, link, wish, request.now)
      return answer(request, reply, link, await standing(context.db, link), true)
    })
  })
}

const linkOf = (context: Context, request: FastifyRequest): Link =>
  readToken(context.settings, (request.params as { token: string }).token)

type Wish = 'leave' | { singles: boolean | null; digest: Choice | null }

/** Our own page sends `choice`; anything else is a provider's one click. */
function wishOf(body: unknown): Wish {
  const choice = new URLSearchParams(typeof body === 'string' ? body : '').get('choice')
  if (choice === null) return 'leave'
  if (choice === 'singles') return { singles: true, digest: null }
  if (choice === 'gathered') return { singles: false, digest: null }
  const digest = choices.find((one) => one === choice)
  if (!digest) throw new Invalid('There is no such choice', { choice })
  return { singles: null, digest }
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  link: Link,
  now: Standing,
  done: boolean,
): FastifyReply {
  reply.headers({ 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' })
  if (!wantsPage(request)) return reply.send({ left: link.left, ...now })
  return reply.type('text/html; charset=utf-8').send(page(request, link, now, done))
}

function page(request: FastifyRequest, link: Link, now: Standing, done: boolean): string {
  const { t } = request
  const options =
    link.left === 'digest'
      ? choices.map((value) => ({ value: value as string, chosen: now.digest === value }))
      : [
          { value: 'gathered', chosen: !now.singles },
          { value: 'singles', chosen: now.singles },
        ]
  return html(
    <Page {...frameOf(request, { title: t('mails.leave.title') })} lead={t(`mails.leave.lead.${link.left}`)}>
      {done && <Notice kind="done" title={t('mails.leave.done')} />}
      <Form action={request.url} noTurbo label={t('mails.leave.title')}>
        <Actions>
          {options.map(({ value, chosen }) => (
            <Button
              key={value}
              name="choice"
              value={value}
              kind={chosen ? 'primary' : 'plain'}
              pressed={chosen}
            >
              {t(`mails.leave.choice.${value}`)}
            </Button>
          ))}
        </Actions>
      </Form>
      <p class="muted">{t('mails.leave.always')}</p>
    </Page>,
  )
}
