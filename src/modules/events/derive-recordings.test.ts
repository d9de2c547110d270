import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { derive } from './derive.ts'
import type { Idea } from './event.ts'

const folder = join(process.env.HSOC_TEST_DATA ?? '../shared/data', 'idea')
const absent = !existsSync(folder)
const title = absent
  ? `recordings skipped: ${folder} is not there (set HSOC_TEST_DATA)`
  : 'recordings of real senders'

if (absent) console.error(title)

describe.skipIf(absent)(title, () => {
  const at2016 = { receivedMs: Date.UTC(2016, 10, 12), sensorName: 'cz.cesnet.filer' }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const single = (name: string) => derive(JSON.parse(read(`single/${name}.idea.json`)), at2016)

  it('counts the tarpit hour: 750 events, 191 sources, 610 targets, 191 pairs with a category', () => {
    const now = { ...at2016, receivedMs: Date.UTC(2016, 8, 1, 1) }
    const events = read('labrea-2016-09-01-first750.ndjson')
      .trim()
      .split('\n')
      .map((line) => derive(JSON.parse(line), now))
    const sources = events.flatMap((each) => each.keys.filter((key) => key.counted).map((key) => key.text))
    const targets = events.flatMap((each) => each.targets.flatMap((end) => end.nets.map((net) => net.text)))
    const pairs = events.flatMap((each) => each.keys.map((key) => `${key.text} ${each.categories[0]}`))
    expect([events.length, new Set(sources).size, new Set(targets).size, new Set(pairs).size]).toEqual([
      750, 191, 610, 191,
    ])
    expect(new Set(events.map((each) => each.hour)).size).toBe(1)
    expect(new Set(events.map((each) => each.detector))).toEqual(
      new Set(['cesnet.au1', 'cz.cesnet.filer.vinovago']),
    )
    expect(
      Math.max(...events.map((each) => each.detectedMs)) - Math.min(...events.map((each) => each.detectedMs)),
    ).toBe(61_000)
    expect(events.every((each) => each.lane === 'real' && each.verdict === 0)).toBe(true)
  })

  it('understands single messages of many kinds', () => {
    expect(single('vulnerable')).toMatchObject({
      targetClass: 'vulnerable-config-qotd',
      detector: 'cesnet.au1',
    })
    expect(single('ddos3').keys).toEqual([{ text: 'none', kind: 'none', counted: false }])
    expect(single('botnet2')).toMatchObject({ lane: 'test', categories: ['Intrusion.Botnet', 'Test'] })
    expect(single('ddos1')).toMatchObject({ tags: ['Flow', 'Statistical'], weight: 208 })
    expect(single('ddos1').sources[0]?.backscatter).toBe(true)
    expect(single('login1')).toMatchObject({ targetClass: 'attempt-login-ssh', weight: 19 })
    expect(single('login1').targets[0]).toMatchObject({
      imprecise: true,
      nets: [{ text: '195.113.165.128/25' }],
    })
    expect(single('exploit')).toMatchObject({
      targetClass: 'attempt-exploit-smb',
      sourceClass: 'attempt-exploit-smb',
    })
  })

  it('takes ranges and the sender’s severities from Mentat', () => {
    const [phishing] = JSON.parse(read('mentat-test-messages.json')).map((idea: Idea) => derive(idea, at2016))
    expect(phishing).toMatchObject({
      lane: 'test',
      tlp: 'GREEN',
      targetSeverity: 2,
      sourceSeverity: 1,
      confidence: 1,
    })
    expect(phishing.keys.map((key: { text: string }) => key.text)).toEqual([
      '192.168.0.2-192.168.0.5',
      '192.168.0.0/25',
      '192.168.1.1',
      '192.168.1.2',
      '192.168.1.4',
      '2001:db8::ff00:42:0/112',
      '2001:db8::ff00:42:50',
    ])
  })

  it('finds host-only sources and unknown categories of the flow detectors', () => {
    const messages = readdirSync(join(folder, 'nemea')).flatMap((file) =>
      read(`nemea/${file}`).trim().split('\n'),
    )
    const events = messages.map((line) =>
      derive(JSON.parse(line), { ...at2016, receivedMs: Date.UTC(2020, 10, 25) }),
    )
    expect(events.flatMap((each) => each.keys).some((key) => key.kind === 'host')).toBe(true)
    expect(
      events
        .filter((each) => each.quality.includes('unknown-category'))
        .every((each) => each.targetClass === 'other'),
    ).toBe(true)
    expect(new Set(events.map((each) => each.targetClass))).toContain('attempt-login-sip')
  })
})
