/** What the list of written warnings can be narrowed by, on the page and for programs. */
import type { WrittenFilters } from '../../written/read.ts'

export interface Query {
  state?: string
  text?: string
  after?: string
}

export const states = ['draft', 'review', 'published', 'revoked', 'expired', 'living', 'waiting'] as const

export const filtersOf = (query: Query): WrittenFilters => ({
  state: states.find((one) => one === query.state),
  text: typeof query.text === 'string' ? query.text.slice(0, 200) : undefined,
})
