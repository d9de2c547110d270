/** Shapes that come in through forms and queries, and go out as JSON. */
import { z } from 'zod'
import { roles } from '../../platform/access.ts'
import { memberRoles } from './may.ts'
import { statuses } from './status.ts'

/** A field of a form: one text without NUL, which PostgreSQL cannot hold. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0'))

export const signInForm = z.object({
  email: text(300).min(1),
  password: z.string().min(1).max(1_000),
  back: z.string().optional(),
})
/** A code as it was typed or copied, with its blanks and dashes. */
export const codeForm = z.object({ code: text(100), back: z.string().optional() })
const again = { _to: z.string(), _again_password: z.string().max(1_000).optional() }
export const againForm = z.looseObject({
  ...again,
  _again_code: text(100).optional(),
  _again_there: text(1).optional(),
  _again_response: text(20_000).optional(),
})

/** What a device answered, as JSON in one field of a form. The library judges what is inside. */
const answerOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  text(20_000).transform((written, context) => {
    try {
      return z
        .looseObject({ id: z.string().min(1).max(1_500), response: z.looseObject(shape) })
        .parse(JSON.parse(written))
    } catch {
      context.addIssue({ code: 'custom', message: 'is not the answer of a device' })
      return z.NEVER
    }
  })
const written = z.string().max(15_000)
export const usedPasskey = answerOf({
  clientDataJSON: written,
  authenticatorData: written,
  signature: written,
})
export const passkeySignInForm = z.object({ response: usedPasskey, back: z.string().optional() })
export const passkeyNameForm = z.object({ name: text(300) })
export const newPasskeyForm = z.object({
  response: answerOf({ clientDataJSON: written, attestationObject: written }),
  name: text(200).optional(),
  back: z.string().optional(),
})
export const forgottenForm = z.object({ email: text(300) })
export const newPasswordForm = z.object({ password: z.string().max(10_000), again: z.string().max(10_000) })
export const wishesForm = z.object({ language: z.enum(['cs', 'en']), digest: z.enum(['daily', 'weekly']) })
export const recoveryForm = z.object({ colleague: text(300), reason: text(1_000) })
export const recoverForm = z.object({ password: z.string().max(1_000) })
export const endSessionForm = z.object({ session: text(100) })
export const preferencesForm = z.object({
  lang: z.enum(['cs', 'en']).optional(),
  theme: z.enum(['auto', 'light', 'dark']).optional(),
  back: z.string().optional(),
})

export const invitationForm = z.object({
  email: text(300),
  name: text(100),
  role: z.enum(memberRoles),
  language: z.enum(['cs', 'en']).catch('cs'),
})
/** Ticked boxes of one name come as one text or as several. */
export const rolesForm = z.object({
  roles: z.preprocess(
    (value) => (value === undefined ? [] : [value].flat()),
    z.array(z.enum(memberRoles)).max(20),
  ),
})
export const acceptForm = z.object({
  password: z.string().max(10_000).optional(),
  again: z.string().max(10_000).optional(),
})

/** An id in a path; anything else names nothing. */
export const idParam = z.coerce.number().int().positive().max(2_147_483_647)

const wish = (most: number) => text(most).optional().catch(undefined)

/** The filter of the list; what makes no sense is left out, as an old link should still open. */
export const listQuery = z.object({
  q: wish(200),
  kind: wish(60),
  region: wish(200),
  status: z.enum(statuses).optional().catch(undefined),
  after: idParam.optional().catch(undefined),
})

/** Whom somebody looks for. */
export const findQuery = listQuery.pick({ q: true, after: true })

const field = (most: number) => text(most).optional()

/** What is left out of the form stays as it is. */
export const organisationForm = z.object({
  name: field(400),
  ico: field(20),
  kind: field(40),
  region: field(200),
  founder: field(200),
  parent: field(400),
  regime: field(20),
  language: field(5),
  understands_cs: field(5),
  understands_en: field(5),
  contactEmail: field(300),
  phone: field(60),
})
export const mergerQuery = z.object({ into: text(200).catch('').default('') })
/** Ticked boxes of one name come as one text or as several. */
export const mergerForm = z.object({
  into: idParam,
  reason: text(4_000),
  people: z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(idParam).max(500)),
})
export const undoForm = z.object({ reason: text(4_000) })
export const statusForm = z.object({
  to: z.enum(statuses),
  reason: text(4_000),
  rulesAccepted: text(5).optional(),
})
export const nameForm = z.object({ name: text(400), kind: z.enum(['earlier', 'alias']) })

export const versionForm = z.object({
  number: field(5),
  month: field(20),
  language: field(5),
  title: field(400),
  text: field(220_000),
  fileSha256: field(100),
  published: field(1),
})
export const listForm = z.object({
  version: z.coerce.number().int().positive().max(999),
  text: z.string().max(300_000).default(''),
})
export const signatureForm = z.object({
  organisation: field(400),
  signatoryName: field(400),
  day: field(100),
  state: field(20),
  contact: field(300),
  nameShown: field(1),
})

export const sessionOut = z.object({
  person: z.object({
    id: z.number(),
    name: z.string(),
    email: z.string(),
    language: z.enum(['cs', 'en']),
  }),
  engagements: z.array(
    z.object({
      organisation: z.object({ id: z.number(), name: z.string() }).nullable(),
      role: z.enum(roles),
    }),
  ),
  csrf: z.string().describe('Send it as x-csrf-token with every request that changes something'),
})

const line = {
  id: z.number(),
  name: z.string(),
  kind: z.string(),
  status: z.string(),
  region: z.string().nullable(),
  domains: z.array(z.string()),
}

const other = z.object({ id: z.number(), name: z.string() })
export const membersOut = z.object({
  members: z.array(
    z.object({
      ...line,
      prefixes: z.array(z.string()),
      people: z.number(),
      formerly: z.array(z.string()).describe('Names of what was merged into it'),
      mergedInto: other.nullable(),
    }),
  ),
  total: z.number(),
  next: z.number().nullable().describe('Value of `after` for the following page'),
})

export const memberOut = z.object({
  ...line,
  ico: z.string().nullable(),
  nuts3: z.string().nullable().describe('Code of NUTS 3, where the region is one of Czechia'),
  regime: z.string().describe('Under the Czech cyber-security act: none, lower, higher, unknown'),
  language: z.string(),
  languages: z.array(z.string()),
  parent: other.nullable(),
  mergedInto: other.nullable(),
  formerly: z.array(other).describe('What was merged into it'),
  rulesAcceptedAt: z.number().nullable().describe('Milliseconds since 1970'),
  otherNames: z.array(z.object({ id: z.number(), name: z.string(), kind: z.enum(['earlier', 'alias']) })),
  founder: z.string().nullable(),
  contactEmail: z.string().nullable(),
  phone: z.string().nullable(),
  networks: z.array(
    z.object({
      text: z.string(),
      role: z.string(),
      label: z.string(),
      from: z.number().nullable().describe('Milliseconds since 1970; null without a bound'),
      to: z.number().nullable(),
    }),
  ),
  people: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      email: z.string(),
      roles: z.array(z.string()),
      disabled: z.boolean(),
    }),
  ),
  sensors: z.number(),
})

/** A checkbox alone comes as a text, several as a list, none not at all. */
export const keyForm = z.object({
  label: z.string().default(''),
  org: z
    .string()
    .regex(/^\d{0,9}$/)
    .default(''),
  scopes: z
    .union([z.array(z.string().max(100)).max(50), z.string().max(100)])
    .default([])
    .transform((given) => [given].flat()),
  days: z.string().default(''),
})
