/** The exercises: listed for everybody, opened by coordinators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { homeZone } from '../../../platform/dates.ts'
import { Invalid, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { instantOf } from '../../../platform/local-time.ts'
import { createExercise, listExercises } from '../exercises.ts'
import { coordinators, readers, text } from './access.ts'
import { type ExerciseForm, exercisesPage } from './exercises.tsx'
import { page, sendHtml } from './route.ts'

export function mountExercises(app: App, context: Context): void {
  const draw = async (
    request: FastifyRequest,
    reply: FastifyReply,
    refused?: { errors: Record<string, string>; given: ExerciseForm },
  ) => {
    const { t } = request
    const actor = actorOf(request)
    const exercises = await asActor(context.db, actor, request.now, listExercises)
    const flash =
      (request.query as { said?: string }).said === 'created'
        ? { text: t('warnings.exercises.flash') }
        : undefined
    const frame = frameOf(request, { active: 'exercises', title: t('warnings.exercises.title') })
    return sendHtml(reply, exercisesPage({ frame, actor, exercises, flash, ...refused }), refused ? 422 : 200)
  }

  app.get('/exercises', page({ who: readers }), (request, reply) => draw(request, reply))

  const sample = {
    id: 'sample-exercise',
    title: 'Cvičení',
    starts: '2099-01-01T08:00',
    ends: '2099-01-01T16:00',
  }
  app.post('/exercises', page({ who: coordinators, sample }), async (request, reply) => {
    const { body, t } = request
    const given = {
      id: text(body, 'id').trim(),
      title: text(body, 'title').slice(0, 200),
      starts: text(body, 'starts'),
      ends: text(body, 'ends'),
    }
    const [startsAt, endsAt] = [instantOf(given.starts, homeZone), instantOf(given.ends, homeZone)]
    const errors: Record<string, string> = {}
    if (startsAt === null) errors.startsAt = t('warnings.tests.error.startsAt')
    if (endsAt === null) errors.endsAt = t('warnings.tests.error.endsAt')
    if (startsAt === null || endsAt === null) return draw(request, reply, { errors, given })
    try {
      await createExercise(
        context.db,
        actorOf(request),
        { id: given.id, title: given.title, startsAt, endsAt },
        request.now,
      )
    } catch (error) {
      if (error instanceof WrongState)
        return draw(request, reply, { errors: { id: t('warnings.exercises.error.taken') }, given })
      if (!(error instanceof Invalid)) throw error
      const said = Object.keys(error.fields).map((field) => [field, t(`warnings.exercises.error.${field}`)])
      return draw(request, reply, { errors: Object.fromEntries(said), given })
    }
    return reply.redirect('/exercises?said=created', 303)
  })
}
