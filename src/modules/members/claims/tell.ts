/** Who looks after an organisation's addresses hears of a claim that touches them, of its decision, and of an end that comes near; coordinators of what waits for them. */
import { asEngine, type Database, type Tx } from '../../../platform/database.ts'
import { dayOf } from '../../../platform/dates.ts'
import { at } from './claim.ts'
import { waitsForCoordinator } from './waiting.ts'

const aheadMs = 30 * 86_400_000

/** One mail to each representative and administrator; the same topic is never queued twice for an address. Answers how many people there are. */
async function queue(tx: Tx, topic: string, org: number, detail: object, now: number): Promise<number> {
  const { rowCount } = await tx.query(
    `select queue_account_mail($1, p.id, p.email, $2, $4) from people p
     where p.disabled_at is null and p.id in (select person_id from engagements e
       where e.org_id = $3 and e.role in ('representative', 'admin') and e.valid_from <= $4 and e.valid_to > $4)`,
    [topic, { ...detail, org }, org, at(now)],
  )
  return rowCount ?? 0
}

/** To the holders that a claim was just found to touch. */
export async function tellHolders(
  tx: Tx,
  claim: { id: number; org: number; value: string },
  holders: readonly number[],
  now: number,
): Promise<void> {
  if (holders.length === 0) return
  const { rows } = await tx.query<{ name: string }>('select name from organisations where id = $1', [
    claim.org,
  ])
  const detail = {
    template: 'claim-touches',
    claim: claim.id,
    value: claim.value,
    organisation: rows[0]?.name ?? '',
  }
  for (const org of holders) await queue(tx, `claim-touches:${claim.id}:${org}`, org, detail, now)
  await tellCoordinators(tx, [claim.id], now)
}

/** The program's own view of it: pages ask `claim_contact()`, which knows who asks. */
const inRegistry = `exists (select 1 from registry_entries r where r.contact is not null
  and family(r.net_from) = family(c.net_from) and r.net_from <= c.net_from and r.net_to >= c.net_to)`

/** To coordinators, of claims that nobody but they get on; one mail for an organisation and day, however much it claims. */
export async function tellCoordinators(tx: Tx, ids: readonly number[], now: number): Promise<void> {
  await tx.query(
    `select queue_account_mail('claims-waiting:' || c.org_id || ':' || ($2::timestamptz at time zone 'UTC')::date, p.id, p.email,
       jsonb_build_object('template', 'claims-waiting', 'organisation', o.name), $2)
     from (select distinct c.org_id from claims c where c.id = any ($1) and ${waitsForCoordinator(inRegistry)}) c
     join organisations o on o.id = c.org_id
     join people p on p.disabled_at is null and exists (select 1 from engagements e
       where e.person_id = p.id and e.role = 'coordinator' and e.valid_from <= $2 and e.valid_to > $2)`,
    [ids, at(now)],
  )
}

/** To the claimant and to whom the claim touches: how it was decided. The reason stands on its page. */
export async function tellDecided(
  tx: Tx,
  claim: { id: number; org: number; value: string },
  said: { accept: boolean; parties: readonly number[] },
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ name: string }>('select name from organisations where id = $1', [
    claim.org,
  ])
  const detail = {
    template: said.accept ? 'claim-accepted' : 'claim-refused',
    claim: claim.id,
    value: claim.value,
    organisation: rows[0]?.name ?? '',
  }
  for (const org of new Set([claim.org, ...said.parties]))
    await queue(tx, `claim-decided:${claim.id}:${org}`, org, detail, now)
}

/** To whom a part of a range is offered. */
export async function tellReceiver(
  tx: Tx,
  offer: { id: number; to: number; from: number; value: string },
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ name: string }>('select name from organisations where id = $1', [
    offer.from,
  ])
  const detail = {
    template: 'part-offered',
    claim: offer.id,
    value: offer.value,
    organisation: rows[0]?.name ?? '',
  }
  await queue(tx, `part-offered:${offer.id}`, offer.to, detail, now)
}

/** Records whose last day is at most thirty days away, one mail for an organisation and day. Answers how many ends there are. */
export function remindAddressEnds(db: Database, zone: string, now: number): Promise<number> {
  return asEngine(db, async (tx) => {
    const { rows } = await tx.query<{ org: number; ends: number; values: string[] }>(
      `select r.org_id as org, extract(epoch from r.valid_to)::float8 * 1000 as ends, array_agg(distinct r.value order by r.value) as values from (
         select org_id, valid_to, text as value from networks where closed_at is null
         union all select org_id, valid_to, domain from domains where closed_at is null
         union all select org_id, valid_to, value from claims where kind = 'as' and state = 'proved') r
       join organisations o on o.id = r.org_id and o.status <> 'left'
       where r.valid_to > $1 and r.valid_to <= $2 and not exists (
         select 1 from networks n where n.org_id = r.org_id and n.text = r.value and n.valid_to > r.valid_to and n.closed_at is null
         union all select 1 from domains d where d.org_id = r.org_id and d.domain = r.value and d.valid_to > r.valid_to and d.closed_at is null)
       group by r.org_id, r.valid_to`,
      [at(now), at(now + aheadMs)],
    )
    for (const { org, ends, values } of rows) {
      const detail = { template: 'addresses-end', until: at(ends), values }
      await queue(tx, `addresses-end:${org}:${dayOf(ends - 1, zone)}`, org, detail, now)
    }
    return rows.length
  })
}
