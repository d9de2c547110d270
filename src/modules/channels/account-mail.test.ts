/** Mails about a person's own account, from the row to the letter box. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { openPostOffice, type PostOffice, testContext } from '../../../test/post-office.ts'
import type { Actor } from '../../platform/access.ts'
import { seal } from '../../platform/seal.ts'
import { work } from './jobs.ts'
import { type Mailer, openMailer } from './post.ts'

const hour = 3_600_000

describe('a mail about an account', () => {
  let db: TestDatabase
  let jana: Actor
  let office: PostOffice
  let context: ReturnType<typeof testContext>
  let way: Mailer

  beforeAll(async () => {
    db = await createDatabase()
    jana = await addPerson(db, 'Jana Správná', [['coordinator', null]])
    context = testContext(db)
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    await db.engine.query('delete from deliveries')
    office = await openPostOffice()
    const writers = { warning: async () => null, digest: async () => null }
    way = openMailer({ smtpUrl: office.url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null }, writers)
  })
  afterEach(async () => {
    await way.close()
    await office.close()
  })

  const queue = (topic: string, detail: object) =>
    db.engine.query('select queue_account_mail($1, $2, $3, $4, to_timestamp($5 / 1000.0))', [
      topic,
      jana.person,
      jana.email,
      detail,
      tuesday,
    ])
  const runAt = (now: number): Promise<number> => {
    context.at(now)
    return work(context, way, now)
  }
  const sealed = (token: string) => seal(context.settings.secret, token)
  const until = new Date(tuesday + hour).toISOString()
  const at = new Date(tuesday).toISOString()
  const about = (text: string) => office.mails.find((mail) => mail.subject?.includes(text))

  it('carries the token of a link in the mail alone, and not after its time', async () => {
    await queue('reset 1', { template: 'password-reset', sealed: sealed('one-time-token'), until })
    await queue('recovery', { template: 'access-recovery', sealed: sealed('recovery-token'), until })
    await queue('no template', { template: 'toString', sealed: sealed('x'), until })
    await runAt(tuesday)
    expect(office.mails).toHaveLength(2)
    const reset = about('nové heslo')
    expect(reset?.text).toContain('https://hsoc.example/new-password/one-time-token')
    expect(reset?.headers.has('list-unsubscribe')).toBe(false)
    expect(about('zpátky k účtu')?.text).toContain('https://hsoc.example/recover/recovery-token')
    const { rows: kept } = await db.engine.query('select d::text as all from deliveries d')
    expect(JSON.stringify(kept)).not.toMatch(/one-time-token|recovery-token/)
    await queue('reset 2', { template: 'password-reset', sealed: sealed('late-token'), until })
    await runAt(tuesday + 2 * hour)
    const { rows } = await db.engine.query(`select state, reason from deliveries where topic = 'reset 2'`)
    expect(rows).toEqual([{ state: 'dropped', reason: 'too-old' }])
  })

  it('tells of a new device and of a changed means of sign-in in the language of the person', async () => {
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
    await queue('device', { template: 'new-device', agent, address: '192.0.2.77', at })
    await queue('means', { template: 'means-changed', verb: 'remove-passkey', at })
    await queue('nonsense', { template: 'means-changed', verb: '../x', at })
    await runAt(tuesday)
    expect(office.mails).toHaveLength(2)
    const device = about('nového zařízení')
    expect(device?.text).toContain('Firefox, Linux, adresa 192.0.2.77, 3. března 2026')
    expect(device?.text).toContain('https://hsoc.example/account')
    expect(about('způsob přihlášení')?.text).toContain('byl odebrán přístupový klíč')
  })
})
