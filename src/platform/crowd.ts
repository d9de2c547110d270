/** Open doors for programs: how often one address may ask in a minute, on this node. A fetcher that begins anew asks three times for each document. */
import type { FastifyReply, FastifyRequest } from 'fastify'

const minuteMs = 60_000
/** Beyond so many addresses in a minute nobody new is counted: it is a flood, and counting it would only cost memory. */
const mostAddresses = 20_000

/** Answers 429 and says so, when this address asks more than `perMinute` times. */
export function openCrowd(perMinute: number): (request: FastifyRequest, reply: FastifyReply) => boolean {
  let asked = new Map<string, number>()
  let minute = 0
  return (request, reply) => {
    const now = Math.floor(request.now / minuteMs)
    if (now !== minute) asked = new Map()
    minute = now
    const n = (asked.get(request.ip) ?? 0) + 1
    if (n > 1 || asked.size < mostAddresses) asked.set(request.ip, n)
    if (n <= perMinute) return false
    reply
      .status(429)
      .header('retry-after', String(Math.ceil((minuteMs - (request.now % minuteMs)) / 1000)))
      .send({ error: 'slow-down', message: 'This address has asked too often in this minute.' })
    return true
  }
}
