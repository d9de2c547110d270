import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { type Happening, hostOf, openStage, type Stage } from '../../../test/warning-stage.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { announceTest } from './announced.ts'
import { dryRun } from './dry-run.ts'
import { listWarnings } from './queries.ts'
import { suppressed } from './suppressed.ts'
import type { WarningRow } from './types.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const attacker = '198.51.100.7'

describe('scans, slow or of a test', () => {
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

  describe('a slow scan in bursts', () => {
    const tries = async (probes: Happening[]): Promise<void> => {
      for (const probe of probes) await stage.happen([probe])
    }

    it('is found at its tenth port, though every burst is an episode of its own', async () => {
      const probes = Array.from({ length: 10 }, (_, i) => ({
        at: tuesday + Math.floor(i / 4) * 25 * hour + (i % 4) * minute,
        source: attacker,
        target: hostOf(0),
        category: 'Recon.Scanning',
        port: 1000 + i,
      }))
      await tries(probes.slice(0, 9))
      expect(await seenBy(coordinator)).toEqual([])
      await tries(probes.slice(9))
      expect(await seenBy(coordinator)).toMatchObject([{ rule: 'W7', title: { words: 'W7-ports' } }])
      const period = { from: tuesday - day, to: tuesday + 5 * day }
      const tried = await asActor(stage.db, coordinator, tuesday + 5 * day, (tx) =>
        dryRun(tx, 'W7', { ports: 11 }, period),
      )
      expect(tried).toMatchObject({ now: { n: 1 }, changed: { n: 0 } })
    })

    it('is none when its source is loud at another member: that is noticed there', async () => {
      const quiet = Array.from({ length: 12 }, (_, i) => ({
        at: tuesday + i * 4 * hour,
        source: attacker,
        target: hostOf(0),
        category: 'Recon.Scanning',
        port: 1000 + i,
      }))
      const loud = Array.from({ length: 6 }, (_, i) => ({
        at: tuesday + 26 * hour + i * minute,
        source: attacker,
        target: hostOf(1),
        category: 'Recon.Scanning',
        port: 22,
      }))
      await tries(quiet.slice(0, 7))
      await stage.happen(loud)
      await tries(quiet.slice(7))
      expect(await seenBy(coordinator)).toEqual([])
    })

    it('is found over the sector', async () => {
      const probes = Array.from({ length: 30 }, (_, i) => ({
        at: tuesday + Math.floor(i / 5) * 26 * hour + (i % 5) * minute,
        source: attacker,
        target: hostOf(i % 5, 1 + Math.floor(i / 5)),
        category: 'Recon.Scanning',
      }))
      await tries(probes.slice(0, 29))
      expect(await seenBy(coordinator)).toEqual([])
      await tries(probes.slice(29))
      expect(await seenBy(coordinator)).toMatchObject([{ rule: 'W7', org: null, severity: 2 }])
    })
  })

  describe('a test announced by its targets alone', () => {
    const announce = async (addresses: string): Promise<Actor> => {
      const admin = await adminOf(0)
      const org = stage.hospitals[0]?.id ?? 0
      await announceTest(
        stage.db,
        admin,
        { org, addresses, startsAt: tuesday - hour, endsAt: tuesday + day, note: 'Zkouška odolnosti' },
        tuesday,
      )
      return admin
    }
    const scan: Happening[] = Array.from({ length: 12 }, (_, i) => ({
      at: tuesday - i * 4 * hour,
      source: attacker,
      target: hostOf(0),
      category: 'Recon.Scanning',
      port: 1000 + i,
    })).reverse()
    const outcomesOf = (actor: Actor): Promise<(string | null)[]> =>
      asActor(stage.db, actor, tuesday, async (tx) => (await suppressed(tx, {}, null)).map((e) => e.outcome))

    it('hides scans of them, visibly, and no stranger’s attack that gets through', async () => {
      const admin = await announce('192.0.2.0/28')
      await stage.happen(scan)
      expect(await seenBy(admin)).toEqual([])
      expect(await outcomesOf(admin)).toContain('announced-test')
      const breakIn: Happening = {
        at: tuesday + minute,
        source: '203.0.113.66',
        target: hostOf(0),
        category: 'Attempt.Exploit',
        verdict: 'passed',
        port: 443,
      }
      await stage.happen([breakIn])
      expect(await seenBy(admin)).toMatchObject([{ rule: 'W3', severity: 3 }])
    })

    it('tells the member what infected hosts among them do, and the coordinators what they scan', async () => {
      const admin = await announce('192.0.2.0/28')
      await stage.happen([{ source: hostOf(0), target: '203.0.113.5', category: 'Recon.Scanning' }])
      expect(await seenBy(admin)).toEqual([])
      expect(await outcomesOf(admin)).toEqual(['announced-test'])
      expect(await seenBy(coordinator)).toMatchObject([{ rule: 'W1', org: null }])
      await stage.happen([
        {
          at: tuesday + minute,
          source: hostOf(0, 2),
          target: '203.0.113.6',
          category: 'Malware.Trojan',
          verdict: 'passed',
          port: 443,
        },
      ])
      expect(await seenBy(admin)).toMatchObject([{ rule: 'W1', severity: 4 }])
    })

    it('hides only the tester where its addresses were announced too', async () => {
      const admin = await announce('192.0.2.0/28 198.51.100.64/28')
      await stage.happen(scan.map((one) => ({ ...one, source: '198.51.100.70' })))
      expect(await seenBy(admin)).toEqual([])
      await stage.happen(scan)
      expect(await seenBy(admin)).toMatchObject([{ rule: 'W7' }])
    })
  })
})
