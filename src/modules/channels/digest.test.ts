import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import { openPostOffice, type PostOffice, testContext } from '../../../test/post-office.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { iso } from '../../platform/dates.ts'
import { lastDue, periodOf, runDigests } from './digest.ts'
import { work } from './jobs.ts'
import type { Notice, NoticeKind } from './notice.ts'
import { type Held, type Mailer, openMailer, type Period } from './post.ts'
import { queue } from './queue.ts'
import type { Reader } from './recipients.ts'

const hour = 3_600_000
const day = 24 * hour
/** Half past seven in Prague on that Tuesday, in winter. */
const half8 = tuesday - 1.5 * hour

describe('when digests are due', () => {
  it('is half past seven by the clock on the wall, on both days of the change of the clock', () => {
    const due = (now: string): string => iso(lastDue('daily', Date.parse(now)))
    expect(due('2026-03-03T06:29:59Z')).toBe('2026-03-02T06:30:00.000Z')
    expect(due('2026-03-03T06:30:00Z')).toBe('2026-03-03T06:30:00.000Z')
    expect(due('2026-03-29T05:30:00Z')).toBe('2026-03-29T05:30:00.000Z')
    expect(due('2026-03-29T05:29:00Z')).toBe('2026-03-28T06:30:00.000Z')
    expect(due('2026-10-25T06:30:00Z')).toBe('2026-10-25T06:30:00.000Z')
    expect(due('2026-10-25T06:00:00Z')).toBe('2026-10-24T05:30:00.000Z')
  })

  it('is Monday for who wants it once a week, also on Monday before half past seven', () => {
    const due = (now: string): string => iso(lastDue('weekly', Date.parse(now)))
    expect(due('2026-03-03T12:00:00Z')).toBe('2026-03-02T06:30:00.000Z')
    expect(due('2026-03-02T06:30:00Z')).toBe('2026-03-02T06:30:00.000Z')
    expect(due('2026-03-02T06:00:00Z')).toBe('2026-02-23T06:30:00.000Z')
    expect(due('2026-03-30T06:00:00Z')).toBe('2026-03-30T05:30:00.000Z')
  })

  it('tells of yesterday, or of the week before the Monday', () => {
    expect(periodOf({ day: '2026-03-30', rhythm: 'daily' })).toEqual({ from: '2026-03-29', to: '2026-03-29' })
    expect(periodOf({ day: '2026-03-30', rhythm: 'weekly' })).toEqual({
      from: '2026-03-23',
      to: '2026-03-29',
    })
  })
})

describe('the digest', () => {
  let db: TestDatabase
  let jihlava: Hospital
  let trest: Hospital
  let jana: Actor
  let context: ReturnType<typeof testContext>
  let office: PostOffice
  let mailer: Mailer
  let written: { to: string; orgs: string[]; held: Held[]; period: Period }[] = []
  let topics = 0

  beforeAll(async () => {
    db = await createDatabase()
    jihlava = await addHospital(db, 'Nemocnice Jihlavka', ['192.0.2.0/25'])
    trest = await addHospital(db, 'Nemocnice Třešť', ['192.0.2.128/25'])
    jana = await addPerson(db, 'Jana Správná', [
      ['admin', jihlava],
      ['admin', trest],
    ])
    context = testContext(db)
    office = await openPostOffice()
    const letter = (reader: Reader, subject: string) => ({
      ...{
        lang: reader.actor.language,
        subject,
        kind: 'x',
        label: null,
        banner: null,
        answer: subject,
        blocks: [],
        leave: null,
      },
    })
    mailer = openMailer(
      { smtpUrl: office.url, mailFrom: 'hsoc@hsoc.example', dkim: null },
      {
        warning: async (_c, delivery, reader) => letter(reader, delivery.topic),
        digest: async (_c, reader, held, period) => {
          const orgs = reader.actor.engagements.map((e) => e.orgName ?? e.role)
          written.push({ to: reader.actor.email, orgs, held, period })
          return letter(reader, 'digest')
        },
      },
    )
  })
  afterAll(async () => {
    await mailer.close()
    await office.close()
    await db.drop()
  })
  beforeEach(async () => {
    await db.engine.query(
      `delete from deliveries; delete from mail_choices; update people set digest = 'daily'`,
    )
    written = []
    office.clear()
  })

  const say = (more: Partial<Notice> = {}): Promise<number> =>
    asEngine(db, (tx) =>
      queue(tx, {
        kind: 'new',
        topic: `t${++topics}`,
        warning: 1,
        org: jihlava.id,
        severity: 2,
        to: 'security',
        now: half8 - hour,
        ...more,
      }),
    )
  const states = async () =>
    (
      await db.engine.query<{ s: string }>(
        `select concat_ws(' ', kind, state, reason) as s from deliveries order by id`,
      )
    ).rows.map((r) => r.s)

  it('comes once, over all organisations of its reader, with what waited and why', async () => {
    await say({ warning: 1 })
    await say({ warning: 2, org: trest.id, severity: 1 })
    expect(await work(context, mailer, half8 - 1)).toBe(0)
    expect(await work(context, mailer, half8)).toBe(1)
    expect(await work(context, mailer, half8 + hour)).toBe(0)
    expect(written).toMatchObject([
      {
        to: jana.email,
        orgs: ['Nemocnice Jihlavka', 'Nemocnice Třešť'],
        held: [
          { warning: 1, reason: 'digest' },
          { warning: 2, reason: 'digest' },
        ],
        period: { from: '2026-03-02', to: '2026-03-02' },
      },
    ])
    expect(await states()).toEqual(['new digested digest', 'new digested digest', 'digest sent'])
  })

  it('is silent when nothing waited', async () => {
    expect(await work(context, mailer, half8)).toBe(0)
    expect(await states()).toEqual([])
  })

  it('made late (we were down at half past seven) still comes, and what is held after that waits a day', async () => {
    await say()
    expect(await runDigests(context, half8 + 3 * hour)).toBe(1)
    await say({ now: half8 + 4 * hour })
    expect(await runDigests(context, half8 + 5 * hour)).toBe(0)
    expect(await runDigests(context, half8 + day)).toBe(1)
  })

  it('comes on Monday when the reader chose so, in the account or by the link in a mail', async () => {
    await db.engine.query(`update people set digest = 'weekly' where id = $1`, [jana.person])
    await say()
    expect(await runDigests(context, half8)).toBe(0)
    expect(await runDigests(context, half8 + 6 * day)).toBe(1)
    await db.engine.query(`insert into mail_choices values (address_key($1), true, 'daily', now())`, [
      jana.email,
    ])
    await say({ now: half8 + 6 * day + 1 })
    expect(await runDigests(context, half8 + 7 * day)).toBe(1)
  })

  it('stays away from who left it, and the rows say so', async () => {
    await db.engine.query(`insert into mail_choices values (address_key($1), true, 'none', now())`, [
      jana.email,
    ])
    await say()
    expect(await runDigests(context, half8)).toBe(0)
    expect(await states()).toEqual(['new dropped unsubscribed'])
  })

  it('brings what is high and was held back even to who left it, and the next morning to who wants Mondays', async () => {
    const hold = async () => {
      await say({ warning: 1, now: half8 - 2 * hour })
      await say({ warning: 2, severity: 3, now: half8 - 2 * hour })
      await db.engine.query(
        `update deliveries set state = 'held', reason = 'budget' where severity = 3 and state = 'queued'`,
      )
    }
    await db.engine.query(`insert into mail_choices values (address_key($1), true, 'none', now())`, [
      jana.email,
    ])
    await hold()
    expect(await work(context, mailer, half8)).toBe(1)
    expect(written.at(-1)?.held.map((h) => h.warning)).toEqual([2])
    expect(await states()).toEqual(['new dropped unsubscribed', 'new digested budget', 'digest sent'])
    expect(await work(context, mailer, half8 + day)).toBe(0)

    await db.engine.query(`delete from deliveries; update mail_choices set digest = 'weekly'`)
    await hold()
    expect(await work(context, mailer, half8)).toBe(1)
    expect(written.at(-1)).toMatchObject({
      held: [{ warning: 2, reason: 'budget' }],
      period: { from: '2026-03-02', to: '2026-03-02' },
    })
    expect(await states()).toEqual(['new held digest', 'new digested budget', 'digest sent'])
    expect(await work(context, mailer, half8 + 6 * day)).toBe(1)
    expect(written.at(-1)).toMatchObject({
      held: [{ warning: 1, reason: 'digest' }],
      period: { from: '2026-03-02', to: '2026-03-08' },
    })
  })

  it('leaves out what grew worse and came singly since, and stays away when nothing else is left', async () => {
    await say({ warning: 1, now: half8 - 3 * hour })
    await say({ warning: 1, kind: 'update', severity: 3, now: half8 - 2 * hour })
    expect(await work(context, mailer, half8 - 2 * hour)).toBe(1)
    expect(await work(context, mailer, half8)).toBe(0)
    expect(await states()).toEqual(['new dropped told-since', 'update sent'])
    await say({ warning: 1, kind: 'update', severity: 2, now: half8 + hour })
    await say({ warning: 2, now: half8 + hour })
    expect(await work(context, mailer, half8 + day)).toBe(1)
    expect(written.at(-1)?.held.map((h) => h.warning)).toEqual([1, 2])
  })

  it('is made once by two nodes at the same moment', async () => {
    await say()
    const made = await Promise.all([runDigests(context, half8), runDigests(context, half8)])
    expect(made.reduce((a, b) => a + b)).toBe(1)
  })

  it('keeps apart two organisations that share a contact address', async () => {
    const one = await addHospital(db, 'Poliklinika Jedna', [])
    const two = await addHospital(db, 'Poliklinika Dvě', [])
    await db.engine.query(
      `update organisations set contact_email = 'it@spolecne.example' where id = any ($1)`,
      [[one.id, two.id]],
    )
    await say({ org: one.id })
    await say({ org: two.id })
    expect(await work(context, mailer, half8)).toBe(2)
    expect(written.map((w) => [w.orgs.length, w.held.length])).toEqual([
      [1, 1],
      [1, 1],
    ])
  })

  it('leaves no decided row behind: each ends sent, failed, digested or dropped', async () => {
    const kinds: NoticeKind[] = ['new', 'update', 'relapse', 'sensor', 'exercise', 'ladder']
    const notice = fc.record({
      kind: fc.constantFrom(...kinds),
      warning: fc.integer({ min: 1, max: 6 }),
      severity: fc.integer({ min: 1, max: 4 }),
      org: fc.constantFrom('jihlava', 'trest', null),
      to: fc.constantFrom('security' as const, 'coordinators' as const),
      after: fc.integer({ min: 0, max: 2 * day }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(notice, { maxLength: 40 }), async (notices) => {
        await db.engine.query('delete from deliveries')
        for (const { org, after, ...rest } of notices) {
          const id = org === 'jihlava' ? jihlava.id : org === 'trest' ? trest.id : null
          await say({ ...rest, org: id, now: half8 + after })
        }
        for (let at = half8; at <= half8 + 4 * day; at += 6 * hour) await work(context, mailer, at)
        const { rows } = await db.engine.query<{ state: string }>('select distinct state from deliveries')
        const open = rows
          .map((row) => row.state)
          .filter((state) => !['sent', 'failed', 'digested', 'dropped'].includes(state))
        expect(open).toEqual([])
      }),
      { numRuns: 15 },
    )
  })
})
