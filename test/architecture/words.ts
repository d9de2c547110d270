/** Words that nobody says any more. */
import { basename } from 'node:path'
import type { Source } from './parse.ts'

/** A key is said whole, as what stands before a point of it (`wrong` with a code to follow), or by a template. */
export function idleWords(words: [path: string, json: string][], files: Source[]): string[] {
  const said = new Set(files.flatMap((file) => file.strings).filter((text) => /^[\w.{}%-]+$/.test(text)))
  const templates = [...said].filter((text) => text.includes('{}')).flatMap(patternOf)
  const isSaid = (key: string): boolean =>
    beginningsOf(key).some((part) => said.has(part)) || templates.some((one) => one.test(key))
  return words.flatMap(([path, json]) =>
    Object.keys(JSON.parse(json))
      .map((key) => `${basename(path, '.json')}.${key}`)
      .filter((key) => !isSaid(key))
      .map((key) => `${path}: nobody says "${key}"`),
  )
}

/** `a.b.c` and `a.b`; not `a`, which is only the name of the file. */
function beginningsOf(key: string): string[] {
  const steps = key.split('.')
  return steps.slice(1).map((_, i) => steps.slice(0, i + 2).join('.'))
}

/** Behind no more than a file's name a hole is one step, or the name of a verb of the trail would say every word of a module. */
function patternOf(template: string): RegExp[] {
  const [before = '', ...rest] = template.split('{}')
  if (!before.includes('.')) return []
  const hole = /^[^.]+\.$/.test(before) ? '[^.]+' : '.+'
  // `a.${b}.` is the beginning of what is looked up.
  const end = template.endsWith('.') ? '.+' : ''
  return [new RegExp(`^${[before, ...rest].map((part) => part.replaceAll('.', '\\.')).join(hole)}${end}$`)]
}
