import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { projectRoot } from './content.ts'
import {
  chooseLang,
  failOnMissing,
  type Message,
  placesOf,
  readCatalogue,
  translator,
  translatorOf,
} from './i18n.ts'

const cs = readCatalogue('cs')
const en = readCatalogue('en')
const counted: Record<string, Message> = {
  'a.events': { one: '{n} událost', few: '{n} události', many: '{n} události', other: '{n} událostí' },
  'a.plain': 'Nemocnice {name}',
}

afterEach(() => failOnMissing(true))

describe('the two languages', () => {
  test('say the same: equal keys', () => {
    expect(Object.keys(cs).sort()).toEqual(Object.keys(en).sort())
  })

  test('speak of the same things: equal places in every message', () => {
    const different = Object.keys(cs).filter(
      (key) => placesOf(cs[key] ?? '').join() !== placesOf(en[key] ?? '').join(),
    )
    expect(different).toEqual([])
  })

  test('carry all plural forms where they carry any: Czech four, English two', () => {
    const forms = (message: Message) =>
      typeof message === 'string' ? undefined : Object.keys(message).sort()
    const plurals = (messages: Record<string, Message>) =>
      Object.entries(messages).flatMap(([key, message]) => {
        const said = forms(message)
        return said ? [[key, said.join(' ')]] : []
      })
    expect(plurals(cs).length).toBeGreaterThan(50)
    expect(plurals(cs).filter(([, said]) => said !== 'few many one other')).toEqual([])
    expect(plurals(en).filter(([, said]) => said !== 'one other')).toEqual([])
  })

  test('hold every message that the program names', () => {
    const src = join(projectRoot, 'src')
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
    )
    const named = files.flatMap((file) =>
      [...readFileSync(join(src, file), 'utf8').matchAll(/\bt\(\s*'([a-z]\w*\.[\w.-]+)'/g)].map(
        (match) => match[1] ?? '',
      ),
    )
    expect(named.length).toBeGreaterThan(50)
    expect([...new Set(named)].filter((key) => cs[key] === undefined)).toEqual([])
  })

  test('never shout', () => {
    const texts = [...Object.values(cs), ...Object.values(en)].flatMap((message) =>
      typeof message === 'string' ? [message] : Object.values(message),
    )
    expect(texts.filter((text) => text.includes('!'))).toEqual([])
  })
})

test.each([
  [1, '1 událost'],
  [3, '3 události'],
  [1.5, '1,5 události'],
  [5, '5 událostí'],
  [0, '0 událostí'],
  [82_114, '82\u00a0114 událostí'],
])('counts in Czech: %d is "%s"', (n, words) => {
  expect(translatorOf('cs', counted)('a.events', { n })).toBe(words)
})

test('writes numbers as the reader does', () => {
  const t = translator('cs')
  expect(t.number(1_993_482)).toBe('1\u00a0993\u00a0482')
  expect(t.about(1_993_482)).toBe('1,99\u00a0milionu')
  expect(t.about(5_343)).toBe('5\u00a0343')
  expect(t.percent(0.953)).toBe('95\u00a0%')
  expect(t.percent(0.953, 1)).toBe('95,3\u00a0%')
  expect(t.percent(null)).toBe('–')
  expect(translator('en').number(1_993_482)).toBe('1,993,482')
  expect(t.list(['správce IT', 'pohotovost'])).toBe('správce IT a\u00a0pohotovost')
})

test('a value is put in as it is, whatever it contains', () => {
  expect(translatorOf('cs', counted)('a.plain', { name: '$& {n} <b>' })).toBe('Nemocnice $& {n} <b>')
})

test('a missing message or parameter fails a test, and shows the key to a reader', () => {
  failOnMissing(true)
  const t = translatorOf('cs', counted)
  expect(() => t('a.nothing')).toThrow('no message "a.nothing" in cs')
  expect(() => t('a.plain')).toThrow('lacks {name}')
  failOnMissing(false)
  expect(t('a.nothing')).toBe('a.nothing')
  expect(t('a.plain')).toBe('Nemocnice {name}')
})

test.each([
  ['en', 'cs-CZ', 'en'],
  [undefined, 'en-GB,cs;q=0.8', 'en'],
  [undefined, 'sk,en;q=0.5', 'cs'],
  [undefined, 'de,fr', 'cs'],
  ['xx', 'en', 'en'],
  [undefined, undefined, 'cs'],
])('a reader who chose %s with a browser of %s reads %s', (chosen, header, lang) => {
  expect(chooseLang(chosen, header)).toBe(lang)
})
