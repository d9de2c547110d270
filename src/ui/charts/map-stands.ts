/** How the organisations of each region stand, counted for the map. */

/** From who needs somebody to who needs nobody. */
export type MapLook = 'help' | 'affected' | 'lost' | 'waiting' | 'underway' | 'good'

export interface MapLine {
  key: number
  name: string
  /** Code of NUTS 3; null where none is known. */
  region: string | null
  look: MapLook
  href: string
}

export interface MapWord {
  look: MapLook
  /** Before a number: "potřebují pomoc". */
  label: string
  /** Nothing is waited for any more. */
  settled: boolean
}

export interface Stand {
  /** That of the one that needs somebody the most. */
  look: MapLook
  settled: number
  all: number
  counts: Map<MapLook, number>
}

/** `words` are in the order of urgency. */
export function byRegion(lines: MapLine[], words: MapWord[]): Map<string | null, Stand> {
  const stands = new Map<string | null, Stand>()
  for (const [region, there] of Map.groupBy(lines, (line) => line.region)) {
    const counts = new Map<MapLook, number>()
    for (const { look } of there) counts.set(look, (counts.get(look) ?? 0) + 1)
    const first = words.find(({ look }) => counts.has(look))
    if (!first) continue
    const settled = words.reduce((sum, one) => sum + (one.settled ? (counts.get(one.look) ?? 0) : 0), 0)
    stands.set(region, { look: first.look, settled, all: there.length, counts })
  }
  return stands
}
