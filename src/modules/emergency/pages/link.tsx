/** The page behind the answer links of a call's mail. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { Forbidden, Invalid, WrongState } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { type T, translator } from '../../../platform/i18n.ts'
import { text } from '../../../platform/page-routes.ts'
import { html, Notice } from '../../../ui/index.ts'
import {
  byLink,
  frameByLink,
  LinkPage,
  mountWithdrawal,
  plain,
  sendOver,
  tokenOf,
} from '../../warnings/pages.ts'
import { answer } from '../answer.ts'
import { type CallLink, readLink, revokeLink } from '../links.ts'
import { getBroadcast, linesOf } from '../read.ts'
import type { Broadcast, OrgLine } from '../types.ts'
import { isOpenWord, labelOutside, nameOf } from '../words.ts'
import { Answers, type Given, Standing } from './answering.tsx'
import { Marks } from './words.tsx'

export function mountCallLink(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    link: CallLink,
    wrong?: { given: Given; status: number },
  ) => {
    const t = translator(link.actor.language)
    plain(reply).type('text/html; charset=utf-8')
    const over = () => sendOver(request, reply, t, t('rollcalls.link.over'))
    if (!link.alive) return over()
    const { call, line } = await asReader(context.db, link.actor, request.now, async (tx) => ({
      call: await getBroadcast(tx, link.broadcast),
      line: (await linesOf(tx, link.broadcast)).find((one) => one.org === link.org),
    }))
    if (!line) return over()
    return reply
      .status(wrong?.status ?? 200)
      .send(linkPage(request, { t, link, call, line, given: wrong?.given }))
  }

  app.get('/r/:token', byLink, async (request, reply) =>
    draw(request, reply, await readLink(context, tokenOf(request), request.now)),
  )

  app.post('/r/:token', byLink, async (request, reply) => {
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

  mountWithdrawal(app, context, 'r', { readLink, revokeLink })
}

interface Shown {
  t: T
  link: CallLink
  call: Broadcast
  line: OrgLine
  given?: Given | undefined
}

function linkPage(request: FastifyRequest, { t, link, call: whole, line, given }: Shown): string {
  const title = isOpenWord(whole) ? whole.title : nameOf(whole, t)
  // No more than the mail said (mail.md 6).
  const answers = whole.answers.map((one) => ({ ...one, [t.lang]: labelOutside(whole, one, t) }))
  const call: Broadcast = { ...whole, title, answers }
  const path = `/r/${tokenOf(request)}`
  const query = request.query as { answer?: unknown; said?: unknown }
  const frame = frameByLink(request, t, title)
  return html(
    <LinkPage
      frame={frame}
      tlp={call.tlp}
      exercise={call.class === 'drill' ? t('rollcalls.mail.drill') : undefined}
      name={link.actor.name}
      org={line.name}
      path={path}
      about={`/rollcalls/${call.id}`}
    >
      {query.said === '1' && <Notice kind="done" title={t('rollcalls.done.answered')} />}
      <Marks t={t} call={call} />
      <Standing frame={frame} call={call} line={line} />
      <Answers
        t={t}
        action={path}
        call={call}
        line={line}
        given={given}
        chosen={typeof query.answer === 'string' ? query.answer : undefined}
      />
    </LinkPage>,
  )
}
