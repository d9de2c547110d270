import { afterAll, beforeAll, expect, it } from 'vitest'
import { tuesday } from '../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../test/match-stage.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { translator } from '../../platform/i18n.ts'
import { answer } from '../matches/answers.ts'
import type { Told } from './concern.ts'
import { matches } from './sources/matches.ts'

const day = 86_400_000
let stage: MatchStage
beforeAll(async () => {
  stage = await openMatchStage()
})
afterAll(() => stage.close())

const concerning = (who: Actor, now = tuesday): Promise<Told[]> =>
  asActor(stage.db, who, now, (tx) =>
    matches(tx, {
      actor: who,
      orgs: [stage.lipova.id, stage.vymysl.id],
      now,
      zone: 'Europe/Prague',
      t: translator('cs'),
    }),
  )

it('an advisory that concerns the own pumps stands on the home page until it is dealt with or planned', async () => {
  await stage.own(stage.jana, { ...pump, quantity: '14', department: 'ARO' })
  await stage.own(stage.ota, { ...pump, version: '2.4' })
  await stage.given(await stage.sourceOf('Výrobce pump'), { id: 'A-1' })
  await stage.step()
  const [item] = await stage.items(stage.jana)
  const id = item?.id ?? 0
  expect(await concerning(stage.jana)).toMatchObject([
    {
      kind: 'match',
      severity: 4,
      standing: 'pending',
      org: stage.lipova.id,
      href: `/matches/${id}`,
      dueAt: null,
      say: expect.stringContaining('14'),
      stands: 'čeká na odpověď',
    },
  ])
  // Who runs another version, and whoever coordinates, has nothing of it.
  for (const other of [stage.ota, stage.coordinator]) expect(await concerning(other)).toEqual([])
  const given = { answer: 'mitigated' as const, note: '', affected: 14, plannedOn: '2026-03-10' }
  await answer(stage.db, id, given, stage.jana, tuesday)
  expect(await concerning(stage.jana)).toEqual([])
  expect(await concerning(stage.jana, tuesday + 7 * day)).toMatchObject([{ standing: 'seen' }])
})
