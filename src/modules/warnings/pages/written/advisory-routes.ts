/** From an advisory to a warning, and from its newer version to the next version of the warning. */
import { z } from 'zod'
import type { Context } from '../../../../platform/context.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { makeOfAdvisory, takeUp } from '../../written/from-advisory.ts'
import { coordinators, idOf } from '../access.ts'
import { page } from '../route.ts'

const params = z.object({ id: z.string() })

export function mountOfAdvisories(app: App, context: Context): void {
  app.post(
    '/advisories/:id/warning',
    page({ who: coordinators, objects: { id: 'advisory' } }),
    async (request, reply) => {
      const { id } = params.parse(request.params)
      const made = await makeOfAdvisory(context, idOf(id), actorOf(request), request.now)
      return reply.redirect(`/warnings/written/${made}/edit?said=saved`, 303)
    },
  )
  app.post(
    '/warnings/written/:id/advisory',
    page({ who: coordinators, objects: { id: 'written' } }),
    async (request, reply) => {
      const { id } = params.parse(request.params)
      await takeUp(context, idOf(id), actorOf(request), request.now)
      return reply.redirect(`/warnings/written/${idOf(id)}/edit`, 303)
    },
  )
}
