import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repair, validate } from './idea.ts'

const faultsOf = (idea: unknown) => validate(idea).map(({ key, value, expected }) => [key, value, expected])

const folder = join(process.env.HSOC_TEST_DATA ?? '../shared/data', 'idea')
const absent = !existsSync(folder)
const title = absent
  ? `recordings skipped: ${folder} is not there (set HSOC_TEST_DATA)`
  : 'recordings of real senders'

if (absent) console.error(title)

describe.skipIf(absent)(title, () => {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const lines = (name: string): unknown[] =>
    read(name)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  const all = (names: string[]) => names.flatMap((name) => lines(name))
  const inside = (name: string) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`)

  it.each<[string, number, () => unknown[]]>([
    ['the tarpit', 750, () => lines('labrea-2016-09-01-first750.ndjson')],
    ['single messages', 13, () => inside('single').map((name) => JSON.parse(read(name)))],
    ['Mentat', 2, () => JSON.parse(read('mentat-test-messages.json'))],
    ['flow detectors', 50, () => all(inside('nemea'))],
    ['short examples', 6, () => all(['converter/converter-examples.ndjson'])],
  ])('%s: all %d pass', (_, count, messages) => {
    const list = messages()
    expect(list).toHaveLength(count)
    expect(list.flatMap(faultsOf)).toEqual([])
  })

  it('refuses the long converter examples', () => {
    const long = [
      JSON.parse(read('converter/converter-long.json')),
      ...lines('converter/converter-long-several.json'),
    ]
    expect(long).toHaveLength(3)
    for (const idea of long) expect(validate(idea).map(({ key }) => key)).toContain('Attach/0/ContentType')
  })

  it('refuses the IntelMQ output strictly and takes it leniently', () => {
    const output = JSON.parse(read('intelmq-event-to-idea-pair.json')).TEST_OUTPUT1
    expect(validate(output).map(({ key }) => key)).toEqual(['Ref/1'])
    const { idea, repairs } = repair(output)
    expect([validate(idea), repairs]).toEqual([[], ['scheme Ref/1']])
  })
})
