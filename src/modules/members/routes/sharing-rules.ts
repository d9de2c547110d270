/** The rules of sharing: read by everybody who acts for a member, accepted by its representative. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asActor, asReader, isCoordinator, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { memberRoles } from '../may.ts'
import { type SharingProps, sharingPage } from '../pages/sharing-rules.tsx'
import { acceptRules, mayAccept, sharingMissing, sharingRules, sharingStanding } from '../sharing-rules.ts'
import { doneOf, sendPage, wordsOf } from './answers.ts'
import { idIn } from './organisations.ts'

const acceptanceForm = z.object({
  version: z.coerce.number().int().catch(0),
  agreed: z.string().max(5).optional(),
  note: z
    .string()
    .max(4_000)
    .transform((text) => text.replaceAll('\0', ''))
    .default(''),
})

export function mountSharingRules(app: App, context: Context): void {
  const draw = async (request: FastifyRequest, reply: FastifyReply, refused?: SharingProps['refused']) => {
    const { t, now } = request
    const actor = actorOf(request)
    const own = organisationsOf(actor).map(({ id }) => id)
    const standings = await asReader(context.db, actor, now, (tx) =>
      isCoordinator(actor) ? sharingMissing(tx) : sharingStanding(tx, own),
    )
    const props: SharingProps = {
      frame: frameOf(request, {
        title: t('sharing.title'),
        active: 'sharing',
        zone: context.settings.zone,
      }),
      rules: sharingRules(),
      standings,
      isCoordinator: isCoordinator(actor),
      mayAccept: standings.map(({ id }) => id).filter((id) => mayAccept(actor, id)),
      phone: context.settings.coordinatorPhone,
      ...(doneOf(request, ['accepted']) ? { flash: { text: t('sharing.done') } } : {}),
      ...(refused ? { refused } : {}),
    }
    return sendPage(reply, sharingPage(props), refused ? 422 : 200)
  }

  app.get(
    '/sharing-rules',
    { config: { access: { who: [...memberRoles, 'coordinator'] } }, schema: { hide: true } },
    (request, reply) => draw(request, reply),
  )

  const sample = { version: sharingRules().number, agreed: '1', note: 'Podepsáno na papíře' }
  app.post(
    '/members/:id/sharing-rules',
    {
      config: {
        access: { who: ['representative', 'coordinator'], objects: { id: 'organisation' }, sample },
      },
      schema: { hide: true },
    },
    async (request, reply) => {
      const org = idIn(request)
      const form = acceptanceForm.safeParse(request.body)
      const by = actorOf(request)
      const { version, agreed, note } = form.success ? form.data : { version: 0, agreed: undefined, note: '' }
      const given = { version, note, agreed: agreed !== undefined }
      try {
        await asActor(context.db, by, request.now, (tx) => acceptRules(tx, org, given, by, request.now))
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, {
          org,
          note,
          errors: wordsOf(error, 'sharing.wrong', request.t),
        })
      }
      return reply.redirect('/sharing-rules?done=accepted', 303)
    },
  )
}
