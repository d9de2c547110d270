/**
 * A mail server that keeps what it is given: mails of the demonstration go into files and onto a page, never out of
 * this machine. Speaks as much SMTP (RFC 5321) as our own sender needs.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { readMail } from './mail-text.ts'

export interface MailSink {
  smtpPort: number
  pagePort: number
  close(): Promise<void>
}

const longest = 10_000_000

export async function openMailSink(folder: string, pagePort: number): Promise<MailSink> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const smtp = net.createServer((socket) => converse(socket, folder))
  const page = http.createServer((request, response) => show(folder, request.url ?? '/', response))
  return {
    smtpPort: await listening(smtp, 0),
    pagePort: await listening(page, pagePort),
    close: async () => {
      page.closeAllConnections()
      await Promise.all([smtp, page].map((server) => new Promise<void>((done) => server.close(() => done()))))
    },
  }
}

function listening(server: net.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port))
  })
}

/** One sender: commands line by line, and after DATA a mail up to the lone dot. */
function converse(socket: net.Socket, folder: string): void {
  let buffer = ''
  let mail: string | null = null
  const say = (line: string): void => void socket.write(`${line}\r\n`)
  const answers: Record<string, () => void> = {
    EHLO: () => say('250-hsoc-demo\r\n250-8BITMIME\r\n250 SMTPUTF8'),
    HELO: () => say('250 hsoc-demo'),
    MAIL: () => say('250 2.1.0 ok'),
    RCPT: () => say('250 2.1.5 ok'),
    RSET: () => say('250 2.0.0 ok'),
    NOOP: () => say('250 2.0.0 ok'),
    DATA: () => {
      mail = ''
      say('354 go on')
    },
    QUIT: () => socket.end('221 2.0.0 bye\r\n'),
  }
  socket.setEncoding('latin1').setTimeout(60_000, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('data', (text: string) => {
    buffer += text
    if (buffer.length > longest) return socket.destroy()
    for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
      const line = buffer.slice(0, end)
      buffer = buffer.slice(end + 2)
      if (mail === null) (answers[line.slice(0, 4).toUpperCase()] ?? (() => say('502 5.5.1 not here')))()
      else if (line === '.') {
        const name = keep(folder, mail)
        mail = null
        say(`250 2.0.0 kept as ${name}`)
      } else {
        mail += `${line.startsWith('..') ? line.slice(1) : line}\r\n`
        if (mail.length > longest) return socket.destroy()
      }
    }
  })
  say('220 hsoc-demo')
}

const numbers = (folder: string): number[] =>
  readdirSync(folder).flatMap((name) => (/^\d{5}\.eml$/.test(name) ? [Number.parseInt(name, 10)] : []))

function keep(folder: string, mail: string): string {
  const name = `${String(Math.max(0, ...numbers(folder)) + 1).padStart(5, '0')}.eml`
  writeFileSync(path.join(folder, name), Buffer.from(mail, 'latin1'), { mode: 0o600 })
  return name
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

const frame = (title: string, body: string): string =>
  `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;padding:.3rem .8rem .3rem 0;vertical-align:top}
pre{white-space:pre-wrap}iframe{width:100%;height:70vh;border:1px solid #888}</style><h1>${escaped(title)}</h1>${body}`

const mostShown = 500

function show(folder: string, url: string, response: http.ServerResponse): http.ServerResponse {
  const [, number, html] = /^\/(\d{1,5})(\/html)?$/.exec(url) ?? []
  const send = (
    status: number,
    text: string,
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
  ): http.ServerResponse =>
    response
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
      .end(text)
  if (number === undefined) return url === '/' ? send(200, index(folder)) : send(404, frame('404', ''))
  try {
    const mail = readMail(readFileSync(path.join(folder, `${number.padStart(5, '0')}.eml`), 'latin1'))
    if (html)
      return send(
        200,
        mail.html ?? '',
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'",
      )
    const facts = `<p>${escaped(mail.from)} → ${escaped(mail.to)}<br>${escaped(mail.date)}</p>`
    const shown =
      mail.html === null
        ? ''
        : `<iframe src="/${number}/html" title="HTML" sandbox="allow-popups allow-top-navigation"></iframe>`
    return send(
      200,
      frame(
        mail.subject,
        `<p><a href="/">←</a></p>${facts}${shown}<h2>text/plain</h2><pre>${escaped(mail.text ?? '')}</pre>`,
      ),
    )
  } catch {
    return send(404, frame('404', ''))
  }
}

function index(folder: string): string {
  const newest = numbers(folder)
    .sort((a, b) => b - a)
    .slice(0, mostShown)
  const rows = newest.map((number) => {
    const mail = readMail(readFileSync(path.join(folder, `${String(number).padStart(5, '0')}.eml`), 'latin1'))
    return `<tr><td>${escaped(mail.date)}<td>${escaped(mail.to)}<td><a href="/${number}">${escaped(mail.subject)}</a>`
  })
  return frame('hSOC demo: mails', `<table>${rows.join('')}</table>${rows.length === 0 ? '<p>–</p>' : ''}`)
}
