/** The pages of an organisation's blocklists. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader, isCoordinator, organisationsOf, organisationsRead } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine, type Tx } from '../../../../platform/database.ts'
import { Invalid, NotFound } from '../../../../platform/errors.ts'
import { type Frame, frameOf } from '../../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../../platform/http.ts'
import { doneOf, page, sendHtml } from '../../../../platform/page-routes.ts'
import { memberRoles } from '../../../members/index.ts'
import { choicesOf } from '../../blocklists/make.ts'
import { may } from '../../blocklists/may.ts'
import { choose, endException, except } from '../../blocklists/own.ts'
import { devicesOf, entriesOf, exceptionsOf, listStands, perPage } from '../../blocklists/read-own.ts'
import { choicesForm, entriesQuery, exceptionForm, idParam, keptForm } from '../../blocklists/schema.ts'
import { tryOut } from '../../blocklists/trial.ts'
import { choosePage } from '../../pages/blocklists/choose.tsx'
import { ownPage } from '../../pages/blocklists/own.tsx'
import { type OwnProps, ownDone } from '../../pages/blocklists/own-props.ts'
import { trialPage } from '../../pages/blocklists/trial.tsx'
import { pathOf } from '../../pages/blocklists/words.tsx'

export const ofOrg: Access = { who: [...memberRoles], objects: { id: 'organisation' } }

export function idIn(request: FastifyRequest, name = 'id'): number {
  const id = idParam.safeParse((request.params as Record<string, unknown>)[name])
  if (!id.success) throw new NotFound('There is no such thing')
  return id.data
}

/** The organisation of the address, for which the actor reads. Throws NotFound. */
export function orgIn(request: FastifyRequest): { org: number; name: string } {
  const org = idIn(request)
  const actor = actorOf(request)
  if (!organisationsRead(actor).includes(org)) throw new NotFound('There is no such blocklist.')
  return { org, name: actor.engagements.find((one) => one.org === org)?.orgName ?? '' }
}

export const framed = (
  request: FastifyRequest,
  context: Context,
  title = request.t('blocklists.title'),
): Frame => frameOf(request, { title, active: 'blocklists', zone: context.settings.zone })

export const wordsOf = (request: FastifyRequest, fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([field, code]) => [field, request.t(`blocklists.wrong.${code}`)]),
  )

/** The page with all of the organisation's, and with a form that was refused. */
export async function drawOwn(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Pick<OwnProps, 'device' | 'exception'> = {},
): Promise<FastifyReply> {
  const actor = actorOf(request)
  const { org, name } = orgIn(request)
  const query = entriesQuery.safeParse(request.query)
  const { find, after } = query.success ? query.data : { find: '', after: '' }
  const found = await asReader(context.db, actor, request.now, async (tx) => ({
    lists: await listStands(tx, org),
    devices: await devicesOf(tx, org, request.now),
    choices: await choicesOf(tx, org),
    entries: await entriesOf(tx, org, { find: find.trim(), after }),
    exceptions: await exceptionsOf(tx, org),
  }))
  const shown = found.entries.slice(0, perPage)
  const next = found.entries.length > perPage ? (shown.at(-1)?.value ?? null) : null
  const drawn = ownPage({
    ...found,
    ...refused,
    ...{ frame: framed(request, context), org, name, entries: { shown, find: find.trim(), next } },
    mayKeep: may(actor, 'keep', org),
    mayReport: may(actor, 'report', org),
    done: doneOf(request, ownDone),
  })
  return sendHtml(reply, drawn, Object.keys(refused).length > 0 ? 422 : 200)
}

export function mountOwn(app: App, context: Context): void {
  const doing = <R>(work: (tx: Tx) => Promise<R>): Promise<R> => asEngine(context.db, work)

  app.get('/blocklists', page({ who: [...memberRoles, 'coordinator'] }), (request, reply) => {
    const actor = actorOf(request)
    const organisations = organisationsOf(actor)
    const [only] = organisations
    const review = isCoordinator(actor)
    if (organisations.length === 0 && review) return reply.redirect('/blocklists/review', 303)
    if (organisations.length === 1 && only && !review) return reply.redirect(pathOf(only.id), 303)
    return sendHtml(reply, choosePage({ frame: framed(request, context), organisations, review }))
  })

  app.get('/blocklists/:id', page(ofOrg), (request, reply) => drawOwn(context, request, reply))

  app.get('/blocklists/:id/trial', page(ofOrg), async (request, reply) => {
    const actor = actorOf(request)
    const { org, name } = orgIn(request)
    const { chosen } = request.query as { chosen?: unknown }
    const given = choicesForm.safeParse(request.query)
    const choices =
      chosen === '1' && given.success
        ? given.data
        : await asReader(context.db, actor, request.now, (tx) => choicesOf(tx, org))
    const trial = await tryOut(context.db, { org, choices, zone: context.settings.zone }, actor, request.now)
    const frame = framed(request, context, request.t('blocklists.trial.title'))
    return sendHtml(reply, trialPage({ frame, org, name, choices, trial, mayKeep: may(actor, 'keep', org) }))
  })

  app.post(
    '/blocklists/:id/choices',
    page({ ...ofOrg, sample: { words: 'ip net campaign', confidence: '2', days: '30' } }),
    async (request, reply) => {
      const { org } = orgIn(request)
      const form = keptForm.safeParse(request.body ?? {})
      if (!form.success) throw new Invalid(request.t('blocklists.wrong.choices'))
      await doing((tx) => choose(tx, org, form.data, actorOf(request), request.now))
      return reply.redirect(`${pathOf(org)}?done=chosen`, 303)
    },
  )

  app.post(
    '/blocklists/:id/exceptions',
    page({ ...ofOrg, sample: { value: '203.0.113.77', reason: 'x' } }),
    async (request, reply) => {
      const { org } = orgIn(request)
      const form = exceptionForm.safeParse(request.body ?? {})
      if (!form.success) throw new Invalid(request.t('blocklists.wrong.value'))
      const given = { ...form.data, broke: form.data.broke === '1' }
      try {
        const { outcome } = await doing((tx) =>
          except(tx, { org, device: null, ...given }, actorOf(request), request.now),
        )
        const done = outcome !== 'alone' ? outcome : given.broke ? 'broke' : 'excepted'
        return reply.redirect(`${pathOf(org)}?done=${done}#exceptions`, 303)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return drawOwn(context, request, reply, {
          exception: { given, errors: wordsOf(request, error.fields) },
        })
      }
    },
  )

  app.post(
    '/blocklists/:id/exceptions/:exception/end',
    page({ ...ofOrg, objects: { id: 'organisation', exception: 'blocklist_exception' } }),
    async (request, reply) => {
      const { org } = orgIn(request)
      await doing((tx) => endException(tx, idIn(request, 'exception'), actorOf(request), request.now))
      return reply.redirect(`${pathOf(org)}?done=ended#exceptions`, 303)
    },
  )
}
