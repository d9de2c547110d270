/** One contact: looked at, changed, proved, agreed to, put in order, taken away. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asReader, isCoordinator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { Invalid, NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { colleagues, nameOf } from '../colleagues.ts'
import { type Entry, entriesOf } from '../contacts/book.ts'
import { codeForm, contactForm, orderForm, sureForm, wantedIn } from '../contacts/forms.ts'
import { isOwn, keeps } from '../contacts/may.ts'
import { movePoint } from '../contacts/order.ts'
import { agree, changePoint, LastContact, removePoint } from '../contacts/points.ts'
import { sendCode } from '../contacts/text-code.ts'
import { oddityOf } from '../contacts/values.ts'
import { beginCall, giveCode, sendLink, underWay } from '../contacts/verify.ts'
import type { Purpose, Which } from '../contacts/words.ts'
import { callPage } from '../pages/contacts/call.tsx'
import { type PointProps, pointDone, pointPage, type Typed, typedOf } from '../pages/contacts/point.tsx'
import { doneOf, sendPage } from './answers.ts'
import { idIn } from './organisations.ts'

const ofPoint: Access = { who: 'signed-in', objects: { id: 'organisation', point: 'contact' } }
const hidden = { hide: true } as const
const whichOf = (request: FastifyRequest): Which => ({ org: idIn(request), point: idIn(request, 'point') })

/** What a refused form is shown with. */
interface Refused {
  status: 409 | 422
  given?: Typed
  errors?: Record<string, string>
  last?: Purpose[]
  removing?: Purpose[]
  codeError?: string
}

export function mountContactPoints(app: App, context: Context): void {
  const draw: Draw = async (request, reply, refused) => {
    const found = await asReader(context.db, actorOf(request), request.now, (tx) => pointOf(tx, request))
    const { status = 200, ...shown } = refused ?? {}
    const frame = frameOf(request, {
      title: found.entries[0].name,
      active: 'contacts',
      zone: context.settings.zone,
    })
    const page = pointPage({
      frame,
      hasSms: context.settings.hasSms ?? false,
      ...found,
      errors: {},
      ...shown,
      done: doneOf(request, pointDone),
    })
    return sendPage(reply, page, status)
  }

  app.get('/members/:id/contacts/:point', { config: { access: ofPoint }, schema: hidden }, (request, reply) =>
    draw(request, reply),
  )
  mountChanging(app, context, draw)
  mountProving(app, context, draw)
  mountDeeds(app, context)
}

type Draw = (request: FastifyRequest, reply: FastifyReply, refused?: Refused) => Promise<FastifyReply>

/** The contact as the actor of the transaction is shown it. */
async function pointOf(
  tx: Tx,
  request: FastifyRequest,
): Promise<Omit<PointProps, 'frame' | 'errors' | 'hasSms'>> {
  const actor: Actor = actorOf(request)
  const { org, point } = whichOf(request)
  const name = await nameOf(tx, org)
  const [first, ...rest] = (await entriesOf(tx, org)).filter((entry) => entry.point === point)
  if (!first) throw new NotFound('There is no such contact')
  const entries: [Entry, ...Entry[]] = [first, ...rest]
  const { rows } = await tx.query<{ domain: string }>(
    'select domain from domains where org_id = $1 and valid_to > (select actor_now())',
    [org],
  )
  const domains = rows.map(({ domain }) => domain)
  return {
    org,
    name,
    point,
    entries,
    oddity: oddityOf(first.channel, first.value, domains),
    people: await colleagues(tx, org),
    given: typedOf(entries),
    mayKeep: await keeps(tx, actor, org, request.now),
    mayCall: isCoordinator(actor),
    isOwn: isOwn(actor, org),
    isSelf: first.person === actor.person,
    underWay: (await underWay(tx, org, request.now)).get(point) ?? null,
  }
}

function mountChanging(app: App, context: Context, draw: Draw): void {
  const sample = {
    name: 'Ústředna',
    channel: 'phone',
    value: '+420 555 010 001',
    shown_security: 'coordinators',
  }
  app.post(
    '/members/:id/contacts/:point',
    { config: { access: { ...ofPoint, sample } }, schema: hidden },
    async (request, reply) => {
      const which = whichOf(request)
      const given = (request.body ?? {}) as Typed
      const form = contactForm.safeParse(request.body)
      if (!form.success) return draw(request, reply, { status: 422, given, errors: { value: 'form' } })
      const wanted = { ...wantedIn(form.data), sure: form.data.sure !== undefined }
      try {
        await asEngine(context.db, (tx) => changePoint(tx, which, wanted, actorOf(request), request.now))
      } catch (error) {
        if (error instanceof LastContact)
          return draw(request, reply, { status: 409, given, last: error.purposes })
        if (error instanceof Invalid)
          return draw(request, reply, { status: 422, given, errors: error.fields })
        throw error
      }
      return reply.redirect(`/members/${which.org}/contacts/${which.point}?done=saved`, 303)
    },
  )

  app.post(
    '/members/:id/contacts/:point/removal',
    { config: { access: ofPoint }, schema: hidden },
    async (request, reply) => {
      const which = whichOf(request)
      const form = sureForm.safeParse(request.body ?? {})
      const sure = form.success && form.data.sure !== undefined
      try {
        await asEngine(context.db, (tx) => removePoint(tx, which, sure, actorOf(request), request.now))
      } catch (error) {
        if (error instanceof LastContact)
          return draw(request, reply, { status: 409, removing: error.purposes })
        throw error
      }
      return reply.redirect(`/members/${which.org}/contacts?done=removed`, 303)
    },
  )
}

function mountProving(app: App, context: Context, draw: Draw): void {
  app.post(
    '/members/:id/contacts/:point/verification',
    { config: { access: ofPoint }, schema: hidden },
    async (request, reply) => {
      const which = whichOf(request)
      await sendLink(context, which, actorOf(request), request.now)
      return reply.redirect(`/members/${which.org}/contacts/${which.point}?done=sent`, 303)
    },
  )

  app.post(
    '/members/:id/contacts/:point/text-code',
    { config: { access: ofPoint }, schema: hidden },
    async (request, reply) => {
      const which = whichOf(request)
      await sendCode(context, which, actorOf(request), request.now)
      return reply.redirect(`/members/${which.org}/contacts/${which.point}?done=code#code`, 303)
    },
  )

  const called: Access = { ...ofPoint, who: ['coordinator'] }
  app.post(
    '/members/:id/contacts/:point/call',
    { config: { access: called }, schema: hidden },
    async (request, reply) => {
      const which = whichOf(request)
      const call = await beginCall(context, which, actorOf(request), request.now)
      const frame = frameOf(request, {
        title: request.t('contacts.call.title'),
        active: 'contacts',
        zone: context.settings.zone,
      })
      return sendPage(reply, callPage({ frame, org: which.org, number: which.point, ...call }))
    },
  )

  app.post(
    '/members/:id/contacts/:point/code',
    { config: { access: { ...ofPoint, sample: { code: '000000' } } }, schema: hidden },
    async (request, reply) => {
      const which = whichOf(request)
      const form = codeForm.safeParse(request.body)
      const refuse = (why: string) =>
        draw(request, reply, { status: 422, codeError: request.t(`contacts.error.code.${why}`) })
      if (!form.success) return refuse('wrong')
      try {
        await giveCode(context, which, form.data.code, actorOf(request), request.now)
      } catch (error) {
        if (error instanceof Invalid) return refuse(error.fields.code ?? 'wrong')
        throw error
      }
      return reply.redirect(`/members/${which.org}/contacts/${which.point}?done=verified`, 303)
    },
  )
}

function mountDeeds(app: App, context: Context): void {
  app.post(
    '/members/:id/contacts/:point/order',
    { config: { access: { ...ofPoint, sample: { purpose: 'security', way: 'up' } } }, schema: hidden },
    async (request, reply) => {
      const which = whichOf(request)
      const form = orderForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Say for which purpose, and earlier or later')
      const { purpose, way } = form.data
      await asEngine(context.db, (tx) =>
        movePoint(tx, { ...which, purpose, up: way === 'up' }, actorOf(request), request.now),
      )
      return reply.redirect(`/members/${which.org}/contacts?done=ordered#${purpose}`, 303)
    },
  )

  const word = (path: string, yes: boolean): void => {
    app.post(
      `/members/:id/contacts/:point/${path}`,
      { config: { access: ofPoint }, schema: hidden },
      async (request, reply) => {
        const which = whichOf(request)
        await asEngine(context.db, (tx) => agree(tx, which, yes, actorOf(request), request.now))
        const done = yes ? 'agreed' : 'disagreed'
        return reply.redirect(`/members/${which.org}/contacts/${which.point}?done=${done}`, 303)
      },
    )
  }
  word('agreement', true)
  word('agreement/withdrawal', false)
}
