/** What the rules know of an event class by its stored number; a few hundred rows, read once and again when new ones come. */
import type { Queryable } from '../../platform/database.ts'
import { categoryOfClass } from '../events/index.ts'

export interface ClassInfo {
  id: number
  /** With side suffix, as stored. */
  name: string
  /** Without. */
  base: string
  /** `Attempt` */
  top: string
  /** `Attempt.Login` */
  category: string
  /** Start severity for the attacked, before any verdict. */
  level: number
}

export interface ClassBook {
  byId: Map<number, ClassInfo>
  /** Classes for which the test holds. */
  idsOf(test: (info: ClassInfo) => boolean): number[]
}

/** All classes known to the database now. */
export async function readClasses(db: Queryable): Promise<ClassBook> {
  const { rows } = await db.query<{ id: number; name: string }>('select id, name from classes')
  const byId = new Map(rows.map(({ id, name }) => [id, infoOf(id, name)]))
  return { byId, idsOf: (test) => [...byId.values()].filter(test).map((info) => info.id) }
}

export function infoOf(id: number, name: string): ClassInfo {
  const base = name.replace(/-(target|internal)$/, '')
  const { top, category, levels } = categoryOfClass(base)
  return { id, name, base, top, category, level: levels.t }
}

/** The most telling class of an episode: the highest level, the earlier one on a tie. */
export function leadOf(classes: ClassInfo[]): ClassInfo | null {
  return classes.reduce<ClassInfo | null>(
    (best, one) => (best === null || one.level > best.level ? one : best),
    null,
  )
}

/** Kinds that attack something, unlike looking around or being odd. */
const attacks = new Set(['Attempt', 'Malware', 'Information', 'Intrusion', 'Availability', 'Fraud'])
export const isAttack = (info: ClassInfo): boolean => attacks.has(info.top)
