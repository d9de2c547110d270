/** A real SMTP server on loopback that notes when it accepted each mail; what they say is read afterwards. */
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export interface Mail {
  to: string
  /** Reading of `performance.now()` at the end of its data, just before our "250". */
  at: number
  text: string
  /** Its Message-ID. */
  id: string
}

export interface PostOffice {
  url: string
  /** How many were accepted so far. */
  count(): number
  /** Everything accepted so far. */
  mails(): Promise<Mail[]>
  close(): Promise<void>
}

export async function openPostOffice(): Promise<PostOffice> {
  const kept: { to: string; at: number; bytes: Buffer }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const at = performance.now()
        for (const { address } of session.envelope.rcptTo)
          kept.push({ to: address, at, bytes: Buffer.concat(parts) })
        done()
      })
    },
  })
  server.on('error', () => {})
  // As servers of mail do: its answers to commands that came together would else wait 40 ms for each other's receipt.
  server.server.on('connection', (socket) => socket.setNoDelay(true))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    count: () => kept.length,
    mails: () =>
      Promise.all(
        kept.map(async ({ to, at, bytes }) => {
          const { text = '', messageId: id = '' } = await simpleParser(bytes)
          return { to, at, text, id }
        }),
      ),
    close: () => new Promise<void>((done) => server.close(done)),
  }
}
