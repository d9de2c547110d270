/** Requests of people for their data: found by the address, previewed, handed out or erased by a coordinator. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { previewOf } from '../preview.ts'
import {
  type Asked,
  eraseObstacle,
  eraseOnRequest,
  exportObstacle,
  exportOnRequest,
  type Obstacle,
  subjectOf,
} from '../request.ts'
import { dataPage } from './data.tsx'
import { findPage, requestPage } from './requests.tsx'
import { page, sendHtml, text } from './route.ts'

const who: 'coordinator'[] = ['coordinator']
type Params = { Params: { person: string } }
type Request = FastifyRequest<Params>
const objects = { person: 'person' } as const
const sample = { asker: 'Osoba sama', identity: 'Zpětné volání', reason: 'Žádost', sure: '1' }

/** The person as the actor sees it, so that the look is in the read ledger of its organisations. */
async function personIn(context: Context, request: Request): Promise<number> {
  const { person } = request.params
  const found =
    /^\d{1,9}$/.test(person) &&
    (await asReader(context.db, actorOf(request), request.now, async (tx) => {
      const { rows } = await tx.query<{ id: number }>(
        `select p.id, array(select distinct e.org_id from engagements e where e.person_id = p.id and e.org_id is not null) as org_ids
         from people p where p.id = $1`,
        [Number(person)],
      )
      return rows[0]?.id
    }))
  if (!found) throw new NotFound('There is no such person.')
  return found
}

const askedIn = ({ body }: Request): Asked => ({
  asker: text(body, 'asker'),
  identity: text(body, 'identity'),
  reason: text(body, 'reason'),
})

export function mountRequests(app: App, context: Context): void {
  mountFind(app, context)
  app.get<Params>('/people/:person/data', page({ who, objects }), (request, reply) =>
    draw(context, request, reply),
  )
  mountHandingOut(app, context)
  mountErasing(app, context)
}

async function draw(
  context: Context,
  request: Request,
  reply: FastifyReply,
  refused: { of?: 'export' | 'erase'; wrong?: string[]; obstacle?: Obstacle } = {},
): Promise<FastifyReply> {
  const { t, now } = request
  const actor = actorOf(request)
  const person = await personIn(context, request)
  const found = await asEngine(context.db, async (tx) => {
    const subject = await subjectOf(tx, person, actor, now)
    return { subject, preview: await previewOf(tx, subject) }
  })
  const title = t('requests.person', { name: found.subject.name })
  const frame = {
    ...frameOf(request, { title, active: 'privacy', zone: context.settings.zone }),
    path: `/people/${person}/data`,
  }
  return sendHtml(
    reply,
    requestPage({
      frame,
      ...found,
      refused: refused.obstacle,
      exporting: exportObstacle(found.subject, actor),
      erasing: eraseObstacle(found.subject, actor),
      given: refused.of && { of: refused.of, wrong: refused.wrong ?? [], ...askedIn(request) },
      erased: text(request.query, 'done') === 'erased',
    }),
    refused.obstacle ? 409 : refused.of ? 422 : 200,
  )
}

/** The page again, with what was typed and what is wrong with it. */
function again(
  context: Context,
  request: Request,
  reply: FastifyReply,
  of: 'export' | 'erase',
  error: unknown,
): Promise<FastifyReply> {
  if (error instanceof Invalid) return draw(context, request, reply, { of, wrong: Object.keys(error.fields) })
  // The words of a wrong state are those of the page.
  if (error instanceof WrongState)
    return draw(context, request, reply, { obstacle: error.message as Obstacle })
  throw error
}

// Nothing is changed by it, but it hands out all there is: so it asks for a fresh proof, and is no GET.
function mountHandingOut(app: App, context: Context): void {
  app.post<Params>(
    '/people/:person/data',
    page({ who, objects, fresh: true, sample: { ...sample, as: 'page' } }),
    async (request, reply) => {
      const person = await personIn(context, request)
      try {
        const data = await exportOnRequest(
          context.db,
          person,
          askedIn(request),
          actorOf(request),
          request.now,
        )
        if (text(request.body, 'as') === 'json')
          return reply
            .header('content-disposition', `attachment; filename="hsoc-person-${person}.json"`)
            .type('application/json; charset=utf-8')
            .send(JSON.stringify(data, null, 2))
        const title = request.t('requests.handed', { person: String(person) })
        const frame = frameOf(request, { title, active: 'privacy', zone: context.settings.zone })
        return sendHtml(reply, dataPage({ frame, data }))
      } catch (error) {
        return again(context, request, reply, 'export', error)
      }
    },
  )
}

function mountErasing(app: App, context: Context): void {
  app.post<Params>(
    '/people/:person/erasure',
    page({ who, objects, fresh: true, sample }),
    async (request, reply) => {
      const person = await personIn(context, request)
      try {
        if (text(request.body, 'sure') !== '1')
          throw new Invalid('Tick that you have seen it.', { sure: 'sure' })
        await eraseOnRequest(context.db, person, askedIn(request), actorOf(request), request.now)
      } catch (error) {
        return again(context, request, reply, 'erase', error)
      }
      return reply.redirect(`/people/${person}/data?done=erased`, 303)
    },
  )
}

function mountFind(app: App, context: Context): void {
  const draw = (request: FastifyRequest, reply: FastifyReply, typed?: string): FastifyReply => {
    const frame = {
      ...frameOf(request, {
        title: request.t('requests.title'),
        active: 'privacy',
        zone: context.settings.zone,
      }),
      path: '/people/data',
    }
    return sendHtml(reply, findPage({ frame, typed }), typed === undefined ? 200 : 422)
  }

  app.get('/people/data', page({ who }), (request, reply) => draw(request, reply))

  app.post(
    '/people/data/choice',
    page({ who, sample: { person: 'osoba-admin@people.example' } }),
    async (request, reply) => {
      const typed = text(request.body, 'person').replaceAll('\0', '').trim().slice(0, 320)
      const found = await asReader(context.db, actorOf(request), request.now, async (tx) => {
        const { rows } = await tx.query<{ id: number }>(
          `select id from people where lower(email) = lower($1) or $1 ~ '^[0-9]{1,9}$' and id::text = $1`,
          [typed],
        )
        return rows[0]?.id
      })
      return found ? reply.redirect(`/people/${found}/data`, 303) : draw(request, reply, typed)
    },
  )
}
