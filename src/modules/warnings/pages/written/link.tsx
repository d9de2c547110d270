/** The page behind the answer links of a written warning's mail. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { Forbidden, Invalid, NotFound } from '../../../../platform/errors.ts'
import type { App } from '../../../../platform/http.ts'
import { type T, translator } from '../../../../platform/i18n.ts'
import { html, Notice, Statement } from '../../../../ui/index.ts'
import { mayAnswer } from '../../written/answer-rules.ts'
import { answer } from '../../written/answers.ts'
import { type Line, linesOf } from '../../written/board-read.ts'
import { readLink, revokeLink, type WrittenLink } from '../../written/links.ts'
import { formOf as mailForm } from '../../written/reach.ts'
import { getWritten, versionOf } from '../../written/read.ts'
import { type AnswerWord, answerWords, type Version, type Written } from '../../written/types.ts'
import { saidIn } from '../../written/words.ts'
import { byLink, frameByLink, LinkPage, mountWithdrawal, plain, sendOver, tokenOf } from '../mail-link.tsx'
import { Answering } from './answering.tsx'
import { detailsOf, formOf, type GivenForm, wordOf } from './given.ts'
import { Marks } from './words.tsx'

interface Wrong {
  status: number
  errors: Record<string, string>
  form: GivenForm
  chosen: AnswerWord | null
}

export function mountWrittenLink(app: App, context: Context): void {
  const draw = async (request: FastifyRequest, reply: FastifyReply, link: WrittenLink, wrong?: Wrong) => {
    const t = translator(link.actor.language)
    plain(reply).type('text/html; charset=utf-8')
    const over = () => sendOver(request, reply, t, t('written.link.over'))
    if (!link.alive) return over()
    const found = await asReader(context.db, link.actor, request.now, async (tx) => ({
      warning: await getWritten(tx, link.warning),
      version: await versionOf(tx, link.warning, 'published'),
      line: (await linesOf(tx, link.warning)).find((one) => one.org === link.org && one.outAt === null),
    })).catch((error: unknown) => {
      // A narrower version took it from whoever has the mail: that is said, and nothing of what it was.
      if (error instanceof NotFound) return null
      throw error
    })
    if (!found?.version || !found.line) return over()
    const { warning, version, line } = found
    const query = request.query as { answer?: unknown; said?: unknown }
    return reply.status(wrong?.status ?? 200).send(
      linkPage(request, {
        ...{ t, link, warning, version, line, wrong },
        chosen: wrong?.chosen ?? wordOf(query.answer),
        said: wordOf(query.said),
      }),
    )
  }
  app.get('/w/:token', byLink, async (request, reply) =>
    draw(request, reply, await readLink(context, tokenOf(request), request.now)),
  )

  app.post('/w/:token', byLink, async (request, reply) => {
    const link = await readLink(context, tokenOf(request), request.now)
    if (!link.alive) return draw(request, reply, link)
    const word = wordOf((request.body as { answer?: unknown } | undefined)?.answer)
    const form = formOf(request.body)
    if (!word)
      return draw(request, reply, link, { status: 422, errors: { answer: 'form' }, form, chosen: null })
    try {
      await answer(
        context.db,
        link.actor,
        link.warning,
        { org: link.org, answer: word, ...detailsOf(form), via: 'mail' },
        request.now,
      )
    } catch (error) {
      if (error instanceof NotFound) return draw(request, reply, { ...link, alive: false })
      const errors =
        error instanceof Invalid ? error.fields : error instanceof Forbidden ? { answer: 'role' } : null
      if (!errors) throw error
      return draw(request, reply, link, {
        status: error instanceof Invalid ? 422 : 403,
        errors,
        form,
        chosen: word,
      })
    }
    return plain(reply).redirect(`/w/${tokenOf(request)}?said=${word}`, 303)
  })

  mountWithdrawal(app, context, 'w', { readLink, revokeLink })
}

interface Shown {
  t: T
  link: WrittenLink
  warning: Written
  version: Version
  line: Line
  wrong: Wrong | undefined
  chosen: AnswerWord | null
  said: AnswerWord | null
}

function linkPage(request: FastifyRequest, shown: Shown): string {
  const { t, link, warning, version, line, wrong, chosen, said } = shown
  const title = mailForm(version.tlp) === 'notice' ? t('written.mail.notice') : saidIn(version, t.lang).title
  const role = link.actor.engagements[0]
  const path = `/w/${tokenOf(request)}`
  return html(
    <LinkPage
      frame={frameByLink(request, t, title)}
      tlp={version.tlp}
      name={link.actor.name}
      org={role?.orgName ?? ''}
      path={path}
      about={`/warnings/written/${warning.id}`}
    >
      {said && <Notice kind="done" title={t('written.flash.answered')} />}
      {wrong?.errors.answer && (
        <Notice kind="wrong" title={t(`written.answerError.${wrong.errors.answer}`)} />
      )}
      <Marks t={t} warning={warning} version={version} now={request.now} />
      <Statement>{t(`written.standing.${line.answer}`)}</Statement>
      <Answering
        t={t}
        action={path}
        org={{ id: link.org, name: role?.orgName ?? '' }}
        standing={line.answer}
        may={answerWords.filter((word) => mayAnswer(link.actor, link.org, word))}
        chosen={chosen}
        given={wrong?.form}
        errors={wrong?.errors}
      />
    </LinkPage>,
  )
}
