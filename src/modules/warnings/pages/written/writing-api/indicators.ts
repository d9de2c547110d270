/** For coordinators' programs: what stands in a draft or in a pasted text, which of it may be taken, and the choice. */
import { z } from 'zod'
import { asReader } from '../../../../../platform/access.ts'
import type { Context } from '../../../../../platform/context.ts'
import { type App, actorOf } from '../../../../../platform/http.ts'
import { choose } from '../../../written/indicators/choose.ts'
import { keyOf, mostFound } from '../../../written/indicators/find.ts'
import { askLists, groundsOf, type Judged, judge } from '../../../written/indicators/judge.ts'
import { allOf, draftIn } from '../../../written/indicators/offer.ts'
import { choiceRevision } from '../../../written/seen.ts'
import { coordinators, idOf } from '../../access.ts'
import { api } from '../../route.ts'
import { longestPaste } from '../indicators.tsx'
import { doing, indicatorAnswer, params, seen } from './shapes.ts'

type Params = z.infer<typeof params>

const of = { who: coordinators, objects: { id: 'written' as const } }
const address = '/api/v1/written-warnings/:id/indicators'

const foundAnswer = indicatorAnswer.extend({
  taken: z.boolean(),
  places: z.array(z.object({ where: z.string(), line: z.number(), excerpt: z.string() })),
  refused: z
    .object({ why: z.string(), by: z.string().nullable().describe('whose it is, or which list names it') })
    .nullable()
    .describe('why it must not be taken'),
  cloud: z.string().nullable().describe('the list of a cloud or of a mail provider that names it'),
})
const answer = z.object({
  found: z.array(foundAnswer),
  cut: z.boolean().describe('something was left out: too long, or too many'),
  lists: z.boolean().describe('false: there are no warning lists here to ask'),
  seen: z.string().describe('to be said with the choice'),
})
const finding = z.object({ text: z.string().max(longestPaste) })
const choice = z.object({
  take: z.array(z.string().max(4_096)).max(mostFound).describe('these and no others, defanged or not'),
  seen,
})
const chosen = z.object({ taken: z.number() })

const asJson = (one: Judged, taken: Set<string>): z.infer<typeof foundAnswer> => ({
  ...{ kind: one.kind, value: one.value, taken: taken.has(keyOf(one)), places: one.places },
  refused: one.refusal && { why: one.refusal.why, by: 'by' in one.refusal ? one.refusal.by : null },
  cloud: one.cloud,
})

export function mountIndicatorApi(app: App, { db, settings }: Context): void {
  const grounds = groundsOf(settings)
  const found = async (by: ReturnType<typeof actorOf>, id: number, pasted: string, now: number) => {
    const { version, kept } = await asReader(db, by, now, (tx) => draftIn(tx, id))
    const all = allOf(version, pasted, kept)
    const lists = await askLists(grounds, all.found)
    const judged = await asReader(db, by, now, (tx) => judge(tx, all.found, grounds, lists, now))
    const taken = new Set(kept.map(keyOf))
    return {
      ...{ found: judged.map((one) => asJson(one, taken)), cut: all.cut, lists: grounds.listsDir !== null },
      seen: choiceRevision(version, kept),
    }
  }

  app.get<{ Params: Params }>(
    address,
    api(of, 'Indicators in the texts of a draft, and which of them may be taken', {
      ...{ params, response: { 200: answer } },
    }),
    (request) => found(actorOf(request), idOf(request.params.id), '', request.now),
  )
  app.post<{ Params: Params; Body: z.infer<typeof finding> }>(
    `${address}/finding`,
    api(
      { ...of, sample: { text: 'hxxp://evil[.]example' } },
      'Find indicators in another text too; nothing is kept',
      {
        ...{ params, body: finding, response: { 200: answer } },
      },
    ),
    (request) => found(actorOf(request), idOf(request.params.id), request.body.text, request.now),
  )
  app.put<{ Params: Params; Body: z.infer<typeof choice> }>(
    address,
    api({ ...of, sample: { take: ['evil.example'], seen: 'x' } }, 'Choose the indicators that machines get', {
      ...{ params, body: choice, response: { 200: chosen } },
    }),
    async (request) => {
      const [id, { take, seen: was }] = [idOf(request.params.id), request.body]
      return { taken: await doing(choose(db, id, actorOf(request), take, grounds, request.now, was)) }
    },
  )
}
