/** Lists of signatories in the database: taken in, looked at with what they may mean, decided line by line. */
import { createHash } from 'node:crypto'
import type { Actor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { COORDINATORS } from '../../../values/scopes.ts'
import type { LineError } from '../import/types.ts'
import { type Slashes, slashesOf } from './days.ts'
import type { ListFile, ListLine } from './lines.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import {
  type Decisions,
  type KnownOrganisation,
  type KnownSignatory,
  type Proposed,
  propose,
} from './propose.ts'

export interface List {
  id: number
  fileName: string
  version: number
  versionId: number
  /** How dates with slashes are to be read, as a person said; what the list itself suggests. */
  slashes: Slashes | null
  slashesProposed: Slashes | null
  hasSlashes: boolean
  notes: LineError[]
  uploadedBy: string
  /** Milliseconds since 1970. */
  uploadedAt: number
  appliedBy: string | null
  appliedAt: number | null
}

export interface Preview {
  list: List
  proposed: Proposed[]
  outcome: Outcome
  /** Names of organisations and signatories that proposals point to. */
  names: Map<string, string>
}

/**
 * Takes a list in; nothing of it counts yet. The same bytes are the same list: one that was applied stays as it is, one that was not
 * may be meant for another version. Throws Invalid, NotFound (the version).
 */
export async function takeIn(
  tx: Tx,
  given: { bytes: Buffer; fileName: string; version: number; file: ListFile },
  by: Actor,
  now: number,
): Promise<{ id: number; isNew: boolean }> {
  const { file, bytes } = given
  if (file.errors.length > 0 || file.lines.length === 0) throw new Invalid('The list cannot be read.')
  const version = await tx.query<{ id: number }>('select id from memorandum_versions where number = $1', [
    given.version,
  ])
  if (!version.rows[0]) throw new NotFound('There is no such version of the memorandum')
  const at = new Date(now).toISOString()
  const fileName = given.fileName.replace(/[\x00-\x1f\x7f]/g, '').slice(0, 200) || 'list'
  const { rows } = await tx.query<{ id: number; fresh: boolean }>(
    `insert into signature_lists (sha256, file_name, version_id, notes, uploaded_by, uploaded_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (sha256) do update set version_id = case when signature_lists.applied_at is null then excluded.version_id
       else signature_lists.version_id end
     returning id, (select not exists (select 1 from signature_list_lines l where l.list_id = signature_lists.id)) as fresh`,
    [
      ...[createHash('sha256').update(bytes).digest('hex'), fileName, version.rows[0].id],
      ...[JSON.stringify(file.notes), by.name, at],
    ],
  )
  const [list] = rows
  if (!list) throw new NotFound('There is no such list')
  if (!list.fresh) return { id: list.id, isNew: false }
  await insertLines(tx, list.id, file.lines)
  await trail(tx, 'members.take-list', list.id, { file: fileName, lines: file.lines.length }, by, now)
  return { id: list.id, isNew: true }
}

async function insertLines(tx: Tx, list: number, lines: readonly ListLine[]): Promise<void> {
  await tx.query(
    `insert into signature_list_lines (list_id, line, number, institution, ico, signatory, day, email)
     select $1, l.line, l.number, l.institution, l.ico, l.signatory, l.day, l.email
     from jsonb_to_recordset($2) as l (line int, number text, institution text, ico text, signatory text, day text, email text)
     on conflict (list_id, line) do nothing`,
    [list, JSON.stringify(lines)],
  )
}

/** All lists, the newest first; at most 200. */
export async function lists(tx: Tx): Promise<(List & { lines: number })[]> {
  const { rows } = await tx.query<List & { lines: number }>(
    `${selected} order by l.uploaded_at desc, l.id desc limit 200`,
  )
  return rows
}

const selected = `select l.id, l.file_name as "fileName", v.number as version, l.version_id as "versionId", l.slashes, l.notes,
    l.uploaded_by as "uploadedBy", (extract(epoch from l.uploaded_at) * 1000)::float8 as "uploadedAt",
    l.applied_by as "appliedBy", (extract(epoch from l.applied_at) * 1000)::float8 as "appliedAt",
    (select count(*)::int from signature_list_lines s where s.list_id = l.id) as lines
  from signature_lists l join memorandum_versions v on v.id = l.version_id`

interface LineRow extends ListLine {
  org_decision: string | null
  person_decision: string | null
}

/** A list with what its lines may mean and what they come to by the decisions so far. Throws NotFound. */
export async function preview(tx: Tx, id: number): Promise<Preview> {
  const { rows } = await tx.query<Omit<List, 'slashesProposed' | 'hasSlashes'>>(
    `${selected} where l.id = $1`,
    [id],
  )
  if (!rows[0]) throw new NotFound('There is no such list')
  const { rows: lines } = await tx.query<LineRow>(
    `select line, number, institution, ico, signatory, day, email, org_decision, person_decision
     from signature_list_lines where list_id = $1 order by line`,
    [id],
  )
  const decisions = new Map(
    lines.map((one): [number, Decisions] => [
      one.line,
      { org: one.org_decision, person: one.person_decision },
    ]),
  )
  const bare = lines.map(({ org_decision, person_decision, ...line }): ListLine => line)
  const { any, proposal } = slashesOf(bare.map((one) => one.day))
  return {
    list: { ...rows[0], hasSlashes: any, slashesProposed: proposal },
    ...(await consider(tx, bare, decisions, rows[0].slashes)),
  }
}

/** What lines may mean beside the register as it stands; nothing is written. */
export async function consider(
  tx: Tx,
  lines: readonly ListLine[],
  decisions: ReadonlyMap<number, Decisions>,
  slashes: Slashes | null,
): Promise<Omit<Preview, 'list'>> {
  const known = { organisations: await organisations(tx), signatories: await signatories(tx) }
  const proposed = propose(lines, known, decisions)
  return {
    proposed,
    outcome: outcomeOf(proposed, slashes),
    names: new Map([
      ...known.organisations.map((one): [string, string] => [`org:${one.id}`, one.name]),
      ...known.signatories.map((one): [string, string] => [`person:${one.id}`, one.names.at(-1) ?? '']),
    ]),
  }
}

async function organisations(tx: Tx): Promise<KnownOrganisation[]> {
  const { rows } = await tx.query<KnownOrganisation>(
    `select o.id, o.name, o.ico, array(select n.name from organisation_names n where n.org_id = o.id order by n.id) as names,
       array(select d.domain from domains d where d.org_id = o.id and d.closed_at is null order by d.id) as domains
     from organisations o order by o.id`,
  )
  return rows
}

async function signatories(tx: Tx): Promise<KnownSignatory[]> {
  const { rows } = await tx.query<KnownSignatory>(
    `select s.id, array(select n.name from signatory_names n where n.signatory_id = s.id order by n.name <> s.name desc, n.name) as names,
       array(select distinct g.org_id from signatures g where g.signatory_id = s.id) as orgs
     from signatories s order by s.id`,
  )
  return rows
}

/** What a person said of lines; a text that is empty takes the word back. */
export interface Said {
  org?: string
  person?: string
}

const shapes = {
  org: /^(new|skip|org:\d{1,9}|line:\d{1,9}|part:(?:org|line):\d{1,9})$/,
  person: /^(new|person:\d{1,9}|line:\d{1,9})$/,
} as const

/**
 * Keeps what was said of the lines. Throws Invalid (the fault of each line as `org.<line>` or `person.<line>`), NotFound, WrongState
 * (applied already).
 */
export async function decide(
  tx: Tx,
  id: number,
  said: { slashes?: Slashes | undefined; lines: ReadonlyMap<number, Said> },
): Promise<void> {
  const { proposed, names } = await preview(tx, id)
  const lines = new Set(proposed.map((one) => one.line.line))
  const faults: Record<string, string> = {}
  const changes: { line: number; org: string | null; person: string | null }[] = []
  for (const [line, one] of said.lines) {
    if (!lines.has(line)) throw new Invalid('The list has no such line.', { [`org.${line}`]: 'line' })
    const current = proposed.find((other) => other.line.line === line)?.decided
    const word = (field: 'org' | 'person'): string | null => {
      const text = one[field]
      if (text === undefined) return current?.[field] ?? null
      if (text !== '' && !isSound(text, field, line, lines, names)) faults[`${field}.${line}`] = 'decision'
      return text === '' ? null : text
    }
    changes.push({ line, org: word('org'), person: word('person') })
  }
  if (Object.keys(faults).length > 0) throw new Invalid('Some decisions cannot be.', faults)
  await write(tx, id, changes, said.slashes)
}

/** Points to something that there is, and of lines only to an earlier one. */
function isSound(
  text: string,
  field: 'org' | 'person',
  line: number,
  lines: ReadonlySet<number>,
  names: ReadonlyMap<string, string>,
): boolean {
  if (!shapes[field].test(text)) return false
  const at = text.replace(/^part:/, '')
  if (at === 'new' || at === 'skip') return true
  const other = /^line:(\d+)$/.exec(at)?.[1]
  return other === undefined ? names.has(at) : lines.has(Number(other)) && Number(other) < line
}

async function write(
  tx: Tx,
  id: number,
  changes: { line: number; org: string | null; person: string | null }[],
  slashes: Slashes | undefined,
): Promise<void> {
  const { rowCount } = await tx.query(
    'update signature_lists set slashes = coalesce($2, slashes) where id = $1 and applied_at is null',
    [id, slashes ?? null],
  )
  if (!rowCount) throw new WrongState('The list was applied already.')
  await tx.query(
    `update signature_list_lines l set org_decision = c.org, person_decision = c.person
     from jsonb_to_recordset($2) as c (line int, org text, person text) where l.list_id = $1 and l.line = c.line`,
    [id, JSON.stringify(changes)],
  )
}

/** Says yes to every proposal of which nobody has said anything yet; questions stay open. */
export async function acceptProposals(tx: Tx, id: number): Promise<void> {
  const { list, proposed } = await preview(tx, id)
  const open = new Map<number, Said>()
  for (const { line, org, person, decided } of proposed)
    open.set(line.line, {
      org: decided.org ?? org.decision ?? '',
      person: decided.person ?? person.decision ?? '',
    })
  await decide(tx, id, { slashes: list.slashes ?? list.slashesProposed ?? undefined, lines: open })
}

export async function trail(
  tx: Tx,
  verb: string,
  list: number,
  detail: object,
  by: Actor,
  now: number,
): Promise<void> {
  await record(tx, {
    at: now,
    actor: by,
    verb,
    object: `signature list ${list}`,
    detail,
    readers: [COORDINATORS],
  })
}
