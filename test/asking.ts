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

/** A program with somebody's session, or with a key where `who` is a text. `more` are headers over those that are right. */
export async function callAs(
  { app, context }: { app: App; context: Context },
  who: Actor | string | null,
  call: `${'GET' | 'POST' | 'PUT' | 'DELETE'} ${string}`,
  body?: object,
  more: Record<string, string> = {},
): Promise<LightMyRequestResponse> {
  const [method, url] = call.split(' ') as ['GET', string] // the type of `call` says both
  const session = who !== null && typeof who === 'object' ? await cookieOf(context, who) : null
  return app.inject({
    ...{ method, url: `/api/v1/${url}` },
    headers: {
      accept: 'application/json',
      ...(session ? { cookie: session.cookie, 'x-csrf-token': session.csrf } : {}),
      ...(typeof who === 'string' ? { authorization: `Bearer ${who}` } : {}),
      ...more,
    },
    ...(body ? { payload: body } : {}),
  })
}
