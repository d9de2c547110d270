/** Help texts, made from the table of commands and the words of the reader's language. */
import type { T } from '../platform/i18n.ts'
import type { Command, Flag } from './command.ts'

const aboutKey = (command: Command): string => `cli.about.${command.words.replaceAll(' ', '_')}`

/** One line: `hsoc sensor add NAME --rights RIGHTS [--secret]` */
export function usage(command: Command): string {
  const flags = Object.entries(command.flags).map(([name, flag]) =>
    flag.needed ? shown(name, flag) : `[${shown(name, flag)}]`,
  )
  return ['hsoc', command.words, ...command.operands, ...flags].join(' ')
}

const shown = (name: string, flag: Flag): string => (flag.value ? `--${name} ${flag.value}` : `--${name}`)

export function helpOfCommand(command: Command, t: T): string {
  const flags = Object.entries(command.flags)
  const width = Math.max(0, ...flags.map(([name, flag]) => shown(name, flag).length))
  const more = `${aboutKey(command)}_more`
  return [
    wrapped(usage(command)),
    '',
    t(aboutKey(command)),
    ...(t.has(more) ? ['', t(more)] : []),
    ...(flags.length > 0 ? ['', t('cli.flags')] : []),
    ...flags.map(([name, flag]) => `  ${shown(name, flag).padEnd(width)}  ${flagText(command, name, t)}`),
    '',
  ].join('\n')
}

function flagText(command: Command, name: string, t: T): string {
  const own = `cli.flag.${command.words.replaceAll(' ', '_')}.${name}`
  return t(t.has(own) ? own : `cli.flag.${name}`)
}

/** All commands, or those of one family, each with its sentence. */
export function helpOfAll(commands: readonly Command[], family: string | null, t: T): string {
  const rows = commands.filter((one) => family === null || one.words.startsWith(`${family} `))
  const width = Math.max(...rows.map((one) => one.words.length))
  return [
    ...(family === null ? [t('cli.title'), ''] : []),
    ...rows.map((one) => `  hsoc ${one.words.padEnd(width)}  ${t(aboutKey(one))}`),
    '',
    t('cli.more_help'),
    '',
  ].join('\n')
}

function wrapped(text: string, width = 100): string {
  const lines: string[] = []
  let line = ''
  for (const part of text.match(/\[[^\]]*\]|\S+/g) ?? []) {
    if (line.length + part.length + 1 > width) {
      lines.push(line)
      line = `       ${part}`
    } else line = line === '' ? part : `${line} ${part}`
  }
  return [...lines, line].join('\n')
}
