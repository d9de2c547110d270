/** Taking an edition of the catalogue of exploited vulnerabilities: what it says of every advisory, and each entry as one of its own. */
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { coverEntries } from './kev-cover.ts'
import { type Catalogue, kevContent, kevNamespace } from './kev-read.ts'
import { type Given, hashOf, take } from './take.ts'
import { compareVersions } from './versions.ts'

export interface KevTaken {
  /** False: an edition that is older than the one we have changes nothing. */
  isNewer: boolean
  fresh: number
  changed: number
  gone: number
}

const nothing: KevTaken = { isNewer: false, fresh: 0, changed: 0, gone: 0 }

/** As the program. All of it or nothing: a reader never sees half an edition. */
export async function takeKev(
  tx: Tx,
  catalogue: Catalogue,
  source: Given['source'],
  now: number,
): Promise<KevTaken> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('kev'), 0)`)
  const { rows } = await tx.query<{ edition: string | null }>(
    'select edition from advisory_sources where id = $1 for update',
    [source.id],
  )
  const edition = rows[0]?.edition
  if (edition && compareVersions(catalogue.version, edition) < 0) return nothing
  await tx.query('update advisory_sources set edition = $2 where id = $1', [source.id, catalogue.version])
  await writeEntries(tx, catalogue, source.id, now)
  const gone = await endEntries(tx, catalogue, source.id, now)
  const counted = await takeEntries(tx, catalogue, source, now)
  await coverEntries(tx, [...catalogue.entries.map(({ cve }) => cve), ...gone])
  const taken = { isNewer: true, ...counted, gone: gone.length }
  if (taken.fresh + taken.changed + taken.gone > 0)
    await record(tx, {
      at: now,
      actor: null,
      verb: 'advisories.take-kev',
      object: `advisory_source ${source.id}`,
      detail: { version: catalogue.version, fresh: taken.fresh, changed: taken.changed, gone: taken.gone },
      readers: [COORDINATORS],
    })
  return taken
}

async function writeEntries(tx: Tx, catalogue: Catalogue, source: number, now: number): Promise<void> {
  const rows = catalogue.entries.map(({ cve, vendor, product, name, addedOn, dueOn, ransomware }) => ({
    cve,
    vendor,
    product,
    name,
    added_on: addedOn,
    due_on: dueOn,
    ransomware,
  }))
  await tx.query(
    `insert into kev_entries (cve, source_id, vendor, product, name, added_on, due_on, ransomware, seen_at)
     select cve, $2, vendor, product, name, added_on, due_on, ransomware, $3
     from jsonb_to_recordset($1) as r (cve text, vendor text, product text, name text, added_on date, due_on date, ransomware boolean)
     on conflict (cve) do update set source_id = excluded.source_id, vendor = excluded.vendor, product = excluded.product, name = excluded.name,
       added_on = excluded.added_on, due_on = excluded.due_on, ransomware = excluded.ransomware, gone_at = null`,
    [JSON.stringify(rows), source, new Date(now).toISOString()],
  )
}

/** Entries that the catalogue no longer has: they stay readable and mark nothing any more. */
async function endEntries(tx: Tx, { entries }: Catalogue, source: number, now: number): Promise<string[]> {
  const { rows } = await tx.query<{ cve: string }>(
    'update kev_entries set gone_at = $3 where source_id = $2 and gone_at is null and cve <> all ($1) returning cve',
    [entries.map(({ cve }) => cve), source, new Date(now).toISOString()],
  )
  return rows.map(({ cve }) => cve)
}

async function takeEntries(
  tx: Tx,
  { entries, version }: Catalogue,
  source: Given['source'],
  now: number,
): Promise<{ fresh: number; changed: number }> {
  const { rows } = await tx.query<{ tracking_id: string; content_hash: string }>(
    'select tracking_id, content_hash from advisories where namespace = $1',
    [kevNamespace],
  )
  const known = new Map(rows.map((row) => [row.tracking_id, row.content_hash]))
  const given: Given = {
    ...{ source, url: '', document: null, signature: 'none', hashChecked: false, flags: [], by: null },
  }
  const counted = { fresh: 0, changed: 0 }
  for (const entry of entries) {
    const content = kevContent(entry, version)
    const hash = known.get(entry.cve)
    if (hash === hashOf(content)) continue
    await take(tx, { content, flags: [] }, given, now)
    counted[hash === undefined ? 'fresh' : 'changed']++
  }
  return counted
}
