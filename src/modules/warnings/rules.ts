/** Rules as data: defaults and bounds from `content/rules.json`, changes with history, read as of a time. */
import { type Actor, asActor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import { readContent } from '../../platform/content.ts'
import type { Database, Queryable } from '../../platform/database.ts'
import { Forbidden, Invalid } from '../../platform/errors.ts'
import { ANY_MEMBER, COORDINATORS } from '../../values/scopes.ts'
import { type RuleId, ruleIds } from './types.ts'

export type Params = Record<string, number>

export interface ParamDefinition {
  name: string
  default: number
  min: number
  max: number
  unit: string
  cs: string
  en: string
}

export interface RuleDefinition {
  rule: RuleId
  name: { cs: string; en: string }
  params: ParamDefinition[]
}

export interface RuleSettings {
  rule: RuleId
  /** 0 = the defaults, never changed. */
  version: number
  params: Params
  enabled: boolean
  changedAt: number | null
  changedBy: string | null
  reason: string | null
}

interface File {
  rules: Record<
    RuleId,
    { name: { cs: string; en: string }; params: Record<string, Omit<ParamDefinition, 'name'>> }
  >
}

let book: RuleDefinition[] | null = null

/** All rules in order, as shipped. */
export function ruleBook(): RuleDefinition[] {
  const { rules } = readContent('rules.json') as File
  book ??= ruleIds.map((rule) => ({
    rule,
    name: rules[rule].name,
    params: Object.entries(rules[rule].params).map(([name, rest]) => ({ name, ...rest })),
  }))
  return book
}

const definitionOf = (rule: RuleId): RuleDefinition => {
  const found = ruleBook().find((one) => one.rule === rule)
  if (!found) throw new Invalid(`There is no rule ${rule}`)
  return found
}

export const defaultsOf = (rule: RuleId): Params =>
  Object.fromEntries(definitionOf(rule).params.map((param) => [param.name, param.default]))

interface Row {
  version: number
  params: Params
  enabled: boolean
  at: number
  by: string | null
  reason: string
}

const columns = `s.version, s.params, s.enabled, extract(epoch from s.changed_at)::float8 * 1000 as at, s.reason,
  (select p.name from people p where p.id = s.changed_by) as by`

const toSettings = (rule: RuleId, row: Row): RuleSettings => ({
  rule,
  version: row.version,
  params: { ...defaultsOf(rule), ...row.params },
  enabled: row.enabled,
  changedAt: row.at,
  changedBy: row.by,
  reason: row.reason,
})

const shipped = (rule: RuleId): RuleSettings => ({
  rule,
  version: 0,
  params: defaultsOf(rule),
  enabled: true,
  changedAt: null,
  changedBy: null,
  reason: null,
})

/** The thresholds in force at a time: the newest version not after it, else the defaults. */
export async function settingsAt(db: Queryable, rule: RuleId, atMs: number): Promise<RuleSettings> {
  const { rows } = await db.query<Row>(
    `select ${columns} from rule_settings s where s.rule = $1 and s.changed_at <= to_timestamp($2 / 1000.0)
     order by s.version desc limit 1`,
    [rule, atMs],
  )
  return rows[0] ? toSettings(rule, rows[0]) : shipped(rule)
}

/** Every version, newest first, the defaults last. */
export async function history(db: Queryable, rule: RuleId): Promise<RuleSettings[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from rule_settings s where s.rule = $1 order by s.version desc`,
    [rule],
  )
  return [...rows.map((row) => toSettings(rule, row)), shipped(rule)]
}

const fractional = new Set(['%', 'MAD', 'times'])

/** Checks thresholds against their bounds; throws `Invalid` with a sentence for each wrong one. */
export function checkParams(rule: RuleId, params: Params): Params {
  const fields: Record<string, string> = {}
  const known = definitionOf(rule).params
  for (const name of Object.keys(params))
    if (!known.some((p) => p.name === name)) fields[name] = 'There is no such threshold'
  for (const { name, min, max, unit } of known) {
    const value = params[name]
    if (value === undefined) continue
    if (!Number.isFinite(value) || value < min || value > max) fields[name] = `A number from ${min} to ${max}`
    else if (!fractional.has(unit) && !Number.isInteger(value))
      fields[name] = `A whole number from ${min} to ${max}`
  }
  if (Object.keys(fields).length > 0) throw new Invalid('Some thresholds are out of bounds', fields)
  return { ...defaultsOf(rule), ...params }
}

/**
 * A new version of a rule's thresholds; coordinators only. Throws `Forbidden`, and `Invalid` for values out of bounds
 * or a missing reason. Thresholds not named keep their present value.
 */
export async function change(
  db: Database,
  actor: Actor,
  rule: RuleId,
  wanted: { params: Params; enabled?: boolean },
  reason: string,
  now: number,
): Promise<RuleSettings> {
  if (!isCoordinator(actor)) throw new Forbidden('Only a coordinator changes rules')
  if (reason.trim() === '') throw new Invalid('Say why', { reason: 'Say why the threshold changes' })
  return asActor(db, actor, now, async (tx) => {
    // Two coordinators at once: the second waits and gets the next version.
    await tx.query(`select pg_advisory_xact_lock(hashtext('rule_settings'))`)
    const before = await settingsAt(tx, rule, now)
    const params = checkParams(rule, { ...before.params, ...wanted.params })
    const enabled = wanted.enabled ?? before.enabled
    const { rows } = await tx.query<{ version: number }>(
      `insert into rule_settings (rule, version, params, enabled, changed_at, changed_by, reason)
       select $1, coalesce(max(version), 0) + 1, $2, $3, to_timestamp($4 / 1000.0), $5, $6 from rule_settings where rule = $1
       returning version`,
      [rule, params, enabled, now, actor.person, reason.trim()],
    )
    const version = rows[0]?.version ?? 0
    await record(tx, {
      at: now,
      actor,
      verb: 'rules.change',
      object: `rule ${rule}`,
      detail: { version, from: before.params, to: params, enabled, reason: reason.trim() },
      readers: [COORDINATORS, ANY_MEMBER],
    })
    await tx.query(`select announce('rules', $1)`, [rule])
    return { rule, version, params, enabled, changedAt: now, changedBy: actor.name, reason: reason.trim() }
  })
}
