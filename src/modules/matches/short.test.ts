/** Items by text message and push: to a gateway and a push service on loopback, as each person chose, and nothing more than that there is one. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../test/match-stage.ts'
import { testContext } from '../../../test/post-office.ts'
import { openPushHouse, type PushHouse } from '../../../test/push-house.ts'
import { openSmsGateway, type SmsGateway, smsBack } from '../../../test/sms-gateway.ts'
import type { Actor } from '../../platform/access.ts'
import { openWays, type Ways } from '../channels/index.ts'
import { subscribe } from '../channels/push/devices.ts'
import { publicKeyOf } from '../channels/push/keys.ts'

const hour = 3_600_000
const concerns = 'hSOC: bezpecnostni upozorneni se tyka toho, co provozujete (polozka N). Otevrete portal.'
const gone = 'hSOC: upozorneni z polozky N se vas uz netyka.'

let stage: MatchStage
let context: ReturnType<typeof testContext>
let gateway: SmsGateway
let service: PushHouse
let ways: Ways
let source: number
let eva: Actor
let named = 0
let now = tuesday

const want = (
  person: Actor,
  way: string,
  least: number,
  quiet: [number, number] | [null, null] = [null, null],
) =>
  stage.db.engine.query(
    `insert into channel_choices (person_id, channel, least, quiet_from, quiet_to, changed_at) values ($1, $2, $3, $4, $5, now())
     on conflict (person_id, channel) do update set least = $3, quiet_from = $4, quiet_to = $5`,
    [person.person, way, least, ...quiet],
  )
const number = (person: Actor, value: string) =>
  stage.db.engine.query(
    `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
     values ($1, $2, $3, 'sms', $4, array[2], $5, $5, $5, 'sms')`,
    [stage.lipova.id, person.person, person.name, value, new Date(tuesday)],
  )
beforeAll(async () => {
  stage = await openMatchStage()
  gateway = await openSmsGateway()
  context = testContext(stage.db)
  service = await openPushHouse(() => publicKeyOf(context))
  context.settings.pushHosts = [service.origin]
  ways = openWays(context, { sms: gateway.sms, smsBack, pushHosts: [service.origin] })
  source = await stage.sourceOf('Výrobce pump')
  eva = await addPerson(stage.db, 'Eva Manažerová', [['manager', stage.lipova]])
  await number(stage.jana, '+420555000001')
  await number(eva, '+420555000003')
  await want(eva, 'sms', 1)
  await subscribe(context, { ...service.subscription, name: 'Telefon' }, stage.jana, tuesday)
  await stage.own(stage.jana, { ...pump, quantity: '9', department: 'ARO' })
  await stage.step()
})
afterAll(async () => {
  await ways.close()
  await service.close()
  await gateway.close()
  await stage.close()
})
beforeEach(async () => {
  now = tuesday
  await stage.db.engine.query(
    `delete from deliveries; delete from match_assets; delete from match_changes; delete from match_items`,
  )
  await want(stage.jana, 'sms', 3)
  await want(stage.jana, 'push', 2)
  gateway.taken.length = 0
  service.shown.length = 0
})
/** What phones got in a run, with N for the number of the item. */
const run = async (at = now): Promise<string[]> => {
  const counts = [gateway.taken.length, service.shown.length]
  context.at(at)
  await ways.work(at)
  return [
    ...gateway.taken.slice(counts[0]).map(({ to, text }) => `${to} ${text.replace(/\d+(?=\)| se)/, 'N')}`),
    ...service.shown.slice(counts[1]).map(({ content }) => `push ${content.class}`),
  ]
}
const given = async (more: object = {}, at = now) => {
  const id = `S-${++named}`
  await stage.given(source, { id, ...more })
  await stage.step(at)
  return id
}
const log = async () =>
  (
    await stage.db.engine.query<{ said: string; readers: number[] }>(
      `select concat_ws(' ', channel, kind, state, reason) as said, readers from deliveries where channel <> 'mail' order by channel desc, id`,
    )
  ).rows

it('come to who chose it, beside the mail, and say neither which advisory nor what of theirs', async () => {
  await given()
  expect(await run()).toEqual([
    `+420555000001 ${concerns}`,
    'push Bezpečnostní upozornění se týká toho, co provozujete.',
  ])
  expect(gateway.taken[0]?.text.length).toBeLessThanOrEqual(160)
  const [item] = await stage.items(stage.jana)
  expect(service.shown[0]).toMatchObject({
    content: { number: '', path: `/matches/${item?.id}` },
    urgency: 'high',
  })
  expect(JSON.stringify([gateway.taken, service.shown])).not.toMatch(/S-\d|Pump|Infusion|ARO|Jedlov/i)
  // No manager is told by phone what goes to those at work, and no coordinator reads of it in the log.
  for (const { said, readers } of await log())
    expect([said, readers]).toEqual([said, [1000 + 4 * stage.lipova.id]])
  expect(await stage.messages()).toEqual(['new queued', 'new sent', 'new sent'])
})

it('of less than was chosen, and what is no news, come by mail alone', async () => {
  await given({ base: 5 })
  expect(await run()).toEqual(['push Bezpečnostní upozornění se týká toho, co provozujete.'])
  await want(stage.jana, 'push', 1)
  await want(stage.jana, 'sms', 1)
  // An advisory of long ago, and a pump that was added after its advisory came.
  await given({ revisedAt: tuesday - 20 * 24 * hour })
  const added = await stage.own(stage.jana, { ...pump, quantity: '2', department: 'JIP' })
  await stage.step()
  expect(await run(tuesday + hour)).toEqual([])
  await stage.remove(stage.jana, added)
  await stage.step()
})

it('below high wait for the end of quiet hours', async () => {
  await want(stage.jana, 'sms', 1, [8, 12])
  await want(stage.jana, 'push', 4)
  await given({ base: 5 })
  expect(await run()).toEqual([])
  expect((await log()).map(({ said }) => said)).toEqual(['sms new queued quiet-hours'])
  expect(await run(tuesday + 4 * hour)).toEqual([`+420555000001 ${concerns}`])
  // High comes in any hour.
  await stage.db.engine.query('delete from deliveries')
  await given()
  expect(await run()).toContain(`+420555000001 ${concerns}`)
})

it('that falls away is taken back: what waits stays here, and phones that had it are told', async () => {
  const id = await given()
  await run()
  await stage.given(source, { id, version: '2', versions: '<2.0', revisedAt: tuesday + hour })
  await stage.step(tuesday + hour)
  expect(await run(tuesday + hour)).toEqual([`+420555000001 ${gone}`, 'push Upozornění se vás už netýká.'])
  const other = await given({}, tuesday + 2 * hour)
  await stage.given(source, { id: other, version: '2', versions: '<2.0', revisedAt: tuesday + hour })
  await stage.step(tuesday + 2 * hour)
  expect(await run(tuesday + 2 * hour)).toEqual([])
})

it('that was dealt with, or whose reader left, while the message waited is not sent', async () => {
  await given()
  await stage.db.engine.query(`update match_items set answer = 'done'`)
  expect(await run()).toEqual([])
  expect((await log()).map(({ said }) => said)).toEqual([
    'sms new dropped settled',
    'push new dropped settled',
  ])
  await stage.db.engine.query('delete from deliveries')
  await given()
  await stage.db.engine.query('update people set disabled_at = now() where id = $1', [stage.jana.person])
  expect(await run()).toEqual([])
  expect((await log()).map(({ said }) => said)).toEqual(['sms new dropped left', 'push new dropped left'])
  await stage.db.engine.query('update people set disabled_at = null where id = $1', [stage.jana.person])
})

it('asks for no answer by text message: a code would answer nothing', async () => {
  await given()
  await run()
  const { rows } = await stage.db.engine.query('select code from deliveries where code is not null')
  expect(rows).toEqual([])
})
