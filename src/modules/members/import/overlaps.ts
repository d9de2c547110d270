/** What several members of one file claim together: equal, nested and crossing prefixes, equal domains. */
import type { Net } from '../../../values/address.ts'
import type { Faults } from './faults.ts'
import { remark } from './faults.ts'
import type { MemberRow } from './types.ts'

interface Claim {
  net: Net
  row: MemberRow
}

/** Remarks on every prefix that another member holds too, in whole or in part; all of these are legal. */
export function remarkOverlaps(rows: readonly MemberRow[], faults: Faults) {
  const claims = rows.flatMap((row) => row.prefixes.map(({ net }) => ({ net, row })))
  for (const family of [4, 6] as const)
    remarkFamily(claims.filter(({ net }) => net.v === family).sort(widestFirst), faults)
}

function widestFirst(a: Claim, b: Claim): number {
  if (a.net.lo !== b.net.lo) return a.net.lo < b.net.lo ? -1 : 1
  if (a.net.hi !== b.net.hi) return a.net.hi > b.net.hi ? -1 : 1
  return a.row.line - b.row.line
}

/** `open` holds the claims that reach over the present address, the narrowest last. */
function remarkFamily(claims: readonly Claim[], faults: Faults) {
  const open: Claim[] = []
  for (const claim of claims) {
    while (open.length > 0 && isBefore(open.at(-1), claim)) open.pop()
    const nearest = open.findLast(({ row, net }) => row !== claim.row && net.hi >= claim.net.lo)
    if (nearest) remarkPair(claim, nearest, faults)
    open.push(claim)
  }
}

function isBefore(earlier: Claim | undefined, claim: Claim): boolean {
  return earlier !== undefined && earlier.net.hi < claim.net.lo
}

function remarkPair(claim: Claim, other: Claim, faults: Faults) {
  const place = { line: claim.row.line, value: claim.net.text }
  const values = { outer: other.net.text, other: other.row.name, line: other.row.line }
  const { net } = claim
  if (net.lo === other.net.lo && net.hi === other.net.hi) remark(faults, place, 'sharedPrefix', values)
  else if (net.hi <= other.net.hi) remark(faults, place, 'nestedPrefix', values)
  else if (net.lo <= other.net.hi) remark(faults, place, 'crossingPrefix', values)
}

/** Remarks on every domain that an earlier member has too. */
export function remarkSharedDomains(rows: readonly MemberRow[], faults: Faults) {
  const first = new Map<string, MemberRow>()
  for (const row of rows) {
    for (const domain of row.domains) {
      const other = first.get(domain)
      if (!other) first.set(domain, row)
      else
        remark(faults, { line: row.line, value: domain }, 'sharedDomain', {
          other: other.name,
          line: other.line,
        })
    }
  }
}
