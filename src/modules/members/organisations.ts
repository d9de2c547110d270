/** What is known of an organisation, put right by a coordinator; and the names by which it is found. */
import type { Actor } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { readIco } from './ico.ts'
import { kinds, regimes } from './import/types.ts'
import { readEmail, readPhone } from './import/values.ts'
import { organisationLine } from './organisation-line.ts'
import { regionNamed, regions } from './regions.ts'

/** As typed into the form; empty texts say nothing. */
export interface Wanted {
  name: string
  ico: string
  kind: string
  /** A code of NUTS 3, or a name that is none of them (as an import said it). */
  region: string
  founder: string
  /** Name of the organisation of which it is a part. */
  parent: string
  regime: string
  language: string
  languages: string[]
  contactEmail: string
  phone: string
}

interface Known {
  name: string
  ico: string | null
  kind: string
  region: string | null
  nuts3: string | null
  founder: string | null
  parent: number | null
  regime: string
  language: string
  languages: string[]
  contactEmail: string | null
  phone: string | null
}

/** Each wrong field with the last part of its sentence's key, `members.edit.wrong.<…>`. */
type Faults = Record<string, string>

const tidy = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()
const orNull = (text: string): string | null => tidy(text).slice(0, 200) || null

/** Carries out what the form says. A name that it bore until now is kept as an earlier one. Throws NotFound, Invalid. */
export async function change(tx: Tx, org: number, wanted: Wanted, by: Actor, now: number): Promise<void> {
  const before = await current(tx, org)
  const faults: Faults = {}
  const after = understand(wanted, faults)
  after.parent = await parentNamed(tx, org, wanted.parent, faults)
  if (Object.keys(faults).length > 0) throw new Invalid('Some fields are not right.', faults)
  const changed = Object.entries(after).filter(
    ([key, value]) => String(value ?? '') !== String(before[key as keyof Known] ?? ''), // Object.entries forgets the keys
  )
  if (changed.length === 0) return
  await write(tx, org, after, now)
  if (after.name !== before.name) await keepEarlierName(tx, org, before.name, after.name, now)
  await organisationLine(tx, 'members.edit', org, Object.fromEntries(changed), by, now)
}

async function current(tx: Tx, org: number): Promise<Known> {
  const { rows } = await tx.query<Known>(
    `select name, ico, kind, region, nuts3, founder, parent_id as parent, regime, language, languages,
       contact_email as "contactEmail", phone from organisations where id = $1 for update`,
    [org],
  )
  if (!rows[0]) throw new NotFound('There is no such organisation')
  return rows[0]
}

function understand(wanted: Wanted, faults: Faults): Known {
  const name = tidy(wanted.name)
  if (name === '' || name.length > 200) faults.name = 'name'
  const ico = wanted.ico.trim() === '' ? null : readIco(wanted.ico)
  if (wanted.ico.trim() !== '' && ico === null) faults.ico = 'ico'
  if (!(kinds as readonly string[]).includes(wanted.kind)) faults.kind = 'kind'
  if (!(regimes as readonly string[]).includes(wanted.regime)) faults.regime = 'regime'
  if (!['cs', 'en'].includes(wanted.language)) faults.language = 'language'
  const email = wanted.contactEmail.trim() === '' ? null : readEmail(wanted.contactEmail.trim())
  if (email && !email.ok) faults.contactEmail = 'email'
  const phone = wanted.phone.trim() === '' ? null : readPhone(wanted.phone.trim())
  if (phone && !phone.ok) faults.phone = 'phone'
  const nuts3 = regionNamed(wanted.region)
  const languages = ['cs', 'en'].filter((one) => one === wanted.language || wanted.languages.includes(one))
  return {
    name,
    ico,
    kind: wanted.kind,
    region: nuts3 ? (regions[nuts3] ?? null) : orNull(wanted.region),
    nuts3,
    founder: orNull(wanted.founder),
    parent: null,
    regime: wanted.regime,
    language: wanted.language,
    languages,
    contactEmail: email?.ok ? email.value : null,
    phone: phone?.ok ? phone.value : null,
  }
}

async function parentNamed(tx: Tx, org: number, name: string, faults: Faults): Promise<number | null> {
  if (tidy(name) === '') return null
  const { rows } = await tx.query<{ id: number; above: number | null }>(
    'select id, parent_id as above from organisations where lower(name) = lower($1)',
    [tidy(name)],
  )
  const [found] = rows
  if (!found || found.id === org || found.above === org) faults.parent = 'parent'
  return found?.id ?? null
}

async function write(tx: Tx, org: number, to: Known, now: number): Promise<void> {
  try {
    await tx.query(
      `update organisations set name = $2, ico = $3, kind = $4, region = $5, nuts3 = $6, founder = $7, parent_id = $8, regime = $9,
         language = $10, languages = $11, contact_email = $12, phone = $13, changed_at = $14 where id = $1`,
      [
        org,
        ...[to.name, to.ico, to.kind, to.region, to.nuts3, to.founder, to.parent, to.regime],
        ...[to.language, to.languages, to.contactEmail, to.phone, new Date(now).toISOString()],
      ],
    )
  } catch (error) {
    if ((error as { code?: string }).code === '23505')
      throw new Invalid('Another organisation bears this name.', { name: 'taken' })
    throw error
  }
}

async function keepEarlierName(tx: Tx, org: number, was: string, is: string, now: number): Promise<void> {
  await tx.query('delete from organisation_names where org_id = $1 and lower(name) = lower($2)', [org, is])
  if (was.toLowerCase() === is.toLowerCase()) return
  await insertName(tx, org, was, 'earlier', now)
}

const insertName = (tx: Tx, org: number, name: string, kind: string, now: number) =>
  tx.query(
    `insert into organisation_names (org_id, name, kind, added_at) values ($1, $2, $3, $4)
     on conflict (org_id, lower(name)) do nothing`,
    [org, name, kind, new Date(now).toISOString()],
  )

/** Adds a name under which the organisation is to be found. Throws NotFound, Invalid, WrongState (it bears it already). */
export async function addName(
  tx: Tx,
  org: number,
  wanted: { name: string; kind: 'earlier' | 'alias' },
  by: Actor | null,
  now: number,
): Promise<void> {
  const name = tidy(wanted.name)
  if (name === '' || name.length > 200) throw new Invalid('A name has 1 to 200 letters.', { alias: 'name' })
  const { rows } = await tx.query<{ name: string }>('select name from organisations where id = $1', [org])
  if (!rows[0]) throw new NotFound('There is no such organisation')
  if (rows[0].name.toLowerCase() === name.toLowerCase())
    throw new WrongState('The organisation is found by this name already.')
  const { rowCount } = await insertName(tx, org, name, wanted.kind, now)
  if (!rowCount) throw new WrongState('The organisation is found by this name already.')
  await organisationLine(tx, 'members.add-name', org, { name, kind: wanted.kind }, by, now)
}

/** Takes a name back. Throws NotFound. */
export async function removeName(tx: Tx, org: number, id: number, by: Actor, now: number): Promise<void> {
  const { rows } = await tx.query<{ name: string }>(
    'delete from organisation_names where org_id = $1 and id = $2 returning name',
    [org, id],
  )
  if (!rows[0]) throw new NotFound('There is no such name')
  await organisationLine(tx, 'members.remove-name', org, { name: rows[0].name }, by, now)
}
