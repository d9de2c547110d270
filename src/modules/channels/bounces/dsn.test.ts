import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BounceKind, readBounce } from './dsn.ts'
import { judge } from './judge.ts'

const folder = join(process.env.HSOC_TEST_DATA ?? '../shared/data', 'mail-bounces')
const isMissing = !existsSync(folder)
if (isMissing) console.error(`Skipped: no recorded returns in ${folder}; set HSOC_TEST_DATA.`)

/** What each recording is, read by a person; every other one is hard. */
const others: Record<string, BounceKind> = {
  'arf-01': 'complaint',
  // Its parts are not separated as MIME wants, so nothing of it can be read but who sent it.
  'lhost-apachejames-01': 'soft',
  'lhost-barracuda-01': 'policy',
  'lhost-dragonfly-03': 'policy',
  'lhost-einsundeins-02': 'policy',
  'lhost-exim-01': 'policy',
  'lhost-fml-02': 'other',
  'lhost-gmail-03': 'policy',
  'lhost-gmx-01': 'soft',
  'lhost-googlegroups-02': 'soft',
  'lhost-messagingserver-02': 'soft',
  'lhost-opensmtpd-02': 'soft',
  'lhost-outlook-01': 'soft',
  'lhost-qmail-03': 'policy',
  'lhost-surfcontrol-03': 'soft',
  'lhost-v5sendmail-01': 'soft',
  'lhost-x2-03': 'soft',
  'lhost-x4-01': 'soft',
  'rfc3834-01': 'automatic',
  'rhost-apple-02': 'policy',
  'rhost-godaddy-02': 'policy',
  'rhost-mimecast-01': 'policy',
  'rhost-tencent-03': 'policy',
  'rhost-yahooinc-01': 'policy',
}

describe('recorded returns of many servers', () => {
  it.skipIf(isMissing)('are understood as a person reads them', async () => {
    const found: Record<string, BounceKind> = {}
    const wanted: Record<string, BounceKind> = {}
    for (const kind of ['lf', 'crlf'])
      for (const file of readdirSync(join(folder, kind))) {
        const name = file.replace('.eml', '')
        wanted[name] = others[name] ?? 'hard'
        found[name] = (await readBounce(readFileSync(join(folder, kind, file)))).kind
      }
    expect(Object.keys(found).length).toBeGreaterThan(50)
    expect(found).toEqual(wanted)
  })

  it.skipIf(isMissing)('keep their code and the sentence of the other server', async () => {
    const read = await readBounce(readFileSync(join(folder, 'lf', 'lhost-yandex-01.eml')))
    expect(read).toMatchObject({ status: '5.1.1', said: expect.stringContaining('User Unknown') })
  })
})

const report = (fields: string, more = '') =>
  Buffer.from(
    `From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${more}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n${fields}\r\n--b--\r\n`,
  )

describe('a report', () => {
  it.each([
    ['Action: delayed\r\nStatus: 4.4.1', 'delayed'],
    ['Action: delivered\r\nStatus: 2.0.0', 'delivered'],
    ['Action: relayed\r\nStatus: 2.0.0', 'delivered'],
    ['Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n  no such user', 'hard'],
    ['Action: failed\r\nStatus: 5.7.1\r\nDiagnostic-Code: smtp; 550 DMARC', 'policy'],
    ['Action: failed\r\nStatus: 5.3.4', 'policy'],
    ['Action: failed\r\nStatus: 4.2.2', 'soft'],
    ['Action: failed', 'soft'],
  ])('%s is %s', async (fields, kind) => {
    expect((await readBounce(report(fields))).kind).toBe(kind)
  })

  it('is not misled by our own text that it returns', async () => {
    const returned =
      'could not be delivered: 550 no such user\r\n\r\n--- Original message follows\r\nspam policy'
    expect((await readBounce(report('X: y', returned))).kind).toBe('hard')
  })
})

it('what a server says about us, or about our message, is never the fault of the address', () => {
  for (const said of [
    '550 5.7.1 rejected by policy',
    '554 5.7.9 DMARC',
    '552 5.3.4 message too large',
    '550 spam detected',
    '553 5.1.1 blocked by spamhaus',
  ])
    expect(judge(null, said).kind).toBe('policy')
})

it('anything at all is read without an exception, in bounded time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), async (bytes) => {
      expect((await readBounce(Buffer.from(bytes))).said.length).toBeLessThanOrEqual(300)
    }),
    { numRuns: 100 },
  )
  for (const hostile of [
    '',
    '\n\n',
    'a'.repeat(1_000_000),
    `Content-Type: multipart/mixed; boundary=a\n\n${'--a\n\n'.repeat(20_000)}`,
    `From: <>\n\n${'550 '.repeat(100_000)}`,
  ])
    expect(await readBounce(Buffer.from(hostile))).toHaveProperty('kind')
})
