import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../../test/harness.ts'
import { openWarning } from '../../../../../test/warned.ts'
import { type Answer, openPagesStage, type PagesStage } from '../../../../../test/warning-pages.ts'
import type { Actor } from '../../../../platform/access.ts'
import { asEngine } from '../../../../platform/database.ts'
import { addKey } from '../../../members/keys.ts'
import { begin } from '../../oncall/climb.ts'
import { runClimbs } from '../../oncall/run.ts'

describe('what climbs, for programs', () => {
  let stage: PagesStage
  let warning: number
  let now: number
  let key: string
  beforeAll(async () => {
    stage = await openPagesStage()
    now = tuesday
    warning = (await openWarning(stage.db, { org: stage.horni, severity: 4 })).id
    await readBy([1001 + 4 * stage.horni.id])
    stage.setClock(now)
    const thing = { warning, written: null, org: stage.horni.id, severity: 4 }
    await asEngine(stage.db, async (tx) => {
      await begin(tx, { kind: 'member', cause: 'critical', ...thing }, now)
      await begin(tx, { kind: 'csirt', cause: 'handed-up', ...thing }, now)
    })
    await runClimbs(stage.db, 'Europe/Prague', now)
    key = await keyOf(stage.horni.id)
  }, 60_000)
  afterAll(() => stage.close())

  const readBy = (keys: number[]) =>
    stage.db.engine.query('update warnings set readers = array[2, $2::int] || $3::int[] where id = $1', [
      warning,
      1000 + 4 * stage.horni.id,
      keys,
    ])
  const keyOf = async (org: number): Promise<string> => {
    const wanted = { org, label: 'Stěna', scopes: ['duty.read', 'warnings.read'], days: 30 }
    return (await asEngine(stage.db, (tx) => addKey(tx, wanted, stage.people.coordinator, now))).key
  }
  const asked = async (who: Actor | null, headers = {}): Promise<Answer> =>
    (await stage.as(who)).get('/api/v1/duty/oncall', headers)
  const kinds = (answer: Answer): string[] =>
    JSON.parse(answer.body).climbs.map((one: { kind: string; cause: string }) => `${one.kind} ${one.cause}`)

  it('is what each reader may see of the board', async () => {
    const { admin, coordinator, foreign } = stage.people
    expect(kinds(await asked(admin))).toEqual(['member critical'])
    expect(kinds(await asked(coordinator)).sort()).toEqual(['csirt handed-up', 'member critical'])
    expect(kinds(await asked(foreign))).toEqual([])
    const [climb] = JSON.parse((await asked(admin)).body).climbs
    expect(climb).toMatchObject({
      warning,
      severity: 'critical',
      state: 'climbing',
      round: 1,
      taken_by: null,
    })
    expect(climb.steps[0].people.length).toBeGreaterThan(0)
  })

  it('is read with a key where the key may read what it is about, and says no names then', async () => {
    const bearer = (shown: string) => ({ authorization: `Bearer ${shown}` })
    const answer = await asked(null, bearer(key))
    expect(kinds(answer)).toEqual(['member critical'])
    expect(answer.body).not.toContain(stage.people.admin.name)
    expect(kinds(await asked(null, bearer(await keyOf(stage.dolni.id))))).toEqual([])
    await readBy([])
    expect(kinds(await asked(null, bearer(key)))).toEqual([])
    expect(kinds(await asked(stage.people.admin))).toEqual(['member critical'])
  })

  it('is taken and closed by coordinators alone', async () => {
    const { admin, coordinator, foreign } = stage.people
    const all = JSON.parse((await asked(coordinator)).body).climbs as { id: number; kind: string }[]
    const idOf = (kind: string) => all.find((one) => one.kind === kind)?.id
    const put = async (who: Actor | null, id: unknown, noun: string) =>
      (await (await stage.as(who)).api('PUT', `/api/v1/duty/oncall/${id}/${noun}`, {})).status
    for (const who of [admin, foreign]) expect(await put(who, idOf('csirt'), 'taking')).toBe(403)
    expect(await put(null, idOf('csirt'), 'taking')).toBe(401)
    expect(await put(coordinator, idOf('member'), 'taking')).toBe(409)
    expect(await put(coordinator, 'x', 'taking')).toBe(404)
    expect(await put(coordinator, idOf('csirt'), 'closing')).toBe(409)
    expect(await put(coordinator, idOf('csirt'), 'taking')).toBe(204)
    expect(await put(coordinator, idOf('csirt'), 'taking')).toBe(409)
    expect(JSON.parse((await asked(coordinator)).body).climbs).toContainEqual(
      expect.objectContaining({ state: 'taken', taken_by: coordinator.name }),
    )
    expect(await put(coordinator, idOf('csirt'), 'closing')).toBe(204)
    expect(kinds(await asked(coordinator))).toEqual(['member critical'])
  })
})
