/** Each way in which asking a source can fail; the words are `advisories.failure.*`. */
export const failures = [
  'address',
  'scheme',
  'private',
  'dns',
  'tls',
  'unreachable',
  'timeout',
  'too-large',
  'redirects',
  'status',
  'encoding',
  'truncated',
  'metadata',
  'key',
  'list',
  'content',
  'failed',
] as const
export type Failure = (typeof failures)[number]

export class FetchFailed extends Error {
  override name = 'FetchFailed'
  readonly reason: Failure
  /** The status of the answer, where there was one. */
  readonly status: number | null
  constructor(reason: Failure, said = '', status: number | null = null) {
    super(said.slice(0, 300))
    this.reason = reason
    this.status = status
  }
}
