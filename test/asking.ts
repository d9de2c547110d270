/** Pages asked as somebody, each time with a session of its own, as a browser asks them. */
import type { LightMyRequestResponse } from 'fastify'
import type { Actor } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { App } from '../src/platform/http.ts'
import { cookieOf } from './belongings.ts'

export type Fields = Record<string, string> | [string, string][]

async function sessionOf(context: Context, who: Actor | null, lang: 'cs' | 'en') {
  const { cookie, csrf } = who ? await cookieOf(context, who) : { cookie: '', csrf: '' }
  return { cookie: lang === 'en' ? `lang=en; ${cookie}` : cookie, csrf }
}

/** `who` null: a visitor. */
export async function getAs(
  { app, context, lang = 'cs' }: { app: App; context: Context; lang?: 'cs' | 'en' },
  who: Actor | null,
  url: string,
): Promise<LightMyRequestResponse> {
  const { cookie } = await sessionOf(context, who, lang)
  return app.inject({ url, headers: { accept: 'text/html', cookie } })
}

/** A form with the session's token unless it has another. `then` is done between signing in and sending it. */
export async function postAs(
  { app, context, lang = 'cs' }: { app: App; context: Context; lang?: 'cs' | 'en' },
  who: Actor | null,
  url: string,
  fields: Fields = {},
  then: () => void = () => {},
): Promise<LightMyRequestResponse> {
  const { cookie, csrf } = await sessionOf(context, who, lang)
  then()
  const payload = new URLSearchParams(fields)
  if (!payload.has('_csrf')) payload.set('_csrf', csrf)
  return app.inject({
    method: 'POST',
    url,
    headers: { accept: 'text/html', cookie, 'content-type': 'application/x-www-form-urlencoded' },
    payload: payload.toString(),
  })
}
