/** Pairs of hospitals that merge, and what a person of theirs may at a moment. */
import { merge, unmerge } from '../src/modules/members/merging.ts'
import { getWarning } from '../src/modules/warnings/index.ts'
import { type Actor, asReader } from '../src/platform/access.ts'
import { asEngine } from '../src/platform/database.ts'
import { NotFound } from '../src/platform/errors.ts'
import { hashToken, newToken, sessionOf } from '../src/platform/sessions.ts'
import { type FrontDoor, openFrontDoor } from './front-door.ts'
import { addHospital, type Hospital, tuesday } from './harness.ts'

interface Two {
  n: number
  old: Hospital
  into: Hospital
  /** Representative and administrator of the old one. */
  jana: Actor
  petr: Actor
  /** Representative and administrator of the new one. */
  nela: Actor
  ivo: Actor
  /** An address of the old one. */
  host: string
}

export interface MergingStage {
  door: FrontDoor
  vera: Actor
  two(): Promise<Two>
  merging(
    old: Hospital,
    into: Hospital,
    people?: number[],
    how?: { by?: Actor; at?: number; reason?: string },
  ): Promise<number>
  undoing(old: Hospital, how?: { by?: Actor; at?: number; reason?: string }): Promise<void>
  /** The person as the next request would find them. */
  present(actor: Actor, at?: number): Promise<Actor>
  /** Whether the person reads the warning. */
  reads(actor: Actor, warning: number): Promise<boolean>
  one<T>(sql: string, values?: unknown[]): Promise<T>
}

export async function openMergingStage(): Promise<MergingStage> {
  const door = await openFrontDoor()
  const vera = await door.person('Věra Klidná', [['coordinator', null]])
  let numbers = 0
  return {
    door,
    vera,
    two: async () => {
      const n = ++numbers
      const old = await addHospital(door.db, `Nemocnice Stará ${n}`, [`192.0.2.${16 * n}/28`], {
        domains: [`stara${n}.example`],
      })
      const into = await addHospital(door.db, `Nemocnice Nová ${n}`, [`198.51.100.${16 * n}/28`])
      const jana = await door.person(`Jana Stará ${n}`, [['representative', old]])
      const petr = await door.person(`Petr Starý ${n}`, [['admin', old]])
      const nela = await door.person(`Nela Nová ${n}`, [['representative', into]])
      const ivo = await door.person(`Ivo Nový ${n}`, [['admin', into]])
      return { n, old, into, jana, petr, nela, ivo, host: `192.0.2.${16 * n + 1}` }
    },
    merging: (old, into, people = [], { by = vera, at = tuesday, reason = 'Sloučeny zřizovatelem' } = {}) =>
      asEngine(door.db, (tx) => merge(tx, { org: old.id, into: into.id, reason, people }, by, at)),
    undoing: (old, { by = vera, at = tuesday, reason = 'Omyl' } = {}) =>
      asEngine(door.db, (tx) => unmerge(tx, { org: old.id, reason }, by, at)),
    present: async (actor, at = tuesday) => {
      const token = newToken()
      await door.db.engine.query(
        `insert into sessions (token_hash, person_id, csrf, created_at, seen_at, expires_at, ways)
         values ($1, $2, 'x', to_timestamp(0), to_timestamp(0), 'infinity', '{password}')`,
        [hashToken(token), actor.person],
      )
      const session = await sessionOf(door.context, token, at)
      if (!session) throw new Error(`${actor.name} has no session`)
      return session.actor
    },
    reads: (actor, warning) =>
      asReader(door.db, actor, tuesday, (tx) => getWarning(tx, warning)).then(
        () => true,
        (error) => {
          if (error instanceof NotFound) return false
          throw error
        },
      ),
    one: async <T>(sql: string, values: unknown[] = []) =>
      (await door.db.engine.query(sql, values)).rows[0] as T,
  }
}
