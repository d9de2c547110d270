/** W7, slow scan: many addresses or ports over days, and never enough in an hour to be noticed. */
import type { Params } from '../rules.ts'
import type { Met } from '../types.ts'

/** What one source did to one member (or, `members` > 0, to the sector) in the rule's days. */
export interface SlowScan {
  addresses: number
  /** Most distinct ports of one address, and that address. */
  ports: number
  host: string | null
  /** Events of the busiest hour. */
  busiest: number
  members: number
  research: string | null
}

export type SlowJudged =
  | { fires: true; severity: number; thresholds: Met[]; words: 'W7' | 'W7-ports' | 'W7-sector' }
  | { fires: false; research: string | null; value: number; threshold: number }

const [low, medium] = [1, 2]

/** `followed`: an attempt by the same source on the same member is known. */
export function w7(seen: SlowScan, followed: boolean, params: Params): SlowJudged {
  const { addresses = 20, ports = 10, hourly = 5 } = params
  const quiet: Met = { name: 'hourly', threshold: hourly, value: seen.busiest }
  if (seen.research)
    return { fires: false, research: seen.research, value: seen.addresses, threshold: addresses }
  const severity = followed ? medium : low
  if (seen.busiest <= hourly && seen.addresses >= addresses)
    return {
      fires: true,
      severity,
      thresholds: [{ name: 'addresses', threshold: addresses, value: seen.addresses }, quiet],
      words: 'W7',
    }
  if (seen.busiest <= hourly && seen.ports >= ports)
    return {
      fires: true,
      severity,
      thresholds: [{ name: 'ports', threshold: ports, value: seen.ports }, quiet],
      words: 'W7-ports',
    }
  return { fires: false, research: null, value: seen.addresses, threshold: addresses }
}

export function w7Sector(seen: SlowScan, params: Params): SlowJudged {
  const { sectorMembers = 3, sectorAddresses = 30, hourly = 5 } = params
  if (seen.research)
    return { fires: false, research: seen.research, value: seen.addresses, threshold: sectorAddresses }
  if (seen.busiest <= hourly && seen.addresses >= sectorAddresses && seen.members >= sectorMembers)
    return {
      fires: true,
      severity: medium,
      thresholds: [
        { name: 'sectorAddresses', threshold: sectorAddresses, value: seen.addresses },
        { name: 'sectorMembers', threshold: sectorMembers, value: seen.members },
        { name: 'hourly', threshold: hourly, value: seen.busiest },
      ],
      words: 'W7-sector',
    }
  return { fires: false, research: null, value: seen.addresses, threshold: sectorAddresses }
}
