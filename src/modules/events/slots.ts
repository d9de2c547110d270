/** What higher modules add to the events' pages; a lower one never imports them. */
import type { Tx } from '../../platform/database.ts'
import type { T } from '../../platform/i18n.ts'

/** A link with its words. */
export interface Hit {
  href: string
  title: string
  meta?: string
}

export interface SearchProvider {
  /** Heading of its part of the answer. */
  title(t: T): string
  /** At most `limit` hits of `q`, as the actor of the transaction. */
  find(tx: Tx, q: string, t: T, limit: number): Promise<Hit[]>
}

export interface Slots {
  search?: SearchProvider[]
  /** Warnings that hold any of the episodes. */
  episodeWarnings?(tx: Tx, episodes: number[], t: T): Promise<Hit[]>
}
