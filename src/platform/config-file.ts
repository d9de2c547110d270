import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { parseYaml } from './yaml.ts'

/**
 * What a configuration file sets: KEY=VALUE lines (comments, quotes and `export` allowed), or flat YAML when its name
 * ends so. Mistakes are added to `mistakes`, a sentence by key or line.
 */
export function readSettings(file: string, mistakes: Record<string, string>): Record<string, string> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    mistakes.HSOC_CONFIG = `names ${file}, which cannot be read: check the path and its rights`
    return {}
  }
  return /\.ya?ml$/i.test(file) ? yamlSettings(text, file, mistakes) : lineSettings(text, file, mistakes)
}

function yamlSettings(text: string, file: string, mistakes: Record<string, string>): Record<string, string> {
  try {
    const parsed = z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .parse(parseYaml(text) ?? {})
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value ?? '')]))
  } catch {
    mistakes.HSOC_CONFIG = `names ${file}, which is not a flat YAML file: write lines like "HSOC_PORT: 8443"`
    return {}
  }
}

function lineSettings(text: string, file: string, mistakes: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {}
  text.split(/\r?\n/).forEach((line, at) => {
    if (/^\s*(#.*)?$/.test(line)) return
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name === undefined || value === undefined) {
      mistakes[`${path.basename(file)}:${at + 1}`] = 'is not a line of the kind HSOC_PORT=8443'
    } else {
      found[name] = value.replace(/^(["'])(.*)\1$/, '$2')
    }
  })
  return found
}

/** A hint for a misspelt key: the known one that is at most three letters away. */
export function nearest(name: string, known: string[]): string {
  const best = known
    .map((other) => ({ other, away: distance(name, other) }))
    .sort((a, b) => a.away - b.away)[0]
  return best && best.away <= 3 ? `: did you mean ${best.other}?` : ': remove it'
}

/** Levenshtein's distance: letters to add, remove or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const [changed = 0, removed = 0, added = 0] = [row[j], row[j + 1], next[j]]
      next.push(Math.min(changed + (letter === other ? 0 : 1), removed + 1, added + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
