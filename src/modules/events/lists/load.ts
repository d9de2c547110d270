/** Reads public lists from files: MISP warning lists (`FOLDER/list.json`) and plain files of addresses. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { z } from 'zod'
import { dateOfVersion } from './age.ts'
import type { GroupTable, ListEffect, ListGroup } from './groups.ts'
import { groupOf, readGroups } from './groups.ts'
import type { ListType, Patterns } from './patterns.ts'
import { listTypes, readPatterns } from './patterns.ts'
import type { Lang } from './words.ts'
import { say } from './words.ts'

export interface LoadedList {
  folder: string
  name: string
  type: ListType
  /** MISP attribute types the list may be asked about; empty means all. */
  matchingAttributes: string[]
  version: string
  versionDate: Date | null
  /**
   * When the content was last known to be right: the version's date; for a list with a mere serial number the
   * newest date in the same collection, as such a list is issued together with the dated ones.
   */
  asOf: Date | null
  entries: number
  group: ListGroup
  effect: ListEffect
  /** SHA-256 of the file, hex: names exactly this edition. */
  digest: string
  onSources: boolean
  onTargets: boolean
  onHosts: boolean
  /** It speaks of addresses of mail. */
  onMails: boolean
  patterns: Patterns
}

export interface Loaded {
  lists: LoadedList[]
  /** Sentences for the operator; a list with a problem is left out, or loaded without the lines named. */
  problems: string[]
}

const largestFileBytes = 64 * 1024 * 1024
const plainFiles = ['.txt', '.netset', '.ipset', '.list']

const mispShape = z.object({
  name: z.string().min(1),
  type: z.enum(listTypes).default('string'),
  version: z.union([z.number().int(), z.string()]).default(0),
  list: z.array(z.string()),
  matching_attributes: z.array(z.string()).default([]),
})

/**
 * Loads every list found in a folder: `NAME/list.json`, or `lists/NAME/list.json`, `NAME.json`, and plain
 * address files (`.txt`, `.netset`, `.ipset`, `.list`). Unreadable ones are named in `problems`; it never throws.
 */
export function loadLists(dir: string, lang: Lang = 'cs', table: GroupTable = readGroups()): Loaded {
  const loaded: Loaded = { lists: [], problems: [] }
  for (const file of filesOf(dir, loaded, lang)) {
    try {
      const list = readOne(file, table, lang)
      loaded.lists.push(list)
      const first = list.patterns.unread[0]
      if (first !== undefined) {
        const count = list.patterns.unread.length
        loaded.problems.push(
          say(lang, 'unreadLines', { list: list.folder, count, first: first.slice(0, 80) }),
        )
      }
    } catch (error) {
      loaded.problems.push(say(lang, 'unreadList', { list: file.folder, why: reason(error) }))
    }
  }
  if (loaded.lists.length === 0) loaded.problems.push(say(lang, 'nothingFound', { dir }))
  dateTheUndated(loaded.lists)
  return loaded
}

/** The lists of a folder one after another, so that no more than one is held; what cannot be read is left out. */
export function* eachList(dir: string): Generator<LoadedList> {
  const table = readGroups()
  for (const file of filesOf(dir, { lists: [], problems: [] }, 'cs')) {
    try {
      yield readOne(file, table, 'cs')
    } catch {
      // The worker, which reads the same files, has told the operator.
    }
  }
}

function readOne(file: ListFile, table: GroupTable, lang: Lang): LoadedList {
  const size = statSync(file.path).size
  if (size > largestFileBytes) throw new Error(say(lang, 'tooLarge', { bytes: size }))
  const bytes = readFileSync(file.path)
  return file.plain ? readPlainList(bytes, file.folder, table) : readMispList(bytes, file.folder, table, lang)
}

/** One MISP warning list from its bytes; throws with a sentence when it is none. */
export function readMispList(
  bytes: Buffer,
  folder: string,
  table: GroupTable = readGroups(),
  lang: Lang = 'cs',
): LoadedList {
  const shape = mispShape.safeParse(JSON.parse(bytes.toString('utf8')))
  if (!shape.success) {
    const issue = shape.error.issues[0]
    throw new Error(say(lang, 'wrongShape', { key: issue?.path.join('.') ?? '', why: issue?.message ?? '' }))
  }
  const { name, type, version, list, matching_attributes: attributes } = shape.data
  const group = groupOf(table, folder, name)
  const speaksOf = (...wanted: string[]) =>
    attributes.length === 0 || wanted.some((one) => attributes.includes(one))
  const onSources = speaksOf('ip-src', 'ip-src|port')
  const onTargets = speaksOf('ip-dst', 'ip-dst|port')
  const onHosts = speaksOf('hostname', 'domain', 'hostname|port')
  const onMails = attributes.some((one) => one === 'email-src' || one === 'email-dst')
  const versionDate = dateOfVersion(version)
  return {
    folder,
    name,
    type,
    matchingAttributes: attributes,
    version: String(version),
    versionDate,
    asOf: versionDate,
    entries: list.length,
    group,
    effect: table[group].effect,
    digest: createHash('sha256').update(bytes).digest('hex'),
    onSources,
    onTargets,
    onHosts,
    onMails,
    patterns: readPatterns(list, type, onSources || onTargets, onHosts || onMails),
  }
}

/** A plain file, one address or network a line (`#` and `;` begin a remark, further columns are ignored). */
export function readPlainList(bytes: Buffer, folder: string, table: GroupTable = readGroups()): LoadedList {
  const lines = bytes
    .toString('utf8')
    .split(/\r?\n/)
    .map(
      (line) =>
        line
          .replace(/[#;].*/s, '')
          .trim()
          .split(/[\s,]/)[0] ?? '',
    )
    .filter((line) => line !== '')
  const versionDate = dateOfVersion(/(20\d{6})/.exec(folder)?.[1] ?? '')
  return {
    folder,
    name: folder,
    type: 'cidr',
    matchingAttributes: ['ip-src', 'ip-dst'],
    version: versionDate ? (/(20\d{6})/.exec(folder)?.[1] ?? '') : '',
    versionDate,
    asOf: versionDate,
    entries: lines.length,
    group: 'block-list',
    effect: table['block-list'].effect,
    digest: createHash('sha256').update(bytes).digest('hex'),
    onSources: true,
    onTargets: true,
    onHosts: false,
    onMails: false,
    patterns: readPatterns(lines, 'cidr', true, false),
  }
}

interface ListFile {
  folder: string
  path: string
  plain: boolean
}

function filesOf(dir: string, loaded: Loaded, lang: Lang): ListFile[] {
  try {
    const nested = join(dir, 'lists')
    const root = !existsSync(join(nested, 'list.json')) && existsSync(nested) ? nested : dir
    const files = readdirSync(root, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.'))
      .flatMap((entry) => fileOf(root, entry.name, entry.isDirectory()))
    return files.sort((a, b) => (a.folder < b.folder ? -1 : 1))
  } catch (error) {
    loaded.problems.push(say(lang, 'unreadFolder', { dir, why: reason(error) }))
    return []
  }
}

function fileOf(root: string, name: string, isFolder: boolean): ListFile[] {
  if (isFolder) {
    const path = join(root, name, 'list.json')
    return existsSync(path) ? [{ folder: name, path, plain: false }] : []
  }
  const ending = extname(name)
  const plain = plainFiles.includes(ending)
  if (!plain && (ending !== '.json' || name === 'schema.json')) return []
  return [{ folder: basename(name, ending), path: join(root, name), plain }]
}

function dateTheUndated(lists: LoadedList[]) {
  const dates = lists
    .filter((list) => list.group !== 'block-list')
    .map((list) => list.versionDate?.getTime() ?? 0)
  const newest = dates.reduce((a, b) => Math.max(a, b), 0)
  if (newest === 0) return
  for (const list of lists) {
    if (list.asOf === null && list.group !== 'block-list') list.asOf = new Date(newest)
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
