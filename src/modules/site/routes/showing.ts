/** Agreeing that an organisation is shown, and taking it back. */
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { showingPage } from '../pages/showing.tsx'
import { agree, choicesOf } from '../showings.ts'
import { idOf, page, sendHtml } from './answers.ts'

const who = ['coordinator', 'representative'] as ['coordinator', 'representative']
type Params = { Params: { org: string } }

export function mountShowing(app: App, context: Context): void {
  app.get('/showing', page({ who }), async (request, reply) => {
    const actor = actorOf(request)
    const choices = await asReader(context.db, actor, request.now, (tx) => choicesOf(tx, actor))
    const said = (request.query as { said?: unknown }).said
    const word = said === 'shown' || said === 'hidden' ? said : null
    return sendHtml(
      reply,
      showingPage({
        frame: frameOf(request, { title: request.t('site.showing.title') }),
        choices,
        ...(word ? { flash: { text: request.t(`site.showing.said.${word}`) } } : {}),
      }),
    )
  })

  for (const shown of [true, false])
    app.post<Params>(
      shown ? '/showing/:org' : '/showing/:org/withdrawal',
      page({ who, objects: { org: 'organisation' } }),
      async (request, reply) => {
        await agree(context.db, actorOf(request), idOf(request.params.org), shown, request.now)
        return reply.redirect(`/showing?said=${shown ? 'shown' : 'hidden'}`, 303)
      },
    )
}
