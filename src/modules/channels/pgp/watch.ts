/** The key that a mail is encrypted with, and the watch over keys that end. */
import { kept, type Queryable, type Tx } from '../../../platform/database.ts'
import { gathered } from '../../../platform/gathered.ts'

const day = 86_400_000
const iso = (at: number): string => new Date(at).toISOString()

interface KeptKey {
  id: number
  armored: string
}

/** The used key of an address as it is kept, or the one that a proof is about; null: mails go as the label lets them. */
export const keptKey = gathered(
  async (db, asked: { address: string; proof: number | null }[]): Promise<(KeptKey | null)[]> => {
    const { rows } = await db.query<KeptKey & { n: number }>(
      kept(`select w.n::int as n, k.id, k.public_key as armored
       from unnest($1::text[], $2::int[]) with ordinality w (address, proof, n) join mail_keys k on k.address_key = address_key(w.address)
         and case when w.proof is null then k.proved_at is not null else k.id = w.proof end`),
      [asked.map(({ address }) => address), asked.map(({ proof }) => proof)],
    )
    const found = new Map(rows.map(({ n, ...key }) => [n, key]))
    return asked.map((_, i) => found.get(i + 1) ?? null)
  },
)

export async function markUnusable(db: Queryable, id: number, now: number): Promise<void> {
  await db.query('update mail_keys set unusable_at = coalesce(unusable_at, $2) where id = $1', [id, iso(now)])
}

const warnMs = 30 * day

/** Tells addresses whose key ends within a month, once; forgets proofs that never came, and keys of addresses that nobody has any more. */
export async function watchKeys(tx: Tx, now: number): Promise<void> {
  await tx.query('delete from mail_keys where proof_until <= $1', [iso(now)])
  await tx.query('delete from mail_keys where cardinality(mail_address_readers(address, $1)) = 0', [iso(now)])
  const { rows } = await tx.query<{ id: number; address: string; until: string; fingerprint: string }>(
    `update mail_keys set warned_at = $1 where proved_at is not null and warned_at is null and expires_at > $1 and expires_at <= $2
     returning id, address, fingerprint, expires_at as until`,
    [iso(now), iso(now + warnMs)],
  )
  for (const { id, address, until, fingerprint } of rows)
    await queueLetter(tx, { template: 'mail-key-ends', address }, `mail key ${id} ends`, now, {
      fingerprint,
      until: new Date(until).toISOString(),
    })
}

/** One mail to the address itself, as its person or, of a contact address, as the organisation. */
export async function queueLetter(
  tx: Tx,
  to: { template: string; address: string; org?: number | null },
  topic: string,
  now: number,
  detail: Record<string, unknown>,
): Promise<void> {
  await tx.query(
    `insert into deliveries (kind, topic, person_id, org_id, address, detail, decided_at, due_at, readers)
     select 'account', $1, p.id, case when p.id is null then o.id end, $2,
       jsonb_build_object('template', $3::text, 'as', case when p.id is null then 'contact' else 'member' end) || $4::jsonb, $5, $5,
       case when p.id is null then array[2, 1000 + 4 * o.id] else array[2, -p.id] end
     from (select 1) one left join people p on lower(p.email) = lower($2) and p.disabled_at is null
       left join organisations o on lower(o.contact_email) = lower($2) and o.status <> 'left' and ($6::int is null or o.id = $6)
     where p.id is not null or o.id is not null order by o.id limit 1
     on conflict (topic, address) do nothing`,
    [topic, to.address, to.template, JSON.stringify(detail), iso(now), to.org ?? null],
  )
  await tx.query(`select announce('outbox', '')`)
}
