/** Mails of the contact book, from the row to the letter box. */
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
import { seal } from '../../platform/seal.ts'
import { work } from './jobs.ts'
import { type Mailer, openMailer } from './post.ts'

const day = 86_400_000
const address = 'dispecink@nemocnice-lipova.example'

describe('a mail of the contact book', () => {
  let db: TestDatabase
  let lipova: Hospital
  let office: PostOffice
  let context: ReturnType<typeof testContext>
  let way: Mailer

  beforeAll(async () => {
    db = await createDatabase()
    lipova = await addHospital(db, 'Nemocnice Lipová', [])
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
    db.engine.query('select queue_contact_mail($1, $2, $3, $4, to_timestamp($5 / 1000.0))', [
      topic,
      lipova.id,
      address,
      detail,
      tuesday,
    ])
  const runAt = (now: number): Promise<number> => {
    context.at(now)
    return work(context, way, now)
  }
  const until = new Date(tuesday + day).toISOString()
  const verification = (token: string, more: object = {}) => ({
    template: 'contact-verification',
    sealed: seal(context.settings.secret, token),
    until,
    organisation: 'Nemocnice Lipová',
    contact: 'Dispečink',
    ...more,
  })

  it('goes to a mailbox that is nobody\u2019s account, with the link in the mail alone', async () => {
    await queue('one', verification('link-of-the-mailbox'))
    await runAt(tuesday)
    const [mail] = office.mails
    expect(mail?.to).toMatchObject({ text: address })
    expect(mail?.subject).toContain('ověřte tuto adresu, Nemocnice Lipová')
    expect(mail?.text).toContain('https://hsoc.example/contact-proof/link-of-the-mailbox')
    expect(mail?.text).toContain('Dispečink')
    const { rows } = await db.engine.query<{ row: string }>('select d::text as row from deliveries d')
    expect(rows[0]?.row).not.toContain('link-of-the-mailbox')
  })

  it('is dropped once its day is over, when it was sealed under another secret, and when the organisation left', async () => {
    await queue('late', verification('late', { until: new Date(tuesday).toISOString() }))
    await queue('sealed', verification('x', { sealed: seal('x'.repeat(40), 'x') }))
    await runAt(tuesday)
    await db.engine.query(`update organisations set status = 'left' where id = $1`, [lipova.id])
    await queue('left', verification('left'))
    await runAt(tuesday)
    await db.engine.query(`update organisations set status = 'participant' where id = $1`, [lipova.id])
    expect(office.mails).toEqual([])
  })

  it('tells the mailbox that was in the book, without saying what took its place', async () => {
    await queue('changed', { template: 'contact-changed', at: new Date(tuesday).toISOString() })
    await runAt(tuesday)
    expect(office.mails[0]?.subject).toContain('váš kontakt se změnil')
    expect(office.mails[0]?.text).toContain('3. března 2026')
    expect(office.mails[0]?.text).toContain('https://hsoc.example/contacts')
  })

  it.each([
    ['before', 'Kontakty do 3. 9. 2026'],
    ['due', 'Kontakty dnes'],
    ['after', 'Kontakty po termínu'],
    ['stale', 'Za kontakty už nikdo neručí'],
  ])('reminds %s the day, with the gaps and the way to the book', async (step, subject) => {
    const renata = await addPerson(db, `Renata ${step}`, [['representative', lipova]])
    const detail = {
      template: 'contact-attestation',
      org: lipova.id,
      organisation: 'Nemocnice Lipová',
      step,
      due: '2026-09-03',
      gaps: ['nobody.out_of_hours', 'onlyMail'],
    }
    await db.engine.query('select queue_account_mail($1, $2, $3, $4, to_timestamp($5 / 1000.0))', [
      `contacts:${step}`,
      renata.person,
      renata.email,
      detail,
      tuesday,
    ])
    await runAt(tuesday)
    const [mail] = office.mails
    expect(mail?.subject).toContain(subject)
    expect(mail?.text).toContain('Mimo pracovní dobu není koho zavolat.')
    expect(mail?.text).toContain(`https://hsoc.example/members/${lipova.id}/contacts`)
  })

  it.each([
    ['one organisation', 'Vytiskněte si nouzový list (Nemocnice Lipová)', true],
    ['all of them', 'Uložte si knihu kontaktů na dobu bez sítě', false],
  ])('asks for the sheet of %s, with the way to it', async (name, subject, own) => {
    const person = await addPerson(db, `Radka ${name}`, [['representative', lipova]])
    const detail = {
      template: 'emergency-sheet',
      org: own ? lipova.id : null,
      organisation: 'Nemocnice Lipová',
    }
    await db.engine.query('select queue_account_mail($1, $2, $3, $4, to_timestamp($5 / 1000.0))', [
      `sheet:${name}`,
      person.person,
      person.email,
      detail,
      tuesday,
    ])
    await runAt(tuesday)
    const [mail] = office.mails
    expect(mail?.subject).toContain(subject)
    const path = own ? `/members/${lipova.id}/contacts/pdf` : '/contacts/download'
    expect(mail?.text).toContain(`https://hsoc.example${path}`)
  })
})
