import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../../../test/belongings.ts'
import { callForm, callPages } from '../../../../test/call-pages.ts'
import { type Calling, openCalling } from '../../../../test/calling.ts'
import { tuesday } from '../../../../test/harness.ts'
import { openPages } from '../../../app.ts'

const nowhere = 'Textové zprávy (SMS) odsud neodcházejí: není nastavena žádná brána'

describe('where no gateway of text messages is set', () => {
  let stage: Calling
  let pages: ReturnType<typeof callPages>
  let shut: () => Promise<void>
  beforeAll(async () => {
    stage = await openCalling()
    const lipova = await stage.hospital('Nemocnice Lipová')
    await stage.person('Petr Dub', [['duty', lipova]], '+420555000001')
    const jan = await stage.person('Jan Bez', [['admin', lipova]], '+420555000002')
    await stage.owner(
      `insert into mail_standings (address_key, address, score, scored_at, bounced_at, kind, said, suspended_at, readers) values (address_key('${jan.email}'), '${jan.email}', 5, now(), now(), 'hard', '550', now(), '{2}')`,
    )
    const { context, stop } = contextOf(stage.db, () => tuesday)
    context.settings.hasSms = false
    const app = await openPages(context)
    pages = callPages({ app, context })
    shut = async () => {
      await app.close()
      await stop()
      await stage.close()
    }
  })
  afterAll(() => shut())

  it('the preview promises none, and names whom nothing else reaches', async () => {
    const begun = await pages.post(stage.karel, '/rollcalls', callForm)
    const page = (await pages.get(stage.karel, String(begun.headers.location))).body
    expect(page).toContain(nowhere)
    expect(page).toContain('Petr Dub (e-mail)')
    expect(page).toContain('1 člověk nemá jinou cestu, kudy by mu zpráva přišla: Jan Bez (Nemocnice Lipová)')
    expect(page).not.toContain('e-mail, SMS')
  })

  it('the board says so of those that came to nothing, and where they go out it is silent', async () => {
    const id = await stage.released()
    await stage.steps(tuesday)
    expect((await pages.get(stage.karel, `/rollcalls/${id}`)).body).not.toContain(nowhere)
    await stage.owner(`update deliveries set state = 'failed', reason = 'no-provider' where channel = 'sms'`)
    const board = (await pages.get(stage.karel, `/rollcalls/${id}`)).body
    expect(board).toContain(nowhere)
    expect(board).toContain('přišla: Jan Bez (Nemocnice Lipová)')
  })
})
