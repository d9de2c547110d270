/** Signing up for a training, and noting who was there. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor, asReader, isCoordinator, organisationsOf, type Role } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { memberRoles, organisationNamed } from '../../members/index.ts'
import { trainingPage } from '../pages/training.tsx'
import { trainingsPage } from '../pages/trainings.tsx'
import { noteAttendance, openSignUp, signUp, takeBackSignUp } from '../trainings.ts'
import { rollOf, trainings } from '../trainings-read.ts'
import { idOf, page, sendHtml, text } from './answers.ts'

const members: Role[] = [...memberRoles]
const readers: Role[] = [...members, 'coordinator']
const one = { objects: { id: 'training' } } as const
const coordinators: Access = { who: ['coordinator'], ...one }
type Params = { Params: { id: string } }

const doneWords = ['signed', 'withdrawn'] as const
const rollWords = ['opened', 'closed', 'noted'] as const

export function mountTrainings(app: App, context: Context): void {
  mountList(app, context)
  mountPlaces(app, context)
  mountRoll(app, context)
}

const frameFor = (context: Context, request: FastifyRequest, title: string) =>
  frameOf(request, { title, active: 'trainings', zone: context.settings.zone })

const said = <Word extends string>(request: FastifyRequest, words: readonly Word[]): { done?: Word } => {
  const done = words.find((word) => word === (request.query as { said?: unknown }).said)
  return done ? { done } : {}
}

function mountList(app: App, context: Context): void {
  app.get('/trainings', page({ who: readers }), async (request, reply) => {
    const actor = actorOf(request)
    const found = await asReader(context.db, actor, request.now, (tx) =>
      trainings(tx, request.t.lang, actor.person),
    )
    return sendHtml(
      reply,
      trainingsPage({
        frame: frameFor(context, request, request.t('trainings.title')),
        trainings: found,
        organisations: organisationsOf(actor),
        mayNote: isCoordinator(actor),
        ...said(request, doneWords),
      }),
    )
  })
}

function mountPlaces(app: App, context: Context): void {
  for (const [path, work, word] of [
    ['place', signUp, 'signed'],
    ['place/withdrawal', takeBackSignUp, 'withdrawn'],
  ] as const)
    app.post<Params>(
      `/trainings/:id/${path}`,
      page({ who: members, ...one, sample: { org: '1' } }),
      async (request, reply) => {
        const place = { training: idOf(request.params.id), org: idOf(text(request.body, 'org')) }
        const actor = actorOf(request)
        await asActor(context.db, actor, request.now, (tx) => work(tx, place, actor, request.now))
        return reply.redirect(`/trainings?said=${word}`, 303)
      },
    )
}

async function drawRoll(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  id: number,
  refused: { typed?: string; error?: string } = {},
): Promise<FastifyReply> {
  const actor = actorOf(request)
  const roll = await asReader(context.db, actor, request.now, (tx) =>
    rollOf(tx, id, request.t.lang, actor.person),
  )
  const frame = frameFor(context, request, roll.training.title)
  const shown = trainingPage({ frame, roll, ...refused, ...said(request, rollWords) })
  return sendHtml(reply, shown, refused.error ? 422 : 200)
}

function mountRoll(app: App, context: Context): void {
  app.get<Params>('/trainings/:id', page(coordinators), (request, reply) =>
    drawRoll(context, request, reply, idOf(request.params.id)),
  )

  app.post<Params>(
    '/trainings/:id/sign-up',
    page({ ...coordinators, sample: { open: 'yes' } }),
    async (request, reply) => {
      const wanted = { training: idOf(request.params.id), open: text(request.body, 'open') === 'yes' }
      const actor = actorOf(request)
      await asActor(context.db, actor, request.now, (tx) => openSignUp(tx, wanted, actor, request.now))
      return reply.redirect(`/trainings/${wanted.training}?said=${wanted.open ? 'opened' : 'closed'}`, 303)
    },
  )

  app.post<Params>(
    '/trainings/:id/attendance',
    page({ ...coordinators, sample: { places: [] } }),
    async (request, reply) => {
      const training = idOf(request.params.id)
      const actor = actorOf(request)
      const typed = text(request.body, 'organisation').trim().slice(0, 300)
      try {
        await asActor(context.db, actor, request.now, async (tx) => {
          const more = typed === '' ? [] : [await named(tx, typed)]
          const ticked = {
            places: ids(request.body, 'places'),
            orgs: [...ids(request.body, 'orgs'), ...more],
          }
          await noteAttendance(tx, { training, ...ticked }, actor, request.now)
        })
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return drawRoll(context, request, reply, training, { typed, error: request.t('trainings.nobody') })
      }
      return reply.redirect(`/trainings/${training}?said=noted`, 303)
    },
  )
}

/** Ticked boxes of one name come as one text or as several. */
const ids = (body: unknown, name: string): number[] =>
  [(body as Record<string, unknown> | undefined)?.[name] ?? []].flat().map(idOf)

async function named(tx: Tx, typed: string): Promise<number> {
  const found = typed.includes('\0') ? 'none' : await organisationNamed(tx, typed)
  if (found === 'none' || found === 'several')
    throw new Invalid('No such organisation', { organisation: found })
  return found.id
}
