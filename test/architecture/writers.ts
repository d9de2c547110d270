/**
 * One writer per table. The owner of a table is the module whose migration creates it (`-- module: warnings`, or the name of
 * the file); only the owner's code and migrations insert, update or delete its rows.
 */
import type { Source } from './parse.ts'
import { isTest, partOf } from './tree.ts'

export interface Migration {
  path: string
  sql: string
}

interface Owned {
  path: string
  owner: string
  sql: string
}

const name = '((?:"?[a-z_][a-z0-9_]*"?\\.)?"?[a-z_][a-z0-9_]*"?|\\{\\})'
const writes = [
  `insert\\s+into\\s+${name}`,
  `update\\s+(?:only\\s+)?${name}(?:\\s+(?:as\\s+)?[a-z_]\\w*)?\\s+set\\s`,
  `delete\\s+from\\s+(?:only\\s+)?${name}`,
  `merge\\s+into\\s+${name}`,
  `truncate\\s+(?:table\\s+)?${name}`,
  `copy\\s+${name}\\s*(?:\\([^)]*\\)\\s*)?from\\s`,
].map((pattern) => new RegExp(`\\b${pattern}`, 'gi'))

/** Tables written by a stranger, and writes whose table cannot be read from the source. `allowed`: `path table` -> why. */
export function strangeWriters(
  files: Source[],
  migrations: Migration[],
  allowed: Record<string, string>,
  handedOver: Record<string, { to: string; why: string }> = {},
): string[] {
  const parts = migrations.flatMap(splitByOwner)
  const owners = ownersOf(parts)
  for (const [table, { to }] of Object.entries(handedOver)) owners.set(table, to)
  const product = files
    .filter((file) => !isTest(file.path))
    .map((file) => ({ path: file.path, owner: partOf(file.path), sql: file.strings.join('\n;\n') }))
  const found = [...product, ...parts].flatMap((part) => strangers(part, owners))
  return [
    ...found.filter((one) => !(one.key in allowed)).map((one) => one.sentence),
    ...Object.keys(allowed)
      .filter((key) => !found.some((one) => one.key === key))
      .map((key) => `${key}: stands in the allow-list without need`),
  ]
}

function strangers(part: Owned, owners: Map<string, string>): { key: string; sentence: string }[] {
  return writtenTables(part.sql).flatMap((table) => {
    const key = `${part.path} ${table}`
    if (table === '{}')
      return [{ key, sentence: `${part.path}: writes to a table that the source does not name` }]
    const owner = owners.get(table)
    if (!owner || owner === part.owner) return []
    return [{ key, sentence: `${part.path}: writes to ${table}, which belongs to ${owner}` }]
  })
}

/** Names of the tables that a piece of SQL writes to, each once; `{}` for one that is put in at run time. */
export function writtenTables(sql: string): string[] {
  const names = writes.flatMap((pattern) => [...sql.matchAll(pattern)].map((match) => plain(match[1] ?? '')))
  return [...new Set(names)]
}

const plain = (table: string): string => table.replaceAll('"', '').replace(/^.*\./, '').toLowerCase()

/** Cuts a migration at its `-- module:` lines; what stands before the first belongs to the module in the file's name. */
function splitByOwner({ path, sql }: Migration): Owned[] {
  const [head = '', ...rest] = sql.split(/^--\s*module:\s*/m)
  const byName = /(\d+)-([a-z]+)/.exec(path)?.[2] ?? path
  const marked = rest.map((text) => ({ path, owner: /^[a-z]+/.exec(text)?.[0] ?? byName, sql: bare(text) }))
  return [{ path, owner: byName, sql: bare(head) }, ...marked]
}

/** SQL without remarks and quoted text, where words such as "delete from" mean nothing. */
const bare = (sql: string): string => sql.replace(/--[^\n]*/g, '').replace(/'(?:[^']|'')*'/g, "''")

function ownersOf(parts: Owned[]): Map<string, string> {
  const created = new RegExp(
    `\\bcreate\\s+(?:unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?${name}`,
    'gi',
  )
  return new Map(
    parts.flatMap((part) =>
      [...part.sql.matchAll(created)].map((match) => [plain(match[1] ?? ''), part.owner] as const),
    ),
  )
}
