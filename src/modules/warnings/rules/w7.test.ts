import { describe, expect, it } from 'vitest'
import { defaultsOf } from '../rules.ts'
import { type SlowScan, w7, w7Sector } from './w7.ts'

describe('W7, slow scan', () => {
  const p = defaultsOf('W7')
  const scan: SlowScan = {
    addresses: 20,
    ports: 1,
    host: '192.0.2.1',
    busiest: 5,
    members: 0,
    research: null,
  }
  it.each([
    ['twenty addresses', {}, false, 'W7 1'],
    ['an attempt followed', {}, true, 'W7 2'],
    ['nineteen', { addresses: 19 }, false, null],
    ['ten ports of one', { addresses: 1, ports: 10 }, false, 'W7-ports 1'],
    ['one busy hour', { busiest: 6 }, false, null],
    ['a research scanner', { research: 'censys-scanning' }, false, null],
  ])('%s', (_, change, followed, expected) => {
    const judged = w7({ ...scan, ...change }, followed, p)
    expect(judged.fires ? `${judged.words} ${judged.severity}` : null).toBe(expected)
  })
  it.each([
    ['three members and thirty addresses', { addresses: 30, members: 3 }, true],
    ['two members', { addresses: 60, members: 2 }, false],
    ['too few addresses', { addresses: 29, members: 5 }, false],
    ['a busy hour', { addresses: 60, members: 5, busiest: 6 }, false],
  ])('of the sector: %s', (_, change, expected) => {
    expect(w7Sector({ ...scan, ...change }, p).fires).toBe(expected)
  })
})
