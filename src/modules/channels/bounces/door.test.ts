/** The small server for returned mails, spoken to by a real client. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createDatabase, type TestDatabase, tuesday } from '../../../../test/harness.ts'
import { testContext } from '../../../../test/post-office.ts'
import { openTransport } from '../../../platform/mail.ts'
import { openBounceDoor } from './door.ts'
import { recipientsIn } from './take.ts'
import { bounceKey, returnPath } from './verp.ts'

const base = 'bounces@hsoc.example'

let db: TestDatabase
let door: Awaited<ReturnType<typeof openBounceDoor>>
let path: string
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db.drop())
beforeEach(async () => {
  const context = testContext(db)
  door = await openBounceDoor(context, { host: '127.0.0.1', port: 0, base })
  const key = bounceKey(context.settings.secret, 1)
  path = returnPath(base, key)
  await db.engine.query('delete from deliveries')
  await db.engine.query(
    `insert into deliveries (kind, topic, address, state, decided_at, due_at, readers, bounce_key)
     values ('account', 'x', 'jana@lipova.example', 'sent', $1, $1, '{2}', $2)`,
    [new Date(tuesday), key],
  )
})
afterEach(() => door.close())

const states = async () =>
  (await db.engine.query<{ state: string }>('select state from deliveries')).rows.map(({ state }) => state)

const hand = (to: string, size = 10) =>
  openTransport(
    { smtpUrl: `smtp://127.0.0.1:${door.port}`, mailFrom: 'MAILER-DAEMON@mx.example', dkim: null },
    { mailSize: 9_000_000 },
  )?.send({
    to: { address: to },
    subject: 'Undelivered Mail Returned to Sender',
    text: `550 5.1.1 no such user\n${'x'.repeat(size)}`,
    html: '',
    messageId: '<r@mx.example>',
    date: tuesday,
    headers: {},
  })

it('takes what comes to a return path, refuses everything else and what is too large', async () => {
  await expect(hand('hsoc@hsoc.example')).rejects.toThrow('Returned mails only')
  await expect(hand(path, 3_000_000)).rejects.toMatchObject({ kind: 'permanent' })
  expect(await states()).toEqual(['sent'])
  // Whether a key is right is told to nobody.
  expect(await hand(path.replace(/b-.{4}/, 'b-aaaa'))).toMatch(/^250/)
  expect(await states()).toEqual(['sent'])
  expect(await hand(path)).toMatch(/^250/)
  expect(await states()).toEqual(['bounced'])
})

it('finds by the header to which address a mail without its envelope came', () => {
  const raw = `Delivered-To: one@x.example\r\nTo: "A, B" <two@x.example>,\r\n three@x.example\r\n\r\nTo: four@x.example`
  expect(recipientsIn(Buffer.from(raw))).toEqual(['one@x.example', 'two@x.example', 'three@x.example'])
  expect(recipientsIn(Buffer.from(''))).toEqual([])
})
