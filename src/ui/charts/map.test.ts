import { expect, test } from 'vitest'
import { byRegion, type MapLine, type MapLook, type MapWord } from './map-stands.ts'

const words: MapWord[] = (['help', 'waiting', 'good'] as const).map((look) => ({
  ...{ look, label: look, settled: look !== 'waiting' },
}))
const line = (key: number, region: string | null, look: MapLook): MapLine => ({
  ...{ key, name: `Nemocnice ${key}`, region, look, href: `#${key}` },
})

test('a region looks as the one of its organisations that needs somebody the most', () => {
  const stands = byRegion(
    [
      line(1, 'CZ063', 'good'),
      line(2, 'CZ063', 'waiting'),
      line(3, 'CZ063', 'help'),
      line(4, 'CZ010', 'waiting'),
      line(5, null, 'good'),
    ],
    words,
  )
  expect(stands.get('CZ063')).toMatchObject({ look: 'help', settled: 2, all: 3 })
  expect(stands.get('CZ010')).toMatchObject({ look: 'waiting', settled: 0, all: 1 })
  expect(stands.get(null)).toMatchObject({ look: 'good', all: 1 })
  expect(stands.has('CZ020')).toBe(false)
  expect(byRegion([], words).size).toBe(0)
})
