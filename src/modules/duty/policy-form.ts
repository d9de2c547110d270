/** The form of an escalation: what came in, and what it means. */
import { z } from 'zod'
import { type Policy, type PolicyChannel, policyChannels, type Target, targetRoles } from './policy.ts'

/** As many as an escalation may have. */
export const rowsShown = 10

const number = z.string().regex(/^\d{1,4}$/)
const target = z
  .string()
  .regex(
    new RegExp(`^(?:coordinator|${targetRoles.join('|')}|schedule:[1-9]\\d{0,8}|person:[1-9]\\d{0,8}|)$`),
  )
const several = <Item extends z.ZodType<string, string>>(item: Item) =>
  z.union([item, z.array(item).max(12)]).optional()

const row = z.object({
  delay: z.union([z.literal(''), number]).optional(),
  to: several(target),
  by: several(z.enum(policyChannels)),
})

/** One row as it was typed. */
export interface GivenRow {
  delay: string
  to: string[]
  by: PolicyChannel[]
}

export interface GivenPolicy {
  base: string
  repeat: string
  rows: GivenRow[]
}

const head = z.object({ base: number, repeat: z.string().regex(/^[0-5]$/) })

/** Null: no form of ours. */
export function givenIn(body: unknown): GivenPolicy | null {
  const fields = z.record(z.string(), z.unknown()).safeParse(body ?? {})
  const first = head.safeParse(body ?? {})
  if (!fields.success || !first.success) return null
  const rows: GivenRow[] = []
  for (let n = 1; n <= rowsShown; n++) {
    const { data } = fields
    const one = row.safeParse({ delay: data[`delay_${n}`], to: data[`to_${n}`], by: data[`by_${n}`] })
    if (!one.success) return null
    const { delay = '', to, by } = one.data
    rows.push({ delay, to: list(to).filter((word) => word !== ''), by: list(by) })
  }
  return { ...first.data, rows }
}

const list = <Item extends string>(value: Item | Item[] | undefined): Item[] =>
  value === undefined ? [] : [...new Set([value].flat() as Item[])] // one or several of one kind

export const wordOf = (one: Target): string => {
  if (one === 'coordinator') return one
  if ('role' in one) return one.role
  return 'schedule' in one ? `schedule:${one.schedule}` : `person:${one.person}`
}

function targetIn(word: string): Target {
  if (word === 'coordinator') return word
  const [kind, id] = word.split(':')
  if (kind === 'schedule') return { schedule: Number(id) }
  if (kind === 'person') return { person: Number(id) }
  return { role: targetRoles.find((role) => role === word) ?? 'duty' }
}

/** Rows without a delay are no steps; those that are go in the order of their delays. */
export function policyIn(given: GivenPolicy): { policy: Policy } | { wrong: Record<string, string> } {
  const used = given.rows.map((one, i) => ({ ...one, n: i + 1 })).filter(({ delay }) => delay !== '')
  const wrong: Record<string, string> = {}
  if (used.length === 0) wrong.steps = 'steps'
  for (const { n, delay, to, by } of used) {
    if (Number(delay) > 9_000) wrong[`delay_${n}`] = 'delay'
    else if (to.length === 0) wrong[`delay_${n}`] = 'whom'
    else if (by.length === 0) wrong[`delay_${n}`] = 'ways'
  }
  if (Object.keys(wrong).length > 0) return { wrong }
  const steps = used
    .sort((a, b) => Number(a.delay) - Number(b.delay))
    .map(({ delay, to, by }, i) => ({
      no: i + 1,
      delayMin: Number(delay),
      targets: to.map(targetIn),
      channels: by,
    }))
  return { policy: { version: Number(given.base), repeat: Number(given.repeat), steps } }
}

/** What the form shows of a policy. */
export const givenOf = (policy: Policy): GivenPolicy => ({
  base: String(policy.version),
  repeat: String(policy.repeat),
  rows: policy.steps.map(({ delayMin, targets, channels }) => ({
    delay: String(delayMin),
    to: targets.map(wordOf),
    by: channels,
  })),
})
