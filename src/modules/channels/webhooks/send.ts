/** Handing a message to an organisation's webhook: signed, bounded, never into our own networks, and switched off when nobody is there. */
import { AskFailed, type AskLimits, ask } from '../../../platform/ask.ts'
import type { Context } from '../../../platform/context.ts'
import { translator } from '../../../platform/i18n.ts'
import { publicAddressOf } from '../../../platform/public-addresses.ts'
import { unseal } from '../../../platform/seal.ts'
import type { Outcome, Outgoing, Way } from '../ways/way.ts'
import { failed, worked } from './dead-ends.ts'
import { bodyOf, type HookForm, mostBytes, signedHeaders } from './message.ts'
import { judgeUrl } from './webhooks.ts'

const usual: AskLimits = { wholeMs: 10_000, answerBytes: 4_096 }

interface Hook {
  id: number
  form: HookForm
  template: string
  url: string
  secret: string
  earlier: string | null
  earlierUntil: number | null
  language: 'cs' | 'en'
}

export function openWebhooks(context: Context, limits: Partial<AskLimits> = {}): Way {
  return {
    name: 'webhook',
    // The number of the message is the same at every try, by which the other side knows a second one.
    repeatable: true,
    hears: false,
    close: async () => {},
    send: async (message, to) => {
      const hook = await hookAt(context, to)
      if (!hook) return { kind: 'failed', about: 'message', said: 'the webhook is off' }
      const outcome = await tell(context, hook, message, { ...usual, ...limits })
      if (outcome.kind === 'sent') await worked(context, hook.id)
      else await failed(context, hook.id, outcome.said, context.clock())
      return outcome
    },
  }
}

async function hookAt({ db }: Context, to: string): Promise<Hook | undefined> {
  const { rows } = await db.engine.query<Hook & Record<string, unknown>>(
    `select id, form, template, sealed_url as url, sealed_secret as secret, sealed_earlier as earlier,
       (extract(epoch from earlier_until) * 1000)::float8 as "earlierUntil", language
     from webhooks where 'webhook:' || id = $1 and disabled_at is null`,
    [to],
  )
  return rows[0]
}

const refused = (said: string): Outcome => ({ kind: 'failed', about: 'message', said })
const later = (said: string): Outcome => ({ kind: 'failed', about: 'receiver', said })

async function tell(context: Context, hook: Hook, message: Outgoing, limits: AskLimits): Promise<Outcome> {
  const { settings } = context
  const now = context.clock()
  const address = unseal(settings, hook.url)
  const secrets = [hook.secret, ...(hook.earlier && (hook.earlierUntil ?? 0) > now ? [hook.earlier] : [])]
    .map((sealed) => unseal(settings, sealed))
    .filter((secret) => secret !== null)
  if (address === null || secrets.length === 0)
    return later('what is kept of the webhook does not open under HSOC_SECRET')
  const origins = settings.webhookOrigins ?? []
  const url = judgeUrl(address, origins)
  if (!url) return refused('the address is not allowed')
  const found = origins.includes(url.origin) ? null : await publicAddressOf(url)
  if (found && 'refused' in found)
    return found.refused === 'private'
      ? refused('the address is in a private network')
      : later('the host has no address')
  if (!message.content) return refused('there is nothing to say')
  const id = `msg_${message.id}`
  const body = bodyOf(hook.form, hook.template, message.content, {
    id,
    at: new Date(message.at ?? now).toISOString(),
    word: translator(hook.language)(`webhooks.event.${message.content.event}`),
  })
  if (Buffer.byteLength(body) > mostBytes) return refused('the message is too long')
  try {
    const question = {
      url: url.href,
      method: 'POST',
      headers: signedHeaders(secrets, { id, body, now }),
      body,
    }
    const { status, text } = await ask(question, limits, found?.address)
    return outcomeOf(status, text)
  } catch (error) {
    if (!(error instanceof AskFailed)) throw error
    return later(error.message)
  }
}

function outcomeOf(status: number, text: string): Outcome {
  const said = `${status} ${text.replace(/\s+/g, ' ').slice(0, 200)}`.trim()
  if (status >= 200 && status < 300) return { kind: 'sent', id: null, said }
  if (status === 408 || status === 429 || status >= 500) return later(said)
  return refused(said)
}
