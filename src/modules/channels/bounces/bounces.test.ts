/** From a mail that goes out to the address that is no longer used, with real servers on both sides. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { openPostOffice, type PostOffice, testContext } from '../../../../test/post-office.ts'
import { returnedMail } from '../../../../test/returned.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { asEngine } from '../../../platform/database.ts'
import { Forbidden, NotFound, WrongState } from '../../../platform/errors.ts'
import { tidyChannels, work } from '../jobs.ts'
import { type Mailer, openMailer, type Writers } from '../post.ts'
import { queue } from '../queue.ts'
import { ownTrouble, standings, tryAgain } from './standings.ts'
import { takeReturn } from './take.ts'

const hour = 3_600_000
const day = 24 * hour
const base = 'bounces@hsoc.example'
const writers: Writers = {
  warning: async (_context, delivery, reader) => ({
    lang: reader.actor.language,
    subject: delivery.topic,
    kind: delivery.kind,
    label: 'TLP:AMBER',
    banner: null,
    answer: delivery.topic,
    blocks: [],
    leave: null,
  }),
  digest: async () => null,
}

const gone = returnedMail('5.1.1', '550 5.1.1 no such user')

describe('a mail that comes back', () => {
  let db: TestDatabase
  let lipova: Hospital
  let jana: Actor
  let karel: Actor
  let manager: Actor
  let office: PostOffice
  let context: ReturnType<typeof testContext>
  let mailer: Mailer
  let paths: string[]
  let topics = 0

  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', [])
    jana = await addPerson(db, 'Jana Lipová', [['duty', lipova]])
    manager = await addPerson(db, 'Mirek Správce', [['security_manager', lipova]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    context = testContext(db)
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    await db.engine.query('delete from mail_standings; delete from mail_returns; delete from deliveries')
    paths = []
    office = await openPostOffice({
      onMailFrom: ({ address }, _session, done) => {
        paths.push(address)
        done()
      },
    })
    mailer = openMailer(
      { smtpUrl: office.url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null, bounces: base },
      writers,
    )
    context.at(tuesday)
  })
  afterEach(async () => {
    await mailer.close()
    await office.close()
  })

  const say = (now: number, more: object = {}) =>
    asEngine(db, (tx) =>
      queue(tx, {
        kind: 'new',
        topic: `t${++topics}`,
        warning: topics,
        org: lipova.id,
        severity: 4,
        to: 'security',
        now,
        ...more,
      }),
    )
  const runAt = (now: number) => {
    context.at(now)
    return work(context, mailer, now)
  }
  /** Sends one warning to Jana and answers the return path of it. */
  const sent = async (now: number): Promise<string> => {
    await say(now)
    await runAt(now)
    return paths.at(-1) ?? ''
  }
  const back = (to: string, raw: Buffer, now: number) => takeReturn(db, base, { to: [to], raw }, now)
  const log = async () =>
    (
      await db.engine.query<{ state: string; reason: string | null; address: string; reply: string | null }>(
        `select state, reason, address, reply from deliveries where kind = 'new' order by id`,
      )
    ).rows
  const troubles = (by: Actor, now = tuesday) => asActor(db, by, now, (tx) => standings(tx, now))
  /** Two hard returns and the trial that follows them comes back. */
  const lose = async (from: number): Promise<number> => {
    for (const at of [from, from + hour]) await back(await sent(at), gone, at + 1)
    await runAt(from + 2 * hour)
    await back(paths.at(-1) ?? '', gone, from + 2 * hour + 1)
    return from + 2 * hour + 1
  }

  it('is noted on the very message by its return path, with what the other server said', async () => {
    const path = await sent(tuesday)
    expect(path).toMatch(/^bounces\+b-[a-z2-7]{16}@hsoc\.example$/)
    expect(await back(path.toUpperCase(), gone, tuesday + 1)).toBe('hard')
    expect(await log()).toEqual([
      { state: 'bounced', reason: 'bounce-hard', address: jana.email, reply: '550 5.1.1 no such user' },
    ])
    expect(await back(path, gone, tuesday + 2)).toBe('again')
    expect((await troubles(karel))[0]).toMatchObject({ address: jana.email, score: 3 })
  })

  it('changes nothing when its return path is forged, foreign or missing', async () => {
    const path = await sent(tuesday)
    for (const to of [
      path.replace(/b-.{4}/, 'b-aaaa'),
      path.replace('hsoc.example', 'other.example'),
      'bounces@hsoc.example',
      'bounces+b-@hsoc.example',
      jana.email,
      '',
    ])
      expect(await back(to, gone, tuesday + 1)).toBe('unknown')
    expect(await takeReturn(db, base, { to: [], raw: gone }, tuesday + 1)).toBe('unknown')
    expect((await log())[0]).toMatchObject({ state: 'sent' })
    expect(await troubles(karel)).toEqual([])
    const { rows } = await db.engine.query('select kind, n from mail_returns')
    expect(rows).toEqual([{ kind: 'unknown', n: 7 }])
  })

  it('for its content, an absence or a delay is not held against the address', async () => {
    for (const [raw, kind] of [
      [returnedMail('5.7.1', '554 rejected by DMARC policy'), 'policy'],
      [Buffer.from('From: jana@x.example\nAuto-Submitted: auto-replied\nSubject: Out\n\nAway'), 'automatic'],
      [Buffer.from('From: a@x.example\nSubject: Hello\n\nBuy'), 'other'],
    ] as const)
      expect(await back(await sent(tuesday), raw, tuesday + 1)).toBe(kind)
    expect((await log()).map(({ state, reason }) => [state, reason])).toEqual([
      ['bounced', 'bounce-policy'],
      ['sent', null],
      ['sent', null],
    ])
    expect(await troubles(karel)).toEqual([])
  })

  it('twice for good leads to a trial; when that comes back too, others are written to and told', async () => {
    await db.engine.query(
      `insert into contact_points (org_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
       values ($1, 'Jana', 'mail', $2, array[2, $3::int], now(), now(), now(), 'mail')`,
      [lipova.id, jana.email.toUpperCase(), 1000 + 4 * lipova.id],
    )
    for (const at of [tuesday, tuesday + hour]) await back(await sent(at), gone, at + 1)
    expect((await troubles(karel))[0]).toMatchObject({ trying: true, suspendedAt: null, score: 6 })
    await runAt(tuesday + 2 * hour)
    expect(office.mails.at(-1)?.subject).toContain('zkouší, zda tato adresa funguje')
    // While nobody knows, it is still used.
    expect(await sent(tuesday + 2 * hour)).not.toBe('')
    const trial = (
      await db.engine.query<{ bounce_key: string }>(
        `select bounce_key from deliveries where detail->>'template' = 'address-trial'`,
      )
    ).rows[0]
    const at = tuesday + 3 * hour
    expect(await back(`bounces+b-${trial?.bounce_key}@hsoc.example`, gone, at)).toBe('hard')
    expect((await troubles(manager))[0]).toMatchObject({ suspendedAt: at, org: lipova.id })
    const { rows: points } = await db.engine.query('select verified_at, verified_how from contact_points')
    expect(points).toEqual([{ verified_at: null, verified_how: null }])

    office.clear()
    await say(at)
    await runAt(at + hour)
    expect(office.to(jana.email)).toEqual([])
    expect(office.to(manager.email).map(({ subject }) => subject)).toHaveLength(2)
    expect(office.to(manager.email).map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([`t${topics}`, '1 adresa vrací poštu z hSOC']),
    )
    expect(office.to(karel.email)[0]?.text).toContain(jana.email)
    expect((await log()).at(-2)).toMatchObject({
      state: 'dropped',
      reason: 'address-lost',
      address: jana.email,
    })
  })

  it('a soft return counts once a day, and quiet weeks forgive', async () => {
    const full = returnedMail('4.2.2', '452 mailbox full')
    for (let i = 0; i < 6; i++) await back(await sent(tuesday + i * hour), full, tuesday + i * hour)
    expect((await troubles(karel))[0]).toMatchObject({ score: 1, kind: 'soft', trying: false })
    await back(await sent(tuesday + day), gone, tuesday + day)
    expect((await troubles(karel, tuesday + day))[0]?.score).toBe(4)
    expect((await troubles(karel, tuesday + day + 14 * day))[0]?.score).toBe(2)
    await tidyChannels(db, tuesday + day + 42 * day)
    expect(await troubles(karel)).toEqual([])
  })

  it('a trial of which nothing comes back in two days gives the address back', async () => {
    const at = await lose(tuesday)
    const [lost] = await troubles(manager)
    await tryAgain(db, lost?.id ?? 0, manager, at + day)
    await expect(tryAgain(db, lost?.id ?? 0, manager, at + day)).rejects.toThrow(WrongState)
    await runAt(at + day)
    await tidyChannels(db, at + day + hour)
    expect(await troubles(karel)).toHaveLength(1)
    await tidyChannels(db, at + 4 * day)
    expect(await troubles(karel)).toEqual([])
    const { rows } = await db.engine.query<{ verb: string }>(
      `select verb from audit where verb like 'channels.%' order by id`,
    )
    expect(rows.map(({ verb }) => verb)).toEqual(
      expect.arrayContaining([
        'channels.suspend-address',
        'channels.try-address',
        'channels.restore-address',
      ]),
    )
    expect(await say(at + 5 * day)).toBe(1)
    await runAt(at + 5 * day)
    expect(office.to(jana.email).length).toBeGreaterThan(2)
  })

  it('is shown to whom can mend it and to nobody else', async () => {
    const other = await addHospital(db, 'Nemocnice Jinde', [])
    const pavel = await addPerson(db, 'Pavel Cizí', [['admin', other]])
    const manazer = await addPerson(db, 'Milan Vedoucí', [['manager', lipova]])
    const at = await lose(tuesday)
    const id = (await troubles(karel))[0]?.id ?? 0
    expect(await troubles(pavel)).toEqual([])
    await expect(tryAgain(db, id, pavel, at)).rejects.toThrow(NotFound)
    expect(await troubles(manazer)).toHaveLength(1)
    await expect(tryAgain(db, id, manazer, at)).rejects.toThrow(Forbidden)
    expect(await asActor(db, jana, at, ownTrouble)).toEqual({ address: jana.email, lost: true })
    expect(await asActor(db, manager, at, ownTrouble)).toBeNull()
    await tryAgain(db, id, jana, at)
  })

  it('a storm of returns is noted, and neither suspends everybody nor floods anybody', async () => {
    const crowd = await addHospital(db, 'Nemocnice Dav', [])
    const people: Actor[] = []
    for (let i = 0; i < 30; i++) people.push(await addPerson(db, `Člověk Dav ${i}`, [['duty', crowd]]))
    for (let round = 0; round < 3; round++) {
      paths = []
      await say(tuesday + round, { org: crowd.id })
      await runAt(tuesday + round)
      for (const path of paths) await back(path, gone, tuesday + round)
    }
    const { rows } = await db.engine.query<{ n: number }>(
      'select count(*)::int as n from mail_standings where suspended_at is not null',
    )
    expect(rows[0]?.n).toBe(0)
    office.clear()
    for (let i = 0; i < 3; i++) await runAt(tuesday + day + i * hour)
    expect(office.to(karel.email).length).toBeLessThanOrEqual(1)
    const { rows: storm } = await db.engine.query(`select 1 from mail_returns where kind = 'storm' and n > 5`)
    expect(storm).toHaveLength(1)
  })

  it('a server that refuses the recipient at once says the same as a returned mail', async () => {
    await mailer.close()
    await office.close()
    office = await openPostOffice({
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 })),
    })
    mailer = openMailer(
      { smtpUrl: office.url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null, bounces: base },
      writers,
    )
    await sent(tuesday)
    expect((await log())[0]).toMatchObject({ state: 'failed', reason: 'recipient' })
    expect((await troubles(karel))[0]).toMatchObject({ score: 3, kind: 'hard' })
  })

  it('keeps nothing of a person who was erased meanwhile', async () => {
    const path = await sent(tuesday)
    await db.engine.query(`update deliveries set address = 'person-1@erased.invalid'`)
    await back(path, returnedMail('5.1.1', `550 ${jana.email} no such user`), tuesday + 1)
    expect((await log())[0]).toMatchObject({ state: 'bounced', reply: null })
    const { rows } = await db.engine.query('select 1 from mail_standings')
    expect(rows).toEqual([])
  })
})
