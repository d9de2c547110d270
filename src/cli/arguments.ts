/** From the words typed to a command and its call, or to a sentence that says what was typed wrong. */
import { parseArgs } from 'node:util'
import type { T } from '../platform/i18n.ts'
import { type Call, type Command, Misuse } from './command.ts'
import { nearestWord } from './nearest.ts'

export interface Found {
  command: Command
  rest: string[]
}

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h' || word === 'help'

/** What was asked for: a command, or the help of everything (null) or of a family (`sensor`). Throws Misuse. */
export function find(
  words: string[],
  commands: readonly Command[],
  t: T,
): Found | { help: Command | string | null } {
  if (words[0] === '--version') return find(['version', ...words.slice(1)], commands, t)
  const [first, second] = words
  if (first === undefined || isHelp(first)) return { help: helpOn(words.slice(1), commands) }
  const families = [...new Set(commands.map((one) => one.words.split(' ')[0] ?? ''))]
  const family = commands.filter((one) => one.words.split(' ')[0] === first)
  if (family.length === 0) throw unknown('cli.unknown_command', first, families, t)
  const single = family.find((one) => one.words === first)
  if (single) return isAsked(words) ? { help: single } : { command: single, rest: words.slice(1) }
  if (second === undefined || isHelp(second)) return { help: first }
  const within = `${first} ${second}`
  // `hsoc advisories source`: a family within a family, of which the last word is missing.
  const isFamily = family.some((one) => one.words.startsWith(`${within} `))
  if (isFamily && (words[2] === undefined || isHelp(words[2]))) return { help: within }
  const named = [`${within} ${words[2]}`, within]
  const command = family.find((one) => named.includes(one.words))
  if (!command) {
    const others = family.map((one) => one.words)
    const [only, ...more] = others.filter((one) => one.startsWith(`${within} `))
    const typed = isFamily ? `${within} ${words[2]}` : within
    // Of what was left out there may be but one word.
    throw unknown('cli.unknown_command', typed, others, t, more.length === 0 ? only : undefined)
  }
  return isAsked(words) ? { help: command } : { command, rest: words.slice(command.words.split(' ').length) }
}

/** `--help` anywhere before a bare `--`. */
const isAsked = (words: string[]): boolean => {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? undefined : end).some((word) => word === '--help' || word === '-h')
}

function helpOn(words: string[], commands: readonly Command[]): Command | string | null {
  const text = words.join(' ')
  const command = commands.find((one) => one.words === text)
  if (command) return command
  return commands.some((one) => one.words.startsWith(`${text} `)) ? text : null
}

function unknown(key: string, word: string, known: string[], t: T, only?: string): Misuse {
  const near = nearestWord(word, known) ?? only
  return new Misuse(t(key, { word }) + (near ? ` ${t('cli.did_you_mean', { near })}` : ''))
}

/** The call of a command. Throws Misuse for unknown flags, missing values and too few or too many words. */
export function readCall({ command, rest }: Found, t: T): Omit<Call, 'terminal'> {
  const { values, tokens } = parseArgs({
    args: inOwnWords(command, rest),
    options: Object.fromEntries(
      Object.entries(command.flags).map(([name, flag]) => [
        name,
        { type: flag.value === undefined ? 'boolean' : 'string' } as const,
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const flag = command.flags[token.name]
    if (!flag) {
      const known = Object.keys(command.flags).map((name) => `--${name}`)
      throw unknown('cli.unknown_flag', token.rawName, known, t)
    }
    if (flag.value !== undefined && token.value === undefined)
      throw new Misuse(t('cli.flag_needs', { flag: token.rawName, value: flag.value }))
    if (flag.value === undefined && token.value !== undefined)
      throw new Misuse(t('cli.flag_takes_none', { flag: token.rawName }))
  }
  for (const [name, flag] of Object.entries(command.flags))
    if (flag.needed && values[name] === undefined)
      throw new Misuse(t('cli.flag_missing', { flag: `--${name} ${flag.value ?? ''}`.trim() }))
  const operands = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  countOperands(command, operands, t)
  return {
    operands,
    t,
    text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    on: (name) => values[name] === true,
  }
}

/** One thing under two names: each command documents one of them and takes both. */
const twins: Record<string, string> = { member: 'org', org: 'member' }

function inOwnWords({ flags }: Command, rest: string[]): string[] {
  const end = rest.indexOf('--')
  return rest.map((word, at) => {
    const [, name = '', value = ''] = /^--(\w+)(=.*)?$/s.exec(word) ?? []
    const twin = twins[name]
    const isOther = twin !== undefined && !flags[name] && flags[twin] && (end < 0 || at < end)
    return isOther ? `--${twin}${value}` : word
  })
}

function countOperands(command: Command, given: string[], t: T): void {
  const needed = command.operands.filter((one) => !one.startsWith('['))
  const missing = needed[given.length]
  if (missing !== undefined) throw new Misuse(t('cli.operand_missing', { operand: missing }))
  const extra = given[command.operands.length]
  if (extra !== undefined) throw new Misuse(t('cli.operand_extra', { word: extra }))
}
