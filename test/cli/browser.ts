/** A browser's few requests to a program on this machine, over HTTP or over HTTPS with the certificate it trusts. */
import http from 'node:http'
import https from 'node:https'
import { codeAt, csrfIn } from '../signing-in.ts'

export interface Page {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

interface Asked {
  ca?: string
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

export function ask(url: string, { ca, method = 'GET', headers = {}, body = '' }: Asked = {}): Promise<Page> {
  const { request } = url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers, agent: false, timeout: 20_000, ...(ca ? { ca } : {}) },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => (text += part))
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
        )
      },
    )
    sent.on('timeout', () => sent.destroy(new Error(`no answer from ${url}`)))
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Signs in and answers the cookie; throws with what the page said. */
export async function signIn(base: string, email: string, password: string, ca?: string): Promise<string> {
  const answer = await ask(`${base}/sign-in`, {
    ...(ca ? { ca } : {}),
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(base).origin },
    body: new URLSearchParams({ email, password }).toString(),
  })
  const cookie = (answer.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ')
  if (answer.status !== 303 || cookie === '')
    throw new Error(`${answer.status}: ${answer.body.slice(0, 500)}`)
  return cookie
}

/** Sets up an authenticator app as somebody whose password alone opens nothing else; answers the cookie that opens all. */
export async function setUpApp(base: string, cookie: string, ca: string): Promise<string> {
  const csrf = csrfIn((await ask(`${base}/account/means`, { ca, headers: { cookie } })).body)
  const post = (path: string, fields: Record<string, string>) =>
    ask(`${base}${path}`, {
      ca,
      method: 'POST',
      headers: {
        cookie,
        'content-type': 'application/x-www-form-urlencoded',
        origin: new URL(base).origin,
      },
      body: new URLSearchParams({ _csrf: csrf, ...fields }).toString(),
    })
  await post('/account/totp', {})
  const { body } = await ask(`${base}/account/totp`, { ca, headers: { cookie } })
  const secret = (/([A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(body)?.[0] ?? '').replaceAll(' ', '')
  const done = await post('/account/totp/confirmation', { code: codeAt(secret, Date.now()) })
  return (done.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ')
}
