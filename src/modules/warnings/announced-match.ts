/** Is a source or a host inside a test that its member announced for that time? */
import type { Queryable } from '../../platform/database.ts'
import { contains, type Net, parseNet } from '../../values/address.ts'

export interface Running {
  org: number
  net: Net
  text: string
  from: number
  to: number
}

/** Tests that touch the last month; few. */
export async function runningTests(tx: Queryable, now: number): Promise<Running[]> {
  const { rows } = await tx.query<{ org: number; text: string; from: number; to: number }>(
    `select org_id as org, text, extract(epoch from starts_at)::float8 * 1000 as from,
       extract(epoch from least(ends_at, coalesce(withdrawn_at, 'infinity')))::float8 * 1000 as to
     from announced_tests where ends_at > to_timestamp($1 / 1000.0) - interval '31 days' and starts_at <= to_timestamp($1 / 1000.0) + interval '1 day'`,
    [now],
  )
  return rows.flatMap((row) => {
    const net = parseNet(row.text)
    return net ? [{ ...row, net }] : []
  })
}

const inside = (net: Net, text: string): boolean => {
  const one = parseNet(text)
  return one !== null && contains(net, one)
}

/** The announced test that covers this happening: its source, or every host of it, at that time. */
export function announcedFor(
  tests: Running[],
  what: { org: number; source: string; hosts: string[]; at: number },
): Running | null {
  const own = tests.filter((test) => test.org === what.org && test.from <= what.at && what.at < test.to)
  if (own.length === 0) return null
  return (
    own.find((test) => inside(test.net, what.source)) ??
    (what.hosts.length > 0 && what.hosts.every((host) => own.some((test) => inside(test.net, host)))
      ? (own[0] ?? null)
      : null)
  )
}
