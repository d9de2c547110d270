/** A person's own ways beside mail, for their programs. */
import { z } from 'zod'
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { type Choice, choose, chosenWays, ownChoice, ownNumbers } from '../ways/choices.ts'

const severities = ['low', 'medium', 'high', 'critical'] as const
const hour = z.int().min(0).max(23).nullable()
const choice = z
  .object({
    least: z.enum(severities),
    quiet_from: hour.describe("an hour by the installation's clock; high and critical come at once always"),
    quiet_to: hour,
  })
  .refine(
    ({ quiet_from: from, quiet_to: to }) =>
      (from === null) === (to === null) && (from === null || from !== to),
    {
      path: ['quiet_to'],
      message: 'two different hours, or none',
    },
  )
const way = choice.nullable().describe('null: nothing by this way')
const answer = z.object({ sms: way, push: way, numbers: z.array(z.string()).describe('your proved numbers') })
const api = (sample: object, summary: string, schema: object) => ({
  config: { access: { who: 'signed-in' as const, ...sample } },
  schema: { tags: ['session'], summary, ...schema },
})

const choiceJson = (found: Choice | null): z.infer<typeof way> =>
  found && {
    ...{ least: severities[found.least - 1] ?? 'low', quiet_from: found.quietFrom, quiet_to: found.quietTo },
  }
const waysOf = async (tx: Tx): Promise<z.infer<typeof answer>> => ({
  sms: choiceJson(await ownChoice(tx, 'sms')),
  push: choiceJson(await ownChoice(tx, 'push')),
  numbers: await ownNumbers(tx),
})

export function mountWayApi(app: App, { db }: Context): void {
  app.get(
    '/api/v1/session/ways',
    api({}, 'What you want by text message and push beside mail', { response: { 200: answer } }),
    (request) => asActor(db, actorOf(request), request.now, waysOf),
  )
  const sample = { least: 'high', quiet_from: 22, quiet_to: 6 }
  for (const way of chosenWays) {
    const chosen = (by: Actor, wanted: Choice | null, now: number) =>
      asActor(db, by, now, async (tx) => {
        await choose(tx, way, wanted, by, now)
        return waysOf(tx)
      })
    app.put<{ Body: z.infer<typeof choice> }>(
      `/api/v1/session/ways/${way}`,
      api({ sample }, `From which severity on you want messages by ${way}, and when it is quiet`, {
        ...{ body: choice, response: { 200: answer } },
      }),
      (request) => {
        const { least, quiet_from: quietFrom, quiet_to: quietTo } = request.body
        const wanted = { least: severities.indexOf(least) + 1, quietFrom, quietTo }
        return chosen(actorOf(request), wanted, request.now)
      },
    )
    app.delete(
      `/api/v1/session/ways/${way}`,
      api({}, `Have nothing by ${way} any more`, { response: { 200: answer } }),
      (request) => chosen(actorOf(request), null, request.now),
    )
  }
}
