/** What a sign-in by password takes at the real program, against one argon2 hash beside it, which is its price by right. */
import http from 'node:http'
import { hashPassword } from '../src/platform/passwords.ts'
import { addressOnDuty, spread } from './reader.ts'
import type { Figure, Options } from './report.ts'
import { type Server, startServer } from './server.ts'
import { openStage, type Stage } from './stage.ts'
import { median, rounded, since } from './statistics.ts'

const password = 'four quiet green lamps of the bench'
const rounds = 200
const warming = 20

export async function measureSignIn(_options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0 })
  try {
    const email = addressOnDuty(stage.organisations[0]?.slug ?? '')
    await choose(stage, email)
    const server = await startServer(stage)
    try {
      const [hashes, signIns]: [number[], number[]] = [[], []]
      // By turns, so that what else the machine does falls on both alike.
      for (let round = 0; round < warming + rounds; round++) {
        const [hashed, signed] = [await hash(), await signIn(server, email)]
        if (round < warming) continue
        hashes.push(hashed)
        signIns.push(signed)
      }
      say(`${rounds} sign-ins`)
      return [figureOf(signIns, hashes)]
    } finally {
      await server.stop()
    }
  } finally {
    await stage.close()
  }
}

async function choose(stage: Stage, email: string): Promise<void> {
  await stage.owner.query('update people set password_hash = $2 where email = $1', [
    email,
    await hashPassword(password),
  ])
}

async function hash(): Promise<number> {
  const from = performance.now()
  await hashPassword(password)
  return since(from)
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

function signIn({ httpPort }: Server, email: string): Promise<number> {
  const body = new URLSearchParams({ email, password }).toString()
  const from = performance.now()
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }
    const request = http.request(
      {
        host: '127.0.0.1',
        port: httpPort,
        method: 'POST',
        path: '/sign-in',
        agent,
        headers,
        timeout: 60_000,
      },
      (response) => {
        response.resume()
        response.on('end', () =>
          response.statusCode === 303
            ? resolve(since(from))
            : reject(new Error(`signing in answered ${response.statusCode}`)),
        )
      },
    )
    request.on('timeout', () => request.destroy(new Error('no answer in a minute')))
    request.on('error', reject)
    request.end(body)
  })
}

const figureOf = (signIns: number[], hashes: number[]): Figure => ({
  name: 'sign-in',
  what: 'a sign-in by password until its answer, against one argon2 hash beside it; medians',
  value: rounded(median(signIns) / median(hashes)),
  unit: '×',
  must: 1.5,
  aim: 1.25,
  smaller: true,
  detail: { sign_in_ms: spread(signIns), hash_ms: spread(hashes) },
})
