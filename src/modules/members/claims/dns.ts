/** Asking name servers for the TXT record that proves a domain: a few seconds, a few records, and a name for each way to fail. */
import { Resolver } from 'node:dns/promises'

/** Where the record stands: `_hsoc.<domain>`. */
export const recordName = (domain: string): string => `_hsoc.${domain}`
/** What it says. */
export const recordText = (token: string): string => `hsoc-claim=${token}`

export type Outcome =
  | 'found'
  /** The name exists or not, but there is no TXT record. */
  | 'missing'
  /** There are records, and none is ours. */
  | 'other'
  /** More than anybody needs: whoever answers so is not looked at closer. */
  | 'huge'
  | 'timeout'
  /** The servers refused, or answered nonsense. */
  | 'failed'

export interface Looked {
  outcome: Outcome
  /** The beginning of what was found, the first few records. */
  found: string[]
}

export interface Asking {
  /** Addresses with or without a port; empty for those of the machine. */
  servers: readonly string[]
  /** For all tries together. */
  limitMs?: number
}

const mostRecords = 50
const mostCharacters = 16_384
const shownRecords = 5
const shownCharacters = 100

/** Looks for the record of a domain. Never throws. */
export async function lookFor(domain: string, token: string, asking: Asking): Promise<Looked> {
  const limitMs = asking.limitMs ?? 5_000
  const resolver = new Resolver({ timeout: Math.ceil(limitMs / 2), tries: 2, maxTimeout: limitMs })
  const timer = setTimeout(() => resolver.cancel(), limitMs)
  try {
    if (asking.servers.length > 0) resolver.setServers(asking.servers)
    const records = await resolver.resolveTxt(recordName(domain))
    // A long text comes in pieces of 255 bytes.
    return judge(
      records.map((pieces) => pieces.join('')),
      token,
    )
  } catch (error) {
    return { outcome: outcomeOf((error as NodeJS.ErrnoException).code), found: [] }
  } finally {
    clearTimeout(timer)
  }
}

/** What the texts found mean: blanks and quotes round ours are how some name servers' pages keep it. */
export function judge(texts: readonly string[], token: string): Looked {
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  const found = texts.slice(0, shownRecords).map(shown)
  if (texts.length > mostRecords || length > mostCharacters) return { outcome: 'huge', found }
  const ours = texts.some((text) => text.replace(/^[\s"]+|[\s"]+$/g, '') === recordText(token))
  if (ours) return { outcome: 'found', found }
  return { outcome: texts.length === 0 ? 'missing' : 'other', found }
}

/** Without what a page or a database could stumble over. */
const shown = (text: string): string => {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '\uFFFD')
  return plain.length > shownCharacters ? `${plain.slice(0, shownCharacters)}…` : plain
}

function outcomeOf(code: string | undefined): Outcome {
  if (code === 'ENODATA' || code === 'ENOTFOUND') return 'missing'
  return code === 'ETIMEOUT' || code === 'ECANCELLED' ? 'timeout' : 'failed'
}
