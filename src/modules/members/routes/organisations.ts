/** Putting an organisation right: what is known of it, its names, its status. For coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { get } from '../members.ts'
import { addName, change, removeName, type Wanted } from '../organisations.ts'
import { asTyped, editPage } from '../pages/edit.tsx'
import { idParam, nameForm, organisationForm, statusForm } from '../schema.ts'
import { move } from '../status.ts'
import { sendPage, wordsOf } from './answers.ts'
import { sendOrganisation } from './register.ts'

const coordinators = { who: ['coordinator' as const], objects: { id: 'organisation' as const } }

/** The id in the path; anything else names nothing. */
export function idIn(request: FastifyRequest, name = 'id'): number {
  const id = idParam.safeParse((request.params as Record<string, unknown>)[name])
  if (!id.success) throw new NotFound('There is no such thing')
  return id.data
}

export function mountOrganisations(app: App, context: Context): void {
  mountEditing(app, context)
  mountNames(app, context)
  app.post(
    '/members/:id/status',
    {
      config: { access: { ...coordinators, sample: { to: 'follower', reason: 'Podle dohody' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const id = idIn(request)
      const form = statusForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Choose where to move the organisation, and say why.')
      const { to, reason, rulesAccepted } = form.data
      const by = actorOf(request)
      try {
        await asActor(context.db, by, request.now, (tx) =>
          move(tx, id, { to, reason, rulesAccepted: rulesAccepted !== undefined }, by, request.now),
        )
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        const refused = { errors: wordsOf(error, 'organisations.wrong', request.t), given: { to, reason } }
        return sendOrganisation(context, request, reply, id, { refused })
      }
      return reply.redirect(`/members/${id}?done=moved#status`, 303)
    },
  )
}

function mountEditing(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused?: { given: Wanted; errors: Record<string, string> },
  ) => {
    const member = await asActor(context.db, actorOf(request), request.now, (tx) => get(tx, idIn(request)))
    const frame = frameOf(request, { title: member.name, active: 'members', zone: context.settings.zone })
    return sendPage(reply, editPage({ frame, member, ...refused }), refused ? 422 : 200)
  }

  app.get(
    '/members/:id/edit',
    { config: { access: coordinators }, schema: { hide: true } },
    (request, reply) => draw(request, reply),
  )

  app.post(
    '/members/:id',
    { config: { access: { ...coordinators, sample: { founder: 'Kraj Vysočina' } } }, schema: { hide: true } },
    async (request, reply) => {
      const id = idIn(request)
      const form = organisationForm.safeParse(request.body)
      if (!form.success)
        throw new Invalid('The form was longer than its fields allow, or held what no text can hold.')
      const by = actorOf(request)
      let given: Wanted | undefined
      try {
        await asActor(context.db, by, request.now, async (tx) => {
          given = filledIn(form.data, asTyped(await get(tx, id)))
          await change(tx, id, given, by, request.now)
        })
      } catch (error) {
        if (!(error instanceof Invalid) || !given) throw error
        return draw(request, reply, { given, errors: wordsOf(error, 'organisations.wrong', request.t) })
      }
      return reply.redirect(`/members/${id}?done=saved`, 303)
    },
  )
}

type Form = ReturnType<typeof organisationForm.parse>

/** Boxes that are not ticked are not sent; they mean something only where the language beside them is. */
function filledIn(form: Form, stands: Wanted): Wanted {
  const { understands_cs, understands_en, ...fields } = form
  const languages = [understands_cs !== undefined && 'cs', understands_en !== undefined && 'en'].filter(
    (one) => one !== false,
  )
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return { ...stands, ...given, ...(form.language === undefined ? {} : { languages }) }
}

function mountNames(app: App, context: Context): void {
  app.post(
    '/members/:id/names',
    {
      config: { access: { ...coordinators, sample: { name: 'Stará nemocnice', kind: 'earlier' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const id = idIn(request)
      const form = nameForm.safeParse(request.body)
      const by = actorOf(request)
      const refuse = (sentence: string) =>
        sendOrganisation(context, request, reply, id, {
          nameError: request.t(`organisations.wrong.${sentence}`),
        })
      if (!form.success) return refuse('name')
      try {
        await asActor(context.db, by, request.now, (tx) => addName(tx, id, form.data, by, request.now))
      } catch (error) {
        if (error instanceof Invalid) return refuse('name')
        if (error instanceof WrongState) return refuse('known')
        throw error
      }
      return reply.redirect(`/members/${id}?done=saved#names`, 303)
    },
  )

  app.post(
    '/members/:id/names/:alias/withdrawal',
    {
      config: { access: { ...coordinators, objects: { ...coordinators.objects, alias: 'other' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const id = idIn(request)
      const by = actorOf(request)
      await asActor(context.db, by, request.now, (tx) =>
        removeName(tx, id, idIn(request, 'alias'), by, request.now),
      )
      return reply.redirect(`/members/${id}?done=saved#names`, 303)
    },
  )
}
