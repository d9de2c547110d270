/** Answers that programs ask for again and again: with a tag and a time, and 304 for who has these very bytes (RFC 9110 13). */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Whether the reader has these very bytes already: `If-None-Match` with the tag among its list. RFC 9110 13.1.2. */
export const isHeld = (asked: string | undefined, etag: string): boolean =>
  (asked ?? '').split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')))

export interface File {
  body: string
  type: string
  /** When it last changed, ms since 1970; null for what has no such time. */
  modifiedAt: number | null
  /** Cache-Control. */
  keep: string
}

/** The strong tag of a text. */
const etagOf = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`

/** Sends the file, or 304 without it. */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: File): FastifyReply {
  const etag = etagOf(file.body)
  reply.header('etag', etag).header('cache-control', file.keep)
  if (file.modifiedAt !== null) reply.header('last-modified', new Date(file.modifiedAt).toUTCString())
  const { 'if-none-match': tags, 'if-modified-since': since } = request.headers
  const unchanged =
    tags === undefined ? isSince(file.modifiedAt, String(since ?? '')) : isHeld(String(tags), etag)
  return unchanged ? reply.status(304).send() : reply.type(file.type).send(file.body)
}

/** To the second, as the header is (RFC 9110 13.1.3); the tag, where one is named, decides alone. */
function isSince(modifiedAt: number | null, since: string): boolean {
  const asked = Date.parse(since)
  return modifiedAt !== null && !Number.isNaN(asked) && Math.floor(modifiedAt / 1000) * 1000 <= asked
}
