/** The providers of this installation and what they say of themselves (discovery), asked when first needed and kept. */
import type { Configuration } from 'openid-client'
import type { Context } from '../../../platform/context.ts'
import { Unavailable } from '../../../platform/errors.ts'
import type { Provider } from '../../../platform/providers.ts'

/** Read at its first use: installations and processes without providers need none of it. */
export const client = (): Promise<typeof import('openid-client')> => import('openid-client')

/** A person waits for each of these questions. */
const timeoutS = 5
/** Metadata and keys of a large provider have some 30 kB. */
const largest = 1_000_000
const keptMs = 3_600_000

export interface Doors {
  /** By its name, or null. */
  named(id: unknown): Provider | null
  /** Ready to be spoken to. Throws Unavailable when it does not answer in time or not as it should. */
  open(provider: Provider, now: number): Promise<Configuration>
}

interface Opened {
  at: number
  configuration: Promise<Configuration>
}

export function openDoors(context: Context): Doors {
  const opened = new Map<string, Opened>()
  const ask = (provider: Provider, now: number): Promise<Configuration> => {
    const configuration = discover(provider).catch((error: unknown) => {
      opened.delete(provider.id)
      context.log.warn({ err: error, provider: provider.id }, 'a provider of sign-in does not answer')
      throw new Unavailable('The provider of this sign-in does not answer.')
    })
    opened.set(provider.id, { at: now, configuration })
    return configuration
  }
  return {
    named: (id) => context.settings.providers?.find((one) => one.id === id) ?? null,
    open: (provider, now) => {
      const known = opened.get(provider.id)
      // Who comes while it is being asked waits for the same answer.
      return known && now - known.at < keptMs ? known.configuration : ask(provider, now)
    },
  }
}

async function discover({ issuer, clientId, clientSecret }: Provider): Promise<Configuration> {
  const { allowInsecureRequests, customFetch, discovery, enableNonRepudiationChecks } = await client()
  const isHere = issuer.startsWith('http:')
  const configuration = await discovery(new URL(issuer), clientId, clientSecret, undefined, {
    timeout: timeoutS,
    [customFetch]: fetchLittle,
    // The token's signature is looked at too, although it comes from the provider itself over TLS.
    execute: [enableNonRepudiationChecks, ...(isHere ? [allowInsecureRequests] : [])],
  })
  const { authorization_endpoint, token_endpoint, jwks_uri } = configuration.serverMetadata()
  if (!authorization_endpoint || !token_endpoint || !jwks_uri)
    throw new Error(`${issuer} does not say where it signs people in`)
  return configuration
}

/** An answer past `largest` is given up rather than held. */
export const fetchLittle = async (url: string, options: RequestInit): Promise<Response> => {
  const answer = await fetch(url, options)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of answer.body ?? []) {
    size += part.length
    if (size > largest) throw new TypeError(`The answer of ${new URL(url).host} is too large`)
    parts.push(part)
  }
  const isEmpty = [204, 205, 304].includes(answer.status)
  return new Response(isEmpty ? null : Buffer.concat(parts), {
    status: answer.status,
    headers: answer.headers,
  })
}
