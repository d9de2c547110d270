/** What tests of the doors for programs begin with: written warnings, keys, and pages that also listen on loopback. */
import { openPages } from '../src/app.ts'
import { addKey } from '../src/modules/members/keys.ts'
import { revoke } from '../src/modules/warnings/written/revoke.ts'
import { asActor } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { App } from '../src/platform/http.ts'
import { contextOf } from './belongings.ts'
import { type Hospital, tuesday } from './harness.ts'
import { openWriting, type Writing } from './writing.ts'

export interface Exchange {
  stage: Writing
  context: Context
  app: App
  /** Where it listens; also its settled address. */
  base: string
  /** Moves the clock. */
  at(ms: number): void
  /** A key of this organisation, null the coordinators'. */
  key(org: Hospital | null, scopes: string[]): Promise<string>
  get(url: string, headers?: Record<string, string>): Promise<Awaited<ReturnType<App['inject']>>>
  /** Revoked by both coordinators, as an ordinary warning has to be. */
  revoked(id: number, reason: string, now: number): Promise<void>
  close(): Promise<void>
}

export async function openExchange(): Promise<Exchange> {
  const stage = await openWriting()
  let now = tuesday + 60_000
  const { context, stop } = contextOf(stage.db, () => now)
  const app = await openPages(context)
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  context.settings.baseUrl = base
  return {
    ...{ stage, context, app, base },
    at: (ms) => {
      now = ms
    },
    key: (org, scopes) =>
      asActor(stage.db, stage.karel, tuesday, async (tx) => {
        const wanted = {
          org: org?.id ?? null,
          label: `Program ${scopes.join(' ')}`,
          scopes,
          days: 365,
          perMinute: 600,
        }
        return (await addKey(tx, wanted, stage.karel, tuesday)).key
      }),
    get: async (url, headers = {}) => app.inject({ url, headers: { accept: '*/*', ...headers } }),
    revoked: async (id, reason, at) => {
      await revoke(stage.db, id, stage.karel, reason, at)
      await revoke(stage.db, id, stage.kveta, reason, at)
    },
    close: async () => {
      await app.close()
      await stop()
      await stage.close()
    },
  }
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` })
export const basic = (key: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`hospital:${key}`).toString('base64')}`,
})
