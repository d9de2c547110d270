/** Carries a decided list out: organisations, signatories and signatures, in one transaction, once. */
import type { Actor } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'
import { addContact, knownAs, newSignatory, writeSignature } from '../signatures.ts'
import type { PlannedOrganisation, PlannedSignature } from './outcome.ts'
import { preview, trail } from './store.ts'

export interface Report {
  organisations: number
  signatures: number
  /** Signatures that stood there already. */
  known: number
  skipped: number
}

/** Throws NotFound, Invalid (something waits for a decision; a new organisation bears a taken name), WrongState (done already). */
export async function apply(tx: Tx, id: number, by: Actor, now: number): Promise<Report> {
  // Two clicks, or two nodes: whoever comes second finds the list applied.
  const { rows } = await tx.query<{ applied: boolean }>(
    'select applied_at is not null as applied from signature_lists where id = $1 for update',
    [id],
  )
  if (!rows[0]) throw new NotFound('There is no such list')
  if (rows[0].applied) throw new WrongState('The list was applied already.')
  const { list, outcome } = await preview(tx, id)
  if (outcome.undecided.length > 0 || outcome.needsSlashes)
    throw new Invalid('Something still waits for a decision.', { list: 'undecided' })
  const report: Report = { organisations: 0, signatures: 0, known: 0, skipped: outcome.skipped.length }
  const orgs = new Map<string, number>()
  for (const one of outcome.organisations) orgs.set(one.key, await organisation(tx, one, report, now))
  for (const one of outcome.organisations) await putUnder(tx, one, orgs)
  const people = new Map<string, number>()
  for (const one of outcome.signatures) {
    const org = orgs.get(one.organisation) ?? 0
    const signatory = people.get(one.signatory) ?? (await signatoryOf(tx, one, now))
    people.set(one.signatory, signatory)
    await keep(tx, { id, versionId: list.versionId }, { one, org, signatory }, report, now)
  }
  await tx.query('update signature_lists set applied_by = $2, applied_at = $3 where id = $1', [
    id,
    by.name,
    new Date(now).toISOString(),
  ])
  await trail(tx, 'members.apply-list', id, { ...report }, by, now)
  return report
}

/** The organisation's id; a new one begins as a prospect, as nobody has confirmed yet that it takes part. */
async function organisation(tx: Tx, one: PlannedOrganisation, report: Report, now: number): Promise<number> {
  const known = /^org:(\d+)$/.exec(one.key)?.[1]
  const id = known ? Number(known) : await create(tx, longest(one.spellings), now)
  if (!known) report.organisations += 1
  await tx.query(
    `insert into organisation_names (org_id, name, kind, added_at) select o.id, n, 'alias', $3
     from organisations o, unnest($2::text[]) n where o.id = $1 and n <> o.name
     on conflict (org_id, lower(name)) do nothing`,
    [id, one.spellings, new Date(now).toISOString()],
  )
  return id
}

/** Names are cut off and lose dots and letters far more often than they gain any. */
const longest = (spellings: readonly string[]): string =>
  spellings.reduce((best, one) => (one.length > best.length ? one : best), '')

async function create(tx: Tx, name: string, now: number): Promise<number> {
  try {
    const { rows } = await tx.query<{ id: number }>(
      `insert into organisations (name, kind, status, readers, created_at, changed_at)
       values ($1, 'other', 'prospect', $2, $3, $3) returning id`,
      [name, [COORDINATORS], new Date(now).toISOString()],
    )
    const id = rows[0]?.id ?? 0
    await tx.query('update organisations set readers = $2 where id = $1', [
      id,
      [COORDINATORS, readersOfOrg(id)],
    ])
    return id
  } catch (error) {
    if ((error as { code?: string }).code === '23505')
      throw new Invalid(`There is an organisation named "${name}".`, { list: 'taken' })
    throw error
  }
}

async function putUnder(tx: Tx, one: PlannedOrganisation, orgs: ReadonlyMap<string, number>): Promise<void> {
  if (one.partOf === null) return
  const above = orgs.get(one.partOf) ?? Number(/^org:(\d+)$/.exec(one.partOf)?.[1] ?? 0)
  await tx.query('update organisations set parent_id = $2 where id = $1 and parent_id is null and id <> $2', [
    orgs.get(one.key),
    above || null,
  ])
}

async function signatoryOf(tx: Tx, one: PlannedSignature, now: number): Promise<number> {
  const known = /^person:(\d+)$/.exec(one.signatory)?.[1]
  return known ? Number(known) : newSignatory(tx, one.name, now)
}

async function keep(
  tx: Tx,
  list: { id: number; versionId: number },
  { one, org, signatory }: { one: PlannedSignature; org: number; signatory: number },
  report: Report,
  now: number,
): Promise<void> {
  for (const spelling of one.spellings) await knownAs(tx, signatory, spelling)
  const standing = await tx.query<{ id: number }>(
    `select id from signatures where org_id = $1 and version_id = $2 and (signatory_id = $3 or lower(signatory_name) = lower($4))
     order by signatory_id <> $3 limit 1`,
    [org, list.versionId, signatory, one.name],
  )
  const id =
    standing.rows[0]?.id ??
    (await writeSignature(
      tx,
      {
        ...{ org, versionId: list.versionId, signatory, institution: one.institution, name: one.name },
        ...{ signed: one.signed, state: one.signed ? 'signed' : 'declared', nameShown: false },
      },
      now,
    ))
  if (standing.rows[0]) report.known += 1
  else report.signatures += 1
  for (const address of one.addresses) await addContact(tx, { id: id ?? 0, org }, address, now)
  await tx.query('update signature_list_lines set signature_id = $3 where list_id = $1 and line = any ($2)', [
    list.id,
    one.lines,
    id,
  ])
}
