/** How many others: the only form in which a member learns how many organisations something concerns. */

/** Nothing is said about fewer than five other members. */
export const least = 5

/** From how many other members on, what is said; an en dash between the ends. */
export const bands = [
  { from: 21, text: '21+' },
  { from: 11, text: '11–20' },
  { from: least, text: '5–10' },
] as const
export type Band = (typeof bands)[number]['text']

/**
 * The band of `others` members, out of `population` other members. Null below five. A band that could only be true with
 * every single member in it would name them all, so it is not said: the next lower one stands, or nothing.
 */
export function bandOf(others: number, population: number): Band | null {
  return bands.find(({ from }) => others >= from && population > from)?.text ?? null
}

/** Order of bands; a published one only grows. */
export const rankOf = (band: string): number => Number(/^\d+/.exec(band)?.[0] ?? 0)
