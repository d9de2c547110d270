/** Where advisories come from: added, changed, switched off and on by coordinators, on a page or at the terminal. */
import { type Actor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Queryable, Tx } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound } from '../../platform/errors.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { fingerprintsOf } from './fetch/integrity.ts'
import { type AdvisoryTlp, advisoryTlps, narrower } from './labels.ts'
import { line } from './plain.ts'
import { askForSecond } from './sources-second.ts'

export const sourceKinds = ['csaf-provider', 'csaf-directory', 'csaf-file', 'kev', 'feed', 'hand'] as const
export type SourceKind = (typeof sourceKinds)[number]

/** Those that are fetched from an address. */
export const fetchedKinds = [
  'csaf-provider',
  'csaf-directory',
  'csaf-file',
  'kev',
  'feed',
] as const satisfies SourceKind[]

export interface Source {
  id: number
  kind: SourceKind
  label: string
  url: string | null
  tlp: AdvisoryTlp
  everyMinutes: number
  enabled: boolean
  hasKey: boolean
  fingerprints: string[]
  /** Milliseconds since 1970. */
  triedAt: number | null
  succeededAt: number | null
  failedAt: number | null
  dueAt: number
  failures: number
  failure: string | null
  failureSaid: string
  advisories: number
  aside: number
  /** It waits for another coordinator than this one. */
  waiting: { by: number; name: string; at: number } | null
}

const ms = (column: string): string => `(extract(epoch from s.${column}) * 1000)::float8`

export async function sources(tx: Tx): Promise<Source[]> {
  const { rows } = await tx.query<Source & Record<string, unknown>>(
    `select s.id, s.kind, s.label, s.url, s.tlp, s.every_minutes as "everyMinutes", s.enabled, s.openpgp_key is not null as "hasKey",
       s.fingerprints, ${ms('tried_at')} as "triedAt", ${ms('succeeded_at')} as "succeededAt", ${ms('failed_at')} as "failedAt",
       ${ms('due_at')} as "dueAt", s.failures, s.failure, s.failure_said as "failureSaid",
       (select count(*)::int from advisories a where a.source_id = s.id) as advisories,
       (select count(*)::int from advisory_quarantine q where q.source_id = s.id and q.decided_at is null) as aside,
       (select jsonb_build_object('by', c.asked_by, 'name', p.name, 'at', (extract(epoch from c.asked_at) * 1000)::float8)
         from advisory_source_confirmations c join people p on p.id = c.asked_by where c.source_id = s.id and c.confirmed_at is null) as waiting
     from advisory_sources s order by not s.enabled, lower(s.label)`,
  )
  return rows
}

export async function sourceAt(tx: Tx, id: number): Promise<Source> {
  const found = (await sources(tx)).find((one) => one.id === id)
  if (!found) throw new NotFound('There is no such source')
  return found
}

/** As typed into the form. */
export interface WantedSource {
  kind: string
  label: string
  url: string
  tlp: string
  everyMinutes: string
  key: string
}

interface Understood {
  kind: SourceKind
  label: string
  url: string | null
  tlp: AdvisoryTlp
  every: number
  key: string | null
}

export const usualMinutes = 60

/** An address that may be fetched: https, or http where the operator allows the host at the terminal. */
const isAddress = (text: string, mayBePlain: boolean): boolean => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || text.length > 1_000 || url.username || url.password) return false
  return url.protocol === 'https:' || (mayBePlain && url.protocol === 'http:')
}

async function understand(wanted: WantedSource, mayBePlain: boolean): Promise<Understood> {
  const faults: Record<string, string> = {}
  const kind = sourceKinds.find((one) => one === wanted.kind)
  if (!kind) faults.kind = 'kind'
  const label = line(wanted.label, 200)
  if (label.length < 2 || label.length > 100) faults.label = 'label'
  const url = wanted.url.trim() || null
  const isFetched = kind !== 'hand' && kind !== 'csaf-file'
  if (url === null ? isFetched : kind === 'hand' || !isAddress(url, mayBePlain)) faults.url = 'url'
  const tlp = advisoryTlps.find((one) => one === wanted.tlp)
  if (!tlp) faults.tlp = 'tlp'
  const every = wanted.everyMinutes.trim() === '' ? usualMinutes : Number(wanted.everyMinutes)
  if (!Number.isInteger(every) || every < 5 || every > 10_080) faults.everyMinutes = 'every'
  const key = wanted.key.trim() || null
  if (key !== null && (key.length > 100_000 || (await fingerprintsOf(key).catch(() => [])).length === 0))
    faults.key = 'key'
  if (!kind || !tlp || Object.keys(faults).length > 0) throw new Invalid('Some fields are not right.', faults)
  return { kind, label, url, tlp, every, key }
}

const mayManage = (by: Actor): void => {
  if (!isCoordinator(by)) throw new Forbidden('Only coordinators look after sources of advisories')
}

async function refuseNamesake(tx: Tx, label: string, id: number): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('names of advisory sources'), 0)`)
  const { rowCount } = await tx.query(
    'select 1 from advisory_sources where lower(label) = lower($1) and id <> $2',
    [label, id],
  )
  if (rowCount) throw new Invalid('There is a source of this name.', { label: 'namesake' })
}

/** It is asked once another coordinator has confirmed it; of the operator at once. Throws Forbidden, Invalid. `mayBePlain`: the operator at the terminal allowed a host without TLS. */
export async function addSource(
  tx: Tx,
  wanted: WantedSource,
  by: Actor,
  now: number,
  mayBePlain = false,
): Promise<number> {
  mayManage(by)
  const { kind, label, url, tlp, every, key } = await understand(wanted, mayBePlain)
  await refuseNamesake(tx, label, 0)
  const at = new Date(now).toISOString()
  const { rows } = await tx.query<{ id: number }>(
    `insert into advisory_sources (kind, label, url, tlp, every_minutes, openpgp_key, created_at, changed_at, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7, $7) returning id`,
    [kind, label, url, tlp, every, key, at],
  )
  const id = rows[0]?.id as number
  await askForSecond(tx, id, by, at)
  await note(tx, 'advisories.add-source', id, { label, kind, url, tlp, every }, by, now)
  return id
}

/** Kind and what was taken stay. A new address, another key or a wider label wait for another coordinator; else a new address is asked at once. A narrower label holds for what comes from then on. Throws Forbidden, Invalid, NotFound. */
export async function changeSource(
  tx: Tx,
  id: number,
  wanted: Omit<WantedSource, 'kind'>,
  by: Actor,
  now: number,
): Promise<void> {
  mayManage(by)
  const was = await sourceAt(tx, id)
  const isPlain = was.url !== null && was.url === wanted.url.trim()
  const { label, url, tlp, every, key } = await understand({ ...wanted, kind: was.kind }, isPlain)
  await refuseNamesake(tx, label, id)
  const at = new Date(now).toISOString()
  await tx.query(
    `update advisory_sources set label = $2, url = $3, tlp = $4, every_minutes = $5, openpgp_key = coalesce($6, openpgp_key), changed_at = $7,
       due_at = case when url is distinct from $3 then $7 else due_at end, etag = null, modified = null where id = $1`,
    [id, label, url, tlp, every, key, at],
  )
  // What it brings, by what it is judged and who reads it.
  if (was.url !== url || key !== null || narrower(was.tlp, tlp) !== tlp) await askForSecond(tx, id, by, at)
  const before = { label: was.label, url: was.url, tlp: was.tlp, every: was.everyMinutes }
  await note(tx, 'advisories.change-source', id, { before, after: { label, url, tlp, every } }, by, now)
}

/** What was taken from it stays. Switched on it is asked at once. Throws Forbidden, NotFound. */
export async function switchSource(
  tx: Tx,
  id: number,
  enabled: boolean,
  by: Actor,
  now: number,
): Promise<void> {
  mayManage(by)
  const was = await sourceAt(tx, id)
  if (was.enabled === enabled) return
  const at = new Date(now).toISOString()
  await tx.query('update advisory_sources set enabled = $2, changed_at = $3, due_at = $3 where id = $1', [
    id,
    enabled,
    at,
  ])
  await note(tx, 'advisories.switch-source', id, { label: was.label, enabled }, by, now)
}

/** Asked anew with the worker's next look, whatever it was that kept it waiting. Throws Forbidden, NotFound. */
export async function askNow(tx: Tx, id: number, by: Actor, now: number): Promise<void> {
  mayManage(by)
  const was = await sourceAt(tx, id)
  await tx.query('update advisory_sources set due_at = $2 where id = $1', [id, new Date(now).toISOString()])
  await note(tx, 'advisories.ask-source', id, { label: was.label }, by, now)
}

const note = (tx: Tx, verb: string, id: number, detail: object, by: Actor, now: number) =>
  record(tx, { at: now, actor: by, verb, object: `advisory_source ${id}`, detail, readers: [COORDINATORS] })

/** Lets a source lead to hosts of our own networks: for the operator at the terminal alone, as the program. */
export async function allowHosts(db: Queryable, id: number, hosts: string[]): Promise<void> {
  await db.query('update advisory_sources set private_hosts = $2 where id = $1', [id, hosts])
}
