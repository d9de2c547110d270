import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addHospital, addPerson, type Hospital, tuesday } from '../../../test/harness.ts'
import { openWriting, type Writing } from '../../../test/writing.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import type { AffectedProduct } from '../../values/product.ts'
import { addAsset, setRemoved } from '../assets/assets.ts'
import { decideMatch, withdrawDecision } from '../assets/index.ts'
import { share } from '../assets/sharing.ts'
import type { Given } from '../assets/understand.ts'
import { answer } from '../warnings/written/answers.ts'
import { lookAgain } from '../warnings/written/ask-owners.ts'
import { figuresOf, linesOf } from '../warnings/written/board-read.ts'
import { askedOf } from '../warnings/written/concerning.ts'
import { countOwners } from '../warnings/written/owners.ts'
import { versionOf } from '../warnings/written/read.ts'
import type { Rules } from '../warnings/written/types.ts'
import { openMatcher } from './work.ts'

const minute = 60_000
const said = (vendor: string, product: string, versions = ''): AffectedProduct => ({
  ...{ vendor, product, versions, cpe: null, purl: null },
})
const rules = (...products: AffectedProduct[]): { rules: Rules } => ({
  rules: { all: false, prefixes: [], domains: [], kinds: [], regions: [], products },
})
const monitor = said('Philips', 'IntelliVue MX40', '<C.01')

let stage: Writing
let step: (now?: number) => Promise<void>

beforeAll(async () => {
  stage = await openWriting()
  const matcher = openMatcher(stage.context)
  step = async (now = tuesday) => {
    for (let left = 1; left > 0; ) left = await matcher.work(now)
  }
}, 120_000)
afterAll(() => stage.close())
beforeEach(async () => {
  await stage.clear()
  await stage.db.engine.query('update assets set removed_at = changed_at')
})

const own = (who: Actor, org: Hospital, given: Partial<Given>, now = tuesday): Promise<number> =>
  asActor(stage.db, who, now, (tx) =>
    addAsset(tx, org.id, { kind: 'medical', quantity: '14', ...given } as Given, 'hand', who, now),
  )
const janas = (given: Partial<Given> = {}, now = tuesday) =>
  own(stage.jana, stage.jihlava, { vendor: 'Phillips', product: 'Intellivue MX40', ...given }, now)
const linesTo = (who: Actor, id: number) => asActor(stage.db, who, tuesday, (tx) => linesOf(tx, id))
const asks = async (who: Actor, org: Hospital): Promise<number[]> =>
  (await asActor(stage.db, who, tuesday, (tx) => askedOf(tx, [org.id], '2026-03-03'))).map(
    ({ warning }) => warning,
  )

describe('a warning that names what hospitals run', () => {
  it('asks whom it concerns, tells them what of theirs, and asks nobody else', async () => {
    await janas({ department: 'ARO', quantity: '10' })
    await janas({ department: 'JIP', quantity: '4' })
    await own(stage.jana, stage.jihlava, { vendor: 'Philips', product: 'IntelliVue MX700' })
    const id = await stage.published({ ...rules(monitor), severity: 3 })
    await step()
    const what = [{ name: 'Phillips Intellivue MX40', pieces: 14 }]
    expect(await linesTo(stage.jana, id)).toMatchObject([
      { asked: true, owns: { pieces: 14, departments: 2, what } },
    ])
    expect(await linesTo(stage.tomas, id)).toMatchObject([{ asked: false, owns: null }])
    expect(await stage.sees(stage.tomas, id)).toBe(true)
    expect([await asks(stage.jana, stage.jihlava), await asks(stage.tomas, stage.trest)]).toEqual([[id], []])
    await stage.send(tuesday + minute)
    expect(stage.to(stage.tomas)).toEqual([])
    const [mail] = stage.to(stage.jana)
    expect(mail?.text).toContain('Týká se to toho, co provozujete: 14 kusů, 2 oddělení.')
    expect(mail?.text).toContain('Netýká se nás')
    expect(mail?.text).not.toContain('Phillips')
  })

  it('a near miss in name or version asks nobody, and the preview says so', async () => {
    await janas({ product: 'IntelliVue Information Center', version: '1.0' })
    await janas({ version: 'C.02' })
    const id = await stage.published(rules(monitor))
    await step()
    expect(await linesTo(stage.jana, id)).toMatchObject([{ asked: false, owns: null }])
    expect(await countOwners(stage.db, [monitor])).toBe('nobody')
    const version = await asActor(stage.db, stage.karel, tuesday, (tx) => versionOf(tx, id, 'published'))
    expect(version).toMatchObject({ owners: 'nobody' })
  })

  it('what its people called another product is not asked about; when they take it back, it is', async () => {
    await janas()
    const names = { asset: { vendor: 'Phillips', product: 'Intellivue MX40' }, affected: monitor }
    await asActor(stage.db, stage.jana, tuesday, (tx) =>
      decideMatch(tx, stage.jihlava.id, { ...names, same: false, reason: '' }, stage.jana, tuesday),
    )
    const id = await stage.published(rules(monitor))
    await step()
    expect(await linesTo(stage.jana, id)).toMatchObject([{ asked: false, owns: null }])
    await asActor(stage.db, stage.jana, tuesday, (tx) =>
      withdrawDecision(tx, stage.jihlava.id, names, stage.jana, tuesday),
    )
    await asEngine(stage.db, (tx) => lookAgain(tx, [stage.jihlava.id], tuesday))
    await step()
    expect(await linesTo(stage.jana, id)).toMatchObject([{ asked: true }])
  })

  it('an asset added later is asked about, in the digest; one that goes is no longer', async () => {
    const id = await stage.published(rules(monitor))
    await step()
    const asset = await janas({}, tuesday + minute)
    await step(tuesday + minute)
    expect(await linesTo(stage.jana, id)).toMatchObject([{ asked: true, owns: { pieces: 14 } }])
    expect((await stage.states(id)).at(-1)).toBe('new held digest')
    await asActor(stage.db, stage.jana, tuesday + 2 * minute, (tx) =>
      setRemoved(tx, asset, true, stage.jana, tuesday + 2 * minute),
    )
    await step(tuesday + 2 * minute)
    expect(await linesTo(stage.jana, id)).toMatchObject([{ asked: false, owns: null }])
  })

  it('who answers is in sight afterwards, also through an editorial version; a new one of substance asks again', async () => {
    await janas()
    const id = await stage.published({ ...rules(monitor), severity: 3 })
    await step()
    await answer(stage.db, stage.jana, id, { org: stage.jihlava.id, answer: 'working', via: 'page' }, tuesday)
    const seen = async () => figuresOf(await linesTo(stage.karel, id))
    expect(await seen()).toMatchObject({ asked: 1, answered: 1 })
    await stage.again(id, { ...rules(monitor), severity: 3, substantive: false }, tuesday + minute)
    await step(tuesday + minute)
    expect(await seen()).toMatchObject({ asked: 1, answered: 1 })
    await stage.again(id, { ...rules(monitor), severity: 3 }, tuesday + 2 * minute)
    await step(tuesday + 2 * minute)
    expect(await seen()).toMatchObject({ asked: 0, answered: 0 })
    expect(await linesTo(stage.jana, id)).toMatchObject([{ asked: true, answer: 'pending' }])
    await stage.again(id, { ...rules(said('Getinge', 'Flow-i')), severity: 3 }, tuesday + 3 * minute)
    await step(tuesday + 3 * minute)
    expect(await linesTo(stage.jana, id)).toMatchObject([{ asked: false, owns: null }])
  })

  it('coordinators learn of nobody what it runs: neither from the board nor from the log of messages', async () => {
    await janas()
    const id = await stage.published({ ...rules(monitor), severity: 3 })
    await step()
    const lines = await linesTo(stage.karel, id)
    expect(lines.map(({ asked, owns, reasons, answer: word }) => [asked, owns, reasons, word])).toEqual([
      [false, null, [], 'pending'],
      [false, null, [], 'pending'],
    ])
    const [mine, theirs] = await Promise.all(
      [stage.jana, stage.karel].map((who) =>
        asActor(stage.db, who, tuesday, async (tx) => ({
          owners: (await tx.query('select 1 from written_owners')).rowCount,
          messages: (
            await tx.query<{ said: string }>(
              `select org_id || ' ' || state as said from deliveries where written_id = $1 and kind = 'new' order by 1`,
              [id],
            )
          ).rows.map(({ said }) => said),
        })),
      ),
    )
    const { jihlava, trest } = stage
    expect(mine).toEqual({ owners: 1, messages: [`${jihlava.id} held`, `${jihlava.id} queued`] })
    expect(theirs).toEqual({ owners: 0, messages: [`${jihlava.id} held`, `${trest.id} held`] })
  })

  it('the number is a band of those that agreed to sums, from five on, whatever the audience', async () => {
    const security = await addPerson(stage.db, 'Ivo Bezpečný', [['security_manager', stage.jihlava]])
    const owners: [Actor, Hospital][] = [[security, stage.jihlava]]
    await janas()
    for (const n of [1, 2, 3, 4, 5]) {
      const org = await addHospital(stage.db, `Nemocnice Lhota ${n}`, [])
      const admin = await addPerson(stage.db, `Správce Lhoty ${n}`, [['security_manager', org]])
      await own(admin, org, { vendor: 'Philips', product: 'IntelliVue MX40' })
      owners.push([admin, org])
    }
    await step()
    const agreed = async (from: number, to: number) => {
      for (const [who, org] of owners.slice(from, to))
        await asActor(stage.db, who, tuesday, (tx) => share(tx, org.id, true, who, tuesday))
      return countOwners(stage.db, [monitor])
    }
    expect(await agreed(0, 4)).toBe('few')
    expect(await agreed(4, 5)).toBe('5–10')
  })
})
