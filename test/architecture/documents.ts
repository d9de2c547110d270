/** Documents name files that are there. */
import { dirname, posix } from 'node:path'
import type { Written } from './rules.ts'

/** Written by a run, and not kept. */
const made = ['bench/results/latest.json']

const roots = ['src', 'test', 'bench', 'locales', 'migrations', 'docs', 'content', 'bin']

/** What a document calls by a path of the project. */
const named = ({ text }: Written): string[] =>
  [...text.matchAll(/`([\w.-]+\/[\w./{},*-]*)`/g)].map(([, path]) => path as string)

/** Where its links lead, inside the project. */
const linked = ({ path, text }: Written): string[] =>
  [...text.matchAll(/\]\((\w[\w./-]*|\.[\w./-]+)(?:#[^)]*)?\)/g)].map(([, to]) =>
    posix.join(dirname(path), to as string),
  )

/**
 * Files and folders that a document names and that are not there. In the table of coverage a module's folder stands for its
 * place under `src/modules`, and a bare name for a file beside one named before it in its cell.
 */
export function lostPaths(documents: Written[], paths: string[]): string[] {
  const there = new Set([...paths, ...documents.map(({ path }) => path), ...made])
  const modules = paths.flatMap((path) => /^src\/modules\/([^/]+)$/.exec(path)?.[1] ?? [])
  const isThere = (path: string): boolean =>
    variants(path).every((one) => there.has(one) || (one.includes('*') && paths.some(like(one))))
  const full = (path: string): string =>
    modules.includes(path.split('/')[0] ?? '') ? `src/modules/${path}` : path
  return documents.flatMap((document) => {
    const isCoverage = document.path === 'docs/coverage.md'
    const said = named(document)
      .map((path) => (isCoverage ? full(path) : path))
      .filter((path) => roots.includes(path.split('/')[0] ?? ''))
    const lost = [...said, ...linked(document)].filter((path) => !isThere(path))
    const beside = isCoverage ? bareNames(document.text, full).filter((one) => !one.among.some(isThere)) : []
    return [...new Set([...lost, ...beside.map(({ name }) => name)])].map(
      (path) => `${document.path}: names ${path}, which is not there`,
    )
  })
}

/** `a.ts` behind `x/b.ts` in a cell, as `x/a.ts` and, where `x` is itself inside, as a file of the folder above. */
function bareNames(text: string, full: (path: string) => string): { name: string; among: string[] }[] {
  return text.split('|').flatMap((cell) => {
    const folders: string[] = []
    return [...cell.matchAll(/`([\w./{},*-]+)`/g)].flatMap(([, name = '']) => {
      if (roots.includes(full(name).split('/')[0] ?? '')) {
        const folder = name.endsWith('/') ? full(name).slice(0, -1) : dirname(full(name))
        folders.push(folder, dirname(folder))
        return []
      }
      return /\.tsx?$/.test(name) ? [{ name, among: folders.map((folder) => `${folder}/${name}`) }] : []
    })
  })
}

/** `a.{b,c}` as `a.b` and `a.c`. */
function variants(path: string): string[] {
  const [whole, choices] = /\{([^}]*)\}/.exec(path) ?? []
  if (whole === undefined) return [path.replace(/\/$/, '')]
  return (choices ?? '').split(',').flatMap((one) => variants(path.replace(whole, one)))
}

function like(pattern: string): (path: string) => boolean {
  const text = pattern.replace(/[.*]+/g, (sign) => (sign.includes('*') ? '[^/]*' : '\\.'))
  const wanted = new RegExp(`^${text}$`)
  return (path) => wanted.test(path)
}
