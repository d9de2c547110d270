/** Items by webhook: a program of the hospital on loopback hears of its own, signed, at once, and when it no longer concerns it. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { tuesday } from '../../../test/harness.ts'
import { documented, type HookReceiver, hookFields, openHookReceiver } from '../../../test/hook-receiver.ts'
import { type MatchStage, openMatchStage, pump } from '../../../test/match-stage.ts'
import { testContext } from '../../../test/post-office.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { openWays, type Ways } from '../channels/index.ts'
import { addWebhook } from '../channels/webhooks/webhooks.ts'
import { hookContent } from './hook-content.ts'

const [minute, day] = [60_000, 24 * 3_600_000]
let stage: MatchStage
let context: ReturnType<typeof testContext>
let receiver: HookReceiver
let ways: Ways
let source: number
let named = 0

beforeAll(async () => {
  stage = await openMatchStage()
  context = testContext(stage.db)
  receiver = await openHookReceiver()
  context.settings.webhookOrigins = [receiver.origin]
  ways = openWays(context, { sms: null, pushHosts: [] }, { tell: hookContent })
  source = await stage.sourceOf('Výrobce pump')
  await stage.own(stage.jana, { ...pump, quantity: '9', department: 'ARO' })
  await stage.step()
})
afterAll(async () => {
  await ways.close()
  await receiver.close()
  await stage.close()
})
beforeEach(async () => {
  receiver.clear()
  context.settings.webhookOrigins = [receiver.origin]
  await stage.db.engine.query(
    'delete from deliveries; delete from match_assets; delete from match_changes; delete from match_items; delete from webhooks',
  )
})

const keep = async (who: Actor, more: object = {}): Promise<{ id: number; secret: string }> => {
  const org = who.engagements[0]?.org ?? 0
  const wanted = { ...hookFields(org, receiver.origin), org, template: '', events: ['matches'], least: 1 }
  return asActor(stage.db, who, tuesday, (tx) =>
    addWebhook(tx, context, { ...wanted, ...more } as Parameters<typeof addWebhook>[2], who, tuesday),
  )
}
const given = async (more: object = {}, at = tuesday): Promise<string> => {
  const id = `W-${++named}`
  await stage.given(source, { id, ...more })
  await stage.step(at)
  return id
}
const run = async (at = tuesday): Promise<string[]> => {
  const before = receiver.got.length
  context.at(at)
  await ways.work(at)
  return receiver.got.slice(before).map(({ body }) => String(body.event))
}

it('tells of a new item, of its next version and of its end, signed as the document says', async () => {
  const { secret } = await keep(stage.jana)
  const id = await given()
  expect(await run()).toEqual(['match.new'])
  const [item] = await stage.items(stage.jana)
  const [first] = receiver.got
  expect(first?.body.match).toEqual({
    ...{ number: id, version: 1, tlp: 'AMBER', severity: 'critical', title: item?.title },
    url: `https://hsoc.example/matches/${item?.id}`,
  })
  expect(first?.body.warning).toBeUndefined()
  // What they run, how many and where stays behind the link.
  expect(first?.text).not.toMatch(/ARO|Jedlov|"9"|pieces/)
  const isOurs = await documented()
  expect(isOurs(secret, first?.headers ?? {}, first?.text ?? '', tuesday)).toBe(true)

  await stage.given(source, { id, version: '2', title: 'Jinak nazvané' })
  await stage.step(tuesday + minute)
  expect(await run(tuesday + minute)).toEqual(['match.updated'])
  expect(receiver.got.at(-1)?.body.match).toMatchObject({ version: 2, title: 'Jinak nazvané' })
  // Withdrawn by an advisory that only coordinators may read any more.
  await stage.given(source, { id, version: '3' }, 'AMBER')
  await stage.step(tuesday + 2 * minute)
  expect(await run(tuesday + 2 * minute)).toEqual(['match.gone'])
  expect(receiver.got.at(-1)?.body.match).toMatchObject({ number: '', version: null, title: null })
})

it('is its own organisation’s alone, from its severity on, and only where it was chosen', async () => {
  await keep(stage.ota)
  await keep(stage.jana, { events: ['written', 'detected', 'answers'] })
  await keep(stage.jana, { least: 4 })
  await given({ base: 5 })
  expect(await run()).toEqual([])
  await given()
  expect(await run()).toEqual(['match.new'])
  const { rows } = await stage.db.engine.query<{ readers: number[] }>(
    `select readers from deliveries where channel = 'webhook'`,
  )
  expect(rows).toEqual([{ readers: [1000 + 4 * stage.lipova.id] }])
})

it('comes at once also where people read of it in the digest, and is tried again with the same number', async () => {
  await keep(stage.jana)
  await given({ revisedAt: tuesday - 20 * day })
  receiver.status = 503
  expect(await run()).toEqual(['match.new'])
  receiver.status = 200
  expect(await run(tuesday + minute)).toEqual(['match.new'])
  expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
})

it('that waits when the item falls away never goes out, and nothing is said of its end', async () => {
  await keep(stage.jana)
  const id = await given()
  await stage.given(source, { id, version: '2' }, 'AMBER')
  await stage.step(tuesday + minute)
  expect(await run(tuesday + minute)).toEqual([])
})

it('never leads into our own networks', async () => {
  await keep(stage.jana)
  context.settings.webhookOrigins = []
  await given()
  expect(await run()).toEqual([])
  expect(await stage.messages()).toContain('new failed provider-refused')
})

it('takes nothing of the limit of mails a day', async () => {
  await keep(stage.jana)
  for (let n = 0; n < 11; n++) await given({ base: 7.5 })
  const { rows } = await stage.db.engine.query<{ state: string; n: number }>(
    `select state, count(distinct match_id)::int as n from deliveries where channel = 'mail' group by 1`,
  )
  expect(rows).toEqual([{ state: 'queued', n: 11 }])
})
