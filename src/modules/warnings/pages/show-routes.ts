/** The page of a warning and its forms. Every deed is a noun in the address; success answers 303, a refusal 422 with the form. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import type { Flash } from '../../../ui/index.ts'
import { answer } from '../answers.ts'
import { ask, assign, note, reply as replyTo } from '../talk.ts'
import { type AnswerWord, answerWords, type WarningRow } from '../types.ts'
import { atWork, backTo, coordinators, idOf, readers, text } from './access.ts'
import { takeBack, undoOf } from './answering.ts'
import { page, sendHtml } from './route.ts'
import { showPage, versionOf } from './show.tsx'
import { gather } from './show-data.ts'

interface Params {
  id: string
}

interface Query {
  answered?: string
  said?: string
  version?: string
  events?: string
}

interface Refused {
  errors: Record<string, string>
  given: { note?: string; text?: string }
}

const speakers = [...coordinators, ...atWork]

export function mountShow(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest<{ Params: Params; Querystring: Query }>,
    reply: FastifyReply,
    refused?: Refused,
  ) => {
    const actor = actorOf(request)
    const data = await gather(context, actor, idOf(request.params.id), request.now, {
      after: request.query.events,
      opens: request.method === 'GET',
    })
    const shown = showPage({
      frame: frameOf(request, { active: 'warnings', title: '' }),
      actor,
      data,
      phone: context.settings.coordinatorPhone,
      version: versionOf(request.query.version, actor, data.warning.org),
      flash: flashOf(request, data.warning),
      ...refused,
    })
    return sendHtml(reply, shown, refused ? 422 : 200)
  }

  app.get<{ Params: Params; Querystring: Query }>(
    '/warnings/:id',
    page({ who: readers, objects: { id: 'warning' } }),
    (request, reply) => draw(request, reply),
  )

  /** A form of this page: does, and returns; a mistake shows the page again with what was written. */
  const form = (
    noun: string,
    who: typeof readers,
    sample: Record<string, string>,
    act: (request: FastifyRequest<{ Params: Params }>) => Promise<string>,
  ) =>
    app.post<{ Params: Params; Querystring: Query }>(
      `/warnings/:id/${noun}`,
      page({ who, objects: { id: 'warning' }, sample }),
      async (request, reply) => {
        try {
          return reply.redirect(await act(request), 303)
        } catch (error) {
          if (!(error instanceof Invalid)) throw error
          return draw(request, reply, {
            errors: said(error, request),
            given: { note: text(request.body, 'note'), text: text(request.body, 'text') },
          })
        }
      },
    )

  form('answer', readers, { answer: 'seen' }, async (request) => {
    const id = idOf(request.params.id)
    const word = wordOf(request.body)
    await answer(
      context.db,
      actorOf(request),
      id,
      { answer: word, note: text(request.body, 'note') || null, via: 'page' },
      request.now,
    )
    const back = backTo(text(request.body, 'back'), `/warnings/${id}`)
    return `${back}${back.includes('?') ? '&' : '?'}answered=${id}-${word}`
  })
  form('answer/withdrawal', speakers, {}, async (request) => {
    const id = idOf(request.params.id)
    await takeBack(context, actorOf(request), id, request.t('warnings.answer.takenBack'), request.now)
    return `/warnings/${id}?said=undone`
  })
  form('note', speakers, { text: '…' }, async (request) => {
    const id = idOf(request.params.id)
    const internal = text(request.body, 'internal') === '1'
    await note(context.db, actorOf(request), id, text(request.body, 'text'), request.now, internal)
    return `/warnings/${id}?said=note#talk`
  })
  form('question', atWork, { text: '…' }, async (request) => {
    const id = idOf(request.params.id)
    await ask(context.db, actorOf(request), id, text(request.body, 'text'), request.now)
    return `/warnings/${id}?said=question#talk`
  })
  form('reply', coordinators, { text: '…' }, async (request) => {
    const id = idOf(request.params.id)
    await replyTo(context.db, actorOf(request), id, text(request.body, 'text'), request.now)
    return `/warnings/${id}?said=reply#talk`
  })
  form('assignee', speakers, { person: '' }, async (request) => {
    const id = idOf(request.params.id)
    const chosen = text(request.body, 'person')
    await assign(context.db, actorOf(request), id, chosen === '' ? null : idOf(chosen), request.now)
    return `/warnings/${id}?said=assignee`
  })
}

function wordOf(body: unknown): AnswerWord {
  const given = text(body, 'answer')
  const word = answerWords.find((one) => one === given)
  if (!word) throw new Invalid('There is no such answer', { answer: 'Choose an answer' })
  return word
}

/** The mistakes in the reader's language. */
function said(error: Invalid, { t }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(error.fields).map(([field, sentence]) => [
      field,
      t.has(`warnings.error.${field}`) ? t(`warnings.error.${field}`) : sentence,
    ]),
  )
}

const deeds = ['undone', 'note', 'question', 'reply', 'assignee'] as const

/** What was just done, with the way back where the answers allow one. */
export function flashOf(
  request: FastifyRequest,
  warning: Pick<WarningRow, 'id' | 'org' | 'answer' | 'state'>,
): Flash | undefined {
  const { t, query } = request as FastifyRequest<{ Querystring: Query }>
  const deed = deeds.find((one) => one === query.said)
  if (deed) return { text: t(`warnings.flash.${deed}`) }
  const word = answerWords.find((one) => query.answered === `${warning.id}-${one}`)
  if (!word) return undefined
  const undo = undoOf(actorOf(request), warning)
  return {
    text: t(`warnings.flash.answered.${warning.answer === standing(word) ? 'counted' : 'kept'}`, {
      said: t(`warnings.said.${word}`),
    }),
    ...(undo ? { undo: { action: undo, label: t('warnings.flash.undo') } } : {}),
  }
}

const standing = (word: AnswerWord): string => (word === 'false_alarm' ? 'done' : word)
