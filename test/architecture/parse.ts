/**
 * Reads one source file into what the architecture rules look at: imports, strings, ambient reads, declared names.
 * The parser is the one that vite brings: it reads TypeScript and TSX of today, with comments left out of the tree.
 */
import { readFileSync } from 'node:fs'
import { parseSync } from 'vite'

type Node = { type: string } & Record<string, unknown>

export interface Source {
  /** Relative to the project, with forward slashes. */
  path: string
  text: string
  /** Module specifiers as written; static, dynamic, re-exports and types. */
  imports: string[]
  /** String and template literals; a hole of a template stands as `{}`. */
  strings: string[]
  /** Dotted members and calls without arguments: `process.env`, `Date.now()`, `new Date()`. */
  reads: string[]
  /** Names of the classes, interfaces and type aliases that the file declares. */
  types: string[]
}

/** Parses `text` as the file `path`; throws with the parser's words when it cannot be read. */
export function parse(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  const source: Source = { path, text, imports: [], strings: [], reads: [], types: [] }
  walk(program, source)
  return source
}

export function parseFile(path: string): Source {
  return parse(path, readFileSync(path, 'utf8'))
}

function walk(value: unknown, into: Source): void {
  if (Array.isArray(value)) for (const one of value) walk(one, into)
  if (!isNode(value)) return
  look(value, into)
  for (const inner of Object.values(value)) walk(inner, into)
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

function look(node: Node, into: Source): void {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      into.imports.push(...literal(node.source))
      break
    case 'Literal':
      into.strings.push(...literal(node))
      break
    case 'TemplateLiteral':
      into.strings.push(
        (node.quasis as { value: { raw: string } }[]).map((part) => part.value.raw).join('{}'),
      )
      break
    case 'MemberExpression':
      into.reads.push(dotted(node))
      break
    case 'CallExpression':
    case 'NewExpression':
      if ((node.arguments as unknown[]).length === 0)
        into.reads.push(`${node.type === 'NewExpression' ? 'new ' : ''}${dotted(node.callee)}()`)
      break
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      if (isNode(node.id)) into.types.push(String(node.id.name))
  }
}

const literal = (node: unknown): string[] =>
  isNode(node) && typeof node.value === 'string' ? [node.value] : []

function dotted(node: unknown): string {
  if (!isNode(node)) return '?'
  if (node.type === 'Identifier') return String(node.name)
  if (node.type !== 'MemberExpression') return '?'
  const property = node.computed ? literal(node.property)[0] : isNode(node.property) && node.property.name
  return `${dotted(node.object)}.${property || '?'}`
}
