/** The regions of the country with their outlines, from `content/regions.json`: another country replaces that file. */
import { readContent } from '../../platform/content.ts'
import type { Lang } from '../../platform/i18n.ts'
import { fold } from './import/names.ts'

export interface Region {
  /** Of NUTS 3 (Commission Regulation (EU) 2019/1755); what the register keeps. */
  nuts3: string
  /** ISO 3166-2. */
  iso: string
  name: Record<Lang, string>
  /** Where a figure stands on the map. */
  mark: [number, number]
  /** Outline as an SVG path. */
  path: string
}

export interface RegionMap {
  width: number
  height: number
  /** In the order in which they are drawn: what lies inside another comes later. */
  regions: Region[]
}

/** A release never changes while it runs. */
export const regionMap = readContent('regions.json') as RegionMap

/** In the order of their codes. */
export const regionCodes = regionMap.regions.map(({ nuts3 }) => nuts3).sort()

/** By code, as the register writes them. */
export const regions: Record<string, string> = Object.fromEntries(
  regionMap.regions.map(({ nuts3, name }) => [nuts3, name.cs]),
)

const bare = (name: string): string =>
  fold(name)
    .replace(/\bkraj\b|\bhlavni mesto\b|\bhl\. ?m\. ?/g, '')
    .trim()

const codes = new Map(
  regionMap.regions.flatMap(({ nuts3, iso, name }) =>
    [nuts3.toLowerCase(), iso.toLowerCase(), bare(name.cs), bare(name.en)].map(
      (word) => [word, nuts3] as const,
    ),
  ),
)

/** The code of the region that a name or a code means, however it is spelt; null for anything else. */
export const regionNamed = (text: string | null): string | null =>
  text === null ? null : (codes.get(text.trim().toLowerCase()) ?? codes.get(bare(text)) ?? null)

/** In the reader's language; of what is no code of a region nothing. */
export const regionName = (code: string | null, lang: Lang): string | null =>
  regionMap.regions.find(({ nuts3 }) => nuts3 === code)?.name[lang] ?? null
