/** The sector's book for whoever may read any of it, the encrypted file of it, and the link that proves an address. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, asReader, isCoordinator, rolesAt } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { dayOf } from '../../../platform/dates.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { sectorBook } from '../contacts/book.ts'
import { encrypted, noteDownload, requirePassphrase, suggestPassphrase } from '../contacts/download.ts'
import { passphraseForm, searchQuery } from '../contacts/forms.ts'
import { standings } from '../contacts/standings.ts'
import { askedBy, confirmLink } from '../contacts/verify.ts'
import { memberRoles } from '../may.ts'
import { downloadPage } from '../pages/contacts/download.tsx'
import { contactFile } from '../pages/contacts/file.tsx'
import { proofOverPage, proofPage, provedPage } from '../pages/contacts/proof.tsx'
import { sectorPage } from '../pages/contacts/sector.tsx'
import { standingsPage } from '../pages/contacts/standings.tsx'
import { sendPage } from './answers.ts'

const access: Access = { who: [...memberRoles, 'coordinator'] }
const hidden = { hide: true } as const

/** Organisations on one page; the file holds all. */
const mostBooks = 100

export function mountContactsSector(app: App, context: Context): void {
  const frame = (request: FastifyRequest, title: string) =>
    frameOf(request, { title: request.t(title), active: 'contacts', zone: context.settings.zone })

  app.get('/contacts/sector', { config: { access }, schema: hidden }, async (request, reply) => {
    const actor = actorOf(request)
    const search = searchQuery.parse(request.query)
    const books = await asReader(context.db, actor, request.now, (tx) => sectorBook(tx, search, mostBooks))
    const opens = (org: number): boolean => isCoordinator(actor) || rolesAt(actor, org).length > 0
    const hasOwn = actor.engagements.some((e) => e.org !== null)
    return sendPage(
      reply,
      sectorPage({
        frame: frame(request, 'contacts.sector'),
        books,
        most: mostBooks,
        search,
        opens,
        hasOwn,
        isCentral: isCoordinator(actor),
      }),
    )
  })
  app.get(
    '/contacts/standing',
    { config: { access: { who: ['coordinator'] } }, schema: hidden },
    async (request, reply) => {
      const lines = await asReader(context.db, actorOf(request), request.now, (tx) =>
        standings(tx, context.settings.zone, request.now),
      )
      return sendPage(reply, standingsPage({ frame: frame(request, 'contacts.standings'), lines }))
    },
  )
  mountFile(app, context, frame)
  mountProof(app, context)
}

function mountFile(
  app: App,
  { db, settings }: Context,
  frame: (request: FastifyRequest, title: string) => ReturnType<typeof frameOf>,
): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused?: { passphrase: string; error: string },
  ) => {
    const books = await asReader(db, actorOf(request), request.now, (tx) => sectorBook(tx, {}))
    const page = downloadPage({
      frame: frame(request, 'contacts.download'),
      organisations: books.length,
      entries: books.reduce((sum, book) => sum + book.entries.length, 0),
      passphrase: refused?.passphrase ?? suggestPassphrase(),
      error: refused?.error,
    })
    return sendPage(reply, page, refused ? 422 : 200)
  }

  app.get('/contacts/download', { config: { access }, schema: hidden }, (request, reply) =>
    draw(request, reply),
  )

  const sample = { passphrase: 'k7mp-x2vq-9hnt-w4ru' }
  app.post(
    '/contacts/download',
    { config: { access: { ...access, fresh: true, sample } }, schema: hidden },
    async (request, reply) => {
      const actor = actorOf(request)
      const form = passphraseForm.safeParse(request.body)
      if (!form.success) return draw(request, reply, { passphrase: '', error: 'long' })
      const { passphrase } = form.data
      try {
        requirePassphrase(passphrase)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, { passphrase, error: error.fields.passphrase ?? 'short' })
      }
      const books = await asActor(db, actor, request.now, async (tx) => {
        const visible = await sectorBook(tx, {})
        await noteDownload(tx, visible, actor, request.now)
        return visible
      })
      const name = `hsoc-${request.t('contacts.file.name')}-${dayOf(request.now, settings.zone)}`
      const page = contactFile({ t: request.t, books, by: actor.name, now: request.now, zone: settings.zone })
      return reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="${name}.zip"`)
        .send(await encrypted(`${name}.html`, page, passphrase, request.now))
    },
  )
}

/** Whoever holds the mailbox needs no account: the link is the proof. */
function mountProof(app: App, context: Context): void {
  const open: Access = { who: 'anyone', by: 'token', objects: { token: 'other' } }
  const tokenOf = (request: FastifyRequest): string => (request.params as { token: string }).token
  const frame = (request: FastifyRequest) =>
    frameOf(request, { title: request.t('contacts.proof.title'), zone: context.settings.zone })
  const over = (request: FastifyRequest, reply: FastifyReply) =>
    sendPage(reply, proofOverPage(frame(request)), 410)

  app.get('/contact-proof/:token', { config: { access: open }, schema: hidden }, async (request, reply) => {
    const asked = await askedBy(context, tokenOf(request), request.now)
    if (!asked) return over(request, reply)
    return sendPage(reply, proofPage({ frame: frame(request), token: tokenOf(request), asked }))
  })
  app.post('/contact-proof/:token', { config: { access: open }, schema: hidden }, async (request, reply) => {
    try {
      const asked = await confirmLink(context, tokenOf(request), request.now)
      return sendPage(reply, provedPage({ frame: frame(request), asked }))
    } catch (error) {
      if (error instanceof WrongState) return over(request, reply)
      throw error
    }
  })
}
