/** Accounts of one human: proposals, a preview, merging with a second coordinator where a power goes over, and taking it back. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine, type Tx } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { confirmMerging, mergePeople, takeBack } from '../doubles/merging.ts'
import { mergings, previewPeople } from '../doubles/preview.ts'
import { accounts, pairsIn } from '../doubles/proposals.ts'
import { choiceForm, mergingForm, pairQuery, takingBackForm } from '../doubles/schema.ts'
import { type DoubleProps, doublePage } from '../pages/double.tsx'
import { type DoublesProps, doublesDone, doublesPage } from '../pages/doubles.tsx'
import { idParam } from '../schema.ts'
import { doneOf, sendPage } from './answers.ts'

const access: Access = { who: ['coordinator'] }
const ofMerging: Access = { ...access, fresh: true, objects: { merging: 'merging' } }
const hidden = { hide: true } as const

function mergingIn(request: FastifyRequest): number {
  const id = idParam.safeParse((request.params as { merging: string }).merging)
  if (!id.success) throw new NotFound('There is no such merging')
  return id.data
}

export function mountDoubles(app: App, context: Context): void {
  app.get('/people/doubles', { config: { access }, schema: hidden }, (request, reply) =>
    drawList(context, request, reply),
  )
  mountChoice(app, context)
  mountMergings(app, context)
  mountPair(app, context)
}

type Refused = Pick<DoublesProps, 'typed' | 'errors' | 'refused'> & { status?: number }

async function drawList(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { status = 200, ...shown }: Refused = {},
): Promise<FastifyReply> {
  const actor = actorOf(request)
  const found = await asReader(context.db, actor, request.now, async (tx) => ({
    pairs: pairsIn(await accounts(tx)),
    mergings: await mergings(tx, request.now),
  }))
  const frame = {
    ...frameOf(request, {
      title: request.t('doubles.title'),
      active: 'doubles',
      zone: context.settings.zone,
    }),
    path: '/people/doubles',
  }
  const done = doneOf(request, doublesDone)
  return sendPage(
    reply,
    doublesPage({ frame, reader: actor.person, ...found, ...shown, ...(done ? { done } : {}) }),
    status,
  )
}

function mountChoice(app: App, context: Context): void {
  const sample = { person: 'osoba-admin@people.example', into: 'osoba-duty@people.example' }
  app.post(
    '/people/doubles/choice',
    { config: { access: { ...access, sample } }, schema: hidden },
    async (request, reply) => {
      const form = choiceForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Write two addresses.')
      const typed = form.data
      const [person, into] = await asReader(context.db, actorOf(request), request.now, async (tx) => [
        await withAddress(tx, typed.person),
        await withAddress(tx, typed.into),
      ])
      if (person && into) return reply.redirect(`/people/doubles/merger?person=${person}&into=${into}`, 303)
      const nobody = request.t('doubles.wrong.nobody')
      const errors = { ...(person ? {} : { person: nobody }), ...(into ? {} : { into: nobody }) }
      return drawList(context, request, reply, { typed, errors, status: 422 })
    },
  )
}

/** The second coordinator's yes, and taking it back. */
function mountMergings(app: App, context: Context): void {
  app.post(
    '/people/doubles/:merging/confirmation',
    { config: { access: ofMerging }, schema: hidden },
    async (request, reply) => {
      await asEngine(context.db, (tx) =>
        confirmMerging(tx, mergingIn(request), actorOf(request), request.now),
      )
      return reply.redirect('/people/doubles?done=merged', 303)
    },
  )

  app.post(
    '/people/doubles/:merging/withdrawal',
    { config: { access: { ...ofMerging, sample: { reason: 'Omyl' } } }, schema: hidden },
    async (request, reply) => {
      const merging = mergingIn(request)
      const form = takingBackForm.safeParse(request.body)
      const reason = form.success ? form.data.reason : ''
      try {
        const done = await asEngine(context.db, (tx) =>
          takeBack(tx, { merge: merging, reason }, actorOf(request), request.now),
        )
        return reply.redirect(`/people/doubles?done=${done}`, 303)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        const refused = { merging, reason, error: request.t('doubles.wrong.reason') }
        return drawList(context, request, reply, { refused, status: 422 })
      }
    },
  )
}

async function withAddress(tx: Tx, email: string): Promise<number | null> {
  const { rows } = await tx.query<{ id: number }>('select id from people where lower(email) = lower($1)', [
    email.trim(),
  ])
  return rows[0]?.id ?? null
}

function mountPair(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    pair: { person: number; into: number },
    refused: Pick<DoubleProps, 'refused' | 'given'> = {},
  ) => {
    const actor = actorOf(request)
    const preview = await asReader(context.db, actor, request.now, (tx) =>
      previewPeople(tx, pair, actor, request.now),
    )
    const frame = frameOf(request, {
      title: request.t('doubles.merger'),
      active: 'doubles',
      zone: context.settings.zone,
    })
    const status = refused.given ? 422 : (refused.refused ?? preview.obstacle) ? 409 : 200
    return sendPage(reply, doublePage({ frame, preview, ...refused }), status)
  }

  app.get('/people/doubles/merger', { config: { access }, schema: hidden }, (request, reply) => {
    const pair = pairQuery.safeParse(request.query)
    return pair.success ? draw(request, reply, pair.data) : reply.redirect('/people/doubles', 303)
  })

  app.post(
    '/people/doubles/merger',
    {
      config: {
        access: { ...access, fresh: true, sample: { person: '1', into: '2', reason: 'Jeden člověk' } },
      },
      schema: hidden,
    },
    async (request, reply) => {
      const form = mergingForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Choose two accounts, and say why.')
      const { reason, ...pair } = form.data
      try {
        const { waits } = await asEngine(context.db, (tx) =>
          mergePeople(tx, form.data, actorOf(request), request.now),
        )
        return reply.redirect(`/people/doubles?done=${waits ? 'waiting' : 'merged'}`, 303)
      } catch (error) {
        if (error instanceof Invalid)
          return draw(request, reply, pair, { given: { reason, error: request.t('doubles.wrong.reason') } })
        // The words of a wrong state are those of the page.
        if (error instanceof WrongState)
          return draw(request, reply, pair, { refused: error.message as NonNullable<DoubleProps['refused']> })
        throw error
      }
    },
  )
}
