/** Where the public web's pages are: each has an address in each language. */
import type { Lang } from '../../platform/i18n.ts'

/** Pages that the program draws by itself; texts of people have the address that they were given. */
export const places = {
  memorandum: { cs: 'memorandum', en: 'memorandum' },
  plan: { cs: 'akcni-plan', en: 'action-plan' },
  news: { cs: 'aktuality', en: 'news' },
  occasions: { cs: 'akce', en: 'events' },
  figures: { cs: 'cisla', en: 'figures' },
  members: { cs: 'clenove', en: 'members' },
  groups: { cs: 'skupiny', en: 'groups' },
  join: { cs: 'prihlaska', en: 'application' },
} as const satisfies Record<string, Record<Lang, string>>
export type Place = keyof typeof places

export const placeNames = [
  'memorandum',
  'plan',
  'news',
  'occasions',
  'figures',
  'members',
  'groups',
  'join',
] as const satisfies Place[]

export const kinds = ['page', 'news', 'occasion'] as const
export type Kind = (typeof kinds)[number]

/** What a text's address needs to be known of it. */
export interface Addressed {
  kind: Kind
  key: string | null
  slugs: Record<Lang, string>
}

export const otherLang = (lang: Lang): Lang => (lang === 'cs' ? 'en' : 'cs')

export const homePath = (lang: Lang): string => `/${lang}`

export const placePath = (place: Place, lang: Lang): string => `/${lang}/${places[place][lang]}`

/** The open feed of warnings (module exchange). */
export const warningsFeed = (lang: Lang): string => `/feeds/public/${lang}.atom`

/** A version of the memorandum. */
export const versionPath = (number: number, lang: Lang): string =>
  `${placePath('memorandum', lang)}/${number}`

/** The public address of a text in a language. */
export function pathOf(text: Addressed, lang: Lang): string {
  if (text.key === 'home') return homePath(lang)
  if (text.kind === 'page') return `/${lang}/${text.slugs[lang]}`
  return `${placePath(text.kind === 'news' ? 'news' : 'occasions', lang)}/${text.slugs[lang]}`
}

const taken = new Set<string>(Object.values(places).flatMap((names) => Object.values(names)))

/** A page may not stand where the program's own pages are. */
export const isTaken = (kind: Kind, slug: string): boolean => kind === 'page' && taken.has(slug)

export const isSlug = (text: string): boolean => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && text.length <= 80

/** A title as the last part of an address: "Co je hSOC?" is `co-je-hsoc`; empty when nothing of it can be written so. */
export const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '')
