/** The words of blocklists: what may be listed, in which list it stands, and who says so. */

/** Kinds of indicators that firewalls block by. */
export const kinds = ['ip', 'net', 'domain', 'url', 'sha256'] as const
export type Kind = (typeof kinds)[number]

export const lists = ['ip', 'domain', 'url', 'sha256'] as const
export type List = (typeof lists)[number]

export const sources = ['campaign', 'coordinator', 'warning'] as const
export type Source = (typeof sources)[number]

/** What an organisation chooses from: `strict` are warnings with TLP:AMBER+STRICT, which no machine gets unasked. */
export const choosable = [...sources, 'strict'] as const

export const isKind = (word: string): word is Kind => (kinds as readonly string[]).includes(word)

/** 1: somebody's word is enough; 2: at least two independent observers. */
export type Confidence = 1 | 2

/** What an organisation wants on its lists. */
export interface Choices {
  kinds: Kind[]
  sources: (typeof choosable)[number][]
  confidence: Confidence
  /** Days since the last sighting after which an item is left out. */
  maxDays: number
}

/** Of an organisation that never chose. */
export const usual: Choices = { kinds: [...kinds], sources: [...sources], confidence: 1, maxDays: 365 }

export const dayMs = 86_400_000
