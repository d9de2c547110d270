/** What everybody may read of the memorandum: published versions, and who signed them as far as they agreed. */
import type { Queryable } from '../../platform/database.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Precision } from './lists/days.ts'
import type { Version, VersionLine } from './memorandum.ts'

export interface PublicSignature {
  version: number
  /** As written in the document. */
  institution: string
  /** Null unless the signatory agreed. */
  signatory: string | null
  /** First day of the month, null where no date is given. */
  day: string | null
  precision: Precision | null
}

const columns = 'id, number, month, language, title, file_sha256 as "fileSha256"'

/** The newest first. */
export async function publicVersions(tx: Queryable): Promise<VersionLine[]> {
  const { rows } = await tx.query<VersionLine & Record<string, unknown>>(
    `select ${columns} from memorandum_versions where published_at is not null order by number desc`,
  )
  return rows
}

/** Throws NotFound. */
export async function publicVersion(tx: Queryable, number: number): Promise<Version> {
  const { rows } = await tx.query<Version & Record<string, unknown>>(
    `select ${columns}, text from memorandum_versions where number = $1 and published_at is not null`,
    [number],
  )
  if (!rows[0]) throw new NotFound('There is no such version of the memorandum')
  return rows[0]
}

/** By institution; two signatories of one institution are two. */
export async function publicSignatures(tx: Queryable): Promise<PublicSignature[]> {
  const { rows } = await tx.query<PublicSignature & Record<string, unknown>>(
    `select version, institution, signatory, month as day, known_to as precision from public_signatures()
     order by lower(institution) collate "cs-x-icu", version, signatory`,
  )
  return rows
}
