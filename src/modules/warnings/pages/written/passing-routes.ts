/** Passing a warning on and taking that back, by page and API. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Actor, asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import type { Queryable } from '../../../../platform/database.ts'
import { iso } from '../../../../platform/dates.ts'
import { Forbidden, Invalid, NotFound } from '../../../../platform/errors.ts'
import { frameOf } from '../../../../platform/frame.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { refusedPassing } from '../../../../values/scopes.ts'
import {
  type Passing,
  passingOrgs,
  passingsOf,
  passOn,
  relations,
  type Target,
  takeBack,
  targetOf,
} from '../../written/passing.ts'
import { getWritten, versionOf } from '../../written/read.ts'
import { atWork, readers, smallIdOf, text } from '../access.ts'
import { api, page, sendHtml } from '../route.ts'
import { type PassingForm, passingPage } from './passing.tsx'
import { stateNow } from './words.tsx'

interface Params {
  id: string
}
interface OneParams extends Params {
  passing: string
}

const objects = { id: 'written' as const }
const one = { id: 'written' as const, passing: 'written' as const }
/** Whoever passed it on, and coordinators. */
const takers = ['coordinator' as const, ...atWork]

const formIn = (given: unknown): PassingForm => ({
  org: text(given, 'org'),
  to: text(given, 'to').slice(0, 300),
  relation: text(given, 'relation'),
  need: text(given, 'need').slice(0, 2_000),
})

export function mountPassing(app: App, context: Context): void {
  const { db } = context
  const draw = async (
    request: FastifyRequest<{ Params: Params }>,
    reply: FastifyReply,
    form: PassingForm,
    wrong: { errors?: Record<string, string>; status?: number } = {},
  ) => {
    const actor = actorOf(request)
    const found = await asReader(db, actor, request.now, (tx) =>
      passingIn(tx, smallIdOf(request.params.id), actor, form, request.now),
    )
    const errors = { ...found.errors, ...wrong.errors }
    const frame = frameOf(request, { active: 'written', title: '' })
    const failed = found.refused ? 403 : Object.keys(errors).length > 0 ? 422 : 200
    return sendHtml(reply, passingPage({ frame, ...found, errors }), wrong.status ?? failed)
  }
  app.get<{ Params: Params }>(
    '/warnings/written/:id/passing',
    page({ who: readers, objects }),
    (request, reply) => draw(request, reply, formIn(request.query)),
  )
  app.post<{ Params: Params }>(
    '/warnings/written/:id/passings',
    page({ who: atWork, objects, sample: { org: '1', to: 'Servis', relation: 'supplier', need: 'x' } }),
    async (request, reply) => {
      const id = smallIdOf(request.params.id)
      const form = formIn(request.body)
      try {
        await passOn(db, id, actorOf(request), { ...form, org: smallIdOf(form.org) }, request.now)
      } catch (error) {
        if (error instanceof Forbidden) return draw(request, reply, form, { status: 403 })
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, form, { errors: error.fields, status: 422 })
      }
      return reply.redirect(`/warnings/written/${id}?said=passed`, 303)
    },
  )
  app.post<{ Params: OneParams }>(
    '/warnings/written/:id/passings/:passing/withdrawal',
    page({ who: takers, objects: one }),
    async (request, reply) => {
      await takeBack(db, smallIdOf(request.params.passing), actorOf(request), request.now)
      return reply.redirect(`/warnings/written/${smallIdOf(request.params.id)}?said=takenBack`, 303)
    },
  )
  mountApi(app, context)
}

/** What the page shows: the reader's organisations, whom the form names, or why nobody may be. */
async function passingIn(tx: Queryable, id: number, actor: Actor, given: PassingForm, now: number) {
  const warning = await getWritten(tx, id)
  const version = await versionOf(tx, id, 'published')
  if (!version || stateNow(warning, now) !== 'published') throw new NotFound('There is no such warning')
  const label = refusedPassing(version.audience, version.tlp)
  const orgs = label ? [] : await passingOrgs(tx, id, actor)
  const refused = label
    ? `written.passing.refused.${label}`
    : orgs.length === 0
      ? 'written.passing.role'
      : null
  const org = orgs.find((one) => String(one.id) === given.org) ?? orgs[0]
  const form = { ...given, org: String(org?.id ?? '') }
  let target: Target | null = null
  let errors: Record<string, string> = {}
  if (org && form.to.trim() !== '')
    try {
      target = await targetOf(tx, id, org.id, form.to)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      errors = error.fields
    }
  return { warning, version, orgs, refused, form, target, errors }
}

const body = z.object({
  organisation: z.number().int().optional().describe('whose; needed by those who serve several'),
  to: z
    .string()
    .max(300)
    .describe('the whole name of the receiver, or its number in the register of companies'),
  relation: z.enum(relations),
  need: z.string().max(1_000).describe('why they need it'),
})
const instant = z.string().describe('ISO 8601, UTC')
const passingAnswer = z.object({
  id: z.number(),
  version: z.number(),
  from: z.string(),
  to: z.string(),
  relation: z.enum(relations),
  need: z.string().describe('empty for whoever received it'),
  people: z.number().describe('how many got it'),
  passed_at: instant,
  ended_at: instant.nullable(),
  ended_why: z.enum(['withdrawn', 'narrowed']).nullable(),
})

const asJson = (row: Passing): z.infer<typeof passingAnswer> => ({
  id: row.id,
  version: row.version,
  from: row.orgName,
  to: row.toName,
  relation: row.relation,
  need: row.need,
  people: row.people,
  passed_at: iso(row.passedAt),
  ended_at: row.endedAt === null ? null : iso(row.endedAt),
  ended_why: row.endReason,
})

function mountApi(app: App, { db }: Context): void {
  app.get<{ Params: Params }>(
    '/api/v1/written-warnings/:id/passings',
    api({ who: readers, objects }, 'To whom a written warning was passed on, as far as the caller may know', {
      response: { 200: z.object({ passings: z.array(passingAnswer) }) },
    }),
    async (request) => ({
      passings: await asReader(db, actorOf(request), request.now, async (tx) => {
        await getWritten(tx, smallIdOf(request.params.id))
        return (await passingsOf(tx, smallIdOf(request.params.id))).map(asJson)
      }),
    }),
  )
  app.put<{ Params: Params; Body: z.infer<typeof body> }>(
    '/api/v1/written-warnings/:id/passings',
    api(
      { who: atWork, objects, sample: { to: 'Servis', relation: 'supplier', need: 'x' } },
      'Passes a written warning on to a supplier or a client',
      { body, response: { 200: z.object({ id: z.number(), to: z.string(), people: z.number() }) } },
    ),
    async (request) => {
      const id = smallIdOf(request.params.id)
      const actor = actorOf(request)
      const { organisation, ...given } = request.body
      const orgs = await asReader(db, actor, request.now, async (tx) => {
        await getWritten(tx, id)
        return passingOrgs(tx, id, actor)
      })
      const org = organisation ?? (orgs.length > 1 ? undefined : (orgs[0]?.id ?? -1))
      if (org === undefined) throw new Invalid('Say for which organisation', { organisation: 'form' })
      const made = await passOn(db, id, actor, { ...given, org }, request.now)
      return { id: made.id, to: made.to.name, people: made.to.people }
    },
  )
  app.delete<{ Params: OneParams }>(
    '/api/v1/written-warnings/:id/passings/:passing',
    api({ who: takers, objects: one }, 'Takes back that a written warning was passed on', {
      response: { 200: z.object({ taken_back: z.literal(true) }) },
    }),
    async (request) => {
      await takeBack(db, smallIdOf(request.params.passing), actorOf(request), request.now)
      return { taken_back: true as const }
    },
  )
}
