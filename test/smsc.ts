/** A provider of short messages on loopback: the server's half of the library that the product uses. */
import type { AddressInfo } from 'node:net'
import { createServer, type Pdu, type Session } from 'smpp'

export interface Smsc {
  port: number
  /** What was submitted: the receiver's number and the text, in order. */
  taken: { to: string; text: string; receipt: number }[]
  /** How the next messages are answered: an SMPP status, nothing at all, or by cutting the line. */
  answer: number | 'silent' | 'cut'
  /** Sends a receipt or a message to whoever is bound; answers the status that came back. */
  deliver(options: object): Promise<number>
  close(): Promise<void>
}

export async function openSmsc(port = 0): Promise<Smsc> {
  const bound = new Set<Session>()
  const smsc: Smsc = {
    port,
    taken: [],
    answer: 0,
    deliver: (options) =>
      new Promise((done) => {
        const [session] = bound
        session?.deliver_sm(options, (pdu) => done(pdu.command_status))
      }),
    close: async () => {
      for (const session of bound) session.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
  const server = createServer({}, (session) => {
    session.on('error', () => session.destroy())
    session.on('close', () => bound.delete(session))
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
    session.on('bind_transceiver', (pdu: Pdu & { password: string }) => {
      const isRight = pdu.password === 'hush'
      if (isRight) bound.add(session)
      session.send(pdu.response({ command_status: isRight ? 0 : 0x0e }))
    })
    session.on(
      'submit_sm',
      (
        pdu: Pdu & {
          destination_addr: string
          registered_delivery: number
          short_message: { message: string }
        },
      ) => {
        smsc.taken.push({
          to: pdu.destination_addr,
          text: pdu.short_message.message,
          receipt: pdu.registered_delivery,
        })
        if (smsc.answer === 'silent') return
        if (smsc.answer === 'cut') return session.destroy()
        session.send(pdu.response({ command_status: smsc.answer, message_id: `M${smsc.taken.length}` }))
      },
    )
  })
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  smsc.port = (server.address() as AddressInfo).port
  return smsc
}
