/** Turns the lines of one list into what they match: addresses, host names, parts of names, expressions. */

import type { Net } from '../../../values/address.ts'
import { parseNet } from '../../../values/address.ts'

export const listTypes = ['cidr', 'string', 'hostname', 'substring', 'regex'] as const
export type ListType = (typeof listTypes)[number]

export interface Patterns {
  nets: Net[]
  /** Host names, or addresses of mail, that match only themselves, lower case. */
  exact: string[]
  /** Written with a leading dot in the list: the domain and everything below it; kept here without the dot. */
  domains: string[]
  /** Parts that may stand anywhere in a host name. */
  parts: string[]
  regexes: RegExp[]
  /** Lines that could not be read. */
  unread: string[]
}

/** Shorter parts would hit most host names there are. */
const shortestPart = 4
const longestRegex = 500

/**
 * Reads the lines of a list.
 *
 * - `onAddresses`, `onNames`: whether the list's matching attributes speak of addresses, of host names or senders of mail.
 *   A line that only looks like an address (`3::` among hash values) is never taken for one otherwise.
 * - An address in a `string` or `substring` list stands for exactly that address, not for a part of others.
 */
export function readPatterns(
  lines: readonly string[],
  type: ListType,
  onAddresses: boolean,
  onNames: boolean,
): Patterns {
  const found: Patterns = { nets: [], exact: [], domains: [], parts: [], regexes: [], unread: [] }
  for (const raw of lines) {
    const line = raw.trim()
    if (line === '') continue
    if (type === 'regex') readRegex(line, onNames, found)
    else if (type === 'cidr') readAddress(line, onAddresses, found)
    else readText(line, type, onAddresses, onNames, found)
  }
  return found
}

function readAddress(line: string, onAddresses: boolean, found: Patterns) {
  if (!onAddresses) return
  const net = parseNet(line)
  if (net) found.nets.push(net)
  else found.unread.push(line)
}

function readText(line: string, type: ListType, onAddresses: boolean, onNames: boolean, found: Patterns) {
  const net = onAddresses && /^[0-9a-f:.]+(\/\d+)?$/i.test(line) ? parseNet(line) : null
  if (net) {
    found.nets.push(net)
    return
  }
  if (!onNames) return
  const host = line.toLowerCase()
  if (type === 'substring') {
    if (host.length >= shortestPart) found.parts.push(host)
    else found.unread.push(line)
  } else if (host.startsWith('.')) found.domains.push(host.slice(1))
  else found.exact.push(host)
}

function readRegex(line: string, onNames: boolean, found: Patterns) {
  const regex = compile(line)
  if (!regex) found.unread.push(line)
  else if (onNames) found.regexes.push(regex)
}

/**
 * Compiles `/source/flags` or a bare source. Null when it is no expression, or when its shape could take
 * exponential or high polynomial time: a repeated group that itself repeats or chooses, a back reference,
 * look-around, or more than three unbounded repetitions.
 */
export function compile(line: string): RegExp | null {
  const slashed = /^\/(.*)\/([a-z]*)$/s.exec(line)
  const source = slashed?.[1] ?? line
  const flags = (slashed?.[2] ?? '').replace(/[gy]/g, '')
  if (source === '' || source.length > longestRegex || looksCatastrophic(source)) return null
  try {
    return new RegExp(source, flags)
  } catch {
    return null
  }
}

function looksCatastrophic(source: string): boolean {
  if (/\\[1-9]|\\k<|\(\?[=!<]/.test(source)) return true
  // Escapes and classes become one letter each, so that only structure is left.
  let shape = source.replace(/\\./gs, 'x').replace(/\[(?:\^)?\]?[^\]]*\]/g, 'x')
  if (unbounded(shape) > 3) return true
  for (;;) {
    const group = /\((?:\?:)?([^()]*)\)([*+]|\{\d*,?\d*\})?/.exec(shape)
    if (!group) return false
    const inner = group[1] ?? ''
    const repeated = /[*+{]/.test(group[2] ?? '')
    if (repeated && /[*+{|?]/.test(inner)) return true
    // A group that repeats or chooses stays visible to the groups around it.
    const rest = /[*+{|?]/.test(inner) ? 'x?' : 'x'
    shape = shape.slice(0, group.index) + rest + shape.slice(group.index + group[0].length)
  }
}

function unbounded(shape: string): number {
  return shape.match(/[*+]|\{\d+,\}/g)?.length ?? 0
}
