import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callAs } from '../../../../test/asking.ts'
import { contextOf } from '../../../../test/belongings.ts'
import { tuesday } from '../../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../../test/match-stage.ts'
import { openPages } from '../../../app.ts'
import type { Actor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { App } from '../../../platform/http.ts'

describe('what programs say of matches and inventories', () => {
  let stage: MatchStage
  let app: App
  let context: Context
  let stop: () => Promise<void>
  let asset: number
  let item: number
  beforeAll(async () => {
    stage = await openMatchStage()
    ;({ context, stop } = contextOf(stage.db, () => tuesday))
    app = await openPages(context)
    asset = await stage.own(stage.jana, pump)
    await stage.given(await stage.sourceOf('Pumpy'), {})
    await stage.step()
    item = (await stage.items(stage.jana))[0]?.id as number
  }, 60_000)
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await stage?.close()
  })

  const call = async (who: Actor | null, what: Parameters<typeof callAs>[2], body?: object, more = {}) => {
    const answer = await callAs({ app, context }, who, what, body, more)
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }

  it('decides whether an asset is meant, and takes it back', async () => {
    const at = `matches/${item}/assets/${asset}/decision` as const
    const said = async () => (await call(stage.jana, `GET matches/${item}`)).body.assets?.[0]?.decision
    expect(await said()).toBeNull()
    expect((await call(stage.jana, `PUT ${at}`, { same: true })).status).toBe(204)
    expect(await said()).toBe('same')
    expect((await call(stage.jana, `PUT ${at}`, { same: false, reason: 'Jiná řada' })).status).toBe(204)
    expect((await call(stage.jana, `PUT ${at}`, { same: false, reason: 'x'.repeat(4_001) })).status).toBe(422)
    expect((await call(stage.jana, `DELETE ${at}`)).status).toBe(204)
    expect((await call(stage.jana, `DELETE ${at}`)).status).toBe(409)
    expect(await said()).toBeNull()
    expect((await call(stage.ota, `PUT ${at}`, { same: true })).status).toBe(404)
    expect((await call(stage.coordinator, `PUT ${at}`, { same: true })).status).toBe(403)
    expect((await call(null, `PUT ${at}`, { same: true })).status).toBe(401)
    expect((await call(stage.jana, `PUT ${at}`, { same: true }, { 'x-csrf-token': 'x' })).status).toBe(403)
    expect((await call(stage.jana, `PUT ${at}`, { same: 'maybe' })).status).toBe(422)
  })

  it('lets held names of an advisory go, by coordinators', async () => {
    expect((await call(stage.coordinator, 'GET advisories/held')).body).toEqual({ held: [] })
    const advisory = (await call(stage.jana, `GET matches/${item}`)).body.advisory.id
    const at = { status: new Date(tuesday).toISOString() }
    await stage.db.engine.query(
      `insert into match_held (advisory_id, vendor, product, names, makers, held_at) values ($1, 'Pumpy', 'Pump', 70, 9, $2)`,
      [advisory, at.status],
    )
    expect((await call(stage.coordinator, 'GET advisories/held')).body.held).toMatchObject([
      { advisory: { id: advisory }, product: 'Pump', names: 70, held_at: at.status },
    ])
    expect((await call(stage.jana, 'GET advisories/held')).status).toBe(403)
    expect((await call(stage.jana, `PUT advisories/${advisory}/release`)).status).toBe(403)
    expect((await call(stage.coordinator, `PUT advisories/${advisory}/release`)).status).toBe(204)
    expect((await call(stage.coordinator, `PUT advisories/${advisory}/release`)).status).toBe(409)
  })

  it('brings items back, and says yes or no to the sums of the sector', async () => {
    const gone = await stage.own(stage.jana, { product: 'Ventilátor' })
    await stage.remove(stage.jana, gone)
    expect((await call(stage.ota, `PUT assets/${gone}/restoration`)).status).toBe(404)
    expect((await call(stage.jana, `PUT assets/${gone}/restoration`)).status).toBe(204)
    expect((await call(stage.jana, `GET assets/${gone}`)).body.removed_at).toBeNull()
    const at = `assets/sharing/${stage.lipova.id}` as const
    expect((await call(stage.jana, `GET ${at}`)).body).toEqual({ since: null })
    expect((await call(stage.jana, `PUT ${at}`)).status).toBe(403)
    await stage.db.engine.query(`update engagements set role = 'representative' where person_id = $1`, [
      stage.jana.person,
    ])
    expect((await call(stage.jana, `PUT ${at}`)).body).toEqual({ since: new Date(tuesday).toISOString() })
    expect((await call(stage.jana, `PUT ${at}`)).status).toBe(409)
    expect((await call(stage.ota, `DELETE ${at}`)).status).toBe(404)
    expect((await call(stage.coordinator, `GET ${at}`)).status).toBe(403)
    expect((await call(stage.jana, `DELETE ${at}`)).body).toEqual({ since: null })
  })
})
