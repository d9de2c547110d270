/** Somebody's phone with an authenticator app, and their way through the pages of the front door. */
import type { LightMyRequestResponse } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import type { Actor } from '../src/platform/access.ts'
import { type Device, openDevice } from './device.ts'
import { type FrontDoor, password, tokenIn } from './front-door.ts'

/** Where the front door's passkeys belong. */
export const site = { origin: 'https://hsoc.example', rpId: 'hsoc.example' }

export interface SignedIn {
  cookie: string
  csrf: string
}

/** What the app shows for a secret at a moment (ms). */
export const codeAt = (secret: string, at: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 }).generate({ timestamp: at })

export const csrfIn = (body: string): string => /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? ''

/** The codes of a page, each once. */
export const codesIn = (body: string): string[] => [
  ...new Set(body.match(/\b[2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{4}\b/g)),
]

/** The cookie that an answer set, with the token of the forms on `page`. */
export async function sessionOf(
  door: FrontDoor,
  answer: LightMyRequestResponse,
  page = '/account/means',
): Promise<SignedIn> {
  const cookie = `lang=en; hsoc_session=${tokenIn(answer)}`
  return { cookie, csrf: csrfIn((await door.get(page, cookie)).body) }
}

/** Signs in by password alone, however far that reaches. */
export async function byPassword(door: FrontDoor, actor: Actor, page?: string): Promise<SignedIn> {
  return sessionOf(door, await door.knock(actor.email, password), page)
}

export interface Enrolled extends SignedIn {
  secret: string
  codes: string[]
}

/** Sets up the app with the form's buttons, as somebody signed in. The codes are those shown, if any. */
export async function enrol(door: FrontDoor, session: SignedIn): Promise<Enrolled> {
  const { cookie, csrf } = session
  await door.post('/account/totp', { _csrf: csrf }, { cookie })
  const shown = await door.get('/account/totp', cookie)
  const secret = (/([A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(shown.body)?.[0] ?? '').replaceAll(' ', '')
  const done = await door.post(
    '/account/totp/confirmation',
    { code: codeAt(secret, door.now), _csrf: csrf },
    { cookie },
  )
  return { ...(await sessionOf(door, done)), secret, codes: codesIn(done.body) }
}

export interface WithPasskey extends SignedIn {
  device: Device
  codes: string[]
}

/** The steps of a browser with passkeys at the front door. */
export function passkeysAt(door: FrontDoor) {
  const toAdd = async ({ cookie }: SignedIn) => (await door.get('/account/passkeys/options', cookie)).json()
  const toUse = async () => (await door.get('/sign-in/passkey/options')).json()
  const add = (session: SignedIn, answer: object, fields: Record<string, string> = {}) =>
    door.post(
      '/account/passkeys',
      { response: JSON.stringify(answer), _csrf: session.csrf, ...fields },
      { cookie: session.cookie },
    )
  const use = (answer: object | string, fields: Record<string, string> = {}, node = door.app) =>
    door.post(
      '/sign-in/passkey',
      { response: typeof answer === 'string' ? answer : JSON.stringify(answer), ...fields },
      {},
      node,
    )
  return {
    toAdd,
    toUse,
    add,
    use,
    /** Somebody signed in with a new passkey on their device. */
    async withPasskey(who: Actor, counts = true): Promise<WithPasskey> {
      const session = await byPassword(door, who)
      const device = openDevice(site, counts)
      const done = await add(session, device.make((await toAdd(session)).challenge), { name: 'work phone' })
      return { ...(await sessionOf(door, done)), device, codes: codesIn(done.body) }
    },
  }
}
