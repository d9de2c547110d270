import { expect, test } from 'vitest'
import { createLogger, withoutSecrets } from './log.ts'

function lines(): { write(line: string): void; text(): string } {
  const written: string[] = []
  return { write: (line) => void written.push(line), text: () => written.join('') }
}

test('a secret is never written, wherever it stands', () => {
  const out = lines()
  const log = createLogger('info', out)
  log.info({ req: { headers: { authorization: 'Bearer hush-1', cookie: 'sid=hush-2' } } }, 'asked')
  log.info({ body: { login: { password: 'hush-3' } }, secret: 'hush-4' }, 'signed in')
  log.info({ res: { headers: { 'set-cookie': 'sid=hush-5' } } }, 'answered')
  log.warn('POST /warden3/sendEvents?client=cz.example.a&secret=hush-6 failed')
  log.info({ url: '/warden3/getInfo?secret=hush-7&client=x', db: 'postgres://hsoc:hush-8@db.example/hsoc' })
  log.error(new Error('connect smtp://user:hush-9@mail.example failed'))
  expect(out.text()).not.toContain('hush')
  expect(
    out
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).level),
  ).toHaveLength(6)
})

test('what the database repeats of a row is not written, what it refused and where is', () => {
  const out = lines()
  const log = createLogger('info', out)
  const refused = Object.assign(new Error('duplicate key value violates unique constraint "people_email"'), {
    code: '23505',
    constraint: 'people_email',
    detail: 'Key (lower(email))=(jana@people.example) already exists.',
    where: 'SQL statement "insert … jana@people.example"',
  })
  const wrong = Object.assign(new Error('invalid input syntax for type integer: "jana@people.example"'), {
    code: '22P02',
  })
  log.error({ err: refused }, 'failed')
  log.error({ err: wrong }, 'failed')
  log.error({ err: new Error('outer', { cause: refused }) }, 'failed')
  expect(out.text()).not.toContain('jana')
  expect(out.text()).toContain('people_email')
  expect(out.text()).toContain('invalid input syntax for type integer')
})

test('what is no secret stays readable', () => {
  expect(withoutSecrets('GET /events?sensor=a&day=2026-11-20 https://hsoc.example:8443/x')).toBe(
    'GET /events?sensor=a&day=2026-11-20 https://hsoc.example:8443/x',
  )
  expect(withoutSecrets('mail to a@hospital.example: sent')).toBe('mail to a@hospital.example: sent')
})

test('lines below the level are left out', () => {
  const out = lines()
  createLogger('warn', out).info('quiet')
  expect(out.text()).toBe('')
})
