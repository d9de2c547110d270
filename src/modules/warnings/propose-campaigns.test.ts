import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { type Happening, hostOf, openStage, type Stage } from '../../../test/warning-stage.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { getWarning, listWarnings } from './queries.ts'
import { suppressedCounts } from './suppressed.ts'
import type { WarningRow } from './types.ts'

const minute = 60_000
const attacker = '198.51.100.7'

describe('one source at many members, or slowly at one', () => {
  let stage: Stage
  let coordinator: Actor
  beforeEach(async () => {
    stage = await openStage()
    coordinator = await addPerson(stage.db, 'Jana Dohledová', [['coordinator', null]])
  })
  afterEach(() => stage.db.drop())

  const seenBy = (actor: Actor): Promise<WarningRow[]> =>
    asActor(stage.db, actor, tuesday, (tx) => listWarnings(tx, {}, null))
  const adminOf = (n: number): Promise<Actor> =>
    addPerson(stage.db, `Správce ${n}`, [['admin', stage.hospitals[n] ?? null]])

  it('a campaign warns all it hit, with a band and without names, and the coordinators of the whole', async () => {
    const hits = [0, 1, 2, 3, 4].map(
      (n): Happening => ({
        at: tuesday + n * 5 * minute,
        source: `198.51.100.${n + 1}`,
        target: hostOf(n),
        category: 'Attempt.Exploit',
        port: 443,
      }),
    )
    await stage.happen(hits)
    const all = await seenBy(coordinator)
    expect(all.map((w) => w.rule)).toEqual(Array(6).fill('W2'))
    const whole = all.filter((w) => w.org === null)
    expect(whole).toMatchObject([{ title: { words: 'W2-sector' } }])
    const told = await asActor(stage.db, coordinator, tuesday, (tx) => getWarning(tx, whole[0]?.id ?? 0))
    expect([told.explanation.params.value, told.explanation.members?.length]).toEqual([5, 5])
    const admin = await adminOf(3)
    const [own, ...others] = await seenBy(admin)
    expect(others).toEqual([])
    expect(own).toMatchObject({ severity: 2, title: { words: 'W2', verdict: 'dropped' } })
    const shown = await asActor(stage.db, admin, tuesday, (tx) => getWarning(tx, own?.id ?? 0))
    expect(shown.explanation.params.band).toBe('5–10')
    expect(shown.explanation.members).toBeUndefined()
    expect(shown.explanation.thresholds.map((met) => met.name)).toEqual(['minutes'])
    expect(shown.explanation.sources).toEqual(['198.51.100.4'])
  })

  it('few members hit hear only of what reached themselves', async () => {
    await stage.happen([
      { source: attacker, target: hostOf(0), verdict: 'passed' },
      { at: tuesday + minute, source: attacker, target: hostOf(1) },
      { at: tuesday + 2 * minute, source: attacker, target: hostOf(2) },
    ])
    expect((await seenBy(await adminOf(0))).map((w) => w.rule)).toEqual(['W3'])
    expect(await seenBy(await adminOf(1))).toEqual([])
    expect((await seenBy(coordinator)).filter((w) => w.org === null)).toMatchObject([
      { rule: 'W2', severity: 3 },
    ])
  })

  it('what got through before the window does not count in it', async () => {
    await stage.happen([{ source: attacker, target: hostOf(0), verdict: 'passed' }])
    await stage.happen(
      [0, 1, 2].map(
        (n): Happening => ({ at: tuesday + (110 + n) * minute, source: attacker, target: hostOf(n) }),
      ),
    )
    const all = await seenBy(coordinator)
    expect(all).toMatchObject([{ rule: 'W3', events: 2 }])
  })

  const label = (at: number): Promise<unknown> =>
    stage.db.engine.query(
      `insert into key_labels (key_id, list, grp, effect, version, since)
       select id, 'censys-scanning', 'research-scanner', 'recon-to-info', '20260301', to_timestamp($1 / 1000.0) from source_keys where text = $2`,
      [at, attacker],
    )
  const mark = (name: string, value: unknown): Promise<unknown> =>
    stage.db.engine.query(
      `insert into settings (name, value, changed_at) values ($1, $2, now()) on conflict (name) do update set value = excluded.value`,
      [name, JSON.stringify(value)],
    )
  const exploits = [0, 1, 2, 3, 4].map(
    (n): Happening => ({
      at: tuesday + n * minute,
      source: attacker,
      target: hostOf(n),
      category: 'Attempt.Exploit',
      port: 443,
    }),
  )
  const outcomes = (): Promise<unknown> =>
    asActor(stage.db, coordinator, tuesday, (tx) => suppressedCounts(tx, {}))

  it('a research scanner is none, though it was looked up in the lists only after its first events', async () => {
    await stage.db.engine.query(
      `insert into source_keys (text, counted, kind, addr) values ($1, true, 'address', $2)`,
      [attacker, attacker],
    )
    await label(tuesday + 60 * minute)
    await stage.happen(exploits)
    expect(await seenBy(coordinator)).toEqual([])
    expect(await outcomes()).toMatchObject([{ outcome: 'research-scanner' }])
  })

  it('rules wait for the lists where somebody looks sources up', async () => {
    await mark('labelling', true)
    await mark('labelled_key', 0)
    expect(await stage.happen(exploits)).toMatchObject({ looked: 0, opened: 0 })
    await label(tuesday + 5 * minute)
    await mark('labelled_key', 1_000)
    expect(await stage.wait(tuesday + 5 * minute)).toMatchObject({ looked: 6, opened: 0 })
    expect(await outcomes()).toMatchObject([{ outcome: 'research-scanner' }])
  })

  it('an own host that speaks to a sinkhole is told, though nothing else says that it misbehaves', async () => {
    await mark('sinkholes', [
      { net: '203.0.113.128/30', since: 0 },
      { net: '203.0.113.200', since: tuesday + 60 * minute },
    ])
    const speaks = (n: number, target: string): Happening => ({
      source: hostOf(n),
      target,
      category: 'Anomaly.Connection',
      verdict: 'passed',
    })
    await stage.happen([speaks(0, '203.0.113.130'), speaks(1, '203.0.113.132'), speaks(2, '203.0.113.200')])
    expect(await seenBy(coordinator)).toMatchObject([
      { rule: 'W1', severity: 3, org: stage.hospitals[0]?.id },
    ])
  })

  it('a honeypot is known by what it says of itself, whatever its name', async () => {
    const search = (n: number, type: string): Happening => ({
      source: hostOf(n),
      target: '203.0.113.5',
      category: 'Recon.Searching',
      verdict: 'passed',
      more: { Node: [{ Name: `cz.hsoc.north-${n}`, Type: [type] }] },
    })
    await stage.happen([search(0, 'Honeypot'), search(1, 'Flow'), search(2, 'Flow')])
    // Known as another kind of detector before.
    await stage.happen([{ ...search(2, 'Tarpit'), at: tuesday + minute }])
    const severities = (await seenBy(coordinator)).map((w) => [w.org, w.severity])
    expect(Object.fromEntries(severities)).toEqual({
      [stage.hospitals[0]?.id ?? 0]: 3,
      [stage.hospitals[1]?.id ?? 0]: 2,
      [stage.hospitals[2]?.id ?? 0]: 3,
    })
  })

  it('the same hits over hours are no campaign, nor are dropped scans and log-ins', async () => {
    await stage.happen(
      [0, 1, 2, 3, 4].map(
        (n): Happening => ({
          at: tuesday + n * 40 * minute,
          source: attacker,
          target: hostOf(n),
          category: 'Attempt.Exploit',
          port: 443,
        }),
      ),
    )
    await stage.happen(
      [0, 1, 2, 3, 4, 5].map(
        (n): Happening => ({ at: tuesday + n * minute, source: '198.51.100.99', target: hostOf(n) }),
      ),
    )
    await stage.happen(
      [0, 1, 2, 3, 4, 5].map(
        (n): Happening => ({
          at: tuesday + n * minute,
          source: '203.0.113.99',
          target: hostOf(n),
          category: 'Recon.Scanning',
        }),
      ),
    )
    expect((await seenBy(coordinator)).filter((w) => w.severity > 0)).toEqual([])
  })

  it('what gets through in a campaign belongs to the campaign’s warning', async () => {
    await stage.happen(
      [0, 1, 2, 3, 4].map(
        (n): Happening => ({
          at: tuesday + n * minute,
          source: attacker,
          target: hostOf(n),
          category: 'Attempt.Exploit',
          port: 443,
        }),
      ),
    )
    await stage.happen([
      {
        at: tuesday + 10 * minute,
        source: attacker,
        target: hostOf(0),
        category: 'Attempt.Exploit',
        port: 443,
        verdict: 'passed',
      },
    ])
    const own = await seenBy(await adminOf(0))
    expect(own).toMatchObject([{ rule: 'W2', severity: 3, title: { words: 'W3' } }])
  })

  it('a slow scan is found although no hour shows it', async () => {
    const probes = Array.from(
      { length: 14 },
      (_, k): Happening => ({
        at: tuesday + k * 50 * minute,
        source: attacker,
        target: hostOf(0, k + 1),
        category: 'Recon.Scanning',
      }),
    )
    await stage.happen(probes)
    expect(await seenBy(coordinator)).toEqual([])
    const ports = Array.from(
      { length: 14 },
      (_, k): Happening => ({
        at: tuesday + (13 * 50 + k * 50) * minute,
        source: attacker,
        target: hostOf(0, 3),
        category: 'Recon.Scanning',
        port: 1000 + k,
      }),
    )
    await stage.happen(ports)
    expect(await seenBy(await adminOf(0))).toMatchObject([
      { rule: 'W7', severity: 1, title: { words: 'W7-ports' } },
    ])
  })
})
