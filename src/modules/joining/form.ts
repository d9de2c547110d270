/** The public form, understood: an application, or what is wrong with each field. Pure, so that it can be tried with anything. */
import {
  hasRightCheckDigit,
  kinds as organisationKinds,
  readEmail,
  readIco,
  readPhone,
  regionCodes,
} from '../members/index.ts'
import type { Application } from './apply.ts'
import { kinds } from './states.ts'

/** Longest text of each field, in letters; whatever is longer is refused, never cut. */
export const fields = {
  kind: 20,
  organisation: 200,
  ico: 20,
  orgKind: 40,
  nuts3: 10,
  name: 100,
  position: 100,
  email: 254,
  phone: 40,
  message: 2_000,
  icoSure: 5,
  // Nobody sees this field; whoever fills it in is no person.
  website: 200,
  began: 400,
} as const satisfies Record<string, number>
export type Field = keyof typeof fields
export type Typed = Record<Field, string>

export const fieldNames = Object.keys(fields) as Field[] // Object.keys forgets the names

/** Codes of what is wrong, by field; the sentences are `joining.wrong.<code>`. */
export type Faults = Partial<Record<Field, string>>

/** What was typed, as texts: anything else counts as empty, NUL is left out. */
export function typedIn(body: unknown): Typed {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  return Object.fromEntries(
    fieldNames.map((name) => {
      const value = Object.hasOwn(given, name) ? given[name] : ''
      return [name, typeof value === 'string' ? value.replaceAll('\0', '').normalize('NFC') : '']
    }),
  ) as Typed // fromEntries forgets the names
}

const tidy = (text: string): string => text.replace(/\s+/gu, ' ').trim()

/** The application, or the faults. A wrong check digit is asked about once and then taken as it is. */
export function understood(
  typed: Typed,
  language: 'cs' | 'en',
): { ok: true; given: Application } | { ok: false; faults: Faults } {
  const faults: Faults = {}
  for (const name of fieldNames) if (typed[name].length > fields[name]) faults[name] = 'long'
  const kind = kinds.find((one) => one === typed.kind)
  if (!kind) faults.kind ??= 'kind'
  const organisation = required(typed, 'organisation', faults)
  const name = required(typed, 'name', faults)
  const ico = tidy(typed.ico) === '' ? null : readIco(typed.ico)
  if (tidy(typed.ico) !== '' && ico === null) faults.ico ??= 'ico'
  if (ico !== null && !hasRightCheckDigit(ico) && typed.icoSure === '') faults.ico ??= 'digit'
  const orgKind = organisationKinds.find((one) => one === typed.orgKind)
  if (!orgKind) faults.orgKind ??= 'orgKind'
  const nuts3 = regionCodes.find((one) => one === typed.nuts3) ?? null
  if (typed.nuts3 !== '' && nuts3 === null) faults.nuts3 ??= 'nuts3'
  const email = readEmail(typed.email.trim())
  if (!email.ok) faults.email ??= 'email'
  const phone = typed.phone.trim() === '' ? null : readPhone(typed.phone.trim())
  if (phone && !phone.ok) faults.phone ??= 'phone'
  if (!kind || !orgKind || !email.ok || Object.keys(faults).length > 0) return { ok: false, faults }
  return {
    ok: true,
    given: {
      kind,
      language,
      organisation,
      ico,
      orgKind,
      nuts3,
      name,
      position: tidy(typed.position),
      email: email.value,
      phone: phone?.ok ? phone.value : null,
      message: typed.message.trim(),
    },
  }
}

function required(typed: Typed, name: 'organisation' | 'name', faults: Faults): string {
  const text = tidy(typed[name])
  if (text === '') faults[name] ??= name
  return text
}
