/** A new organisation in the register: a prospect until its representative accepts the rules of sharing. */
import type { Actor } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import { Invalid } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import { readIco } from './ico.ts'
import { kinds } from './import/types.ts'
import { organisationLine } from './organisation-line.ts'
import { regionCodes, regions } from './regions.ts'

export interface NewOrganisation {
  name: string
  /** As typed; empty where there is none. */
  ico: string
  kind: string
  /** A code of NUTS 3; empty where it is none of ours. */
  nuts3: string
  language: 'cs' | 'en'
  contactEmail: string
}

/** Answers its number. Throws Invalid with the fields that are wrong (`name`, `ico`, `kind`, `taken`). In the program's own transaction. */
export async function createOrganisation(
  tx: Tx,
  wanted: NewOrganisation,
  by: Actor,
  now: number,
): Promise<number> {
  const name = wanted.name.normalize('NFC').replace(/\s+/g, ' ').trim()
  const ico = wanted.ico.trim() === '' ? null : readIco(wanted.ico)
  const faults: Record<string, string> = {}
  if (name === '' || name.length > 200) faults.name = 'name'
  if (wanted.ico.trim() !== '' && ico === null) faults.ico = 'ico'
  if (!(kinds as readonly string[]).includes(wanted.kind)) faults.kind = 'kind'
  if (Object.keys(faults).length > 0) throw new Invalid('Some fields are not right.', faults)
  const nuts3 = regionCodes.find((code) => code === wanted.nuts3) ?? null
  const id = await insert(tx, { ...wanted, name, ico, nuts3 }, now)
  await tx.query('update organisations set readers = $2 where id = $1', [
    id,
    [COORDINATORS, readersOfOrg(id)],
  ])
  const detail = { name, kind: wanted.kind, ...(ico ? { ico } : {}) }
  await organisationLine(tx, 'members.create', id, detail, by, now)
  return id
}

interface Understood extends Omit<NewOrganisation, 'ico' | 'nuts3'> {
  ico: string | null
  nuts3: string | null
}

async function insert(tx: Tx, to: Understood, now: number): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into organisations (name, kind, ico, nuts3, region, language, languages, contact_email, status, readers, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, array['cs'] || case when $6 = 'en' then array['en'] else '{}'::text[] end, $7, 'prospect', $8, $9, $9)
     on conflict (lower(name)) do nothing returning id`,
    [
      ...[to.name, to.kind, to.ico, to.nuts3, to.nuts3 ? regions[to.nuts3] : null],
      ...[to.language, to.contactEmail, [COORDINATORS], new Date(now).toISOString()],
    ],
  )
  if (!rows[0]) throw new Invalid('Another organisation bears this name.', { name: 'taken' })
  return rows[0].id
}
