import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { openPostOffice, type PostOffice, testContext } from '../../../test/post-office.ts'
import { testSecret } from '../../../test/postgres-setup.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine, openDatabase } from '../../platform/database.ts'
import { servingUrls } from '../../platform/migrate.ts'
import { openClaims } from './claims.ts'
import { work } from './jobs.ts'
import type { Letter } from './letter.tsx'
import type { Notice } from './notice.ts'
import { type Delivery, type Mailer, openMailer, type Writers } from './post.ts'
import { queue } from './queue.ts'
import type { Reader } from './recipients.ts'

const minute = 60_000
const hour = 60 * minute

const letter = (delivery: Pick<Delivery, 'topic' | 'kind'>, reader: Reader): Letter => ({
  lang: reader.actor.language,
  subject: delivery.topic,
  kind: delivery.kind,
  label: 'TLP:AMBER',
  banner: null,
  answer: reader.actor.engagements.map((e) => `${e.role} ${e.orgName ?? ''}`.trim()).join(', '),
  blocks: [],
  leave: null,
})

describe('the outbox', () => {
  let db: TestDatabase
  let jihlava: Hospital
  let jana: Actor
  let office: PostOffice
  let context: ReturnType<typeof testContext>
  let mailers: Mailer[] = []
  let writers: Writers
  let topics = 0

  beforeAll(async () => {
    db = await createDatabase()
    jihlava = await addHospital(db, 'Nemocnice Jihlavka', ['192.0.2.0/25'])
    const trest = await addHospital(db, 'Nemocnice Třešť', ['192.0.2.128/25'])
    jana = await addPerson(db, 'Jana Správná', [
      ['admin', jihlava],
      ['admin', trest],
    ])
    context = testContext(db)
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    await db.engine.query('delete from deliveries')
    office = await openPostOffice()
    writers = { warning: async (_c, delivery, reader) => letter(delivery, reader), digest: async () => null }
    context.at(tuesday)
  })
  afterEach(async () => {
    for (const mailer of mailers) await mailer.close()
    mailers = []
    await office.close()
  })

  const mailer = (url: string | null = office.url): Mailer => {
    const made = openMailer({ smtpUrl: url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null }, writers)
    mailers.push(made)
    return made
  }
  const say = (more: Partial<Notice> = {}): Promise<number> =>
    asEngine(db, (tx) =>
      queue(tx, {
        kind: 'new',
        topic: `t${++topics}`,
        warning: 1,
        org: jihlava.id,
        severity: 4,
        to: 'security',
        now: tuesday,
        ...more,
      }),
    )
  const runAt = (now: number, way: Mailer): Promise<number> => {
    context.at(now)
    return work(context, way, now)
  }
  const rows = async () =>
    (
      await db.engine.query<{
        state: string
        reason: string | null
        reply: string | null
        attempts: number
        message_id: string
      }>('select state, reason, reply, attempts, message_id from deliveries order by id')
    ).rows

  it('hands over once, records the reply, and writes as the organisation concerned', async () => {
    await say()
    const way = mailer()
    expect(await runAt(tuesday, way)).toBe(1)
    expect(await runAt(tuesday + minute, way)).toBe(0)
    expect(office.mails).toHaveLength(1)
    expect(office.mails[0]?.text).toContain('admin Nemocnice Jihlavka')
    expect(office.mails[0]?.text).not.toContain('Třešť')
    expect(await rows()).toMatchObject([{ state: 'sent', attempts: 1, reply: expect.stringMatching(/^250/) }])
    expect(office.mails[0]?.messageId).toBe((await rows())[0]?.message_id)
    expect(office.mails[0]?.headers.get('x-hsoc-kind')).toBe('new')
    expect(office.mails[0]?.headers.get('auto-submitted')).toBe('auto-generated')
  })

  it('sends everything once, later, when the server was away for an hour', async () => {
    for (let i = 0; i < 30; i++) await say({ warning: i })
    const { port } = office
    const way = mailer()
    await office.close()
    expect(await runAt(tuesday, way)).toBe(0)
    // What was not tried any more has lost nothing.
    const tried = (await rows()).filter((row) => row.attempts > 0)
    expect(tried.length).toBeGreaterThan(7)
    expect(tried.length).toBeLessThan(17)
    expect((await rows()).every((row) => row.state === 'queued')).toBe(true)
    for (let at = 20_000; at < hour; at += 20_000) expect(await runAt(tuesday + at, way)).toBe(0)
    const before = await rows()
    expect(before.every((row) => row.state === 'queued' && row.attempts < 8)).toBe(true)
    expect(before.some((row) => row.reason === 'connection')).toBe(true)
    office = await openPostOffice({}, port)
    for (let at = hour; at < 2 * hour; at += minute) await runAt(tuesday + at, way)
    expect(new Set(office.mails.map((mail) => mail.subject)).size).toBe(30)
    expect(office.mails).toHaveLength(30)
    expect((await rows()).every((row) => row.state === 'sent')).toBe(true)
  })

  it('tries a refusal for now again with growing pauses, for a day', async () => {
    await office.close()
    office = await openPostOffice({
      onRcptTo: (_a, _s, done) => done(Object.assign(new Error('greylisted'), { responseCode: 451 })),
    })
    await say()
    const way = mailer()
    const tries: number[] = []
    for (let at = 0; at < 26 * hour; at += at < 4 * hour ? minute : 20 * minute) {
      const before = (await rows())[0]?.attempts ?? 0
      await runAt(tuesday + at, way)
      if (((await rows())[0]?.attempts ?? 0) > before) tries.push(at / minute)
    }
    expect(tries.slice(0, 8)).toEqual([0, 1, 3, 8, 18, 48, 108, 168])
    expect(tries.at(-1)).toBeLessThanOrEqual(24 * 60)
    expect(await rows()).toMatchObject([
      { state: 'failed', reason: 'server', reply: expect.stringContaining('451') },
    ])
  })

  it('gives up at once what the server refuses for good', async () => {
    await office.close()
    office = await openPostOffice({
      onRcptTo: (_a, _s, done) => done(Object.assign(new Error('no such user'), { responseCode: 550 })),
    })
    await say()
    await runAt(tuesday, mailer())
    expect(await rows()).toMatchObject([
      { state: 'failed', reason: 'recipient', attempts: 1, reply: expect.stringContaining('550') },
    ])
  })

  it('lets each of two nodes send a part, and no mail twice', async () => {
    for (let i = 0; i < 60; i++) await say({ warning: i })
    const other = openDatabase(servingUrls(db.url, testSecret), { app: 2, engine: 4 })
    const second = testContext(other)
    const sent = await Promise.all([
      work(context, mailer(), tuesday),
      work(second, mailer(), tuesday),
      work(context, mailer(), tuesday),
    ])
    await other.close()
    expect(sent.reduce((a, b) => a + b)).toBe(60)
    expect(new Set(office.mails.map((mail) => mail.messageId)).size).toBe(60)
    expect(office.mails).toHaveLength(60)
  })

  it('gives back what it took and did not begin, and takes nothing after it ended', async () => {
    for (let i = 0; i < 20; i++) await say({ warning: i })
    const claims = openClaims(context, mailer(), { atOnce: 4, most: 12, begin: (one) => one }, () => tuesday)
    const first = await claims.next()
    expect((await rows()).filter((row) => row.state === 'sending')).toHaveLength(4)
    await Promise.all([claims.end(), claims.end()])
    expect(await claims.next()).toBeNull()
    const taken = await db.engine.query('select id, state, attempts from deliveries where attempts > 0')
    expect(taken.rows).toEqual([{ id: first?.id, state: 'sending', attempts: 1 }])
    expect((await rows()).filter((row) => row.state === 'queued')).toHaveLength(19)
  })

  it('leaves a slow node its claims: what waits in its hands is claimed anew', async () => {
    for (let i = 0; i < 16; i++) await say({ warning: i })
    const other = mailer()
    const taken: number[] = []
    let asked = 0
    // Eight at once take 96 seconds; what waits behind them would be longer in our hands than a claim lasts.
    const onRcptTo = async (_a: unknown, _s: unknown, done: () => void): Promise<void> => {
      context.at(context.clock() + 12_000)
      if (++asked === 16) taken.push(await work(testContext(db), other, context.clock()))
      done()
    }
    await office.close()
    office = await openPostOffice({ onRcptTo }, office.port)
    expect(await work(context, mailer(), tuesday)).toBe(16)
    expect(taken).toEqual([0])
    expect(new Set(office.mails.map((mail) => mail.messageId)).size).toBe(16)
    expect(office.mails).toHaveLength(16)
  })

  it('takes again what a dying node left, under the same Message-ID', async () => {
    await say()
    const way = mailer()
    await runAt(tuesday, way)
    await db.engine.query(`update deliveries set state = 'sending', sent_at = null`)
    expect(await runAt(tuesday + minute, way)).toBe(0)
    expect(await runAt(tuesday + 3 * minute, way)).toBe(1)
    expect(office.mails).toHaveLength(2)
    expect(office.mails[0]?.messageId).toBe(office.mails[1]?.messageId)
    expect(await rows()).toMatchObject([{ state: 'sent', attempts: 2 }])
  })

  it('writes anew what lay for a second: who left meanwhile gets nothing', async () => {
    const turn = (at: string | null) =>
      db.engine.query('update people set disabled_at = $2 where id = $1', [jana.person, at])
    await say()
    await runAt(tuesday, { ...mailer(), pace: () => turn('now').then(() => context.at(tuesday + 1_000)) })
    await turn(null)
    expect(await rows()).toMatchObject([{ state: 'dropped', reason: 'left' }])
  })

  it('keeps mails and says so without a server; after a day they are news no more and wait for the digest', async () => {
    await say()
    await runAt(tuesday, mailer(null))
    expect(await rows()).toMatchObject([{ state: 'queued', reason: 'no-server', attempts: 0 }])
    await runAt(tuesday + hour, mailer())
    expect(await rows()).toMatchObject([{ state: 'sent' }])
    await say({ severity: 4 })
    await runAt(tuesday + 25 * hour, mailer())
    expect((await rows())[1]).toMatchObject({ state: 'held', reason: 'late' })
  })

  it('drops what its reader has left or may not read any more, and fails what cannot be written', async () => {
    const petr = await addPerson(db, 'Petr Pohotový', [['duty', jihlava]])
    await say()
    await db.engine.query('update people set disabled_at = now() where id = $1', [petr.person])
    writers.warning = async () => null
    await runAt(tuesday, mailer())
    expect((await rows()).map((row) => `${row.state} ${row.reason}`).sort()).toEqual([
      'dropped left',
      'dropped may-not-read',
    ])
    await db.engine.query('delete from deliveries')
    writers.warning = async () => {
      throw new Error('a bug')
    }
    await say()
    await runAt(tuesday, mailer())
    expect(await rows()).toMatchObject([{ state: 'queued', reason: 'writing' }])
    for (let at = 0; at < 26 * hour; at += 30 * minute) await runAt(tuesday + at, mailer())
    expect(await rows()).toMatchObject([{ state: 'failed', reason: 'writing' }])
    expect(JSON.stringify(context.lines)).not.toContain(jana.email)
  })

  it('refuses a subject that would break out of its field, and sends a name that tries as one line', async () => {
    await say()
    writers.warning = async (_c, delivery, reader) => ({
      ...letter(delivery, reader),
      subject: 'x\r\nBcc: evil@b.example',
    })
    await runAt(tuesday, mailer())
    expect(await rows()).toMatchObject([{ state: 'failed', reason: 'header' }])
    writers.warning = async (_c, delivery, reader) => letter(delivery, reader)
    await db.engine.query('update people set name = $2 where id = $1', [
      jana.person,
      'Jana\r\nBcc: evil@b.example',
    ])
    await say()
    await runAt(tuesday + minute, mailer())
    await db.engine.query('update people set name = $2 where id = $1', [jana.person, jana.name])
    expect(office.mails).toHaveLength(1)
    expect(office.mails[0]?.headers.has('bcc')).toBe(false)
  })

  it('shows a warning’s later mails as replies to the first', async () => {
    await say()
    const way = mailer()
    await runAt(tuesday, way)
    await say({ kind: 'relapse' })
    await runAt(tuesday + minute, way)
    expect(office.mails[1]?.inReplyTo).toBe(office.mails[0]?.messageId)
  })
})
