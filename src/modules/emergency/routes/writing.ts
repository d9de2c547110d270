/** Writing a call, looking at whom it would reach, and releasing it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { Changed, Invalid } from '../../../platform/errors.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { doneOf, page, sendHtml, text } from '../../../platform/page-routes.ts'
import { movedSince, type Shown, shownOf } from '../../../platform/revision.ts'
import { kinds, regionCodes } from '../../members/index.ts'
import { periodAt } from '../../warnings/index.ts'
import { callShown, create, discard, draftShown, save } from '../draft.ts'
import { draftPage, newPage } from '../pages/draft.tsx'
import type { EditorProps } from '../pages/editor.tsx'
import { blank, draftFrom, type Typed, typedIn, typedOf } from '../pages/form.ts'
import { getBroadcast } from '../read.ts'
import { judge, release } from '../release.ts'
import type { Broadcast } from '../types.ts'
import { asAsker, frameFor, idIn, leaders, ofCall, previewFor } from './asked.ts'

interface Wrong {
  typed: Typed
  errors: Record<string, string>
  /** What its writer had seen before the mistake. */
  shown?: Shown
  changed?: { fields: string[]; overtaken: boolean }
}

const sample = {
  ...{
    class: 'drill',
    title: 'Zkouška',
    body: 'Odpovězte.',
    tlp: 'GREEN',
    whom: 'all',
    mode: 'org',
    within: '60',
  },
  ...{ cs_1: 'Ano', en_1: 'Yes', cs_2: 'Ne', en_2: 'No', quorum: '2', channel: 'mail' },
}

const shownIn = (body: unknown): Shown => ({ seen: text(body, 'seen'), saw: text(body, 'saw') })

async function choicesOf(tx: Tx): Promise<EditorProps['choices']> {
  const { rows } = await tx.query<{ id: number; name: string }>(
    `select id, name from organisations where status in ('participant', 'signatory') order by name collate "cs-x-icu", id`,
  )
  return { organisations: rows, kinds, regions: regionCodes }
}

/** The page of a draft: the editor with what was typed, and whom the saved one would reach now. */
export async function drawDraft(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  call: Broadcast,
  wrong?: Wrong,
): Promise<FastifyReply> {
  const actor = actorOf(request)
  const found = await asAsker(context, request, async (tx) => ({
    choices: await choicesOf(tx),
    period: await periodAt(tx, request.now),
  }))
  const preview = await previewFor(context, request, call)
  const said = doneOf(request, ['saved'])
  return sendHtml(
    reply,
    draftPage({
      frame: frameFor(context, request, call.title),
      action: `/rollcalls/${call.id}`,
      call,
      preview,
      choices: found.choices,
      typed: wrong?.typed ?? typedOf(call),
      shown: wrong?.shown ?? shownOf(draftShown(call)),
      errors: wrong?.errors ?? {},
      changed: wrong?.changed
        ? { ...wrong.changed, moved: movedSince(shownIn(request.body), callShown(call, preview.policy)) }
        : null,
      own: [call.author, call.editor].includes(actor.person),
      alone: found.period !== null,
      noTexts: context.settings.hasSms === false,
      flash: said && { text: request.t('rollcalls.done.saved') },
    }),
    wrong?.changed ? 409 : wrong ? 422 : 200,
  )
}

export function mountWriting(app: App, context: Context): void {
  const { db } = context
  const drawNew = async (request: FastifyRequest, reply: FastifyReply, wrong?: Wrong) => {
    const choices = await asAsker(context, request, choicesOf)
    const drawn = newPage({
      frame: frameFor(context, request, request.t('rollcalls.new')),
      action: '/rollcalls',
      choices,
      typed: wrong?.typed ?? typedOf(blank('drill', context.settings.emergencyRoom ?? '')),
      errors: wrong?.errors ?? {},
    })
    return sendHtml(reply, drawn, wrong ? 422 : 200)
  }
  app.get('/rollcalls/new', page(leaders), (request, reply) => drawNew(request, reply))

  app.post('/rollcalls', page({ ...leaders, sample }), async (request, reply) => {
    const typed = typedIn(request.body)
    try {
      const id = await asEngine(db, (tx) => create(tx, draftFrom(typed), actorOf(request), request.now))
      return reply.redirect(`/rollcalls/${id}?done=saved`, 303)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return drawNew(request, reply, { typed, errors: error.fields })
    }
  })

  app.post('/rollcalls/:id', page(ofCall(leaders, sample)), async (request, reply) => {
    const id = idIn(request)
    const typed = typedIn(request.body)
    const shown = shownIn(request.body)
    try {
      await asEngine(db, (tx) => save(tx, id, draftFrom(typed), actorOf(request), request.now, shown.seen))
    } catch (error) {
      if (!(error instanceof Invalid || error instanceof Changed)) throw error
      const call = await asAsker(context, request, (tx) => getBroadcast(tx, id))
      if (error instanceof Invalid)
        return drawDraft(context, request, reply, call, { typed, shown, errors: error.fields })
      const changed = { fields: error.fields, overtaken: true }
      return drawDraft(context, request, reply, call, { typed, errors: {}, changed })
    }
    return reply.redirect(`/rollcalls/${id}?done=saved`, 303)
  })

  app.post('/rollcalls/:id/release', page(ofCall(leaders)), async (request, reply) => {
    const id = idIn(request)
    try {
      const seen = text(request.body, 'seen')
      await asEngine(db, (tx) => release(tx, id, actorOf(request), request.now, seen))
    } catch (error) {
      if (!(error instanceof Invalid || error instanceof Changed)) throw error
      const call = await asAsker(context, request, (tx) => getBroadcast(tx, id))
      const typed = typedOf(call)
      if (error instanceof Invalid)
        return drawDraft(context, request, reply, call, { typed, errors: error.fields })
      const changed = { fields: error.fields, overtaken: false }
      return drawDraft(context, request, reply, call, { typed, errors: {}, changed })
    }
    return reply.redirect(`/rollcalls/${id}?done=released`, 303)
  })

  app.post('/rollcalls/:id/discard', page(ofCall(leaders)), async (request, reply) => {
    await asEngine(db, (tx) => discard(tx, idIn(request), actorOf(request), request.now))
    return reply.redirect('/rollcalls?done=discarded', 303)
  })

  app.post('/rollcalls/:id/review', page(ofCall(leaders)), async (request, reply) => {
    const id = idIn(request)
    await asEngine(db, (tx) => judge(tx, id, actorOf(request), request.now))
    return reply.redirect(`/rollcalls/${id}?done=judged`, 303)
  })
}
