/** What may be a slow scan, told cheaply: by what one source did at one member in days, however many bursts it came in. */

/** Names of parameters (`$3`) or numbers. */
interface Limits {
  hourly: string
  addresses: string
  ports: string
  days: string
}

const few = (e: string, hourly: string): string =>
  `(${e}.events <= ${hourly} * (extract(epoch from ${e}.last_at - ${e}.first_at) / 3600 + 2))`

/**
 * SQL condition on an episode's row `e`: few events an hour in it, in all others of its source there and in the whole
 * perimeter's of that source, together enough of them for the addresses or ports of a slow scan, and as many as the last
 * look said another look needs.
 */
export const maybeSlowScan = (e: string, { hourly, addresses, ports, days }: Limits): string =>
  `(${few(e, hourly)} and ${e}.events >= coalesce((${e}.outcome_detail->>'next')::int, 0) and (
    select (sum(o.events) >= ${addresses} or sum(cardinality(o.ports)) >= ${ports})
      and bool_and(${few('o', hourly)} or o.first_at <= ${e}.last_at - make_interval(days => ${days}))
    from episodes o where o.key_id = ${e}.key_id and o.org_id = ${e}.org_id and o.side = ${e}.side and o.lane = ${e}.lane and o.alias_of is null
      and o.last_at > ${e}.last_at - make_interval(days => ${days}))
    and not exists (
      select 1 from episodes p where p.key_id = ${e}.key_id and p.org_id = 0 and p.lane = ${e}.lane and p.alias_of is null
        and p.first_at > ${e}.last_at - make_interval(days => ${days}) and not ${few('p', hourly)}))`
