/** Merging organisations and taking it back, for coordinators: nothing is merged that was not shown before. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { readOther } from '../members.ts'
import { preview } from '../merge-preview.ts'
import { merge, unmerge } from '../merging.ts'
import { organisationNamed } from '../named.ts'
import { type MergerProps, mergerPage } from '../pages/merger.tsx'
import { mergerForm, mergerQuery, undoForm } from '../schema.ts'
import { sendPage, wordsOf } from './answers.ts'
import { idIn } from './organisations.ts'
import { sendOrganisation } from './register.ts'

const access: Access = { who: ['coordinator'], objects: { id: 'organisation' } }

export function mountMerger(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { typed = '', into, ...refused }: { typed?: string; into?: number } & Partial<MergerProps>,
  ) => {
    const { t, now } = request
    const id = idIn(request)
    const found = await asReader(context.db, actorOf(request), now, async (tx) => {
      const org = await readOther(tx, id)
      const named = into ?? (typed === '' ? null : await organisationNamed(tx, typed))
      if (named === null || named === 'none' || named === 'several') return { org, named }
      return { org, named, preview: await preview(tx, id, typeof named === 'number' ? named : named.id, now) }
    })
    const { org, named } = found
    const shown = 'preview' in found ? found.preview : undefined
    const wrong: Record<string, string> =
      typeof named === 'string' ? { into: t(`merging.wrong.${named}`) } : {}
    const frame = frameOf(request, {
      title: t('merging.page', { name: org.name }),
      active: 'members',
      zone: context.settings.zone,
    })
    const props = { frame, org, typed: shown?.into.name ?? typed, errors: { ...wrong, ...refused.errors } }
    const page = mergerPage({
      ...props,
      ...(shown ? { preview: shown } : {}),
      ...(refused.given ? { given: refused.given } : {}),
    })
    return sendPage(reply, page, shown?.obstacle ? 409 : Object.keys(props.errors).length > 0 ? 422 : 200)
  }

  app.get('/members/:id/merger', { config: { access }, schema: { hide: true } }, (request, reply) =>
    draw(request, reply, { typed: mergerQuery.parse(request.query).into }),
  )

  app.post(
    '/members/:id/merger',
    {
      config: { access: { ...access, fresh: true, sample: { into: '1', reason: 'Sloučení zřizovatelem' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const form = mergerForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Choose which organisation goes on, and say why.')
      const { into, reason, people } = form.data
      const by = actorOf(request)
      try {
        await asEngine(context.db, (tx) =>
          merge(tx, { org: idIn(request), into, reason, people }, by, request.now),
        )
      } catch (error) {
        // What changed meanwhile is shown as it stands now, with what was chosen.
        if (!(error instanceof Invalid) && !(error instanceof WrongState)) throw error
        const errors = error instanceof Invalid ? wordsOf(error, 'merging.wrong', request.t) : {}
        return draw(request, reply, { into, errors, given: { reason, people } })
      }
      return reply.redirect(`/members/${into}?done=merged`, 303)
    },
  )

  app.post(
    '/members/:id/merger/withdrawal',
    { config: { access: { ...access, fresh: true, sample: { reason: 'Omyl' } } }, schema: { hide: true } },
    async (request, reply) => {
      const id = idIn(request)
      const form = undoForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Say why, in at most 1000 letters.')
      const { reason } = form.data
      const refuse = (word: string, status: 409 | 422) =>
        sendOrganisation(context, request, reply, id, {
          undoing: { reason, error: request.t(`merging.wrong.${word}`), status },
        })
      try {
        await asEngine(context.db, (tx) => unmerge(tx, { org: id, reason }, actorOf(request), request.now))
      } catch (error) {
        if (error instanceof Invalid) return refuse('reason', 422)
        if (error instanceof WrongState) return refuse('state', 409)
        throw error
      }
      return reply.redirect(`/members/${id}?done=unmerged`, 303)
    },
  )
}
