/** Rules about files, names and ambient state. Each answers one sentence a violation, and nothing when all is well. */
import { basename } from 'node:path'
import type { Source } from './parse.ts'
import { isTest, partOf, resolveImport } from './tree.ts'

/** Path -> why it may; an entry that is no longer needed is a violation too. */
export type Allowed = Record<string, string>

/** A file as far as its length and its words matter. */
export type Written = Pick<Source, 'path' | 'text'>

const longest = 300

/** Code and styles alike. */
export function sizes(files: Written[], allowed: Allowed): string[] {
  const long = files.filter((file) => lines(file) > longest)
  return withAllowed(
    long.map((file) => file.path),
    allowed,
    (path) => `${path}: more than ${longest} lines; split it, or give the reason in the allow-list`,
  )
}

const lines = (file: Written): number => file.text.trimEnd().split('\n').length

const drawers = /^(utils?|commons?|helpers?|core)(\.tsx?)?$/i

/** Folders and files whose name says nothing about what is inside. */
export const drawerNames = (paths: string[]): string[] =>
  paths
    .filter((path) => path.split('/').some((step) => drawers.test(step)))
    .map((path) => `${path}: name the place after what it is about`)

const ceremony = /.(Service|Manager)$/

/** Types and files called after a pattern instead of a duty. */
export const ceremonyNames = (files: Source[]): string[] =>
  files.flatMap((file) => [
    ...file.types
      .filter((name) => ceremony.test(name))
      .map((name) => `${file.path}: ${name} is named after a pattern`),
    ...(/(service|manager)\.tsx?$/i.test(basename(file.path)) ? [`${file.path}: named after a pattern`] : []),
  ])

const mayReadEnvironment = /^src\/(platform\/config(\.ts|\/.*)|(main|cli)(\.ts|\/.*))$/

/** Configuration is read and checked in one place. */
export const environment = (files: Source[]): string[] =>
  files
    .filter((file) => !isTest(file.path) && !mayReadEnvironment.test(file.path))
    .filter((file) => file.reads.some((read) => /^process\.env\b/.test(read)))
    .map((file) => `${file.path}: process.env is read in platform/config.ts only`)

const ambient = new Set(['Date.now', 'Math.random', 'new Date()', 'Date()'])

/** Modules get the time and chance passed in, so that a journey can move the clock. */
export function ambientState(files: Source[], allowed: Allowed): string[] {
  const touching = files
    .filter((file) => file.path.startsWith('src/modules/') && !isTest(file.path))
    .filter((file) => file.reads.some((read) => ambient.has(read)))
  return withAllowed(
    touching.map((file) => file.path),
    allowed,
    (path) => `${path}: reads the clock or chance itself; take now as an argument`,
  )
}

/** Every module says what it is and has a door; one of pages only has just that. */
export function moduleFaces(paths: string[]): string[] {
  const names = new Set(
    paths.filter((path) => /^src\/modules\/[^/]+\/./.test(path)).map((path) => path.split('/')[2] ?? ''),
  )
  return [...names].flatMap((name) =>
    [['README.md'], ['index.ts', 'pages.ts']]
      .map((files) => files.map((file) => `src/modules/${name}/${file}`))
      .filter((files) => !files.some((file) => paths.includes(file)))
      .map((files) => `${files.join(' or ')}: missing`),
  )
}

/** Circles between parts of the house, as `a > b > a`; circles between files are the import checker's. */
export function folderCycles(files: Source[]): string[] {
  const edges = new Map<string, Set<string>>()
  for (const file of files.filter((one) => !isTest(one.path)))
    for (const specifier of file.imports) {
      const to = resolveImport(file.path, specifier)
      if (!to?.startsWith('src/') || partOf(to) === partOf(file.path)) continue
      edges.set(partOf(file.path), (edges.get(partOf(file.path)) ?? new Set()).add(partOf(to)))
    }
  return [...edges.keys()].sort().flatMap((start) => shortestCircle(start, edges))
}

/** The shortest way back to `start`, told once: from its alphabetically first member. */
function shortestCircle(start: string, edges: Map<string, Set<string>>): string[] {
  const ways: string[][] = [[start]]
  const seen = new Set<string>()
  for (const way of ways) {
    for (const next of edges.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return way.every((part) => part >= start) ? [[...way, start].join(' > ')] : []
      if (!seen.has(next)) ways.push([...way, next])
      seen.add(next)
    }
  }
  return []
}

/** The words of both languages stand in files of the same name with the same keys. `words` are `[path, json]`. */
export function localePairs(words: [path: string, json: string][]): string[] {
  const files = new Map(words)
  return words.flatMap(([path, json]) => {
    const twin = path.replace(/^locales\/(cs|en)\//, (_, lang) => `locales/${lang === 'cs' ? 'en' : 'cs'}/`)
    const other = files.get(twin)
    if (other === undefined) return [`${path}: has no ${twin}`]
    const there = new Set(Object.keys(JSON.parse(other)))
    return Object.keys(JSON.parse(json))
      .filter((key) => !there.has(key))
      .map((key) => `${twin}: lacks "${key}"`)
  })
}

function withAllowed(found: string[], allowed: Allowed, say: (path: string) => string): string[] {
  const stale = Object.keys(allowed).filter((path) => !found.includes(path))
  return [
    ...found.filter((path) => !(path in allowed)).map(say),
    ...stale.map((path) => `${path}: stands in the allow-list without need`),
  ]
}
