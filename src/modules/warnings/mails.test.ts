import type { ParsedMail } from 'mailparser'
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
import { evidence, openWarning, type Told } from '../../../test/warned.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { type Mailer, openMailer, queue, work } from '../channels/index.ts'
import type { Notice } from '../channels/notice.ts'
import { mailWriters } from './mails.ts'

const hour = 3_600_000
const half8 = tuesday - 1.5 * hour
const everywhere = (mail: ParsedMail | undefined): string =>
  [mail?.subject, mail?.text, mail?.html, JSON.stringify(mail?.headerLines)].join('\n')

describe('what mails about warnings say', () => {
  let db: TestDatabase
  let jihlava: Hospital
  let trest: Hospital
  let jana: Actor
  let john: Actor
  let radka: Actor
  let karel: Actor
  let office: PostOffice
  let mailer: Mailer
  let context: ReturnType<typeof testContext>
  let topics = 0

  beforeAll(async () => {
    db = await createDatabase()
    jihlava = await addHospital(db, 'Nemocnice Jihlavka', ['192.0.2.0/25'])
    trest = await addHospital(db, 'Nemocnice Třešť', ['192.0.2.128/25'])
    jana = await addPerson(db, 'Jana Správná', [
      ['admin', jihlava],
      ['admin', trest],
    ])
    john = await addPerson(db, 'John Duty', [['duty', jihlava]], 'en')
    radka = await addPerson(db, 'Radka Ředitelka', [['manager', jihlava]])
    karel = await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    context = testContext(db)
    office = await openPostOffice()
    mailer = openMailer(
      { smtpUrl: office.url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null },
      mailWriters,
    )
  })
  afterAll(async () => {
    await mailer.close()
    await office.close()
    await db.drop()
  })
  beforeEach(async () => {
    office.clear()
    await db.engine.query('delete from deliveries; delete from action_links')
  })

  async function tell(
    told: Partial<Told>,
    more: Partial<Notice> = {},
  ): Promise<{ id: number; number: string }> {
    const warning = await openWarning(db, { org: jihlava, ...told })
    const org = told.org === null ? null : (told.org ?? jihlava).id
    await asEngine(db, (tx) =>
      queue(tx, {
        ...{
          kind: 'new',
          topic: `t${++topics}`,
          warning: warning.id,
          org,
          severity: told.severity ?? 3,
          to: 'security',
          now: tuesday,
        },
        ...more,
      }),
    )
    await work(context, mailer, more.now ?? tuesday)
    return warning
  }
  const to = (person: Actor): ParsedMail | undefined => office.to(person.email)[0]

  it('puts the label first, the answer second, advice, one button, the telephone, and why', async () => {
    const warning = await tell({ seenBand: '5-10' })
    const mail = to(jana)
    expect(mail?.subject).toMatch(new RegExp(`^\\[TLP:AMBER\\] ${warning.number} \\S.{10}`))
    const lines = mail?.text?.split('\n') ?? []
    expect(lines[0]).toMatch(/^TLP:AMBER/)
    expect(lines[1]).toMatch(/^Ověřte v záznamech.*\.$/)
    expect(mail?.text).toContain('Co udělat během 15 minut')
    expect(mail?.text).toContain('Co udělat ještě dnes')
    expect(mail?.text).toContain('5–10')
    expect(mail?.text).toContain(`https://hsoc.example/warnings/${warning.id}\n`)
    expect(mail?.text).toContain('+420 555 010 010')
    expect(mail?.text).toContain('Nemocnice Jihlavka v roli: správce IT')
    expect(mail?.headers.get('x-hsoc-kind')).toBe('new')
    expect(mail?.headers.has('list-unsubscribe')).toBe(false)
  })

  it('writes Czech and English, each whole', async () => {
    await tell({})
    expect(to(john)?.text).toContain('What to do within 15 minutes')
    expect(to(john)?.text).not.toMatch(/Co udělat|závažnost|Otevřít/i)
    expect(to(john)?.html).toContain('<html lang="en">')
  })

  it('names no address, no evidence and no other organisation, in no part of the mail', async () => {
    await tell({})
    await tell({ severity: 4, words: 'W1', side: 'source', cls: 'malware' })
    await tell({ words: 'W2' })
    expect(office.mails.length).toBeGreaterThan(4)
    for (const mail of office.mails) {
      const all = everywhere(mail)
      for (const secret of [...Object.values(evidence), 'Třešť', trest.name])
        expect(all).not.toContain(secret)
      expect(all).not.toMatch(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b(?<!127\.0\.0\.1)/)
    }
  })

  it('has no images and no foreign links, and text and HTML say the same', async () => {
    await tell({})
    const mail = to(jana)
    const html = String(mail?.html)
    expect(html).not.toMatch(/<img|<script|<link|@import|url\(|src=/i)
    const links = [...html.matchAll(/href="([^"]+)"/g)].map((m) => m[1] ?? '')
    expect(links.length).toBeGreaterThan(2)
    expect(links.every((href) => href.startsWith('https://hsoc.example/'))).toBe(true)
    for (const step of mail?.text?.match(/^\d\. .+$/gm) ?? [])
      expect(html.replace(/&amp;/g, '&').replace(/&quot;/g, '"')).toContain(step.slice(3))
  })

  it('tells a manager what it means, and offers the answer "seen" alone', async () => {
    await tell({}, { to: ['manager'], kind: 'ladder' })
    const mail = to(radka)
    expect(mail?.text).toContain('Pro vedení')
    expect(mail?.text).not.toContain('15 minut')
    expect(mail?.text).toContain('Odpovědět bez přihlášení (vidíme):')
    expect(mail?.subject).toContain('čeká na odpověď:')
    expect(mail?.text).toContain('zatím nikdo neodpověděl')
  })

  it('tells an update and a relapse from a new trouble', async () => {
    const first = await tell({})
    for (const kind of ['update', 'relapse'] as const)
      await asEngine(db, (tx) =>
        queue(tx, {
          kind,
          topic: kind,
          warning: first.id,
          org: jihlava.id,
          severity: 4,
          to: 'security',
          now: tuesday + 7 * hour,
        }),
      )
    await work(context, mailer, tuesday + 7 * hour)
    // Both go out at once, so either may arrive first.
    const [earliest, ...later] = office.to(jana.email)
    const saying = (words: string) =>
      later.find((mail) => mail.subject?.includes(`${first.number} ${words}:`))
    // A reply to the last that has gone out then, in the thread that the first began.
    for (const mail of [saying('doplnění'), saying('vrátilo se')]) {
      expect(mail?.messageId).not.toBe(mail?.inReplyTo)
      expect(office.to(jana.email).map((one) => one.messageId)).toContain(mail?.inReplyTo)
      expect([mail?.references ?? []].flat()[0]).toBe(earliest?.messageId)
    }
  })

  it('tells a question and a reply from what the rules say', async () => {
    for (const what of ['question', 'reply'])
      await tell({ severity: 1 }, { kind: 'talk', topic: `warning 1 ${what} ${++topics}` })
    const [question, reply] = office.to(jana.email)
    expect(question?.subject).toContain(' dotaz:')
    expect(question?.text).toContain('nový dotaz')
    expect(reply?.subject).toContain(' odpověď:')
    expect(reply?.text).toContain('Koordinátor odpověděl')
    expect(reply?.headers.get('x-hsoc-kind')).toBe('talk')
  })

  it('marks an exercise in subject, body and header', async () => {
    await tell({ lane: 2 }, { kind: 'exercise' })
    const mail = to(jana)
    expect(mail?.subject).toMatch(/^CVIČENÍ \/ EXERCISE \[TLP:AMBER\]/)
    expect(mail?.text).toContain('CVIČENÍ / EXERCISE')
    expect(mail?.headers.get('x-hsoc-kind')).toBe('exercise')
  })

  it('writes to a contact address and to coordinators without answer links', async () => {
    await db.engine.query('update organisations set language = $2 where id = $1', [trest.id, 'en'])
    await db.engine.query('delete from engagements where org_id = $1 and person_id = $2', [
      trest.id,
      jana.person,
    ])
    await tell({ org: trest })
    const contact = office.mails[0]
    expect(contact?.text).toContain('contact address of Nemocnice Třešť')
    expect(contact?.text).not.toContain('/a/')
    await tell({ org: null }, { to: 'coordinators' })
    expect(to(karel)?.text).toContain('koordinátorovi hSOC')
    expect(to(karel)?.text).not.toContain('/a/')
    await db.engine.query(
      `insert into engagements (person_id, org_id, role, valid_from) values ($1, $2, 'admin', '2026-01-01')`,
      [jana.person, trest.id],
    )
  })

  it('says nothing but that something waits when the label forbids it in a mail', async () => {
    const warning = await tell({ tlp: 'AMBER+STRICT' })
    expect(to(jana)?.subject).toBe(`[TLP:AMBER+STRICT] ${warning.number}`)
    expect(to(jana)?.text).not.toContain('15 minut')
  })

  it('is not sent to somebody who may not read the warning any more', async () => {
    const warning = await openWarning(db, { org: jihlava })
    await asEngine(db, (tx) =>
      queue(tx, {
        kind: 'new',
        topic: 'late',
        warning: warning.id,
        org: jihlava.id,
        severity: 3,
        to: ['manager'],
        now: tuesday,
      }),
    )
    await db.engine.query('update warnings set readers = array[2] where id = $1', [warning.id])
    await work(context, mailer, tuesday)
    const { rows } = await db.engine.query('select state, reason from deliveries')
    expect([office.mails.length, rows]).toEqual([0, [{ state: 'dropped', reason: 'may-not-read' }]])
  })

  it('digests what waited, says why and that the limit was hit, with yesterday’s figures of each organisation', async () => {
    const night = half8 - 4 * hour
    for (let i = 0; i < 21; i++) await tell({}, { now: night, to: ['admin'] })
    const low = await tell({ severity: 1, org: trest }, { now: night, to: ['admin'] })
    office.clear()
    const figures = (org: number, events: number) =>
      db.engine.query(
        `insert into totals (hour, org_id, lane, dim, dim_id, events, occurrences, dropped, passed, partial, share) values ($1, $2, 0, 0, 0, $3, 0, $4, 0, 0, 0)`,
        [Math.floor((half8 - 20 * hour) / hour), org, events, events],
      )
    await figures(jihlava.id, 1234)
    await figures(trest.id, 77)
    await work(context, mailer, half8)
    const mail = to(jana)
    expect(office.mails).toHaveLength(1)
    expect(mail?.subject).toMatch(/^\[TLP:AMBER\] Souhrn hSOC, 2\. 3\. 2026: 2 zprávy$/)
    expect(mail?.text?.split('\n')[0]).toMatch(/^TLP:AMBER/)
    expect(mail?.text).toContain(
      'Nemocnice Jihlavka: denní strop 20 samostatných zpráv byl vyčerpán, 1 zpráva',
    )
    expect(mail?.text).toContain('Proč až v souhrnu: není naléhavé')
    expect(mail?.text).toContain(low.number)
    expect(mail?.text).toMatch(/Nemocnice Jihlavka: 1.234 událostí, zahozeno 100.%/)
    expect(mail?.text).toMatch(/Nemocnice Třešť: 77 událostí/)
    for (const secret of Object.values(evidence)) expect(everywhere(mail)).not.toContain(secret)
    expect(mail?.headers.get('x-hsoc-kind')).toBe('digest')
    expect(String(mail?.headerLines.find((h) => h.key === 'list-unsubscribe-post')?.line)).toBe(
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    )
    expect(String(mail?.headerLines.find((h) => h.key === 'list-unsubscribe')?.line)).toMatch(
      /^List-Unsubscribe: <https:\/\/hsoc\.example\/u\/d[\w-]{43}>$/,
    )
  })

  it('keeps a name or title that would break a header or a page in its place', async () => {
    const evil = await addHospital(db, 'Nemocnice "Zlá"\r\nBcc: evil@b.example <script>', ['198.51.100.0/25'])
    await addPerson(db, 'Eva', [['admin', evil]])
    await tell({ org: evil })
    expect(office.mails).toHaveLength(1)
    expect(office.mails[0]?.headers.has('bcc')).toBe(false)
    expect(String(office.mails[0]?.html)).not.toContain('<script>')
  })
})
