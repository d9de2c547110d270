/** The memorandum: read by whoever is signed in, kept by coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, isCoordinator } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import {
  addVersion,
  changeVersion,
  sets,
  signedOnlyBefore,
  version,
  versions,
  type WantedVersion,
} from '../memorandum.ts'
import { type MemorandumProps, memorandumPage } from '../pages/memorandum.tsx'
import { signaturePage } from '../pages/signature-form.tsx'
import { type VersionProps, versionFormPage, versionPage } from '../pages/version.tsx'
import { signatureForm, versionForm } from '../schema.ts'
import { correct, sign, signature, signatures } from '../signatures.ts'
import { doneOf, sendPage, wordsOf } from './answers.ts'
import { idIn } from './organisations.ts'

const coordinators = ['coordinator' as const]
const hidden = { hide: true }

export function mountMemorandum(app: App, context: Context): void {
  const framed = (request: FastifyRequest, title: string) =>
    frameOf(request, {
      title,
      // Coordinators come by the list of members.
      active: 'memorandum',
      zone: context.settings.zone,
    })

  app.get(
    '/memorandum',
    { config: { access: { who: 'signed-in' } }, schema: hidden },
    async (request, reply) => {
      const actor = actorOf(request)
      const found = await asActor(context.db, actor, request.now, async (tx) => {
        const all = await versions(tx)
        const signed: MemorandumProps['versions'] = []
        for (const one of all)
          signed.push({ ...one, signatures: await signatures(tx, { version: one.number }) })
        return { sets: await sets(tx), versions: signed }
      })
      const frame = framed(request, request.t('memorandum.title'))
      return sendPage(reply, memorandumPage({ frame, isCoordinator: isCoordinator(actor), ...found }))
    },
  )
  mountVersions(app, context, framed)
  mountSigning(app, context, framed)
}

type Framed = (request: FastifyRequest, title: string) => ReturnType<typeof frameOf>

function mountVersions(app: App, context: Context, framed: Framed): void {
  const form = (
    request: FastifyRequest,
    reply: FastifyReply,
    number: number | null,
    given: WantedVersion,
    errors?: Record<string, string>,
  ) => {
    const title =
      number === null ? request.t('memorandum.new') : request.t('memorandum.version.n', { n: number })
    const page = versionFormPage({ frame: framed(request, title), number, given, errors })
    return sendPage(reply, page, errors ? 422 : 200)
  }

  app.get(
    '/memorandum/new',
    { config: { access: { who: coordinators } }, schema: hidden },
    async (request, reply) => form(request, reply, null, blank),
  )

  const sample = {
    number: '800',
    month: '2026-03',
    language: 'cs',
    title: 'Memorandum',
    text: 'Text',
    fileSha256: '',
    published: '1',
  }
  app.post(
    '/memorandum',
    { config: { access: { who: coordinators, sample } }, schema: hidden },
    async (request, reply) => {
      const given = typedVersion(request.body)
      const by = actorOf(request)
      try {
        const number = await asActor(context.db, by, request.now, (tx) =>
          addVersion(tx, given, by, request.now),
        )
        return reply.redirect(`/memorandum/${number}?done=saved`, 303)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return form(request, reply, null, given, wordsOf(error, 'memorandum.wrong', request.t))
      }
    },
  )

  app.get(
    '/memorandum/:number/edit',
    { config: { access: { who: coordinators } }, schema: hidden },
    async (request, reply) => {
      const one = await asActor(context.db, actorOf(request), request.now, (tx) =>
        version(tx, idIn(request, 'number')),
      )
      const given = {
        ...one,
        number: String(one.number),
        month: one.month.slice(0, 7),
        fileSha256: one.fileSha256 ?? '',
        published: one.published ? '1' : '',
      }
      return form(request, reply, one.number, given)
    },
  )

  app.post(
    '/memorandum/:number',
    { config: { access: { who: coordinators, sample } }, schema: hidden },
    async (request, reply) => {
      const number = idIn(request, 'number')
      const given = { ...typedVersion(request.body), number: String(number) }
      const by = actorOf(request)
      try {
        await asActor(context.db, by, request.now, (tx) => changeVersion(tx, number, given, by, request.now))
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return form(request, reply, number, given, wordsOf(error, 'memorandum.wrong', request.t))
      }
      return reply.redirect(`/memorandum/${number}?done=saved`, 303)
    },
  )
}

const blank: WantedVersion = {
  number: '',
  month: '',
  language: 'cs',
  title: '',
  text: '',
  fileSha256: '',
  published: '',
}

function typedVersion(body: unknown): WantedVersion {
  const form = versionForm.safeParse(body)
  if (!form.success)
    throw new Invalid('The form was longer than its fields allow, or held what no text can hold.')
  return { ...blank, ...form.data }
}

function mountSigning(app: App, context: Context, framed: Framed): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, refused?: VersionProps['refused']) => {
    const actor = actorOf(request)
    const number = idIn(request, 'number')
    const coordinates = isCoordinator(actor)
    const found = await asActor(context.db, actor, request.now, async (tx) => ({
      version: await version(tx, number),
      signatures: await signatures(tx, { version: number }),
      onlyBefore: coordinates ? await signedOnlyBefore(tx, number) : [],
    }))
    const title = request.t('memorandum.version.title', { n: number, title: found.version.title })
    const done = doneOf(request, ['saved', 'signed'])
    const flash = done && { text: request.t(`memorandum.done.${done}`) }
    const page = versionPage({
      frame: framed(request, title),
      isCoordinator: coordinates,
      ...found,
      flash,
      refused,
    })
    return sendPage(reply, page, refused ? 422 : 200)
  }

  app.get(
    '/memorandum/:number',
    { config: { access: { who: 'signed-in' } }, schema: hidden },
    (request, reply) => show(request, reply),
  )

  const sample = {
    organisation: 'name',
    signatoryName: 'Ing. Jan Zkušební',
    day: '',
    state: 'declared',
    contact: '',
  }
  app.post(
    '/memorandum/:number/signatures',
    { config: { access: { who: coordinators, sample } }, schema: hidden },
    async (request, reply) => {
      const given = typedSignature(request.body)
      const number = idIn(request, 'number')
      const by = actorOf(request)
      try {
        await asActor(context.db, by, request.now, (tx) => sign(tx, number, given, by, request.now))
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return show(request, reply, { errors: wordsOf(error, 'memorandum.wrong', request.t), given })
      }
      return reply.redirect(`/memorandum/${number}?done=signed#signatures`, 303)
    },
  )

  app.get(
    '/signatures/:signature',
    { config: { access: { who: coordinators, objects: { signature: 'other' } } }, schema: hidden },
    async (request, reply) => {
      const one = await asActor(context.db, actorOf(request), request.now, (tx) =>
        signature(tx, idIn(request, 'signature')),
      )
      return sendPage(reply, signaturePage({ frame: framed(request, one.signatoryName), signature: one }))
    },
  )

  app.post(
    '/signatures/:signature',
    { config: { access: { who: coordinators, objects: { signature: 'other' }, sample } }, schema: hidden },
    async (request, reply) => {
      const id = idIn(request, 'signature')
      const given = typedSignature(request.body)
      const by = actorOf(request)
      const one = await asActor(context.db, by, request.now, (tx) => signature(tx, id))
      try {
        await asActor(context.db, by, request.now, (tx) => correct(tx, id, given, by, request.now))
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        const refused = { errors: wordsOf(error, 'memorandum.wrong', request.t), given }
        const frame = framed(request, one.signatoryName)
        return sendPage(reply, signaturePage({ frame, signature: one, refused }), 422)
      }
      return reply.redirect(`/memorandum/${one.version}?done=saved#signatures`, 303)
    },
  )
}

function typedSignature(body: unknown) {
  const form = signatureForm.safeParse(body)
  if (!form.success)
    throw new Invalid('The form was longer than its fields allow, or held what no text can hold.')
  return { organisation: '', signatoryName: '', day: '', state: '', contact: '', nameShown: '', ...form.data }
}
