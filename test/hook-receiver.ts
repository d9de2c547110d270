/** A program that takes webhooks, on loopback, with the verifier that docs/webhooks.md gives to those who write one. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Actor } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { App } from '../src/platform/http.ts'
import { cookieOf } from './belongings.ts'

interface Got {
  path: string
  headers: IncomingHttpHeaders
  text: string
  body: Record<string, unknown> & { warning?: Record<string, unknown> }
}

export type IsOurs = (secret: string, headers: IncomingHttpHeaders, body: string, now: number) => boolean

export interface HookReceiver {
  origin: string
  got: Got[]
  /** How the next messages are answered, and with what. */
  status: number
  more: string
  /** Forgets what came and answers well again. */
  clear(): void
  close(): Promise<void>
}

export async function openHookReceiver(): Promise<HookReceiver> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString('utf8')
    receiver.got.push({ path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) })
    response.writeHead(receiver.status, { location: 'http://127.0.0.1:9/' }).end(receiver.more)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const receiver: HookReceiver = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got: [],
    status: 200,
    more: 'ok',
    clear: () => {
      receiver.got.length = 0
      receiver.status = 200
      receiver.more = 'ok'
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
  return receiver
}

/** The verifier as receivers copy it from the document. */
export async function documented(): Promise<IsOurs> {
  const text = readFileSync(new URL('../docs/webhooks.md', import.meta.url), 'utf8')
  const code = /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
  const made = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { isOurs: IsOurs } // the document exports it
  return made.isOurs
}

/** What the form for a new webhook holds. */
export const hookFields = (org: number, origin: string): Record<string, string> => ({
  org: String(org),
  name: 'Dohled',
  form: 'signed',
  url: `${origin}/hsoc`,
  events: 'written',
  least: '1',
  language: 'cs',
})

/** Each is refused, whatever else stands in the form. */
export const wrongFields: Record<string, string>[] = [
  { name: '' },
  { form: 'x' },
  { events: 'x' },
  { least: '9' },
  { form: 'template', template: '{title}' },
  { form: 'template', template: '"{title}"' },
]

/** Sends a form as somebody. */
export async function postForm(
  app: App,
  context: Context,
  by: Actor,
  url: string,
  fields: Record<string, string>,
) {
  const { cookie, csrf } = await cookieOf(context, by)
  return app.inject({
    method: 'POST',
    url,
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _csrf: csrf, ...fields }).toString(),
  })
}
