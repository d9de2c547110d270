/** Routes of choosing: finding shows the page with what was found, keeping writes the choice into the draft. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { Changed, Invalid } from '../../../../platform/errors.ts'
import { frameOf } from '../../../../platform/frame.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { type Shown, shownOf } from '../../../../platform/revision.ts'
import { indicatorOf } from '../../../../values/indicators.ts'
import { choose } from '../../written/indicators/choose.ts'
import { keyOf } from '../../written/indicators/find.ts'
import { askLists, groundsOf, judge } from '../../written/indicators/judge.ts'
import { allOf, draftIn } from '../../written/indicators/offer.ts'
import { choiceShown } from '../../written/seen.ts'
import { coordinators, idOf, text } from '../access.ts'
import { page, sendHtml } from '../route.ts'
import { each } from './form.ts'
import { choosingPage, longestPaste } from './indicators.tsx'
import { whatChanged } from './moved.ts'

interface Params {
  id: string
}

interface Wanted {
  pasted: string
  /** Null: what is kept. */
  take: string[] | null
  /** What the choice was made on; without it what is kept. */
  shown?: Shown
  errors?: Record<string, string>
}

export function mountIndicators(app: App, context: Context): void {
  const { db, settings } = context
  const of = {
    who: coordinators,
    objects: { id: 'written' as const },
    sample: { take: 'evil.example', pasted: '', deed: 'keep' },
  }
  const grounds = groundsOf(settings)

  const draw = async (
    request: FastifyRequest<{ Params: Params }>,
    reply: FastifyReply,
    { pasted, take, shown, errors }: Wanted,
  ) => {
    const actor = actorOf(request)
    const id = idOf(request.params.id)
    const { warning, version, kept, changed } = await asReader(db, actor, request.now, async (tx) => {
      const draft = await draftIn(tx, id)
      const now = choiceShown(draft.version, draft.kept)
      const isLate = errors?.indicators === 'changed'
      const changed = isLate
        ? await whatChanged(tx, request.t, { body: request.body, fields: ['indicators'], now })
        : null
      return { ...draft, changed }
    })
    const chosen = take ? take.flatMap((one) => indicatorOf(one) ?? []) : kept
    const { found, cut } = allOf(version, pasted, [...kept, ...chosen])
    const lists = await askLists(grounds, found)
    const judged = await asReader(db, actor, request.now, (tx) =>
      judge(tx, found, grounds, lists, request.now),
    )
    const said = (request.query as { said?: string }).said
    return sendHtml(
      reply,
      choosingPage({
        frame: frameOf(request, { active: 'written', title: '' }),
        warning,
        version,
        judged,
        chosen: new Set(chosen.map(keyOf)),
        shown: shown ?? shownOf(choiceShown(version, kept)),
        changed,
        pasted,
        cut,
        listed: grounds.listsDir !== null,
        errors: errors ?? {},
        flash:
          said === 'kept'
            ? { kind: 'done', text: request.t('indicators.kept', { n: kept.length }) }
            : undefined,
      }),
      errors?.indicators === 'changed' ? 409 : errors ? 422 : 200,
    )
  }

  app.get<{ Params: Params }>('/warnings/written/:id/indicators', page(of), (request, reply) =>
    draw(request, reply, { pasted: '', take: null }),
  )
  app.post<{ Params: Params }>('/warnings/written/:id/indicators', page(of), async (request, reply) => {
    const id = idOf(request.params.id)
    const take = each(request.body, 'take')
    const pasted = text(request.body, 'pasted')
    const shown = { seen: text(request.body, 'seen'), saw: text(request.body, 'saw') }
    if (pasted.length > longestPaste)
      return draw(request, reply, { pasted: '', take, shown, errors: { indicators: 'long' } })
    if (text(request.body, 'deed') === 'find') return draw(request, reply, { pasted, take, shown })
    try {
      await choose(db, id, actorOf(request), take, grounds, request.now, shown.seen)
    } catch (error) {
      if (error instanceof Changed)
        return draw(request, reply, { pasted, take, errors: { indicators: 'changed' } })
      if (!(error instanceof Invalid)) throw error
      return draw(request, reply, { pasted, take, shown, errors: error.fields })
    }
    return reply.redirect(`/warnings/written/${id}/indicators?said=kept`, 303)
  })
}
