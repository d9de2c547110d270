/** What the mails of an application say, from the form to the letter box. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type JoiningStage, openJoiningStage, right } from '../../../test/joining-stage.ts'
import { openPostOffice, type PostOffice } from '../../../test/post-office.ts'
import { type Mailer, openMailer, work } from '../channels/index.ts'
import { mailWriters } from '../warnings/index.ts'
import { refuse } from './judge.ts'

const day = 86_400_000

describe('a mail about an application', () => {
  let stage: JoiningStage
  let office: PostOffice
  let mailer: Mailer
  beforeAll(async () => {
    stage = await openJoiningStage()
    office = await openPostOffice()
    mailer = openMailer(
      { smtpUrl: office.url, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null },
      mailWriters,
    )
  })
  beforeEach(async () => {
    await stage.clean()
    office.clear()
  })
  afterAll(async () => {
    await mailer?.close()
    await office?.close()
    await stage?.close()
  })

  const evil = {
    name: 'Vyhráli jste https://spam.example',
    organisation: 'KLIKNĚTE https://spam.example',
    message: 'https://spam.example',
  }

  it('asks for confirmation and repeats nothing that was written into the form', async () => {
    await stage.send({ ...evil, email: 'obet@people.example' }, '/cs/prihlaska')
    await work(stage.context, mailer, stage.now)
    const [mail] = office.to('obet@people.example')
    expect(mail?.subject).toBe('hSOC: potvrďte prosím svou adresu')
    expect(mail?.text).toContain(
      `https://hsoc.example/application/${await stage.tokenTo('obet@people.example')}`,
    )
    expect(office.raw.join('\n')).not.toMatch(/spam\.example|KLIKN|Vyhr/)
  })

  it('is not sent when its link is over before the server takes it', async () => {
    await stage.send()
    const { rowCount } = await stage.db.engine.query(
      `update deliveries set detail = detail || jsonb_build_object('until', to_timestamp($1 / 1000.0)) where address = $2`,
      [stage.now - day, right.email],
    )
    expect(rowCount).toBe(1)
    await work(stage.context, mailer, stage.now)
    expect(office.mails).toEqual([])
  })

  it('tells the judges that one waits, and the applicant why it was refused, each in their language', async () => {
    const id = await stage.confirmed()
    await refuse(
      stage.context,
      id,
      { why: 'unverified', text: 'Call us, please.' },
      stage.coordinator,
      stage.now,
    )
    await work(stage.context, mailer, stage.now)
    const waiting = office.to(stage.coordinator.email)[0]
    expect(waiting?.subject).toBe('hSOC: an application waits')
    expect(waiting?.text).toContain(`https://hsoc.example/applications/${id}`)
    const refused = office.to(right.email).find((mail) => mail.subject === 'hSOC: your application')
    expect(refused?.text).toContain('Nemocnice Vzorov')
    expect(refused?.text).toContain('could not make sure')
    expect(refused?.text).toContain('Call us, please.')
    expect(refused?.text).not.toContain(stage.coordinator.name)
  })
})
