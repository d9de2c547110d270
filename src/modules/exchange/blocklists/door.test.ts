import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { campaign, openStage, type Stage } from '../../../../test/blocklist-stage.ts'
import { asEngine } from '../../../platform/database.ts'
import { createLogger } from '../../../platform/log.ts'
import { enter } from './decide.ts'
import { revokeDevice, rotateKey } from './devices.ts'

describe('the door for firewalls', () => {
  let stage: Stage
  let key: string
  let device: number
  const said: string[] = []

  beforeAll(async () => {
    stage = await openStage()
    stage.context.log = createLogger('info', { write: (line: string) => void said.push(line) })
    ;({ key, id: device } = await stage.firewall(stage.lipova, stage.jana))
    const sources = Array.from({ length: 12 }, (_, n) => ({
      source: `203.0.113.${n + 1}`,
      at: [stage.lipova, stage.bukova],
    }))
    await campaign(stage, sources)
    await asEngine(stage.db, (tx) =>
      enter(tx, { value: '203.0.113.200', reason: 'x', days: null }, stage.karel, stage.now),
    )
    await asEngine(stage.db, (tx) =>
      enter(tx, { value: 'http://evil.example.org/a,"b', reason: 'x', days: null }, stage.karel, stage.now),
    )
    await stage.work()
  })
  afterAll(() => stage.close())

  const ask = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    stage.app.inject({ method, url, headers })
  const basic = (user: string, password: string) =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  it('serves one value a line, sorted by bytes, with nothing else', async () => {
    const { body, headers, statusCode } = await ask(`/edl/${key}/ip.txt`)
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
    const lines = body.split('\n')
    expect(lines.pop()).toBe('')
    expect(lines).toHaveLength(13)
    expect(lines).toEqual([...new Set(lines)].sort())
    expect(body).not.toMatch(/[ \t\r#]|^\uFEFF/)
    const told = (await ask(`/edl/${key}/ip.txt?comments=1`)).body
    expect(told).toMatch(/^# hSOC ip, version 1 of \S+\n# 13 entries\n203\.0\.113\.1\n/)
  })

  it('takes the key as Basic or Bearer as well', async () => {
    for (const authorization of [basic('whoever', key), `Bearer ${key}`, `bearer ${key}`])
      expect((await ask('/edl/ip.txt', { authorization })).statusCode).toBe(200)
  })

  it('answers 304 to whoever has it, by tag or by date, and HEAD without a body', async () => {
    const first = await ask(`/edl/${key}/ip.txt`)
    const tag = String(first.headers.etag)
    const at = String(first.headers['last-modified'])
    const asked: Record<string, string>[] = [
      { 'if-none-match': tag },
      { 'if-none-match': `"x", ${tag.slice(2)}` },
      { 'if-none-match': '*' },
      { 'if-modified-since': at },
    ]
    for (const headers of asked) {
      const again = await ask(`/edl/${key}/ip.txt`, headers)
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', tag])
    }
    expect(
      (await ask(`/edl/${key}/ip.txt`, { 'if-none-match': '"x"', 'if-modified-since': at })).statusCode,
    ).toBe(200)
    expect((await ask(`/edl/${key}/ip.txt`, { 'if-modified-since': 'yesterday' })).statusCode).toBe(200)
    const head = await ask(`/edl/${key}/ip.txt`, {}, 'HEAD')
    expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, '', tag])
  })

  it('packs for whoever can unpack', async () => {
    const packed = await ask(`/edl/${key}/ip.txt`, { 'accept-encoding': 'br, gzip' })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(packed.rawPayload).toString()).toBe((await ask(`/edl/${key}/ip.txt`)).body)
    expect(
      (await ask(`/edl/${key}/ip.txt`, { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding'],
    ).toBeUndefined()
  })

  it('cuts for small tables: what two observers confirm comes first', async () => {
    const cut = (await ask(`/edl/${key}/ip.txt?max=12`)).body
    expect(cut.split('\n')).toHaveLength(13)
    expect(cut).not.toContain('203.0.113.200')
    for (const max of ['0', '-1', '1e9', 'x', ''])
      expect((await ask(`/edl/${key}/ip.txt?max=${max}`)).statusCode).toBe(422)
    expect((await ask(`/edl/${key}/ip.txt?max=1&max=2`)).statusCode).toBe(422)
  })

  it('serves CSV and JSON with since when and how sure', async () => {
    const csv = (await ask(`/edl/${key}/url.csv`)).body.split('\n')
    expect(csv[0]).toBe('value,kind,confidence,last_seen,valid_until,listed_since')
    expect(csv[1]).toMatch(/^"http:\/\/evil\.example\.org\/a,%22b",url,1,2026-03-03T/)
    const json = JSON.parse((await ask(`/edl/${key}/ip.json`)).body)
    expect(json.entries[0]).toMatchObject({ value: '203.0.113.1', kind: 'ip', confidence: 2 })
  })

  it('an empty list is empty, one that was never made is none', async () => {
    const empty = await ask(`/edl/${key}/sha256.txt`)
    expect([empty.statusCode, empty.body]).toEqual([200, ''])
    const fresh = await stage.firewall(stage.javorova, stage.jiri)
    const none = await ask(`/edl/${fresh.key}/ip.txt`)
    expect([none.statusCode, none.headers['retry-after']]).toEqual([503, '5'])
  })

  it('refuses keys that are unknown, foreign, broken or of another kind, in plain text', async () => {
    for (const [url, headers] of [
      ['/edl/hse_unknown/ip.txt', {}],
      ['/edl/ip.txt', {}],
      ['/edl/ip.txt', { authorization: basic('x', 'hse_unknown') }],
      ['/edl/ip.txt', { authorization: 'Basic ÿÿ%%%' }],
      ['/edl/ip.txt', { authorization: 'Bearer hsk_something' }],
      [`/edl/${'x'.repeat(400)}/ip.txt`, {}],
      ['/edl/%00/ip.txt', {}],
    ] as const) {
      const answer = await ask(url, headers)
      expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([
        url,
        401,
        'text/plain; charset=utf-8',
      ])
      expect(answer.body.split('\n')).toHaveLength(2)
    }
    expect((await ask('/edl/ip.txt')).headers['www-authenticate']).toContain('Basic')
    for (const file of ['ip.exe', 'ip', '..%2fip.txt', 'net.txt'])
      expect((await ask(`/edl/${key}/${file}`)).statusCode).toBe(404)
  })

  it('after a rotation both keys are good for seven days, then the new one alone', async () => {
    const next = await asEngine(stage.db, (tx) => rotateKey(tx, device, stage.jana, stage.now))
    stage.now += 6 * 86_400_000
    for (const one of [key, next.key]) expect((await ask(`/edl/${one}/ip.txt`)).statusCode).toBe(200)
    stage.now += 2 * 86_400_000
    expect((await ask(`/edl/${key}/ip.txt`)).statusCode).toBe(401)
    expect((await ask(`/edl/${next.key}/ip.txt`)).statusCode).toBe(200)
    key = next.key
  })

  it('a key that asks too often is told when to come again', async () => {
    await stage.db.engine.query('update blocklist_devices set per_minute = 3 where id = $1', [device])
    stage.now += 60_000
    const answers: Awaited<ReturnType<typeof ask>>[] = []
    for (let n = 0; n < 4; n++) answers.push(await ask(`/edl/${key}/ip.txt`))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429])
    expect(Number(answers[3]?.headers['retry-after'])).toBeGreaterThan(0)
    await stage.db.engine.query('update blocklist_devices set per_minute = 600 where id = $1', [device])
  })

  it('keeps the keys nowhere and logs none, not even when the answer fails', async () => {
    const { rows } = await stage.db.engine.query(
      'select row_to_json(d)::text as row from blocklist_devices d',
    )
    expect(JSON.stringify(rows)).not.toContain(key)
    const { app } = stage.db
    const query = app.query.bind(app)
    // The database is away for this one request.
    Object.assign(app, { query: () => Promise.reject(new Error('no connection')) })
    const failed = await ask(`/edl/${key}/ip.txt`)
    Object.assign(app, { query })
    expect(failed.statusCode).toBeGreaterThanOrEqual(500)
    expect(failed.body).not.toContain('203.0.113')
    expect(said.join('')).toContain('request failed')
    expect(said.join('')).not.toContain('hse_')
  })

  it('a revoked key and one past its end open nothing', async () => {
    const other = await stage.firewall(stage.lipova, stage.jana, 'Starý')
    await asEngine(stage.db, (tx) => revokeDevice(tx, other.id, stage.jana, stage.now))
    expect((await ask(`/edl/${other.key}/ip.txt`)).statusCode).toBe(401)
    stage.now += 400 * 86_400_000
    expect((await ask(`/edl/${key}/ip.txt`)).statusCode).toBe(401)
  })
})
