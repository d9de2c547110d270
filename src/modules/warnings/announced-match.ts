/** Is a source or a host inside a test that its member announced for that time? */
import type { Queryable } from '../../platform/database.ts'
import { contains, isPrivate, type Net, parseNet } from '../../values/address.ts'

export interface Running {
  org: number
  net: Net
  text: string
  from: number
  to: number
  /** Only the member's own addresses were announced: nobody knows where the test comes from. */
  targetsOnly: boolean
}

/** What a test covers: whatever its tester sends, or only what happens at the member's own tested hosts. */
export interface Covered {
  test: Running
  as: 'tester' | 'tested'
}

/** Tests that touch the last month; few. Ranges announced at once are one test. */
export async function runningTests(tx: Queryable, now: number): Promise<Running[]> {
  const { rows } = await tx.query<{
    org: number
    text: string
    from: number
    to: number
    own: boolean
    test: string
  }>(
    `select o.org, t.text, extract(epoch from t.starts_at)::float8 * 1000 as from,
       extract(epoch from least(t.ends_at, coalesce(t.withdrawn_at, 'infinity')))::float8 * 1000 as to,
       exists (select 1 from networks n where n.org_id in (t.org_id, organisation_now(t.org_id)) and n.net_from <= t.net_to and n.net_to >= t.net_from) as own,
       t.org_id || ' ' || t.announced_at as test
     from announced_tests t
     -- What was announced before a merger covers the successor too.
     cross join lateral (select distinct unnest(array[t.org_id, organisation_now(t.org_id)])) o (org)
     where t.ends_at > to_timestamp($1 / 1000.0) - interval '31 days' and t.starts_at <= to_timestamp($1 / 1000.0) + interval '1 day'`,
    [now],
  )
  const ranges = rows.flatMap((row) => {
    const net = parseNet(row.text)
    return net ? [{ ...row, net, own: row.own || isPrivate(net) }] : []
  })
  const withTester = new Set(ranges.filter((range) => !range.own).map((range) => range.test))
  return ranges.map(({ org, net, text, from, to, test }) => ({
    org,
    net,
    text,
    from,
    to,
    targetsOnly: !withTester.has(test),
  }))
}

const inside = (net: Net, text: string): boolean => {
  const one = parseNet(text)
  return one !== null && contains(net, one)
}

/**
 * The announced test that covers this happening at that time. `source` is the other end (null when our host acts itself).
 * Who attacks a tested host is taken for the tester only while no address of the tester was announced.
 */
export function announcedFor(
  tests: Running[],
  what: { org: number; source: string | null; hosts: string[]; at: number },
): Covered | null {
  const { source, hosts } = what
  const own = tests.filter((test) => test.org === what.org && test.from <= what.at && what.at < test.to)
  if (own.length === 0) return null
  const tester = source === null ? undefined : own.find((test) => inside(test.net, source))
  if (tester) return { test: tester, as: 'tester' }
  const tested = source === null ? own : own.filter((test) => test.targetsOnly)
  const first = hosts[0]
  if (first === undefined || !hosts.every((host) => tested.some((test) => inside(test.net, host))))
    return null
  const test = tested.find((one) => inside(one.net, first))
  return test ? { test, as: 'tested' } : null
}
