/** The public form: what it takes, what it refuses, and what it tells nobody. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tuesday } from '../../../test/harness.ts'
import { day, type JoiningStage, minute, openJoiningStage, right } from '../../../test/joining-stage.ts'
import { forget } from './apply.ts'

let stage: JoiningStage
beforeAll(async () => {
  stage = await openJoiningStage()
})
beforeEach(() => stage.clean())
afterAll(() => stage?.close())

describe('the public form', () => {
  it('takes an application, which waits for its address to be confirmed', async () => {
    expect((await stage.send()).headers.location).toBe('/en/application?sent=1')
    const sent = await stage.get('/en/application?sent=1')
    expect(sent.body).toContain('look into your mail')
    const token = await stage.tokenTo(right.email)
    const { body } = await stage.get(`/application/${token}`)
    expect(body).toContain('Was it you who sent an application')
    const { rows } = await stage.db.engine.query('select state, confirmed_at, language from applications')
    // Looking at the link, as programs that scan mail do, has confirmed nothing.
    expect(rows).toEqual([{ state: 'applied', confirmed_at: null, language: 'en' }])
    expect(await stage.templates(stage.coordinator.email)).toEqual([])
    expect((await stage.form(`/application/${token}`, {})).statusCode).toBe(303)
    expect((await stage.form(`/application/${token}`, {})).statusCode).toBe(303)
    expect(await stage.templates(stage.coordinator.email)).toEqual(['application-waiting'])
  })

  it('answers the same whether the organisation and the person are known or not', async () => {
    const answers: unknown[] = []
    const sent: Record<string, string>[] = [
      {},
      { organisation: stage.lipova.name },
      { organisation: stage.lipova.name, ico: '25596641' },
      { kind: 'work', organisation: stage.lipova.name },
      { kind: 'work', organisation: 'Nemocnice Neznámá' },
      { email: stage.renata.email },
      { kind: 'work', organisation: stage.lipova.name, email: stage.renata.email },
    ]
    for (const changed of sent) {
      stage.now = tuesday
      const { statusCode, headers, body } = await stage.send(changed)
      const email = changed.email ?? right.email
      const asked = await stage.get(`/application/${await stage.tokenTo(email)}`)
      const done = await stage.form(`/application/${await stage.tokenTo(email)}`, {})
      const after = await stage.get(`/application/${await stage.tokenTo(email)}`)
      const plain = (text: string) =>
        text.replace(/nonce(?:" content)?="[^"]*"|(?:\/|%2F)application(?:\/|%2F)[\w-]+/g, '')
      answers.push([
        statusCode,
        headers.location,
        body,
        plain(asked.body),
        done.statusCode,
        plain(after.body),
      ])
      await stage.db.engine.query('delete from sign_in_failures')
    }
    for (const answer of answers) expect(answer).toEqual(answers[0])
    for (const name of [stage.renata.name, stage.lipova.name, stage.coordinator.name])
      expect(JSON.stringify(answers)).not.toContain(name)
  })

  it('keeps what was typed when something is wrong, in both languages', async () => {
    const wrong = await stage.send(
      { email: 'jana', message: 'Dlouhý text, který nesmí zmizet.' },
      '/cs/prihlaska',
    )
    expect([wrong.statusCode, wrong.body]).toEqual([422, expect.stringContaining('jednu e-mailovou adresu')])
    expect(wrong.body).toContain('Dlouhý text, který nesmí zmizet.')
    const digit = await stage.send({ ico: '25596640' })
    expect([digit.statusCode, digit.body]).toEqual([422, expect.stringContaining('check digit')])
    expect((await stage.send({ ico: '25596640', icoSure: '1' })).statusCode).toBe(303)
  })

  it('lets a single digit be put right at once', async () => {
    const began = await stage.began()
    stage.now += minute
    const digit = await stage.form('/en/application', { ...right, ico: '25596640', began })
    expect(digit.statusCode).toBe(422)
    const again = /name="began" value="([^"]+)"/.exec(digit.body)?.[1] ?? ''
    stage.now += 500
    expect((await stage.form('/en/application', { ...right, began: again })).statusCode).toBe(303)
  })

  it('is nothing for programs: too quick, too late, made up, or with the field that nobody sees', async () => {
    const stamp = await stage.began()
    const quick = await stage.form('/en/application', { ...right, began: stamp })
    expect([quick.statusCode, quick.body]).toEqual([422, expect.stringContaining('too quickly')])
    // The same form is good a moment later.
    expect(quick.body).toContain(stamp)
    stage.now += 13 * 3_600_000
    expect((await stage.form('/en/application', { ...right, began: stamp })).body).toContain(
      'open for too long',
    )
    for (const made of ['', 'x', String(stage.now)])
      expect((await stage.form('/en/application', { ...right, began: made })).statusCode).toBe(422)
    expect((await stage.send({ website: 'https://spam.example' })).statusCode).toBe(303)
    expect((await stage.db.engine.query('select 1 from applications')).rowCount).toBe(0)
    expect(await stage.templates(right.email)).toEqual([])
  })

  it('has a limit for a network, which it says, and for a mailbox, which it does not', async () => {
    const stamp = await stage.began()
    stage.now += minute
    const codes: number[] = []
    for (let i = 0; i < 12; i += 1)
      codes.push(
        (await stage.form('/en/application', { ...right, email: `a${i}@vzorov.example`, began: stamp }))
          .statusCode,
      )
    expect(codes).toEqual([...Array(10).fill(303), 429, 429])
    await stage.db.engine.query('delete from sign_in_failures; delete from applications')
    for (let i = 0; i < 5; i += 1) {
      stage.otherNetwork()
      expect((await stage.form('/en/application', { ...right, began: stamp })).statusCode).toBe(303)
    }
    expect((await stage.db.engine.query('select 1 from applications')).rowCount).toBe(3)
  })

  it('takes hostile, huge and empty bodies for what they are', async () => {
    const stamp = await stage.began()
    stage.now += minute
    for (const body of [
      '',
      '_',
      'organisation=%00%00&name=%00',
      `message=${'x'.repeat(3_000)}`,
      'email[]=1&email=2',
    ])
      expect(
        (
          await stage.form(
            '/en/application',
            Object.fromEntries(new URLSearchParams(`${body}&began=${stamp}`)),
          )
        ).statusCode,
      ).toBe(422)
    expect((await stage.form('/en/application', { message: 'x'.repeat(300_000) })).statusCode).toBe(413)
    const script = await stage.send({ organisation: '<script>alert(1)</script>', email: 'x' })
    expect(script.body).not.toContain('<script>alert')
    for (const token of ['x', '%00', 'a'.repeat(400)])
      expect((await stage.get(`/application/${token}`)).statusCode).toBe(410)
  })

  it('forgets what nobody confirmed, and what was refused long ago', async () => {
    await stage.send()
    const link = await stage.tokenTo(right.email)
    stage.now += 4 * day
    expect((await stage.form(`/application/${link}`, {})).statusCode).toBe(410)
    await forget(stage.context, stage.now)
    expect((await stage.db.engine.query('select 1 from applications')).rowCount).toBe(1)
    await forget(stage.context, stage.now + 11 * day)
    expect((await stage.db.engine.query('select 1 from applications')).rowCount).toBe(0)
  })
})
