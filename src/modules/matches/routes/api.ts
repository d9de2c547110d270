/** Matches for programs: keys of the organisation read them, its people answer. */
import { z } from 'zod'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { iso } from '../../../platform/dates.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { translator } from '../../../platform/i18n.ts'
import { sentenceOf } from '../../assets/index.ts'
import { memberRoles } from '../../members/index.ts'
import { answer } from '../answers.ts'
import { groupsOf, type MatchLine, matchAt } from '../read.ts'
import { answerBody, answerResult, idParam, matchAnswer, matchesAnswer, query } from '../schema.ts'
import { listed } from './listed.ts'

const who: Access['who'] = [...memberRoles]
const params = z.object({ id: idParam })
const api = (access: Access, summary: string, schema: object) => ({
  config: { access },
  schema: { tags: ['assets'], summary, ...schema },
})
const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
const perPage = 200

const lineJson = (item: MatchLine): z.infer<typeof matchesAnswer>['matches'][number] => ({
  ...{ id: item.id, org: item.org },
  advisory: {
    ...{ id: item.advisory, tracking_id: item.trackingId, publisher: item.publisher, title: item.title },
    ...{ version: item.seq, tlp: item.tlp },
  },
  ...{ state: item.state, closed_because: item.closedWhy, severity: severities[item.severity] ?? 'medium' },
  ...{ exploited: item.exploited, patient_safety: item.patientSafety, sure: item.sure },
  ...{ pieces: item.pieces, departments: item.departments, answer: item.answer },
  ...{ planned_on: item.plannedOn, affected: item.affected },
  ...{ opened_at: iso(item.openedAt), changed_at: iso(item.changedAt) },
})

export function mountApi(app: App, { db }: Context): void {
  app.get<{ Querystring: z.infer<typeof query> }>(
    '/api/v1/matches',
    api(
      { who, key: 'assets.read' },
      'Advisories that concern what the organisation runs, the most urgent first',
      {
        ...{ querystring: query, response: { 200: matchesAnswer } },
      },
    ),
    (request) =>
      asReader(db, actorOf(request), request.now, async (tx) => {
        const { rows, ...rest } = await listed(tx, request.query, perPage)
        return { ...rest, matches: rows.map(lineJson) }
      }),
  )
  app.get<{ Params: z.infer<typeof params> }>(
    '/api/v1/matches/:id',
    api(
      { who, objects: { id: 'match' }, key: 'assets.read' },
      'One of them: which assets, why and how sure',
      {
        ...{ params, response: { 200: matchAnswer } },
      },
    ),
    (request) =>
      asReader(db, actorOf(request), request.now, async (tx) => {
        const t = translator('en')
        const item = await matchAt(tx, request.params.id)
        const groups = await groupsOf(tx, item.id)
        return {
          ...lineJson(item),
          assets: groups.map(({ asset, vendor, product, version, pieces, departments, sure, why, said }) => ({
            ...{ asset, vendor, product, version, pieces, departments, sure, decision: said },
            why: why.map((reason) => sentenceOf(t, reason)),
          })),
        }
      }),
  )
  app.put<{ Params: z.infer<typeof params>; Body: z.infer<typeof answerBody> }>(
    '/api/v1/matches/:id/answer',
    api({ who, objects: { id: 'match' }, sample: { answer: 'seen' } }, 'Say where the organisation stands', {
      ...{ params, body: answerBody, response: { 200: answerResult } },
    }),
    (request) => {
      const { planned_on: plannedOn, affected, note, answer: word } = request.body
      const given = { answer: word, plannedOn, affected, note }
      return answer(db, request.params.id, given, actorOf(request), request.now)
    },
  )
}
