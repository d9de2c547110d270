/**
 * Short messages by SMPP 3.4: one bound session, made when it is needed and made again when it is lost. Receipts and replies come
 * in by it; each is acknowledged only after it is kept, so that the provider repeats what we could not keep.
 */
import type { Pdu, Session } from 'smpp'
import type { Outcome, Way } from '../ways/way.ts'

export interface SmppAccess {
  host: string
  port: number
  secure: boolean
  user: string
  password: string
  /** What receivers see as the sender; empty: what the provider sets. */
  from: string
}

/** What comes in by the session; a rejection lets the provider try again. */
export interface Incoming {
  receipt(id: string, state: string): Promise<unknown>
  reply(from: string, text: string): Promise<unknown>
}

interface Waits {
  connectMs: number
  answerMs: number
  linkMs: number
}

const usual: Waits = { connectMs: 10_000, answerMs: 10_000, linkMs: 30_000 }

/** Codes by which a provider says that it is at fault, or that there is too much (SMPP 3.4, 5.1.3). */
const providersFault = new Set([0x04, 0x08, 0x14, 0x58, 0x64])
const mostWaiting = 20

type Answer = Pdu | 'silent' | 'cut' | 'unsent'

/** Sends by the provider of `access`. */
export function openSmpp(access: SmppAccess, incoming: Incoming, waits: Partial<Waits> = {}): Way {
  const { connectMs, answerMs, linkMs } = { ...usual, ...waits }
  let bound: Promise<Session | null> | null = null
  let underWay = 0

  const bind = async (): Promise<Session | null> => {
    const { connect } = await import('smpp')
    return new Promise((done) => {
      const session = connect({ host: access.host, port: access.port, tls: access.secure })
      const end = (result: Session | null): void => {
        clearTimeout(timer)
        if (result === null) session.destroy()
        done(result)
      }
      const timer = setTimeout(() => end(null), connectMs)
      session.on('error', () => session.destroy())
      session.on('close', () => {
        bound = null
        end(null)
      })
      session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
      session.on('deliver_sm', (pdu: Pdu) => take(session, pdu, incoming))
      session.once(access.secure ? 'secureConnect' : 'connect', () =>
        session.bind_transceiver({ system_id: access.user, password: access.password }, (pdu) =>
          end(pdu.command_status === 0 ? session : null),
        ),
      )
    })
  }

  const session = async (): Promise<Session | null> => {
    bound ??= bind()
    const made = await bound
    if (made === null) bound = null
    else watch(made, linkMs, answerMs)
    return made
  }

  return {
    name: 'sms',
    repeatable: false,
    // Nobody can answer a name.
    hears: !/[A-Za-z]/.test(access.from),
    probe: async () => (await session()) !== null,
    send: async ({ text }, to) => {
      if (underWay >= mostWaiting)
        return { kind: 'failed', about: 'provider', said: 'too many messages wait for an answer' }
      const open = await session()
      if (open === null) return { kind: 'failed', about: 'connection', said: 'no SMPP session' }
      underWay++
      return submit(open, access, { text, to }, answerMs)
        .then(outcomeOf)
        .finally(() => underWay--)
    },
    close: async () => {
      const open = await bound?.catch(() => null)
      open?.destroy()
    },
  }
}

const watched = new WeakSet<Session>()

/** Asks an idle session whether it is there; one that does not answer is ended. */
function watch(session: Session, linkMs: number, answerMs: number): void {
  if (watched.has(session)) return
  watched.add(session)
  const timer = setInterval(() => {
    const late = setTimeout(() => session.destroy(), answerMs)
    session.enquire_link(() => clearTimeout(late))
    session.once('close', () => clearTimeout(late))
  }, linkMs)
  timer.unref()
  session.once('close', () => clearInterval(timer))
}

function submit(
  session: Session,
  { from }: SmppAccess,
  { text, to }: { text: string; to: string },
  answerMs: number,
): Promise<Answer> {
  return new Promise((done) => {
    const timer = setTimeout(() => done('silent'), answerMs)
    const cut = (): void => done('cut')
    session.once('close', cut)
    const isWritten = session.submit_sm(
      {
        destination_addr: to.replace(/^\+/, ''),
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        ...(from ? { source_addr: from, source_addr_ton: /^\d+$/.test(from) ? 1 : 5 } : {}),
        registered_delivery: 1,
        short_message: text,
      },
      (pdu) => {
        clearTimeout(timer)
        session.removeListener('close', cut)
        done(pdu)
      },
    )
    if (!isWritten) {
      clearTimeout(timer)
      session.removeListener('close', cut)
      done('unsent')
    }
  })
}

function outcomeOf(answer: Answer): Outcome {
  // It was written to the provider: whether it went out nobody can say.
  if (answer === 'silent') return { kind: 'unknown', said: 'the provider did not answer' }
  if (answer === 'cut') return { kind: 'unknown', said: 'the connection ended before the answer' }
  if (answer === 'unsent') return { kind: 'failed', about: 'connection', said: 'the connection had ended' }
  const status = answer.command_status
  if (status === 0)
    return { kind: 'sent', id: answer.message_id ?? null, said: `id ${answer.message_id ?? ''}` }
  const said = `SMPP status 0x${status.toString(16).padStart(8, '0')}`
  return { kind: 'failed', about: providersFault.has(status) ? 'provider' : 'message', said }
}

const textOf = ({ short_message: message }: Pdu): string => {
  const held = typeof message === 'string' ? message : message?.message
  return Buffer.isBuffer(held) ? held.toString('latin1') : (held ?? '')
}

const receiptType = 0x04
const typeBits = 0x3c
const states = ['', 'ENROUTE', 'DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'ACCEPTD', 'UNKNOWN', 'REJECTD']
const systemError = 0x08

async function take(session: Session, pdu: Pdu, incoming: Incoming): Promise<void> {
  const text = textOf(pdu)
  const isReceipt = ((pdu.esm_class ?? 0) & typeBits) === receiptType
  const work = isReceipt
    ? incoming.receipt(
        (pdu.receipted_message_id ?? /\bid:\s*(\S+)/i.exec(text)?.[1] ?? '').replace(/\0/g, ''),
        states[pdu.message_state ?? 0] || (/\bstat:\s*(\w+)/i.exec(text)?.[1] ?? '').toUpperCase(),
      )
    : incoming.reply(String(pdu.source_addr ?? ''), text)
  const status = await work.then(
    () => 0,
    () => systemError,
  )
  session.send(pdu.response({ command_status: status }))
}
