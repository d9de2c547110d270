/** The contact book of one organisation: seen by its people and coordinators, kept and attested by who may. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, asReader, isCoordinator, organisationsOf } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { dayOf } from '../../../platform/dates.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { pdfHeaders, pdfOf, printedBy } from '../../../platform/pdf.ts'
import { colleagues, nameOf } from '../colleagues.ts'
import { attest, digestOf, mayAttest } from '../contacts/attest.ts'
import { attestedAt, entriesOf } from '../contacts/book.ts'
import { attestForm, contactForm, wantedIn } from '../contacts/forms.ts'
import { gapsIn } from '../contacts/gaps.ts'
import { isOwn, keeps } from '../contacts/may.ts'
import { addPoint } from '../contacts/points.ts'
import { emergencySheet } from '../contacts/sheet.ts'
import { underWay } from '../contacts/verify.ts'
import { memberRoles } from '../may.ts'
import { bookDone, bookPage, printPage } from '../pages/contacts/book.tsx'
import { newPointPage, type Typed } from '../pages/contacts/point.tsx'
import { chooseBookPage } from '../pages/contacts/sector.tsx'
import { doneOf, sendPage } from './answers.ts'
import { idIn } from './organisations.ts'

const ofOrg: Access = { who: 'signed-in', objects: { id: 'organisation' } }
const hidden = { hide: true } as const

export function mountContacts(app: App, context: Context): void {
  const { zone } = context.settings
  const frame = (request: FastifyRequest, title = request.t('contacts.title')) =>
    frameOf(request, { title, active: 'contacts', zone })

  app.get(
    '/contacts',
    { config: { access: { who: [...memberRoles, 'coordinator'] } }, schema: hidden },
    (request, reply) => {
      const actor = actorOf(request)
      const own = organisationsOf(actor)
      if (isCoordinator(actor) || own.length === 0) return reply.redirect('/contacts/sector', 303)
      if (own.length === 1) return reply.redirect(`/members/${own[0]?.id}/contacts`, 303)
      return sendPage(reply, chooseBookPage({ frame: frame(request), own }))
    },
  )
  mountBook(app, context, frame)
  mountAdding(app, context, frame)
}

type FrameOf = (request: FastifyRequest, title?: string) => ReturnType<typeof frameOf>

function mountBook(app: App, context: Context, frame: FrameOf): void {
  const { db, settings } = context
  const found = (request: FastifyRequest) => {
    const [actor, org, { now }] = [actorOf(request), idIn(request), request]
    return asReader(db, actor, now, async (tx) => {
      const name = await nameOf(tx, org)
      const entries = await entriesOf(tx, org)
      const attested = await attestedAt(tx, org)
      return {
        org,
        name,
        entries,
        attestedAt: attested,
        gaps: gapsIn(entries, attested, now, dayOf(now, settings.zone)),
        mayKeep: await keeps(tx, actor, org, now),
        mayAttest: await mayAttest(tx, actor, org, now),
        digest: digestOf(entries),
        called: isOwn(actor, org)
          ? [...(await underWay(tx, org, now))].flatMap(([point, kind]) => (kind === 'call' ? [point] : []))
          : [],
        asked: entries.filter(
          (one) => one.person === actor.person && one.visibility === 'members' && !one.agreed,
        ),
      }
    })
  }
  const draw = async (request: FastifyRequest, reply: FastifyReply, changed = false) => {
    const page = bookPage({
      frame: frame(request),
      ...(await found(request)),
      done: doneOf(request, bookDone),
      changed,
    })
    return sendPage(reply, page, changed ? 409 : 200)
  }

  app.get('/members/:id/contacts', { config: { access: ofOrg }, schema: hidden }, (request, reply) =>
    draw(request, reply),
  )
  app.get(
    '/members/:id/contacts/print',
    { config: { access: ofOrg }, schema: hidden },
    async (request, reply) =>
      sendPage(reply, printPage({ frame: frame(request), ...(await found(request)) })),
  )
  app.get(
    '/members/:id/contacts/pdf',
    { config: { access: ofOrg }, schema: hidden },
    async (request, reply) => {
      const { t, now } = request
      const { zone, coordinatorPhone: phone, baseUrl } = settings
      const book = await found(request)
      const room = (await isMember(db, actorOf(request), request.now))
        ? (settings.emergencyRoom ?? null)
        : null
      const by = printedBy(t, { name: actorOf(request).name, site: baseUrl }, now, zone)
      const sheet = emergencySheet({ ...book, t, zone, now, phone, room })
      return reply
        .headers(pdfHeaders(`hsoc-emergency-${book.org}`))
        .send(await pdfOf('sheet', { ...sheet, ...by }, now))
    },
  )

  const sample = { seen: '0'.repeat(64) }
  app.post(
    '/members/:id/contacts/attestation',
    { config: { access: { ...ofOrg, sample } }, schema: hidden },
    async (request, reply) => {
      const org = idIn(request)
      const form = attestForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Look at the book before you attest it')
      try {
        await asEngine(db, (tx) => attest(tx, org, form.data.seen, actorOf(request), request.now))
      } catch (error) {
        if (error instanceof WrongState) return draw(request, reply, true)
        throw error
      }
      return reply.redirect(`/members/${org}/contacts?done=attested`, 303)
    },
  )
}

/** A coordinator, or somebody of an organisation that takes part. */
async function isMember(db: Context['db'], actor: Actor, now: number): Promise<boolean> {
  if (isCoordinator(actor)) return true
  const own = organisationsOf(actor).map(({ id }) => id)
  const { rowCount } = await asReader(db, actor, now, (tx) =>
    tx.query(
      `select 1 from organisations where id = any ($1) and status in ('participant', 'signatory') limit 1`,
      [own],
    ),
  )
  return rowCount === 1
}

function mountAdding(app: App, context: Context, frame: FrameOf): void {
  const { db } = context
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused?: { given: Typed; errors: Record<string, string> },
  ) => {
    const org = idIn(request)
    const found = await asReader(db, actorOf(request), request.now, async (tx) => ({
      name: await nameOf(tx, org),
      people: await colleagues(tx, org),
    }))
    const page = newPointPage({
      frame: frame(request, request.t('contacts.add')),
      org,
      ...found,
      given: refused?.given ?? {},
      errors: refused?.errors ?? {},
    })
    return sendPage(reply, page, refused ? 422 : 200)
  }

  app.get('/members/:id/contacts/new', { config: { access: ofOrg }, schema: hidden }, (request, reply) =>
    draw(request, reply),
  )

  const sample = {
    name: 'Ústředna',
    channel: 'phone',
    value: '+420 555 010 000',
    shown_security: 'coordinators',
  }
  app.post(
    '/members/:id/contacts',
    { config: { access: { ...ofOrg, sample } }, schema: hidden },
    async (request, reply) => {
      const org = idIn(request)
      const given = (request.body ?? {}) as Typed
      const form = contactForm.safeParse(request.body)
      if (!form.success) return draw(request, reply, { given, errors: { value: 'form' } })
      try {
        const point = await asEngine(db, (tx) =>
          addPoint(tx, org, wantedIn(form.data), actorOf(request), request.now),
        )
        return reply.redirect(`/members/${org}/contacts/${point}?done=saved#code`, 303)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, { given, errors: error.fields })
      }
    },
  )
}
