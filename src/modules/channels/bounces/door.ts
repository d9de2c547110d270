/** A small mail server for returned mails alone: the operator's own server hands them over here. It sends nothing and keeps nothing. */
import type { Context } from '../../../platform/context.ts'
import { mostReturnedBytes, takeReturn } from './take.ts'
import { keyIn } from './verp.ts'

interface Door {
  port: number
  close(): Promise<void>
}

const mostClients = 20
const silenceMs = 60_000

const refusal = (code: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode: code })

/** Listens at `host:port` for mails to return paths under `base`; others are refused. Rejects when it cannot listen. */
export async function openBounceDoor(
  context: Context,
  { host, port, base }: { host: string; port: number; base: string },
): Promise<Door> {
  // Loaded where it is needed: most installations have no such door.
  const { SMTPServer } = await import('smtp-server')
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: mostReturnedBytes,
    maxClients: mostClients,
    socketTimeout: silenceMs,
    onRcptTo: ({ address }, { envelope }, done) => {
      if (keyIn(address, base) === null) return done(refusal(550, '5.1.1 Returned mails only'))
      // A return is about one mail; a list of guesses is none.
      if (envelope.rcptTo.length > 0) return done(refusal(452, '4.5.3 One recipient at a time'))
      return done()
    },
    onData: (stream, { envelope }, done) => {
      const parts: Buffer[] = []
      let size = 0
      stream.on('data', (part: Buffer) => {
        size += part.length
        if (size <= mostReturnedBytes) parts.push(part)
      })
      stream.on('end', () => {
        if (stream.sizeExceeded || size > mostReturnedBytes)
          return done(refusal(552, '5.3.4 Larger than a returned mail'))
        const to = envelope.rcptTo.map(({ address }) => address)
        return takeReturn(context.db, base, { to, raw: Buffer.concat(parts) }, context.clock()).then(
          () => done(),
          (error: unknown) => {
            context.log.warn({ err: error }, 'a returned mail could not be noted; its server will try again')
            done(refusal(451, '4.3.0 Try again later'))
          },
        )
      })
    },
  })
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(port, host, done)
  })
  server.on('error', (error) => context.log.warn({ err: error }, 'the door for returned mails'))
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => new Promise((done) => server.close(done)),
  }
}
