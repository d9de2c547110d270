/** The shape of `content/profiles.json`, checked once when a profile is first used. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const shipped = new URL('../../../../content/profiles.json', import.meta.url)

/** A JSON pointer (RFC 6901), held as its steps. */
const pointer = z
  .string()
  .regex(/^(\/[^/]*)+$/)
  .transform((text) =>
    text
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
  )
const places = z.array(pointer)
const category = z.string().regex(/^[A-Z][A-Za-z]+(\.[A-Z][A-Za-z]+)?$/)

const condition = z.strictObject({
  at: pointer,
  /** A number above this, or a list or text longer. */
  above: z.number().optional(),
  /** Equal to one of these; this and the next two without regard to case. */
  is: z.array(z.string()).optional(),
  starts: z.array(z.string()).optional(),
  has: z.array(z.string()).optional(),
  present: z.literal(true).optional(),
})

const profile = z.strictObject({
  title: z.strictObject({ cs: z.string(), en: z.string() }),
  /** Node types of IDEA. */
  node: z.array(z.string()),
  software: z.string().optional(),
  time: z.strictObject({ at: places, format: z.enum(['text', 'seconds', 'milliseconds', 'any']) }),
  /** When the event itself began. */
  began: places.default([]),
  source: z.strictObject({ address: places, port: places }),
  target: z.strictObject({ address: places, port: places }),
  proto: z.strictObject({
    at: places,
    /** All places give a name, not only the first that holds one. */
    all: z.boolean().default(false),
    fixed: z.array(z.string()).default([]),
    rename: z.record(z.string(), z.string()).default({}),
  }),
  count: places.default([]),
  /** ConnCount where no count is read. */
  connections: z.int().positive().optional(),
  id: places.default([]),
  rule: places.default([]),
  note: places.default([]),
  /** A host name in the record: a remark on the node. */
  host: places.default([]),
  description: z.string().optional(),
  category: z.strictObject({
    /** A place with an IDEA category written out, before the rules. */
    from: pointer.optional(),
    /** A rule without `give` makes the record context. */
    rules: z.array(z.strictObject({ if: condition.optional(), give: category.optional() })),
    /** The error of a record that no rule fits; null makes it context. */
    otherwise: z.string().nullable(),
  }),
  verdict: places.default([]),
  defaultVerdict: z.enum(['unknown', 'dropped', 'passed']).default('unknown'),
})

const table = z.strictObject({
  about: z.string(),
  /** Words for what became of the traffic. */
  actions: z.strictObject({ dropped: z.array(z.string()), passed: z.array(z.string()) }),
  profiles: z.record(z.string(), profile),
})

export type Pointer = z.infer<typeof pointer>
export type Condition = z.infer<typeof condition>
export type Profile = z.infer<typeof profile>

interface Profiles {
  byName: Map<string, Profile>
  verdictOf: Map<string, 'dropped' | 'passed'>
}

let loaded: Profiles | undefined

export function profiles(): Profiles {
  if (!loaded) {
    const { actions, profiles } = table.parse(JSON.parse(readFileSync(shipped, 'utf8')))
    loaded = {
      byName: new Map(Object.entries(profiles)),
      verdictOf: new Map([
        ...actions.dropped.map((word) => [word.toLowerCase(), 'dropped'] as const),
        ...actions.passed.map((word) => [word.toLowerCase(), 'passed'] as const),
      ]),
    }
  }
  return loaded
}
