/** The door of the gateway of text messages, with real connections: who may come in, and what is done with what they bring. */
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { type PhoneStage, phoneStage } from '../../../../test/phone-stage.ts'
import { testContext } from '../../../../test/post-office.ts'
import { backKey, openSmsGateway, post, type SmsGateway, smsBack } from '../../../../test/sms-gateway.ts'
import { type App, openApp } from '../../../platform/http.ts'
import type { Understand } from '../sms/incoming.ts'
import { forgetReceipts } from '../sms/receipts.ts'
import { openWays, type Ways } from '../ways/open.ts'
import { mountSmsBack } from './sms-back.ts'

const second = 1_000
const bearer = { authorization: `Bearer ${backKey}` }

describe('what a gateway posts', () => {
  let stage: PhoneStage
  let context: ReturnType<typeof testContext>
  let gateway: SmsGateway
  let ways: Ways
  let app: App
  let port: number
  let base: string
  let now = tuesday
  const understand: Understand[] = []
  beforeAll(async () => {
    stage = await phoneStage()
    context = testContext(stage.db, { smsBack })
    gateway = await openSmsGateway()
    ways = openWays(context, { sms: gateway.sms, smsBack, pushHosts: [] })
    app = await openApp(context, () => '<html>')
    await mountSmsBack(app, context, understand, { bodyMs: 300, perMinute: 60, wrongPerMinute: 5 })
    base = await app.listen({ host: '127.0.0.1', port: 0 })
    port = Number(new URL(base).port)
  })
  afterAll(async () => {
    await app.close()
    await ways.close()
    await gateway.close()
    await stage.db.drop()
  })
  beforeEach(async () => {
    understand.length = 0
    gateway.silent = false
    gateway.taken.length = 0
    context.settings.smsBack = smsBack
    context.lines.length = 0
    // Another minute for the limits of the door and of numbers.
    now += 60 * second
    context.at(now)
    await stage.db.engine.query(
      'delete from deliveries; delete from short_replies; delete from short_receipts',
    )
  })
  const sent = async () => {
    await stage.say(now)
    await ways.work(now)
    return gateway.taken.at(-1)
  }
  const receipts = (body: string | object, headers: Record<string, string> = bearer) =>
    post(`${base}/sms/receipts`, body, headers)
  const replies = (body: string | object, headers: Record<string, string> = bearer) =>
    post(`${base}/sms/replies`, body, headers)
  const state = async () => (await stage.log()).map((one) => `${one.state} ${one.reason}`)
  const kept = async () =>
    (await stage.db.engine.query('select sender, text, provider_id as name from short_replies order by id'))
      .rows

  it('is a receipt: the message is delivered once, whatever comes after', async () => {
    const message = await sent()
    expect((await receipts({ id: message?.name, status: 'sent' })).said).toEqual({ taken: ['waiting'] })
    expect(await state()).toEqual(['sent null'])
    expect((await receipts({ id: message?.name.toLowerCase(), status: 'DELIVERED' })).said).toEqual({
      taken: ['delivered'],
    })
    expect((await receipts({ id: message?.name, status: 'DELIVERED' })).said).toEqual({ taken: ['known'] })
    expect((await receipts({ id: message?.name, status: 'failed' })).said).toEqual({ taken: ['known'] })
    expect(await state()).toEqual(['delivered null'])
  })

  it('is a receipt that it failed, in a form, with the key in the address', async () => {
    const message = await sent()
    const found = await post(
      `${base}/sms/receipts/${backKey}`,
      `MessageSid=${message?.name}&MessageStatus=undelivered`,
      {
        'content-type': 'application/x-www-form-urlencoded',
      },
    )
    expect(found).toEqual({ status: 200, said: { taken: ['failed'] } })
    expect(await state()).toEqual(['failed receipt-undeliv'])
  })

  it('settles by our own number what the gateway took without an answer', async () => {
    gateway.silent = true
    const message = await sent()
    expect(await state()).toEqual(['unknown interrupted'])
    expect((await receipts({ ref: message?.ref, status: 'delivered' })).said).toEqual({
      taken: ['delivered'],
    })
    expect((await receipts({ ref: '999999', status: 'delivered' })).said).toEqual({ taken: ['unknown'] })
    expect(await state()).toEqual(['delivered null'])
  })

  it('of a message that we know no name of yet is kept, and counts when we do', async () => {
    expect((await receipts({ id: 'G-1', status: 'delivered' })).said).toEqual({ taken: ['kept'] })
    expect((await receipts({ id: 'g-1', status: 'failed' })).said).toEqual({ taken: ['kept'] })
    await sent()
    expect(await state()).toEqual(['delivered null'])
    expect((await receipts({ id: 'not-ours', status: 'delivered' })).said).toEqual({ taken: ['kept'] })
    await ways.work(now)
    const waiting = async () =>
      (await stage.db.engine.query('select provider_id from short_receipts')).rows.map(
        (row) => row.provider_id,
      )
    expect(await waiting()).toEqual(['not-ours'])
    await forgetReceipts(stage.db.engine, now + 3_601 * second)
    expect(await waiting()).toEqual([])
  })

  it('is a reply, which counts once however often it is brought', async () => {
    let asked = 0
    understand.push(async () => `taken ${++asked}`)
    const body = { id: 'R-1', from: '420555000001', text: 'V 7F3K díky\u0000' }
    expect(await replies(body)).toEqual({ status: 200, said: { taken: ['kept'] } })
    const again = await Promise.all([replies(body), replies(body), replies({ ...body, text: 'N 7F3K' })])
    expect(again.map(({ said }) => said.taken)).toEqual([['known'], ['known'], ['known']])
    expect(await kept()).toEqual([{ sender: '+420555000001', text: 'V 7F3K díky', name: 'R-1' }])
    expect(asked).toBe(1)
    await Promise.all(Array.from({ length: 5 }, () => replies({ ...body, id: 'R-2' })))
    expect([asked, (await kept()).length]).toEqual([2, 2])
  })

  it('that cannot be kept is refused, so that it comes again', async () => {
    understand.push(() => Promise.reject(new Error('the database is away')))
    const body = { id: 'R-3', from: '420555000001', text: 'V' }
    expect((await replies(body)).status).toBe(500)
    expect(await kept()).toEqual([])
    understand.length = 0
    expect((await replies(body)).said).toEqual({ taken: ['kept'] })
  })

  it('as several at once is kept as far as it can be read, and the operator is told of names alone', async () => {
    const found = await replies([
      { id: 'R-4', from: '420555000001', text: 'a' },
      { nobody: '+420555000099', words: 'secret' },
      { id: 'R-5', from: '420555000001', text: 'b' },
    ])
    expect(found).toMatchObject({ status: 422, said: { taken: ['kept', 'unread', 'kept'] } })
    expect((await kept()).map(({ name }) => name)).toEqual(['R-4', 'R-5'])
    const said = JSON.stringify(context.lines)
    expect(said).toContain('nobody')
    expect(said).not.toMatch(/secret|555000099/)
  })

  it('without the key, with a wrong one or by another method finds nothing, and a guesser is slowed down', async () => {
    const body = { id: 'R-6', from: '420555000001', text: 'a' }
    expect((await replies(body, {})).status).toBe(401)
    expect((await replies(body, { authorization: `Bearer ${backKey}x` })).status).toBe(401)
    expect((await post(`${base}/sms/replies/wrong`, body)).status).toBe(404)
    expect((await fetch(`${base}/sms/replies/${backKey}`)).status).toBe(404)
    // Anybody's session is no key, and neither is a cookie of the same name.
    expect((await replies(body, { cookie: `token=${backKey}` })).status).toBe(401)
    expect((await post(`${base}/sms/receipts/${'x'.repeat(300)}`, body)).status).toBe(404)
    expect((await replies(body, {})).status).toBe(429)
    expect((await replies(body)).status).toBe(200)
    context.settings.smsBack = null
    context.at(now + 60 * second)
    for (const headers of [{}, bearer, { authorization: 'Bearer ' }])
      expect((await replies(body, headers)).status).toBe(404)
    expect(await kept()).toHaveLength(1)
    expect(JSON.stringify(context.lines)).not.toContain(backKey)
  })

  it('more often than a gateway does is told to wait', async () => {
    const all = await Promise.all(
      Array.from({ length: 70 }, (_, at) => replies({ id: `M-${at}`, from: '420555000001', text: '' })),
    )
    expect(all.filter(({ status }) => status === 200)).toHaveLength(60)
    expect(all.filter(({ status }) => status === 429)).toHaveLength(10)
  })

  it.each([
    ['nothing', '', 422],
    ['half of JSON', '{"id":', 422],
    ['a number', '1', 422],
    ['ten thousand brackets', '['.repeat(10_000), 422],
    ['more than it may be', JSON.stringify({ id: '1', from: '1', text: 'x'.repeat(70_000) }), 413],
  ])('that is %s is refused in JSON', async (_what, body, status) => {
    const found = await replies(body)
    expect([found.status, found.said.error]).toEqual([status, status === 413 ? 'too-large' : 'invalid'])
    expect(await kept()).toEqual([])
  })

  it.each([['text/xml'], ['multipart/form-data; boundary=x'], ['application/x-protobuf']])(
    'as %s is not read',
    async (type) => {
      expect((await replies('<id>1</id>', { ...bearer, 'content-type': type })).status).toBe(415)
    },
  )

  it('and stops in the middle is not waited for', async () => {
    const answered = await new Promise<string>((done) => {
      let heard = ''
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(
          `POST /sms/replies HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${backKey}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"id":"R-7",`,
        ),
      )
      socket.on('data', (part) => {
        heard += part.toString()
      })
      socket.on('close', () => done(heard))
      socket.on('error', () => {})
    })
    expect(answered).toMatch(/^HTTP\/1\.1 408 /)
    const cut = connect(port, '127.0.0.1', () => {
      cut.write(
        `POST /sms/replies HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${backKey}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"id":"R-8"`,
        () => cut.destroy(),
      )
    })
    await new Promise((done) => cut.on('close', done))
    expect((await replies({ id: 'R-9', from: '420555000001', text: 'after' })).said).toEqual({
      taken: ['kept'],
    })
    expect((await kept()).map(({ name }) => name)).toEqual(['R-9'])
  })
})
