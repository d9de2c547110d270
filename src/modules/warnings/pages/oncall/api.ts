/** What climbs, for programs: read with a key too, taken and closed by coordinators. */
import { z } from 'zod'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import { iso } from '../../../../platform/dates.ts'
import { type Access, type App, actorOf } from '../../../../platform/http.ts'
import { severityName } from '../../mail-parts.ts'
import { type ClimbLine, climbs, close, take } from '../../oncall/board.ts'
import { coordinators, idOf, readers } from '../access.ts'

const instant = z.string().describe('ISO 8601, UTC')
const climbAnswer = z.object({
  id: z.number(),
  kind: z.enum(['member', 'csirt']).describe('whose steps it climbs'),
  cause: z.string().describe('critical, emergency, sensor, handed-up, nobody, review or heartbeat'),
  state: z.enum(['climbing', 'taken', 'open']).describe('open: every step was told, and nobody took it'),
  org: z.number().nullable(),
  organisation: z.string().nullable(),
  warning: z.number().nullable(),
  written: z.number().nullable(),
  number: z.string().nullable(),
  heartbeat: z.string().nullable().describe('what is missing, by name'),
  severity: z.string(),
  round: z.number(),
  next_step: z.object({ no: z.number(), of: z.number(), at: instant }).nullable(),
  began_at: instant,
  taken_at: instant.nullable(),
  taken_by: z.string().nullable(),
  steps: z.array(
    z.object({
      no: z.number(),
      round: z.number(),
      at: instant,
      people: z.array(z.string()),
      reached: z.number().describe('how many of them could be told'),
    }),
  ),
})

const climbJson = (one: ClimbLine): z.infer<typeof climbAnswer> => ({
  ...{ id: one.id, kind: one.kind, cause: one.cause, state: one.state, org: one.org },
  ...{ organisation: one.orgName, warning: one.warning, written: one.written, number: one.number },
  heartbeat: one.heartbeat,
  ...{ severity: severityName(one.severity), round: one.round, began_at: iso(one.beganAt) },
  next_step:
    one.nextAt === null ? null : { no: one.nextNo, of: one.policy.steps.length, at: iso(one.nextAt) },
  taken_at: one.takenAt === null ? null : iso(one.takenAt),
  taken_by: one.takenBy,
  steps: one.steps.map(({ no, round, at, people, reached }) => ({ no, round, at: iso(at), people, reached })),
})

const api = (access: Access, summary: string, schema: object) => ({
  config: { access },
  schema: { tags: ['duty'], summary, ...schema },
})

export function mountOncallApi(app: App, { db }: Context): void {
  app.get(
    '/api/v1/duty/oncall',
    api({ who: readers, key: 'duty.read' }, 'What climbs and is not ended: what nobody took first', {
      response: { 200: z.object({ climbs: z.array(climbAnswer) }) },
    }),
    async (request) => {
      const found = await asReader(db, actorOf(request), request.now, climbs)
      return { climbs: found.map(climbJson) }
    },
  )

  for (const [noun, deed, summary] of [
    ['taking', take, 'Take what came to the coordinators: it is quiet for an hour'],
    ['closing', close, 'Close what was taken'],
  ] as const)
    app.put<{ Params: { escalation: string } }>(
      `/api/v1/duty/oncall/:escalation/${noun}`,
      api({ who: coordinators, objects: { escalation: 'written' } }, summary, {
        params: z.object({ escalation: z.string().max(15) }),
        response: { 204: z.null() },
      }),
      async (request, reply) => {
        await asEngine(db, (tx) => deed(tx, idOf(request.params.escalation), actorOf(request), request.now))
        return reply.status(204).send(null)
      },
    )
}
