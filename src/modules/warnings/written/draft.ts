/** What may stand in a draft, checked once; afterwards nobody doubts it. */
import { z } from 'zod'
import { isDay } from '../../../platform/dates.ts'
import { Invalid } from '../../../platform/errors.ts'
import { parseNet } from '../../../values/address.ts'
import { audiences, refusedPair } from '../../../values/audience.ts'
import { tlps } from '../../../values/tlp.ts'
import { distinct, mostProducts, product, refuseProducts } from './products.ts'
import {
  type Draft,
  kinds,
  parts,
  type Text,
  type Texts,
  type Translation,
  type Version,
  type Written,
} from './types.ts'

/** Characters of a title, and of each of the three parts. */
export const longest = { title: 200, part: 8_000 }

/** Of whom one can choose. */
export const most = { orgs: 2_000, named: 500 }

const line = z.string().trim().max(longest.title)
const part = z.string().trim().max(longest.part)
const text = z.object({ title: line, happened: part, concerns: part, todo: part })
const id = z.number().int().min(1).max(2_147_483_647)
const words = z.array(z.string().trim().min(1).max(100)).max(200)

/** A name as registers keep it: lower case, no dot at the end. */
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .transform((name) => name.replace(/\.$/, ''))
  .refine(
    (name) => name.length <= 253 && /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]+$/.test(name),
  )

const prefix = z.string().transform((given, context) => {
  const net = parseNet(given.trim())
  if (net) return net.text
  context.addIssue({ code: 'custom', message: 'no network' })
  return z.NEVER
})

const shape = z.object({
  kind: z.enum(kinds),
  severity: z.number().int().min(1).max(4),
  tlp: z.enum(tlps),
  audience: z.enum(audiences),
  orgs: z.array(id).max(most.orgs),
  group: z.number().int().min(1).max(1_000_000).nullable(),
  named: z.array(id).max(most.named),
  texts: z.object({ cs: text, en: text }),
  rules: z.object({
    all: z.boolean(),
    prefixes: z.array(prefix).max(500),
    domains: z.array(domain).max(500),
    kinds: words,
    regions: words,
    products: z.array(product).max(mostProducts).default([]),
  }),
  actionBy: z
    .string()
    .refine((given) => isDay(given))
    .nullable(),
  validUntil: z.number().int().min(0).max(4_102_444_800_000).nullable(),
  refs: z.string().trim().max(4_000),
  changeNote: z.string().trim().max(2_000),
  substantive: z.boolean(),
  translated: z.boolean(),
})

/**
 * A draft out of what came from outside. `Invalid` names each wrong field by a code: `length`, `network`, `domain`, `form`, and of an
 * audience `red` or `public` (sharing.md 4). What does not belong to the chosen audience is left out.
 */
export function readDraft(given: unknown): Draft {
  const read = shape.safeParse(given)
  if (!read.success) {
    const fields: Record<string, string> = {}
    for (const issue of read.error.issues) fields[fieldOf(issue.path)] ??= codeOf(issue.path, issue.code)
    throw new Invalid('The warning cannot be saved so', fields)
  }
  const draft = read.data
  const pair = refusedPair(draft.audience, draft.tlp)
  if (pair) throw new Invalid('This audience cannot have this label', { tlp: pair })
  if ((draft.kind === 'emergency') !== (draft.severity === 4))
    throw new Invalid('Severity and kind do not fit', { severity: 'emergency' })
  if (draft.audience === 'group' && draft.group === null) throw new Invalid('No group', { group: 'group' })
  const products = distinct(draft.rules.products)
  refuseProducts(products)
  return {
    ...draft,
    rules: { ...draft.rules, products },
    orgs: draft.audience === 'organisations' ? [...new Set(draft.orgs)] : [],
    group: draft.audience === 'group' ? draft.group : null,
    named: draft.tlp === 'RED' ? [...new Set(draft.named)] : [],
  }
}

/** `texts.cs.title`, `rules.prefixes`: where in a list the mistake stands is of no use in a form. */
const fieldOf = (path: PropertyKey[]): string =>
  path.includes('products')
    ? 'rules.products'
    : path.filter((step) => typeof step === 'string').join('.') || 'form'

const codeOf = (path: PropertyKey[], code: string): string => {
  if (path.includes('products')) return path.at(-1) === 'products' ? 'manyProducts' : 'product'
  if (path.includes('prefixes')) return 'network'
  if (path.includes('domains')) return 'domain'
  if (code === 'too_big') return path.at(-1) === 'orgs' || path.at(-1) === 'named' ? 'many' : 'length'
  return 'form'
}

const filled = (text: Text): boolean => parts.every((one) => text[one] !== '')
const same = (a: Text, b: Text): boolean => parts.every((one) => a[one] === b[one])

/** How the English text stands to the Czech one, after a save; `before` is null for a new text. */
export function translationOf(
  before: { texts: Texts; translation: Translation } | null,
  after: Texts,
  translated: boolean,
): Translation {
  if (!filled(after.en)) return 'missing'
  if (translated || !before || !same(before.texts.en, after.en)) return 'done'
  return same(before.texts.cs, after.cs) ? before.translation : 'outdated'
}

/** What a warning lacks before anybody may look at it: `texts.cs.todo`, `named`. */
export function lacking(draft: Pick<Draft, 'texts' | 'tlp' | 'named' | 'audience' | 'orgs'>): string[] {
  return [
    ...parts.filter((one) => draft.texts.cs[one] === '').map((one) => `texts.cs.${one}`),
    ...(draft.tlp === 'RED' && draft.named.length === 0 ? ['named'] : []),
    // An empty list means nobody (sharing.md 4): that is for nobody to publish.
    ...(draft.audience === 'organisations' && draft.orgs.length === 0 ? ['orgs'] : []),
  ]
}

/** `Invalid` with a code of `lack` for each field without which nothing goes to review or out. */
export function complete(working: Version, warning: Written): void {
  const missing = [
    ...lacking(working),
    ...(warning.version > 0 && working.changeNote === '' ? ['changeNote'] : []),
  ]
  if (missing.length > 0)
    throw new Invalid('Something is missing', Object.fromEntries(missing.map((field) => [field, 'lack'])))
}
