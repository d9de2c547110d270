/** Text messages by HTTP from end to end: a gateway on loopback takes them, posts receipt and reply to the pages' door, and the boards show it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPages } from '../../src/app.ts'
import { openWays } from '../../src/modules/channels/index.ts'
import { hookContent } from '../../src/modules/warnings/index.ts'
import type { Actor } from '../../src/platform/access.ts'
import type { Context } from '../../src/platform/context.ts'
import type { App } from '../../src/platform/http.ts'
import { understanding } from '../../src/understanding.ts'
import { cookieOf } from '../belongings.ts'
import { type Calling, openCalling } from '../calling.ts'
import { tuesday } from '../harness.ts'
import { backKey, openSmsGateway, post, type SmsGateway, smsBack } from '../sms-gateway.ts'
import { openWriting, type Writing } from '../writing.ts'

const number = '+420555000001'
const bearer = { authorization: `Bearer ${backKey}` }

/** The pages as they are served, on a port of their own. */
async function served(context: Context): Promise<{ app: App; base: string }> {
  const app = await openPages(context)
  return { app, base: await app.listen({ host: '127.0.0.1', port: 0 }) }
}

async function shown(base: string, path: string, context: Context, actor: Actor): Promise<string> {
  const answer = await fetch(`${base}${path}`, {
    headers: { cookie: (await cookieOf(context, actor)).cookie, accept: 'text/html' },
  })
  return (await answer.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
}

describe('a written warning by a gateway', () => {
  let stage: Writing
  let gateway: SmsGateway
  let ways: ReturnType<typeof openWays>
  let app: App
  let base: string
  beforeAll(async () => {
    stage = await openWriting()
    Object.assign(stage.context.settings, { smsBack, hasSms: true })
    await stage.db.engine.query(
      `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at, verified_at, verified_how)
       values ($1, $2, $3, 'sms', $4, array[2], $5, $5, $5, 'sms')`,
      [stage.jihlava.id, stage.jana.person, stage.jana.name, number, new Date(tuesday)],
    )
    await stage.db.engine.query(
      `insert into channel_choices (person_id, channel, least, changed_at) values ($1, 'sms', 1, now())`,
      [stage.jana.person],
    )
    gateway = await openSmsGateway()
    ways = openWays(
      stage.context,
      { sms: gateway.sms, smsBack, pushHosts: [] },
      { understand: understanding(stage.db), tell: hookContent },
    )
    const one = await served(stage.context)
    app = one.app
    base = one.base
  })
  afterAll(async () => {
    await app.close()
    await ways.close()
    await gateway.close()
    await stage.close()
  })

  it('is delivered by its receipt and answered by its reply, which the board shows', async () => {
    const id = await stage.published({ severity: 3 }, tuesday)
    stage.context.at(tuesday)
    expect(await ways.work(tuesday)).toBe(1)
    const [message] = gateway.taken
    expect(message?.to).toBe(number)
    const code = /\bV ([0-9A-Z]{4})/.exec(message?.text ?? '')?.[1]
    expect(code).toBeTruthy()
    expect(await post(`${base}/sms/receipts`, { id: message?.name, status: 'delivered' }, bearer)).toEqual({
      status: 200,
      said: { taken: ['delivered'] },
    })
    const reply = { id: 'R-1', from: number, text: `R ${code} volame dodavateli` }
    expect((await post(`${base}/sms/replies`, reply, bearer)).said).toEqual({ taken: ['kept'] })
    const board = await shown(base, `/warnings/written/${id}/board`, stage.context, stage.karel)
    expect(board).toMatch(/Nemocnice Jihlavka.*Řešíme.*volame dodavateli/)
    expect(await shown(base, '/deliveries?channel=sms', stage.context, stage.karel)).toMatch(/doručeno/i)
    // The same once more, and a right code from another number: nothing moves, and a coordinator sees the stranger.
    expect((await post(`${base}/sms/replies`, reply, bearer)).said).toEqual({ taken: ['known'] })
    const stranger = { id: 'R-2', from: '+420555000099', text: `H ${code}` }
    expect((await post(`${base}/sms/replies`, stranger, bearer)).said).toEqual({ taken: ['kept'] })
    const { rows } = await stage.db.engine.query('select answer from written_answers where warning_id = $1', [
      id,
    ])
    expect(rows).toEqual([{ answer: 'working' }])
    expect(await shown(base, '/short-replies', stage.context, stage.karel)).toContain('+420555000099')
  })
})

describe('a roll-call by a gateway', () => {
  let stage: Calling
  let gateway: SmsGateway
  let app: App
  let base: string
  beforeAll(async () => {
    gateway = await openSmsGateway()
    stage = await openCalling({ gateway })
    Object.assign(stage.context.settings, { smsBack, hasSms: true })
    const one = await served(stage.context)
    app = one.app
    base = one.base
  })
  afterAll(async () => {
    await app.close()
    await stage.close()
    await gateway.close()
  })
  beforeEach(() => stage.clear())

  it('is delivered by its receipt and answered by its reply; from a wrong number it waits for an operator', async () => {
    const lipova = await stage.hospital('Nemocnice Lipová')
    const buk = await stage.hospital('Nemocnice Buková')
    await stage.person('Petr Dub', [['duty', lipova]], number)
    await stage.person('Adam Buk', [['duty', buk]], '+420555000002')
    const id = await stage.released()
    await stage.tick(tuesday)
    const message = gateway.taken.find(({ to }) => to === number)
    const code = /kodem ([0-9A-Z]{4})/.exec(message?.text ?? '')?.[1]
    expect(code).toBeTruthy()
    await post(`${base}/sms/receipts`, { id: message?.name, status: 'delivered' }, bearer)
    expect(await stage.attempts(id, lipova)).toContain('1 sms Petr Dub delivered')
    await post(`${base}/sms/replies`, { id: 'R-1', from: '+420555000002', text: `1 ${code}` }, bearer)
    expect((await stage.line(id, lipova)).answer).toBeNull()
    expect(await shown(base, `/rollcalls/${id}/calls`, stage.context, stage.karel)).toContain('+420555000002')
    await post(
      `${base}/sms/replies`,
      { id: 'R-2', from: '420555000001', text: `2 ${code?.toLowerCase()}` },
      bearer,
    )
    expect((await stage.line(id, lipova)).answer).toBe('2')
    expect(await shown(base, `/rollcalls/${id}`, stage.context, stage.karel)).toMatch(
      /Nemocnice Lipová.*zasažen/i,
    )
  })
})
