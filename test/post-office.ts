/** A real SMTP server on loopback that keeps what it gets, and the context that modules are given. */
import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Context } from '../src/platform/context.ts'
import type { Database } from '../src/platform/database.ts'
import { tuesday } from './harness.ts'

export interface PostOffice {
  /** `smtp://127.0.0.1:PORT` */
  url: string
  port: number
  /** Everything accepted, in order of arrival. */
  mails: ParsedMail[]
  raw: string[]
  to(address: string): ParsedMail[]
  onConnection(see: (socket: Socket) => void): void
  clear(): void
  close(): Promise<void>
}

/** `port` 0 takes a free one; another lets a server come back where it was. */
export async function openPostOffice(options: SMTPServerOptions = {}, port = 0): Promise<PostOffice> {
  const mails: ParsedMail[] = []
  const raw: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onData: (stream, _session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const bytes = Buffer.concat(parts)
        simpleParser(bytes).then(
          (mail) => {
            mails.push(mail)
            raw.push(bytes.toString('utf8'))
            done()
          },
          (error: Error) => done(error),
        )
      })
    },
    ...options,
  })
  server.on('error', () => {})
  // Whoever keeps a connection for the next mail does not hold up the end of a test.
  const sockets = new Set<Socket>()
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const taken = (server.server.address() as AddressInfo).port
  const addressed = (mail: ParsedMail): string[] =>
    [mail.to ?? []].flat().flatMap((list) => list.value.map((one) => one.address ?? ''))
  return {
    url: `smtp://127.0.0.1:${taken}`,
    port: taken,
    mails,
    raw,
    to: (address) => mails.filter((mail) => addressed(mail).includes(address)),
    onConnection: (see) => server.server.on('connection', see),
    clear: () => {
      mails.length = 0
      raw.length = 0
    },
    close: () =>
      new Promise<void>((done) => {
        server.close(done)
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** The context of a test: a clock that stands until it is moved, and a log that is kept. */
export function testContext(
  db: Database,
  settings: Partial<Context['settings']> = {},
): Context & { at: (ms: number) => void; lines: object[] } {
  let now = tuesday
  const lines: object[] = []
  const keep = (fields: object): void => void lines.push(fields)
  return {
    db,
    bus: { on: () => () => {}, onAgain: () => () => {}, close: async () => {} },
    log: { info: keep, warn: keep, error: keep },
    settings: {
      baseUrl: 'https://hsoc.example',
      zone: 'Europe/Prague',
      secret: 'a-secret-for-tests-of-at-least-32-characters',
      coordinatorPhone: '+420 555 010 010',
      listsDir: null,
      rawDays: 90,
      demo: false,
      ...settings,
    },
    clock: () => now,
    at: (ms) => {
      now = ms
    },
    lines,
  }
}
