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
const warming = 60

export async function measureSignIn(_options: Options, say: (line: string) => void): Promise<Figure[]> {
  const stage = await openStage({ keys: 0 })
  try {
    const email = addressOnDuty(stage.organisations[0]?.slug ?? '')
    await choose(stage, email)
    const server = await startServer(stage)
    try {
      const [hashes, signIns, firsts]: [number[], number[], number[]] = [[], [], []]
      const known = await signIn(server, email, '')
      // By turns, so that what else the machine does falls on both alike.
      for (let round = 0; round < warming + rounds; round++) {
        const hashed = await hash()
        const signed = await signIn(server, email, known.device)
        const first = await signIn(server, email, '')
        if (round < warming) continue
        hashes.push(hashed)
        signIns.push(signed.ms)
        firsts.push(first.ms)
      }
      say(`${rounds} sign-ins of each kind`)
      return figuresOf(signIns, firsts, hashes)
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

interface SignedIn {
  ms: number
  /** The cookie by which the browser is known when it comes again. */
  device: string
}

/** Signs in from the browser that keeps `device`; empty: one that was never here, of which its owner is told by mail. */
function signIn({ httpPort }: Server, email: string, device: string): Promise<SignedIn> {
  const body = new URLSearchParams({ email, password }).toString()
  const from = performance.now()
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port: httpPort,
        method: 'POST',
        path: '/sign-in',
        agent,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'text/html',
          cookie: device,
        },
        timeout: 60_000,
      },
      (response) => {
        response.resume()
        const set = response.headers['set-cookie'] ?? []
        const kept = set.find((cookie) => cookie.startsWith('hsoc_device='))?.split(';')[0]
        response.on('end', () =>
          response.statusCode === 303 && kept
            ? resolve({ ms: since(from), device: kept })
            : reject(new Error(`signing in answered ${response.statusCode}`)),
        )
      },
    )
    request.on('timeout', () => request.destroy(new Error('no answer in a minute')))
    request.on('error', reject)
    request.end(body)
  })
}

function figuresOf(signIns: number[], firsts: number[], hashes: number[]): Figure[] {
  const ratio = (all: number[]): number => rounded(median(all) / median(hashes))
  const shared = { unit: '×', smaller: true }
  return [
    {
      ...shared,
      name: 'sign-in',
      what: 'a sign-in by password from a known browser until its answer, against one argon2 hash beside it; medians',
      value: ratio(signIns),
      must: 1.5,
      aim: 1.25,
      detail: { sign_in_ms: spread(signIns), hash_ms: spread(hashes) },
    },
    {
      ...shared,
      name: 'first sign-in',
      what: 'the same from a browser that was never here, whose owner is told by mail',
      value: ratio(firsts),
      must: 1.5,
      aim: 1.25,
      detail: { sign_in_ms: spread(firsts), hash_ms: spread(hashes) },
    },
  ]
}
