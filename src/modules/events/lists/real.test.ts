import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { loadLists, readPlainList } from './load.ts'
import { isHeldForReview, labelsOf, matcherOf } from './match.ts'

const data = process.env.HSOC_TEST_DATA ?? '../shared/data'
const isMissing = !existsSync(join(data, 'warninglists', 'lists'))
if (isMissing) console.error(`Skipped: no real warning lists in ${data}; set HSOC_TEST_DATA to their folder.`)

describe('real warning lists', () => {
  it.skipIf(isMissing)('give the known figures for real sources', () => {
    const { lists, problems } = loadLists(join(data, 'warninglists'))
    expect(problems).toEqual([])
    expect(lists).toHaveLength(58)
    expect(lists.reduce((sum, list) => sum + list.entries, 0)).toBe(126_936)
    const set = matcherOf(lists)
    const figures = (texts: Iterable<string>) => {
      const found = [...new Set(texts)].map((text) => labelsOf(set, text))
      const on = (list: string) =>
        found.filter((labels) => labels.some((label) => label.list === list)).length
      return { all: found.length, listed: found.filter(isHeldForReview).length, on }
    }

    const alerts = readFileSync(join(data, 'eve', 'ctu-background-half-a.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"event_type":"alert"') || line.includes('"event_type": "alert"'))
    const eve = figures(alerts.map((line) => String(JSON.parse(line).src_ip)))
    expect([eve.all, eve.listed, eve.on('shodan-scanning')]).toEqual([347, 10, 8])
    expect([eve.on('microsoft-azure'), eve.on('github')]).toEqual([2, 2])

    const packed = readFileSync(join(data, 'honeypots', 'heralding-20000.json.gz'))
    const sessions = JSON.parse(gunzipSync(packed).toString('utf8')) as { source_ip: string }[]
    const heralding = figures(sessions.map((session) => session.source_ip))
    expect([heralding.all, heralding.listed]).toEqual([593, 133])
    const scanners = ['censys-scanning', 'shodan-scanning', 'internet-census-nt-scanning', 'onyphe-scanner']
    expect(scanners.map(heralding.on)).toEqual([65, 16, 10, 3])
    expect([heralding.on('microsoft-azure'), heralding.on('github')]).toEqual([39, 39])

    const ipsum = readPlainList(readFileSync(join(data, 'ipsum', 'level-3.txt')), 'level-3')
    expect(ipsum.entries).toBe(14_217)
    expect(figures(ipsum.patterns.nets.map(({ text }) => text)).listed).toBe(2_451)
    const withBlockList = matcherOf([...lists, ipsum])
    const attackers = new Set(sessions.map((session) => session.source_ip))
    const blocked = [...attackers].filter((text) =>
      labelsOf(withBlockList, text).some(({ group }) => group === 'block-list'),
    )
    expect(blocked).toHaveLength(164)
  })
})
