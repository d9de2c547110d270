import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { campaign, openStage, type Stage } from '../../../../test/blocklist-stage.ts'
import { asEngine } from '../../../platform/database.ts'
import { enter, letThrough } from './decide.ts'
import { waitingItems } from './read-all.ts'

describe('what organisations say of their lists', () => {
  let stage: Stage
  let lipova: string
  let bukova: string
  let javorova: string

  beforeAll(async () => {
    stage = await openStage()
    lipova = (await stage.firewall(stage.lipova, stage.jana)).key
    bukova = (await stage.firewall(stage.bukova, stage.bara)).key
    javorova = (await stage.firewall(stage.javorova, stage.jiri)).key
    await campaign(stage, [
      { source: '203.0.113.7', at: [stage.lipova, stage.bukova] },
      { source: '203.0.113.9', at: [stage.lipova, stage.bukova] },
    ])
    for (const value of ['evil.example.org', '198.51.100.0/24']) await entered(value)
    await stage.work()
  })
  afterAll(() => stage.close())

  const entered = (value: string) =>
    asEngine(stage.db, (tx) => enter(tx, { value, reason: 'x', days: null }, stage.karel, stage.now))
  const report = (key: string, payload: unknown, type = 'application/json') =>
    stage.app.inject({
      method: 'POST',
      url: `/edl/${key}/false-positive`,
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
      headers: { 'content-type': type },
    })
  const url = () => `/blocklists/${stage.lipova.id}/exceptions`

  it('an exception is off the own list at once and holds for others nothing', async () => {
    const { jana } = stage
    expect((await stage.post(jana, url(), { value: '203.0.113[.]9', reason: 'Náš partner.' })).status).toBe(
      303,
    )
    expect(await stage.list(lipova)).toBe('198.51.100.0/24\n203.0.113.7\n')
    expect(await stage.list(bukova)).toContain('203.0.113.9\n')
    await stage.work()
    expect(await stage.list(lipova)).not.toContain('203.0.113.9')
    const ended = await stage.post(jana, `${url()}/1/end`, {})
    expect(ended.status).toBe(303)
    await stage.work()
    expect(await stage.list(lipova)).toContain('203.0.113.9\n')
    expect((await stage.post(stage.bara, url(), { value: '203.0.113.9' })).status).toBe(404)
    expect((await stage.post(jana, url(), { value: 'nesmysl' })).body).toContain('Toto není adresa')
  })

  it('a firewall says that a block broke the care: what blocked it is off this hospital’s lists at once', async () => {
    expect((await report(lipova, { value: '198.51.100.20' })).body).toBe('Off your lists: 1.\n')
    expect(await stage.list(lipova)).not.toContain('198.51.100.0/24')
    expect(await stage.list(bukova)).toContain('198.51.100.0/24')
    expect(
      (
        await report(
          lipova,
          'value=hxxps%3A%2F%2Fwww.evil.example.org%2Fx',
          'application/x-www-form-urlencoded',
        )
      ).statusCode,
    ).toBe(200)
    expect(await stage.list(lipova, 'domain.txt')).toBe('')
    const { rows } = await stage.db.engine.query(
      `select verb, actor, org_id from audit where verb = 'exchange.false-positive' order by id limit 1`,
    )
    expect(rows[0]).toEqual({ verb: 'exchange.false-positive', actor: 'firewall 1', org_id: stage.lipova.id })
  })

  it('when a second hospital says the same, nobody blocks it until a coordinator has looked', async () => {
    const value = '203.0.113.9'
    for (const key of [lipova, bukova]) expect((await report(key, { value })).statusCode).toBe(200)
    expect(await stage.list(javorova)).not.toContain(value)
    await stage.work()
    expect(await stage.list(javorova)).not.toContain(value)
    const waiting = await asEngine(stage.db, waitingItems)
    expect(waiting.map((one) => [one.value, one.broke])).toEqual([
      [value, ['Nemocnice Buková', 'Nemocnice Lipová']],
    ])
    await asEngine(stage.db, (tx) => letThrough(tx, waiting[0]?.id ?? '', 'Ověřeno.', stage.karel, stage.now))
    await stage.work()
    expect(await stage.list(javorova)).toContain(value)
    expect(await stage.list(lipova)).not.toContain(value)
  })

  it('a report of what is not listed is asked again, with what was typed', async () => {
    const typed = { value: '203.0.113.77', reason: 'Nejde nám <PACS>', broke: '1' }
    const { status, body } = await stage.post(stage.jana, url(), typed)
    expect(status).toBe(422)
    for (const part of [
      'Tohle na vašich seznamech není.',
      'value="203.0.113.77"',
      'value="Nejde nám &lt;PACS>"',
      'value="1" checked',
    ])
      expect(body).toContain(part)
  })

  it('refuses what is not on its lists, what is no indicator, and what comes without a key', async () => {
    expect((await report(lipova, { value: '203.0.113.77' })).statusCode).toBe(404)
    expect((await report(lipova, { value: 'x y' })).statusCode).toBe(422)
    expect((await report(lipova, { value: 7 })).statusCode).toBe(422)
    expect((await report(lipova, '')).statusCode).toBe(400)
    expect((await report(lipova, '{"value":')).statusCode).toBe(400)
    expect((await report(lipova, { value: 'x'.repeat(2_000_000) })).statusCode).toBe(413)
    expect((await report('hse_x', { value: '203.0.113.7' })).statusCode).toBe(401)
    expect(await stage.list(lipova)).toContain('203.0.113.7\n')
  })

  it('a jump in size waits for a coordinator, and what is withdrawn meanwhile leaves all the same', async () => {
    const many = Array.from({ length: 60 }, (_, n) => ({
      source: `203.0.113.${n + 100}`,
      at: [stage.lipova, stage.bukova],
    }))
    await campaign(stage, many)
    await stage.work()
    expect((await stage.list(bukova)).split('\n').length).toBeLessThan(10)
    const review = await stage.get(stage.karel, '/blocklists/review')
    expect(review.body).toContain('Seznam by se skokem změnil (adresy a sítě)')
    expect((await report(bukova, { value: '203.0.113.7' })).statusCode).toBe(200)
    await stage.work()
    expect(await stage.list(bukova)).not.toContain('203.0.113.7\n')
    expect((await stage.post(stage.karel, '/blocklists/review/jumps/ip/pass', {})).status).toBe(303)
    await stage.work()
    expect(await stage.list(bukova)).toContain('203.0.113.159\n')
    expect((await stage.post(stage.karel, '/blocklists/review/jumps/ip/pass', {})).status).toBe(409)
  })

  it('a list that cannot be made is served as it was, with an alarm', async () => {
    const before = await stage.list(lipova)
    await stage.db.engine.query(
      `insert into blocklist_choices (org_id, kinds, sources, confidence, max_days, changed_at) values ($1, '{ip}', '{campaign}', 1, 365, now())`,
      [stage.lipova.id],
    )
    const owner = new pg.Client({ connectionString: stage.db.url })
    await owner.connect()
    await owner.query(`alter table blocklist_choices rename column max_days to max_days_away`)
    await entered('203.0.113.250')
    const { error } = stage.context.log
    const alarms: string[] = []
    stage.context.log.error = (_, message) => void alarms.push(message ?? '')
    await stage.work()
    stage.context.log.error = error
    await owner.query(`alter table blocklist_choices rename column max_days_away to max_days`)
    await owner.end()
    expect(alarms).toContain('blocklists could not be made; those before are served on')
    expect(await stage.list(lipova)).toBe(before)
    expect((await stage.get(stage.karel, '/blocklists/review')).body).toContain('Seznam nelze obnovit')
    await stage.work()
    expect((await stage.get(stage.karel, '/blocklists/review')).body).not.toContain('Seznam nelze obnovit')
  })
})
