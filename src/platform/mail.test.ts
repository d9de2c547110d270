import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { afterEach, describe, expect, it } from 'vitest'
import { openPostOffice, type PostOffice } from '../../test/post-office.ts'
import { addressOf, MailFailed, oneLine, openTransport, type Transport } from './mail.ts'
import type { Mail } from './mail-bytes.ts'

const mail: Mail = {
  to: { name: 'Jana Nováková', address: 'jana@nemocnice.example' },
  subject: '[TLP:AMBER] HSOC-D-2026-000123 Útok na perimetru nikdo nezastavil',
  text: 'TLP:AMBER\nPříliš žluťoučký kůň\n',
  html: '<p>TLP:AMBER</p>',
  messageId: '<hsoc.1.abc@hsoc.example>',
  date: Date.UTC(2026, 2, 3, 8),
  headers: {
    'Auto-Submitted': 'auto-generated',
    'List-Id': '"hSOC" <warnings.hsoc.example>',
    'List-Unsubscribe': '<https://hsoc.example/u/abc>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'X-hSOC-Kind': 'new',
  },
}

const opened: { close(): Promise<void> | void }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function office(options: Parameters<typeof openPostOffice>[0] = {}): Promise<PostOffice> {
  const made = await openPostOffice(options)
  opened.push(made)
  return made
}

function transportTo(
  url: string,
  more: { dkim?: { domain: string; selector: string; keyFile: string } } = {},
): Transport {
  const made = openTransport(
    { smtpUrl: url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: more.dkim ?? null },
    { connectMs: 300, stepMs: 300, wholeMs: 1_500, replyBytes: 4_096, mailSize: 10_000 },
  )
  if (!made) throw new Error('a server was given')
  opened.push(made)
  return made
}

const failureOf = async (sending: Promise<unknown>): Promise<MailFailed> => {
  const error = await sending.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof MailFailed)) throw new Error(`expected a failure, got ${error}`)
  return error
}

/** A server that talks as it likes. */
async function rude(greet: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    greet(socket)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  opened.push({
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise<void>((done) => server.close(() => done()))
    },
  })
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a mail', () => {
  it('arrives as text and HTML with the fields by which programs know it', async () => {
    const at = await office()
    const reply = await transportTo(at.url).send(mail)
    expect(reply).toMatch(/^250/)
    const got = at.mails[0]
    expect(got?.subject).toBe(mail.subject)
    expect(got?.text).toContain('Příliš žluťoučký kůň')
    expect(got?.html).toContain('TLP:AMBER')
    expect(got?.messageId).toBe(mail.messageId)
    expect(got?.date).toEqual(new Date(mail.date))
    const raw = at.raw[0] ?? ''
    expect(raw).toContain('List-Unsubscribe: <https://hsoc.example/u/abc>\r\n')
    expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
    expect(raw).toMatch(/^List-Id: "hSOC" <warnings.hsoc.example>\r$/im)
    expect(raw).toContain('Auto-Submitted: auto-generated\r\n')
    expect(raw).toMatch(/Content-Type: multipart\/alternative/)
    expect(raw).not.toMatch(/X-Mailer/i)
  })

  it('is signed so that a stranger can verify it, both unsubscribe fields included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hsoc-dkim-'))
    opened.push({ close: () => rmSync(folder, { recursive: true }) })
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const keyFile = join(folder, 'key.pem')
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const at = await office()
    await transportTo(at.url, { dkim: { domain: 'hsoc.example', selector: 's1', keyFile } }).send(mail)
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    const result = await dkimVerify(Buffer.from(at.raw[0] ?? ''), {
      resolver: async (name: string) => {
        if (name === 's1._domainkey.hsoc.example') return [[`v=DKIM1; k=rsa; p=${key}`]]
        throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
      },
    })
    expect(result.results[0]?.status.result).toBe('pass')
    expect(at.raw[0]).toMatch(/h=[^;]*List-Unsubscribe:[\s]*List-Unsubscribe-Post/i)
  })
})

describe('a connection', () => {
  /** A server that notes its connections. */
  const noting = async () => {
    const sockets: Socket[] = []
    const at = await office()
    at.onConnection((socket) => sockets.push(socket))
    return { at, sockets }
  }

  it('serves one mail after the other, and mails at once have one each', async () => {
    const { at, sockets } = await noting()
    const way = transportTo(at.url)
    for (let n = 0; n < 5; n++) await way.send(mail)
    expect(sockets).toHaveLength(1)
    await Promise.all([1, 2, 3].map(() => way.send(mail)))
    expect(sockets).toHaveLength(3)
    expect(at.mails).toHaveLength(8)
  })

  it('that the server ended while it lay idle is replaced, and no mail is lost or sent twice', async () => {
    const { at, sockets } = await noting()
    const way = transportTo(at.url)
    await way.send(mail)
    const gone = new Promise((done) => sockets[0]?.once('close', done))
    sockets[0]?.destroy()
    await gone
    await way.send(mail)
    expect(sockets).toHaveLength(2)
    expect(at.mails).toHaveLength(2)
  })

  it('whose mail was refused does not stop the next', async () => {
    const at = await office({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('no') ? Object.assign(new Error('nobody'), { responseCode: 550 }) : null),
    })
    const way = transportTo(at.url)
    await way.send(mail)
    const refused = way.send({ ...mail, to: { address: 'nobody@nemocnice.example' } })
    expect(await failureOf(refused)).toMatchObject({ kind: 'permanent', code: 'recipient' })
    await way.send(mail)
    expect(at.mails).toHaveLength(2)
  })
})

describe('an encrypted way', () => {
  it.each(['smtps', 'starttls'])(
    'by %s is used, and a certificate of a stranger is refused unless allowed',
    async (way) => {
      const at = await office(way === 'smtps' ? { secure: true } : { disabledCommands: ['AUTH'] })
      const url = way === 'smtps' ? at.url.replace('smtp:', 'smtps:') : at.url
      const refused = await failureOf(transportTo(url).send(mail))
      expect(refused.kind).toBe('temporary')
      expect(refused.message).toMatch(/certificate/i)
      expect(await transportTo(`${url}?tls.rejectUnauthorized=false`).send(mail)).toMatch(/^250/)
      expect(at.raw).toHaveLength(1)
    },
  )
})

describe('failures have names', () => {
  it.each([
    [451, 'temporary', 'server'],
    [550, 'permanent', 'recipient'],
  ])('a %i to the recipient is %s', async (responseCode, kind, code) => {
    const at = await office({
      onRcptTo: (_a, _s, done) => done(Object.assign(new Error('no'), { responseCode })),
    })
    expect(await failureOf(transportTo(at.url).send(mail))).toMatchObject({ kind, code })
  })

  it.each([
    [452, 'temporary', 'server'],
    [552, 'permanent', 'content'],
  ])('a %i to the content is %s', async (responseCode, kind, code) => {
    const at = await office({
      onData: (stream, _s, done) => {
        stream.resume()
        stream.on('end', () => done(Object.assign(new Error('no'), { responseCode })))
      },
    })
    expect(await failureOf(transportTo(at.url).send(mail))).toMatchObject({ kind, code })
  })

  it('a refused sign-in may be put right, so the mail is kept', async () => {
    const at = await office({
      disabledCommands: ['STARTTLS'],
      onAuth: (_a, _s, done) => done(Object.assign(new Error('wrong'), { responseCode: 535 })),
    })
    const url = at.url.replace('smtp://', 'smtp://user:secret@')
    const failed = await failureOf(transportTo(url).send(mail))
    expect(failed).toMatchObject({ kind: 'temporary', code: 'sign-in' })
    expect(failed.message).not.toContain('secret')
  })

  it('a server that is away, silent, endless or dripping holds us only for a while', async () => {
    const gone = await office()
    await gone.close()
    const silent = await rude(() => {})
    const endless = await rude((socket) => socket.write('220-x\r\n'.repeat(20_000)))
    const dripping = await rude((socket) => {
      const timer = setInterval(() => socket.write('220-still here\r\n'), 100)
      socket.on('close', () => clearInterval(timer))
    })
    const closing = await rude((socket) => socket.end('220 hello\r\n'))
    expect(await failureOf(transportTo(gone.url).send(mail))).toMatchObject({
      kind: 'temporary',
      code: 'connection',
    })
    expect(await failureOf(transportTo(silent).send(mail))).toMatchObject({
      kind: 'temporary',
      code: 'timeout',
    })
    for (const url of [endless, dripping, closing])
      expect((await failureOf(transportTo(url).send(mail))).kind).toBe('temporary')
  })

  it('nothing is sent that would break out of its header field or name a second recipient', async () => {
    const at = await office()
    const way = transportTo(at.url)
    const bad: Partial<Mail>[] = [
      { subject: 'x\r\nBcc: a@b.example' },
      { to: { name: 'x\nBcc: a@b.example', address: 'a@b.example' } },
      { to: { address: 'a@b.example, c@d.example' } },
      { to: { address: 'a@b.example>\r\nRCPT TO:<c@d.example' } },
      { to: { address: 'no address' } },
      { headers: { 'X-hSOC-Kind': 'new\r\nX-Evil: 1' } },
      { references: ['<a@b>\r\nX-Evil: 1'] },
      { text: 'x'.repeat(20_000) },
    ]
    for (const part of bad) expect((await failureOf(way.send({ ...mail, ...part }))).kind).toBe('refused')
    expect(at.mails).toHaveLength(0)
  })

  it('one line is one line, whatever goes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const line = oneLine(text)
        expect(line.length).toBeLessThanOrEqual(250)
        expect(/[\r\n\0\u2028]/.test(line)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })
})

it('without a server there is no way out, and a sender is read with or without a name', () => {
  expect(openTransport({ smtpUrl: null, mailFrom: 'a@b.example', dkim: null })).toBeNull()
  expect([addressOf('hSOC <a@b.example>'), addressOf(' a@b.example ')]).toEqual([
    'a@b.example',
    'a@b.example',
  ])
})
