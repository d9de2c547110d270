/** What people call columns, kinds, roles and languages, in Czech and English, and how names are compared. */
import type { Column, Kind, Lang, NetworkRole, Regime } from './types.ts'
import { columns } from './types.ts'

/** For comparing only: without accents, lower case, one blank between words, no punctuation at the ends. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_\u2010-\u2015-]+/g, ' ')
    .replace(/^[\s.,:*]+|[\s.,:*]+$/g, '')
}

const titles = {
  name: [
    'nazev',
    'jmeno',
    'organizace',
    'nazev organizace',
    'organisation',
    'organization',
    'member',
    'clen',
  ],
  ico: ['ic', 'ico organizace', 'identifikacni cislo', 'registration number'],
  aliases: ['drivejsi nazvy', 'dalsi nazvy', 'jine nazvy', 'alias', 'earlier names', 'other names'],
  kind: ['druh', 'typ', 'druh organizace', 'typ organizace', 'type'],
  region: ['kraj', 'oblast'],
  regime: ['rezim', 'rezim zokb', 'nis2', 'nis2 regime'],
  prefixes: [
    'rozsahy',
    'rozsah',
    'prefixy',
    'prefix',
    'site',
    'adresy',
    'ip',
    'ip rozsahy',
    'ip adresy',
    'networks',
  ],
  domains: ['domeny', 'domena', 'domain'],
  contact_email: ['e mail', 'email', 'mail', 'kontaktni e mail', 'kontaktni email', 'kontakt', 'contact'],
  language: ['jazyk', 'lang'],
  phone: ['telefon', 'tel', 'telephone'],
  founder: ['zrizovatel'],
  visible_to_parent: ['viditelne zrizovateli', 'viditelne nadrizenemu', 'vidi zrizovatel'],
  role: ['vztah', 'vztah k rozsahu'],
  label: ['oznaceni', 'popis', 'ucel'],
  valid_from: ['plati od', 'platnost od', 'od', 'from'],
  valid_to: ['plati do', 'platnost do', 'do', 'to'],
} satisfies Record<Column, string[]>

const columnOf = new Map<string, Column>(
  columns.flatMap((column) => [column, ...titles[column]].map((title) => [fold(title), column] as const)),
)

/** The column a heading means, or null. */
export function columnNamed(title: string): Column | null {
  return columnOf.get(fold(title)) ?? null
}

/** The known heading that a misspelt one is at most two letters away from, or null. */
export function nearestTitle(title: string): string | null {
  const folded = fold(title)
  if (folded.length < 4 || folded.length > 40) return null
  for (const known of columnOf.keys()) {
    if (known.length >= 4 && distance(folded, known) <= (known.length < 6 ? 1 : 2))
      return known.replaceAll(' ', '_')
  }
  return null
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

const kindNames = {
  hospital: [
    'nemocnice',
    'nemocnice nasledne pece',
    'lecebna',
    'ldn',
    'lecebna pro dlouhodobe nemocne',
    'lecebna pro dlouhodobe nemocne (ldn)',
  ],
  university_hospital: ['fakultni nemocnice', 'fn', 'university hospital', 'teaching hospital'],
  ambulance: ['zdravotnicka zachranna sluzba', 'zachranna sluzba', 'zzs', 'ems', 'ambulance service'],
  region: ['kraj', 'krajsky urad'],
  institute: ['ustav', 'institut', 'vyzkumny ustav'],
  clinic: ['klinika', 'poliklinika', 'ordinace'],
  ministry: ['ministerstvo'],
  agency: ['agentura', 'urad', 'statni urad', 'state'],
  academia: ['vysoka skola', 'univerzita', 'university', 'fakulta', 'faculty'],
  founder: ['zrizovatel'],
  company: ['firma', 'spolecnost', 'podnik'],
  network: ['sit', 'provozovatel site', 'poskytovatel pripojeni', 'provider'],
  other: ['jine', 'jiny', 'ostatni', 'jina organizace'],
} satisfies Record<Kind, string[]>

const roleNames = {
  owner: ['vlastnik', 'drzitel'],
  delegated: ['poverena', 'povereny', 'poverena organizace', 'delegovano', 'delegovany'],
  provider: ['poskytovatel'],
} satisfies Record<NetworkRole, string[]>

const languageNames = {
  cs: ['cz', 'cesky', 'cestina', 'czech'],
  en: ['anglicky', 'anglictina', 'english'],
} satisfies Record<Lang, string[]>

const regimeNames = {
  unknown: ['neznamy', 'nevime', '?'],
  none: ['zadny', 'bez povinnosti', 'nespada'],
  lower: ['nizsi', 'rezim nizsich povinnosti', 'nizsi povinnosti'],
  higher: ['vyssi', 'rezim vyssich povinnosti', 'vyssi povinnosti'],
} satisfies Record<Regime, string[]>

const yesNoNames = {
  yes: ['ano', 'true', '1', 'y', 'a'],
  no: ['ne', 'false', '0', 'n'],
} satisfies Record<'yes' | 'no', string[]>

/** Names of the kinds for people. */
export const kindWords = {
  hospital: { cs: 'nemocnice', en: 'hospital' },
  university_hospital: { cs: 'fakultní nemocnice', en: 'university hospital' },
  ambulance: { cs: 'zdravotnická záchranná služba', en: 'ambulance service' },
  region: { cs: 'kraj', en: 'region' },
  institute: { cs: 'ústav', en: 'institute' },
  clinic: { cs: 'klinika', en: 'clinic' },
  ministry: { cs: 'ministerstvo', en: 'ministry' },
  agency: { cs: 'úřad', en: 'agency' },
  academia: { cs: 'vysoká škola', en: 'university or faculty' },
  founder: { cs: 'zřizovatel', en: 'founder' },
  company: { cs: 'firma', en: 'company' },
  network: { cs: 'provozovatel sítě', en: 'network operator' },
  other: { cs: 'jiná organizace', en: 'other organisation' },
} satisfies Record<Kind, Record<Lang, string>>

/** Names of the regimes for people. */
export const regimeWords = {
  unknown: { cs: 'nezjištěn', en: 'not known yet' },
  none: { cs: 'žádný', en: 'none' },
  lower: { cs: 'nižší povinnosti', en: 'lower obligations' },
  higher: { cs: 'vyšší povinnosti', en: 'higher obligations' },
} satisfies Record<Regime, Record<Lang, string>>

/** Names of the roles for people. */
export const roleWords = {
  owner: { cs: 'vlastník', en: 'owner' },
  delegated: { cs: 'pověřená organizace', en: 'delegated' },
  provider: { cs: 'poskytovatel', en: 'provider' },
} satisfies Record<NetworkRole, Record<Lang, string>>

export const kindNamed = (text: string) => lookUp(kindNames, text)
export const roleNamed = (text: string) => lookUp(roleNames, text)
export const regimeNamed = (text: string) => lookUp(regimeNames, text)
export const languageNamed = (text: string) => lookUp(languageNames, text)
export const yesNoNamed = (text: string) => lookUp(yesNoNames, text)

function lookUp<K extends string>(table: Record<K, string[]>, text: string): K | null {
  const folded = fold(text)
  const entries = Object.entries(table) as [K, string[]][] // Object.entries forgets the key type
  return entries.find(([key, names]) => fold(key) === folded || names.includes(folded))?.[0] ?? null
}

/** The words that a file may use, each with its Czech name where Czech is read. */
export function allowedWords(table: Record<string, Record<Lang, string>>, lang: Lang): string {
  const words = Object.entries(table).map(([word, names]) => (lang === 'cs' ? `${word} (${names.cs})` : word))
  return words.join(', ')
}
