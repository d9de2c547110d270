/** Recordings of honeypots and of many detectors, broken lines among them, by the same two ways in. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Machines } from './machines.ts'
import { post } from './poster.ts'
import { ingest, recording } from './recordings.ts'
import { bothWays, daysOf, expectSound, labelled, one, stage } from './recordings-stage.ts'

const heralding = recording('honeypots/heralding-20000.json.gz')
const cisco = recording('honeypots/cisco-asa-extract-with-broken-lines.json.txt')
const lists = recording('warninglists/lists')
const ipsum = recording('ipsum/level-3.txt')
const ideas = recording('idea/SOURCE.md')

describe.skipIf(heralding.missing)('a honeypot for passwords', () => {
  let here: Machines
  let ways: Awaited<ReturnType<typeof bothWays>>
  beforeAll(async () => {
    here = await stage('2025-04-09T00:00:00Z')
    ways = await bothWays(here, { file: heralding.file, format: 'heralding', sensor: 'cz.hsoc.pot' })
  })
  afterAll(() => here?.close())

  it('gives 20,000 events, and nothing more the second time', async () => {
    expect(ways.answer.body).toMatchObject({ lines: 20_000, stored: 20_000, quarantined: 0 })
    expect([ways.byHand.code, ways.byHand.summary]).toMatchObject([0, { stored: 0, duplicate: 20_000 }])
    const days = [...(await daysOf(here)).values()]
    expect(days.reduce((sum, day) => sum + day.events, 0)).toBe(20_000)
    expect(days.reduce((sum, day) => sum + day.detections, 0)).toBeGreaterThan(3_000)
  })

  it('of 593 sources, 755 with logins tried', async () => {
    expect(
      await one(
        here,
        `select count(distinct key_id)::int as sources, (count(*) filter (where c.name like 'attempt-login%'))::int as logins,
           (count(*) filter (where flags & 8 > 0))::int as zoneless
         from events e join classes c on c.id = e.class_id`,
      ),
    ).toEqual({ sources: 593, logins: 755, zoneless: 20_000 })
  })

  it.skipIf(lists.missing || ipsum.missing)(
    'of which 133 are on warning lists and 164 on a block list; the tenants of clouds stay attackers',
    async () => {
      const listsDir = mkdtempSync(path.join(tmpdir(), 'hsoc-lists-'))
      cpSync(lists.file, listsDir, { recursive: true })
      cpSync(ipsum.file, path.join(listsDir, 'level-3.txt'))
      here.context.settings.listsDir = listsDir
      expect(await labelled(here)).toEqual({ listed: 133, shodan: 16, clouds: 39, blocked: 164 })
      const { rows } = await here.db.engine.query(
        `select distinct effect from key_labels where list ~* 'azure|github'`,
      )
      expect(rows).toEqual([{ effect: 'label' }])
      expect(
        await one(
          here,
          `select count(distinct d.key_id)::int as n from detections d join key_labels l on l.key_id = d.key_id and l.list ~* 'azure'
           where d.org_id = 0`,
        ),
      ).toEqual({ n: 39 })
      rmSync(listsDir, { recursive: true, force: true })
    },
  )

  it('is sound', () => expectSound(here))
})

describe.skipIf(cisco.missing)('a honeypot that writes broken lines', () => {
  it('gives 441 events and 17 refusals with number, reason and sample; the command says so by its code', async () => {
    const here = await stage('2025-04-09T00:00:00Z')
    const { answer, byHand } = await bothWays(here, {
      file: cisco.file,
      format: 'cisco-asa-honeypot',
      sensor: 'cz.hsoc.asa',
    })
    expect([answer.status, answer.body]).toMatchObject([200, { lines: 458, stored: 441, quarantined: 17 }])
    expect(answer.body.errors).toHaveLength(17)
    expect(byHand.code).toBe(1)
    expect(byHand.summary).toMatchObject({ stored: 0, duplicate: 441, quarantined: 17 })
    const allowed = ['--sensor', 'cz.hsoc.asa', '--format', 'cisco-asa-honeypot', '--allow-rejects']
    expect((await ingest(here.context, [...allowed, cisco.file])).code).toBe(0)
    await here.condense()
    expect(await one(here, 'select received, stored, duplicate, refused from loss')).toEqual({
      received: 3 * 458,
      stored: 441,
      duplicate: 2 * 441,
      refused: 3 * 17,
    })
    const { rows } = await here.db.engine.query<{ line: number; n: number }>(
      'select line, count(*)::int as n from rejects where length(reason) > 5 and length(sample) > 20 group by 1 order by 1',
    )
    expect(rows.map(({ line }) => line)).toEqual(answer.body.errors.map((e: { line: number }) => e.line))
    expect(rows.every(({ n }) => n === 3)).toBe(true)
    expect((await daysOf(here)).size).toBeGreaterThan(0)
    await expectSound(here)
    await here.close()
  })
})

describe.skipIf(ideas.missing)('messages of many detectors', () => {
  let here: Machines
  let key: string
  const folder = path.dirname(ideas.file)
  const sendFile = (file: string, more = {}) =>
    post(here.port, readFileSync(path.join(folder, file)), { key, ...more })
  beforeAll(async () => {
    here = await stage('2026-03-03T08:00:00Z')
    key = await here.addSensor('cz.hsoc.many', { rights: ['write'] })
  })
  afterAll(() => here?.close())

  it('pass, every one', async () => {
    const files = [
      ...readdirSync(path.join(folder, 'single')).map((name) => `single/${name}`),
      ...readdirSync(path.join(folder, 'nemea')).map((name) => `nemea/${name}`),
      'mentat-test-messages.json',
      'converter/converter-examples.ndjson',
    ]
    const counts: Record<string, number> = {}
    for (const file of files) {
      const { body } = await sendFile(file)
      expect([file, body.errors, body.quarantined]).toEqual([file, [], 0])
      const kind = file.split(/[/-]/)[0] ?? ''
      counts[kind] = (counts[kind] ?? 0) + body.stored + body.duplicate
    }
    expect(counts).toEqual({ single: 13, nemea: 50, mentat: 2, converter: 6 })
  })

  it('but for those that are against the format', async () => {
    for (const file of ['converter/converter-long.json', 'converter/converter-long-several.json']) {
      const { status, body } = await sendFile(file)
      expect([file, status, body.stored]).toEqual([file, 400, 0])
      expect(body.errors[0].reason).toMatch(/URI|ContentType|Ref|Hash|Netname/)
    }
  })

  it('and another reader’s output strictly not, leniently yes, which is counted', async () => {
    const pair = JSON.parse(readFileSync(path.join(folder, 'intelmq-event-to-idea-pair.json'), 'utf8'))
    const message = Object.values(pair).find((value) => (value as { Format?: string }).Format === 'IDEA0')
    const strict = await post(here.port, JSON.stringify(message), { key })
    expect([strict.status, strict.body.stored]).toEqual([400, 0])
    const lenient = await here.addSensor('cz.hsoc.lenient', { rights: ['write'], lenient: true })
    const { status, body } = await post(here.port, JSON.stringify(message), { key: lenient })
    expect([status, body.stored]).toEqual([200, 1])
    await here.condense()
    expect(await one(here, 'select sum(repaired)::int as n from loss')).toEqual({ n: 1 })
  })

  it('are sound', () => expectSound(here))
})
