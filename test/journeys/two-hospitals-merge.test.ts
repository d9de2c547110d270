import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPages } from '../../src/app.ts'
import { dayFigures } from '../../src/modules/events/queries/day.ts'
import { merge, unmerge } from '../../src/modules/members/merging.ts'
import { volumesOf } from '../../src/modules/warnings/check-volumes.ts'
import { type Actor, asReader } from '../../src/platform/access.ts'
import type { Context } from '../../src/platform/context.ts'
import { asEngine } from '../../src/platform/database.ts'
import type { App } from '../../src/platform/http.ts'
import { contextOf, cookieOf } from '../belongings.ts'
import { addPerson, type Hospital, tuesday } from '../harness.ts'
import { hostOf, openStage, type Stage } from '../warning-stage.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

describe('two hospitals that merge', () => {
  let stage: Stage
  let context: Context
  let app: App
  let stop: () => Promise<void>
  let old: Hospital
  let into: Hospital
  let vera: Actor
  let ivo: Actor
  let now = tuesday

  beforeAll(async () => {
    stage = await openStage(4)
    ;[old, into] = stage.hospitals as [Hospital, Hospital]
    const made = contextOf(stage.db, () => now)
    context = made.context
    app = await openPages(context)
    stop = made.stop
    vera = await addPerson(stage.db, 'Věra Klidná', [['coordinator', null]])
    ivo = await addPerson(stage.db, 'Ivo Nový', [['admin', into]])
  })
  afterAll(async () => {
    await app?.close()
    await stop?.()
    await stage?.db.drop()
  })

  const attack = (target: string, at: number, source = '203.0.113.66') =>
    stage.happen([{ source, target, category: 'Attempt.Exploit', verdict: 'passed', port: 443, at }], at)
  const warned = async (): Promise<number[]> => {
    const { rows } = await stage.db.engine.query<{ org: number }>(
      'select org_id as org from warnings where org_id is not null order by id',
    )
    return rows.map(({ org }) => org)
  }
  /** Of whom the read ledger holds a look of this hour. */
  const lookedAt = async (): Promise<number[]> => {
    const { rows } = await stage.db.engine.query<{ org_id: number }>(
      'select distinct org_id from trail_reads where last_at >= to_timestamp($1 / 1000.0) order by 1',
      [now],
    )
    return rows.map((row) => row.org_id)
  }
  const get = async (who: Actor, url: string) => {
    const { cookie } = await cookieOf(context, who)
    return app.inject({ url, headers: { cookie: cookie.replace('lang=cs', 'lang=en') } })
  }
  const seen = async (who: Actor, url: string): Promise<number[]> =>
    (await get(who, url)).json().warnings?.map((one: { organisation: { id: number } }) => one.organisation.id)
  const figures = (orgs: number[] | number) =>
    asReader(stage.db, vera, now, (tx) =>
      dayFigures(tx, { day: '2026-03-03', zone: 'Europe/Prague', org: [orgs].flat(), lang: 'cs' }),
    )

  it('are warned as they were before, and as one from then on', async () => {
    await attack(hostOf(0), tuesday)
    await attack(hostOf(1), tuesday + minute)
    expect(await warned()).toEqual([old.id, into.id])
    expect(await seen(ivo, '/api/v1/warnings')).toEqual([into.id])
    await asEngine(stage.db, (tx) =>
      merge(tx, { org: old.id, into: into.id, reason: 'Rozhodnutí kraje', people: [] }, vera, tuesday + hour),
    )
    now = tuesday + hour
    await attack(hostOf(0, 2), tuesday + 2 * hour)
    now = tuesday + 2 * hour
    expect((await warned()).slice(2).every((org) => org === into.id)).toBe(true)
  })

  it('have one list, one first page and one day, whose numbers are the rows behind them', async () => {
    const all = await warned()
    for (const who of [ivo, vera]) {
      const list = await seen(who, `/api/v1/warnings?org=${into.id}`)
      expect(list.toSorted()).toEqual(all.toSorted())
      expect((await get(who, `/api/v1/warnings?org=${into.id}`)).json().total).toBe(all.length)
    }
    for (const name of [old.name, into.name])
      expect(await seen(ivo, `/api/v1/warnings?text=${encodeURIComponent(name)}`)).toContain(old.id)
    const home = await get(ivo, '/')
    expect(home.body).toContain('Nemocnice Zkušební 1 (now Nemocnice Zkušební 2)')
    const [row, ...others] = (await figures(0)).by_organisation
    expect([row?.id, row?.name, others]).toEqual([into.id, into.name, []])
    const opened = await get(vera, `/days/2026-03-03?org=${into.id}`)
    expect(opened.statusCode).toBe(200)
    expect((await figures([old.id, into.id])).events).toBe(row?.events)
    expect((await figures(0)).organisations).toBe(1)
    expect((await get(ivo, `/api/v1/days/2026-03-03`)).json().events).toBe(row?.events)
    expect((await get(ivo, `/days/2026-03-03?org=${old.id}`)).statusCode).toBe(200)
    expect((await get(ivo, `/days/2026-03-03?org=${stage.hospitals[2]?.id}`)).statusCode).toBe(404)
  })

  it('have one habit, so that the merger is no flood', async () => {
    const at = Math.floor((tuesday + 2 * hour) / hour)
    const volumes = await asEngine(stage.db, (tx) => volumesOf(tx, at + 24))
    expect(volumes.filter((volume) => volume.org === old.id)).toEqual([])
    const before = await asEngine(stage.db, (tx) => volumesOf(tx, Math.floor(tuesday / hour)))
    const own = before.filter((volume) => volume.org === into.id)
    expect(own.reduce((sum, volume) => sum + volume.value, 0)).toBe(2)
  })

  it('leave a line in the ledger for the one whose data it was', async () => {
    now += hour
    expect((await get(vera, '/days/2026-03-03')).statusCode).toBe(200)
    expect(await lookedAt()).toEqual([old.id, into.id].toSorted())
    const own = await get(ivo, `/api/v1/reads?org=${into.id}`)
    expect(new Set(own.json().reads.map((read: { org: number }) => read.org))).toEqual(
      new Set([old.id, into.id]),
    )
    now += hour
    await get(ivo, '/warnings')
    expect(await lookedAt()).toEqual([])
  })

  it('are two again when it is undone, and what came meanwhile stays with the successor', async () => {
    const meanwhile = await warned()
    await asEngine(stage.db, (tx) =>
      unmerge(tx, { org: old.id, reason: 'Kraj si to rozmyslel' }, vera, tuesday + day),
    )
    now = tuesday + day
    expect(await seen(ivo, '/api/v1/warnings')).not.toContain(old.id)
    expect((await get(ivo, `/days/2026-03-03?org=${old.id}`)).statusCode).toBe(404)
    expect(await warned()).toEqual(meanwhile)
    await attack(hostOf(0, 3), tuesday + day + hour, '203.0.113.99')
    expect((await warned()).at(-1)).toBe(old.id)
  })
})
