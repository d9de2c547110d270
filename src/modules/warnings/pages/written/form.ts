/** The editor's form as text, and what becomes of it. */
import type { Queryable } from '../../../../platform/database.ts'
import { homeZone } from '../../../../platform/dates.ts'
import { Invalid } from '../../../../platform/errors.ts'
import { fieldOf, instantOf } from '../../../../platform/local-time.ts'
import type { AffectedProduct } from '../../../../values/product.ts'
import type { Compared } from '../../written/compare.ts'
import { most, readDraft } from '../../written/draft.ts'
import { linesOf, productsIn } from '../../written/products.ts'
import { type Draft, parts, type Text, type Version } from '../../written/types.ts'
import { text } from '../access.ts'

/** Every field as it was typed; lists as repeated fields or one a line. */
export interface Typed {
  kind: string
  severity: string
  tlp: string
  audience: string
  orgs: string[]
  group: string
  /** E-mail addresses, one a line. */
  named: string
  cs: Text
  en: Text
  all: boolean
  prefixes: string
  domains: string
  /** One a line, and the one that is being added. */
  products: string
  adding: { vendor: string; product: string; versions: string }
  kinds: string[]
  regions: string[]
  actionBy: string
  validUntil: string
  refs: string
  changeNote: string
  substantive: boolean
  translated: boolean
}

/** A field that may stand there once, more than once, or not at all. */
export const each = (body: unknown, name: string): string[] =>
  [(body as Record<string, unknown> | undefined)?.[name] ?? []]
    .flat()
    .filter((one): one is string => typeof one === 'string')
    // One more than may be, so that what is too much is refused and never cut.
    .slice(0, most.orgs + 1)

const textIn = (body: unknown, lang: string): Text =>
  // fromEntries knows no keys; they are those of `parts`.
  Object.fromEntries(
    parts.map((part) => [part, text(body, `${lang}_${part}`).replaceAll('\r\n', '\n')]),
  ) as Text

export const typedIn = (body: unknown): Typed => ({
  kind: text(body, 'kind'),
  severity: text(body, 'severity'),
  tlp: text(body, 'tlp'),
  audience: text(body, 'audience'),
  orgs: each(body, 'orgs'),
  group: text(body, 'group'),
  named: text(body, 'named'),
  cs: textIn(body, 'cs'),
  en: textIn(body, 'en'),
  all: text(body, 'all') === '1',
  prefixes: text(body, 'prefixes'),
  domains: text(body, 'domains'),
  products: text(body, 'products').replaceAll('\r\n', '\n'),
  adding: {
    vendor: text(body, 'addVendor').trim(),
    product: text(body, 'addProduct').trim(),
    versions: text(body, 'addVersions').trim(),
  },
  kinds: each(body, 'kinds'),
  regions: each(body, 'regions'),
  actionBy: text(body, 'actionBy'),
  validUntil: text(body, 'validUntil'),
  refs: text(body, 'refs').replaceAll('\r\n', '\n'),
  changeNote: text(body, 'changeNote').replaceAll('\r\n', '\n'),
  substantive: text(body, 'change') !== 'editorial',
  translated: text(body, 'translated') === '1',
})

/** What an author sees first. `named` are the addresses of the named persons. */
export const typedOf = (version: Omit<Draft, 'translated'>, named: string[]): Typed => ({
  kind: version.kind,
  severity: String(version.severity),
  tlp: version.tlp,
  audience: version.audience,
  orgs: version.orgs.map(String),
  group: version.group === null ? '' : String(version.group),
  named: named.join('\n'),
  cs: version.texts.cs,
  en: version.texts.en,
  all: version.rules.all,
  prefixes: version.rules.prefixes.join('\n'),
  domains: version.rules.domains.join('\n'),
  products: linesOf(version.rules.products ?? []),
  adding: { vendor: '', product: '', versions: '' },
  kinds: version.rules.kinds,
  regions: version.rules.regions,
  actionBy: version.actionBy ?? '',
  validUntil: version.validUntil === null ? '' : fieldOf(version.validUntil, homeZone),
  refs: version.refs,
  changeNote: version.changeNote,
  substantive: version.substantive,
  translated: false,
})

/** As far as a difference shows it: what is no choice is said as it was typed. */
export const comparedOf = (typed: Typed): Compared => ({
  kind: typed.kind as Draft['kind'],
  severity: Number(typed.severity),
  tlp: typed.tlp as Draft['tlp'],
  audience: typed.audience as Draft['audience'],
  actionBy: typed.actionBy || null,
  refs: typed.refs,
  texts: { cs: typed.cs, en: typed.en },
})

const lines = (given: string): string[] =>
  given
    .split(/[\s,;]+/)
    .map((one) => one.trim())
    .filter(Boolean)

/** What stands in the fields beside the list is one of it, once it is saved. */
const added = ({ vendor, product, versions }: Typed['adding']): AffectedProduct[] =>
  [vendor, product, versions].some(Boolean) ? [{ vendor, product, versions, cpe: null, purl: null }] : []

const numbers = (given: string[]): number[] => given.map((one) => (/^\d{1,9}$/.test(one) ? Number(one) : -1))

/** `Invalid` names the fields that are wrong, by codes. */
export async function draftFrom(tx: Queryable, typed: Typed): Promise<Draft> {
  const validUntil = typed.validUntil === '' ? null : instantOf(typed.validUntil, homeZone)
  if (typed.validUntil !== '' && validUntil === null) throw new Invalid('No time', { validUntil: 'form' })
  return readDraft({
    kind: typed.kind,
    severity: /^[1-4]$/.test(typed.severity) ? Number(typed.severity) : 0,
    tlp: typed.tlp,
    audience: typed.audience,
    orgs: numbers(typed.orgs),
    group: typed.group === '' ? null : (numbers([typed.group])[0] ?? -1),
    named: await peopleAt(tx, lines(typed.named)),
    texts: { cs: typed.cs, en: typed.en },
    rules: {
      all: typed.all,
      prefixes: lines(typed.prefixes),
      domains: lines(typed.domains),
      kinds: typed.kinds,
      regions: typed.regions,
      products: [...productsIn(typed.products), ...added(typed.adding)],
    },
    actionBy: typed.actionBy === '' ? null : typed.actionBy,
    validUntil,
    refs: typed.refs,
    changeNote: typed.changeNote,
    substantive: typed.substantive,
    translated: typed.translated,
  })
}

/** Whom the addresses name. Throws Invalid. */
export async function peopleAt(tx: Queryable, addresses: string[]): Promise<number[]> {
  if (addresses.length === 0) return []
  const asked = [...new Set(addresses.map((one) => one.toLowerCase()))]
  if (asked.length > most.named) throw new Invalid('Too many addresses', { named: 'many' })
  const { rows } = await tx.query<{ id: number }>(
    'select id from people where lower(email) = any ($1) and disabled_at is null',
    [asked],
  )
  if (rows.length !== asked.length) throw new Invalid('Nobody has this address', { named: 'unknown' })
  return rows.map((row) => row.id)
}

/** The addresses of a version's named persons. */
export async function addressesOf(tx: Queryable, version: Pick<Version, 'named'>): Promise<string[]> {
  const { rows } = await tx.query<{ email: string }>(
    'select email from people where id = any ($1) order by email',
    [version.named],
  )
  return rows.map((row) => row.email)
}
