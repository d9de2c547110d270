/** `hsoc watch`: run on another machine than the installation, it tells people when the installation does not answer. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { openGateway } from '../modules/channels/sms/gateway.ts'
import { ask } from '../platform/ask.ts'
import { loadConfig } from '../platform/config.ts'
import { iso } from '../platform/dates.ts'
import { translator } from '../platform/i18n.ts'
import { addressOf, openTransport } from '../platform/mail.ts'
import { type Call, type Command, Misuse, unreadable } from './command.ts'
import { after, fresh, isMail, type News, peopleIn, type Watched } from './watching.ts'

const limits = { wholeMs: 10_000, answerBytes: 65_536 }

/** Tells one person; throws when it did not go out. */
type Tell = (to: string, news: News, since: number, now: number) => Promise<void>

function number(call: Call, flag: string, usual: number, most: number): number {
  const said = call.text(flag)
  if (said === undefined) return usual
  if (!/^\d{1,5}$/.test(said) || Number(said) < 1 || Number(said) > most)
    throw new Misuse(call.t('cli.watch_number', { flag, most }))
  return Number(said)
}

function listOf(call: Call, file: string): string[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error, call.t)
  }
  const found = peopleIn(text)
  if ('wrong' in found) throw new Misuse(call.t('cli.watch_line', { line: found.wrong }))
  if (found.people.length === 0) throw new Misuse(call.t('cli.watch_nobody', { file }))
  return found.people
}

/** By mail and by the gateway of this machine's own configuration; every message says it in both languages. */
function teller(call: Call, url: string, people: string[]): Tell {
  const { t } = call
  const config = loadConfig()
  const transport = openTransport(config)
  const gateway = config.sms?.by === 'http' ? openGateway(config.sms) : null
  if (people.some(isMail) && !transport) throw new Misuse(t('cli.watch_no_mail'))
  if (!people.every(isMail) && !gateway) throw new Misuse(t('cli.watch_no_sms'))
  const host = new URL(url).host
  return async (to, news, since, now) => {
    const said = (lang: 'cs' | 'en', what: string): string =>
      translator(lang)(`cli.watch_${news}_${what}`, { host, since: iso(since), now: iso(now) })
    if (!isMail(to)) {
      const outcome = await gateway?.send(
        { id: now, text: said('cs', 'short'), number: '', path: '/', urgent: true, thread: '' },
        to,
      )
      if (outcome?.kind === 'failed') throw new Error(outcome.said)
      return
    }
    const text = `${said('cs', 'text')}\n\n${said('en', 'text')}\n`
    await transport?.send({
      to: { address: to },
      subject: `${said('cs', 'short')} / ${said('en', 'short')}`,
      text,
      html: `<pre>${text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`)}</pre>`,
      messageId: `<${randomUUID()}@${addressOf(config.mailFrom).split('@').at(-1)}>`,
      date: now,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
  }
}

async function answers(url: string): Promise<boolean> {
  const found = await ask({ url, method: 'GET', headers: {}, body: '' }, limits).catch(() => null)
  return found?.status === 200
}

async function tellWaiting(call: Call, state: Watched, since: number, tell: Tell): Promise<void> {
  for (const [to, news] of [...state.waiting])
    try {
      await tell(to, news, since, call.terminal.now())
      state.waiting.delete(to)
    } catch (error) {
      call.terminal.err(call.t('cli.watch_untold', { to, why: (error as Error).message }))
    }
}

async function watch(call: Call): Promise<number> {
  const { terminal, t } = call
  const base = URL.parse(call.operands[0] ?? '')
  if (!base || !/^https?:$/.test(base.protocol)) throw new Misuse(t('cli.watch_url'))
  const url = new URL('/health/ready', base).href
  const people = listOf(call, call.text('to') ?? '')
  const everyMs = number(call, 'every', 60, 3_600) * 1_000
  const misses = number(call, 'misses', 5, 100)
  const tell = teller(call, url, people)
  let state = fresh()
  let since = 0
  terminal.err(t('cli.watch_begins', { host: base.host, n: people.length }))
  const { signal, stop } = untilEnded()
  while (!signal.aborted) {
    const before = state
    state = after(state, await answers(url), people, misses, everyMs, terminal.now())
    since = state.downSince ?? since
    if (state.downSince !== before.downSince)
      terminal.err(t(state.downSince === null ? 'cli.watch_back' : 'cli.watch_gone', { host: base.host }))
    await tellWaiting(call, state, since, tell)
    await setTimeout(everyMs, undefined, { signal }).catch(() => {})
  }
  stop()
  return 0
}

/** Aborted by Ctrl-C or by the service that ends us. */
function untilEnded(): { signal: AbortSignal; stop: () => void } {
  const ending = new AbortController()
  const end = (): void => ending.abort()
  process.once('SIGINT', end).once('SIGTERM', end)
  return { signal: ending.signal, stop: () => process.off('SIGINT', end).off('SIGTERM', end) }
}

export const watchCommands: Command[] = [
  {
    words: 'watch',
    operands: ['URL'],
    flags: {
      to: { value: 'FILE', needed: true },
      every: { value: 'SECONDS' },
      misses: { value: 'N' },
    },
    run: watch,
  },
]
