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
  const named = [`${first} ${second} ${words[2]}`, `${first} ${second}`]
  const command = family.find((one) => named.includes(one.words))
  if (!command)
    throw unknown(
      'cli.unknown_command',
      `${first} ${second}`,
      family.map((one) => one.words),
      t,
    )
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

function unknown(key: string, word: string, known: string[], t: T): Misuse {
  const near = nearestWord(word, known)
  return new Misuse(t(key, { word }) + (near ? ` ${t('cli.did_you_mean', { near })}` : ''))
}

/** The call of a command. Throws Misuse for unknown flags, missing values and too few or too many words. */
export function readCall({ command, rest }: Found, t: T): Omit<Call, 'terminal'> {
  const { values, tokens } = parseArgs({
    args: rest,
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

function countOperands(command: Command, given: string[], t: T): void {
  const needed = command.operands.filter((one) => !one.startsWith('['))
  const missing = needed[given.length]
  if (missing !== undefined) throw new Misuse(t('cli.operand_missing', { operand: missing }))
  const extra = given[command.operands.length]
  if (extra !== undefined) throw new Misuse(t('cli.operand_extra', { word: extra }))
}
