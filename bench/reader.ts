/** A person at the pages' port: signed in, asking for pages one after another, and hearing the news of open pages. */
import http from 'node:http'
import { hashToken, newToken } from '../src/platform/sessions.ts'
import type { Server } from './server.ts'
import type { Stage } from './stage.ts'
import { quantile, rounded, since } from './statistics.ts'

export interface Page {
  status: number
  ms: number
  text: string
}

export interface Reader {
  /** A page and the milliseconds until its last byte. Throws for any answer but 200. */
  get(path: string): Promise<Page>
  /** Follows `/live`; answers, when the stream stands, how to leave it. */
  follow(heard: (topic: string) => void): Promise<() => void>
  close(): void
}

/** Opens a session as a sign-in would have, without its password, whose slowness is wanted and not measured here. */
export async function openReader(stage: Stage, server: Server, person: number): Promise<Reader> {
  const token = newToken()
  await stage.owner.query(
    `insert into sessions (token_hash, person_id, csrf, created_at, seen_at, expires_at, address, agent, ways)
     values ($1, $2, $3, now(), now(), now() + interval '12 hours', '127.0.0.1', 'bench', '{passkey}')`,
    [hashToken(token), person, newToken()],
  )
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const headers = { cookie: `hsoc_session=${token}; lang=cs`, accept: 'text/html' }
  const ask = { host: '127.0.0.1', port: server.httpPort, headers }
  return {
    get: async (path) => {
      const from = performance.now()
      const { status, text } = await answerOf(http.get({ ...ask, path, agent, timeout: 60_000 }))
      if (status !== 200) throw new Error(`${path} answered ${status}: ${text.slice(0, 200)}`)
      return { status, ms: since(from), text }
    },
    follow: (heard) => follow(http.get({ ...ask, path: '/live', agent: false }), heard),
    close: () => agent.destroy(),
  }
}

/** The person who is on duty at an organisation of the stage. */
export async function personOnDuty(stage: Stage, slug: string): Promise<number> {
  const { rows } = await stage.owner.query<{ id: number }>('select id from people where email = $1', [
    addressOnDuty(slug),
  ])
  return rows[0]?.id as number
}

export const addressOnDuty = (slug: string): string => `sluzba@${slug}.example`

function answerOf(request: http.ClientRequest): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request.on('timeout', () => request.destroy(new Error('no answer in a minute')))
    request.on('error', reject)
    request.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', reject)
    })
  })
}

function follow(request: http.ClientRequest, heard: (topic: string) => void): Promise<() => void> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      if (response.statusCode !== 200) return reject(new Error(`/live answered ${response.statusCode}`))
      let rest = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        const parts = (rest + piece).split('\n\n')
        rest = parts.pop() ?? ''
        for (const part of parts) {
          const topic = /^data: \{"topic":"(\w+)"\}$/m.exec(part)?.[1]
          if (topic) heard(topic)
        }
      })
      response.on('error', () => {})
      resolve(() => request.destroy())
    })
  })
}

/** Milliseconds as the tables show them. */
export const spread = (times: number[]): { n: number; p50: number; p95: number; p99: number } => ({
  n: times.length,
  p50: rounded(quantile(times, 0.5)),
  p95: rounded(quantile(times, 0.95)),
  p99: rounded(quantile(times, 0.99)),
})
