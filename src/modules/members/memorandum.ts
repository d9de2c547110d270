/** The memorandum: its versions, and how many stand behind it. Who signed is in `signatures.ts`. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Invalid, NotFound } from '../../platform/errors.ts'
import { ANY_MEMBER, COORDINATORS } from '../../values/scopes.ts'

export interface VersionLine {
  id: number
  number: number
  /** First day of its month, YYYY-MM-DD. */
  month: string
  language: 'cs' | 'en'
  title: string
  fileSha256: string | null
}

export interface Version extends VersionLine {
  text: string
}

/** As those who keep it read it. */
export interface KeptVersion extends Version {
  published: boolean
}

/** As typed into the form. */
export interface WantedVersion {
  number: string
  /** `2021-08` */
  month: string
  language: string
  title: string
  text: string
  fileSha256: string
  /** '1' where everybody may read it. */
  published: string
}

const longestText = 200_000

/** All versions, the newest first. */
export async function versions(tx: Tx): Promise<VersionLine[]> {
  const { rows } = await tx.query<VersionLine>(
    `select id, number, month, language, title, file_sha256 as "fileSha256" from memorandum_versions order by number desc`,
  )
  return rows
}

/** Throws NotFound. */
export async function version(tx: Tx, number: number): Promise<KeptVersion> {
  const { rows } = await tx.query<KeptVersion>(
    `select id, number, month, language, title, file_sha256 as "fileSha256", text, published_at is not null as published from memorandum_versions where number = $1`,
    [number],
  )
  if (!rows[0]) throw new NotFound('There is no such version of the memorandum')
  return rows[0]
}

function understand(wanted: WantedVersion): unknown[] {
  const faults: Record<string, string> = {}
  const number = Number(wanted.number)
  if (!/^\d{1,3}$/.test(wanted.number.trim()) || number === 0) faults.number = 'number'
  const month = wanted.month.trim()
  if (!/^(19|20)\d\d-(0[1-9]|1[0-2])$/.test(month)) faults.month = 'month'
  if (!['cs', 'en'].includes(wanted.language)) faults.language = 'language'
  const title = wanted.title.replace(/\s+/g, ' ').trim()
  if (title === '' || title.length > 200) faults.title = 'title'
  if (wanted.text.length > longestText) faults.text = 'text'
  const sha256 = wanted.fileSha256.trim().toLowerCase()
  if (sha256 !== '' && !/^[0-9a-f]{64}$/.test(sha256)) faults.fileSha256 = 'sha256'
  if (Object.keys(faults).length > 0) throw new Invalid('Some fields are not right.', faults)
  const text = wanted.text.replaceAll('\r\n', '\n').trim()
  return [number, `${month}-01`, wanted.language, title, text, sha256 || null, wanted.published === '1']
}

/** Answers the number of the version. Throws Invalid, also when there is one of that number. */
export async function addVersion(
  tx: Tx,
  wanted: WantedVersion,
  by: Actor | null,
  now: number,
): Promise<number> {
  const values = understand(wanted)
  const { rows } = await tx.query<{ number: number }>(
    `insert into memorandum_versions (number, month, language, title, text, file_sha256, published_at, created_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, case when $7 then $8::timestamptz end, $8, $8) on conflict (number) do nothing returning number`,
    [...values, new Date(now).toISOString()],
  )
  if (!rows[0]) throw new Invalid('There is a version of this number.', { number: 'taken' })
  await trail(tx, 'members.add-version', rows[0].number, by, now)
  return rows[0].number
}

/** The number stays: signatures are tied to it. Throws NotFound, Invalid. */
export async function changeVersion(
  tx: Tx,
  number: number,
  wanted: Omit<WantedVersion, 'number'>,
  by: Actor,
  now: number,
): Promise<void> {
  const values = understand({ ...wanted, number: String(number) })
  const { rowCount } = await tx.query(
    `update memorandum_versions set month = $2, language = $3, title = $4, text = $5, file_sha256 = $6,
       published_at = case when $7 then coalesce(published_at, $8) end, changed_at = $8
     where number = $1`,
    [...values, new Date(now).toISOString()],
  )
  if (!rowCount) throw new NotFound('There is no such version of the memorandum')
  await trail(tx, 'members.change-version', number, by, now)
}

async function trail(tx: Tx, verb: string, number: number, by: Actor | null, now: number): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb,
    object: `memorandum ${number}`,
    readers: [COORDINATORS, ANY_MEMBER],
  })
}

/** Two different sets, each counted from its own rows; neither follows from the other. */
export interface Sets {
  /** Organisations that take part: participants and signatories by status. */
  involved: number
  /** Organisations with a signature under any version that is not withdrawn. */
  signed: number
}

export async function sets(tx: Tx): Promise<Sets> {
  const { rows } = await tx.query<Sets>('select involved, signed from memorandum_sets()')
  return rows[0] ?? { involved: 0, signed: 0 }
}

/** For coordinators: who signed an older version and not this one, to be invited; their status stays as it is. */
export async function signedOnlyBefore(tx: Tx, number: number): Promise<{ id: number; name: string }[]> {
  const { rows } = await tx.query<{ id: number; name: string }>(
    `select o.id, o.name from organisations o
     where exists (select 1 from signatures s join memorandum_versions v on v.id = s.version_id
         where s.org_id = o.id and s.state <> 'withdrawn' and v.number < $1)
       and not exists (select 1 from signatures s join memorandum_versions v on v.id = s.version_id
         where s.org_id = o.id and s.state <> 'withdrawn' and v.number >= $1)
     order by o.name collate "cs-x-icu"`,
    [number],
  )
  return rows
}
