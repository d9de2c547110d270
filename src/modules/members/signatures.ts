/** Who signed which version of the memorandum for which organisation. A missing date stays missing. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'
import { readEmail } from './import/values.ts'
import { type Precision, readSigned, type SignedOn } from './lists/days.ts'
import { organisationNamed } from './named.ts'

export const signatureStates = ['declared', 'signed', 'withdrawn'] as const
export type SignatureState = (typeof signatureStates)[number]

export interface SignatureLine {
  id: number
  org: number
  version: number
  versionId: number
  /** As written in the document. */
  institution: string
  /** The organisation that stands for it today, where it was merged. */
  nowOrg: number | null
  nowName: string | null
  signatoryName: string
  /** Null where no date is given. */
  day: string | null
  precision: Precision | null
  state: SignatureState
  /** Whether the signatory agreed that everybody reads the name. */
  nameShown: boolean
  /** Addresses a list gave, for those who may see them. */
  contacts: string[]
}

const selected = `select s.id, s.org_id as org, v.number as version, s.version_id as "versionId", s.institution, n.org_id as "nowOrg", n.name as "nowName",
    s.signatory_name as "signatoryName", s.signed_on as day, s.precision, s.state, s.name_shown as "nameShown",
    array(select c.address from signature_contacts c where c.signature_id = s.id order by c.id) as contacts
  from signatures s join memorandum_versions v on v.id = s.version_id left join lateral signed_and_merged(s.org_id) n on true`

/** Signatures of one version or one organisation, by institution and name; as the reader may see them. */
export async function signatures(
  tx: Tx,
  of: { version: number } | { org: number },
): Promise<SignatureLine[]> {
  const [where, value] = 'version' in of ? ['v.number = $1', of.version] : ['s.org_id = $1', of.org]
  const { rows } = await tx.query<SignatureLine>(
    `${selected} where ${where} order by v.number desc, lower(s.institution) collate "cs-x-icu", s.id`,
    [value],
  )
  return rows
}

/** Throws NotFound. */
export async function signature(tx: Tx, id: number): Promise<SignatureLine> {
  const { rows } = await tx.query<SignatureLine>(`${selected} where s.id = $1`, [id])
  if (!rows[0]) throw new NotFound('There is no such signature')
  return rows[0]
}

/** As typed into the form. */
export interface WantedSignature {
  signatoryName: string
  /** In any of the ways in which people write days; empty when none is given. */
  day: string
  state: string
  contact: string
  /** '1' where the signatory agreed that everybody reads the name. */
  nameShown: string
}

interface Understood {
  name: string
  signed: SignedOn | null
  state: SignatureState
  contact: string | null
  nameShown: boolean
}

function understand(wanted: WantedSignature): Understood {
  const faults: Record<string, string> = {}
  const name = wanted.signatoryName.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (name === '' || name.length > 200) faults.signatoryName = 'signatory'
  const read = readSigned(wanted.day)
  if (read.kind === 'slashes') faults.day = 'slashes'
  if (read.kind === 'unread') faults.day = 'day'
  const state = signatureStates.find((one) => one === wanted.state)
  if (!state) faults.state = 'state'
  const contact = wanted.contact.trim() === '' ? null : readEmail(wanted.contact.trim())
  if (contact && !contact.ok) faults.contact = 'email'
  if (!state || Object.keys(faults).length > 0) throw new Invalid('Some fields are not right.', faults)
  const signed = read.kind === 'known' ? { day: read.day, precision: read.precision } : null
  const nameShown = wanted.nameShown === '1'
  return { name, signed, state, contact: contact?.ok ? contact.value : null, nameShown }
}

/** Adds a signature of the organisation of that name or number. Throws Invalid, NotFound (the version). */
export async function sign(
  tx: Tx,
  version: number,
  wanted: WantedSignature & { organisation: string },
  by: Actor,
  now: number,
): Promise<number> {
  const { name, signed, state, contact, nameShown } = understand(wanted)
  const org = await organisationNamed(tx, wanted.organisation)
  if (typeof org === 'string')
    throw new Invalid('No organisation of this name.', {
      organisation: org === 'none' ? 'organisation' : 'ambiguous',
    })
  const found = await tx.query<{ id: number }>('select id from memorandum_versions where number = $1', [
    version,
  ])
  if (!found.rows[0]) throw new NotFound('There is no such version of the memorandum')
  const signatory = await newSignatory(tx, name, now)
  const id = await writeSignature(
    tx,
    {
      org: org.id,
      versionId: found.rows[0].id,
      signatory,
      institution: org.name,
      name,
      signed,
      state,
      nameShown,
    },
    now,
  )
  if (id === null) throw new Invalid('This signature stands there already.', { signatoryName: 'twice' })
  if (contact) await addContact(tx, { id, org: org.id }, contact, now)
  await trail(tx, 'members.sign', { org: org.id, version, id, state }, by, now)
  return id
}

export interface NewSignature {
  org: number
  versionId: number
  signatory: number
  institution: string
  name: string
  signed: SignedOn | null
  state: SignatureState
  nameShown: boolean
}

/** The new signature's id; null when the same one stands there. */
export async function writeSignature(tx: Tx, one: NewSignature, now: number): Promise<number | null> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into signatures (org_id, version_id, signatory_id, institution, signatory_name, signed_on, precision, state, name_shown, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) on conflict (org_id, version_id, lower(signatory_name)) do nothing returning id`,
    [
      ...[one.org, one.versionId, one.signatory, one.institution, one.name],
      ...[one.signed?.day ?? null, one.signed?.precision ?? null, one.state],
      ...[one.nameShown, new Date(now).toISOString()],
    ],
  )
  return rows[0]?.id ?? null
}

/** A person who signs for the first time. */
export async function newSignatory(tx: Tx, name: string, now: number): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    'insert into signatories (name, created_at) values ($1, $2) returning id',
    [name, new Date(now).toISOString()],
  )
  const id = rows[0]?.id ?? 0
  await knownAs(tx, id, name)
  return id
}

/** One more spelling of a signatory's name. */
export async function knownAs(tx: Tx, signatory: number, name: string): Promise<void> {
  await tx.query(
    'insert into signatory_names (signatory_id, name) values ($1, $2) on conflict (signatory_id, name) do nothing',
    [signatory, name],
  )
}

export async function addContact(
  tx: Tx,
  signature: { id: number; org: number },
  address: string,
  now: number,
): Promise<void> {
  await tx.query(
    `insert into signature_contacts (signature_id, org_id, address, added_at) values ($1, $2, $3, $4)
     on conflict (signature_id, lower(address)) do nothing`,
    [signature.id, signature.org, address, new Date(now).toISOString()],
  )
}

/** Puts a signature right, or withdraws it; organisation and version stay. Throws NotFound, Invalid, WrongState. */
export async function correct(
  tx: Tx,
  id: number,
  wanted: WantedSignature,
  by: Actor,
  now: number,
): Promise<void> {
  const { name, signed, state, contact, nameShown } = understand(wanted)
  const was = await signature(tx, id)
  const { rows } = await tx.query<{ signatory: number }>(
    `update signatures s set signatory_name = $2, signed_on = $3, precision = $4, state = $5, changed_at = $6, name_shown = $7
     where id = $1 and not exists (select 1 from signatures t where t.id <> s.id and t.org_id = s.org_id
       and t.version_id = s.version_id and lower(t.signatory_name) = lower($2))
     returning signatory_id as signatory`,
    [id, name, signed?.day ?? null, signed?.precision ?? null, state, new Date(now).toISOString(), nameShown],
  )
  if (!rows[0]) throw new WrongState('The organisation has a signature of this person already.')
  await knownAs(tx, rows[0].signatory, name)
  if (contact) await addContact(tx, { id, org: was.org }, contact, now)
  await trail(tx, 'members.correct-signature', { org: was.org, version: was.version, id, state }, by, now)
}

async function trail(
  tx: Tx,
  verb: string,
  about: { org: number; version: number; id: number; state: string },
  by: Actor,
  now: number,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb,
    object: `signature ${about.id}`,
    org: about.org,
    detail: { version: about.version, state: about.state },
    readers: [COORDINATORS, readersOfOrg(about.org)],
  })
}
