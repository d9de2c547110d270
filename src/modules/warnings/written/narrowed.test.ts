/** A warning that is narrowed, or revoked, while mails still wait: whoever was told by another way is told by that way. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { type HookReceiver, openHookReceiver } from '../../../../test/hook-receiver.ts'
import { openPushHouse, type PushHouse } from '../../../../test/push-house.ts'
import { openSmsGateway, type SmsGateway } from '../../../../test/sms-gateway.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import type { Actor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { openWays } from '../../channels/index.ts'
import { subscribe } from '../../channels/push/devices.ts'
import { publicKeyOf } from '../../channels/push/keys.ts'
import { addWebhook } from '../../channels/webhooks/webhooks.ts'
import { hookContent } from '../hook-content.ts'
import { revoke } from './revoke.ts'

const minute = 60_000
const hour = 60 * minute

describe('told by text message, push and webhook while the mail waited', () => {
  let stage: Writing
  let jana: Actor
  let tomas: Actor
  let gateway: SmsGateway
  let service: PushHouse
  let receiver: HookReceiver
  let ways: ReturnType<typeof openWays>
  let now = tuesday

  const number = (person: Actor, org: number, value: string) =>
    stage.db.engine.query(
      `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
       values ($1, $2, $3, 'sms', $4, array[2], $5, $5, $5, 'sms')`,
      [org, person.person, person.name, value, new Date(tuesday)],
    )
  const want = (person: Actor, way: string, least: number) =>
    stage.db.engine.query(
      `insert into channel_choices (person_id, channel, least, changed_at) values ($1, $2, $3, now())
       on conflict (person_id, channel) do update set least = $3`,
      [person.person, way, least],
    )
  beforeAll(async () => {
    stage = await openWriting()
    ;({ jana, tomas } = stage)
    gateway = await openSmsGateway()
    receiver = await openHookReceiver()
    service = await openPushHouse(() => publicKeyOf(stage.context))
    Object.assign(stage.context.settings, {
      pushHosts: [service.origin],
      webhookOrigins: [receiver.origin],
    })
    ways = openWays(stage.context, { sms: gateway.sms, pushHosts: [service.origin] }, { tell: hookContent })
    await number(jana, stage.jihlava.id, '+420555000001')
    await number(tomas, stage.trest.id, '+420555000002')
    await subscribe(stage.context, { ...service.subscription, name: 'Telefon' }, tomas, tuesday)
  })
  afterAll(async () => {
    await ways.close()
    await service.close()
    await receiver.close()
    await gateway.close()
    await stage.close()
  })
  beforeEach(async () => {
    now += 24 * hour
    await stage.clear()
    await stage.db.engine.query('delete from webhooks')
    for (const org of [stage.jihlava, stage.trest]) {
      const keeper = { ...jana, engagements: [{ org: org.id, orgName: org.name, role: 'admin' as const }] }
      const wanted = { org: org.id, name: 'Dohled', form: 'signed', template: '', language: 'cs' }
      const url = `${receiver.origin}/${org === stage.trest ? 'trest' : 'jihlava'}`
      await asEngine(stage.db, (tx) =>
        addWebhook(tx, stage.context, { ...wanted, url, events: ['written'], least: 1 }, keeper, now),
      )
    }
    await want(jana, 'sms', 1)
    await want(tomas, 'sms', 1)
    await want(tomas, 'push', 1)
    gateway.taken.length = 0
    service.shown.length = 0
    receiver.clear()
  })
  /** What each way brought in a run, in no order: `sms`, `push` and the words, `webhook` and the event. */
  const run = async (at: number): Promise<string[]> => {
    const counts = [gateway.taken.length, service.shown.length, receiver.got.length]
    stage.context.at(at)
    await ways.work(at)
    return [
      ...gateway.taken.slice(counts[0]).map(({ to, text }) => `sms ${to} ${text.replace(/^hSOC \S+: /, '')}`),
      ...service.shown.slice(counts[1]).map(({ content }) => `push ${content.class}`),
      ...receiver.got
        .slice(counts[2])
        .map(({ path, body }) => `webhook ${path} ${body.event} ${body.warning?.tlp}`),
    ].sort()
  }
  const out = { audience: 'organisations' as const, orgs: [] as number[] }
  const [first, second] = ['sms +420555000001', 'sms +420555000002']

  it('and who is out of the audience now hears so, by each of the three; who stays hears of the new version', async () => {
    const id = await stage.published({ severity: 3 }, now)
    expect(await run(now)).toHaveLength(5)
    await stage.again(id, { severity: 3, tlp: 'AMBER', ...out, orgs: [stage.jihlava.id] }, now + hour)
    expect(await run(now + hour)).toEqual([
      'push A warning you had is no longer meant for you.',
      `${first} nove varovani, otevrete portal.`,
      `${second} the warning is no longer meant for you, do not pass it on.`,
      'webhook /jihlava warning.updated AMBER',
      'webhook /trest warning.revoked AMBER',
    ])
    expect(JSON.stringify([gateway.taken, service.shown])).not.toMatch(/Podvodn|faktur/)
    // Said once: neither the next version nor the end of it brings it again.
    await stage.again(id, { severity: 3, tlp: 'AMBER', ...out, orgs: [stage.jihlava.id] }, now + 2 * hour)
    expect(await run(now + 2 * hour)).toEqual([
      `${first} nove varovani, otevrete portal.`,
      'webhook /jihlava warning.updated AMBER',
    ])
    await revoke(stage.db, id, stage.karel, 'Omyl.', now + 3 * hour)
    await revoke(stage.db, id, stage.kveta, 'Omyl.', now + 3 * hour)
    expect(await run(now + 3 * hour)).toEqual([
      `${first} varovani bylo odvolano, otevrete portal.`,
      'webhook /jihlava warning.revoked AMBER',
    ])
  })

  it('hears of GREEN to AMBER by the way that the warning came, though it would not come by it any more', async () => {
    const id = await stage.published({ severity: 3 }, now)
    await run(now)
    await want(jana, 'sms', 4)
    await want(tomas, 'sms', 4)
    await want(tomas, 'push', 4)
    await stage.db.engine.query('update webhooks set least = 4')
    await stage.again(id, { severity: 3, tlp: 'AMBER' }, now + hour)
    expect(await run(now + hour)).toEqual([
      expect.stringMatching(/^push /),
      expect.stringContaining(first),
      expect.stringContaining(second),
      'webhook /jihlava warning.updated AMBER',
      'webhook /trest warning.updated AMBER',
    ])
    // An update that narrows nothing goes by what was chosen.
    await stage.again(id, { severity: 3, tlp: 'AMBER' }, now + 2 * hour)
    expect(await run(now + 2 * hour)).toEqual([])
  })

  it('narrowed to named persons is gone for the programs of their hospital too', async () => {
    const id = await stage.published({ severity: 3, ...out, orgs: [stage.trest.id] }, now)
    await run(now)
    const named = { tlp: 'RED' as const, named: [tomas.person, stage.kveta.person] }
    await stage.again(id, { severity: 3, ...out, orgs: [stage.trest.id], ...named }, now + hour)
    const said = await run(now + hour)
    expect(said).toContain('webhook /trest warning.revoked RED')
    expect(said.filter((one) => one.startsWith('webhook'))).toHaveLength(1)
    expect(said.filter((one) => one.startsWith('sms'))).toEqual([expect.stringContaining(second)])
    expect(receiver.got.at(-1)?.body.warning?.title).toBeNull()
    // Of TLP:RED not even that somebody was told is for others to know.
    const { rows } = await stage.db.engine.query<{ readers: number[] }>(
      `select readers from deliveries where written_id = $1 and channel = 'sms' and decided_at = to_timestamp($2 / 1000.0)`,
      [id, now + hour],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.readers).not.toContain(2)
    expect(rows[0]?.readers).toContain(-tomas.person)
  })

  it('hears nothing by a way that had not brought it', async () => {
    const id = await stage.published({ severity: 3 }, now)
    // Nothing has gone out: the provider's turn has not come.
    await stage.again(id, { severity: 3, tlp: 'AMBER', ...out, orgs: [stage.jihlava.id] }, now + minute)
    const said = await run(now + minute)
    expect(said.filter((one) => !/^sms \+420555000001|jihlava/.test(one))).toEqual([])
  })
})
