/** What the catalogue of exploited vulnerabilities says of advisories, and which of its entries an advisory says more of. */
import type { Tx } from '../../platform/database.ts'
import { withdrawnCategory, withdrawnTitle } from './content.ts'

/**
 * For advisories that name one of these: whether the catalogue has it, by when it is to be dealt with, and of the catalogue's own
 * entries which advisory covers them. One does when it is of the same vendor and the same people may read it: an advisory of a
 * device with Windows in it says nothing to whoever has Windows. One that its publisher took back covers nothing.
 */
export async function coverEntries(tx: Tx, cves: string[]): Promise<void> {
  if (cves.length === 0) return
  await tx.query(
    `update advisories a set kev = k.found, due_on = k.due_on
     from (select b.id, count(e.cve) > 0 as found, min(e.due_on) as due_on
       from advisories b left join kev_entries e on e.cve = any (b.cves) and e.gone_at is null
       where b.cves && $1::text[] group by b.id) k
     where k.id = a.id and (a.kev, a.due_on) is distinct from (k.found, k.due_on)`,
    [cves],
  )
  await tx.query(
    `update advisories a set covering_id = c.id
     from advisories b left join lateral (
       select o.id from advisories o join advisory_products p on p.advisory_id = o.id and p.status = 'known_affected'
       join kev_entries e on e.cve = b.tracking_id join advisory_versions v on v.advisory_id = o.id and v.seq = o.seq
       where o.kind = 'csaf' and o.cves && b.cves and p.cves && b.cves and (o.readers @> b.readers or 1 = any (o.readers))
         and o.title !~* $2 and coalesce(v.content->>'category', '') !~* $3
         and (lower(p.vendor) = lower(e.vendor) or lower(p.vendor) like lower(e.vendor) || ' %' or lower(e.vendor) like lower(p.vendor) || ' %')
       order by o.revised_at desc, o.id limit 1) c on true
     where b.kind = 'kev' and b.tracking_id = any ($1) and a.id = b.id and a.covering_id is distinct from c.id`,
    [cves, withdrawnTitle, withdrawnCategory],
  )
}
