/** The 14 regions of Czechia by their code of NUTS 3 (Commission Regulation (EU) 2019/1755), in the order of the codes. */
import { fold } from './import/names.ts'

export const regions = {
  CZ010: 'Hlavní město Praha',
  CZ020: 'Středočeský kraj',
  CZ031: 'Jihočeský kraj',
  CZ032: 'Plzeňský kraj',
  CZ041: 'Karlovarský kraj',
  CZ042: 'Ústecký kraj',
  CZ051: 'Liberecký kraj',
  CZ052: 'Královéhradecký kraj',
  CZ053: 'Pardubický kraj',
  CZ063: 'Kraj Vysočina',
  CZ064: 'Jihomoravský kraj',
  CZ071: 'Olomoucký kraj',
  CZ072: 'Zlínský kraj',
  CZ080: 'Moravskoslezský kraj',
} as const
export type Region = keyof typeof regions

export const regionCodes = Object.keys(regions) as Region[] // Object.keys forgets the key type

const bare = (name: string): string =>
  fold(name)
    .replace(/\bkraj\b|\bhlavni mesto\b|\bhl\. ?m\. ?/g, '')
    .trim()

/** The region that a name or a code means, however it is spelt; null for anything else. */
export function regionNamed(text: string | null): Region | null {
  if (text === null || bare(text) === '') return null
  const code = text.trim().toUpperCase()
  return regionCodes.find((one) => one === code || bare(regions[one]) === bare(text)) ?? null
}
