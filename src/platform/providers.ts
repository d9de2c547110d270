/**
 * Who besides us may say who somebody is (OpenID Connect): a file of the operator's, as the other credentials of this
 * installation are. So its secrets are in no backup of the database, every mistake is named before anything starts, and
 * what a provider may vouch for cannot be changed by anybody who is merely signed in.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { type Role, roles } from './access.ts'
import { parseYaml } from './yaml.ts'

type CentralRole = 'coordinator' | 'operator'
type MemberRole = Exclude<Role, CentralRole>

export interface Vouched {
  /** The organisation's name or its IČO, as the register has it. */
  organisation: string
  /** By the name of a group: what its members are at this organisation. */
  roles: Record<string, MemberRole[]>
  /** Somebody unknown, whose verified e-mail lies in a domain of the organisation, becomes one of its people. */
  newPeople: boolean
}

export interface Provider {
  /** Part of addresses: `/sign-in/from/<id>`. */
  id: string
  name: { cs: string; en: string }
  issuer: string
  clientId: string
  clientSecret: string
  scope: string
  /** The claim that lists the groups; dots lead into objects. */
  groupsClaim: string
  /** For whose people it vouches. */
  organisations: Vouched[]
  /** Roles of the sector by group; null: it never vouches for coordinators and operators. */
  central: Record<string, CentralRole[]> | null
  /** By which of these words it says that it asked for two factors; null: it is not trusted to say so. */
  secondFactor: { amr: string[]; acr: string[] } | null
}

const text = (most: number) =>
  z.string('is missing').trim().min(1, 'is empty').max(most, `is longer than ${most} characters`)

/** http only where nobody but this machine can listen. */
const isIssuer = (value: string): boolean => {
  const url = URL.parse(value)
  if (!url || url.search || url.hash || url.username) return false
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isHere)
}

const rolesOf = <const R extends Role>(allowed: readonly R[], what: string) => {
  const one = z.enum(allowed, `is no role of ${what}: ${allowed.join(', ')}`)
  return z.record(
    text(256),
    z.union(
      [one.transform((role) => [role]), z.array(one).min(1)],
      `is no role of ${what}: ${allowed.join(', ')}`,
    ),
    'is not a table of the kind "group: role"',
  )
}

const central = ['coordinator', 'operator'] as const satisfies CentralRole[]
const ofMembers = roles.filter((role): role is MemberRole => !central.some((one) => one === role))

const words = z.array(text(200), 'is not a list of words').max(20)

const shape = z.strictObject(
  {
    name: z.union(
      [
        text(80).transform((both) => ({ cs: both, en: both })),
        z.strictObject({ cs: text(80), en: text(80) }),
      ],
      'is missing: write how people call it, or "cs" and "en" below it',
    ),
    issuer: text(500).refine(
      isIssuer,
      'is not an address of the kind https://login.your.domain/realms/staff',
    ),
    client_id: text(300),
    client_secret: text(1_000).optional(),
    client_secret_file: text(1_000).optional(),
    scopes: text(500)
      .refine(
        (value) => value.split(/\s+/).includes('openid'),
        'lacks "openid", without which nobody is told',
      )
      .default('openid email profile'),
    groups_claim: text(200).default('groups'),
    organisations: z
      .array(
        z.strictObject(
          {
            organisation: text(300),
            roles: rolesOf(ofMembers, 'an organisation').default({}),
            new_people: z.boolean('is neither true nor false').default(false),
          },
          'is not "organisation", "roles" and "new_people"',
        ),
        'is not a list',
      )
      .default([]),
    coordinators: z
      .strictObject({ roles: rolesOf(central, 'the sector').default({}) }, 'has "roles" and nothing else')
      .optional(),
    second_factor: z
      .strictObject(
        { amr: words.default([]), acr: words.default([]) },
        'has "amr" and "acr" and nothing else',
      )
      .refine(
        ({ amr, acr }) => amr.length + acr.length > 0,
        'names no word: write "amr: [mfa]", or leave it out',
      )
      .optional(),
  },
  'is not a table of settings',
)
type Written = z.infer<typeof shape>

const file = z.strictObject({
  providers: z.record(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'is no name of the kind lipova-ad: small letters, digits, hyphens'),
    z.unknown(),
    'is not a table of providers by name',
  ),
})

/**
 * The providers of `name`; none without a file. Each mistake is added to `mistakes` with the place where it stands.
 */
export function readProviders(name: string | undefined, mistakes: Record<string, string>): Provider[] {
  if (!name) return []
  const parsed = file.safeParse(read(name))
  if (!parsed.success) {
    mistakes.HSOC_PROVIDERS ??= `names ${name}, which has no table "providers" whose names are small letters, digits and hyphens`
    return []
  }
  const found = Object.entries(parsed.data.providers).flatMap(([id, given]) => {
    const one = shape.safeParse(given)
    for (const issue of one.error?.issues ?? [])
      mistakes[`HSOC_PROVIDERS ${[id, ...placeOf(issue)].join('.')}`] ??= sentenceOf(issue)
    if (!one.success) return []
    const secret = secretOf(one.data, path.dirname(name))
    const problem = secret.problem ?? contradiction(one.data)
    if (problem) mistakes[`HSOC_PROVIDERS ${id}`] = problem
    return [assembled(id, one.data, secret.text)]
  })
  for (const [at, { id, issuer }] of found.entries())
    if (found.findIndex((other) => other.issuer === issuer) !== at)
      mistakes[`HSOC_PROVIDERS ${id}.issuer`] = 'is that of another provider: one issuer is one provider'
  return found
}

function read(name: string): unknown {
  try {
    return parseYaml(readFileSync(name, 'utf8'))
  } catch {
    return null
  }
}

const placeOf = (issue: z.core.$ZodIssue): PropertyKey[] =>
  issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path

const sentenceOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'unrecognized_keys' ? 'is not known: remove it' : issue.message

/** The secret itself, or the file that holds it beside this one. */
function secretOf(one: Written, folder: string): { text: string; problem?: string } {
  const { client_secret: written, client_secret_file: kept } = one
  if ((written === undefined) === (kept === undefined))
    return { text: '', problem: 'needs one of client_secret and client_secret_file' }
  if (kept === undefined) return { text: written ?? '' }
  try {
    const found = readFileSync(path.resolve(folder, kept), 'utf8').trim()
    return found ? { text: found } : { text: '', problem: 'has an empty client_secret_file' }
  } catch {
    return {
      text: '',
      problem: 'names a client_secret_file that cannot be read: check the path and its rights',
    }
  }
}

function contradiction(one: Written): string | undefined {
  if (one.organisations.length === 0 && !one.coordinators)
    return 'vouches for nobody: name its organisations, or "coordinators"'
  const named = one.organisations.map(({ organisation }) => organisation.toLowerCase())
  return new Set(named).size < named.length ? 'names an organisation twice' : undefined
}

const assembled = (id: string, one: Written, clientSecret: string): Provider => ({
  id,
  name: one.name,
  issuer: one.issuer,
  clientId: one.client_id,
  clientSecret,
  scope: one.scopes,
  groupsClaim: one.groups_claim,
  organisations: one.organisations.map(({ organisation, roles, new_people: newPeople }) => ({
    organisation,
    roles,
    newPeople,
  })),
  central: one.coordinators?.roles ?? null,
  secondFactor: one.second_factor ?? null,
})
